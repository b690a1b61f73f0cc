"""Sentences about two members, each made of numbers that stand in it, and left out where too little is behind it. Pure.

All are in the past tense, so that “you” and a name take the same verb.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from taste.comparing.reading import Voice
from taste.comparing.together import Picks, Rated, Together

LEAST_IN_A_GROUP = 3  # albums of one country, decade or genre
LEAST_ABOVE = 0.25  # stars from the others' mean, of each
LEAST_RATED = 5
LEAST_KINDER = 0.3  # stars
LEAST_SAME = 0.25  # share of the albums that both rated
LEAST_PICKS = 2
LEAST_GENRE = 0.08  # share of plays
LEAST_DAYS = 180
LEAST_OF_A_DAY = 0.3  # share of plays in a part of the day
N_SAID = 6
PARTS_OF_A_DAY: dict[str | Promise, range] = {
    gettext_lazy("at night"): range(6),
    gettext_lazy("in the morning"): range(6, 12),
    gettext_lazy("in the afternoon"): range(12, 18),
    gettext_lazy("in the evening"): range(18, 24),
}


@dataclass(frozen=True, slots=True)
class Said:
    """kind: what it is about; n: the albums, plays or artists behind it."""

    kind: str
    text: str
    n: int


def said(both: Together) -> list[Said]:
    """At most `N_SAID`, one of each kind, what says most about the two first."""
    makers: Sequence[Callable[[Together], Iterator[Said]]] = (
        _of_groups, _of_picks, _of_kindness, _of_firsts, _of_genres, _of_same_stars, _of_days,
    )  # fmt: skip
    found = [sentence for make in makers for sentence in make(both)]
    return found[:N_SAID]


def _of_groups(both: Together) -> Iterator[Said]:
    """Countries, decades and genres that both rate above the club, both below it, or one above and one below."""
    alike: list[tuple[float, Said]] = []
    apart: list[tuple[float, Said]] = []
    for name, rows in groups(both.rated).items():
        a = sum(row.a / 2 - (row.others or 0) for row in rows) / len(rows)
        b = sum(row.b / 2 - (row.others or 0) for row in rows) / len(rows)
        if min(abs(a), abs(b)) < LEAST_ABOVE:
            continue
        weight = min(abs(a), abs(b)) * len(rows) ** 0.5
        numbers = {"group": name, "n": len(rows), "by_a": _signed(a), "by_b": _signed(b)}
        if a * b > 0:
            words = (
                _("%(both)s rated %(group)s above the club: %(by_a)s and %(by_b)s stars over %(n)d albums.")
                if a > 0
                else _("%(both)s rated %(group)s below the club: %(by_a)s and %(by_b)s stars over %(n)d albums.")
            )
            alike.append((weight, Said("group", words % (numbers | {"both": both.both.subject}), len(rows))))
        else:
            above, below = (both.a, both.b) if a > 0 else (both.b, both.a)
            numbers |= {
                "above": above.subject,
                "below": below.object,
                "up": _signed(max(a, b)),
                "down": _signed(min(a, b)),
            }
            words = _(
                "%(above)s rated %(group)s above the club (%(up)s stars), %(below)s below it (%(down)s): %(n)d albums."
            )
            apart.append((weight, Said("group_apart", words % numbers, len(rows))))
    for found in (alike, apart):
        yield from [each for _weight, each in sorted(found, key=lambda each: (-each[0], each[1].text))[:1]]


def groups(rated: Sequence[Rated]) -> dict[str, list[Rated]]:
    """Albums of one decade and country, else of one genre, country or decade, that the club rated too.

    A group that holds the same albums as a narrower one is left out: “Japan” says less than “1990s Japan”.
    """
    found: dict[str, list[Rated]] = defaultdict(list)
    for each in (row for row in rated if row.others is not None):
        names = [
            _("%(decade)s %(country)s") % {"decade": each.decade, "country": each.country}
            if each.decade and each.country
            else "",
            each.genre,
            _("music from %(country)s") % {"country": each.country} if each.country else "",
            _("the %(decade)s") % {"decade": each.decade} if each.decade else "",
        ]
        for name in filter(None, names):
            found[name].append(each)
    kept: dict[str, list[Rated]] = {}
    for name, rows in sorted(found.items(), key=lambda each: not each[0][0].isdigit()):
        if len(rows) >= LEAST_IN_A_GROUP and rows not in kept.values():
            kept[name] = rows
    return kept


def _of_picks(both: Together) -> Iterator[Said]:
    """What one gave to the winners of the other, where that is far from the middle."""
    each_way = [(both.a_picks, both.b, both.a), (both.b_picks, both.a, both.b)]
    known = [(picks, giver, owner) for picks, giver, owner in each_way if picks and picks.n >= LEAST_PICKS]

    def remarkable(one: tuple[Picks, Voice, Voice]) -> float:
        return abs(one[0].mean - 3) * math.sqrt(one[0].n)

    for picks, giver, owner in sorted(known, key=remarkable, reverse=True)[:1]:
        words = _("%(giver)s gave the %(n)d winners that %(owner)s had nominated %(stars).1f stars on average.")
        numbers = {"giver": giver.subject, "owner": owner.object, "n": picks.n, "stars": picks.mean}
        yield Said("picks", words % numbers, picks.n)


def _of_kindness(both: Together) -> Iterator[Said]:
    n = len(both.rated)
    if n < LEAST_RATED:
        return
    by = sum(row.a - row.b for row in both.rated) / 2 / n
    if abs(by) < LEAST_KINDER:
        return
    kinder, harder = (both.a, both.b) if by > 0 else (both.b, both.a)
    words = _("%(kinder)s gave %(by).1f stars more than %(harder)s on average, over %(n)d albums that both rated.")
    numbers = {"kinder": kinder.subject, "harder": harder.object, "by": abs(by), "n": n}
    yield Said("kindness", words % numbers, n)


def _of_same_stars(both: Together) -> Iterator[Said]:
    n, same = len(both.rated), sum(row.a == row.b for row in both.rated)
    if n >= LEAST_RATED and same >= n * LEAST_SAME:
        words = _("%(both)s gave the same stars to %(same)d of %(n)d albums.")
        yield Said("same_stars", words % {"both": both.both.subject, "same": same, "n": n}, n)


def _of_firsts(both: Together) -> Iterator[Said]:
    for first in both.firsts[:1]:
        if first.days < LEAST_DAYS:
            continue
        early, late = (both.a, both.b) if first.a_was_first else (both.b, both.a)
        years, months = first.days / 365.25, first.days // 30
        ahead = (
            ngettext("%(n)d year", "%(n)d years", round(years)) % {"n": round(years)}
            if years >= 1.5
            else ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
        )
        words = _("%(early)s played %(artist)s %(ahead)s before %(late)s did.")
        numbers = {"early": early.subject, "late": late.object, "artist": first.artist, "ahead": ahead}
        yield Said("first", words % numbers, 1)


def _of_genres(both: Together) -> Iterator[Said]:
    """The genre that both play most, and the one that one of them plays and the other hardly does."""
    if both.tastes is None:
        return
    a, b = both.tastes[0].genres, both.tastes[1].genres
    common = [(min(a[name], b[name]), name) for name in a.keys() & b.keys()]
    for least, name in sorted(common, key=lambda each: (-each[0], each[1]))[:1]:
        if least >= LEAST_GENRE:
            words = _("%(genre)s was %(share_a)s of what %(a)s played and %(share_b)s of what %(b)s played.")
            yield Said("genre", words % _shares(both, name, a.get(name, 0), b.get(name, 0)), 2)
    lopsided = [
        (max(a.get(name, 0), b.get(name, 0)), name)
        for name in a.keys() | b.keys()
        if min(a.get(name, 0), b.get(name, 0)) < max(a.get(name, 0), b.get(name, 0)) / 4
    ]
    for most, name in sorted(lopsided, key=lambda each: (-each[0], each[1]))[:1]:
        if most >= LEAST_GENRE and a and b:
            words = _("%(genre)s was %(share_a)s of what %(a)s played, and only %(share_b)s of what %(b)s did.")
            if a.get(name, 0) < b.get(name, 0):
                words = _("%(genre)s was %(share_b)s of what %(b)s played, and only %(share_a)s of what %(a)s did.")
            yield Said("genre_apart", words % _shares(both, name, a.get(name, 0), b.get(name, 0)), 2)


def _shares(both: Together, genre: str, a: float, b: float) -> dict[str, str]:
    return {
        "genre": genre[:1].upper() + genre[1:],
        "share_a": _percent(a),
        "share_b": _percent(b),
        "a": both.a.object,
        "b": both.b.object,
    }


def _of_days(both: Together) -> Iterator[Said]:
    if both.tastes is None or not all(taste.hours for taste in both.tastes):
        return
    (part_a, share_a), (part_b, share_b) = (_busiest(taste.hours) for taste in both.tastes)
    if min(share_a, share_b) < LEAST_OF_A_DAY:
        return
    numbers = {
        "both": both.both.subject,
        "a": both.a.subject,
        "b": both.b.object,
        "part": part_a,
        "other": part_b,
        "share_a": _percent(share_a),
        "share_b": _percent(share_b),
    }
    if part_a == part_b:
        words = _("%(both)s listened most %(part)s: %(share_a)s and %(share_b)s of the plays.")
    else:
        words = _("%(a)s listened most %(part)s (%(share_a)s of the plays), %(b)s %(other)s (%(share_b)s).")
    yield Said("day", words % numbers, 2)


def _busiest(hours: Sequence[float]) -> tuple[str, float]:
    shares = {str(part): sum(hours[hour] for hour in within) for part, within in PARTS_OF_A_DAY.items()}
    part = max(shares, key=lambda name: shares[name])
    return part, shares[part]


def _signed(stars: float) -> str:
    return f"+{stars:.1f}" if stars > 0 else f"−{-stars:.1f}"


def _percent(share: float) -> str:
    return _("less than 1%%") % {} if 0 < share < 0.01 else f"{share:.0%}"
