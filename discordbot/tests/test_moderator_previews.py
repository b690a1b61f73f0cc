"""What the preview of each verb says, and what its confirmation then does."""

from __future__ import annotations

from datetime import datetime

import pytest

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.lifecycle import extend_phase
from club.models import ClubSettings, Nomination, Phase, Week
from club.moderating import hide_rating
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.undoing import undoable
from discordbot.models import DiscordSettings
from discordbot.moderating.confirming import ask, confirm
from discordbot.moderating.people import Asker
from discordbot.tests.asking import DAY, MINUTE, deed, pending
from social.models import User


# --- What each verb says --------------------------------------------------------------------------------------------
def test_opening_shows_every_deadline_and_takes_a_moment_ahead(asker: Asker, monday: datetime) -> None:
    opens_at = monday + 7 * DAY
    wanted = deed("open", number=1, theme="*Debuts*", opens_at=opens_at.isoformat())
    preview = ask(asker, wanted, now=monday)
    assert f"**WEEK 001** opens <t:{int(opens_at.timestamp())}:F>" in preview.content
    assert r"Theme: \*Debuts\*" in preview.content
    assert preview.content.count("\n• ") == 4
    assert not Week.objects.exists()
    confirm(asker, pending(preview), now=monday)
    week = Week.objects.get()
    assert (week.number, week.theme, week.opens_at, week.phase) == (1, "*Debuts*", opens_at, Phase.SCHEDULED)


def test_opening_in_the_past_is_refused(asker: Asker, monday: datetime) -> None:
    wanted = deed("open", number=1, opens_at=(monday - DAY).isoformat())
    with pytest.raises(ClubRuleBroken, match="has passed"):
        ask(asker, wanted, now=monday)


def test_extending_shows_what_moves_with_it(asker: Asker, poll: Week, during: datetime) -> None:
    preview = ask(asker, deed("extend", poll, days=1, hours=2), now=during)
    assert "Extending **the poll** of **WEEK 001**:" in preview.content
    for words in ("the poll closes", "the discussion begins", "ratings close"):
        assert f"• {words}: <t:" in preview.content
    assert "nominations close" not in preview.content


def test_reopening_says_that_the_winner_is_decided_anew(asker: Asker, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.LISTENING, winner__album=AlbumFactory(title="Kid A"))
    NominationFactory(week=week)
    now = week.poll_close_at + DAY
    preview = ask(asker, deed("reopen", week), now=now)
    assert "goes back to **Poll**" in preview.content
    assert "**Kid A**" in preview.content
    assert "is no longer the winner" in preview.content
    confirm(asker, pending(preview), now=now)
    assert Week.objects.get().phase == Phase.POLL


def test_overriding_says_who_and_what_becomes_of_the_ratings(asker: Asker) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION, winner__album=AlbumFactory(title="Kid A"))
    other = NominationFactory(week=week, album=AlbumFactory(title="Blue"))
    RatingFactory(week=week)
    now = week.discussion_at + DAY
    preview = ask(asker, deed("override", week, "A tie, decided by hand.", nomination=other.pk), now=now)
    assert "is **Blue**" in preview.content
    assert "instead of **Kid A**" in preview.content
    assert "The 1 rating given so far" in preview.content
    confirm(asker, pending(preview), now=now)
    assert Week.objects.get().winner == other


def test_overriding_and_skipping_need_what_the_club_asks_for(asker: Asker, poll: Week, during: datetime) -> None:
    other = Nomination.objects.first()
    assert other is not None
    with pytest.raises(ClubRuleBroken, match="The poll of WEEK 001 is not over"):
        ask(asker, deed("override", poll, "No.", nomination=other.pk), now=during)
    with pytest.raises(ClubRuleBroken, match="no week"):
        ask(asker, deed("skip"), now=during)


def test_skipping_says_what_is_lost(asker: Asker, poll: Week, during: datetime) -> None:
    preview = ask(asker, deed("skip", poll, "Holidays."), now=during)
    assert "**WEEK 001** is cancelled" in preview.content
    assert "2 albums are nominated." in preview.content
    assert "3 members have voted." in preview.content
    confirm(asker, pending(preview), now=during)
    assert Week.objects.get().phase == Phase.CANCELLED


def test_undo_names_the_act_and_puts_it_back(asker: Asker, mod: User, poll: Week, during: datetime) -> None:
    extend_phase(week=poll, delta=DAY, by=mod, now=during, reason="A busy week.")
    last = undoable().first()
    assert last is not None
    preview = ask(asker, deed("undo", act=last.pk), now=during + MINUTE)
    assert "Taking back what Mod did" in preview.content
    assert "extended a phase of WEEK 001" in preview.content
    assert "A busy week." in preview.content
    assert "• the poll closes: <t:" in preview.content
    confirm(asker, pending(preview), now=during + MINUTE)
    assert Week.objects.get().deadlines == poll.deadlines


def test_settings_show_the_next_week_and_what_runs_in_the_new_zone(asker: Asker, poll: Week, during: datetime) -> None:
    wanted = deed("settings", choices={"timezone": "America/New_York", "open_time": "10:00:00"})
    preview = ask(asker, wanted, now=during)
    assert "• time zone: America/New\\_York, instead of UTC" in preview.content
    assert "• weeks open at: 10:00, instead of 09:00" in preview.content
    assert "The next week by this rhythm:" in preview.content
    assert "WEEK 001" in preview.content
    assert "15:00 in America/New_York" in preview.content, "20:00 UTC, kept, is called three o'clock there"
    assert ClubSettings.load().timezone == "UTC"
    confirm(asker, pending(preview), now=during)
    assert ClubSettings.load().timezone == "America/New_York"
    last = undoable().first()
    assert last is not None
    confirm(asker, pending(ask(asker, deed("undo", act=last.pk), now=during)), now=during)
    assert ClubSettings.load().timezone == "UTC"


def test_a_previewed_zone_is_not_remembered(asker: Asker, poll: Week, during: datetime) -> None:
    ask(asker, deed("settings", choices={"timezone": "Pacific/Auckland"}), now=during)
    assert poll.label == f"WEEK 001 [{poll.discussion_at:%Y-%m-%d}]"


def test_impossible_settings_are_refused_in_the_settings_own_words(asker: Asker, poll: Week, during: datetime) -> None:
    with pytest.raises(ClubRuleBroken, match="Each phase must end after the one before it"):
        ask(asker, deed("settings", choices={"poll_close_day": 1}), now=during)


def test_places_are_changed_logged_and_undone(asker: Asker, monday: datetime) -> None:
    wanted = deed("places", places={"club_channel_snowflake": 55, "is_forum": True})
    preview = ask(asker, wanted, now=monday)
    assert "the club's channel: <#55>, instead of none" in preview.content
    assert "It is a forum" in preview.content
    confirm(asker, pending(preview), now=monday)
    settings = DiscordSettings.load()
    assert (settings.club_channel_snowflake, settings.is_forum) == (55, True)
    last = undoable().first()
    assert last is not None
    undoing = ask(asker, deed("undo", act=last.pk), now=monday)
    assert "changed where the bot posts" in undoing.content
    confirm(asker, pending(undoing), now=monday)
    assert DiscordSettings.load().club_channel_snowflake is None


def test_previews_fit_into_a_message_and_ping_nobody(asker: Asker, monday: datetime) -> None:
    week = WeekFactory(phase=Phase.LISTENING, winner__album=AlbumFactory(title="@everyone " * 25))
    other = NominationFactory(week=week, album=AlbumFactory(title="<@1> " * 50))
    preview = ask(asker, deed("override", week, "@here " * 160, nomination=other.pk), now=week.poll_close_at + DAY)
    body = preview.body()
    assert len(body["content"]) <= 2000
    assert body["allowed_mentions"] == {"parse": []}
    assert "@everyone" not in body["content"]
    assert "@here" not in body["content"]


def test_undo_also_takes_back_what_was_done_to_words(asker: Asker, mod: User) -> None:
    rating = RatingFactory()
    now = rating.week.discussion_at + DAY
    hide_rating(rating=rating, by=mod, reason="Rude.", now=now)
    last = undoable().get()
    preview = ask(asker, deed("undo", act=last.pk), now=now)
    assert "hid a rating" in preview.content
    assert "Rude." in preview.content
    confirm(asker, pending(preview), now=now)
    rating.refresh_from_db()
    assert rating.hidden_at is None
