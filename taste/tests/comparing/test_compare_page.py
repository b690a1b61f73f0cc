"""`/@a/with/@b/`: what stands on it, for whom, and in how many queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import DiaryEntry, WantedAlbum
from club.tests.factories import RatingFactory
from listening.models import AlbumTotal, ArtistTotal
from social.models import Block, Follow, User
from social.visibility import Visibility
from taste.models import UserRecommendation
from taste.tests.comparing.two import ana_and_bo
from taste.tests.matching.tastes import NOW, artists, member, plays, plays_albums

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
AREAS = ("visibility", "taste_visibility", "listens_visibility", "club_visibility")
PUBLIC = dict.fromkeys(AREAS, Visibility.PUBLIC)
PAGE = "/@ana/with/@bo/"


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pair() -> tuple[User, User]:
    return ana_and_bo()


def the_gift() -> Album:
    return Album.objects.get(title="Gift of Ana")


def let(who: User, **fields: Any) -> None:
    User.objects.filter(pk=who.pk).update(**fields)


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_says_the_score_its_word_and_what_it_rests_on(pair: tuple[User, User], rin: User) -> None:
    text = page_of(signed_in(rin))
    assert re.search(r"\d\d · (Same track|Close)", text)
    assert "from 5 shared ratings and 12 shared artists" in text
    assert "Worked out 20 November 2025" in text
    for label in ("Artists in common", "Genres", "Club ratings"):
        assert label in text
    assert "random pairs of listeners have less of it" in text


def test_it_is_the_same_from_both_sides_and_the_viewer_stands_first(pair: tuple[User, User], rin: User) -> None:
    ana, bo = pair
    scores = set()
    for client in (signed_in(rin), signed_in(ana), signed_in(bo)):
        for address in (PAGE, "/@bo/with/@ana/"):
            scores.add(re.search(r"(\d+) · ", page_of(client, address)).group(1))  # type: ignore[union-attr]
    assert len(scores) == 1
    for who, first in ((ana, "ana"), (bo, "bo")):
        answer = signed_in(who).get(PAGE)
        assert answer.context["pair"].a.handle == first
        assert answer.context["pair"].is_own
    assert signed_in(rin).get("/@bo/with/@ana/").context["pair"].a.handle == "bo"


def test_sides_are_addressed_by_their_handles_as_written(pair: tuple[User, User], rin: User) -> None:
    client = signed_in(rin)
    assert client.get("/@ANA/with/@bo/")["Location"] == PAGE
    assert client.get("/@ana/with/@Ana/")["Location"] == "/@ana/"
    assert client.get("/@ana/with/@nobody/").status_code == 404
    assert client.get("/@nobody/with/@nobody/").status_code == 404


@pytest.mark.parametrize("area", AREAS)
def test_a_visitor_reads_it_only_where_all_that_it_is_drawn_from_is_public(pair: tuple[User, User], area: str) -> None:
    _ana, bo = pair
    assert Client().get(PAGE).status_code == 404
    for each in pair:
        let(each, **PUBLIC)
    assert Client().get(PAGE).status_code == 200
    let(bo, **{area: Visibility.MEMBERS})
    answer = Client().get(PAGE)
    assert answer.status_code == 404
    assert "bo" not in answer.content.decode().split("</title>")[0].lower()


def test_followers_alone_read_a_taste_that_is_for_followers(pair: tuple[User, User], stranger: User) -> None:
    ana, bo = pair
    let(bo, taste_visibility=Visibility.FOLLOWERS)
    follower = member("follower")
    Follow.objects.create(follower=follower, followed=bo)
    assert signed_in(stranger).get(PAGE).status_code == 404
    assert signed_in(ana).get(PAGE).status_code == 404
    for reader in (follower, bo):
        assert signed_in(reader).get(PAGE).status_code == 200


@pytest.mark.parametrize("blocker", ["ana", "bo"])
def test_a_block_hides_it_from_both_and_tells_nobody_else(pair: tuple[User, User], rin: User, blocker: str) -> None:
    ana, bo = pair
    first, second = (ana, bo) if blocker == "ana" else (bo, ana)
    Block.objects.create(blocker=first, blocked=second)
    for each in pair:
        assert signed_in(each).get(PAGE).status_code == 404
        assert signed_in(each).get("/@ana/with/@bo/artists.csv").status_code == 404
    assert signed_in(rin).get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["ana", "bo"])
def test_who_is_not_to_be_compared_has_no_match_anywhere(pair: tuple[User, User], rin: User, who: str) -> None:
    ana, bo = pair
    signed_in(rin).get(PAGE)  # so that a score is kept
    let(ana if who == "ana" else bo, shows_matches=False)
    for reader in (rin, *pair):
        client = signed_in(reader)
        assert client.get(PAGE).status_code == 404
        assert client.get("/@ana/with/@bo/artists.csv").status_code == 404
        assert client.get("/api/v1/users/ana/compatibility/bo").status_code == 404
    for reader, other in ((ana, "bo"), (bo, "ana")):
        client = signed_in(reader)
        assert "chip-match" not in client.get(f"/@{other}/").content.decode()
        assert f"with/@{other}/" not in client.get("/matches/").content.decode()
        assert "match " not in page_of(client, "/community/")


def test_inactive_members_are_not_there(pair: tuple[User, User], rin: User) -> None:
    let(pair[1], is_active=False)
    assert signed_in(rin).get(PAGE).status_code == 404


def test_music_is_named_only_where_both_listens_are_open(pair: tuple[User, User], rin: User) -> None:
    let(pair[1], listens_visibility=Visibility.ME)
    text = page_of(signed_in(rin))
    assert "Band 0" not in text
    assert "shared artist" not in text
    assert "Artists in common" not in text
    assert "Played by Bo" not in text
    assert "times" not in text
    assert "Gift of Ana" in text  # rated for all to read, and not rated by Bo
    assert "Ana gave it 5.0." in text
    assert signed_in(rin).get("/@ana/with/@bo/artists.csv").status_code == 404
    assert "Band 0" in page_of(signed_in(pair[1]))


def test_ratings_count_as_far_as_the_archive_names_both(pair: tuple[User, User], rin: User) -> None:
    let(pair[1], club_visibility=Visibility.ME)
    text = page_of(signed_in(rin))
    assert "shared rating" not in text
    assert "Both 3" not in text
    assert "Club ratings" not in text
    assert "stars" not in text
    assert "gave it" not in text
    assert "from 12 shared artists" in text


def test_a_rating_of_their_own_level_is_read_by_those_it_is_for(pair: tuple[User, User], rin: User) -> None:
    secret = AlbumFactory(title="Secret quarrel")
    RatingFactory(user=pair[0], week=None, album=secret, half_stars=10)
    RatingFactory(user=pair[1], week=None, album=secret, half_stars=2, visibility=Visibility.FOLLOWERS)
    assert "Secret quarrel" not in page_of(signed_in(rin)).split("Hand over")[0]
    Follow.objects.create(follower=rin, followed=pair[1])
    assert "Secret quarrel" in page_of(signed_in(rin)).split("Hand over")[0]


def test_where_they_differ(pair: tuple[User, User], rin: User) -> None:
    text = page_of(signed_in(rin))
    assert re.search(r"Where they differ.*Both 3.*Ana 4\.5.*Bo 1\.5", text)
    assert "Of 5 albums that both rated" in text
    assert "Both 2" not in text


def test_what_each_should_hand_over_with_a_reason_that_is_true(pair: tuple[User, User], rin: User) -> None:
    _ana, bo = pair
    text = page_of(signed_in(bo))
    mine, theirs = text.split("From Ana to you")[1].split("From you to Ana")
    assert "Gift of Ana" in mine
    assert "Ana gave it 5.0 and played it 31 times. It is krautrock, as is 60% of what you played." in mine
    assert "You played it 44 times. Ana played Band 003, 13 times, but not this album." in theirs


def test_what_the_other_has_played_rated_or_heard_is_not_handed_over(pair: tuple[User, User]) -> None:
    _ana, bo = pair
    gift = the_gift()
    for know in (
        lambda: AlbumTotal.objects.create(user=bo, album=gift, n_listens=1, first_at=NOW, last_at=NOW),
        lambda: RatingFactory(user=bo, week=None, album=gift, half_stars=4, visibility=Visibility.ME),
        lambda: DiaryEntry.objects.create(user=bo, album=gift, listened_on=NOW.date(), created_at=NOW),
        lambda: UserRecommendation.objects.create(
            user=bo, album=gift, kind="similar", score=0, feedback="known", version="", computed_at=NOW
        ),
    ):
        row = know()
        assert "Gift of Ana" not in page_of(signed_in(bo)).split("Hand over")[1]
        row.delete()
    assert "Gift of Ana" in page_of(signed_in(bo)).split("Hand over")[1]


def test_what_is_handed_over_goes_onto_the_list_to_hear_in_one_step(pair: tuple[User, User]) -> None:
    client = signed_in(pair[1])
    page = client.get(PAGE).content.decode()
    action, back = re.search(r'action="([^"]+/want/)".*?name="next" value="([^"]+)"', page).groups()  # type: ignore[union-attr]
    assert client.post(action, {"next": back})["Location"] == PAGE
    assert [row.album.title for row in WantedAlbum.objects.filter(user=pair[1])] == ["Gift of Ana"]
    assert action not in client.get(PAGE).content.decode()


def test_an_album_on_the_list_to_hear_says_so(pair: tuple[User, User], rin: User) -> None:
    WantedAlbum.objects.create(user=pair[1], album=the_gift(), created_at=NOW, visibility=Visibility.FOLLOWERS)
    assert "on the list of what" not in page_of(signed_in(rin))
    Follow.objects.create(follower=rin, followed=pair[1])
    assert "It is on the list of what Bo wanted to hear." in page_of(signed_in(rin))


def test_shared_artists_stand_side_by_side_and_in_a_file(pair: tuple[User, User], rin: User) -> None:
    text = page_of(signed_in(rin))
    assert "They meet most at Band 011" in text
    assert "12 artists whom both have played" in text
    answer = signed_in(rin).get("/@ana/with/@bo/artists.csv")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "artist,ana_plays,bo_plays,ana_share,bo_share"
    assert lines[1].startswith("Band 011,21,21,0.11")
    assert len(lines) == 13
    assert answer["X-Robots-Tag"] == "noindex"


def test_who_was_first_is_told_only_of_whose_history_reaches_back(pair: tuple[User, User], rin: User) -> None:
    ana, bo = pair
    band = artists(1)[0]
    long_ago = NOW - timedelta(days=3 * 365)
    ArtistTotal.objects.filter(user=ana, artist=band).update(first_at=long_ago)
    assert "before Bo did" not in page_of(signed_in(rin))
    ArtistTotal.objects.filter(user=bo, artist=artists(2)[1]).update(first_at=long_ago - timedelta(days=9))
    assert "Ana played Band 000 3 years before Bo did." in page_of(signed_in(rin))


def test_too_little_has_no_number_and_says_what_would_help(rin: User, stranger: User) -> None:
    text = page_of(signed_in(rin), "/@rin/with/@stranger/")
    assert "Not enough in common yet" in text
    assert "ten artists" in text
    assert "So far: 0 shared artists, 0 albums that both rated" in text
    assert "Connect what you listen with" in text
    assert "Same track" not in text


def test_queries_do_not_grow_with_what_is_shared(pair: tuple[User, User], rin: User) -> None:
    ana, bo = pair
    client = signed_in(rin)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    more = artists(60, first=20)
    for each in pair:
        plays(each, dict.fromkeys(more, 12))
    for place in range(25):
        album = AlbumFactory()
        RatingFactory(user=ana, week=None, album=album, half_stars=10)
        RatingFactory(user=bo, week=None, album=album, half_stars=3 + place % 4)
        plays_albums(ana, {AlbumFactory(): 20})
    client.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)


def test_the_chip_on_a_members_page_leads_here(pair: tuple[User, User], rin: User) -> None:
    ana, _bo = pair
    assert "Compare your tastes" in page_of(signed_in(ana), "/@bo/")
    signed_in(ana).get(PAGE)
    page = signed_in(ana).get("/@bo/").content.decode()
    assert re.search(r'href="/@ana/with/@bo/".*?<b>\d+</b> · (Same track|Close)', page)
    for seen_as in ("", "?as=visitor", "?as=member", "?as=follower"):
        assert "chip-match" not in signed_in(ana).get(f"/@ana/{seen_as}").content.decode()
    for each in pair:
        let(each, **PUBLIC)
    assert "chip-match" not in Client().get("/@bo/").content.decode()


def test_a_member_finds_their_nearest(pair: tuple[User, User], rin: User) -> None:
    ana, _bo = pair
    assert "Nobody yet" in page_of(signed_in(ana), "/matches/")
    signed_in(ana).get(PAGE)
    assert re.search(r"Bo \d+ · (Same track|Close) Both play krautrock and dub\.", page_of(signed_in(ana), "/matches/"))
    assert "Who matches you" in page_of(signed_in(ana), "/community/")
    let(ana, shows_matches=False)
    assert "You are not compared with anybody" in page_of(signed_in(ana), "/matches/")
    assert Client().get("/matches/").status_code == 302


def named(client: Client, address: str) -> list[str]:
    """Who stands in the list of members, in order."""
    people = client.get(address).content.decode().partition('<ul class="people"')[2]
    return re.findall(r'class="person-name" href="/@(\w+)/"', people)


def test_the_list_of_members_goes_by_match_for_who_is_compared(pair: tuple[User, User], rin: User) -> None:
    ana, bo = pair
    client = signed_in(ana)
    client.get(PAGE)
    for handle in ("aa", "zz"):
        member(handle)
    assert named(client, "/community/") == ["aa", "ana", "bo", "rin", "zz"]
    assert "?sort=match" in client.get("/community/").content.decode()
    assert named(client, "/community/?sort=match") == ["bo", "aa", "ana", "rin", "zz"]
    assert named(client, "/community/?sort=match&q=z") == ["zz"]
    let(bo, shows_matches=False)
    assert named(client, "/community/?sort=match") == ["aa", "ana", "bo", "rin", "zz"]
    let(ana, shows_matches=False)
    for reader in (client, Client()):
        assert "?sort=match" not in reader.get("/community/").content.decode()
        assert named(reader, "/community/?sort=match") == named(reader, "/community/")


def test_a_match_has_a_picture_only_where_both_are_public(pair: tuple[User, User], rin: User) -> None:
    picture = "/@ana/with/@bo/card.png"
    for client in (Client(), signed_in(rin), signed_in(pair[0])):
        assert client.get(picture).status_code == 404
        assert "card.png" not in (client.get(PAGE).content.decode())
    for each in pair:
        let(each, **PUBLIC)
    for address in (picture, "/@BO/with/@ana/card.png"):
        answer = Client().get(address)
        assert answer.content.startswith(b"\x89PNG")
        assert "private" in answer["Cache-Control"]
    assert Client().get(picture, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert 'property="og:image" content="http' in Client().get(PAGE).content.decode()
    let(pair[1], shows_matches=False)
    assert Client().get(picture).status_code == 404


def test_consent_is_a_switch_in_the_privacy_settings(rin: User) -> None:
    client = signed_in(rin)
    assert "Members may compare themselves with me" in page_of(client, "/settings/privacy/")
    levels = dict.fromkeys(AREAS, Visibility.MEMBERS)
    client.post("/settings/privacy/", levels)
    rin.refresh_from_db()
    assert not rin.shows_matches
    client.post("/settings/privacy/", levels | {"shows_matches": "on"})
    rin.refresh_from_db()
    assert rin.shows_matches
