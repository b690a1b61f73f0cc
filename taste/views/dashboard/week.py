"""`/dashboard/weeks/2025-W48/`: one week: its words, moods, radar, what moved it, and its mixtape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from listening.figures.ranges import Range
from taste.charts import drawings
from taste.dashboard import findings
from taste.dashboard.levels import N_BASELINE
from taste.dashboard.weeks import Weeks, weeks_of
from taste.dashboard.windows import Window, week_of
from taste.iso_weeks import iso_week
from taste.mixtapes import TOO_LITTLE, Mixtape, mixtape_of
from taste.models import ChangePoint, WeeklyTaste
from taste.views.dashboard.asking import Asked, dashboard_page, show, weeks_before
from taste.views.dashboard.figure import Column, Figure, Key, Table, drawn, of_plays, source_words
from taste.views.dashboard.overview import leading
from taste.views.dashboard.radar import week_figure
from taste.views.mixtape import exports as mixtape_exports
from taste.weeks.drift import UNKNOWN, Drift, Part, drift_of
from taste.weeks.moods import KEYS, MOODS

AXES = ("energy", "valence", "danceability", "acousticness", "instrumentalness")
N_PARTS = 6
By = Literal["artist", "label"]


@dataclass(frozen=True, slots=True)
class Pull:
    """One line of a drift: who moved the axis, how far, and why; bar from the middle to one side."""

    part: Part
    effect: str
    why: str
    bar: SafeString


@dashboard_page
def week(asked: Asked, text: str) -> HttpResponse:
    monday = monday_or_404(text)
    if monday > asked.clock.this_week:
        raise Http404
    found = weeks_of(asked.member, Window("", monday, monday, asked.clock.zone))
    row = found.rows[0] if found.rows else None
    neighbours = WeeklyTaste.objects.filter(user=asked.member).order_by("starts_on")
    earlier = neighbours.filter(starts_on__lt=monday).values_list("starts_on", flat=True).last()
    later = neighbours.filter(starts_on__gt=monday).values_list("starts_on", flat=True).first()
    axis = asked.request.GET.get("axis", "energy")
    context = {
        "row": row,
        "monday": monday,
        "key": iso_week(monday),
        "title": findings.week_name(monday),
        "earlier": (asked.to("week", iso_week(earlier)), findings.week_name(earlier)) if earlier else None,
        "later": (asked.to("week", iso_week(later)), findings.week_name(later)) if later else None,
        **(context_of(asked, row, found, axis if axis in AXES else AXES[0]) if row else {}),
    }
    return show(asked, "", "week", context, here=findings.week_name(monday))


def monday_or_404(text: str) -> date:
    try:
        return week_of(text)
    except ValueError as problem:
        raise Http404 from problem


def context_of(asked: Asked, row: WeeklyTaste, found: Weeks, axis: str) -> dict[str, object]:
    monday = row.starts_on
    by_artist, by_label = drift(asked, monday, axis, "artist"), drift(asked, monday, axis, "label")
    mixtape = mixtape_of(asked.member, monday, now=asked.clock.now)
    return {
        "words": row.words,
        "headline": headline(row),
        "coverage": found.coverage,
        "figures": [figure for figure in (moods_figure(asked, row), week_figure(asked, monday)) if figure is not None],
        "changes": list(ChangePoint.objects.filter(user=asked.member, starts_on=monday)),
        "axis": axis,
        "axis_name": findings.AXES[axis],
        "axes": [
            (findings.AXES[each], asked.to("week", row.iso_week, axis=each) + "#moved", each == axis) for each in AXES
        ],
        "drifts": [(_("By artist"), by_artist, pulls(by_artist)), (_("By record label"), by_label, pulls(by_label))],
        "moved": moved_words(by_artist, axis),
        "mixtape": mixtape,
        "mixtape_rows": tape_rows(mixtape),
        "exports": mixtape_exports(asked, row.iso_week) if mixtape else [],
        "too_little": TOO_LITTLE,
    }


def headline(row: WeeklyTaste) -> str:
    """The week in its leading words; its leading mood where no word leads."""
    words = [each["word"] for each in row.words[:3]]
    if words:
        return findings.capital(", ".join(words))
    most = leading(row, 1)
    return {mood.key: mood.label for mood in MOODS}[most[0][0]] if most else findings.week_name(row.starts_on)


def moods_figure(asked: Asked, row: WeeklyTaste) -> Figure | None:
    if not row.moods:
        return None
    names = {mood.key: mood.label for mood in MOODS}
    most = leading(row, 2)
    finding = " · ".join(f"{names[key]} {share:.0%}" for key, share in most)
    values = [row.moods.get(key, 0.0) for key in KEYS]
    return Figure(
        key="week-moods",
        finding=finding,
        look="bar",
        base=drawn(drawings.shares([names[key] for key in KEYS], values, label=finding)),
        n=of_plays(row.n_mooded, row.n_listens),
        source=source_words(),
        method="moods",
        table=Table(
            [Column("mood", _("Mood")), Column("share", _("Share"), "share")],
            [[names[key], value] for key, value in zip(KEYS, values, strict=True)],
        ),
        csv=asked.to("table", "week-moods", week=row.iso_week),
        legend=[
            Key(f"mood-{at + 1}", names[key], f"{value:.0%}")
            for at, (key, value) in enumerate(zip(KEYS, values, strict=True))
        ],
    )


def drift(asked: Asked, monday: date, axis: str, by: By) -> Drift | None:
    """What moved the axis between the half-year before and this week."""
    zone = asked.clock.zone
    this = Window("", monday, monday, zone)
    before: Range = this.before(N_BASELINE).span
    return drift_of(asked.member, axis=axis, before=before, after=this.span, by=by, n=N_PARTS, as_heard=asked.is_own)


def moved_words(found: Drift | None, axis: str) -> str:
    """`More energetic than the 26 weeks before, most of all through Portishead`."""
    if found is None:
        return ""
    by = found.after - found.before
    scale = 1.0 if axis != "tempo" else 100.0
    than = weeks_before(N_BASELINE)
    if abs(by) < 0.02 * scale or axis not in findings.MORE:
        return _("%(axis)s is where it was in %(than)s") % {"axis": findings.AXES[axis], "than": than}
    said = findings.capital(str(findings.MORE[axis][0 if by > 0 else 1]))
    along = [part for part in found.parts if part.effect * by > 0]
    if not along:
        return _("%(said)s than %(than)s") % {"said": said, "than": than}
    return _("%(said)s than %(than)s, most of all through %(name)s") % {
        "said": said,
        "than": than,
        "name": max(along, key=lambda part: abs(part.effect)).name,
    }


def pulls(found: Drift | None) -> list[Pull]:
    if found is None or all(part.name == UNKNOWN for part in found.parts):
        return []
    most = max((abs(part.effect) for part in found.parts), default=0.0) or 1.0
    return [
        Pull(part, f"{part.effect:+.3f}", why(part), drawn(drawings.pull(part.effect / most))) for part in found.parts
    ]


def why(part: Part) -> str:
    """`24% of the plays instead of 3%`, `other tracks of it`."""
    if abs(part.by_share) >= abs(part.by_sound):
        return _("%(after)s of the plays, %(before)s before") % {
            "after": f"{part.share_after:.0%}",
            "before": f"{part.share_before:.0%}",
        }
    return _("other tracks than before")


def tape_rows(tape: Mixtape | None) -> list[tuple[int, object, str]]:
    """(place, track with its reason, length) of each track."""
    if tape is None:
        return []
    return [
        (at, each, f"{int(each.seconds) // 60}:{int(each.seconds) % 60:02}")
        for at, each in enumerate(tape.tracks, start=1)
    ]


def moods_table(asked: Asked) -> Table | None:
    try:
        monday = week_of(asked.request.GET.get("week", ""))
    except ValueError:
        return None
    row = WeeklyTaste.objects.filter(user=asked.member, starts_on=monday).first()
    figure = moods_figure(asked, row) if row else None
    return figure.table if figure else None
