"""What the figures show, as a sentence that stands over them. Pure: numbers in, words out; nothing that is not so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from taste.dashboard.levels import Level, Moved, moved, shown

Words = str | Promise
PLAIN = 0.5  # standard deviations of the weeks: less is within what weeks do anyway
STRONG = 1.5
FELT = 0.03  # of a radar's spoke

AXES: dict[str, Words] = {
    "energy": gettext_lazy("Energy"),
    "valence": gettext_lazy("Valence"),
    "danceability": gettext_lazy("Danceability"),
    "tempo": gettext_lazy("Tempo"),
    "acousticness": gettext_lazy("Acousticness"),
    "instrumentalness": gettext_lazy("Instrumentalness"),
    "speechiness": gettext_lazy("Speechiness"),
    "liveness": gettext_lazy("Liveness"),
    "loudness": gettext_lazy("Loudness"),
}
MORE: dict[str, tuple[Words, Words]] = {
    "energy": (gettext_lazy("more energetic"), gettext_lazy("calmer")),
    "valence": (gettext_lazy("brighter"), gettext_lazy("darker")),
    "danceability": (gettext_lazy("more danceable"), gettext_lazy("less danceable")),
    "tempo": (gettext_lazy("faster"), gettext_lazy("slower")),
    "acousticness": (gettext_lazy("more acoustic"), gettext_lazy("more electric")),
    "instrumentalness": (gettext_lazy("more instrumental"), gettext_lazy("more sung")),
}


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def on(day: date) -> str:
    """`24 Nov 2025`."""
    return date_format(day, "j M Y")


def week_name(monday: date) -> str:
    """`Week 48 of 2025`."""
    year, week, _weekday = monday.isocalendar()
    return _("Week %(week)d of %(year)d") % {"week": week, "year": year}


def is_weak(found: Mapping[str, Level], axes: Sequence[str] = ("energy", "valence")) -> bool:
    """Whether what is told of these axes rests on weak evidence; moods are places on energy and valence."""
    return any(found[axis].is_weak for axis in axes if axis in found)


def hedged(said: str) -> str:
    return _("%(said)s, on weak evidence") % {"said": said}


def against(now: Mapping[str, Level], base: Mapping[str, Level], than: str) -> str:
    """`Brighter and much faster than the 26 weeks before`; empty where there is nothing to compare with.

    Axes of weak evidence are left out, unless there are no others, and then that is said.
    """
    every = moved(now, base)
    if not every:
        return ""
    sure = [each for each in every if not each.is_weak]
    said = _against(sure or every, than)
    return said if sure else hedged(said)


def _against(found: Sequence[Moved], than: str) -> str:
    far = [_more(each) for each in found if abs(each.sds) >= PLAIN and _is_felt(each) and each.axis in MORE][:2]
    if not far:
        return _("Much like %(than)s") % {"than": than}
    said = _("%(one)s and %(other)s") % {"one": far[1], "other": far[0]} if len(far) == 2 else far[0]
    return capital(_("%(what)s than %(than)s") % {"what": said, "than": than})


def of_axes(now: Mapping[str, Level], base: Mapping[str, Level]) -> str:
    """`Acousticness moved most: 0.29 after 0.33`; empty where there is nothing to compare with. Weak axes as above."""
    found = moved(now, base)
    if not found:
        return ""
    most = next((each for each in found if not each.is_weak), found[0])
    said = _("%(axis)s moved most: %(now)s after %(before)s") % {
        "axis": AXES[most.axis],
        "now": value_words(most.axis, most.now.mean),
        "before": value_words(most.axis, most.base.mean),
    }
    return hedged(said) if most.is_weak else said


def value_words(axis: str, value: float) -> str:
    """`0.57`, `116 BPM`."""
    return f"{value:.0f} BPM" if axis == "tempo" else f"{value:.2f}"


def _is_felt(each: Moved) -> bool:
    """Weeks that hardly differ make any step large in their own measure; a small one is still none to speak of."""
    return abs(shown(each.axis, each.now.mean) - shown(each.axis, each.base.mean)) >= FELT


def _more(each: Moved) -> str:
    words = str(MORE[each.axis][0 if each.sds > 0 else 1])
    return _("much %(more)s") % {"more": words} if abs(each.sds) >= STRONG else words


def of_moods(
    names: Mapping[str, str],
    whole: Mapping[str, float],
    early: Mapping[str, float],
    late: Mapping[str, float],
    *,
    is_weak: bool = False,
) -> str:
    """`Driving leads with 24%; Calm grew most, from 9% to 16%`. Shares by mood key: whole, first and second half.

    is_weak: it says so, because the moods rest on axes of weak evidence.
    """
    if not whole:
        return ""
    said = _of_moods(names, whole, early, late)
    return hedged(said) if is_weak else said


def _of_moods(
    names: Mapping[str, str], whole: Mapping[str, float], early: Mapping[str, float], late: Mapping[str, float]
) -> str:
    lead = max(whole, key=lambda key: whole[key])
    said = _("%(mood)s leads with %(share)s") % {"mood": names[lead], "share": f"{whole[lead]:.0%}"}
    changes = {key: late.get(key, 0.0) - early.get(key, 0.0) for key in whole} if early and late else {}
    most = max(changes, key=lambda key: abs(changes[key]), default="")
    if not most or abs(changes[most]) < 0.03:
        return _("%(said)s, and little moved") % {"said": said}
    grew = _("%(said)s; %(mood)s grew most, from %(early)s to %(late)s")
    shrank = _("%(said)s; %(mood)s shrank most, from %(early)s to %(late)s")
    return (grew if changes[most] > 0 else shrank) % {
        "said": said, "mood": names[most], "early": f"{early.get(most, 0):.0%}", "late": f"{late.get(most, 0):.0%}",
    }  # fmt: skip


def of_momentum(momenta: Sequence[tuple[date, float]]) -> str:
    """`The biggest step was week 41 of 2025; since then the way holds still`. momenta: oldest first."""
    if not momenta:
        return ""
    if len(momenta) < 4:
        return ngettext("%(n)d week on the map", "%(n)d weeks on the map", len(momenta)) % {"n": len(momenta)}
    usual = sorted(value for _monday, value in momenta)[len(momenta) // 2]
    most_on, _most = max(momenta, key=lambda pair: pair[1])
    last_on, last = momenta[-1]
    if last_on == most_on:
        return _("The newest week is the biggest step in %(n)d weeks") % {"n": len(momenta)}
    biggest = _("The biggest step was %(week)s") % {"week": _week_in_words(most_on)}
    if not usual or abs(last / usual - 1) < 0.2:
        return _("%(biggest)s; the newest is an ordinary one") % {"biggest": biggest}
    said = (
        _("%(biggest)s; the newest is larger than usual")
        if last > usual
        else _("%(biggest)s; the newest week holds still")
    )
    return said % {"biggest": biggest}


def _week_in_words(monday: date) -> str:
    year, week, _weekday = monday.isocalendar()
    return _("week %(week)d of %(year)d") % {"week": week, "year": year}


def of_outliers(farthest: str, times: float) -> str:
    """`“Roads” sounds most unlike the rest, 2.3 times as far off as the usual track`; one always is.

    times: its distance over the median one; 0 where all lie on one spot.
    """
    said = _("“%(title)s” sounds most unlike the rest") % {"title": farthest}
    if not times:
        return said
    return _("%(said)s, %(times)s times as far off as the usual track") % {"said": said, "times": f"{times:.1f}"}


def changed(now: float | None, before: float | None, than: str) -> str:
    """`12% more than in the 26 weeks before`, `about the same as …`, `as yet nothing to compare with`."""
    if now is None or before is None:
        return ""
    if not before:
        return _("none in %(than)s") % {"than": than} if now else ""
    by = now / before - 1
    if abs(by) < 0.05:
        return _("about the same as %(than)s") % {"than": than}
    if by >= 1:
        return _("%(times)s times %(than)s") % {"times": f"{1 + by:.1f}", "than": than}
    share = f"{abs(by):.0%}"
    return (_("%(share)s more than %(than)s") if by > 0 else _("%(share)s less than %(than)s")) % {
        "share": share, "than": than,
    }  # fmt: skip
