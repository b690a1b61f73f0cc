"""The three forms of `/club settings`: how they open, and the club's choices in what was sent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any, Literal, get_args

from club.errors import ClubRuleBroken
from discordbot.forms.parts import Option, Sent, labelled, modal, select, text_input
from discordbot.moderating.typed import read_clock, read_step
from discordbot.posts import Json
from discordbot.safe_text import escaped
from discordbot.texts import Words, say
from discordbot.texts import settings as texts

if TYPE_CHECKING:
    from club.models import ClubSettings

FormName = Literal["club", "times", "rules"]
FORMS: tuple[FormName, ...] = get_args(FormName)
SENDS = "set.send"
YES, NO = "yes", "no"
Typed = Mapping[str, str]


def typed(settings: ClubSettings) -> dict[str, str]:
    """The settings as they would be typed into the forms."""
    steps = {
        name: f"{getattr(settings, f'{name}_day')} {_clock(getattr(settings, f'{name}_time'))}" for name in texts.STEPS
    }
    return {
        "name": settings.name,
        "timezone": settings.timezone,
        "open_weekday": str(settings.open_weekday),
        "open_time": _clock(settings.open_time),
        "auto_open": YES if settings.auto_open else NO,
        **steps,
        "nominations_per_member": str(settings.nominations_per_member),
        "allow_self_vote": YES if settings.allow_self_vote else NO,
        "minimum_ratings": str(settings.minimum_ratings),
    }


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


# --- Opening --------------------------------------------------------------------------------------------------------
def form(name: FormName, values: Typed) -> Json:
    """Prefilled with `values`."""
    title, parts = {"club": club_parts, "times": times_parts, "rules": rules_parts}[name](values)
    return modal(SENDS, None, say(title), parts, arg=name)


def club_parts(values: Typed) -> tuple[Words, list[Json]]:
    weekdays = [
        Option(str(number), say(name), is_chosen=values["open_weekday"] == str(number))
        for number, name in enumerate(texts.WEEKDAYS)
    ]
    return texts.FORM_CLUB, [
        labelled(texts.ASK_NAME, _line("name", values, most=80)),
        labelled(texts.ASK_ZONE, _line("timezone", values, most=64), description=texts.ASK_ZONE_HINT),
        labelled(texts.ASK_WEEKDAY, select("open_weekday", weekdays, is_required=True)),
        labelled(texts.ASK_OPEN_TIME, _line("open_time", values, most=20), description=texts.ASK_OPEN_TIME_HINT),
        labelled(texts.ASK_AUTO, _yes_or_no("auto_open", values)),
    ]


def times_parts(values: Typed) -> tuple[Words, list[Json]]:
    return texts.FORM_TIMES, [
        labelled(label, _line(name, values, most=30), description=texts.ASK_STEP_HINT)
        for name, label in texts.STEPS.items()
    ]


def rules_parts(values: Typed) -> tuple[Words, list[Json]]:
    return texts.FORM_RULES, [
        labelled(texts.ASK_NOMINATIONS, _line("nominations_per_member", values, most=5)),
        labelled(texts.ASK_SELF_VOTE, _yes_or_no("allow_self_vote", values)),
        labelled(texts.ASK_MINIMUM, _line("minimum_ratings", values, most=5)),
    ]


def _line(name: str, values: Typed, *, most: int) -> Json:
    return text_input(name, value=values.get(name, ""), most=most, is_required=True)


def _yes_or_no(name: str, values: Typed) -> Json:
    words = {YES: texts.YES, NO: texts.NO}
    options = [Option(key, say(label), is_chosen=values.get(name) == key) for key, label in words.items()]
    return select(name, options, is_required=True)


# --- What was sent --------------------------------------------------------------------------------------------------
def choices_from(name: FormName, sent: Typed) -> dict[str, Any]:
    """The club's choices as JSON; refused, in words, where a field cannot be read."""
    readers: dict[FormName, Callable[[Typed], dict[str, Any]]] = {"club": _club, "times": _times, "rules": _rules}
    return readers[name](sent)


def values_of(name: FormName, sent: Sent) -> dict[str, str]:
    """The fields of this form, as they were typed."""
    fields = {
        "club": ("name", "timezone", "open_weekday", "open_time", "auto_open"),
        "times": tuple(texts.STEPS),
        "rules": ("nominations_per_member", "allow_self_vote", "minimum_ratings"),
    }
    return {field: sent[field] for field in fields[name]}


def _club(sent: Typed) -> dict[str, Any]:
    opens = read_clock(sent["open_time"])
    if opens is None:
        raise _odd(texts.ODD_TIME, typed=sent["open_time"])
    return {
        "name": sent["name"],
        "timezone": sent["timezone"],
        "open_weekday": _number(texts.ASK_WEEKDAY, sent["open_weekday"]),
        "open_time": opens.isoformat(),
        "auto_open": sent["auto_open"] == YES,
    }


def _times(sent: Typed) -> dict[str, Any]:
    choices: dict[str, Any] = {}
    for name, label in texts.STEPS.items():
        step = read_step(sent[name])
        if step is None:
            raise _odd(texts.ODD_STEP, what=say(label), typed=sent[name])
        choices |= {f"{name}_day": step[0], f"{name}_time": step[1].isoformat()}
    return choices


def _rules(sent: Typed) -> dict[str, Any]:
    return {
        "nominations_per_member": _number(texts.ASK_NOMINATIONS, sent["nominations_per_member"]),
        "allow_self_vote": sent["allow_self_vote"] == YES,
        "minimum_ratings": _number(texts.ASK_MINIMUM, sent["minimum_ratings"]),
    }


def _number(what: Words, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise _odd(texts.ODD_NUMBER, what=say(what), typed=text)
    return int(text)


def _odd(words: Words, *, typed: str, **places: str) -> ClubRuleBroken:
    return ClubRuleBroken(say(words, typed=escaped(typed, 60, one_line=True), **places), code="bad_value")
