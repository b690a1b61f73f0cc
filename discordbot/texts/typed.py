"""What the bot says of a form that was typed as a message and cannot be read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# --- A nomination ---------------------------------------------------------------------------------------------------
ALBUM_MISSING = _("The album is missing. Begin with one line: Album — Artist (Year).")
LINK_ALONE = _("A link alone cannot be read. Write the names: Album — Artist (Year).")
WHO_MADE_IT = _("Who made “%(title)s”? Write it as Album — Artist (Year).")

# --- A rating -------------------------------------------------------------------------------------------------------
EMPTY = _("The rating is empty. Write it as a number from 1.0 to 5.0 in halves, such as 3.5.")
UNREADABLE = _("“%(typed)s” cannot be read as a rating. Write it as a number from 1.0 to 5.0 in halves, such as 3.5.")
OTHER_SCALE = _(
    "Ratings here go from 1.0 to 5.0, not to %(scale)d. Write it as a number from 1.0 to 5.0 in halves, such as 3.5."
)
OUTSIDE = _("%(stars)s is outside 1.0 to 5.0. Write it as a number from 1.0 to 5.0 in halves, such as 3.5.")
NO_HALF = _(
    "%(stars)s is not a half step: %(low)s or %(high)s? Write it as a number from 1.0 to 5.0 in halves, such as 3.5."
)
