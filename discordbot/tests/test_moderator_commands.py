"""`/club …` in Discord itself: who is offered it, what is shown, pressed and chosen, also after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.models import DiscordSettings
from discordbot.tests.fake_discord import Answer, CannotDo, FakeDiscord, Person
from discordbot.tests.fake_discord.faults import server_error
from discordbot.tests.living_bot import LivingBot
from social.identity import member_for_identity
from social.models import ModerationAction, User
from social.models.user import MODERATORS
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[LivingBot]:
    with LivingBot(fake) as bot:
        yield bot
    assert not fake.violations
    assert not fake.failed_interactions
    assert not fake.ignored_keys


@pytest.fixture
def mo(fake: FakeDiscord) -> Person:
    """Has Manage Server through the role Moderator; unknown to the club."""
    return fake.person("Mo", "Moderator")


@pytest.fixture
def poll() -> Week:
    """A poll that closes tomorrow: Kid A leads with three ballots before Blue."""
    week = WeekFactory(phase=Phase.POLL, opens_at=timezone.now().replace(microsecond=0) - 4 * DAY)
    for title in ("Kid A", "Blue"):
        NominationFactory(week=week, album=AlbumFactory(title=title))
    first = Nomination.objects.get(album__title="Kid A")
    for _ in range(3):
        Vote.objects.create(week=week, user=UserFactory(), nomination=first, rank=1, cast_at=week.opens_at)
    return week


def names(choices: list[dict[str, Any]]) -> list[str]:
    return [choice["name"] for choice in choices]


def confirmed(person: Person, preview: Answer) -> Answer:
    assert preview.is_ephemeral, preview
    return person.press(preview, "Confirm")


# --- Who ------------------------------------------------------------------------------------------------------------
def test_members_are_not_offered_the_command_and_refused_when_they_send_it(
    bot: LivingBot, ana: Person, poll: Week
) -> None:
    with pytest.raises(CannotDo, match="not offered"):
        ana.slash("club close")
    for command in ("club close", "club check", "club settings", "club undo"):
        answer = ana.slash(command, force=True)
        assert "Only moderators may do this" in answer.text, command
        assert answer.is_ephemeral
    assert not ModerationAction.objects.exists()
    assert not User.objects.filter(display_name="Ana").exists()


def test_a_member_of_the_clubs_group_needs_no_role_in_discord(bot: LivingBot, ana: Person, poll: Week) -> None:
    member, _ = member_for_identity(
        provider="discord", provider_user_id=str(ana.id), display_name="Ana", now=timezone.now()
    )
    member.groups.add(Group.objects.get(name=MODERATORS))
    confirmed(ana, ana.slash("club close", force=True))
    act = ModerationAction.objects.get()
    assert (act.moderator, act.verb) == (member, "close_phase")


# --- Preview, confirm, undo -----------------------------------------------------------------------------------------
def test_closing_is_shown_confirmed_logged_and_undone(bot: LivingBot, mo: Person, poll: Week) -> None:
    preview = mo.slash("club close", reason="All have voted.")
    assert "3 members have voted." in preview.text
    assert "secret until it is closed" in preview.text, "Manage Server alone does not show how a poll stands"
    assert Week.objects.get().phase == Phase.POLL
    done = confirmed(mo, preview)
    assert (done.kind, done.message.buttons if done.message else None) == ("updated", [])
    assert "Done" in done.text
    assert "Kid A" in done.text
    assert Week.objects.get().phase == Phase.LISTENING
    act = ModerationAction.objects.get()
    assert str(act.moderator) == "Mo"
    undone = mo.slash("club undo")
    assert "ended a phase of WEEK 001" in undone.text
    confirmed(mo, undone)
    assert Week.objects.get().phase == Phase.POLL
    assert "nothing to undo" in mo.slash("club undo").text


def test_cancel_changes_nothing(bot: LivingBot, mo: Person, poll: Week) -> None:
    answer = mo.press(mo.slash("club skip", reason="Holidays."), "Cancel")
    assert "Nothing was changed" in answer.text
    assert Week.objects.get().phase == Phase.POLL


def test_confirm_works_after_a_restart(fake: FakeDiscord, mo: Person, poll: Week) -> None:
    with LivingBot(fake):
        preview = mo.slash("club extend", days=1)
    with LivingBot(fake):
        assert "Done" in confirmed(mo, preview).text
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY


def test_two_who_press_at_once_are_one_act(bot: LivingBot, fake: FakeDiscord, mo: Person, poll: Week) -> None:
    other = fake.person("Nia", "Moderator")
    previews = {each: each.slash("club extend", days=1) for each in (mo, other)}
    answers = fake.together(lambda: [each.press(preview, "Confirm") for each, preview in previews.items()])
    assert sorted("Already done by" in answer.text for answer in answers) == [False, True]
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY
    assert ModerationAction.objects.count() == 1


def test_an_impatient_moderator_confirms_once(bot: LivingBot, fake: FakeDiscord, mo: Person, poll: Week) -> None:
    preview = mo.slash("club extend", days=1)
    answers = fake.together(lambda: [mo.press(preview, "Confirm") for _ in range(4)])
    assert all("Done" in answer.text for answer in answers)
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY


def test_copies_of_one_interaction_do_it_once(bot: LivingBot, fake: FakeDiscord, mo: Person, poll: Week) -> None:
    fake.gateway.copies_of_interactions = 2
    confirmed(mo, mo.slash("club extend", days=1))
    assert Week.objects.get().poll_close_at == poll.poll_close_at + DAY


# --- Each verb ------------------------------------------------------------------------------------------------------
def test_opening_on_a_day_from_the_list(bot: LivingBot, mo: Person) -> None:
    offered = mo.autocomplete("club open", "date", "")
    assert len(offered) == 6
    preview = mo.slash("club open", theme="Debuts", date=offered[1]["value"])
    assert "**WEEK 001** opens <t:" in preview.text
    confirmed(mo, preview)
    week = Week.objects.get()
    assert (week.theme, week.phase) == ("Debuts", Phase.SCHEDULED)
    assert week.opens_at.date().isoformat() == offered[1]["value"]
    assert week.opens_at.hour == ClubSettings.load().open_time.hour


def test_an_odd_date_is_explained(bot: LivingBot, mo: Person) -> None:
    answer = mo.slash("club open", date="soon")
    assert "“soon” is no time. Write it as `2025-11-24`" in answer.text
    assert "has passed" in mo.slash("club open", date="2001-01-01").text


def test_overriding_offers_the_other_nominees_once_the_poll_is_over(bot: LivingBot, mo: Person, poll: Week) -> None:
    assert mo.autocomplete("club override", "nominee", "") == []
    confirmed(mo, mo.slash("club close"))
    offered = mo.autocomplete("club override", "nominee", "bl")
    assert names(offered)[0].startswith("Blue")
    assert len(offered) == 1
    confirmed(mo, mo.slash("club override", nominee=offered[0]["value"], reason="By hand."))
    winner = Week.objects.with_winner().get().winner
    assert winner is not None
    assert winner.album.title == "Blue"


def test_weeks_are_offered_with_their_phase_the_likeliest_first(bot: LivingBot, mo: Person, poll: Week) -> None:
    WeekFactory(phase=Phase.SCHEDULED, opens_at=timezone.now() + 3 * DAY)
    WeekFactory(phase=Phase.LISTENING, winner__album=AlbumFactory(title="Hejira"), opens_at=timezone.now() - 9 * DAY)
    offered = names(mo.autocomplete("club close", "week", ""))
    assert [name[:8] for name in offered] == ["WEEK 003", "WEEK 001", "WEEK 002"]
    assert "Listening · Hejira" in offered[0]
    assert names(mo.autocomplete("club close", "week", "hejira")) == offered[:1]
    assert "**WEEK 001**" in mo.slash("club close", week="WEEK 001").text
    assert "There is no week “77”" in mo.slash("club close", week="77").text


def test_without_a_week_a_verb_says_so(bot: LivingBot, mo: Person) -> None:
    for command, options in (("close", {}), ("extend", {"days": 1}), ("reopen", {}), ("skip", {"reason": "x"})):
        assert "no week" in mo.slash(f"club {command}", **options).text, command


def test_opening_another_week_points_to_the_one_that_waits(bot: LivingBot, mo: Person) -> None:
    waiting = WeekFactory(phase=Phase.SCHEDULED, opens_at=timezone.now().replace(microsecond=0) + 3 * DAY)
    preview = mo.slash("club open")
    assert f"**{waiting}** waits already for its opening" in preview.text
    assert f"**{waiting}** opens at once." in mo.slash("club close").text


# --- Settings -------------------------------------------------------------------------------------------------------
def test_the_clubs_channel_is_chosen_with_its_kind(bot: LivingBot, fake: FakeDiscord, mo: Person) -> None:
    panel = mo.slash("club settings")
    assert panel.is_ephemeral
    preview = mo.choose(panel, "The club's channel", [str(fake.forum.id)])
    assert f"the club's channel: <#{fake.forum.id}>, instead of none" in preview.text
    assert "I may do everything that I need here" in preview.text
    assert "It is a forum" in preview.text
    confirmed(mo, preview)
    settings = DiscordSettings.load()
    assert (settings.club_channel_snowflake, settings.is_forum) == (fake.forum.id, True)
    confirmed(mo, mo.choose(mo.slash("club settings"), "The club's channel", [str(fake.club.id)]))
    settings = DiscordSettings.load()
    assert (settings.club_channel_snowflake, settings.is_forum) == (fake.club.id, False)


def test_a_channel_in_which_something_is_missing_says_so_before_it_is_chosen(
    bot: LivingBot, fake: FakeDiscord, mo: Person
) -> None:
    fake.hands.take("PIN_MESSAGES", channel=fake.club)
    preview = mo.choose(mo.slash("club settings"), "The club's channel", [str(fake.club.id)])
    assert "**Pin Messages** is missing" in preview.text


def test_a_channel_can_be_taken_out_again(bot: LivingBot, fake: FakeDiscord, mo: Person) -> None:
    DiscordSettings.load()
    DiscordSettings.objects.update(voice_channel_snowflake=fake.voice.id)
    preview = mo.choose(mo.slash("club settings"), "Voice channel", [])
    assert f"voice channel: none, instead of <#{fake.voice.id}>" in preview.text
    confirmed(mo, preview)
    assert DiscordSettings.load().voice_channel_snowflake is None


def test_the_monday_digest_is_turned_on_and_off(bot: LivingBot, mo: Person) -> None:
    panel = mo.slash("club settings")
    assert "Monday digest: none" in panel.text
    preview = mo.press(panel, "Post a Monday digest")
    assert "Monday digest: yes, instead of no" in preview.text
    assert not DiscordSettings.load().posts_digest
    confirmed(mo, preview)
    assert DiscordSettings.load().posts_digest
    again = mo.slash("club settings")
    assert "Mondays at 10:00" in again.text
    confirmed(mo, mo.press(again, "No Monday digest"))
    assert not DiscordSettings.load().posts_digest


def test_the_rhythm_is_changed_in_a_form(bot: LivingBot, mo: Person) -> None:
    form = mo.press(mo.slash("club settings"), "Days and times")
    assert form.kind == "form"
    preview = mo.submit(form, {"The poll closes": "6 21:30"})
    assert "the poll closes on day: 6, instead of 5" in preview.text
    assert "The next week by this rhythm" in preview.text
    confirmed(mo, preview)
    settings = ClubSettings.load()
    assert (settings.poll_close_day, settings.poll_close_time.isoformat()) == (6, "21:30:00")


def test_the_zone_and_the_opening_are_changed_in_a_form(bot: LivingBot, mo: Person, poll: Week) -> None:
    form = mo.press(mo.slash("club settings"), "Name and opening")
    preview = mo.submit(form, {"Time zone": "Europe/Berlin", "Weeks open on": "Wednesday"})
    assert "Weeks that run keep their moments" in preview.text
    confirmed(mo, preview)
    settings = ClubSettings.load()
    assert (settings.timezone, settings.open_weekday) == ("Europe/Berlin", 2)
    assert Week.objects.get().deadlines == poll.deadlines


@pytest.mark.parametrize(
    ("button", "field", "typed", "words"),
    [
        ("Name and opening", "Time zone", "Berlin", "“Berlin” is no time zone"),
        ("Name and opening", "Weeks open at", "teatime", "“teatime” is no time of day"),
        ("Days and times", "The poll closes", "2 20:00", "Each phase must end after the one before it"),
        ("Days and times", "The poll closes", "Friday", "cannot be read"),
        ("Rules", "Ratings needed", "few", "no whole number"),
        ("Rules", "Nominations per member", "0", "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_meant_comes_back_to_be_corrected(
    bot: LivingBot, mo: Person, button: str, field: str, typed: str, words: str
) -> None:
    refused = mo.submit(mo.press(mo.slash("club settings"), button), {field: typed})
    assert words in refused.text
    again = mo.press(refused, "Correct it")
    assert again.form is not None
    kept = next(row for row in again.form.fields if row.label.startswith(field))
    assert kept.prefilled == typed
    assert not ModerationAction.objects.exists()


def test_a_form_opened_before_a_restart_is_read_after_it(fake: FakeDiscord, mo: Person) -> None:
    with LivingBot(fake):
        form = mo.press(mo.slash("club settings"), "Rules")
    with LivingBot(fake):
        confirmed(mo, mo.submit(form, {"Ratings needed": "5"}))
    assert ClubSettings.load().minimum_ratings == 5


def test_a_form_sent_as_it_was_changes_nothing(bot: LivingBot, mo: Person) -> None:
    for button in ("Name and opening", "Days and times", "Rules"):
        assert "nothing changes" in mo.submit(mo.press(mo.slash("club settings"), button)).text


# --- Check ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def places(fake: FakeDiscord) -> DiscordSettings:
    settings = DiscordSettings.load()
    settings.club_channel_snowflake = fake.club.id
    settings.voice_channel_snowflake = fake.voice.id
    settings.moderators_channel_snowflake = fake.moderators.id
    settings.save()
    return settings


def test_check_says_where_all_is_well(bot: LivingBot, fake: FakeDiscord, mo: Person, places: DiscordSettings) -> None:
    said = mo.slash("club check").text
    for channel in (fake.club, fake.voice, fake.moderators):
        assert f"<#{channel.id}>" in said
    assert said.count("I may do everything that I need here") == 3
    assert "is missing" not in said


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("PIN_MESSAGES", "Pin Messages"),
        ("CREATE_PUBLIC_THREADS", "Create Public Threads"),
        ("SEND_MESSAGES_IN_THREADS", "Send Messages in Threads"),
        ("MANAGE_THREADS", "Manage Threads"),
        ("ATTACH_FILES", "Attach Files"),
        ("EMBED_LINKS", "Embed Links"),
        ("READ_MESSAGE_HISTORY", "Read Message History"),
        ("SEND_MESSAGES", "Send Messages"),
        ("VIEW_CHANNEL", "View Channel"),
    ],
)
def test_check_names_each_missing_permission_and_who_can_give_it(
    bot: LivingBot, fake: FakeDiscord, mo: Person, places: DiscordSettings, permission: str, name: str
) -> None:
    fake.hands.take(permission, channel=fake.club)
    said = mo.slash("club check", channel=fake.moderators).text
    assert f"<#{fake.club.id}> (the club's channel): **{name}** is missing" in said
    assert "The channel's own settings deny it" in said
    assert f"the owner <@{fake.owner.id}>" in said
    assert "oauth2/authorize" in said
    fake.hands.give(permission, channel=fake.club)
    assert "is missing" not in mo.slash("club check").text


def test_check_names_a_permission_that_no_role_gives(
    bot: LivingBot, fake: FakeDiscord, mo: Person, places: DiscordSettings
) -> None:
    fake.hands.take("CREATE_EVENTS")
    said = mo.slash("club check").text
    assert f"<#{fake.voice.id}> (the voice channel): **Create Events** is missing" in said
    assert "None of my roles has it" in said


def test_check_tells_of_a_deleted_channel(
    bot: LivingBot, fake: FakeDiscord, mo: Person, places: DiscordSettings
) -> None:
    fake.hands.delete(fake.voice)
    assert "The voice channel was deleted. Choose another with `/club settings`." in mo.slash("club check").text


def test_check_tells_what_is_not_set_up_yet(bot: LivingBot, mo: Person) -> None:
    said = mo.slash("club check").text
    assert "No club channel is chosen, so nothing is posted" in said
    assert "No process holds the bot's lease" in said
    assert "The queue of jobs has never run anything" in said


def test_the_panels_button_checks_too(bot: LivingBot, mo: Person) -> None:
    assert "No club channel is chosen" in mo.press(mo.slash("club settings"), "Check").text


def test_check_answers_when_discord_itself_does_not(bot: LivingBot, fake: FakeDiscord, mo: Person) -> None:
    fake.fault("GET /guilds/*", server_error(), times=20)
    said = mo.slash("club check").text
    assert "I could not ask Discord what I may do: Discord did not answer within 8 s." in said
    assert "No process holds the bot's lease" in said
