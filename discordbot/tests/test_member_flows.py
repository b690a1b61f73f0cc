"""Members in Discord itself: commands, buttons, forms, drafts; also when things go wrong."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Vote, Week
from club.tests.factories import WeekFactory
from discordbot.tests.fake_discord import CannotDo, FakeDiscord, Person
from discordbot.tests.living_bot import LivingBot
from discordbot.tests.week_stage import (
    HOUR,
    acted,
    busy,
    card,
    fits_three_seconds,
    soon,
    week_in,
)
from social.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot(living_bot: LivingBot) -> LivingBot:
    return living_bot


# --- A whole week ---------------------------------------------------------------------------------------------------
def test_a_week_through_buttons_forms_and_commands(fake: FakeDiscord, bot: LivingBot, ana: Person, ben: Person) -> None:
    week = week_in(Phase.NOMINATIONS)
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971, n_tracks=10)
    asked = ana.press(card(fake, "nominate", week), "Nominate")
    done = ana.submit(asked, {"Album": "Kid A — Radiohead (2000)", "Why": "Start late.", "Genre": "Rock / / UK"})
    assert "**Kid A** — Radiohead (2000) is nominated for **WEEK 012**" in done.text
    assert done.is_ephemeral
    offered = ben.autocomplete("nominate", "album", "blue jon")
    assert offered[0] == {"name": "Blue — Joni Mitchell (1971)", "value": f"album:{blue.pk}"}
    asked = ben.slash("nominate", album=offered[0]["value"])
    assert asked.form.fields[0].prefilled == "Blue — Joni Mitchell (1971)"
    assert "is nominated" in ben.submit(asked, {"Pitch track": "River"}).text
    assert Nomination.objects.get(album=blue).pitch_track == "River"

    Week.objects.filter(pk=week.pk).update(phase=Phase.POLL, nominations_close_at=timezone.now() - HOUR)
    kid_a = Nomination.objects.get(album__title="Kid A")
    asked = ben.press(card(fake, "vote", week), "Vote")
    assert [option["label"] for option in asked.form.fields[0].options] == ["Kid A — Radiohead (2000)"]
    done = ben.submit(asked, {"First": "Kid A — Radiohead (2000)"})
    assert "Your first choice: **Kid A**" in done.text
    again = ben.press(done, "Change it")
    assert again.form.fields[0].prefilled == [str(kid_a.pk)]
    assert "secret until then" in ana.slash("results").text

    now = timezone.now()
    winner = Nomination.objects.get(album=blue)
    Week.objects.filter(pk=week.pk).update(
        phase=Phase.DISCUSSION, winner=winner, nominations_close_at=now - 3 * HOUR, poll_close_at=now - 2 * HOUR,
        discussion_at=now - HOUR,
    )  # fmt: skip
    asked = ana.slash("rate")
    track = blue.lines.first().track
    done = ana.submit(asked, {"Your rating": "9", "Favourite": track.title, "Final thoughts": "Rain."})
    assert "You gave **Blue**" in done.text
    rating = Rating.objects.get()
    assert (rating.half_stars, rating.track, rating.review) == (9, track, "Rain.")
    assert ana.press(done, "Take it back").kind == "updated"
    assert not Rating.objects.exists()
    assert fits_three_seconds(fake)


def test_commands_that_look_are_answered_to_one_alone(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week_in(Phase.POLL, n_nominees=3)
    WeekFactory(number=3, phase=Phase.CLOSED, winner__album__title="Blue")
    for command, words in (("week", "The poll is open"), ("stats", "decided week"), ("me", "have not taken part")):
        answer = ana.slash(command)
        assert words in answer.text
        assert answer.is_ephemeral
    assert "Here." in ana.slash("ping").text
    assert "Blue" in ana.slash("results", week=3).text
    found = ana.autocomplete("history", "find", "blu")
    assert "Blue" in ana.slash("history", find=found[0]["value"]).text
    shown = ana.slash("privacy")
    assert "What the club keeps of you" in shown.text
    assert "Reminders: **off**" in ana.press(shown, "Turn reminders off").text
    ana.press(shown, "Turn reminders on")
    hours = ana.press(shown, "Quiet hours")
    assert "from 22:00 to 08:00" in ana.submit(hours, {"No reminders": "22:00", "until": "8", "zone": "UTC"}).text
    assert ana.choose(shown, "", "Members").kind == "updated"
    assert fits_three_seconds(fake)


# --- Which one did you mean? ----------------------------------------------------------------------------------------
def test_candidates_are_offered_and_one_is_picked(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week = week_in(Phase.NOMINATIONS)
    AlbumFactory(title="Blue Lines", artist__name="Massive Attack", release_year=1991)
    asked = ana.submit(ana.press(card(fake, "nominate", week), "Nominate"), {"Album": "Blue Line — Massive Atack"})
    assert "Which one did you mean?" in asked.text
    picked = ana.choose(asked, "", "Blue Lines — Massive Attack (1991)")
    assert picked.kind == "updated"
    assert "is nominated" in picked.text
    assert not picked.message.selects
    withdrawn = ana.press(picked, "Withdraw")
    assert "is withdrawn" in withdrawn.text
    assert not Nomination.objects.standing().exists()


# --- Words are never lost -------------------------------------------------------------------------------------------
def test_a_form_opened_before_a_restart_is_taken_after_it(fake: FakeDiscord, ana: Person) -> None:
    week = week_in(Phase.NOMINATIONS)
    message = card(fake, "nominate", week)
    with LivingBot(fake):
        asked = ana.press(message, "Nominate")
    with LivingBot(fake):
        done = ana.submit(asked, {"Album": "Kid A — Radiohead (2000)"})
        assert "is nominated" in done.text
    with LivingBot(fake):
        assert ana.press(done, "Withdraw").kind == "updated"
    assert not Nomination.objects.standing().exists()


def test_a_form_sent_after_the_deadline_comes_back_as_a_draft(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week = week_in(Phase.NOMINATIONS, n_nominees=2)
    asked = ana.press(card(fake, "nominate", week), "Nominate")
    Week.objects.filter(pk=week.pk).update(nominations_close_at=timezone.now() - HOUR)
    words = "Everybody should hear this. " * 70
    late = ana.submit(asked, {"Album": "Kid A — Radiohead (2000)", "Why": words})
    assert "closed on" in late.text
    soon(lambda: words.strip() in late.text.replace("```", "").replace("\n", ""))
    again = ana.press(late, "Try again")
    assert again.form.fields[1].prefilled == words.strip()
    Week.objects.filter(pk=week.pk).update(phase=Phase.NOMINATIONS, nominations_close_at=timezone.now() + HOUR)
    assert "is nominated" in ana.submit(again).text


def test_words_come_back_when_the_database_breaks(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    from django.db import connection

    week = week_in(Phase.NOMINATIONS)
    asked = ana.press(card(fake, "nominate", week), "Nominate")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE social_linkedaccount RENAME TO lost")
    try:
        broken = ana.submit(asked, {"Album": "Kid A — Radiohead (2000)", "Why": "Start late."})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE lost RENAME TO social_linkedaccount")
    assert "not saved" in broken.text
    assert "Kid A — Radiohead (2000)\nWhy?: Start late." in broken.text


# --- Slow, doubled, late --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("verb", "phase"), [("nominate", Phase.NOMINATIONS), ("rate", Phase.DISCUSSION)])
def test_a_form_opens_in_time_though_the_database_is_slow(
    fake: FakeDiscord, bot: LivingBot, ana: Person, verb: str, phase: Phase
) -> None:
    week = week_in(phase)
    message = card(fake, verb, week)
    busy(bot, 4)
    asked = ana.press(message, verb.title())
    assert asked.kind == "form"
    assert fits_three_seconds(fake)
    given = {"Album": "Kid A — Radiohead (2000)"} if verb == "nominate" else {"Your rating": "9"}
    assert ana.submit(asked, given).is_ephemeral
    assert Nomination.objects.filter(album__title="Kid A").exists() or Rating.objects.exists()
    assert fits_three_seconds(fake)


def test_a_ballot_comes_as_a_message_where_the_form_would_come_too_late(
    fake: FakeDiscord, bot: LivingBot, ana: Person
) -> None:
    week = week_in(Phase.POLL, n_nominees=3)
    message = card(fake, "vote", week)
    busy(bot, 4)
    paper = ana.press(message, "Vote")
    assert paper.kind == "message"
    chosen = ana.choose(paper, "Two points", paper.message.selects[0]["options"][1]["label"])
    assert "Your first choice: **Album 2**" in chosen.text
    assert Vote.objects.get().rank == 1
    assert fits_three_seconds(fake)


def test_a_command_waits_for_a_slow_database_and_is_answered(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week_in(Phase.POLL, n_nominees=3)
    busy(bot, 4)
    assert "The poll is open" in ana.slash("week").text
    assert fits_three_seconds(fake)


def test_everything_doubled_is_done_once(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week = week_in(Phase.NOMINATIONS)
    fake.gateway.copies_of_interactions = 2
    asked = ana.press(card(fake, "nominate", week), "Nominate")
    ana.submit(asked, {"Album": "Kid A — Radiohead (2000)"})
    answers = fake.together(lambda: [ana.submit(asked, {"Album": "Kid A — Radiohead (2000)"}) for _ in range(3)])
    assert all("stays nominated" in answer.text for answer in answers)
    assert Nomination.objects.count() == 1
    assert User.objects.filter(linked_accounts__isnull=False).count() == 1
    assert fits_three_seconds(fake)


def test_an_answer_that_comes_too_late_loses_only_the_words(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week = week_in(Phase.POLL, n_nominees=3)
    message = card(fake, "vote", week)
    asked = ana.press(message, "Vote")
    labels = [option["label"] for option in asked.form.fields[0].options]
    in_time, fake.world.deadline_s = fake.world.deadline_s, 0.0
    acted(bot, lambda: ana.submit(asked, {"First": labels[1]}))
    fake.world.deadline_s = in_time
    assert fake.refused(10062)
    again = ana.press(message, "Vote")
    assert again.form.fields[0].prefilled == [str(Vote.objects.get().nomination_id)]


def test_clearing_from_a_card_leaves_the_card_alone(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    message = card(fake, "vote.clear", week_in(Phase.POLL, n_nominees=3))
    answer = ana.press(message, "st:vote.clear")
    assert "is empty" in answer.text
    assert answer.is_ephemeral
    assert message.content == "card"


def test_who_leaves_the_server_keeps_a_place_in_the_week(
    fake: FakeDiscord, bot: LivingBot, ana: Person, ben: Person
) -> None:
    week = week_in(Phase.NOMINATIONS)
    message = card(fake, "nominate", week)
    ana.submit(ana.press(message, "Nominate"), {"Album": "Kid A — Radiohead (2000)"})
    fake.hands.leave(ana)
    assert "by Ana" in ben.submit(ben.press(message, "Nominate"), {"Album": "Kid A — Radiohead (2000)"}).text


def test_nothing_is_suggested_rather_than_too_late(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    AlbumFactory(title="Blue")
    busy(bot, 4)
    assert ana.autocomplete("nominate", "album", "blue") == []
    assert fits_three_seconds(fake)


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ODD = ["@everyone <@1> <t:1:R>", "**a** ~~b~~ `c` ```d```", FAMILY * 40, "\u202eevil\u2066", "مرحبا بالعالم", "z" * 500]


@pytest.mark.parametrize("text", ODD)
def test_whatever_is_written_is_shown_safely(fake: FakeDiscord, bot: LivingBot, ana: Person, text: str) -> None:
    week = week_in(Phase.NOMINATIONS)
    words = {"Album": f"{text[:400]} — {text[:90]} (2000)", "Why": text}
    answer = ana.submit(ana.press(card(fake, "nominate", week), "Nominate"), words)
    assert "is nominated" in answer.text
    assert not answer.message.pinged_everyone
    assert "@everyone" not in answer.text
    assert ana.press(answer, "Change").form.fields[1].prefilled == text


def test_two_devices_vote_and_the_last_one_counts(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    week = week_in(Phase.POLL, n_nominees=3)
    message = card(fake, "vote", week)
    phone, desk = ana.press(message, "Vote"), ana.press(message, "Vote")
    labels = [option["label"] for option in phone.form.fields[0].options]
    ana.submit(phone, {"First": labels[0]})
    ana.submit(desk, {"First": labels[2], "Second": labels[1]})
    assert list(Vote.objects.order_by("rank").values_list("nomination__album__title", flat=True)) == [
        "Album 3",
        "Album 2",
    ]


@pytest.mark.parametrize("n", [26, 60])
def test_many_nominees_are_paged(fake: FakeDiscord, bot: LivingBot, ana: Person, n: int) -> None:
    week = week_in(Phase.POLL, n_nominees=n)
    paper = ana.press(card(fake, "vote", week), "Vote")
    assert paper.is_ephemeral
    for _ in range(-(-n // 25) - 1):
        paper = ana.press(paper, "Later in the list")
    with pytest.raises(CannotDo):
        ana.press(paper, "Later in the list")
    last = paper.message.selects[1]["options"][-1]["label"]
    chosen = ana.choose(paper, "One point", last)
    assert f"Your second choice: **Album {n}**" in chosen.text
    assert "is empty" in ana.press(chosen, "Clear").text
    assert not Vote.objects.exists()


@pytest.mark.parametrize("n", [1, 26, 120])
def test_albums_of_any_length_are_rated(fake: FakeDiscord, bot: LivingBot, ana: Person, n: int) -> None:
    album = AlbumFactory(n_tracks=n)
    week = week_in(Phase.DISCUSSION, winner__album=album)
    track = album.lines.last().track
    asked = ana.press(card(fake, "rate", week), "Rate")
    ana.submit(asked, {"Your rating": "7", "Favourite": track.title})
    assert Rating.objects.get().track == track


def test_bots_are_no_members(fake: FakeDiscord, bot: LivingBot) -> None:
    week_in(Phase.NOMINATIONS)
    beep = fake.person("Beep", is_bot=True)
    assert "no members" in beep.slash("nominate").text
    assert not User.objects.filter(linked_accounts__isnull=False).exists()
