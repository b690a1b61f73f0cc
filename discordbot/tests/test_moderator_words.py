"""What moderators type and read: moments, steps, lists, forms of the settings, findings of the check."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tests.factories import AlbumFactory
from club.choosing import chosen
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Phase
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.forms import settings as forms
from discordbot.forms.parts import Sent
from discordbot.members import Person
from discordbot.models import BotLease, DiscordSettings, Post
from discordbot.moderating import choosing, panel
from discordbot.moderating.checking import Finding, Looked, Survey, findings, of_channel
from discordbot.moderating.faring import fares
from discordbot.moderating.people import Asker
from discordbot.moderating.report import as_messages, written
from discordbot.moderating.typed import read_clock, read_moment, read_step
from discordbot.permissions import Overwrite, Permission, Place, Role, Standing, wanted
from discordbot.routes import decode
from sidetrack import heartbeat

BERLIN = ZoneInfo("Europe/Berlin")
GUILD, BOT, OWN = 1, 2, 3
ALL = int(wanted(reads_messages=False))


# --- Typed ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("20:00", time(20)), (" 9:05 ", time(9, 5)), ("20.30", time(20, 30)), ("8 pm", time(20)),
        ("8:15PM", time(20, 15)), ("12 am", time(0)), ("12 pm", time(12)), ("21", time(21)),
        ("20h30", time(20, 30)),
        ("24:00", None), ("12:60", None), ("13 pm", None), ("0 am", None), ("teatime", None), ("", None),
        ("20:0", None),
    ],
)  # fmt: skip
def test_times_of_day(typed: str, read: time | None) -> None:
    assert read_clock(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3 20:00", (3, time(20))), ("day 5, 21:30", (5, time(21, 30))), ("Day 14 at 8 pm", (14, time(20))),
        ("0 23:59", (0, time(23, 59))), ("3", None), ("20:00", None), ("three 20:00", None), ("-1 20:00", None),
    ],
)  # fmt: skip
def test_steps_of_the_rhythm(typed: str, read: tuple[int, time] | None) -> None:
    assert read_step(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2025-11-24", datetime(2025, 11, 24, 8, 0, tzinfo=UTC)),
        ("2025-11-24 20:00", datetime(2025, 11, 24, 19, 0, tzinfo=UTC)),
        ("2025-07-24T20:00", datetime(2025, 7, 24, 18, 0, tzinfo=UTC)),
        ("24.11.2025, 8 pm", datetime(2025, 11, 24, 19, 0, tzinfo=UTC)),
        ("2025-11-24T20:00Z", datetime(2025, 11, 24, 20, 0, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # missing: the next minute that exists
        ("2025-10-26 02:30", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),  # doubled: the first of the two
        ("2025-13-01", None), ("2025-02-30", None), ("soon", None), ("", None), ("2025-11-24 25:00", None),
        ("9999-12-31 23:59", None), ("2025-11-24 noon", None), ("99.99.2025", None),
    ],
)  # fmt: skip
def test_moments_where_the_club_lives(typed: str, read: datetime | None) -> None:
    assert read_moment(typed, zone=BERLIN, usual=time(9)) == read


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_readers(typed: str) -> None:
    read_clock(typed)
    read_step(typed)
    moment = read_moment(typed, zone=BERLIN, usual=time(9))
    assert moment is None or moment.tzinfo is not None


# --- Lists ----------------------------------------------------------------------------------------------------------
def test_weeks_are_found_as_people_write_them(db: None) -> None:
    for _ in range(3):
        WeekFactory(phase=Phase.POLL)
    for typed in ("2", "002", "week 2", "WEEK 002", "#2", " 2 "):
        assert choosing.week_of("close", typed).number == 2, typed
    for typed in ("99", "week", "12345678901234567890"):
        with pytest.raises(ClubRuleBroken):
            choosing.week_of("close", typed)


def test_lists_fit_into_what_discord_takes(db: None, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        WeekFactory(phase=Phase.LISTENING, winner__album=AlbumFactory(title="Title " * 30))
    ClubSettings.load()
    with django_assert_max_num_queries(2):
        offered = choosing.week_choices("close", "")
    assert len(offered) == 25
    assert all(0 < len(name) <= 100 for name, _ in offered)


def test_nominees_by_a_title_that_only_one_has(db: None) -> None:
    week = WeekFactory(phase=Phase.LISTENING)
    for title in ("Blue", "Blue Train", "Kid A"):
        NominationFactory(week=week, album=AlbumFactory(title=title))
    for typed, title in (("kid", "Kid A"), ("BLUE", "Blue"), ("blue train", "Blue Train")):
        assert choosing.nominee_of(week, typed).album.title == title
    for typed in ("blu", "nothing like it", ""):
        with pytest.raises(ClubRuleBroken, match="not nominated"):
            choosing.nominee_of(week, typed)


def test_openings_follow_the_rhythm(db: None, monday: datetime) -> None:
    offered = choosing.opening_choices("", monday + timedelta(days=1))
    assert offered[0] == ("Monday 17 November 2025, 09:00", "2025-11-17")
    assert choosing.opening_choices("2025-12-24 18:00", monday)[0][0] == "Wednesday 24 December 2025, 18:00"
    assert choosing.opening_choices("december", monday) == [
        ("Monday 01 December 2025, 09:00", "2025-12-01"),
        ("Monday 08 December 2025, 09:00", "2025-12-08"),
        ("Monday 15 December 2025, 09:00", "2025-12-15"),
    ]


# --- Forms ----------------------------------------------------------------------------------------------------------
def test_each_form_holds_what_is_set_and_gives_it_back(db: None) -> None:
    settings = ClubSettings.load()
    values = forms.typed(settings)
    for name in forms.FORMS:
        form = forms.form(name, values)
        assert 1 <= len(form["components"]) <= 5
        route = decode(form["custom_id"])
        assert route is not None
        assert (route.verb, route.arg) == (forms.SENDS, name)
        choices = forms.choices_from(name, forms.values_of(name, Sent(values)))
        assert chosen(settings, choices) == choices


def test_a_forms_id_changes_with_what_stands_in_it(db: None) -> None:
    values = forms.typed(ClubSettings.load())
    first, again = forms.form("rules", values), forms.form("rules", values)
    other = forms.form("rules", values | {"minimum_ratings": "4"})
    assert first["custom_id"] == again["custom_id"] != other["custom_id"]


def test_the_panel_keeps_discords_limits(mod: Any, monday: datetime) -> None:
    places = DiscordSettings.load()
    places.club_channel_snowflake, places.moderator_role_snowflake = 55, 66
    places.save()
    ClubSettings.objects.update_or_create(pk=1, defaults={"name": "*" * 80})
    reply = panel.shown(Asker(Person(1, "Mo"), manages_server=True), now=monday)
    body = reply.body()
    assert len(body["components"]) == 5
    assert len(body["content"]) <= 2000
    assert body["components"][0]["components"][0]["default_values"] == [{"id": "55", "type": "channel"}]
    assert body["components"][3]["components"][0]["default_values"] == [{"id": "66", "type": "role"}]
    assert "<@&66>" in body["content"]


# --- The check ------------------------------------------------------------------------------------------------------
def surveyed(*looked: Looked, own: int = ALL, **fields: Any) -> Survey:
    roles = (Role(GUILD, "@everyone", 0), Role(OWN, "Sidetrack", own))
    others = (Role(9, "Admins", int(Permission.ADMINISTRATOR)), Role(8, "Fans", 0), Role(7, "Silent", 0))
    return Survey(Standing(BOT, GUILD, roles), 77, (*roles, *others), tuple(looked), **fields)


def words(found: Survey) -> list[str]:
    return [str(line) for line in findings(found, reads_messages=False)]


def test_who_denies_is_named() -> None:
    pins = int(Permission.PIN_MESSAGES)
    for subject, name in ((GUILD, "@everyone"), (OWN, "<@&3>"), (BOT, "<@2>")):
        place = Place(5, "club", 0, (Overwrite(subject, 0, pins),))
        [line] = of_channel(surveyed(), Looked("club", 5, place), reads_messages=False)
        assert line.kind == "bad"
        assert "**Pin Messages** is missing, to pin the card with the buttons" in line.words
        assert f"deny it to {name}:" in line.words


@pytest.mark.parametrize(
    ("looked", "said"),
    [
        (Looked("club", 5, problem="gone"), "The club's channel was deleted"),
        (Looked("voice", 5, problem="unseen"), "<#5> (the voice channel): **View Channel** is missing"),
        (Looked("club", 5, Place(5, "talk", 2)), "<#5> cannot be the club's channel"),
        (Looked("moderators", 5, problem="Discord answered 503."), "Discord answered 503."),
        (Looked("forum", 5, Place(5, "forum", 15)), "<#5> (the club's forum): I may do everything"),
    ],
)
def test_each_way_of_finding_a_channel_is_told(looked: Looked, said: str) -> None:
    [line] = of_channel(surveyed(), looked, reads_messages=False)
    assert said in line.words


def test_without_a_voice_channel_events_are_asked_of_the_server() -> None:
    club = Looked("club", 5, Place(5, "club", 0))
    assert not any("Create Events" in line for line in words(surveyed(club)))
    without = surveyed(club, own=ALL & ~Permission.CREATE_EVENTS)
    assert any("The server: **Create Events** is missing" in line for line in words(without))


def test_the_role_that_is_called_must_exist_and_hear() -> None:
    assert any("The role to call was deleted" in line for line in words(surveyed(role_id=7)))
    assert any("<@&7> is not told" in line for line in words(surveyed(role_id=7, role=Role(7, "Silent", 0))))
    heard = surveyed(role_id=7, role=Role(7, "Loud", 0, is_mentionable=True))
    assert not any("<@&7>" in line for line in words(heard))


def test_too_much_power_is_mentioned() -> None:
    assert any("far more than I need" in line for line in words(surveyed(own=int(Permission.ADMINISTRATOR))))


def test_lease_posts_and_queue_are_told(db: None, monday: datetime) -> None:
    lease = BotLease.objects.create(
        pk=1, holder="abc", host="club-1", acquired_at=monday, renewed_at=monday, connected_at=monday,
        reconciled_at=monday,
    )  # fmt: skip
    heartbeat.beat(monday)
    assert {line.kind for line in fares(monday)} == {"good"}

    Post.objects.create(kind="card", key="x", nonce="n", next_try_at=monday, problem="The bot lacks Pin Messages.")
    BotLease.objects.update(problem="No club channel is chosen yet.")
    bad = [line.words for line in fares(monday) if line.kind == "bad"]
    assert bad == [
        "The bot says: No club channel is chosen yet.",
        "1 post waits to be tried again: The bot lacks Pin Messages.",
    ]
    late = [line.words for line in fares(monday + timedelta(minutes=10)) if line.kind == "bad"]
    assert any("last sign of life" in line for line in late)
    assert any("last compared with the club" in line for line in late)
    assert any("The queue of jobs has run nothing" in line for line in late)
    lease.delete()
    assert any("No process holds" in line.words for line in fares(monday))


def test_the_report_puts_what_needs_a_person_first(db: None, monday: datetime) -> None:
    reply = written(surveyed(Looked("club", 5, Place(5, "club", 0, (Overwrite(BOT, 0, ALL),)))), monday)
    lines = "\n".join([reply.content, *reply.more]).splitlines()
    marks = [line[0] for line in lines[1:]]
    assert marks == sorted(marks, key="❌✅💡".index)
    assert "need a person" in lines[0]
    assert any("<@77>, and whoever has <@&9>" in line for line in lines)


def test_a_long_report_becomes_several_messages_with_whole_lines() -> None:
    lines = [str(Finding("bad", f"{number} " + "x" * 150)) for number in range(40)]
    reply = as_messages(lines)
    parts = [reply.content, *reply.more]
    assert len(parts) == 4
    assert all(len(part) <= 2000 for part in parts)
    assert "\n".join(parts).splitlines() == lines
