"""Rating: the form with what is stored, taking what was sent, taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from catalog.models import AlbumTrack, Track
from catalog.naming import standing
from club.errors import ClubRuleBroken
from club.models import Phase, Rating, Week
from club.ratings import clear_rating, rate
from discordbot import drafts
from discordbot.cards.parts import link, moment, stars
from discordbot.forms import rate as forms
from discordbot.forms.rate import RatingPaper, RatingWords, TrackLine, track_named
from discordbot.links import on_site
from discordbot.members import Person, member_of_club
from discordbot.models import Draft
from discordbot.opening import open_week
from discordbot.posts import Json
from discordbot.replies import DANGER, PRIMARY, Reply, button, buttons, week_link, with_words
from discordbot.routes import encode
from discordbot.safe_text import escaped
from discordbot.serving.nominations import places_of
from discordbot.texts import members, say
from social.models import User

KIND = Draft.Kind.RATING


def tracks_of(week: Week) -> tuple[TrackLine, ...]:
    """The winner's track list in order, each track once."""
    if week.winner is None:
        return ()
    lines = AlbumTrack.objects.filter(album=week.winner.album_id).order_by("disc", "position")
    rows: dict[int, str] = {}
    for track_id, title in lines.values_list("track_id", "track__title"):
        rows.setdefault(track_id, title)
    return tuple(TrackLine(track_id, title) for track_id, title in rows.items())


# --- The form -------------------------------------------------------------------------------------------------------
def blank(number: int | None) -> Json:
    """The form without anything from the database; what it leaves empty stays as it is."""
    return forms.form(RatingPaper(week=number))


def opened(*, person: Person, number: int | None, now: datetime) -> Json:
    """The form for a week that takes ratings, with the member's present rating."""
    said = JSONObject(half_stars="half_stars", track_id="track_id", favourite="favorite_track", thoughts="review")
    own = Rating.objects.filter(person.is_owner("user__"), week=OuterRef("pk")).values(said=said)
    weeks = Week.objects.select_related("winner").annotate(own=Subquery(own[:1]))
    week = open_week("rate", number, now=now, weeks=weeks)
    kept: dict[str, Any] = week.own or {}  # type: ignore[attr-defined]
    return forms.form(
        RatingPaper(
            week=week.number,
            tracks=tracks_of(week),
            half_stars=kept.get("half_stars"),
            favourite_id=kept.get("track_id"),
            favourite=kept.get("favourite", ""),
            thoughts=kept.get("thoughts", ""),
            is_known=True,
        )
    )


def reopened(*, person: Person, draft_id: int, now: datetime) -> Json:
    """The form with the words of a draft."""
    draft = drafts.mine(person=person, draft_id=draft_id, kind=KIND, now=now)
    if draft is None:
        raise ClubRuleBroken(say(members.DRAFT_GONE), code="no_draft")
    words = RatingWords.from_dict(draft.payload)
    week = Week.objects.select_related("winner").get(pk=draft.week_id)
    paper = RatingPaper(
        week=week.number,
        tracks=tracks_of(week),
        half_stars=words.half_stars,
        favourite_id=words.track_id,
        favourite=words.favourite or "",
        thoughts=words.thoughts or "",
        is_known=words.thoughts is not None,
    )
    return forms.form(paper, draft=draft.pk)


# --- What was sent --------------------------------------------------------------------------------------------------
def submitted(
    *, person: Person, number: int | None, words: RatingWords, now: datetime, draft_id: int | None = None
) -> Reply:
    """Rate as the form says, or give the words back with what is wrong."""
    member = member_of_club(person, now=now)
    week = _week(number, now)
    try:
        rating = taken(member, week, words, now)
    except ClubRuleBroken as refusal:
        return _given_back(refusal, member, week, words, now)
    drafts.used(draft_id=draft_id, person=person)
    return _done(rating, week)


def taken(member: User, week: Week, words: RatingWords, now: datetime) -> Rating:
    """Call the club with what was said; a typed title becomes a track where it is one of the list."""
    if words.half_stars is None:
        raise ClubRuleBroken(say(members.CHOOSE_STARS), code="bad_value")
    track, favourite = _track(words.track_id), words.favourite
    if favourite and (line := track_named(favourite, tracks_of(week))) is not None:
        track, favourite = Track.objects.get(pk=line.track_id), None
    rating, _is_new = rate(
        member=member,
        week=week,
        half_stars=words.half_stars,
        favorite_track=favourite if track is None else None,
        track=track,
        review=words.thoughts,
        now=now,
    )
    return rating


def _track(track_id: int | None) -> Track | None:
    found = Track.objects.filter(pk=track_id).first() if track_id else None
    return standing(found) if found else None


def _week(number: int | None, now: datetime) -> Week:
    weeks = Week.objects.with_winner()
    if number is not None and (week := weeks.filter(number=number).first()):
        return week
    return open_week("rate", number, now=now, weeks=weeks)


def _done(rating: Rating, week: Week) -> Reply:
    places: dict[str, Any] = places_of(week.winner.album) if week.winner else {"album": "", "credit": ""}
    time = moment(week.ratings_close_at)
    lines = [say(members.RATED, week=week, stars=stars(rating.half_stars), time=time, **places)]
    if rating.favorite_track:
        lines.append(say(members.RATED_FAVOURITE, track=escaped(rating.favorite_track, 300, one_line=True)))
    change = button(members.CHANGE_RATING, encode("rate", week.number))
    clear = button(members.CLEAR_RATING, encode("rate.clear", week.number), style=DANGER)
    return Reply("\n".join(lines), (buttons(change, clear, week_link(week)),))


def _given_back(refusal: ClubRuleBroken, member: User, week: Week, words: RatingWords, now: datetime) -> Reply:
    draft = drafts.keep(member=member, week=week, kind=KIND, payload=words.as_dict(), now=now)
    offered = [button(members.TRY_AGAIN, encode("rate.again", week.number, draft.pk), style=PRIMARY), week_link(week)]
    said = escaped(refusal.message, 800)
    if week.phase == Phase.CLOSED and week.winner is not None:
        said = f"{said} {say(members.RATE_OUTSIDE)}"
        page = on_site(settings.SITE_URL, week.winner.album.get_absolute_url())
        offered.append(link(members.ALBUM_PAGE, page))
    track = _track(words.track_id)
    written = words.as_text(track.title if track else "")
    return with_words(said, written, rows=(buttons(*offered),), is_kept=True)


def cleared(*, person: Person, number: int | None, now: datetime) -> Reply:
    """Take one's rating back while the week takes ratings; nothing there is nothing to do."""
    member = member_of_club(person, now=now)
    week = _week(number, now)
    rating = Rating.objects.filter(week=week, user=member).select_related("week").first()
    if rating is not None:
        clear_rating(rating=rating, by=member, now=now)
    album = places_of(week.winner.album)["album"] if week.winner else ""
    again = button(members.RATE_AGAIN, encode("rate", week.number))
    said = say(members.RATING_CLEARED, week=week, album=album, time=moment(week.ratings_close_at))
    return Reply(said, (buttons(again, week_link(week)),))
