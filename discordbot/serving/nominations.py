"""Nominating: opening the form, taking what was sent, settling which album was meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Subquery

from catalog.models import Album
from catalog.names import decade_of
from catalog.naming import get_or_create_album
from club.current import open_for
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Week
from club.nominating import edit_nomination, nominate
from club.nominating import withdraw as withdraw_nomination
from discordbot import drafts
from discordbot.cards.parts import moment, named
from discordbot.facts import AlbumFacts
from discordbot.forms import nominate as forms
from discordbot.forms.nominate import NominationWords, album_line, read_line, texts_of
from discordbot.members import Person, member_of_club
from discordbot.models import Draft
from discordbot.opening import open_week
from discordbot.posts import Json
from discordbot.replies import DANGER, PRIMARY, Reply, button, buttons, week_link, with_words
from discordbot.resolving import Known, candidates, with_history
from discordbot.routes import encode
from discordbot.safe_text import cleaned, escaped
from discordbot.serving.choosing import TYPED, candidate_select
from discordbot.texts import members, say
from social.models import User

KIND = Draft.Kind.NOMINATION


def words_in(nomination: Nomination) -> NominationWords:
    """A nomination as the form shows it."""
    return NominationWords(
        album=line_of(nomination.album),
        pitch=nomination.pitch,
        track=forms.track_words(nomination.pitch_track, nomination.pitch_track_url),
        tags=forms.tags_words(nomination.genre, nomination.decade, nomination.country),
    )


def line_of(album: Album) -> str:
    return album_line(album.title, album.credit, album.release_year)


def places_of(album: Album) -> dict[str, str]:
    """The places `album` and `credit` of a sentence, safe."""
    return named(AlbumFacts(album.title, album.credit, album.release_year))


# --- The form -------------------------------------------------------------------------------------------------------
def blank(number: int | None, line: str = "") -> Json:
    """The form without anything from the database."""
    return forms.form(number, NominationWords(album=line))


def opened(*, person: Person, number: int | None, now: datetime, album_id: int | None = None, line: str = "") -> Json:
    """The form for a week that takes nominations: with the album asked for, else one's own nomination to change."""
    limit = Subquery(ClubSettings.objects.values("nominations_per_member")[:1])
    week = open_week("nominate", number, now=now, weeks=Week.objects.annotate(limit=limit))
    rows = Nomination.objects.standing().filter(person.is_owner("user__"), week=week)
    own = list(rows.select_related("album__artist"))
    album = Album.objects.current().select_related("artist").filter(pk=album_id).first() if album_id else None
    again = next((each for each in own if album is not None and each.album_id == album.pk), None)
    if again is None and album is None and not line and own and len(own) >= (week.limit or 1):  # type: ignore[attr-defined]
        again = own[-1]
    if again is not None:
        return forms.form(week.number, words_in(again), arg=f"n{again.pk}")
    if album is not None:
        return forms.form(week.number, NominationWords(album=line_of(album)), arg=f"a{album.pk}")
    return forms.form(week.number, NominationWords(album=line))


def reopened(*, person: Person, draft_id: int, now: datetime) -> Json:
    """The form with the words of a draft; the week is asked when it is sent, so that nothing typed waits on it."""
    draft = drafts.mine(person=person, draft_id=draft_id, kind=KIND, now=now)
    if draft is None:
        raise ClubRuleBroken(say(members.DRAFT_GONE), code="no_draft")
    return forms.form(
        draft.week.number, NominationWords.from_dict(draft.payload), arg=str(draft.payload.get("arg", ""))
    )


# --- What was sent --------------------------------------------------------------------------------------------------
def submitted(*, person: Person, number: int | None, words: NominationWords, arg: str, now: datetime) -> Reply:
    """Nominate what the form says; or ask which album was meant; or give the words back with what is wrong."""
    member = member_of_club(person, now=now)
    week = _week(number, now)
    try:
        return _taken(member, week, words, arg, now)
    except ClubRuleBroken as refusal:
        return _given_back(refusal, member, week, words, {"arg": arg}, now)


def _week(number: int | None, now: datetime) -> Week:
    """The week that the form was opened for, in whatever phase it is by now."""
    if number is not None and (week := Week.objects.filter(number=number).first()):
        return week
    return open_week("nominate", number, now=now)


def _taken(member: User, week: Week, words: NominationWords, arg: str, now: datetime) -> Reply:
    line = read_line(words.album)
    with transaction.atomic():
        open_for("nominate", week, now)  # too late is said before anything is asked
    if line.problem:
        raise ClubRuleBroken(line.problem, code="bad_value")
    if (own := _opened_with_own(arg, member, week)) is not None and _is_unchanged(words, own.album):
        return edited(member, own, words, now)
    if (album := _opened_with_album(arg)) is not None and _is_unchanged(words, album):
        return nominated(member, week, album, words, now)
    if found := candidates(line):
        return _asked(member, week, words, with_history(found, week=week, viewer=member), bool(line.artist), now)
    if not line.artist:
        raise ClubRuleBroken(say(members.WRITE_ARTIST), code="bad_value")
    return as_typed(member, week, words, now)


def _opened_with_own(arg: str, member: User, week: Week) -> Nomination | None:
    if not (arg[:1] == "n" and arg[1:].isdigit()):
        return None
    rows = Nomination.objects.standing().filter(pk=int(arg[1:]), user=member, week=week)
    return rows.select_related("album__artist", "week").first()


def _opened_with_album(arg: str) -> Album | None:
    if not (arg[:1] == "a" and arg[1:].isdigit()):
        return None
    return Album.objects.select_related("artist").filter(pk=int(arg[1:])).first()


def _is_unchanged(words: NominationWords, album: Album) -> bool:
    return cleaned(words.album, one_line=True) == cleaned(line_of(album), one_line=True)


def as_typed(member: User, week: Week, words: NominationWords, now: datetime) -> Reply:
    """The album of this name, made where nobody knows it and looked up later; what is refused leaves none behind."""
    line = read_line(words.album)
    if line.problem or not line.artist:
        raise ClubRuleBroken(line.problem or say(members.WRITE_ARTIST), code="bad_value")
    with transaction.atomic():
        album, _is_new = get_or_create_album(title=line.title, artist=line.artist, year=line.year)
        return nominated(member, week, album, words, now)


def nominated(member: User, week: Week, album: Album, words: NominationWords, now: datetime) -> Reply:
    result = nominate(member=member, week=week, album=album, now=now, **texts_of(words))
    said = members.NOMINATED if result.created else members.STAYS_NOMINATED
    words_said = say(said, week=week, time=moment(week.poll_close_at), **places_of(album))
    return _done(words_said, result.nomination, week, *result.warnings)


def edited(member: User, nomination: Nomination, words: NominationWords, now: datetime) -> Reply:
    """The words are what the form says now; an emptied decade is the album's own again."""
    texts = texts_of(words)
    texts["decade"] = texts["decade"] or decade_of(nomination.album.release_year)
    edit_nomination(nomination=nomination, by=member, now=now, **texts)
    week = nomination.week
    return _done(say(members.STAYS_NOMINATED, week=week, **places_of(nomination.album)), nomination, week)


def _done(said: str, nomination: Nomination, week: Week, *warnings: str) -> Reply:
    lines = [said, *(escaped(warning, 300) for warning in warnings)]
    return Reply(
        "\n".join(lines),
        (
            buttons(
                button(members.CHANGE_WORDS, encode("nominate", week.number)),
                button(members.WITHDRAW, encode("nominate.withdraw", week.number, nomination.pk), style=DANGER),
                week_link(week),
            ),
        ),
    )


def _given_back(
    refusal: ClubRuleBroken, member: User, week: Week, words: NominationWords, payload: dict[str, Any], now: datetime
) -> Reply:
    draft = drafts.keep(member=member, week=week, kind=KIND, payload=words.as_dict() | payload, now=now)
    offered = [button(members.TRY_AGAIN, encode("nominate.again", week.number, draft.pk), style=PRIMARY)]
    if refusal.code == "nomination_limit" and _own(member, week).count() == 1:
        offered.append(button(members.SWAP, encode("nominate.swap", week.number, draft.pk)))
    rows = (buttons(*offered, week_link(week)),)
    return with_words(escaped(refusal.message, 800), words.as_text(), rows=rows, is_kept=True)


def _own(member: User, week: Week) -> Any:
    return Nomination.objects.standing().filter(week=week, user=member)


# --- Which album was meant ------------------------------------------------------------------------------------------
def _asked(
    member: User, week: Week, words: NominationWords, found: list[Known], has_artist: bool, now: datetime
) -> Reply:
    draft = drafts.keep(member=member, week=week, kind=KIND, payload=words.as_dict(), now=now)
    rows = [candidate_select(week.number, draft.pk, found, has_artist=has_artist)]
    again = button(
        members.TRY_AGAIN if has_artist else members.NONE_SO_AGAIN, encode("nominate.again", week.number, draft.pk)
    )
    return Reply(say(members.WHICH_ONE, line=escaped(words.album, 300, one_line=True)), (*rows, buttons(again)))


def picked(*, person: Person, draft_id: int, value: str, now: datetime) -> Reply:
    """The answer to “which one did you mean?”; the same answer twice is one nomination."""
    draft = drafts.mine(person=person, draft_id=draft_id, kind=KIND, now=now)
    if draft is None:
        raise ClubRuleBroken(say(members.DRAFT_GONE), code="no_draft")
    words = NominationWords.from_dict(draft.payload)
    album = Album.objects.select_related("artist").filter(pk=int(value)).first() if value.isdigit() else None
    try:
        if album is not None:
            return nominated(draft.member, draft.week, album, words, now)
        return as_typed(draft.member, draft.week, words, now)
    except ClubRuleBroken as refusal:
        chosen = {"album_id": album.pk} if album is not None else {TYPED: True}
        return _given_back(refusal, draft.member, draft.week, words, chosen, now)


# --- Taking it back -------------------------------------------------------------------------------------------------
def withdrawn(*, person: Person, nomination_id: int, now: datetime) -> Reply:
    """Refused in the club's words where it is somebody else's, or too late."""
    member = member_of_club(person, now=now)
    nomination = Nomination.objects.select_related("week", "album__artist").filter(pk=nomination_id).first()
    if nomination is None:
        raise ClubRuleBroken(say(members.NOT_YOURS), code="not_your_own")
    withdraw_nomination(nomination=nomination, by=member, now=now)
    again = button(members.NOMINATE_ANOTHER, encode("nominate", nomination.week.number))
    said = say(members.WITHDRAWN, week=nomination.week, album=places_of(nomination.album)["album"])
    return Reply(said, (buttons(again, week_link(nomination.week)),))


def swapped(*, person: Person, draft_id: int, now: datetime) -> Reply:
    """Withdraw the one nomination and put up the draft's album, or neither."""
    draft = drafts.mine(person=person, draft_id=draft_id, kind=KIND, now=now)
    if draft is None:
        raise ClubRuleBroken(say(members.DRAFT_GONE), code="no_draft")
    words, album_id = NominationWords.from_dict(draft.payload), draft.payload.get("album_id")
    album = Album.objects.select_related("artist").filter(pk=album_id).first() if album_id else None
    try:
        with transaction.atomic():
            for nomination in _own(draft.member, draft.week).select_related("week", "album__artist"):
                if album is None or nomination.album_id != album.pk:
                    withdraw_nomination(nomination=nomination, by=draft.member, now=now)
            if album is not None:
                return nominated(draft.member, draft.week, album, words, now)
            return as_typed(draft.member, draft.week, words, now)
    except ClubRuleBroken as refusal:
        return _given_back(refusal, draft.member, draft.week, words, {"album_id": album_id}, now)
