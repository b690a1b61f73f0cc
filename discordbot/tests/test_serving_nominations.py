"""Nominating through the form: what it opens with, which album is meant, what comes back when it is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.forms.nominate import NominationWords
from discordbot.members import Person, member_of_club
from discordbot.models import Draft
from discordbot.serving import nominations as serving
from discordbot.tests.reading import buttons_of, options_of, values_of
from social.models import LinkedAccount, User

ANN = Person(1001, "Ann", "ann")
BEN = Person(1002, "Ben", "ben")
BLUE = NominationWords("Blue — Joni Mitchell (1971)", "The saddest dulcimer.", "River", "Folk / / CA")

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monday: datetime) -> datetime:
    return monday + timedelta(hours=5)


@pytest.fixture
def week() -> Week:
    return WeekFactory(number=12)


def send(person: Person, words: NominationWords, now: datetime, *, arg: str = "", number: int = 12) -> Any:
    return serving.submitted(person=person, number=number, words=words, arg=arg, now=now)


# --- Taking it ------------------------------------------------------------------------------------------------------
def test_an_unknown_album_is_taken_as_it_was_typed(
    week: Week, now: datetime, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reply = send(ANN, BLUE, now)
    nomination = Nomination.objects.get()
    assert (str(nomination.album), nomination.album.release_year, str(nomination.user)) == (
        "Blue — Joni Mitchell",
        1971,
        "Ann",
    )
    assert (nomination.pitch, nomination.pitch_track) == ("The saddest dulcimer.", "River")
    assert (nomination.genre, nomination.decade, nomination.country) == ("Folk", "1970s", "CA")
    assert "**Blue** — Joni Mitchell (1971) is nominated for **WEEK 012**" in reply.content
    assert f"<t:{int(week.poll_close_at.timestamp())}:R>" in reply.content
    assert buttons_of(reply)["Week 12 on the website"].endswith("/weeks/12/")
    assert jobs.names() == ["catalog.tasks.identify"]


def test_the_same_form_twice_is_one_nomination(week: Week, now: datetime) -> None:
    first, again = send(ANN, BLUE, now), send(ANN, BLUE, now + timedelta(seconds=1))
    assert Nomination.objects.count() == 1
    assert "is nominated" in first.content
    assert "stays nominated" in again.content


def test_the_form_opens_with_one_s_own_nomination_to_change_it(week: Week, now: datetime) -> None:
    send(ANN, BLUE, now)
    form = serving.opened(person=ANN, number=12, now=now)
    nomination = Nomination.objects.get()
    assert values_of(form) == {
        "album": "Blue — Joni Mitchell (1971)", "pitch": "The saddest dulcimer.", "track": "River",
        "tags": "Folk / 1970s / CA",
    }  # fmt: skip
    words = NominationWords("Blue — Joni Mitchell (1971)", "", "Carey https://example.org/carey", "")
    reply = send(ANN, words, now, arg=form["custom_id"].split(":")[3])
    nomination.refresh_from_db()
    assert (nomination.pitch, nomination.pitch_track_url, nomination.genre) == ("", "https://example.org/carey", "")
    assert (nomination.pitch_track, nomination.decade) == ("Carey", "1970s")
    assert "stays nominated" in reply.content
    assert values_of(serving.opened(person=BEN, number=12, now=now)) == {
        "album": "",
        "pitch": "",
        "track": "",
        "tags": "",
    }


def test_an_album_chosen_while_typing_needs_no_question(week: Week, now: datetime) -> None:
    AlbumFactory(title="Blue", artist__name="Eiffel 65", release_year=2000)
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971)
    form = serving.opened(person=ANN, number=None, now=now, album_id=blue.pk)
    assert values_of(form)["album"] == "Blue — Joni Mitchell (1971)"
    send(ANN, BLUE, now, arg=f"a{blue.pk}")
    assert Nomination.objects.get().album == blue


def test_a_chosen_album_whose_line_was_overwritten_is_the_written_one(week: Week, now: datetime) -> None:
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971)
    send(ANN, NominationWords("Spiderland — Slint (1991)"), now, arg=f"a{blue.pk}")
    assert Nomination.objects.get().album.title == "Spiderland"


def test_a_known_album_is_found_whatever_the_case(week: Week, now: datetime) -> None:
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971)
    send(ANN, NominationWords("BLUE by joni mitchell"), now)
    assert Nomination.objects.get().album == blue


# --- Which one did you mean? ----------------------------------------------------------------------------------------
def test_a_mistyped_album_is_asked_about_and_picked(week: Week, now: datetime) -> None:
    ziggy = AlbumFactory(title="The Rise and Fall of Ziggy Stardust", artist__name="David Bowie", release_year=1972)
    reply = send(ANN, NominationWords("Ziggy Stardust — David Bowie", "Five years."), now)
    assert not Nomination.objects.exists()
    options = options_of(reply)
    assert options == {
        str(ziggy.pk): "The Rise and Fall of Ziggy Stardust — David Bowie (1972)",
        "typed": "None of these: take it as I typed it",
    }
    draft = Draft.objects.get()
    for _ in range(2):  # a double click
        done = serving.picked(person=ANN, draft_id=draft.pk, value=str(ziggy.pk), now=now)
    nomination = Nomination.objects.get()
    assert (nomination.album, nomination.pitch) == (ziggy, "Five years.")
    assert "nominated for **WEEK 012**" in done.content


def test_none_of_these_takes_it_as_it_was_typed(week: Week, now: datetime) -> None:
    AlbumFactory(title="Blue Lines", artist__name="Massive Attack")
    send(ANN, NominationWords("Blue Line — Masive Attack (1991)"), now)
    serving.picked(person=ANN, draft_id=Draft.objects.get().pk, value="typed", now=now)
    assert str(Nomination.objects.get().album) == "Blue Line — Masive Attack"


def test_other_albums_of_the_artist_are_no_reason_to_ask(week: Week, now: datetime) -> None:
    AlbumFactory(title="OK Computer", artist__name="Radiohead")
    send(ANN, NominationWords("Kid A — Radiohead (2000)"), now)
    assert Nomination.objects.get().album.title == "Kid A"


def test_a_suggestion_says_that_the_album_won_before_or_is_taken(week: Week, now: datetime) -> None:
    taken = AlbumFactory(title="Blue Trane", artist__name="Coltrane")
    won = WeekFactory(number=3, phase=Phase.CLOSED, winner__album=AlbumFactory(title="Blue Train", artist=taken.artist))
    NominationFactory(week=week, album=taken, user=User.objects.create_user("cy", display_name="Cy"))
    reply = send(ANN, NominationWords("Blue Trainn — Coltrane"), now)
    described = options_of(reply, "description")
    assert described[str(won.winner.album_id)] == "won WEEK 003"
    assert described[str(taken.pk)] == "nominated by Cy"


def test_a_title_alone_is_asked_about_but_not_taken(week: Week, now: datetime) -> None:
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell")
    assert list(options_of(send(ANN, NominationWords("Blue"), now))) == [str(blue.pk)]
    unknown = send(ANN, NominationWords("Grey"), now)
    assert "Who made it?" in unknown.content
    assert "Try again" in buttons_of(unknown)


def test_a_draft_belongs_to_its_writer(week: Week, now: datetime) -> None:
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell")
    send(ANN, NominationWords("Blue"), now)
    draft = Draft.objects.get()
    member_of_club(BEN, now=now)
    with pytest.raises(ClubRuleBroken):
        serving.picked(person=BEN, draft_id=draft.pk, value=str(blue.pk), now=now)
    with pytest.raises(ClubRuleBroken):
        serving.reopened(person=BEN, draft_id=draft.pk, now=now)


# --- Refused --------------------------------------------------------------------------------------------------------
def test_late_words_come_back_and_open_again(week: Week, now: datetime) -> None:
    late = week.nominations_close_at
    NominationFactory(week=week)
    NominationFactory(week=week)
    reply = send(ANN, BLUE, late)
    assert "closed on" in reply.content
    assert (
        "```\nBlue — Joni Mitchell (1971)\nWhy?: The saddest dulcimer.\nPitch track: River\nTags: Folk / / CA\n```"
        in reply.content
    )
    assert not Album.objects.filter(title="Blue").exists()
    draft = Draft.objects.get()
    form = serving.reopened(person=ANN, draft_id=draft.pk, now=late)
    assert values_of(form)["pitch"] == "The saddest dulcimer."
    with pytest.raises(ClubRuleBroken, match="no longer kept"):
        serving.reopened(person=ANN, draft_id=draft.pk, now=late + timedelta(days=2))


def test_a_second_late_press_makes_no_second_draft(week: Week, now: datetime) -> None:
    for _ in range(2):
        send(ANN, NominationWords("https://example.org/x", "Why not"), now)
    assert Draft.objects.count() == 1


def test_somebody_else_s_album_is_refused_and_leaves_no_new_album(week: Week, now: datetime) -> None:
    send(ANN, BLUE, now)
    n_albums = Album.objects.count()
    reply = send(BEN, BLUE, now)
    assert "by Ann" in reply.content
    assert Album.objects.count() == n_albums


def test_a_second_album_may_take_the_first_one_s_place(week: Week, now: datetime) -> None:
    send(ANN, BLUE, now)
    reply = send(ANN, NominationWords("Spiderland — Slint (1991)", "Quiet, loud."), now)
    assert "already" in reply.content
    assert "Withdraw mine, nominate this" in buttons_of(reply)
    done = serving.swapped(person=ANN, draft_id=Draft.objects.get().pk, now=now)
    assert "**Spiderland**" in done.content
    standing = Nomination.objects.standing().get()
    assert (standing.album.title, standing.pitch) == ("Spiderland", "Quiet, loud.")


def test_a_swap_that_is_refused_keeps_the_first_album(week: Week, now: datetime) -> None:
    send(BEN, NominationWords("Spiderland — Slint (1991)"), now)
    send(ANN, BLUE, now)
    send(ANN, NominationWords("Remain in Light — Talking Heads (1980)"), now)
    draft = Draft.objects.get()
    draft.payload["album"] = "Spiderland — Slint (1991)"
    draft.save()
    assert "by Ben" in serving.swapped(person=ANN, draft_id=draft.pk, now=now).content
    assert {each.album.title for each in Nomination.objects.standing()} == {"Blue", "Spiderland"}


def test_nobody_withdraws_for_another(week: Week, now: datetime) -> None:
    send(ANN, BLUE, now)
    nomination = Nomination.objects.get()
    with pytest.raises(ClubRuleBroken):
        serving.withdrawn(person=BEN, nomination_id=nomination.pk, now=now)
    for _ in range(2):
        reply = serving.withdrawn(person=ANN, nomination_id=nomination.pk, now=now)
    assert "withdrawn" in reply.content
    assert not Nomination.objects.standing().exists()


def test_a_suspended_member_gets_the_words_back(week: Week, now: datetime) -> None:
    member = member_of_club(ANN, now=now)
    User.objects.filter(pk=member.pk).update(suspended_at=now - timedelta(days=1))
    reply = send(ANN, BLUE, now)
    assert "suspended" in reply.content
    assert "saddest dulcimer" in reply.content


def test_what_members_write_pings_and_formats_nothing(week: Week, now: datetime) -> None:
    reply = send(ANN, NominationWords("@everyone **x** — <@1> `y` (1999)"), now)
    assert "@everyone" not in reply.content
    assert "<@1>" not in reply.content
    assert reply.body()["allowed_mentions"] == {"parse": []}


# --- Cost -----------------------------------------------------------------------------------------------------------
def test_opening_costs_two_queries_however_many_are_nominated(
    week: Week, now: datetime, django_assert_num_queries: Any
) -> None:
    ClubSettings.load()
    member_of_club(ANN, now=now)
    for n in (1, 20):
        while week.nominations.count() < n:
            NominationFactory(week=week)
        with django_assert_num_queries(2):
            serving.opened(person=ANN, number=12, now=now)
        with django_assert_num_queries(2):
            serving.opened(person=ANN, number=None, now=now)
    draft = Draft.objects.create(
        member=member_of_club(ANN, now=now),
        week=week,
        kind=Draft.Kind.NOMINATION,
        payload=BLUE.as_dict(),
        created_at=now,
    )
    with django_assert_num_queries(1):
        serving.reopened(person=ANN, draft_id=draft.pk, now=now)


def test_nominating_costs_the_same_however_many_are_nominated(
    week: Week, now: datetime, django_assert_max_num_queries: Any
) -> None:
    ClubSettings.load()
    member_of_club(ANN, now=now)
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell", release_year=1971)
    for n in (1, 20):
        Nomination.objects.filter(album=blue).delete()
        while week.nominations.count() < n:
            NominationFactory(week=week)
        with django_assert_max_num_queries(28):
            send(ANN, BLUE, now)


def test_a_button_of_a_week_that_is_over_says_so(now: datetime) -> None:
    WeekFactory(number=11, phase=Phase.CLOSED)
    with pytest.raises(ClubRuleBroken, match="WEEK 011 closed on"):
        serving.opened(person=ANN, number=11, now=now + timedelta(days=30))
    with pytest.raises(ClubRuleBroken, match="There is no week 99"):
        serving.opened(person=ANN, number=99, now=now)
    with pytest.raises(ClubRuleBroken, match="No week takes nominations"):
        serving.opened(person=ANN, number=None, now=now + timedelta(days=30))


# --- Who it is ------------------------------------------------------------------------------------------------------
def test_a_name_in_discord_is_followed_until_the_member_chooses_one(now: datetime) -> None:
    assert str(member_of_club(ANN, now=now)) == "Ann"
    assert str(member_of_club(Person(1001, "Annie"), now=now)) == "Annie"
    User.objects.filter(linked_accounts__provider_user_id="1001").update(display_name="Anna the Great")
    assert str(member_of_club(Person(1001, "Ann again"), now=now)) == "Anna the Great"
    assert str(member_of_club(Person(1001, "And again"), now=now)) == "Anna the Great"
    assert LinkedAccount.objects.count() == 1


def test_a_known_member_costs_one_query(now: datetime, django_assert_num_queries: Any) -> None:
    member_of_club(ANN, now=now)
    with django_assert_num_queries(1):
        member_of_club(ANN, now=now)
