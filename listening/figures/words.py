"""What the charts show, as sentences, and ranges as people say them. Pure: figures in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from listening.figures import arithmetic
from listening.figures.arithmetic import Bucket
from listening.figures.ranges import Kind, Range

AS_MUCH = 0.05  # a twentieth more or less is about as much
N_NIGHTS = 6  # the hours 0 to 5

RANGES: dict[str, str | Promise] = {
    "week": gettext_lazy("This week"),
    "last-week": gettext_lazy("Last week"),
    "month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "quarter": gettext_lazy("This quarter"),
    "last-quarter": gettext_lazy("Last quarter"),
    "year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
    "all": gettext_lazy("All time"),
}
PARTS = (  # of the day, by its first hour
    (0, gettext_lazy("at night")),
    (6, gettext_lazy("in the morning")),
    (12, gettext_lazy("in the afternoon")),
    (18, gettext_lazy("in the evening")),
)


def on(day: date) -> str:
    """`20 Nov 2026`."""
    return date_format(day, "j M Y")


def title(span: Range) -> str:
    """`November 2026`, `Week 47 of 2026`, `All time`, `1 Nov 2026 – 20 Nov 2026`."""
    if span.first is None or span.last is None:
        return str(RANGES["all"])
    match span.kind:
        case Kind.WEEK:
            iso = span.first.isocalendar()
            return _("Week %(week)d of %(year)d") % {"week": iso.week, "year": iso.year}
        case Kind.MONTH:
            return date_format(span.first, "F Y")
        case Kind.QUARTER:
            return _("Quarter %(quarter)d of %(year)d") % {
                "quarter": (span.first.month + 2) // 3,
                "year": span.first.year,
            }
        case Kind.YEAR:
            return str(span.first.year)
    return days(span.first, span.last)


def before(than: Range, whole: Range) -> str:
    """What a period is compared with: `October 2026`, `the first 20 days of October 2026`."""
    if than.slug == whole.slug or than.n_days == whole.n_days:
        return title(whole)
    n = than.n_days or 0
    first = ngettext("the first day of %(period)s", "the first %(n)d days of %(period)s", n)
    return first % {"n": n, "period": title(whole)}


def days(first: date, last: date) -> str:
    return on(first) if first == last else f"{on(first)} – {on(last)}"


def compared(now: float, before: float, than: str) -> str:
    """`12% more than by this day of October 2026`; than: what it is compared with, in words."""
    if not before:
        return _("nothing in %(than)s") % {"than": than} if now else ""
    by = arithmetic.change(now, before) or 0.0
    if abs(by) < AS_MUCH:
        return _("about as much as in %(than)s") % {"than": than}
    if by >= 1:
        times = f"{1 + by:.1f}".removesuffix(".0")
        return _("%(times)s times as much as in %(than)s") % {"times": times, "than": than}
    share = f"{abs(by):.0%}"
    return (_("%(share)s more than in %(than)s") if by > 0 else _("%(share)s less than in %(than)s")) % {
        "share": share,
        "than": than,
    }


def length(ms: int) -> str:
    """`31 hours`, `4 days`, `25 minutes`: how long music played, rounded to what can be felt."""
    minutes = ms // 60_000
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 120 * 60:
        return _("%(n)d hours") % {"n": round(minutes / 60)}
    return _("%(n)d days") % {"n": round(minutes / 1440)}


def span_of(time: timedelta) -> str:
    return length(int(time.total_seconds() * 1000))


def bucket_name(bucket: Bucket, unit: Kind) -> str:
    match unit:
        case Kind.WEEK:
            return _("week %(week)d, %(days)s") % {
                "week": bucket.first.isocalendar().week,
                "days": days(bucket.first, bucket.last),
            }
        case Kind.MONTH:
            return date_format(bucket.first, "F Y")
        case Kind.QUARTER:
            return _("quarter %(quarter)d of %(year)d") % {
                "quarter": (bucket.first.month + 2) // 3,
                "year": bucket.first.year,
            }
        case Kind.YEAR:
            return str(bucket.first.year)
    return on(bucket.first)


def of_activity(found: Sequence[Bucket], unit: Kind) -> str:
    """`Most in March 2024: 812 plays`."""
    most = max(found, key=lambda each: each.n, default=None)
    if most is None or not most.n:
        return _("Nothing was played")
    plays = ngettext("%(n)s play", "%(n)s plays", most.n) % {"n": f"{most.n:,}"}
    return (
        _("Most in %(when)s: %(plays)s") % {"when": bucket_name(most, unit), "plays": plays}
        if unit is not (Kind.CUSTOM)
        else _("Most on %(when)s: %(plays)s") % {"when": bucket_name(most, unit), "plays": plays}
    )


def of_clock(rows: Mapping[tuple[int, int], int]) -> str:
    """`Mostly in the evening, most of all on Friday at 21:00`."""
    total = sum(rows.values())
    if not total:
        return _("Nothing was played")
    parts = {
        words: sum(n for (_, hour), n in rows.items() if first <= hour < first + N_NIGHTS) for first, words in PARTS
    }
    part = max(parts, key=lambda words: parts[words])
    (weekday, hour), _n = max(rows.items(), key=lambda pair: (pair[1], pair[0]))
    peak = _("%(day)s at %(hour)s") % {"day": WEEKDAYS[weekday - 1], "hour": f"{hour:02}:00"}
    if parts[part] * 2 < total:
        return _("Most often %(part)s, most of all on %(peak)s") % {"part": part, "peak": peak}
    return _("Mostly %(part)s, most of all on %(peak)s") % {"part": part, "peak": peak}


def of_calendar(n_days: int, of: int) -> str:
    return _("Music on %(n)d of %(of)d days") % {"n": n_days, "of": of}


def month(number: int) -> str:
    return str(MONTHS[number])


def of_discoveries(by_month: Sequence[int]) -> str:
    """`41 new artists, most of them in March`. by_month: January first."""
    total = sum(by_month)
    if not total:
        return _("No new artist")
    most = max(range(12), key=lambda at: by_month[at])
    said = ngettext("%(n)s new artist", "%(n)s new artists", total) % {"n": f"{total:,}"}
    return _("%(said)s, most in %(month)s") % {"said": said, "month": month(most + 1)}
