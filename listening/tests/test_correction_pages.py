"""Members edit, delete and compare their plays on plain pages; nobody reaches another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from listening import doubles
from listening.corrections import delete_listens, not_music
from listening.ingest import ingest
from listening.models import Correction, ListenEvent, RemovedListen
from listening.plays import Play, msid_of
from listening.tests.plays import EVENING, listener_of, play, prove
from social.models import User

pytestmark = pytest.mark.django_db
NOW = EVENING + timedelta(days=3)
ROADS = msid_of("Portishead", "Roads")


def take_in(user: User, source: str, *plays: Play) -> None:
    ingest(user=user, source=source, plays=plays, now=NOW)


@pytest.fixture
def desk(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def only(user: User, **which: Any) -> ListenEvent:
    return ListenEvent.objects.get(user=user, **which)


# --- Duplicates -----------------------------------------------------------------------------------------------------
def test_the_page_says_which_row_counts_and_why_the_others_do_not(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", play(0), play(10, "Strangers"))
    take_in(rin, "lastfm", play(0.5), play(20, "Glory Box"))
    page = text(desk.get(reverse("listening:duplicates")))
    assert "20:00:00" in page
    assert "counts" in page
    assert "within a minute" in page
    assert "1 row is not counted" in page
    assert "Strangers" not in page


def test_without_a_second_source_the_page_says_what_will_stand_there(desk: Client, rin: User) -> None:
    assert "Nothing can be told twice yet" in text(desk.get(reverse("listening:duplicates")))
    take_in(rin, "spotify", play(0))
    page = text(desk.get(reverse("listening:duplicates")))
    assert "Nothing can be told twice yet" in page
    assert "Which source you believe" not in page
    take_in(rin, "lastfm", play(50))
    assert "No play is told twice" in text(desk.get(reverse("listening:duplicates")))


def test_sources_are_put_in_order_step_by_step_and_saved_once(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", play(0))
    take_in(rin, "lastfm", play(0.5))
    address = reverse("listening:duplicates")
    assert "Save this order" not in text(desk.get(address))
    arranged = desk.get(address, {"order": ["spotify", "lastfm"], "up": "lastfm"})
    assert [source for source, _ in arranged.context["order"]] == ["lastfm", "spotify"]
    assert "Save this order" in text(arranged)
    assert only(rin, source="spotify").duplicate_of is None
    saved = desk.post(reverse("listening:choose_order"), {"order": ["lastfm", "spotify"]}, follow=True)
    assert "The order is saved, and your duplicates follow it." in text(saved)
    assert only(rin, source="spotify").duplicate_of == only(rin, source="lastfm")
    prove(rin)


@pytest.mark.parametrize("asked", [{"order": ["winamp"]}, {"up": "winamp"}, {"up": "spotify"}, {"down": "lastfm"}])
def test_an_order_that_no_button_makes_changes_nothing(desk: Client, rin: User, asked: dict[str, Any]) -> None:
    take_in(rin, "spotify", play(0))
    take_in(rin, "lastfm", play(0.5))
    page = desk.get(reverse("listening:duplicates"), asked)
    assert [source for source, _ in page.context["order"]] == ["spotify", "lastfm"]
    refused = desk.post(reverse("listening:choose_order"), {"order": ["winamp"]}, follow=True)
    assert "Name each source once." in text(refused)


def test_two_plays_are_kept_apart_and_compared_again(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", play(0))
    take_in(rin, "lastfm", play(0.5))
    row = only(rin, source="lastfm")
    page = text(desk.post(reverse("listening:say_apart", args=[row.pk]), follow=True))
    assert "These are two plays now." in page
    assert listener_of(rin).n_listens == 2
    assert "Roads" in text(desk.get(reverse("listening:kept_apart")))
    desk.post(reverse("listening:say_apart", args=[row.pk]), {"act": "together"})
    assert listener_of(rin).n_listens == 1
    assert "Nothing is kept apart" in text(desk.get(reverse("listening:kept_apart")))


def test_older_duplicates_stand_on_further_pages(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", *(play(10 * n, f"Song {n}") for n in range(25)))
    take_in(rin, "lastfm", *(play(10 * n, f"Song {n}") for n in range(25)))
    first = desk.get(reverse("listening:duplicates"))
    second = desk.get(first.context["older"])
    titles = [group.play.track.title for page in (first, second) for group in page.context["groups"]]
    assert titles == [f"Song {n}" for n in reversed(range(25))]
    assert second.context["older"] == ""


def test_few_duplicates_among_many_plays_are_found_too(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", *(play(10 * n, f"Song {n}") for n in range(60)))
    take_in(rin, "lastfm", play(100, "Song 10"))
    groups = desk.get(reverse("listening:duplicates")).context["groups"]
    assert [group.play.track.title for group in groups] == ["Song 10"]


def test_the_page_shows_how_far_a_long_history_is_gone_through(
    desk: Client, rin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(rin, "spotify", *(play(10 * n, f"Song {n}") for n in range(8)))
    take_in(rin, "lastfm", *(play(10 * n, f"Song {n}") for n in range(8)))
    monkeypatch.setattr(doubles, "A_CHUNK", 6)
    page = desk.post(reverse("listening:choose_order"), {"order": ["lastfm", "spotify"]}, follow=True)
    assert "0 of 16 rows so far" in text(page)


@pytest.mark.parametrize("n", [1, 15])
def test_the_number_of_queries_does_not_grow(
    desk: Client, rin: User, n: int, django_assert_max_num_queries: Any
) -> None:
    take_in(rin, "spotify", *(play(10 * each, f"Song {each}") for each in range(n)))
    take_in(rin, "lastfm", *(play(10 * each, f"Song {each}") for each in range(n)))
    with django_assert_max_num_queries(24):
        desk.get(reverse("listening:duplicates"))


# --- One play -------------------------------------------------------------------------------------------------------
def test_the_owner_finds_the_way_from_the_list_to_a_play(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0))
    address = reverse("listening:edit_listen", args=[only(rin).pk])
    assert f'href="{address}?next=' in text(desk.get(reverse("listening:recent", args=["rin"])))
    page = text(desk.get(address))
    assert "Delete this play" in page
    assert 'value="2025-11-10T20:00:00"' in page


def test_a_deleted_play_can_be_put_back(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0))
    page = text(desk.post(reverse("listening:delete_listen", args=[only(rin).pk]), follow=True))
    assert "“Roads” is deleted" in page
    assert not ListenEvent.objects.exists()
    page = text(desk.get(reverse("listening:removed")))
    assert "Roads" in page
    desk.post(reverse("listening:restore"), {"removed": [RemovedListen.objects.get().pk, "x"]})
    assert only(rin).track.title == "Roads"


def test_a_time_is_read_on_the_member_s_own_clock(desk: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(timezone="Asia/Tokyo")
    rin.refresh_from_db()
    take_in(rin, "lastfm", play(0))
    address = reverse("listening:edit_listen", args=[only(rin).pk])
    assert 'value="2025-11-11T05:00:00"' in text(desk.get(address))
    move = reverse("listening:move_listen", args=[only(rin).pk])
    desk.post(move, {"played_at": "2025-11-11T04:30"})
    assert only(rin).played_at == EVENING - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say when it began."),
        ("soon", "Write the time as"),
        ("1999-01-01T10:00", "A play lies between"),
        ("3000-01-01T10:00", "A play lies between"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_its_field(desk: Client, rin: User, typed: str, said: str) -> None:
    take_in(rin, "lastfm", play(0))
    response = desk.post(reverse("listening:move_listen", args=[only(rin).pk]), {"played_at": typed})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert only(rin).source == "lastfm"


def test_names_are_put_right_for_all_plays_and_the_album_stays(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0, "Rodas"), play(10, "Rodas", album="Roseland"))
    rows = ListenEvent.objects.filter(track__title="Rodas")
    said = {"artist": "Portishead", "title": "Roads", "album": "Dummy"}
    page = desk.post(reverse("listening:rename_listens", args=[rows[0].pk]), said, follow=True)
    assert "“Roads — Portishead” in your listens" in text(page)
    titles = ListenEvent.objects.order_by("played_at").values_list("track__title", "album__title")
    assert list(titles) == [("Roads", "Dummy"), ("Roads", "Roseland")]
    correction = Correction.objects.get()
    assert "is “Roads” by Portishead" in text(desk.get(reverse("listening:removed")))
    desk.post(reverse("listening:undo_correction", args=[correction.pk]))
    assert set(ListenEvent.objects.values_list("track__title", flat=True)) == {"Rodas"}


def test_names_that_are_left_alone_are_no_correction(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0))
    said = {"artist": "Portishead", "title": "Roads", "album": "Dummy"}
    page = desk.post(reverse("listening:rename_listens", args=[only(rin).pk]), said, follow=True)
    assert "The names are as they were." in text(page)
    assert not Correction.objects.exists()


def test_names_without_a_letter_are_refused(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0))
    response = desk.post(reverse("listening:rename_listens", args=[only(rin).pk]), {"artist": " ", "title": "\u200b"})
    assert response.status_code == 400
    assert "Say who plays it." in response.content.decode()


def test_what_is_not_music_is_taken_out_and_let_in_again(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0), play(60))
    first = ListenEvent.objects.first()
    assert first is not None
    desk.post(reverse("listening:say_not_music", args=[first.pk]))
    assert not ListenEvent.objects.exists()
    assert "is not music: 2 rows taken out" in text(desk.get(reverse("listening:removed")))
    desk.post(reverse("listening:undo_correction", args=[Correction.objects.get().pk]))
    assert listener_of(rin).n_listens == 2


def test_rows_of_one_play_come_back_with_one_button(desk: Client, rin: User) -> None:
    take_in(rin, "spotify", play(0), play(30))
    take_in(rin, "lastfm", play(0.2))
    delete_listens(user=rin, listen_ids=ListenEvent.objects.values_list("pk", flat=True), now=NOW)
    outs = desk.get(reverse("listening:removed")).context["outs"]
    assert [out.sources for out in outs] == ["Spotify", "Last.fm, Spotify"]


def test_after_acting_one_is_where_one_was_on_this_site_alone(desk: Client, rin: User) -> None:
    take_in(rin, "lastfm", play(0), play(30))
    first, second = ListenEvent.objects.order_by("pk")
    delete = "listening:delete_listen"
    assert (
        desk.post(reverse(delete, args=[first.pk]), {"next": "/@rin/listens/?before=1"}).url
        == "/@rin/listens/?before=1"
    )  # type: ignore[attr-defined]
    assert desk.post(reverse(delete, args=[second.pk]), {"next": "https://elsewhere.example/"}).url == "/@rin/listens/"  # type: ignore[attr-defined]


PAGES = ["listening:duplicates", "listening:kept_apart", "listening:removed"]
ACTS = ["edit_listen", "say_apart", "delete_listen", "move_listen", "rename_listens", "say_not_music"]


@pytest.mark.parametrize("name", PAGES)
def test_these_pages_are_for_members(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ACTS)
def test_nobody_touches_another_s_play(client: Client, rin: User, sol: User, name: str) -> None:
    take_in(rin, "lastfm", play(0))
    client.force_login(sol)
    address = reverse(f"listening:{name}", args=[only(rin).pk])
    said = {"played_at": "2025-11-09T10:00", "artist": "A", "title": "B"}
    response = client.get(address) if name == "edit_listen" else client.post(address, said)
    assert response.status_code in {302, 404}
    assert ListenEvent.objects.filter(user=rin, source="lastfm", is_kept_apart=False).count() == 1
    assert not Correction.objects.exists()
    assert not RemovedListen.objects.exists()


def test_nobody_takes_back_what_another_said(client: Client, rin: User, sol: User) -> None:
    take_in(rin, "lastfm", play(0))
    correction = not_music(user=rin, msid=ROADS, now=NOW)
    client.force_login(sol)
    page = client.post(reverse("listening:undo_correction", args=[correction.pk]), follow=True)
    assert "There is nothing to undo." in text(page)
    client.post(reverse("listening:restore"), {"removed": RemovedListen.objects.get().pk})
    assert not ListenEvent.objects.exists()
