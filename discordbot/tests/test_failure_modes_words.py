"""Failure modes of numbers and words: none and sixty nominees, texts that would do harm, phones, closed doors."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.models import Post
from discordbot.tests.acting import card, nominate, vote
from discordbot.tests.agreement import disagreements
from discordbot.tests.fake_discord import CannotDo, FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot
from discordbot.tests.whole_bot_stage import BLUE, KID_A, RED, ends
from social.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


# --- 15: none, one, many ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [0, 1, 2, 25, 26, 60])
def test_failure_15_any_number_of_nominees_ends_in_a_defined_way(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, n: int
) -> None:
    for number in range(n):
        NominationFactory(week=week, album=AlbumFactory(title=f"Album {number:02d}"), created_at=clock.now)
    bot.settle()
    week = ends(week, clock, bot)
    if n == 0:
        assert week.phase == Phase.NOMINATIONS, "one more day"
        assert ends(week, clock, bot).phase == Phase.CANCELLED
        assert any("nobody nominated" in row.text for row in fake.messages(fake.thread("NOMINATIONS")))
    elif n == 1:
        assert week.phase == Phase.LISTENING
        assert "only nomination" in card(fake, "WINNER").text
        assert not fake.threads("- POLL")
    else:
        assert week.phase == Phase.POLL
        ana, last = fake.person("Ana"), Nomination.objects.filter(week=week).order_by("album__title").last()
        assert last
        answer = ana.press(card(fake, "POLL"), "Vote")
        if n <= 25:
            assert answer.form
            ana.submit(answer, {"First": str(last.pk)})
        else:
            shown = answer
            pages = -(-n // 25)
            for _ in range(pages - 1):
                shown = ana.press(shown, "Later")
            assert f"page {pages} of {pages}" in shown.text
            ana.choose(shown, "st:vote.first", [str(last.pk)])
        assert Vote.objects.get().nomination == last
        week = ends(week, clock, bot)
        assert week.winner == last
    assert disagreements(fake, clock.now) == []


@pytest.mark.parametrize("case", ["no votes", "all tie", "one voter"])
def test_failure_15_no_votes_ties_and_a_single_voter_are_decided_and_explained(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, case: str
) -> None:
    ana, ben, cai = (fake.person(name) for name in ("Ana", "Ben", "Cai"))
    for who, title in ((ana, KID_A), (ben, BLUE)):
        nominate(who, card(fake, "NOMINATIONS"), title)
        clock.passes(minutes=1)
    ends(week, clock, bot)
    if case == "all tie":
        vote(ana, card(fake, "POLL"), BLUE)
        vote(ben, card(fake, "POLL"), KID_A)
    if case == "one voter":
        vote(cai, card(fake, "POLL"), BLUE)
    week = ends(week, clock, bot)
    if case == "no votes":
        assert week.phase == Phase.POLL, "one more day"
        week = ends(week, clock, bot)
    assert week.winner
    assert week.winner.album.title == ("Blue" if case == "one voter" else "Kid A")
    said = card(fake, "WINNER").text
    words = {"no votes": "Nobody voted", "all tie": "was nominated first", "one voter": "1 member voted"}[case]
    assert words.lower() in said.lower(), said


@pytest.mark.parametrize("n", [0, 1, 25, 26, 120])
def test_failure_15_an_album_of_any_length_is_rated_with_a_favourite(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, n: int
) -> None:
    album = AlbumFactory(title="Long", n_tracks=n)
    WeekFactory(phase=Phase.DISCUSSION, opens_at=clock.now - timedelta(days=15), winner__album=album)
    bot.settle()
    ana = fake.person("Ana")
    form = ana.press(card(fake, "RATINGS"), "Rate")
    assert form.form
    field = form.form.field("Favourite")
    last = album.lines.order_by("position").last() if n else None
    favourite = str(last.track_id) if last and field.options else last.track.title if last else "Whatever"
    assert bool(field.options) is (0 < n <= 25)
    assert "You gave" in ana.submit(form, {"Your rating": "10", "Favourite": favourite}).text
    assert Rating.objects.get().track_id == (last.track_id if last else None)


# --- 18: words --------------------------------------------------------------------------------------------------------
NASTY = {
    "pings": "@everyone @here <@1> <@&2> hello",
    "markdown": "**bold** `code` ```fence``` ||spoiler|| > quote # head [a](https://x.example)",
    "time": "<t:0:F> <t:1:R> </club close:1>",
    "right to left": "\u202eevil\u202c מילים كلمات",
    "zero width": "a\u200bb\u200dc\ufeffd",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽" * 40,
    "long": "word " * 399,
}


@pytest.mark.parametrize("kind", NASTY)
def test_failure_18_whatever_is_typed_is_shown_safely_and_whole_on_the_web(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, kind: str, client: Any
) -> None:
    words = NASTY[kind]
    ana = fake.person("Ana")
    answer = nominate(ana, card(fake, "NOMINATIONS"), f"{words[:60].strip()} — Band (1999)", Why=words)
    assert "is nominated" in answer.text or "Try again" in str(answer.message and answer.message.buttons), answer
    if "is nominated" not in answer.text:
        nominate(ana, card(fake, "NOMINATIONS"), KID_A, Why=words)
    bot.settle()
    posts = [row for thread in fake.guild.threads for row in fake.messages(thread, by_bot=True)]
    assert not [row for row in [*posts, *ana.ephemerals] if row.pinged or row.pinged_everyone or row.pinged_roles]
    assert not [row.text for row in posts if re.search(r"(?<!\\)<(t:[01]:|/club close|@[1&])", row.text)]
    page = client.get(f"/weeks/{week.number}/").content.decode()
    assert "<script" not in Nomination.objects.get().pitch
    assert Nomination.objects.get().album.title in page or kind in {"markdown", "time", "pings"}
    assert disagreements(fake, clock.now) == []


def test_failure_18_an_address_in_place_of_an_album_is_explained(fake: FakeDiscord, bot: WholeBot, week: Week) -> None:
    ana = fake.person("Ana")
    answer = nominate(ana, card(fake, "NOMINATIONS"), "https://open.spotify.com/album/123", Why="Kept")
    assert "A link alone cannot be read" in answer.text
    assert "Kept" in answer.text
    again = ana.submit(ana.press(answer, "Try again"), {"Album": RED})
    assert "is nominated" in again.text


# --- 19: phones and closed doors --------------------------------------------------------------------------------------
def test_failure_19_forms_are_made_for_phones(fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week) -> None:
    ana, ben = fake.person("Ana"), fake.person("Ben")
    blank = ana.press(card(fake, "NOMINATIONS"), "Nominate").form
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    nominate(ben, card(fake, "NOMINATIONS"), BLUE)
    filled = ana.press(card(fake, "NOMINATIONS"), "Nominate").form
    assert blank
    assert filled
    assert blank.custom_id != filled.custom_id, "phones keep a form under its id"
    ends(week, clock, bot)
    cai = fake.person("Cai")
    empty = cai.press(card(fake, "POLL"), "Vote").form
    vote(cai, card(fake, "POLL"), KID_A, BLUE)
    chosen = cai.press(card(fake, "POLL"), "Vote")
    assert empty
    assert chosen.form
    assert empty.custom_id != chosen.form.custom_id
    second = chosen.form.field("Second")
    assert second.part["min_values"] == 0
    assert "Your second choice: none" in cai.submit(chosen, {"Second": []}).text


def test_failure_19_every_post_reads_without_its_card(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    for title in (KID_A, BLUE):
        nominate(fake.person(title[:3]), card(fake, "NOMINATIONS"), title)
    for _ in range(4):
        bot.settle()
        if Phase(Week.objects.get().phase) == Phase.POLL:
            vote(fake.person("Cai"), card(fake, "POLL"), KID_A)
        ends(week, clock, bot)
    places = [fake.club, *fake.guild.threads]
    assert len(places) == 5
    for place in places:
        for message in fake.messages(place, by_bot=True):
            assert message.content.strip(), message


def test_failure_19_who_takes_no_direct_messages_is_reminded_in_the_thread(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben = fake.person("Ana"), fake.person("Ben")
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    nominate(ben, card(fake, "NOMINATIONS"), BLUE)
    User.objects.update(wants_direct_messages=True)
    fake.hands.close_dms(ana)
    week = ends(week, clock, bot)
    clock.now = week.poll_close_at - timedelta(hours=23)
    bot.settle()
    pinged = [row for row in fake.messages(fake.thread("- POLL")) if row.pinged]
    assert [row.pinged for row in pinged] == [{ana.id, ben.id}]
    assert (len(ana.dms), len(ben.dms)) == (0, 1)
    assert not Post.objects.exclude(problem="").exists()
    assert not [row for row in caplog.records if row.exc_info]
    bot.settle()
    assert len(ben.dms) == 1


def test_failure_19_a_person_presses_only_what_is_there(fake: FakeDiscord, bot: WholeBot, week: Week) -> None:
    """The local Discord itself refuses what phones refuse, else the tests above would show nothing."""
    with pytest.raises(CannotDo):
        fake.person("Ana").press(card(fake, "NOMINATIONS"), "Vote")
