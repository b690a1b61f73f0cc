"""What members write can be reported where it stands: each kind of words by an address of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from club.models import Nomination, Phase, Rating, WantedAlbum
from club.shelves.wanting import want
from club.tests.factories import AlbumFactory, NominationFactory, RatingFactory
from social.models import Block, Report, User
from social.reports import resolve_report
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
KINDS = ("review in a week", "review outside the weeks", "pitch", "note")


@pytest.fixture
def author(db: None) -> User:
    """Everything of theirs is for members."""
    areas = dict.fromkeys(("visibility", "club_visibility"), "members")
    made: User = UserFactory(handle="author", **areas)
    return made


def written(kind: str, author: User, words: str = "Rude words.") -> Rating | Nomination | WantedAlbum:
    match kind:
        case "review in a week":
            rating: Rating = RatingFactory(user=author, review=words)
            return rating
        case "review outside the weeks":
            aside: Rating = RatingFactory(user=author, review=words, week=None, album=AlbumFactory())
            return aside
        case "pitch":
            nomination: Nomination = NominationFactory(user=author, pitch=words, week__phase=Phase.POLL)
            return nomination
    return want(member=author, album=AlbumFactory(), note=words, now=timezone.now())[0]


def report_of(row: Model) -> str:
    start = {Rating: "ratings", Nomination: "nominations", WantedAlbum: "wants"}[type(row)]
    return f"/{start}/{row.pk}/report/"


@pytest.fixture
def reader(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def pages_with(row: Rating | Nomination | WantedAlbum) -> list[str]:
    """Where these words stand."""
    handle = row.user.handle
    match row:
        case Rating(week=None):
            return [row.album.get_absolute_url(), f"/@{handle}/reviews/", "/feed/?of=club"]
        case Rating():
            week = row.week.get_absolute_url()
            return [week, row.album.get_absolute_url(), f"/@{handle}/reviews/", "/feed/?of=club"]
        case Nomination():
            week = row.week.get_absolute_url()
            return [week, row.album.get_absolute_url(), f"/@{handle}/nominations/", "/feed/?of=club"]
    return [f"/@{handle}/wants/", "/feed/?of=club"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_stands_wherever_the_words_stand_and_not_for_their_author(
    reader: Client, author: User, kind: str
) -> None:
    row = written(kind, author)
    for page in pages_with(row):
        shown = reader.get(page).content.decode()
        assert "Rude words." in shown, page
        assert f'action="{report_of(row)}"' in shown, page
    own = Client()
    own.force_login(author)
    for page in pages_with(row):
        assert report_of(row) not in own.get(page).content.decode(), page


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_reported_from_a_page_of_their_own_and_lead_moderators_to_their_place(
    reader: Client, rin: User, author: User, kind: str
) -> None:
    row = written(kind, author)
    assert "Rude words." in reader.get(report_of(row)).content.decode()
    answer = reader.post(report_of(row), {"reason": "It insults."}, follow=True)
    assert "A moderator will look at it." in answer.content.decode()
    report = Report.objects.get()
    assert (report.reporter, report.subject, report.quote, report.reason) == (rin, author, "Rude words.", "It insults.")
    place, _, anchor = report.address.partition("#")
    assert f'id="{anchor}"' in reader.get(place).content.decode()
    again = reader.post(report_of(row), {"reason": "Again."}, follow=True)
    assert "reported this already" in again.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_moderator_sees_them_on_the_desk_and_hides_them(
    reader: Client, author: User, mod: User, stranger: User, kind: str
) -> None:
    row = written(kind, author)
    reader.post(report_of(row), {"reason": "It insults."})
    report = Report.objects.get()
    desk = Client()
    desk.force_login(mod)
    queue = desk.get("/admin/social/report/").content.decode()
    assert f'href="{report.address}"' in queue
    assert "Rude words." in queue
    resolve_report(report=report, moderator=mod, outcome=Report.Outcome.HIDDEN, reason="Rude.", now=timezone.now())
    other = Client()
    other.force_login(stranger)
    for page in pages_with(row):
        assert "Rude words." not in other.get(page).content.decode(), page
    assert other.get(report_of(row)).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("why", ["hidden", "blocked", "nothing written"])
def test_what_one_may_not_read_cannot_be_reported(reader: Client, rin: User, author: User, kind: str, why: str) -> None:
    row = written(kind, author, words="" if why == "nothing written" else "Rude words.")
    match why:
        case "hidden":
            User.objects.filter(pk=author.pk).update(visibility="me", club_visibility="me")
        case "blocked":
            Block.objects.create(blocker=author, blocked=rin)
    assert reader.get(report_of(row)).status_code == 404
    assert reader.post(report_of(row), {"reason": "Curious."}).status_code == 404
    assert not Report.objects.exists()


def test_a_rating_for_fewer_than_the_reader_is_not_there(reader: Client, author: User) -> None:
    row = RatingFactory(user=author, week=None, album=AlbumFactory(), review="Mine.", visibility="followers")
    assert reader.post(report_of(row), {"reason": "Curious."}).status_code == 404


def test_a_withdrawn_pitch_is_not_there(reader: Client, author: User) -> None:
    row = written("pitch", author)
    Nomination.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    assert reader.get(report_of(row)).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_visitors_are_asked_to_sign_in(client: Client, author: User, kind: str) -> None:
    row = written(kind, author)
    User.objects.filter(pk=author.pk).update(visibility="public", club_visibility="public")
    assert client.get(report_of(row))["Location"].startswith("/accounts/login/")
    for page in pages_with(row):
        assert report_of(row) not in client.get(page, follow=True).content.decode()


def test_a_report_without_a_reason_and_one_by_somebody_suspended_come_back_in_words(
    reader: Client, rin: User, author: User
) -> None:
    row = written("review outside the weeks", author)
    refused = reader.post(report_of(row), {"reason": " "})
    assert refused.status_code == 400
    assert "error-summary" in refused.content.decode()
    User.objects.filter(pk=rin.pk).update(suspended_at=timezone.now() - timedelta(days=1))
    refused = reader.post(report_of(row), {"reason": "Rude."})
    assert refused.status_code == 409
    assert "You are suspended" in refused.content.decode()
    assert not Report.objects.exists()


def test_a_favourite_track_alone_is_words_too(reader: Client, author: User) -> None:
    row = RatingFactory(user=author, favorite_track="Rude words.")
    reader.post(report_of(row), {"reason": "Rude."})
    assert Report.objects.get().quote == "Rude words."


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_is_none_is_not_found(reader: Client, number: str) -> None:
    for start in ("ratings", "nominations", "wants"):
        assert reader.post(f"/{start}/{number}/report/", {"reason": "Rude."}).status_code == 404


def test_a_report_leads_back_to_where_its_button_stood(reader: Client, author: User) -> None:
    row = written("review in a week", author)
    sent = {"reason": "Rude.", "next": "/feed/"}
    assert reader.post(report_of(row), sent)["Location"] == "/feed/"
    other = written("pitch", author)
    assert reader.post(report_of(other), sent | {"next": "//evil.example"})["Location"].startswith("/weeks/")
