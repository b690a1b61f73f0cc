"""/fm, /whoknows, /taste and /chart: what is told, to whom, and what a channel never reads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from catalog.models import Artist
from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.models import Phase
from club.tests.factories import WeekFactory
from discordbot.members import Person
from discordbot.replies import Reply
from discordbot.serving.music import charting, knowing, matching, playing
from discordbot.tests.reading import buttons_of
from listening.ingest import ingest
from listening.models import IncognitoRange
from listening.now_playing import now_playing
from listening.plays import Play
from social.models import Block, LinkedAccount, User
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.models import TasteProfile
from taste.tests.matching.tastes import artists, plays

ANN, BEN, CID = Person(1001, "Ann", "ann"), Person(1002, "Ben", "ben"), Person(1003, "Cid", "cid")
SUSPENDED = {"suspended_at": datetime(2020, 1, 1, tzinfo=UTC)}
HIDDEN: list[dict[str, Any]] = [
    SUSPENDED,
    {"listens_visibility": Visibility.ME},
    {"listens_visibility": Visibility.FOLLOWERS},
    {"visibility": Visibility.FOLLOWERS},
    {"visibility": Visibility.ME},
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def member(person: Person, **said: Any) -> User:
    made: User = UserFactory(handle=person.handle, display_name=person.name, **said)
    LinkedAccount.objects.create(user=made, provider="discord", provider_user_id=str(person.snowflake))
    return made


def hears(
    user: User, titles: Sequence[str], *, now: datetime, artist: str = "Portishead", album: str = "Dummy"
) -> None:
    told = [
        Play(now - timedelta(minutes=5 * (len(titles) - place)), artist, title, album)
        for place, title in enumerate(titles)
    ]
    ingest(user=user, source="lastfm", plays=told, now=now)


def shown(reply: Reply) -> str:
    return str(reply.body()) + str(reply.more)


def fm(person: Person, other: Person | None = None, *, now: datetime, only_me: bool = False) -> Reply:
    return playing.fm(person=person, other=other, only_me=only_me, now=now)


# --- /fm ------------------------------------------------------------------------------------------------------------
def test_fm_tells_the_last_play_with_its_counts(now: datetime) -> None:
    ann = member(ANN)
    hears(ann, ["Roads", "Numb", "Roads"], now=now)
    reply = fm(ANN, now=now)
    assert reply.content.startswith("**Ann** last listened to **Roads** — Portishead, <t:")
    [embed] = reply.body()["embeds"]
    assert {each["name"]: each["value"] for each in embed["fields"]} == {
        "Track": "2 plays",
        "Album": "3 plays",
        "Artist": "3 plays",
    }
    assert "Dummy" in embed["description"]
    assert reply.is_public
    assert not fm(ANN, now=now, only_me=True).is_public
    assert list(buttons_of(reply)) == ["The album on the website", "Listening of Ann"]


def test_fm_tells_what_plays_now_and_which_track_of_the_weeks_album_it_is(now: datetime) -> None:
    ann = member(ANN)
    album = AlbumFactory(title="Dummy", artist__name="Portishead", n_tracks=3)
    WeekFactory(number=12, phase=Phase.LISTENING, winner__album=album)
    second = album.lines.select_related("track").get(position=2).track
    hears(ann, [second.title], now=now - timedelta(hours=1))
    now_playing(user=ann, source="lastfm", artist="Portishead", title=second.title, album="Dummy", now=now)
    reply = fm(ANN, now=now)
    assert reply.content == f"**Ann** is listening to **{second.title}** — Portishead."
    assert "Track 2 of 3 of the album of WEEK 012." in shown(reply)


def test_fm_of_something_that_nobody_knows_yet(now: datetime) -> None:
    ann = member(ANN)
    now_playing(user=ann, source="lastfm", artist="Nobody", title="@everyone <b>**", now=now)
    reply = fm(ANN, now=now)
    assert "is listening to" in reply.content
    assert "@everyone" not in reply.content
    assert reply.body()["allowed_mentions"] == {"parse": []}
    assert reply.body()["embeds"][0]["fields"] == []


def test_in_a_private_time_nothing_is_playing(now: datetime) -> None:
    ann = member(ANN)
    hears(ann, ["Roads"], now=now - timedelta(hours=1))
    now_playing(user=ann, source="lastfm", artist="Portishead", title="Numb", now=now)
    IncognitoRange.objects.create(user=ann, starts_at=now - timedelta(minutes=1))
    assert "Numb" not in shown(fm(ANN, now=now))


def test_whoever_has_no_listens_is_told_where_to_connect(now: datetime) -> None:
    for reply in (fm(ANN, now=now), charting.chart(person=ANN, period="7", size=3, only_me=False, now=now).reply):
        assert not reply.is_public
        assert "Connect Last.fm" in reply.content
        assert list(buttons_of(reply)) == ["Connect what I listen with"]


@pytest.mark.parametrize("said", HIDDEN)
def test_my_own_hidden_listens_are_told_to_me_alone(now: datetime, said: dict[str, Any]) -> None:
    hears(member(ANN, **said), ["Roads"], now=now)
    own = fm(ANN, now=now)
    assert "Roads" in own.content
    assert "Only you see this" in own.content
    assert not own.is_public
    chart = charting.chart(person=ANN, period="7", size=3, only_me=False, now=now)
    assert chart.albums
    assert not chart.reply.is_public


def test_hidden_blocked_unknown_deleted_and_silent_members_read_the_same(now: datetime) -> None:
    member(ANN)

    def refusal() -> str:
        with pytest.raises(ClubRuleBroken) as refused:
            fm(ANN, BEN, now=now)
        return refused.value.message

    unknown = refusal()
    assert "**" not in unknown
    assert "Ben" in unknown
    ben = member(BEN)
    assert refusal() == unknown
    hears(ben, ["Roads"], now=now)
    assert "Roads" in fm(ANN, BEN, now=now).content
    for said in [*HIDDEN, {"is_active": False}]:
        before = {name: getattr(ben, name) for name in said}
        User.objects.filter(pk=ben.pk).update(**said)
        assert refusal() == unknown
        User.objects.filter(pk=ben.pk).update(**before)
    for blocker, blocked in ((ben, User.objects.get(handle="ann")), (User.objects.get(handle="ann"), ben)):
        row = Block.objects.create(blocker=blocker, blocked=blocked, created_at=now)
        assert refusal() == unknown
        row.delete()


# --- /whoknows ------------------------------------------------------------------------------------------------------
def who(person: Person, typed: str = "", *, now: datetime, only_me: bool = False) -> Reply:
    return knowing.who_knows(person=person, typed=typed, only_me=only_me, now=now)


def test_whoknows_lists_who_plays_an_artist_most(now: datetime) -> None:
    for person, n in ((ANN, 2), (BEN, 5), (CID, 3)):
        hears(member(person), [f"Song {place}" for place in range(n)], now=now)
    reply = who(ANN, "portishead", now=now)
    assert reply.content.split("\n") == [
        "**3 members** here play **Portishead**.",
        "1\\. **Ben** · 5 plays",
        "2\\. **Cid** · 3 plays",
        "3\\. **Ann** · 2 plays",
    ]
    assert reply.is_public
    assert who(ANN, now=now).content == reply.content  # the one that Ann heard last
    [choice] = knowing.artist_choices("port", person=ANN)
    assert choice == ("Portishead", f"artist:{Artist.objects.get(name='Portishead').pk}")
    assert who(ANN, choice[1], now=now).content == reply.content


def test_below_the_first_ten_i_still_read_my_place(now: datetime) -> None:
    hears(member(ANN), ["Roads"], now=now)
    for place in range(11):
        each = Person(2000 + place, f"M{place:02}", f"m{place:02}")
        hears(member(each), ["Roads", "Numb"], now=now)
    lines = who(ANN, "Portishead", now=now).content.split("\n")
    assert lines[0].startswith("**12 members**")
    assert lines[-2:] == ["…", "12\\. **Ann** · 1 play"]
    assert len(lines) == 13


@pytest.mark.parametrize("said", HIDDEN)
def test_hidden_members_are_no_line_and_no_number_but_read_their_own_place(now: datetime, said: dict[str, Any]) -> None:
    hears(member(ANN), ["Roads"], now=now)
    hears(member(BEN, **said), ["Roads", "Numb"], now=now)
    seen = who(ANN, "Portishead", now=now)
    assert "Ben" not in shown(seen)
    assert "**1 member** here" in seen.content
    own = who(BEN, "Portishead", now=now)
    assert "Ben" not in own.content
    [private] = own.more
    assert "2 times" in private
    assert "place 1" in private


def test_blocked_members_and_those_outside_the_server_are_left_out(now: datetime) -> None:
    ann, ben = member(ANN), member(BEN)
    outside = UserFactory(handle="outside")
    for each in (ann, ben, outside):
        hears(each, ["Roads"], now=now)
    assert "**2 members**" in who(ANN, "Portishead", now=now).content
    Block.objects.create(blocker=ben, blocked=ann, created_at=now)
    assert "**1 member**" in who(ANN, "Portishead", now=now).content
    assert "**2 members**" in who(CID, "Portishead", now=now).content


def test_an_artist_whom_nobody_shows_is_not_even_suggested(now: datetime) -> None:
    member(ANN)
    hears(member(BEN, listens_visibility=Visibility.ME), ["Roads"], now=now)
    assert knowing.artist_choices("port", person=ANN) == []
    assert [name for name, _ in knowing.artist_choices("port", person=BEN)] == ["Portishead"]
    assert "Nobody here" in who(ANN, "Portishead", now=now).content
    with pytest.raises(ClubRuleBroken, match="Nobody here has played"):
        who(ANN, "No such band", now=now)
    with pytest.raises(ClubRuleBroken, match="Write an artist"):
        who(ANN, now=now)


# --- /taste ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def pair(db: None) -> tuple[User, User]:
    ann, ben = member(ANN), member(BEN)
    bands = artists(14)
    plays(ann, dict.fromkeys(bands[:12], 9))
    plays(ben, dict.fromkeys(bands[2:], 9))
    return ann, ben


def taste(person: Person, other: Person | None = None, *, now: datetime, only_me: bool = False) -> Reply:
    return matching.taste(person=person, other=other, only_me=only_me, now=now)


def test_taste_tells_the_score_its_word_why_and_where_the_rest_is(pair: tuple[User, User], now: datetime) -> None:
    reply = taste(ANN, BEN, now=now)
    assert reply.content.startswith("**Ann** and **Ben**: **")
    assert "of 100" in reply.content
    assert "Artists of both: Band" in shown(reply)
    assert "10 artists stand among the most played of both" in shown(reply)
    [page] = buttons_of(reply).values()
    assert "/@ann/with/@ben/" in str(page)
    assert reply.is_public
    assert not taste(ANN, BEN, now=now, only_me=True).is_public


@pytest.mark.parametrize(
    "said",
    [
        {"shows_matches": False},
        {"taste_visibility": Visibility.FOLLOWERS},
        {"taste_visibility": Visibility.ME},
        {"visibility": Visibility.FOLLOWERS},
        {"is_active": False},
        SUSPENDED,
    ],
)
def test_whoever_is_not_to_be_compared_is_not(pair: tuple[User, User], now: datetime, said: dict[str, Any]) -> None:
    User.objects.filter(pk=pair[1].pk).update(**said)
    with pytest.raises(ClubRuleBroken, match="cannot be compared"):
        taste(ANN, BEN, now=now)
    if "shows_matches" in said:
        with pytest.raises(ClubRuleBroken, match="cannot be compared"):
            taste(BEN, ANN, now=now)


def test_hidden_listens_name_no_music_and_stay_out_of_the_channel(pair: tuple[User, User], now: datetime) -> None:
    User.objects.filter(pk=pair[1].pk).update(listens_visibility=Visibility.ME)
    reply = taste(ANN, BEN, now=now)
    assert "Band" not in shown(reply)
    assert "artists stand" not in shown(reply)
    assert not reply.is_public
    with pytest.raises(ClubRuleBroken, match="yourself"):
        taste(ANN, ANN, now=now)
    with pytest.raises(ClubRuleBroken, match="cannot be compared"):
        taste(ANN, CID, now=now)


def test_too_little_to_compare_is_said(now: datetime) -> None:
    member(ANN), member(BEN)
    assert "there is too little to compare yet" in taste(ANN, BEN, now=now).content


def test_my_own_taste_in_a_line(now: datetime) -> None:
    ann = member(ANN)
    assert "not enough yet" in taste(ANN, now=now).content
    TasteProfile.objects.create(
        user=ann, genre_histogram={"trip hop": 0.4, "dream pop": 0.3, "jazz": 0.1}, last_computed_at=now
    )
    reply = taste(ANN, now=now)
    assert reply.content == "**Ann** plays trip hop, dream pop & jazz."
    assert reply.is_public
    User.objects.filter(pk=ann.pk).update(taste_visibility=Visibility.ME)
    assert not taste(ANN, now=now).is_public


# --- /chart ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("n_albums", "size", "side"), [(9, 3, 3), (8, 3, 2), (1, 5, 1), (26, 5, 5), (16, 3, 3)])
def test_a_chart_is_the_largest_square_that_the_albums_fill(now: datetime, n_albums: int, size: int, side: int) -> None:
    ann = member(ANN)
    for place in range(n_albums):
        hears(ann, ["Song"] * (n_albums - place), now=now, artist=f"Band {place}", album=f"Album {place:02}")
    found = charting.chart(person=ANN, period="30", size=size, only_me=False, now=now)
    assert [album.title for album in found.albums] == [f"Album {place:02}" for place in range(side * side)]
    [upload] = found.drawn()
    with Image.open(io.BytesIO(upload.data)) as picture:
        assert picture.format == "PNG"
        assert picture.size == (picture.width, picture.width)
        assert picture.width >= 890
    assert upload.alt.startswith(f"Covers of {side} by {side} albums")
    assert "Album 00" in upload.alt
    body = found.reply.body()
    assert body["embeds"][0]["image"]["url"] == "attachment://chart.png"
    assert ("larger square" in body["content"]) is (side < size)
    assert found.reply.is_public


def test_a_chart_of_a_time_without_music_says_so(now: datetime) -> None:
    ann = member(ANN)
    hears(ann, ["Roads"], now=now - timedelta(days=20))
    found = charting.chart(person=ANN, period="7", size=3, only_me=False, now=now)
    assert "No album was played" in found.reply.content
    assert found.drawn() == []
    assert charting.chart(person=ANN, period="30", size=3, only_me=False, now=now).albums
    assert charting.chart(person=ANN, period="all", size=3, only_me=False, now=now).albums
    assert not charting.chart(person=ANN, period="nonsense", size=3, only_me=False, now=now).albums
