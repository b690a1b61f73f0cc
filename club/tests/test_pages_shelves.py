"""Shelves on the web: buttons, forms and tabs; what each viewer sees of them; how many queries that takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import DiaryEntry, WantedAlbum
from club.shelves.diary import log_album
from club.shelves.favourites import favourites_of, set_favourites
from club.shelves.wanting import want
from club.tests.factories import MONDAY, RatingFactory
from social.models import Block, User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(client: Client, rin: User) -> Album:
    client.force_login(rin)
    return AlbumFactory(title="Blue")


def body(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def test_visitors_find_no_buttons_and_are_asked_to_sign_in(client: Client) -> None:
    album = AlbumFactory()
    page = body(client, album.get_absolute_url())
    for verb in ("log", "want", "favourite"):
        assert f"{album.get_absolute_url()}{verb}/" not in page
        answer = client.post(f"{album.get_absolute_url()}{verb}/", {"act": "want"})
        assert answer["Location"].startswith("/accounts/login/")
    assert not WantedAlbum.objects.exists()


def test_the_albums_page_puts_it_on_the_list_and_takes_it_off(client: Client, rin: User, album: Album) -> None:
    page = album.get_absolute_url()
    assert "Want to hear" in body(client, page)
    for _ in range(2):
        assert client.post(f"{page}want/", {"act": "want"})["Location"] == page
    assert WantedAlbum.objects.get().user == rin
    assert "Take it off my list" in body(client, page)
    client.post(f"{page}want/", {"act": "unwant", "next": "/@rin/wants/"})
    assert not WantedAlbum.objects.exists()


def test_a_heard_album_is_logged_changed_and_removed(client: Client, rin: User, album: Album) -> None:
    log = f"{album.get_absolute_url()}log/"
    want(member=rin, album=album, now=MONDAY)
    full = {"log-listened_on": "2025-03-02", "log-extent": "whole", "log-visibility": "members"}
    assert "off your list" in client.post(log, full, follow=True).content.decode()
    entry = DiaryEntry.objects.get()
    assert (str(entry.listened_on), entry.extent, entry.visibility) == ("2025-03-02", "whole", "members")
    assert "You heard it on 2 March 2025." in body(client, album.get_absolute_url())
    client.post(log, {**full, "entry": entry.pk, "log-extent": "part"})
    entry.refresh_from_db()
    assert entry.extent == "part"
    client.post(log, {"entry": entry.pk, "remove": "1"})
    assert not DiaryEntry.objects.exists()


@pytest.mark.parametrize(
    ("day", "status", "words"),
    [
        ("", 400, "required"),
        ("2999-01-01", 409, "not come yet"),
        ("no day", 400, "valid date"),
        ("1500-01-01", 409, "begins in"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(
    client: Client, album: Album, day: str, status: int, words: str
) -> None:
    sent = {"log-listened_on": day, "log-extent": "whole", "log-visibility": "public"}
    answer = client.post(f"{album.get_absolute_url()}log/", sent)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not DiaryEntry.objects.exists()


@pytest.mark.parametrize("asked", ["9" * 30, "x", "0"])
def test_nobody_changes_another_members_entry(client: Client, album: Album, sol: User, asked: str) -> None:
    theirs = log_album(member=sol, album=album, now=MONDAY).entry
    for pk in (str(theirs.pk), asked):
        answer = client.post(f"{album.get_absolute_url()}log/", {"entry": pk, "remove": "1"})
        assert answer.status_code == 404
    assert DiaryEntry.objects.exists()


def test_favourites_are_found_added_ordered_and_removed_by_buttons(client: Client, rin: User, album: Album) -> None:
    other = AlbumFactory(title="Hejira", artist=album.artist)
    page = body(client, "/settings/favourites/?find=hejira")
    assert "Hejira" in page
    for each in (album, other):
        client.post(f"{each.get_absolute_url()}favourite/", {"act": "add"})
    client.post(f"{other.get_absolute_url()}favourite/", {"act": "earlier"})
    assert favourites_of(rin) == [other, album]
    page = body(client, "/@rin/")
    assert page.index("Hejira") < page.index("Blue")
    client.post(f"{other.get_absolute_url()}favourite/", {"act": "remove"})
    assert favourites_of(rin) == [album]
    assert client.post(f"{other.get_absolute_url()}favourite/", {"act": "steal"}).status_code == 400


def test_a_suspended_member_is_told_so(client: Client, rin: User, album: Album) -> None:
    User.objects.filter(pk=rin.pk).update(suspended_at=rin.date_joined, suspension_reason="Spam")
    for verb in ("want", "favourite"):
        answer = client.post(
            f"{album.get_absolute_url()}{verb}/", {"act": "want" if verb == "want" else "add"}, follow=True
        )
        assert "You are suspended" in answer.content.decode()
    sent = {"log-listened_on": "2025-03-02", "log-extent": "whole", "log-visibility": "public"}
    assert client.post(f"{album.get_absolute_url()}log/", sent).status_code == 409
    assert not WantedAlbum.objects.exists()
    assert not DiaryEntry.objects.exists()


# --- Who sees what --------------------------------------------------------------------------------------------------
@pytest.fixture
def shelves(rin: User) -> User:
    """rin, all areas public, with one wanted and one heard album of each level."""
    User.objects.filter(pk=rin.pk).update(visibility="public", listens_visibility="public")
    for level in Visibility.values:
        want(
            member=rin, album=AlbumFactory(title=f"Wanted {level}"), note=f"Note {level}", visibility=level, now=MONDAY
        )
        log_album(member=rin, album=AlbumFactory(title=f"Heard {level}"), visibility=level, now=MONDAY)
    rin.refresh_from_db()
    return rin


def seen(client: Client, tab: str, word: str) -> list[str]:
    answer = client.get(f"/@rin/{tab}/")
    page = answer.content.decode() if answer.status_code == 200 else ""
    return [level for level in Visibility.values if f">{word} {level}<" in page]


@pytest.mark.parametrize(("tab", "word"), [("wants", "Wanted"), ("diary", "Heard"), ("wants", "Note")])
def test_each_sees_as_much_as_each_row_allows(
    client: Client, shelves: User, sol: User, stranger: User, tab: str, word: str
) -> None:
    levels = ["public", "members", "followers", "me"]
    own = word if word != "Note" else "Wanted"
    assert seen(client, tab, word) == levels[:1]
    for viewer, n in [(stranger, 2), (sol, 3)]:
        client.force_login(viewer)
        assert seen(client, tab, word) == levels[:n]
    client.force_login(shelves)
    assert seen(client, tab, own) == levels
    Block.objects.create(blocker=shelves, blocked=stranger)
    client.force_login(stranger)
    assert seen(client, tab, word) == []


def test_the_accounts_level_caps_every_row(client: Client, shelves: User, sol: User, stranger: User) -> None:
    User.objects.filter(pk=shelves.pk).update(listens_visibility="followers")
    for viewer, n in [(stranger, 0), (sol, 3)]:
        client.force_login(viewer)
        assert len(seen(client, "diary", "Heard")) == n
    User.objects.filter(pk=shelves.pk).update(visibility="me")
    client.force_login(sol)
    assert seen(client, "diary", "Heard") == seen(client, "wants", "Wanted") == []


def test_stars_in_the_diary_are_those_that_the_viewer_may_see(client: Client, shelves: User, stranger: User) -> None:
    album = Album.objects.get(title="Heard public")
    rating = RatingFactory(user=shelves, week=None, album=album, half_stars=9, visibility="me")
    client.force_login(stranger)
    assert "stars-9" not in body(client, "/@rin/diary/")
    rating.visibility = "members"
    rating.save()
    assert "stars-9" in body(client, "/@rin/diary/")


def test_tabs_without_anything_to_see_are_offered_to_their_owner_alone(client: Client, rin: User, sol: User) -> None:
    client.force_login(rin)
    assert "Nothing in the diary yet" in body(client, "/@rin/diary/")
    assert "No album waits" in body(client, "/@rin/wants/")
    client.force_login(sol)
    assert client.get("/@rin/diary/").status_code == client.get("/@rin/wants/").status_code == 404


@pytest.mark.parametrize("tab", ["diary", "wants"])
def test_a_shelf_asks_as_many_queries_for_twelve_as_for_one(client: Client, rin: User, sol: User, tab: str) -> None:
    User.objects.filter(pk=rin.pk).update(listens_visibility="members")
    client.force_login(sol)
    counts = []
    for n in (1, 11):
        for at, album in enumerate(AlbumFactory.create_batch(n)):
            want(member=rin, album=album, now=MONDAY)
            log_album(member=rin, album=album, extent="part", now=MONDAY + timedelta(days=at))
        client.get(f"/@rin/{tab}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/@rin/{tab}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


def test_four_favourites_stand_on_the_page_for_whoever_may_see_it(client: Client, rin: User, stranger: User) -> None:
    set_favourites(member=rin, albums=AlbumFactory.create_batch(4), now=MONDAY)
    User.objects.filter(pk=rin.pk).update(visibility="members")
    assert client.get("/@rin/").status_code == 404
    client.force_login(stranger)
    assert body(client, "/@rin/").count('<li class="tile">') == 4
