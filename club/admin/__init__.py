"""The admin of the club: weeks and what moderators do with them, nominations, ratings, the club's settings.

Every change that has a rule goes through the function that knows it; phases and winners are never saved from a form.
"""

from club.admin import weeks
from club.admin.nominations import NominationAdmin
from club.admin.ratings import RatingAdmin
from club.admin.settings import ClubSettingsAdmin
from club.admin.weeks import WeekAdmin
from sidetrack import slots

slots.register("admin:desk", weeks.desk_panel, order=20)

__all__ = ["ClubSettingsAdmin", "NominationAdmin", "RatingAdmin", "WeekAdmin"]
