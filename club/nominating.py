"""Putting an album up for the week, and taking it back."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField

from catalog.models import Album
from catalog.names import decade_of
from catalog.naming import make_real
from club import revision
from club.current import open_for
from club.errors import ClubRuleBroken
from club.history import signed
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.permissions import require_active, require_moderator
from club.phases import caught_up
from sidetrack import slots
from social.models import User
from social.moderation import log_action
from social.visibility import Visibility

TEXTS = ("pitch", "pitch_track", "pitch_track_url", "genre", "decade", "country")
DECADE = re.compile(r"^\s*(?:(?P<full>1[89]\d|20\d)\d(?:\s?['’]?s)?|['’]?(?P<short>\d)0\s?['’]?s)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NominationResult:
    """What became of it; `warnings` are sentences for the member, none of them forbids anything."""

    nomination: Nomination
    created: bool
    warnings: list[str] = dataclasses.field(default_factory=list)


@transaction.atomic
def nominate(
    *,
    member: User,
    week: Week,
    album: Album,
    pitch: str = "",
    pitch_track: str = "",
    pitch_track_url: str = "",
    genre: str = "",
    decade: str = "",
    country: str = "",
    now: datetime,
) -> NominationResult:
    """Put `album` up for `week`. The same member and album again is the same nomination, with texts where given."""
    require_active(member, now)
    given = dict(zip(TEXTS, (pitch, pitch_track, pitch_track_url, genre, decade, country), strict=True))
    texts = {name: text for name, value in given.items() if (text := value.strip())}
    week = open_for("nominate", week, now)
    while album.merged_into is not None:
        album = album.merged_into
    standing = list(Nomination.objects.standing().filter(week=week).select_related("album", "user"))
    for nomination in standing:
        if nomination.album_id == album.pk:
            return _again(nomination, member=member, texts=texts, now=now)
    mine = [nomination for nomination in standing if nomination.user_id == member.pk]
    if len(mine) >= ClubSettings.load().nominations_per_member:
        raise ClubRuleBroken(
            f"You have nominated {' and '.join(f'“{nomination.album.title}”' for nomination in mine)} in {week} "
            "already. Withdraw it to nominate another album.",
            code="nomination_limit",
        )
    if album.is_demo and not member.is_demo:
        album = make_real(album)
    nomination = Nomination(week=week, user=member, album=album, created_at=now, is_demo=member.is_demo)
    nomination.decade = decade_of(album.release_year)
    _write(nomination, texts, by=member, now=now)
    return NominationResult(nomination, True, _warnings(album))


def _again(nomination: Nomination, *, member: User, texts: dict[str, str], now: datetime) -> NominationResult:
    """The album is nominated already: by this member, which is fine, or by somebody else, which is not."""
    if nomination.user_id != member.pk:
        who = _known_name(nomination.user)
        raise ClubRuleBroken(
            f"“{nomination.album.title}” is nominated already, by {who}. Choose another album.",
            code="already_nominated",
        )
    if any(getattr(nomination, name) != text for name, text in texts.items()):
        _write(nomination, texts, by=member, now=now)
    return NominationResult(nomination, False)


def _known_name(user: User) -> str:
    """Who nominated, for another member; without the name where they keep it from members."""
    return str(user) if user.club_visibility in {Visibility.PUBLIC, Visibility.MEMBERS} else "another member"


def _warnings(album: Album) -> list[str]:
    """A past winner only warns."""
    won = Week.objects.filter(winner__album=album).order_by("number")
    return [f"“{album.title}” has won before, in {earlier.label}." for earlier in won]


@transaction.atomic
def edit_nomination(*, nomination: Nomination, by: User, now: datetime, **fields: str) -> Nomination:
    """Change any of its texts: one's own until the poll closes; moderators always."""
    if unknown := set(fields) - set(TEXTS):
        raise TypeError(f"A nomination has no editable {', '.join(sorted(unknown))}.")
    require_active(by, now)
    week = caught_up(nomination.week, now)
    nomination = Nomination.objects.select_related("album__artist", "user", "week").get(pk=nomination.pk)
    is_own = nomination.user_id == by.pk
    if not is_own:
        require_moderator(by, now)
    elif week.phase not in {Phase.NOMINATIONS, Phase.POLL} and not by.is_moderator:
        raise ClubRuleBroken(f"The poll of {week} is over: ask a moderator to change the text.", code="wrong_phase")
    texts = {name: value.strip() for name, value in fields.items()}
    before = {name: getattr(nomination, name) for name in texts}
    _write(nomination, texts, by=by, now=now)
    after = {name: getattr(nomination, name) for name in texts}
    if not is_own and before != after:
        log_action(moderator=by, verb="edit_nomination", obj=nomination, before=before, after=after, now=now)
    return nomination


def _write(nomination: Nomination, texts: dict[str, str], *, by: User, now: datetime) -> None:
    """Save with checked texts; refused in words where one of them cannot be meant."""
    if texts.get("decade"):
        texts = texts | {"decade": tidy_decade(texts["decade"])}
    for name, text in texts.items():
        try:
            field = cast("CharField[str, str]", Nomination._meta.get_field(name))
            setattr(nomination, name, field.clean(text, nomination))
        except ValidationError as error:
            label = name.replace("_", " ").capitalize()
            raise ClubRuleBroken(f"{label}: {' '.join(error.messages)}", code="bad_value") from error
    signed(nomination, by=by, now=now).save()
    revision.bump()


def tidy_decade(text: str) -> str:
    """“90s”, “1994” and “1990's” are the 1990s; of two digits, 00s to 20s belong to this century."""
    if (match := DECADE.match(text)) is None:
        raise ClubRuleBroken(f"Decade: “{text}” is none. Write one such as 1990s.", code="bad_value")
    if match["full"]:
        return f"{match['full']}0s"
    century = "20" if match["short"] in "012" else "19"
    return f"{century}{match['short']}0s"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal did: the members whose votes it freed may vote again."""

    nomination: Nomination
    freed_voter_ids: tuple[int, ...] = ()


@transaction.atomic
def withdraw(*, nomination: Nomination, by: User | None, now: datetime, reason: str = "") -> Withdrawal:
    """Take a nomination out of the week; withdrawn already changes nothing.

    Members withdraw their own while nominations are open; moderators also during the poll. Its votes are freed, and
    the slot "club:votes_freed" is called with the nomination and the voters' ids once that is certain.
    """
    if by is not None:
        require_active(by, now)
    week = caught_up(nomination.week, now)
    nomination = Nomination.objects.select_related("album__artist", "user", "week").get(pk=nomination.pk)
    is_own = by is not None and nomination.user_id == by.pk
    if not is_own and by is not None and not by.is_moderator:
        raise ClubRuleBroken("Only its nominator or a moderator may withdraw a nomination.", code="not_your_own")
    if nomination.withdrawn_at is not None:
        return Withdrawal(nomination)
    if week.phase == Phase.POLL and by is not None and not by.is_moderator:
        raise ClubRuleBroken(f"Nominations for {week} are closed: ask a moderator to withdraw it.", code="wrong_phase")
    if week.phase not in {Phase.NOMINATIONS, Phase.POLL}:
        raise ClubRuleBroken(
            f"The poll of {week} is over: a moderator can override its winner instead.", code="wrong_phase"
        )
    votes = list(Vote.objects.filter(nomination=nomination).order_by("id").values("user_id", "rank", "cast_at"))
    Vote.objects.filter(nomination=nomination).delete()
    nomination.withdrawn_at = now
    signed(nomination, by=by, now=now, reason=reason).save(update_fields=["withdrawn_at"])
    if votes or not is_own:
        kept: list[dict[str, Any]] = [vote | {"cast_at": vote["cast_at"].isoformat()} for vote in votes]
        log_action(
            moderator=by, verb="withdraw_nomination", obj=nomination, reason=reason.strip()[:1000],
            before={"votes": kept}, after={"withdrawn_at": now.isoformat()}, now=now,
        )  # fmt: skip
    revision.bump()
    voters = tuple(sorted({vote["user_id"] for vote in votes}))
    if voters:
        transaction.on_commit(lambda: tell_voters(nomination, voters))
    return Withdrawal(nomination, voters)


def tell_voters(nomination: Nomination, voter_ids: tuple[int, ...]) -> None:
    """Let whoever can reach members tell them that their vote is free again."""
    for _ in slots.call("club:votes_freed", nomination, voter_ids):
        pass
