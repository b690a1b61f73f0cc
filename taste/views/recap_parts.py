"""What taste tells of a member's year on their recap: its leading mood, its words, and how it sounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from social.models import User
from social.recap import Card, Row, too_little
from social.visibility import Viewer
from taste.dashboard import findings
from taste.dashboard.levels import levels, mood_totals
from taste.dashboard.rights import may_read_taste
from taste.models import WeeklyTaste
from taste.weeks.moods import MOODS

ENOUGH = 20  # plays with a mood; below, a mood of the year would be chance
N_MOODS = 3
SAID = ("energy", "valence", "tempo")


def _weeks(member: User, year: int) -> list[WeeklyTaste]:
    """The ISO weeks that begin in the year."""
    rows = WeeklyTaste.objects.filter(user=member, starts_on__range=(date(year, 1, 1), date(year, 12, 31)))
    return list(rows.defer("centroid").order_by("starts_on"))


def years(member: User, viewer: Viewer) -> Iterable[int]:
    if not may_read_taste(member, viewer):
        return ()
    days = WeeklyTaste.objects.filter(user=member, n_mooded__gt=0).dates("starts_on", "year")
    return {day.year for day in days}


def cards(member: User, viewer: Viewer, year: int, now: datetime) -> list[Card]:
    if not may_read_taste(member, viewer):
        return []
    title, weeks = _("How it sounded"), _weeks(member, year)
    if sum(week.n_mooded for week in weeks) < ENOUGH:
        return [too_little("sound", title, _("The sound of too little of what was played is known."))]
    shares = mood_totals([(week.moods, week.n_mooded) for week in weeks])
    names = {mood.key: str(mood.label) for mood in MOODS}
    lead = sorted(shares, key=lambda key: -shares[key])[: N_MOODS + 1]
    rows = [Row(names[key], f"{shares[key]:.0%}") for key in lead[1:]]
    rows += [
        Row(str(findings.AXES[axis]), findings.value_words(axis, found.mean))
        for axis, found in levels([week.axes for week in weeks], SAID).items()
    ]
    return [
        Card(
            "sound",
            title,
            names[lead[0]],
            _("was the mood of %(share)s of what was played") % {"share": f"{shares[lead[0]]:.0%}"},
            tuple(rows[:5]),
            note=_("Leading words: %(words)s.") % {"words": ", ".join(_words(weeks))} if _words(weeks) else "",
            more=(_("Taste"), reverse("social:profile_tab", args=[member.handle, "taste"])),
            hue=285,
        )
    ]


def _words(weeks: list[WeeklyTaste]) -> list[str]:
    """In how many weeks each led; the five that led most often."""
    counts = Counter(each["word"] for week in weeks for each in week.words[:4])
    return [word for word, _n in counts.most_common(5)]
