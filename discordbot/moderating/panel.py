"""`/club settings`: what is set now, selects for channels and role, buttons for the forms; what was sent, previewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from club.choosing import chosen
from club.errors import ClubRuleBroken
from club.models import ClubSettings
from discordbot.forms import settings as forms
from discordbot.forms.settings import FORMS, FormName
from discordbot.models import DiscordSettings, PendingAct
from discordbot.moderating.confirming import ask
from discordbot.moderating.people import Asker, moderator
from discordbot.moderating.settings_words import shown as in_words
from discordbot.moderating.verbs import Deed
from discordbot.permissions import Use
from discordbot.posts import Json
from discordbot.replies import Reply, button, buttons
from discordbot.routes import encode
from discordbot.safe_text import escaped, fitted
from discordbot.texts import Words, moderators, say
from discordbot.texts import settings as texts

PLACE, OPENS, CHECKS, DIGEST = "set.place", "set.form", "set.check", "set.digest"
ON, OFF = "on", "off"
CHANNEL_SELECT, ROLE_SELECT, ROW = 8, 6, 1
TEXT, VOICE, FORUM = 0, 2, 15
FORM = "form"  # the verb of a pending row that holds what was typed into a form


class Picker(NamedTuple):
    """A select of the panel. kinds: of channels that it offers; none for a role."""

    field: str
    words: Words
    kinds: tuple[int, ...] = ()
    use: Use | None = None


PICKERS = {
    "club": Picker("club_channel_snowflake", texts.PICK_CLUB, (TEXT, FORUM), "club"),
    "voice": Picker("voice_channel_snowflake", texts.PICK_VOICE, (VOICE,), "voice"),
    "moderators": Picker("moderators_channel_snowflake", texts.PICK_MODERATORS, (TEXT,), "moderators"),
    "role": Picker("moderator_role_snowflake", texts.PICK_ROLE),
}
BUTTONS: dict[FormName, Words] = {
    "club": texts.BUTTON_CLUB,
    "times": texts.BUTTON_TIMES,
    "rules": texts.BUTTON_RULES,
}


# --- The panel ------------------------------------------------------------------------------------------------------
def shown(asker: Asker, *, now: datetime) -> Reply:
    moderator(asker, now=now)
    club, places = ClubSettings.load(), DiscordSettings.load()
    rows = [{"type": ROW, "components": [_select(name, picker, places)]} for name, picker in PICKERS.items()]
    offered = [button(words, encode(OPENS, None, name)) for name, words in BUTTONS.items()]
    wanted, words = (OFF, texts.BUTTON_NO_DIGEST) if places.posts_digest else (ON, texts.BUTTON_DIGEST)
    offered += [button(words, encode(DIGEST, None, wanted)), button(texts.BUTTON_CHECK, encode(CHECKS))]
    return Reply("\n".join(lines(club, places)), (*rows, buttons(*offered)))


def _select(name: str, picker: Picker, places: DiscordSettings) -> Json:
    """With min_values 0, so that a channel can be taken out again."""
    present = getattr(places, picker.field)
    part: dict[str, Any] = {
        "type": CHANNEL_SELECT if picker.kinds else ROLE_SELECT,
        "custom_id": encode(PLACE, None, name),
        "placeholder": fitted(say(picker.words), 150),
        "min_values": 0,
        "max_values": 1,
    }
    if picker.kinds:
        part["channel_types"] = list(picker.kinds)
    if present:
        part["default_values"] = [{"id": str(present), "type": "channel" if picker.kinds else "role"}]
    return part


def lines(club: ClubSettings, places: DiscordSettings) -> list[str]:
    """Everything that is set, in words."""
    how = say(texts.BY_THEMSELVES if club.auto_open else texts.BY_HAND)
    opens = {"weekday": say(texts.WEEKDAYS[club.open_weekday]), "time": f"{club.open_time:%H:%M}", "how": how}
    said = [f"**{say(texts.TITLE, club=escaped(club.name, 80, one_line=True))}**"]
    for picker in PICKERS.values():
        value = in_words(picker.field, getattr(places, picker.field))
        said.append(say(texts.LINE, name=say(texts.PLACES[picker.field]), value=value))
    said.append(digest_words(places))
    said += [f"**{say(texts.RHYTHM, zone=club.timezone)}**", say(texts.OPENS, **opens)]
    for name, what in texts.STEPS.items():
        day, at = getattr(club, f"{name}_day"), getattr(club, f"{name}_time")
        weekday = say(texts.WEEKDAYS[(club.open_weekday + day) % 7])
        said.append(say(texts.STEP, what=say(what), day=day, weekday=weekday, time=f"{at:%H:%M}"))
    said += [
        f"**{say(texts.RULES)}**",
        say(texts.N_NOMINATIONS, n=club.nominations_per_member),
        say(texts.SELF_VOTE, value=say(texts.YES if club.allow_self_vote else texts.NO)),
        say(texts.MINIMUM, n=club.minimum_ratings),
        f"-# {say(texts.PANEL_HINT)}",
    ]
    return said


def digest_words(places: DiscordSettings) -> str:
    return say(texts.DIGEST_ON, time=f"{places.digest_hour:02}:00") if places.posts_digest else say(texts.DIGEST_OFF)


def digest(asker: Asker, arg: str, *, now: datetime) -> Reply:
    """The preview of turning the Monday digest on or off; the wanted state stands in the button."""
    wanted = {"posts_digest": arg == ON}
    if DiscordSettings.load().posts_digest == wanted["posts_digest"]:
        moderator(asker, now=now)
        return Reply(say(texts.NOTHING_CHANGES))
    return ask(asker, Deed("places", None, {"places": wanted}), now=now)


# --- The forms ------------------------------------------------------------------------------------------------------
def form(asker: Asker, arg: str, *, now: datetime) -> Json:
    """arg: which form; with `.<number>`, as it was typed into it before and could not be read."""
    moderator(asker, now=now)
    name, number = split(arg)
    values = forms.typed(ClubSettings.load())
    if number:
        kept = PendingAct.objects.filter(pk=number, verb=FORM, asker_snowflake=asker.person.snowflake).first()
        values |= kept.arguments if kept else {}
    return forms.form(name, values)


def split(arg: str) -> tuple[FormName, int]:
    """`club.12` is the form of the club, filled from row 12."""
    named, _, number = arg.partition(".")
    name = next((each for each in FORMS if each == named), None)
    if name is None:
        raise ClubRuleBroken(say(moderators.CHANGED), code="bad_value")
    return name, int(number) if number.isdigit() else 0


def sent(asker: Asker, arg: str, values: dict[str, str], *, now: datetime) -> Reply:
    """The preview of what was typed; what cannot be meant comes back with a button that opens it again."""
    moderator(asker, now=now)
    name, _number = split(arg)
    try:
        choices = forms.choices_from(name, values)
        if (same := _nothing(ClubSettings.load(), choices)) is not None:
            return same
        return ask(asker, Deed("settings", None, {"choices": choices}), now=now)
    except ClubRuleBroken as refusal:
        if refusal.code != "bad_value":
            raise
        row = PendingAct.objects.create(
            asker_snowflake=asker.person.snowflake, verb=FORM, arguments=values, asked_at=now
        )
        again = button(texts.TRY_AGAIN, encode(OPENS, None, f"{name}.{row.pk}"), style=1)
        return Reply(say(moderators.NOT_DONE, why=refusal.message), (buttons(again),))


def _nothing(settings: ClubSettings, choices: dict[str, Any]) -> Reply | None:
    return Reply(say(texts.NOTHING_CHANGES)) if chosen(settings, choices) == choices else None


# --- Channels and role ----------------------------------------------------------------------------------------------
def picker(asker: Asker, name: str, *, now: datetime) -> Picker:
    """What a select of the panel is for, for moderators only."""
    moderator(asker, now=now)
    if name not in PICKERS:
        raise ClubRuleBroken(say(moderators.CHANGED), code="bad_value")
    return PICKERS[name]


def placed(
    asker: Asker, picked: Picker, snowflake: int | None, kind: int | None, *, now: datetime, notes: Sequence[str] = ()
) -> Reply:
    """The preview of another channel or role, None for none. notes: what the bot may not do there yet."""
    if snowflake and picked.kinds and kind not in picked.kinds:
        words = "\n".join(notes) or say(texts.OTHER_KIND, channel=snowflake)
        raise ClubRuleBroken(words, code="bad_value")
    wanted: dict[str, Any] = {picked.field: snowflake}
    if picked.use == "club":
        wanted["is_forum"] = kind == FORUM
    places = DiscordSettings.load()
    if all(getattr(places, field) == value for field, value in wanted.items()):
        moderator(asker, now=now)
        return Reply("\n".join([say(texts.NOTHING_CHANGES), *notes]))
    return ask(asker, Deed("places", None, {"places": wanted}), now=now, notes=notes)
