"""What the website's panels say of Discord."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

THREADS = {
    "nominations": _("Nominations"),
    "poll": _("Poll"),
    "winner": _("Winner and discussion"),
    "ratings": _("Ratings"),
}
DISCUSSION_OF = _("Discussion of week %(number)d")
