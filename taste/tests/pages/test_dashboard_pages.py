"""The dashboard's pages: what they say, to whom, and what they cost."""

from __future__ import annotations

import csv
import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Album
from listening.tests.histories import counted, heard, listener, track
from social.models import Block, User
from social.visibility import Visibility
from taste.dashboard.levels import mood_totals
from taste.dashboard.windows import CHIPS
from taste.models import ChangePoint, TrackFeatures, WeeklyTaste
from taste.tests.pages.a_year import NOW, a_year_of
from taste.tests.weeks.sounding import sounds
from taste.views.dashboard.tables import TABLES
from taste.weeks.aggregating import aggregate
from taste.weeks.moods import shares
from taste.weeks.sums import effective_number, paired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
PAGES = ("/dashboard/", "/dashboard/trajectory/", "/dashboard/moods/", "/dashboard/radar/", "/dashboard/outliers/",
         "/dashboard/weeks/2025-W47/")  # fmt: skip
AREAS = ("visibility", "listens_visibility", "taste_visibility")


@pytest.fixture
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def heading(shown: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", shown, re.DOTALL)[1]).strip()  # type: ignore[index]


def test_every_page_tells_a_member_what_their_weeks_show() -> None:
    ana = a_year_of("ana")
    client = signed_in(ana)
    shown = {address: page(client, address) for address in PAGES}
    assert "energetic" in heading(shown["/dashboard/"])  # the weeks grow louder
    assert "than the 26 weeks before" in heading(shown["/dashboard/"])
    assert "leads with" in heading(shown["/dashboard/moods/"])
    assert "week" in heading(shown["/dashboard/trajectory/"])
    assert heading(shown["/dashboard/radar/"])
    assert re.search(r"most unlike the rest, [1-9]\.\d times as far off", heading(shown["/dashboard/outliers/"]))
    assert "PCA" in shown["/dashboard/trajectory/"]
    assert "Add to playlist" in shown["/dashboard/outliers/"]
    week = shown["/dashboard/weeks/2025-W47/"]
    assert "A mixtape of" in week or "Mixtape" in week
    assert "By record label" in week
    assert "Label 0" in week or "Label 1" in week
    assert "weak" in shown["/dashboard/radar/"]  # valence, and it says so
    for address, text in shown.items():
        check_markup(address, text)


def check_markup(address: str, shown: str) -> None:
    """Ids once, labels that lead somewhere, figures as the contract has them."""
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids)), address
    assert set(re.findall(r'aria-labelledby="([^"]+)"', shown)) <= set(ids), address
    assert " style=" not in shown
    for figure in re.findall(r"<figure.*?</figure>", shown, re.DOTALL):
        assert re.search(r'<svg[^>]* role="img" aria-label="\w', figure), address
        assert "plays" in figure
        assert "/dashboard/methods/" in figure
        assert ".csv" in figure
        assert "<table" in figure
    anchors = set(re.findall(r'/dashboard/methods/[^"#]*#([\w-]+)', shown))
    known = set(re.findall(r'<h2 id="([\w-]+)"', Client().get("/dashboard/methods/").content.decode()))
    assert anchors <= known, (address, anchors - known)


def test_the_example_of_diversity_is_what_the_arithmetic_gives() -> None:
    told = re.search(r"nine others give about (\d\.\d)\.", page(Client(), "/dashboard/methods/"))
    assert told is not None
    plays = paired(np.zeros(10, np.int64), np.arange(10), np.array([81, *[1] * 9]))
    assert float(told[1]) == round(float(effective_number(plays, 1)[0]), 1)


def test_visitors_who_name_nobody_are_asked_to_sign_in() -> None:
    answer = Client().get("/dashboard/?range=12w")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/dashboard/%3Frange%3D12w"


def test_taste_is_read_by_those_alone_whom_its_member_lets(rin: User) -> None:
    ana = a_year_of("ana", 2, with_map=False)
    visitor, member = Client(), signed_in(rin)
    addresses = [f"{address}?member=ana" for address in PAGES] + ["/dashboard/moods.csv?member=ana", "/@ana/taste/"]

    def answers(client: Client, **levels: Visibility) -> set[int]:
        open_to_all = dict.fromkeys(AREAS, Visibility.PUBLIC)
        User.objects.filter(pk=ana.pk).update(**open_to_all | levels)
        return {client.get(address).status_code for address in addresses}

    assert answers(visitor) == {200}
    for area in AREAS:
        assert answers(visitor, **{area: Visibility.MEMBERS}) == {404}
        assert answers(member, **{area: Visibility.ME}) == {404}
    assert answers(member, **dict.fromkeys(AREAS, Visibility.MEMBERS)) == {200}
    answers(visitor, **dict.fromkeys(AREAS, Visibility.ME))
    assert signed_in(ana).get("/dashboard/").status_code == 200


def test_a_block_hides_and_nobody_is_nobody(rin: User) -> None:
    ana = a_year_of("ana", 2, with_map=False)
    Block.objects.create(blocker=ana, blocked=rin)
    assert signed_in(rin).get("/dashboard/?member=ana").status_code == 404
    assert signed_in(rin).get("/dashboard/?member=nobody").status_code == 404


def test_the_tab_stands_on_the_members_page(rin: User) -> None:
    a_year_of("ana", 3, with_map=False)
    shown = page(signed_in(rin), "/@ana/taste/")
    assert "/dashboard/moods/?member=ana" in shown
    assert "plotly" not in shown
    assert "/@ana/taste/" in page(signed_in(rin), "/@ana/")


def test_who_never_heard_anything_is_shown_the_ways_in(rin: User, sol: User) -> None:
    for address in PAGES[:4]:
        assert "/settings/connections/" in page(signed_in(rin), address), address
        assert "/settings/connections/" not in page(signed_in(sol), f"{address}?member=rin").split("<main")[1]
    assert "Nothing stands out yet" in page(signed_in(rin), "/dashboard/outliers/")
    assert "Nothing was heard in this week" in page(signed_in(rin), "/dashboard/weeks/2025-W47/")


def test_plays_whose_sound_nobody_knows_are_told_as_such(rin: User) -> None:
    heard(rin, track("Unheard"), "2025-11-25 10:00", "2025-11-25 11:00")
    counted(rin, now=NOW)
    assert "still being counted" in page(signed_in(rin), "/dashboard/")
    aggregate(user=rin, now=NOW, everything=True)
    for address in ("/dashboard/", "/dashboard/moods/", "/dashboard/radar/", "/dashboard/weeks/2025-W48/"):
        assert "Nobody knows yet how these plays sound" in page(signed_in(rin), address), address
    assert "No week lies on the map yet" in page(signed_in(rin), "/dashboard/trajectory/")
    assert "Nothing was heard in these weeks" in page(signed_in(rin), "/dashboard/?range=2025-Q1")


def test_a_figure_of_few_plays_says_so(rin: User) -> None:
    ana = a_year_of("ana", 4, with_map=False)
    assert "may lean to one side" not in page(signed_in(ana), "/dashboard/")
    stranger = track("Unheard", "Nobody")
    heard(ana, stranger, *(f"2025-11-{day:02} {hour}:30" for day in range(3, 27) for hour in (19, 20, 21)))
    counted(ana, now=NOW)
    aggregate(user=ana, now=NOW, everything=True)
    shown = page(signed_in(ana), "/dashboard/?range=4w")
    assert re.search(r"known of \d+% of these plays", shown)


def test_links_keep_the_window_and_the_member_and_a_source_only_where_it_counts(rin: User) -> None:
    a_year_of("ana", 5, with_map=False)
    shown = page(signed_in(rin), "/dashboard/?range=12w&source=lastfm&member=ana").split("<main")[1]
    links = [each for each in re.findall(r'href="([^"]*)"', shown) if "/dashboard/" in each and "methods" not in each]
    chosen = [each for each in links if "?range=" in each or "&amp;range=" in each]
    assert len(links) > 8
    assert all("member=ana" in each for each in links)
    assert not any("source=lastfm" in each for each in links)
    assert len(chosen) >= len(links) - 3  # but for the usual window, which needs no word


def test_the_methods_say_what_a_match_is_made_of_and_what_its_words_mean(client: Client) -> None:
    shown = page(client, "/dashboard/methods/")
    assert "artists in common (35 of 100), genres (25), how it sounds (25), and albums that both rated (15)" in shown
    bands = re.findall(r"<dt>([A-Z][a-z ]+)</dt><dd>(\d+–\d+)</dd>", shown.split('id="match"')[1])
    assert bands == [("Same track", "80–100"), ("Close", "60–79"), ("Crossing", "40–59"), ("Parallel", "20–39"),
                     ("Different lines", "0–19")]  # fmt: skip


def test_what_is_no_window_is_said_and_the_usual_one_shown() -> None:
    client = signed_in(a_year_of("ana", 3, with_map=False))
    for query in ("range=0w", "range=soon", "range=2031"):
        shown = page(client, f"/dashboard/?{query}")
        assert 'role="alert"' in shown
        assert "26 weeks, " in shown
        page(client, f"/dashboard/weeks.csv?{query}", 400)


def test_moods_listen_to_their_filters() -> None:
    ana = a_year_of("ana", 6, with_map=False)
    client = signed_in(ana)
    album = Album.objects.get(title="Shelf 5")
    whole = page(client, "/dashboard/moods/?range=12w")
    assert "Label 1" in whole
    loud = page(client, f"/dashboard/moods/?range=12w&artist={album.artist_id}")
    assert heading(loud) != heading(whole)
    assert f'<option value="{album.artist_id}" selected>' in loud
    assert "No play fits" in page(client, "/dashboard/moods/?artist=999999")
    for query in ("source=spotify", "label=Label+1", "by=shares", "artist=x", "tag=none&source=nonsense"):
        page(client, f"/dashboard/moods/?range=12w&{query}")


def test_moods_are_weighed_by_the_plays_that_have_one() -> None:
    ana = listener("ana")
    loud, dark = sounds(track("Loud"), energy=0.9, valence=0.5), sounds(track("Dark"), energy=0.3, valence=0.18)
    heard(ana, loud, "2025-11-18 09:00")
    heard(ana, sounds(track("Fast"), tempo=180), *(f"2025-11-19 {hour}:00" for hour in range(10, 19)))
    heard(ana, dark, *(f"2025-11-25 {hour}:00" for hour in (10, 11, 12)))
    counted(ana, now=NOW)
    aggregate(user=ana, now=NOW, everything=True)
    client = signed_in(ana)
    assert "4 of 13 plays" in page(client, "/dashboard/")
    assert "1 of 10 plays" in page(client, "/dashboard/weeks/2025-W47/")
    rows = csv.DictReader(page(client, "/dashboard/mood-totals.csv").splitlines())
    told = {row["mood"]: float(row["share"]) for row in rows}
    weeks = shares(ana, since=date(2025, 11, 17), until=date(2025, 11, 30))
    plain = mood_totals([(week.shares, week.n) for week in weeks])
    assert told["Brooding"] == pytest.approx(plain["brooding"], abs=1e-5)
    assert told["Driving"] == pytest.approx(plain["driving"], abs=1e-5)


def test_a_radar_compares_any_two_weeks() -> None:
    ana = a_year_of("ana", 12, with_map=False)
    client = signed_in(ana)
    shown = page(client, "/dashboard/radar/?week=2025-W47&with=2025-38")
    assert heading(shown).startswith("Week 47 of 2025 is ")
    assert heading(shown).endswith("than Week 38 of 2025")
    assert 'role="alert"' in page(client, "/dashboard/radar/?week=2025-W60")
    assert "Choose another" in page(client, "/dashboard/radar/?week=2019-W01")


def test_another_window_leaves_the_filters_of_moods_on() -> None:
    ana = a_year_of("ana", 3, with_map=False)
    given = {"artist": "7", "tag": "dub & bass", "label": "Label 1", "source": "spotify", "by": "shares"}
    shown = page(signed_in(ana), f"/dashboard/moods/?{urlencode({'range': '12w', **given})}")
    chips = [unescape(each) for each in re.findall(r'class="chip" href="\?([^"]*)"', shown)]
    assert [dict(parse_qsl(each)) for each in chips] == [{**given, "range": slug} for slug in CHIPS]


def test_what_another_week_lacks_is_no_zero_on_the_radar() -> None:
    ana = a_year_of("ana", 6, with_map=False)
    other = WeeklyTaste.objects.get(user=ana, starts_on="2025-11-03")
    other.axes.pop("tempo")
    other.save()
    client = signed_in(ana)
    alone, beside = (page(client, f"/dashboard/radar/?week=2025-W47{more}") for more in ("", "&with=2025-W45"))
    assert [shown.count('class="spoke"') for shown in (alone, beside)] == [6, 5]
    assert "BPM</td>" in beside  # the table has the rest
    silent = page(client, "/dashboard/radar/?week=2025-W47&with=2019-W05")
    assert 'class="corner s2"' in beside
    assert 'class="corner s2"' not in silent
    assert "nothing to be compared with" in heading(silent)


def test_weeks_lead_to_their_neighbours_and_tell_their_changes() -> None:
    ana = a_year_of("ana", 4, with_map=False)
    first = WeeklyTaste.objects.filter(user=ana).earliest("starts_on")
    ChangePoint.objects.create(
        user=ana, axis="energy", starts_on=first.starts_on, alarmed_on=first.starts_on, before=0.2, after=0.6, sds=3.0,
        threshold=5, sentence="Your energy rose.", computed_at=NOW,
    )  # fmt: skip
    client = signed_in(ana)
    shown = page(client, f"/dashboard/weeks/{first.iso_week}/")
    assert "Your energy rose." in shown
    assert 'rel="next"' in shown
    assert 'rel="prev"' not in shown
    assert page(client, f"/dashboard/weeks/{first.iso_week.replace('W', '')}/") is not None
    for text in ("2025-W60", "2025-W00", "9999-W01"):
        page(client, f"/dashboard/weeks/{text}/", 404)


def test_each_figure_is_a_file() -> None:
    client = signed_in(a_year_of("ana", 8))
    for name in TABLES:
        head, *rows = csv.reader(page(client, f"/dashboard/{name}.csv?range=12w&week=2025-W47").splitlines())
        assert rows or name == "outliers"
        assert all(len(row) == len(head) for row in rows)


def test_there_is_no_other_file(rin: User) -> None:
    page(signed_in(rin), "/dashboard/secrets.csv", 404)
    page(signed_in(rin), "/dashboard/moods.csv", 404)  # nothing was heard


def test_a_page_costs_as_much_for_many_weeks_as_for_few() -> None:
    few, many = a_year_of("ana", 6), a_year_of("bo", 30)
    for address in PAGES:
        counts = []
        for member in (few, many):
            client = signed_in(member)
            page(client, address)
            with CaptureQueriesContext(connection) as seen:
                page(client, f"{address}?range=52w")
            counts.append(len(seen))
        assert counts[1] <= counts[0] + 2, (address, counts)
        assert counts[1] <= 45, (address, counts)


def test_only_pages_with_a_chart_load_plotly_and_only_they_loosen_the_policy(rin: User) -> None:
    ana = a_year_of("ana", 3, with_map=False)
    client = signed_in(ana)
    answer = client.get("/dashboard/moods/")
    assert "plotly-basic.min.js" in answer.content.decode()
    assert "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "plotly" not in page(client, "/dashboard/outliers/")
    assert "plotly" not in page(signed_in(rin), "/dashboard/")
    assert "sha256" not in client.get("/dashboard/methods/")["Content-Security-Policy"]


def test_names_are_words_not_markup() -> None:
    ana = listener("ana", bio="x")
    song = track("</script><b>Song</b>", "<i>Artist</i>")
    TrackFeatures.objects.create(track=song, energy=0.5, valence=0.5, updated_at=NOW, confidence={"energy": 0.5})
    heard(ana, song, "2025-11-25 10:00", "2025-11-18 10:00")
    counted(ana, now=NOW)
    aggregate(user=ana, now=NOW, everything=True)
    for address in PAGES:
        shown = page(signed_in(ana), address)
        assert "<i>Artist" not in shown
        assert "<b>Song" not in shown
