"""Whole weeks with the shipped `manage.py runbot`: twelve members in Discord; the website shows the same.

On SQLite; on PostgreSQL too where DATABASE_URL names one.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from discordbot.tests.acting import ballot, confirmed, nominate, rate, vote
from discordbot.tests.agreement import defects
from discordbot.tests.fake_discord import Answer, FakeDiscord, Person
from discordbot.tests.processes import Bot, Club
from sidetrack.tests.running import Site, wait_for

pytestmark = pytest.mark.slow
PATIENCE_S = 45.0
STARS = [5.0, 4.5, 4.5, 4.0, 4.0, 4.0, 3.5, 3.5, 3.0, 2.5, 1.5, 1.0]


# --- The stage --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its tables and the files that its pages need: made once, to be copied."""
    site = Site(tmp_path_factory.mktemp("prepared"))
    site.manage("up", "--prepare-only")
    return site.folder


@pytest.fixture
def town(fake: FakeDiscord, prepared: Path, tmp_path: Path, worker_id: str) -> Iterator[Town]:
    """The club's process, its database, and people."""
    address = ""
    if connection.vendor == "postgresql":
        name = f"sidetrack_whole_weeks_{worker_id}"
        admin = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/postgres".format(**settings.DATABASES["default"])
        _anew(admin, name)
        address = admin.removesuffix("postgres") + name
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    club = Club(tmp_path, fake, database=address)
    if address:
        club.manage("migrate", "-v", "0")
    town = Town(fake, club)
    with club.bot() as bot:
        town.bot = bot.is_up(seconds=PATIENCE_S)
        yield town
        assert bot.stop() == 0, bot.said
    assert "Traceback" not in bot.said
    club.close()
    if address:
        _anew(admin, name, only_drop=True)
    assert defects(fake) == []
    assert not fake.failed_interactions


def _anew(admin: str, name: str, *, only_drop: bool = False) -> None:
    with psycopg.connect(admin, autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if not only_drop:
            link.execute(f"CREATE DATABASE {name}")


class Town:
    bot: Bot

    def __init__(self, fake: FakeDiscord, club: Club) -> None:
        self.fake, self.club = fake, club
        self.mo = fake.person("Mo", "Moderator")
        self.members = fake.people(12)

    def choose_channels(self, *, forum: bool = False) -> None:
        """In Discord, by `/club settings`."""
        for select, channel in (
            ("The club's channel", self.fake.forum if forum else self.fake.club),
            ("Voice channel", self.fake.voice),
            ("Moderators' channel", self.fake.moderators),
        ):
            panel = self.mo.slash("club settings")
            preview = self.mo.choose(panel, select, [str(channel.id)])
            assert "Done" in self.mo.press(preview, "Confirm").text

    def open(self, theme: str = "") -> None:
        confirmed(self.mo, "open", theme=theme)

    def close(self, week: int, place: str) -> None:
        """The present phase of that week ends, and the next thread stands with its card."""
        assert "Done" in confirmed(self.mo, "close", week=str(week)).text
        self.stands(week, place)

    def stands(self, week: int, place: str) -> None:
        self.fake.wait_until(lambda: self.cards(week, place), seconds=PATIENCE_S, what=f"week {week}, {place}")

    def cards(self, week: int, place: str) -> list[Any]:
        threads = [each for each in self.fake.threads(f"- {place}") if each.name.startswith(f"WEEK {week:03d}")]
        return [card for each in threads for card in self.fake.pins(each)]

    def card(self, week: int, place: str) -> Any:
        (found,) = self.cards(week, place)
        return found

    def site(self, week: int) -> str:
        """What a visitor of the website reads."""
        code = f"answer = Client(SERVER_NAME='localhost').get('/weeks/{week}/').content.decode()"
        return str(self.club.python(f"from django.test import Client\n{code}"))

    def table(self, week: int) -> dict[str, Any]:
        """What the club's tables hold: the winner, the points by album, the mean."""
        code = (
            f"from club.polls import poll_result\nweek = Week.objects.with_winner().get(number={week})\n"
            "by = dict(week.nominations.values_list('pk', 'album__title'))\n"
            "answer = {'winner': week.winner and week.winner.album.title, 'phase': str(week.phase),"
            " 'points': {by[row.nomination_id]: row.points for row in poll_result(week).entries},"
            " 'mean': week.rating_mean, 'count': week.rating_count}"
        )
        found: dict[str, Any] = self.club.python(code)
        return found


def album(number: int) -> str:
    return f"Album {number:02d} — Band {number:02d} ({1960 + number})"


def title(number: int) -> str:
    return f"Album {number:02d}"


# --- Weeks ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n_nominees", "n_tracks", "forum"), [(12, 1, False), (26, 26, True), (60, 120, False)], ids=["12", "26", "60"]
)
def test_twelve_members_live_a_week_in_discord_and_the_web_shows_the_same(
    town: Town, n_nominees: int, n_tracks: int, forum: bool
) -> None:
    fake, members = town.fake, town.members
    each = -(-n_nominees // len(members))
    town.club.python(f"s = ClubSettings.load(); s.nominations_per_member = {each}; s.save()")
    town.choose_channels(forum=forum)
    town.open("Debuts")
    town.stands(1, "NOMINATIONS")

    by = [members[n % len(members)] for n in range(n_nominees)]
    for number, member in enumerate(by):
        _nominates(town, member, number)
    thread = fake.thread("- NOMINATIONS")
    fake.wait_until(
        lambda: sum("Nominated by" in row.text for row in fake.messages(thread, by_bot=True)) == n_nominees,
        seconds=PATIENCE_S, what="all cards",
    )  # fmt: skip
    fake.wait_until(lambda: f"{n_nominees} albums" in town.card(1, "NOMINATIONS").text, seconds=PATIENCE_S)

    town.close(1, "POLL")
    ballots = {n: (1 if n != 1 else 0, 2 if n not in {2, 14, 26} else 3) for n in range(len(members))}
    for n, (first, second) in ballots.items():
        _votes(town, members[n], album(first), album(second), by_button=n % 2 == 0, changes_mind=n == 5)
    points: Counter[str] = Counter()
    for first, second in ballots.values():
        points[title(first)] += 2
        points[title(second)] += 1

    town.close(1, "WINNER")
    winner = points.most_common(1)[0][0]
    announcement = town.card(1, "WINNER")
    assert winner == title(1)
    assert f"**{winner}**" in announcement.content
    assert f"{points[winner]} points" in announcement.text
    assert all(picture.description for picture in announcement.attachments)
    assert announcement.attachments
    fake.wait_until(lambda: fake.events, seconds=PATIENCE_S, what="the scheduled event")
    assert len(fake.events) == 1
    table = town.table(1)
    assert table["winner"] == winner
    assert {name: n for name, n in table["points"].items() if n} == dict(points)
    page = town.site(1)
    assert winner in page

    town.club.python(
        f"from catalog.models import AlbumTrack\nfrom catalog.tests.factories import TrackFactory\n"
        f"album = Week.objects.with_winner().get().winner.album\n"
        f"for n in range(1, {n_tracks} + 1):\n"
        "    track = TrackFactory(title=f'Song {n:03d}', artist=album.artist)\n"
        "    AlbumTrack.objects.create(album=album, track=track, disc=1, position=n)"
    )
    town.close(1, "RATINGS")
    for n, (member, stars) in enumerate(zip(members, STARS, strict=True)):
        _rates(town, member, stars, favourite=f"Song {1 + n % min(n_tracks, 3):03d}", by_button=n % 2 == 0)

    assert "Done" in confirmed(town.mo, "close").text
    thread = fake.thread("- RATINGS")
    mean = f"{fmean(STARS):.2f}"
    fake.wait_until(
        lambda: any(f"**{mean}** of 5" in row.content for row in fake.messages(thread, by_bot=True)),
        seconds=PATIENCE_S, what="the summary",
    )  # fmt: skip
    summary = next(row for row in fake.messages(thread, by_bot=True) if f"**{mean}** of 5" in row.content)
    assert "Song 001" in summary.text
    table = town.table(1)
    assert (f"{table['mean']:.2f}", table["count"], table["phase"]) == (mean, len(members), "closed")
    page = town.site(1)
    assert winner in page
    assert f"{fmean(STARS):.1f}" in page
    assert f"{len(members)} ratings" in page
    assert len(fake.guild.threads) == 4
    assert all(len(fake.pins(each)) == 1 for each in fake.guild.threads)


def _nominates(town: Town, member: Person, number: int, *, week: int = 1) -> None:
    """By button, by `/nominate`, and by `/nominate album:` in turn."""
    where = town.card(week, "NOMINATIONS")
    match number % 3:
        case 0:
            answer = nominate(member, where, album(number), Why=f"Because of {number}.", Genre="Rock / 1970s / UK")
        case 1:
            answer = member.submit(member.slash("nominate"), {"Album": album(number), "Pitch track": "The first one"})
        case _:
            answer = member.submit(member.slash("nominate", album=album(number)))
    if answer.message and answer.message.selects:  # it looks like another one: “which one did you mean?”
        answer = member.choose(answer, "", [answer.message.selects[0]["options"][-1]["value"]])
    assert "is nominated for" in answer.text, answer


def _votes(town: Town, member: Person, first: str, second: str, *, by_button: bool, changes_mind: bool) -> None:
    def opened() -> Answer:
        return member.press(town.card(1, "POLL"), "Vote") if by_button else member.slash("vote")

    answer = opened()
    if answer.form:
        if changes_mind:
            member.press(member.submit(answer, ballot(second, first)), "Clear")
            answer = opened()
        said = member.submit(answer, ballot(first, second))
        assert "Your first choice" in said.text, said
        return
    for select, wanted in (("st:vote.first", first), ("st:vote.second", second)):
        answer = member.choose(answer, select, [wanted])
    assert first.split(" — ")[0] in answer.text


def _rates(town: Town, member: Person, stars: float, *, favourite: str, by_button: bool) -> None:
    opened = member.press(town.card(1, "RATINGS"), "Rate") if by_button else member.slash("rate")
    said = member.submit(
        opened, {"Your rating": str(round(stars * 2)), "Favourite": favourite, "Final": f"{stars} from me."}
    )
    assert "You gave" in said.text, said
    assert favourite in said.text


def test_two_weeks_overlap_and_short_deadlines_move_them(town: Town) -> None:
    """The first is listened to and rated while the second is nominated and voted; the clock moves both."""
    fake, members = town.fake, town.members
    town.choose_channels()
    town.open("First")
    town.stands(1, "NOMINATIONS")
    for number in range(3):
        _nominates(town, members[number], number)
    town.close(1, "POLL")
    for member in members[3:]:
        vote(member, town.card(1, "POLL"), album(0), album(1))
    town.close(1, "WINNER")
    town.open("Second")
    town.stands(2, "NOMINATIONS")
    for number in range(10, 13):
        _nominates(town, members[number - 10], number, week=2)
    _soon(town, 1, "discussion_at", seconds=1)
    _soon(town, 2, "nominations_close_at", seconds=1)
    town.stands(1, "RATINGS")
    town.stands(2, "POLL")
    for member in members[:5]:
        assert "You gave" in rate(member, town.card(1, "RATINGS"), 4.0).text
    for member in members[5:]:
        assert "Your first choice" in vote(member, town.card(2, "POLL"), album(12)).text
        assert "You gave" in rate(member, town.card(1, "RATINGS"), 2.0).text
    _soon(town, 1, "ratings_close_at", seconds=1)
    _soon(town, 2, "poll_close_at", seconds=1)
    town.stands(2, "WINNER")
    wait_for(lambda: town.table(1)["phase"] == "closed", seconds=PATIENCE_S, what="the first week's end")
    assert f"{fmean([4.0] * 5 + [2.0] * 7):.1f}" in town.site(1)
    first, second = town.table(1), town.table(2)
    assert (first["winner"], second["winner"]) == (title(0), title(12))
    assert second["points"] == {title(12): 14, title(10): 0, title(11): 0}
    fake.wait_until(
        lambda: any("of 5 for" in row.content for row in fake.messages(fake.thread("- RATINGS"))),
        seconds=PATIENCE_S,
    )
    assert len(fake.guild.threads) == 7
    assert len({each.name for each in fake.guild.threads}) == 7
    assert first["count"] == 12


def _soon(town: Town, week: int, deadline: str, *, seconds: float) -> None:
    town.club.python(
        "from club.deadlines import change_deadlines\n"
        f"week = Week.objects.get(number={week})\nnow = timezone.now()\n"
        f"change_deadlines(week=week, by=None, now=now, **{{{deadline!r}: now + timedelta(seconds={seconds})}})"
    )
