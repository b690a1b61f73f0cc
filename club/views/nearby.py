"""Where somebody who took a wrong turn may want to go: the nearest week."""

from __future__ import annotations

import re

from django.db.models import F
from django.db.models.functions import Abs
from django.http import HttpRequest
from django.utils.translation import gettext as _

from club.models import Week

WEEK_PATH = re.compile(r"^/weeks?/0*(\d{1,9})\b", re.IGNORECASE)


def nearby(request: HttpRequest) -> tuple[str, str] | None:
    """The week whose number is nearest to the one in the address, else the newest; None before the first week."""
    weeks = Week.objects.with_winner()
    if found := WEEK_PATH.match(request.path):
        week = weeks.alias(away=Abs(F("number") - int(found[1]))).order_by("away", "-number").first()
    else:
        week = weeks.order_by("-number").first()
    if week is None:
        return None
    words = _("Week %(number)d") % {"number": week.number}
    return week.get_absolute_url(), f"{words}: {week.winner.album}" if week.winner else words
