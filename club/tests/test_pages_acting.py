"""What members do on the web: the club's own function is called, and a refusal keeps what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Vote, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import User

pytestmark = pytest.mark.django_db
SEVEN = {"rating-half_stars": 7, "rating-visibility": "public"}
DAYS_AGO = {Phase.NOMINATIONS: 1, Phase.POLL: 4, Phase.LISTENING: 7, Phase.DISCUSSION: 15, Phase.CLOSED: 40}


def week_in(phase: Phase) -> Week:
    """A week whose phase lasts now; with a winner of three tracks where it has one."""
    opened = timezone.now() - timedelta(days=DAYS_AGO[phase])
    decided = {} if phase in (Phase.NOMINATIONS, Phase.POLL) else {"winner__album": AlbumFactory(n_tracks=3)}
    return WeekFactory(phase=phase, opens_at=opened, **decided)


def send(client: Client, week: Week, verb: str, follow: bool = True, **data: Any) -> Any:
    return client.post(f"/weeks/{week.number}/{verb}/", data, follow=follow)


@pytest.fixture
def signed_in(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


@pytest.mark.parametrize("verb", ["nominate", "withdraw", "vote", "rate"])
def test_visitors_are_sent_to_the_sign_in(client: Client, verb: str) -> None:
    answer = send(client, WeekFactory(), verb, follow=False)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("verb", ["nominate", "withdraw", "vote", "rate"])
def test_reading_an_address_that_acts_changes_nothing(signed_in: Client, verb: str) -> None:
    assert signed_in.get(f"/weeks/{WeekFactory().number}/{verb}/").status_code == 405


# --- Nominating -----------------------------------------------------------------------------------------------------
def test_an_album_typed_in_is_nominated(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.NOMINATIONS)
    said = {
        "title": "Blue",
        "artist": "Joni Mitchell",
        "pitch": "Start with River.",
        "genre": "Folk",
        "decade": "1970s",
    }
    page = send(signed_in, week, "nominate", **{f"nomination-{name}": value for name, value in said.items()})
    nomination = Nomination.objects.get(week=week, user=rin)
    assert (str(nomination.album), nomination.pitch) == ("Blue — Joni Mitchell", "Start with River.")
    assert "Blue is nominated." in page.content.decode()


def test_a_suggestion_is_nominated_as_it_is(signed_in: Client, rin: User) -> None:
    week, album = week_in(Phase.NOMINATIONS), AlbumFactory()
    send(signed_in, week, "nominate", **{"nomination-album": album.pk})
    assert Nomination.objects.get(week=week, user=rin).album == album
    assert Album.objects.count() == 1


def test_the_search_suggests_albums_with_and_without_htmx(signed_in: Client) -> None:
    week, album = week_in(Phase.NOMINATIONS), AlbumFactory(title="Hejira")
    for address in (f"/weeks/{week.number}/?find=hejira", f"/weeks/{week.number}/albums/?find=hejira"):
        page = signed_in.get(address).content.decode()
        assert f'name="nomination-album" value="{album.pk}"' in page


def test_a_form_without_title_comes_back_with_its_errors_and_words(signed_in: Client) -> None:
    answer = send(signed_in, week_in(Phase.NOMINATIONS), "nominate", **{"nomination-pitch": "My long pitch."})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_nomination-title"' in page
    assert "data-error-summary" in page
    assert "My long pitch." in page


def test_the_club_refuses_in_words_and_keeps_the_pitch(signed_in: Client, stranger: User) -> None:
    week, album = week_in(Phase.NOMINATIONS), AlbumFactory()
    NominationFactory(week=week, user=stranger, album=album)
    answer = send(signed_in, week, "nominate", **{"nomination-album": album.pk, "nomination-pitch": "Mine!"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Stranger" in page.split("data-error-summary")[1].split("</ul>")[0]
    assert "Mine!" in page
    assert Nomination.objects.filter(week=week).count() == 1


def test_one_withdraws_only_ones_own(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.NOMINATIONS)
    own, other = NominationFactory(week=week, user=rin), NominationFactory(week=week)
    assert send(signed_in, week, "withdraw", nomination=other.pk).status_code == 404
    assert "is withdrawn." in send(signed_in, week, "withdraw", nomination=own.pk).content.decode()
    assert list(Nomination.objects.standing().filter(week=week)) == [other]


# --- Voting ---------------------------------------------------------------------------------------------------------
def test_a_ballot_is_cast_changed_and_cleared(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.POLL)
    one, two = NominationFactory(week=week), NominationFactory(week=week)
    send(signed_in, week, "vote", **{"ballot-first": one.pk, "ballot-second": two.pk})
    assert list(Vote.objects.filter(user=rin).order_by("rank").values_list("nomination", flat=True)) == [one.pk, two.pk]
    page = send(signed_in, week, "vote", **{"ballot-first": two.pk, "ballot-second": ""}).content.decode()
    assert list(Vote.objects.filter(user=rin).values_list("nomination", "rank")) == [(two.pk, 1)]
    assert f'name="ballot-first" value="{two.pk}" checked' in page
    send(signed_in, week, "vote", clear="1")
    assert not Vote.objects.filter(user=rin).exists()


def test_the_same_album_twice_is_refused_with_the_choice_kept(signed_in: Client) -> None:
    week = week_in(Phase.POLL)
    one = NominationFactory(week=week)
    answer = send(signed_in, week, "vote", **{"ballot-first": one.pk, "ballot-second": one.pk})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "cannot be both" in page
    assert f'name="ballot-first" value="{one.pk}" checked' in page


def test_ones_own_nomination_is_not_on_the_ballot(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.POLL)
    own = NominationFactory(week=week, user=rin)
    assert f'name="ballot-first" value="{own.pk}"' not in signed_in.get(week.get_absolute_url()).content.decode()
    assert send(signed_in, week, "vote", **{"ballot-first": own.pk}).status_code == 400
    assert not Vote.objects.exists()


def test_an_empty_ballot_is_asked_for_a_choice(signed_in: Client) -> None:
    answer = send(signed_in, week_in(Phase.POLL), "vote")
    assert answer.status_code == 400
    assert "Choose at least one album" in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "phase", "data", "words"),
    [
        ("vote", Phase.LISTENING, {"ballot-first": "x"}, "Voting in"),
        ("nominate", Phase.POLL, {"nomination-title": ""}, "Nominations for"),
        ("rate", Phase.CLOSED, {"rating-half_stars": "99"}, "Ratings for"),
    ],
)
def test_a_form_that_comes_too_late_reads_when_that_ended_and_nothing_else(
    signed_in: Client, verb: str, phase: Phase, data: dict[str, str], words: str
) -> None:
    week = week_in(phase)
    NominationFactory(week=week)
    answer = send(signed_in, week, verb, **data)
    assert answer.status_code == 409
    said = answer.content.decode().split("data-error-summary")[1].split("</ul>")[0]
    assert words in said
    assert "closed on" in said
    assert said.count("<li>") == 1


def test_a_ballot_for_a_closed_poll_reads_that_it_is_closed(signed_in: Client) -> None:
    week = week_in(Phase.LISTENING)
    answer = send(signed_in, week, "vote", **{"ballot-first": week.winner.pk})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"Voting in {week} closed on" in page
    assert "Select a valid choice" not in page


# --- Rating ---------------------------------------------------------------------------------------------------------
def test_a_rating_is_saved_with_track_words_and_visibility(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.DISCUSSION)
    line = week.winner.album.lines.first()
    said = {"half_stars": 7, "track": line.pk, "review": "Good.", "spoiler": "on", "visibility": "followers"}
    page = send(signed_in, week, "rate", **{f"rating-{name}": value for name, value in said.items()}).content.decode()
    rating = Rating.objects.get(week=week, user=rin)
    assert (rating.half_stars, rating.track, rating.review) == (7, line.track, "Good.")
    assert (rating.spoiler, rating.visibility) == (True, "followers")
    assert "Saved 3.5." in page
    assert 'value="7" checked' in page


def test_a_rating_is_cleared_by_its_button(signed_in: Client, rin: User) -> None:
    week = week_in(Phase.DISCUSSION)
    RatingFactory(week=week, user=rin)
    assert "Your rating is gone." in send(signed_in, week, "rate", clear="1").content.decode()
    assert not Rating.objects.exists()


@pytest.mark.parametrize("half_stars", ["", "1", "11", "31", "seven"])
def test_a_value_outside_the_nine_is_refused_and_the_review_kept(signed_in: Client, half_stars: str) -> None:
    week = week_in(Phase.DISCUSSION)
    said = {"rating-half_stars": half_stars, "rating-review": "A long review.", "rating-visibility": "public"}
    answer = send(signed_in, week, "rate", **said)
    assert answer.status_code == 400
    assert "A long review." in answer.content.decode()
    assert not Rating.objects.exists()


def test_rating_in_another_phase_is_refused_in_words(signed_in: Client) -> None:
    week = week_in(Phase.LISTENING)
    answer = send(signed_in, week, "rate", **SEVEN)
    assert answer.status_code == 409
    assert "data-error-summary" in answer.content.decode()
    assert not Rating.objects.exists()


def test_a_suspended_member_is_told_so(signed_in: Client, rin: User) -> None:
    rin.suspended_at = timezone.now() - timedelta(days=1)
    rin.save()
    answer = send(signed_in, week_in(Phase.DISCUSSION), "rate", **SEVEN)
    assert "You are suspended" in answer.content.decode()
    assert not Rating.objects.exists()
