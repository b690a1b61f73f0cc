"""What listening tells of a member's year on their recap: plays and hours, artists, albums, and one surprising fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.drawing.collage import four_or_one
from catalog.models import Album
from catalog.templatetags.covers import cover
from listening.figures import words
from listening.figures.history import history_of
from listening.figures.ranges import Kind
from listening.figures.report import YearReport, year_report
from listening.models import DayTotal
from listening.views.access import may_read
from listening.views.tab import than_words
from social.models import User
from social.recap import Card, Row, too_little
from social.visibility import Viewer

ENOUGH = 20  # plays in a year; below, places are chance
N_ROWS = 5
OBSESSION, STREAK = 8, 14  # plays of one track on a day, days in a row, from which they surprise


def years(member: User, viewer: Viewer) -> Iterable[int]:
    if not may_read(member, viewer):
        return ()
    days = DayTotal.objects.filter(user=member, n_listens__gt=0).dates("day", "year")
    return {day.year for day in days}


def cards(member: User, viewer: Viewer, year: int, now: datetime) -> list[Card]:
    """Nothing where the viewer may not read the listens; cards that say so where there are too few."""
    if not may_read(member, viewer):
        return []
    history = history_of(member, now=now)
    report = year_report(history, year)
    titles = {
        "plays": _("Plays and hours"),
        "artists": _("Artists"),
        "albums": _("Albums"),
        "fact": _("One more thing"),
    }
    if report is None or report.found.amounts.n < ENOUGH:
        why = ngettext("Fewer than %(n)d play this year.", "Fewer than %(n)d plays this year.", ENOUGH) % {"n": ENOUGH}
        return [too_little(place, title, why) for place, title in titles.items()]
    page = reverse("listening:year", args=[member.handle, year])
    facts = _fact(report, titles["fact"])
    if report.busiest:
        busy = Row(_("Busiest day, %(day)s") % {"day": date_format(report.busiest.day, "j F")}, plays(report.busiest.n))
        facts = replace(facts, rows=(*facts.rows, busy))
    return [
        _plays(report, titles["plays"], (_("The whole year"), page)),
        _artists(report, titles["artists"]),
        _albums(report, titles["albums"]),
        facts,
    ]


def plays(n: int) -> str:
    return ngettext("%(n)s play", "%(n)s plays", n) % {"n": f"{n:,}"}


def _plays(report: YearReport, title: str, more: tuple[str, str]) -> Card:
    amounts = report.found.amounts
    rows = [Row(_("Days with music"), _("%(n)d of %(of)d") % {"n": report.n_days, "of": report.of_days})]
    rows.append(Row(_("Artists"), f"{report.found.artists.n_all:,}"))
    rows.append(Row(_("Albums"), f"{report.found.albums.n_all:,}"))
    rows.append(Row(words.bucket_name(report.best_month, Kind.MONTH), plays(report.best_month.n)))
    length = words.length(amounts.ms) if amounts.ms else ""
    than = than_words(amounts, report.span)
    return Card(
        "plays",
        title,
        f"{amounts.n:,}",
        _("plays, %(length)s of music") % {"length": length} if length else _("plays"),
        tuple(rows),
        note=words.compared(amounts.n, amounts.n_before, than) if amounts.n_before else "",
        more=more,
        hue=188,
    )


def _artists(report: YearReport, title: str) -> Card:
    top = report.found.artists.rows[:N_ROWS]
    first: Any = top[0].music
    new = report.found.n_discovered
    said = ngettext("%(n)s artist was new.", "%(n)s artists were new.", new) % {"n": f"{new:,}"}
    return Card(
        "artists",
        title,
        first.name,
        plays(top[0].n),
        tuple(Row(row.music.name, f"{row.n:,}", row.music.get_absolute_url()) for row in top[1:]),
        note=said if new else "",
        address=first.get_absolute_url(),
        hue=330,
    )


def _albums(report: YearReport, title: str) -> Card:
    top = report.found.albums.rows[:N_ROWS]
    if not top:
        return too_little("albums", title, _("No album of what was played is known."))
    albums: list[Album] = [row.music for row in top]
    return Card(
        "albums",
        title,
        albums[0].title,
        f"{albums[0].credit} · {plays(top[0].n)}",
        tuple(
            Row(row.music.title, f"{row.n:,}", row.music.get_absolute_url(), cover(row.music, size=150, alt=""))
            for row in top[1:]
        ),
        address=albums[0].get_absolute_url(),
        picture=partial(four_or_one, albums),
        hue=None if albums[0].cover_hue is None else albums[0].cover_hue * 15.0,
    )


def _fact(report: YearReport, title: str) -> Card:
    """The first of: one track many times on one day, a long streak, the hour of the week. The others stand below it."""
    told = [each for each in (_obsession(report), _streak(report), _hour(report)) if each is not None]
    first, rest = told[0], told[1:]
    return Card(
        "fact", title, first.headline, first.said, tuple(each.row for each in rest), address=first.address, hue=60
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """row: the same, told in one line under another."""

    headline: str
    said: str
    row: Row
    address: str = ""


def _obsession(report: YearReport) -> Fact | None:
    busiest = report.busiest
    if busiest is None or busiest.track is None or busiest.n_of_track < OBSESSION:
        return None
    track: Any = busiest.track
    times = ngettext("%(n)d time", "%(n)d times", busiest.n_of_track) % {"n": busiest.n_of_track}
    day = date_format(busiest.day, "j F")
    address = reverse("listening:track", args=[track.pk])
    said = _("“%(track)s”, all on %(day)s") % {"track": track.title, "day": day}
    return Fact(times, said, Row(f"{track.title}, {day}", times, address), address)


def _streak(report: YearReport) -> Fact | None:
    streak = report.streak
    if streak is None or streak.n_days < STREAK:
        return None
    n_days = ngettext("%(n)d day", "%(n)d days", streak.n_days) % {"n": streak.n_days}
    ends = {"first": date_format(streak.first, "j F"), "last": date_format(streak.last, "j F")}
    said = _("without a day off, from %(first)s to %(last)s") % ends
    return Fact(n_days, said, Row(_("Longest streak"), n_days))


def _hour(report: YearReport) -> Fact:
    (weekday, hour), n = max(report.hours.items(), key=lambda pair: (pair[1], pair[0]))
    when = _("%(day)s, %(hour)s") % {"day": WEEKDAYS[weekday - 1], "hour": f"{hour:02}:00"}
    said = _("the hour of the week with the most music: %(plays)s") % {"plays": plays(n)}
    return Fact(when, said, Row(_("Most music"), when))
