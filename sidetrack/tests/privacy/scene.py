"""A member with something of everything, and everybody who could look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.models import Album, Artist, Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from club.models import (
    ClubSettings,
    DiaryEntry,
    FavouriteAlbum,
    Nomination,
    Phase,
    Rating,
    Vote,
    WantedAlbum,
    Week,
)
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from listening.models import AlbumSession, ListenEvent, Milestone
from listening.now_playing import now_playing
from listening.tests.histories import counted, heard
from listening.tokens import make_token
from social.models import Block, Follow, LinkedAccount, User
from social.models.user import MODERATORS
from social.moderation import people_changed
from social.profile import change_privacy
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.iso_weeks import iso_week
from taste.models import Playlist, PlaylistTrack, PredictedRating, UserRecommendation
from taste.weeks.aggregating import aggregate

HANDLE, NAME = "quartz", "Zanthe"
BIO, PITCH, REVIEW, ASIDE = "Biowords", "Pitchwords", "Reviewwords", "Asidewords"
PLAYED, NOW_PLAYING = "Playedband", "Nowband"
LIST_TITLE, TAPE_TITLE, SUGGESTED = "Listwords", "Tapewords", "Suggestedalbum"
WISH, LOGGED, FAVOURITE, SESSION = "Wishwords", "Loggedalbum", "Favouritealbum", "Sessionalbum"
AREAS_OF_MEMBER = ("visibility", "club_visibility", "listens_visibility", "taste_visibility")


@dataclass
class Scene:
    """owner: whose secrets they are. companion: shows everything to everybody, so that lists need no second secret."""

    now: datetime
    owner: User
    companion: User
    viewers: dict[str, User | None]
    week: Week
    poll: Week
    open: Week
    album: Album
    artist: Artist
    track: Track
    playlist: Playlist
    tape: Playlist
    review: Rating
    aside: Rating
    card: str = "artists"
    iso_week: str = ""
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def show(self, levels: dict[str, str]) -> None:
        """Give the owner these levels, everything else being public, by the function that members' settings call."""
        areas = {area: levels.get(area, Visibility.PUBLIC) for area in AREAS_OF_MEMBER}
        self.owner.refresh_from_db()  # the test before took back what it wrote
        change_privacy(member=self.owner, **areas)
        item = levels.get("item", Visibility.PUBLIC)
        Rating.objects.filter(pk__in=[self.review.pk, self.aside.pk]).update(visibility=item)
        for model in (DiaryEntry, WantedAlbum):
            model.objects.filter(user=self.owner).update(visibility=item)
        Playlist.objects.filter(pk__in=[self.playlist.pk, self.tape.pk]).update(visibility=item)
        people_changed()
        cache.clear()  # of what counts how often a visitor reads


def build() -> Scene:
    now = timezone.now().replace(microsecond=0)
    ClubSettings.load()
    owner = person(HANDLE, NAME, bio=BIO, searchable=True, shows_ballots=True, shows_progress=True, allows_quotes=True)
    companion = person("companion", "Companion", shows_ballots=True)
    in_discord(companion, 6998)
    viewers = everybody(owner)
    album = AlbumFactory(title="Winneralbum", artist__name="Winnerband", n_tracks=4)
    week = WeekFactory(phase=Phase.CLOSED, opens_at=now - timedelta(days=40), winner__album=album, winner__user=owner)
    Nomination.objects.filter(pk=week.winner.pk).update(pitch=PITCH)
    other = NominationFactory(week=week, user=companion)
    Vote.objects.create(week=week, user=owner, nomination=other, rank=1, cast_at=week.opens_at)
    review = RatingFactory(week=week, user=owner, half_stars=10, review=REVIEW, favorite_track="Favouritewords")
    for each in (companion, person("third", "Third"), person("fourth", "Fourth")):
        RatingFactory(week=week, user=each, half_stars=4)
    aside = RatingFactory(week=None, album=AlbumFactory(), user=owner, half_stars=9, review=ASIDE)
    poll = WeekFactory(phase=Phase.DISCUSSION, opens_at=now - timedelta(days=15), winner__user=companion,
        winner__album=AlbumFactory(n_tracks=3))  # fmt: skip
    running = NominationFactory(week__opens_at=now - timedelta(days=1), user=owner, pitch=PITCH).week
    artist = ArtistFactory(name=PLAYED)
    track = listens(owner, companion, artist, poll, now)
    recommended(owner, now)
    shelves(owner, artist, now)
    playlist, tape = (
        Playlist.objects.create(user=owner, kind=kind, key=key, title=title, visibility=Visibility.PUBLIC,
                                created_at=now, updated_at=now)
        for kind, key, title in (("mine", "own", LIST_TITLE), ("mixtape", "2025-W01", TAPE_TITLE))
    )  # fmt: skip
    for row in (playlist, tape):
        PlaylistTrack.objects.create(playlist=row, position=1, track=track)
    scene = Scene(
        now, owner, companion, viewers, week, poll, running, album, artist, track, playlist, tape, review, aside
    )
    scene.iso_week = iso_week((now - timedelta(days=7)).date())
    sign_in(scene)
    return scene


def person(handle: str, name: str, **fields: Any) -> User:
    areas = dict.fromkeys(AREAS_OF_MEMBER, Visibility.PUBLIC)
    made: User = UserFactory(handle=handle, display_name=name, **areas | fields)
    return made


def everybody(owner: User) -> dict[str, User | None]:
    """Who looks. They show nothing of themselves, so that whatever is told is told of the owner."""
    viewers: dict[str, User | None] = {"guest": None, "self": owner}
    for name in ("stranger", "follower", "blocked", "blocking", "moderator"):
        viewers[name] = person(name, name.title(), **dict.fromkeys(AREAS_OF_MEMBER, Visibility.ME))
    for name in ("follower", "blocked", "blocking"):
        Follow.objects.create(follower=viewers[name], followed=owner)  # a block outranks a follow that should be gone
    Block.objects.create(blocker=owner, blocked=viewers["blocked"])
    Block.objects.create(blocker=viewers["blocking"], blocked=owner)
    viewers["moderator"].groups.add(Group.objects.get(name=MODERATORS))  # type: ignore[union-attr]
    for number, member in enumerate(viewers.values()):
        if member is not None:
            in_discord(member, 7000 + number)
    return viewers


def in_discord(member: User, snowflake: int) -> None:
    LinkedAccount.objects.create(user=member, provider="discord", provider_user_id=str(snowflake))


def listens(owner: User, companion: User, artist: Artist, poll: Week, now: datetime) -> Track:
    """Enough to have weeks, top lists and company; what is private, and what plays now."""
    album = AlbumFactory(title="Playedalbum", artist=artist, n_tracks=3)
    tracks = list(album.home_tracks.order_by("pk"))
    noon = now.replace(hour=12, minute=0) - timedelta(days=1)
    for member, days in ((owner, 30), (companion, 12)):
        for place, track in enumerate(tracks):
            heard(member, track, *[noon - timedelta(days=day, minutes=10 * place) for day in range(days)], album=album)
    for place in range(12):  # as many as a match asks for
        song = TrackFactory(artist=ArtistFactory(name=f"Shared {place}"))
        for member in (owner, companion):
            heard(member, song, noon - timedelta(days=place, hours=1))
    nominated = list(poll.winner.album.home_tracks.all()) if poll.winner else []
    for track in nominated:
        heard(owner, track, noon, album=poll.winner.album if poll.winner else None)
    counted(owner, companion, now=now)
    for member in (owner, companion):
        aggregate(user=member, now=now, everything=True)
    Follow.objects.create(follower=owner, followed=companion)
    now_playing(user=owner, source="scrobbler", artist=NOW_PLAYING, title="Nowsong", duration_ms=3_600_000, now=now)
    assert ListenEvent.objects.filter(user=owner).count() >= 90
    return tracks[0]


def recommended(owner: User, now: datetime) -> None:
    UserRecommendation.objects.create(
        user=owner, album=AlbumFactory(title=SUGGESTED), score=0.9, kind="similar", reason="Near.", rank=1,
        version="test", computed_at=now,
    )  # fmt: skip
    assert PredictedRating.objects.count() == 0


def shelves(owner: User, artist: Artist, now: datetime) -> None:
    open_to_all = {"user": owner, "visibility": Visibility.PUBLIC, "created_at": now}
    DiaryEntry.objects.create(album=AlbumFactory(title=LOGGED), listened_on=now.date(), **open_to_all)
    WantedAlbum.objects.create(album=AlbumFactory(), note=WISH, **open_to_all)
    FavouriteAlbum.objects.create(user=owner, album=AlbumFactory(title=FAVOURITE), position=1)
    AlbumSession.objects.create(
        user=owner, album=AlbumFactory(title=SESSION), started_at=now - timedelta(hours=3),
        ended_at=now - timedelta(hours=2), n_tracks=5, n_tracks_of=5,
    )  # fmt: skip
    Milestone.objects.create(user=owner, artist=artist, n_plays=4321, reached_at=now - timedelta(hours=1))


def sign_in(scene: Scene) -> None:
    for name, member in scene.viewers.items():
        scene.clients[name] = Client()
        if member is not None:
            scene.clients[name].force_login(member)
            scene.tokens[name] = make_token(user=member, name="a program", now=scene.now)[1]
