"""The tab of a member's listening, its lists, files and years: what they say, and to whom."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from listening.figures.tables import TABLES
from listening.ingest import ingest, withdraw
from listening.models import NowPlaying, SyncState
from listening.plays import Play
from listening.tests.histories import NOW, at, counted, evenings, heard, listener, moved, track
from social.models import Block, User
from social.visibility import Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


ADDRESSES = ("/@ana/listening/", "/@ana/listens/", "/@ana/listening/2025/", "/@ana/listening/artists/",
             "/@ana/listening/artists.csv", "/@ana/listening/artists.json")  # fmt: skip


@pytest.fixture
def ana() -> User:
    ana = listener("ana")
    evenings(ana, 60)
    return ana


def test_somebody_new_is_shown_the_ways_in_and_others_are_not(rin: User, sol: User) -> None:
    own = page(signed_in(rin), "/@rin/listening/")
    assert "/settings/connections/" in own
    assert "/settings/imports/" in own
    assert "/settings/" not in page(signed_in(sol), "/@rin/listening/").split("<main", 1)[1]


@pytest.mark.parametrize("address", ADDRESSES)
def test_listens_are_read_by_those_alone_whom_their_member_lets(ana: User, rin: User, address: str) -> None:
    assert signed_in(rin).get(address).status_code == 200
    assert Client().get(address).status_code == 404
    User.objects.filter(pk=ana.pk).update(listens_visibility=Visibility.PUBLIC)
    assert Client().get(address).status_code == 404  # the page itself is for members
    User.objects.filter(pk=ana.pk).update(visibility=Visibility.PUBLIC)
    assert Client().get(address).status_code == 200
    Block.objects.create(blocker=ana, blocked=rin)
    assert signed_in(rin).get(address).status_code == 404
    User.objects.filter(pk=ana.pk).update(listens_visibility=Visibility.ME)
    assert Client().get(address).status_code == 404
    assert signed_in(ana).get(address).status_code == 200
    assert signed_in(ana).get(f"{address}?as=visitor").status_code == 404
    User.objects.filter(pk=ana.pk).update(is_active=False, listens_visibility=Visibility.PUBLIC)
    assert Client().get(address).status_code == 404


def test_the_tab_is_offered_to_those_alone_who_may_read_it(ana: User, rin: User) -> None:
    assert "/@ana/listening/" in page(signed_in(rin), "/@ana/")
    User.objects.filter(pk=ana.pk).update(listens_visibility=Visibility.ME)
    assert "/@ana/listening/" not in page(signed_in(rin), "/@ana/")


def test_the_page_compares_a_running_month_with_as_many_days_of_the_one_before(rin: User) -> None:
    heard(rin, track("Hero"), *(f"2025-10-{day:02} 10:00" for day in range(1, 31)))
    heard(rin, track("Hero"), *(f"2025-11-{day:02} 10:00" for day in range(1, 11)))
    counted(rin)
    shown = page(signed_in(rin), "/@rin/listening/?range=month")
    assert "50% less than in the first 20 days of October 2025" in shown


def test_without_a_range_the_month_is_shown_or_everything_where_it_is_silent(rin: User) -> None:
    heard(rin, track("Hero"), "2025-05-01 10:00")
    counted(rin)
    assert "<h2>All time</h2>" in page(signed_in(rin), "/@rin/listening/")
    heard(rin, track("Hero"), "2025-11-01 10:00")
    counted(rin)
    assert "<h2>November 2025</h2>" in page(signed_in(rin), "/@rin/listening/")


@pytest.mark.parametrize(("query", "title"), [
    ("range=week", "Week 47 of 2025"), ("range=last-quarter", "Quarter 3 of 2025"), ("range=2024", "2024"),
    ("from=2025-11-03&to=2025-11-09", "3 Nov 2025 – 9 Nov 2025"), ("range=all", "All time"),
])  # fmt: skip
def test_any_range_has_a_page(ana: User, query: str, title: str) -> None:
    assert f"<h2>{title}</h2>" in page(signed_in(ana), f"/@ana/listening/?{query}")


@pytest.mark.parametrize("query", ["range=fortnight", "from=2025-11-09&to=2025-11-03", "range=2025-13", "from=x"])
def test_what_is_no_range_is_said_and_the_usual_one_shown(ana: User, query: str) -> None:
    shown = page(signed_in(ana), f"/@ana/listening/?{query}")
    assert 'role="alert"' in shown
    assert "<h2>November 2025</h2>" in shown
    assert signed_in(ana).get(f"/@ana/listening/artists.csv?{query}").status_code == 400


def test_every_chart_has_a_finding_a_caption_a_table_and_its_numbers_as_a_file(ana: User) -> None:
    for address in ("/@ana/listening/", "/@ana/listening/2025/"):
        shown = page(signed_in(ana), address)
        figures = re.findall(r"<figure.*?</figure>", shown, re.DOTALL)
        assert len(figures) == 3
        for figure in figures:
            assert re.search(r"<h[23] id=\"\w+\">\w", figure)
            assert re.search(r'<svg[^>]* role="img" aria-label="\w', figure)
            assert "<figcaption>" in figure
            assert ".csv" in figure


def test_ids_are_given_once_and_labels_lead_somewhere(ana: User) -> None:
    for address in ADDRESSES[:4]:
        shown = page(signed_in(ana), address)
        ids = re.findall(r' id="([^"]+)"', shown)
        assert len(ids) == len(set(ids)), address
        assert set(re.findall(r'aria-labelledby="([^"]+)"', shown)) <= set(ids), address


@pytest.mark.parametrize("name", TABLES)
def test_each_table_is_a_file_with_its_columns(ana: User, name: str) -> None:
    client = signed_in(ana)
    head, *rows = csv.reader(page(client, f"/@ana/listening/{name}.csv?range=all").splitlines())
    answer = client.get(f"/@ana/listening/{name}.json?range=all").json()
    assert (answer["member"], answer["table"], answer["timezone"]) == ("ana", name, "UTC")
    assert len(answer["rows"]) == len(rows)
    for row in answer["rows"][:3]:
        assert list(row) == head
    assert rows or name in {"genres", "milestones"}


def test_a_spreadsheet_runs_nothing_that_an_artist_is_called(rin: User) -> None:
    heard(rin, track("Song", '=HYPERLINK("http://x")'), "2025-11-01 10:00")
    counted(rin)
    rows = list(csv.DictReader(page(signed_in(rin), "/@rin/listening/artists.csv").splitlines()))
    assert rows[0]["artist"] == '\'=HYPERLINK("http://x")'


def test_links_keep_the_range_and_the_visitors_eyes(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(visibility="public", listens_visibility="public")
    shown = page(signed_in(ana), "/@ana/listening/?range=week&as=visitor").split("<main", 1)[1]
    inner = [link for link in re.findall(r'href="([^"]*)"', shown) if "/@ana/listen" in link]
    inner.remove("/@ana/listening/")  # back to one's own view
    assert len(inner) > 15
    assert all("as=visitor" in link for link in inner), [link for link in inner if "as=visitor" not in link]


def test_plays_are_listed_under_the_members_days_and_pages_lead_back_to_the_beginning(rin: User) -> None:
    rin.timezone = "Asia/Tokyo"
    rin.save()
    heard(rin, track("Late"), "2025-11-18 14:59", "2025-11-18 15:00")
    heard(rin, track("Same second"), *[at("2025-11-10 10:00")] * 1)
    for place in range(70):
        heard(rin, track(f"Same second {place}"), at("2025-11-10 10:00"))
    counted(rin)
    client, seen, address = signed_in(rin), [], "/@rin/listens/"
    first = page(client, address)
    assert first.index("Wednesday 19 November 2025") < first.index("Tuesday 18 November 2025")
    assert "23:59" in first
    while address:
        shown = page(client, address)
        seen += re.findall(r'class="plain-link listen-title"[^>]*>([^<]+)<', shown)
        older = re.search(r'rel="next" href="([^"]+)"', shown)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == 73
    assert len(set(seen)) == 72


def test_a_play_that_another_source_told_too_is_listed_once(rin: User) -> None:
    first = heard(rin, track("Hero"), "2025-11-10 10:00")[0]
    heard(rin, track("Hero"), "2025-11-10 10:01", source="spotify", duplicate_of=first)
    counted(rin)
    assert page(signed_in(rin), "/@rin/listens/").count("listen-title") == 1


@pytest.mark.parametrize("before", ["", "x", "20251110T100000Z", "20251399T100000Z-1", "20251110T100000Z-" + "9" * 30])
def test_a_page_that_no_link_names_is_the_first(ana: User, before: str) -> None:
    assert "Play by play" in page(signed_in(ana), f"/@ana/listens/?before={before}")


def test_what_plays_now_is_shown_until_it_is_over(ana: User) -> None:
    NowPlaying.objects.create(
        user=ana, source="lastfm", artist_name="Neu!", title="Hallogallo", started_at=NOW - timedelta(minutes=1),
        expires_at=NOW + timedelta(minutes=5),
    )  # fmt: skip
    for address in ("/@ana/", "/@ana/listening/", "/@ana/listens/"):
        assert "Hallogallo" in page(signed_in(ana), address)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert "Hallogallo" not in page(signed_in(ana), "/@ana/listening/")


def test_a_source_that_is_behind_is_told_to_its_member_alone(ana: User, rin: User) -> None:
    SyncState.objects.create(
        user=ana, source="lastfm", account_name="ana", due_at=NOW, last_success_at=NOW - timedelta(days=3),
        error="Last.fm says <no>.",
    )  # fmt: skip
    shown = page(signed_in(ana), "/@ana/listening/")
    assert "Last.fm is 3\xa0days behind." in shown
    assert escape("Last.fm says <no>.") in shown
    assert "behind" not in page(signed_in(rin), "/@ana/listening/")
    SyncState.objects.update(last_success_at=NOW - timedelta(hours=25))
    assert "behind" not in page(signed_in(ana), "/@ana/listening/")


def test_until_history_is_read_in_the_new_zone_the_page_says_so(ana: User) -> None:
    moved(ana, "Asia/Tokyo")
    shown = page(signed_in(ana), "/@ana/listening/")
    assert "Your history is being read in the time of Asia/Tokyo" in shown


def test_a_year_without_a_play_has_no_report(ana: User) -> None:
    client = signed_in(ana)
    assert client.get("/@ana/listening/2019/").status_code == 404
    assert client.get("/@ana/listening/99999/").status_code == 404
    assert "It is not over yet" in page(client, "/@ana/listening/2025/")


def test_a_year_tells_its_busiest_day_streak_and_beginning(rin: User) -> None:
    heard(rin, track("First"), "2024-12-31 23:00")
    heard(rin, track("Opening", "Can"), "2025-01-02 10:00")
    heard(rin, track("Again", "Neu"), "2025-03-01 10:00", "2025-03-01 11:00", "2025-03-01 12:00", "2025-03-02 10:00")
    counted(rin)
    shown = page(signed_in(rin), "/@rin/listening/2025/")
    moments = shown.split('id="moments"', 1)[1].split("</section>", 1)[0]
    assert "Opening" in moments
    assert "1 March" in moments
    assert "3 of them Again" in moments
    assert "2 days in a row" in moments
    assert "2 new artists" not in shown  # Can was heard the year before
    assert "1 new artist, most in March" in shown


def test_the_whole_list_goes_on_over_pages(ana: User) -> None:
    many = listener("many")
    for place in range(120):
        heard(many, track(f"Song {place:03}"), *(NOW - timedelta(hours=each) for each in range(1, 3 + place % 2)))
    counted(many)
    client = signed_in(many)
    first, second = (page(client, f"/@many/listening/tracks/?range=all&page={number}") for number in (1, 2))
    assert first.count("table-title") == second.count("table-title") == 50
    assert not set(re.findall(r"Song \d{3}", first)) & set(re.findall(r"Song \d{3}", second))
    assert 'rel="next"' not in page(client, "/@many/listening/tracks/?range=all&page=3")
    for number in ("0", "21", "x", "9" * 30):
        assert client.get(f"/@many/listening/tracks/?page={number}").status_code == 404


@pytest.mark.parametrize("address", ["/@ana/listening/?range=all", "/@ana/listening/?range=year", "/@ana/listens/",
                                     "/@ana/listening/2025/", "/@ana/listening/albums/"])  # fmt: skip
def test_a_page_costs_as_much_for_a_long_history_as_for_a_short_one(address: str) -> None:
    ana = listener("ana")
    evenings(ana, 161)
    client = signed_in(ana)
    page(client, address)  # what is kept is kept
    with CaptureQueriesContext(connection) as first:
        page(client, address)
    evenings(ana, 700, until=NOW - timedelta(days=14), a_day=9)
    with CaptureQueriesContext(connection) as second:
        page(client, address)
    assert len(second) == len(first)
    assert len(second) <= 50


def test_what_has_just_been_scrobbled_is_on_the_page_at_once(rin: User) -> None:
    client = signed_in(rin)
    for minute, title in enumerate(("Hallogallo", "Hallogallo", "Negativland")):
        play = Play(NOW - timedelta(minutes=30 - 10 * minute), "Neu!", title, "Neu!", ms_played=600_000)
        ingest(user=rin, source="scrobbler", plays=[play], now=NOW)
    shown = page(client, "/@rin/listening/?range=week")
    assert "<dd>3</dd>" in shown
    assert "30 minutes" in shown
    assert shown.index("Hallogallo") < shown.index("Negativland")
    withdraw(user=rin, listen_ids=list(rin.listens.values_list("pk", flat=True)[:1]), now=NOW)
    assert "<dd>2</dd>" in page(client, "/@rin/listening/?range=week")
    assert page(client, "/@rin/listens/").count("listen-title") == 2
