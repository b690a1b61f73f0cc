"""What members type into a week's threads: nominations and ratings in the text form, their edits, their deletion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from catalog.names import decade_of
from catalog.naming import get_or_create_album
from club.errors import ClubRuleBroken
from club.models import Nomination, Phase, Rating, Week
from club.nominating import edit_nomination, nominate, withdraw
from club.ratings import clear_rating
from discordbot.forms.nominate import EARLIEST, LATEST, read_track
from discordbot.forms.rate import RatingWords
from discordbot.members import Person, member_of_club
from discordbot.models import Post, TypedMessage
from discordbot.safe_text import escaped
from discordbot.serving.ratings import taken
from discordbot.text_forms import Misread, NominationText, RatingText, read_nomination, read_rating
from discordbot.texts import members, posts, say
from social.models import User

Place = Literal["nominations", "ratings"]
MOST_READ = 500  # messages of a thread, after a pause
NOMINATED, RATED = "✅", "⭐"
MARKS: dict[Place, str] = {"nominations": NOMINATED, "ratings": RATED}


@dataclass(frozen=True)
class Typed:
    """One message as it reads now."""

    message: int
    channel: int
    person: Person
    text: str


@dataclass(frozen=True)
class Outcome:
    """What to do beside the message. mark: the reaction to set; unmark: to take away; hint: what to answer.

    old_hint: an earlier answer of ours, to be changed to `hint`, or deleted where there is none any more.
    """

    mark: str = ""
    unmark: str = ""
    hint: str = ""
    old_hint: int | None = None


def place_of(channel: int) -> tuple[Week, Place] | None:
    """The week and kind of thread, for threads in which forms are read."""
    post = Post.objects.filter(kind="thread", key__in=MARKS, thread_snowflake=channel).select_related("week").first()
    if post is None or post.week is None:
        return None
    return post.week, "nominations" if post.key == "nominations" else "ratings"


def read(*, typed: Typed, now: datetime) -> Outcome | None:
    """Understand a new or edited message; None for chat, which is left alone."""
    found = place_of(typed.channel)
    if found is None:
        return None
    week, place = found
    before = _remembered(typed.message)
    said = read_nomination(typed.text) if place == "nominations" else read_rating(typed.text)
    if said is None and before is None:
        return None
    if said is None and before is not None and not (before.nomination_id or before.rating_id):
        _forget(before)  # it was a form with a mistake, and is none any more
        return Outcome(old_hint=before.hint_snowflake)
    member = member_of_club(typed.person, now=now)
    row = before or TypedMessage(message_snowflake=typed.message, channel_snowflake=typed.channel, week=week)
    row.member, row.read_at = member, now
    try:
        with transaction.atomic():
            _follow(row, said, week, now)
            row.save()
    except ClubRuleBroken as refusal:
        return _misunderstood(row, place, [escaped(refusal.message, 500)])
    except Unclear as unclear:
        return _misunderstood(row, place, list(unclear.problems), with_form=unclear.shows_form)
    return Outcome(mark=MARKS[place], old_hint=_hint_gone(row))


class Unclear(Exception):
    """The message cannot be followed; its writer is told why."""

    def __init__(self, problems: Iterable[str], *, shows_form: bool = True) -> None:
        super().__init__(*problems)
        self.problems = tuple(problems)
        self.shows_form = shows_form


def _follow(row: TypedMessage, said: NominationText | RatingText | Misread | None, week: Week, now: datetime) -> None:
    match said:
        case NominationText():
            row.nomination = _nominated(row, said, week, now)
        case RatingText():
            row.rating = _rated(row, said, week, now)
        case Misread():
            raise Unclear(said.problems)
        case None:
            raise Unclear([say(members.NO_FORM_ANY_MORE)], shows_form=False)


def _nominated(row: TypedMessage, said: NominationText, week: Week, now: datetime) -> Nomination:
    """The nomination as the message says it: the same one with other words, or another album in its place."""
    if said.year is not None and not EARLIEST <= said.year <= LATEST:
        raise Unclear([say(members.YEAR_ODD, year=said.year)])
    album, _is_new = get_or_create_album(title=said.title, artist=said.artist, year=said.year)
    track, address = read_track(said.pitch_track)
    texts = {
        "pitch": said.pitch,
        "pitch_track": track,
        "pitch_track_url": address,
        "genre": said.genre,
        "decade": said.decade,
        "country": said.country,
    }
    own = row.nomination if row.nomination is not None and row.nomination.withdrawn_at is None else None
    if own is not None and own.album_id == album.pk:
        texts["decade"] = texts["decade"] or decade_of(album.release_year)
        return edit_nomination(nomination=own, by=row.member, now=now, **texts)
    if own is not None:
        withdraw(nomination=own, by=row.member, now=now)
    return nominate(member=row.member, week=week, album=album, now=now, **texts).nomination


def _rated(row: TypedMessage, said: RatingText, week: Week, now: datetime) -> Rating:
    """What a first message leaves out stays as it was; what an edit takes away is gone."""
    emptied = "" if row.rating_id else None
    words = RatingWords(
        said.half_stars, favourite=said.favorite_track or emptied, thoughts=said.review.strip() or emptied
    )
    week = Week.objects.with_winner().get(pk=week.pk)
    return taken(row.member, week, words, now)


def _misunderstood(row: TypedMessage, place: Place, problems: list[str], *, with_form: bool = False) -> Outcome:
    """Remember that it was read, and say gently what is missing; the form to copy stands below."""
    row.save()
    lines = [*problems, say(members.EDIT_IT)]
    if with_form:
        form = posts.NOMINATION_FORM if place == "nominations" else posts.RATING_FORM
        lines.append(f"```\n{say(form)}\n```")
    stands = bool(row.nomination_id or row.rating_id)
    return Outcome(hint="\n".join(lines), old_hint=row.hint_snowflake, unmark="" if stands else MARKS[place])


def deleted(*, messages: Iterable[int], now: datetime) -> list[tuple[int, int]]:
    """Follow the deletion of messages while the deadline allows it; the hints (channel, message) that may go too."""
    hints = []
    rows = TypedMessage.objects.filter(message_snowflake__in=list(messages))
    for row in rows.select_related("member", "nomination__week", "rating__week"):
        if row.hint_snowflake:
            hints.append((row.channel_snowflake, row.hint_snowflake))
        try:
            with transaction.atomic():
                _take_back(row, row.member, now)
        except ClubRuleBroken:
            pass  # too late: what was nominated or rated stands
        _forget(row)
    return hints


def _take_back(row: TypedMessage, member: User, now: datetime) -> None:
    if row.nomination is not None and row.nomination.week.phase == Phase.NOMINATIONS:
        withdraw(nomination=row.nomination, by=member, now=now)
    if row.rating is not None:
        clear_rating(rating=row.rating, by=member, now=now)


def hinted(*, message: int, hint: int | None) -> None:
    """Remember our answer under a message."""
    TypedMessage.objects.filter(message_snowflake=message).update(hint_snowflake=hint)


def _hint_gone(row: TypedMessage) -> int | None:
    """The earlier hint, forgotten: the message is understood now."""
    old, row.hint_snowflake = row.hint_snowflake, None
    if old:
        row.save(update_fields=["hint_snowflake"])
    return old


def _remembered(message: int) -> TypedMessage | None:
    return TypedMessage.objects.select_related("nomination__week", "rating").filter(message_snowflake=message).first()


def _forget(row: TypedMessage) -> None:
    TypedMessage.objects.filter(pk=row.pk).delete()


# --- After the bot was away -----------------------------------------------------------------------------------------
def threads_to_read(now: datetime) -> list[int]:
    """The threads in which a form could be taken now."""
    open_in = {"nominations": Phase.NOMINATIONS, "ratings": Phase.DISCUSSION}
    rows = Post.objects.filter(kind="thread", key__in=open_in, thread_snowflake__isnull=False, week__isnull=False)
    found = rows.values_list("thread_snowflake", "key", "week__phase")
    return [snowflake for snowflake, key, phase in found if snowflake is not None and phase == open_in[key]]


def unread(*, channel: int, seen: dict[int, datetime], asked_at: datetime) -> tuple[list[int], list[int]]:
    """Of a channel's messages, from its first, with when each was written: those to read, and those that are gone.

    asked_at: when Discord was asked; what was read since then is not gone. Nor is anything where no message is seen:
    Discord shows an empty channel to whoever may not read its history.
    """
    rows = TypedMessage.objects.filter(channel_snowflake=channel).values_list("message_snowflake", "read_at")
    read_at = dict(rows)
    new = [message for message, written in seen.items() if message not in read_at or read_at[message] < written]
    last = max(seen, default=0) if len(seen) >= MOST_READ or not seen else None
    gone = [
        message
        for message, at in read_at.items()
        if message not in seen and at < asked_at and (last is None or message < last)
    ]
    return new, gone
