"""Reports: made by members, settled once by a moderator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from sidetrack import slots
from social.errors import NotAllowed, Refused
from social.hiding import unhide_profile_words
from social.models import MemberWarning, ModerationAction, Report, User
from social.moderation import suspend
from social.reports import HOUR, MAX_AN_HOUR, MAX_OPEN, reopen_report, report, resolve_report
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(rin: User, stranger: User, monday: datetime) -> Report:
    """The stranger's profile, reported by rin."""
    stranger.bio = "Buy my tickets!"
    stranger.save()
    return report_profile(rin, stranger, monday)


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What the slot "people:changed" was called with."""
    calls: list[str] = []
    slots.register("people:changed", lambda: calls.append("changed"), name="test")
    yield calls
    slots._fillers["people:changed"] = [one for one in slots.fillers("people:changed") if one.name != "test"]


def report_profile(reporter: User, subject: User, now: datetime, **more: Any) -> Report:
    return report(
        reporter=reporter, obj=subject, address=f"/@{subject.handle}/", quote=subject.bio, subject=subject,
        now=now, **{"reason": "Advertises.", **more},
    )[0]  # fmt: skip


def test_the_text_is_kept_as_it_was(reported: Report, stranger: User) -> None:
    User.objects.filter(pk=stranger.pk).update(bio="Nothing to see here.")
    reported.refresh_from_db()
    assert (reported.quote, reported.kind, reported.object_id) == ("Buy my tickets!", "social.user", stranger.pk)


def test_the_same_report_twice_is_one(reported: Report, rin: User, stranger: User, monday: datetime) -> None:
    again, created = report(
        reporter=rin, obj=stranger, address="/@stranger/", quote="", subject=stranger, reason="Still!", now=monday
    )
    assert (again, created) == (reported, False)
    assert again.reason == "Advertises."


def test_another_members_report_of_the_same_is_its_own(reported: Report, sol: User, stranger: User) -> None:
    assert report_profile(sol, stranger, reported.created_at) != reported


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "weeks/3/"])
def test_a_report_points_only_at_this_site(rin: User, stranger: User, monday: datetime, address: str) -> None:
    with pytest.raises(Refused, match="a page of this site"):
        report(
            reporter=rin, obj=stranger, address=address, quote="", subject=stranger, reason="Look.", now=monday
        )  # fmt: skip


def test_a_report_says_why(rin: User, stranger: User, monday: datetime) -> None:
    with pytest.raises(Refused, match="reason"):
        report_profile(rin, stranger, monday, reason="  ")


def test_nobody_reports_themselves(rin: User, monday: datetime) -> None:
    with pytest.raises(Refused, match="your own words"):
        report_profile(rin, rin, monday)


def test_nobody_floods_the_queue(rin: User, monday: datetime) -> None:
    for place in range(MAX_OPEN):
        report_profile(rin, UserFactory(), monday + place * HOUR)
    with pytest.raises(Refused, match="still open"):
        report_profile(rin, UserFactory(), monday + MAX_OPEN * HOUR)


def test_settled_reports_count_within_the_hour(rin: User, mod: User, monday: datetime) -> None:
    for _ in range(MAX_AN_HOUR):
        made = report_profile(rin, UserFactory(), monday)
        resolve_report(report=made, moderator=mod, outcome="dismissed", reason="Fine.", now=monday)
    with pytest.raises(Refused, match="within an hour"):
        report_profile(rin, UserFactory(), monday)
    assert report_profile(rin, UserFactory(), monday + HOUR)


def test_a_suspended_member_reports_nothing(rin: User, mod: User, stranger: User, monday: datetime) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=monday)
    with pytest.raises(Refused, match="You are suspended"):
        report_profile(rin, stranger, monday)
    assert not Report.objects.exists()


def test_hiding_puts_the_words_away_tells_whoever_keeps_copies_and_can_be_taken_back(
    reported: Report, mod: User, stranger: User, monday: datetime, told: list[str]
) -> None:
    resolve_report(report=reported, moderator=mod, outcome="hidden", reason="Advertising.", now=monday)
    stranger.refresh_from_db()
    assert (stranger.bio, stranger.display_name, str(stranger)) == ("", "", "stranger")
    assert told == ["changed"]
    assert (reported.outcome, reported.outcome_reason, reported.resolved_by) == ("hidden", "Advertising.", mod)
    assert set(ModerationAction.objects.values_list("verb", flat=True)) == {"hide_profile", "report_hide"}
    unhide_profile_words(member=stranger, moderator=mod, now=monday)
    assert (stranger.bio, stranger.display_name) == ("Buy my tickets!", "Stranger")
    with pytest.raises(Refused, match="hidden"):
        unhide_profile_words(member=stranger, moderator=mod, now=monday)


def test_what_was_written_since_is_kept_when_words_come_back(
    reported: Report, mod: User, stranger: User, monday: datetime
) -> None:
    resolve_report(report=reported, moderator=mod, outcome="hidden", reason="Advertising.", now=monday)
    stranger.refresh_from_db()
    stranger.bio = "I like records."
    stranger.save()
    unhide_profile_words(member=stranger, moderator=mod, now=monday)
    assert (stranger.bio, stranger.display_name) == ("I like records.", "Stranger")


def test_hiding_settles_every_open_report_of_the_same(
    reported: Report, sol: User, mod: User, stranger: User, monday: datetime
) -> None:
    other = report_profile(sol, stranger, monday)
    elsewhere = report_profile(sol, UserFactory(), monday)
    settled = resolve_report(report=reported, moderator=mod, outcome="hidden", reason="Advertising.", now=monday)
    assert set(settled) == {reported, other}
    assert list(Report.objects.open()) == [elsewhere]


def test_nobody_settles_a_report_about_themselves(rin: User, mod: User, monday: datetime) -> None:
    about, _ = report(
        reporter=rin, obj=mod, address="/@mod/", quote="Mod", subject=mod, reason="Rude.", now=monday
    )  # fmt: skip
    with pytest.raises(Refused, match="about yourself"):
        resolve_report(report=about, moderator=mod, outcome="dismissed", reason="Not rude.", now=monday)
    about.refresh_from_db()
    assert about.resolved_at is None


def test_a_dismissal_settles_every_open_report_of_the_same_too(
    reported: Report, sol: User, mod: User, stranger: User, monday: datetime
) -> None:
    other = report_profile(sol, stranger, monday)
    settled = resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="A joke.", now=monday)
    stranger.refresh_from_db()
    assert stranger.bio == "Buy my tickets!"
    assert set(settled) == {reported, other}
    assert not Report.objects.open().exists()


def test_a_case_is_what_is_open_about_one_thing_or_was_settled_together(
    reported: Report, sol: User, rin: User, mod: User, stranger: User, monday: datetime
) -> None:
    report_profile(sol, stranger, monday + HOUR)
    elsewhere = report_profile(sol, rin, monday)
    assert set(Report.objects.cases()) == {reported, elsewhere}
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="A joke.", now=monday + 2 * HOUR)
    again = report_profile(sol, stranger, monday + 3 * HOUR)
    assert set(Report.objects.cases()) == {reported, elsewhere, again}


def test_a_warning_reaches_its_member(reported: Report, mod: User, stranger: User, monday: datetime) -> None:
    resolve_report(report=reported, moderator=mod, outcome="warned", reason="No advertising here.", now=monday)
    warning = MemberWarning.objects.get()
    assert (warning.member, warning.text, warning.quote) == (stranger, "No advertising here.", "Buy my tickets!")


def test_there_is_nobody_to_warn_when_the_author_is_gone(reported: Report, mod: User, monday: datetime) -> None:
    Report.objects.update(subject=None)
    reported.refresh_from_db()
    with pytest.raises(Refused, match="author is gone"):
        resolve_report(report=reported, moderator=mod, outcome="warned", reason="Well.", now=monday)
    assert Report.objects.open().exists()


def test_two_moderators_do_not_settle_one_report_twice(reported: Report, mod: User, monday: datetime) -> None:
    stale = Report.objects.get()
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="Fine.", now=monday)
    with pytest.raises(Refused, match="settled this report already"):
        resolve_report(report=stale, moderator=mod, outcome="hidden", reason="Not fine.", now=monday)
    assert Report.objects.get().outcome == "dismissed"


def test_what_nobody_can_hide_stays_open(rin: User, mod: User, stranger: User, monday: datetime) -> None:
    made, _ = report(
        reporter=rin, obj=stranger.groups.model.objects.first(), address="/", quote="", subject=stranger,
        reason="Odd.", now=monday,
    )  # fmt: skip
    with pytest.raises(Refused, match="cannot be hidden"):
        resolve_report(report=made, moderator=mod, outcome="hidden", reason="Odd.", now=monday)
    assert Report.objects.open().exists()
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("outcome", ["hidden", "warned", "dismissed"])
def test_only_moderators_settle(reported: Report, sol: User, monday: datetime, outcome: str) -> None:
    with pytest.raises(NotAllowed):
        resolve_report(report=reported, moderator=sol, outcome=outcome, reason="Mine.", now=monday)
    assert Report.objects.open().exists()


@pytest.mark.parametrize(("outcome", "reason"), [("dismissed", " "), ("deleted", "x"), ("", "x")])
def test_an_outcome_is_one_of_three_and_has_a_reason(
    reported: Report, mod: User, monday: datetime, outcome: str, reason: str
) -> None:
    with pytest.raises(Refused):
        resolve_report(report=reported, moderator=mod, outcome=outcome, reason=reason, now=monday)


def test_a_settled_report_can_be_opened_again(reported: Report, mod: User, rin: User, monday: datetime) -> None:
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="Fine.", now=monday)
    reopen_report(report=reported, moderator=mod, reason="Not so fine.", now=monday + timedelta(hours=1))
    assert list(Report.objects.open()) == [reported]
    with pytest.raises(Refused, match="open already"):
        reopen_report(report=reported, moderator=mod, reason="Again.", now=monday)
    assert ModerationAction.objects.filter(verb="report_reopen").get().before["outcome"] == "dismissed"


# --- The reporter is told -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "words"), [("hidden", "is hidden now"), ("warned", "was warned"), ("dismissed", "let it stand")]
)
def test_the_reporter_is_told_what_became_of_it_and_not_who_decided(
    reported: Report, rin: User, mod: User, monday: datetime, client: Client, outcome: str, words: str
) -> None:
    resolve_report(report=reported, moderator=mod, outcome=outcome, reason="House rules.", now=monday)
    (told,) = rin.notifications.all()
    assert words in told.text
    assert "Buy my tickets!" in told.text
    assert "House rules" not in told.text
    client.force_login(rin)
    page = client.get(told.address).content.decode()
    assert "Buy my tickets!" in page
    assert "House rules" not in page
    assert "Mod" not in page.partition("<main")[2]


def test_everybody_who_reported_it_is_told_once(
    reported: Report, rin: User, sol: User, stranger: User, mod: User, monday: datetime
) -> None:
    report_profile(sol, stranger, monday)
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="Fine.", now=monday)
    assert [member.notifications.count() for member in (rin, sol, stranger)] == [1, 1, 0]


def test_a_member_reads_their_own_reports_alone(reported: Report, rin: User, sol: User, client: Client) -> None:
    client.force_login(sol)
    assert "Nothing reported" in client.get("/settings/reports/").content.decode()
    client.force_login(rin)
    assert "a moderator will look at it" in client.get("/settings/reports/").content.decode()


def test_hiding_a_profile_takes_its_picture_too(
    reported: Report, stranger: User, mod: User, monday: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    name = default_storage.save("avatars/rude.webp", ContentFile(b"picture"))
    User.objects.filter(pk=stranger.pk).update(avatar=name)
    with django_capture_on_commit_callbacks(execute=True):
        resolve_report(report=reported, moderator=mod, outcome="hidden", reason="Rude.", now=monday)
    stranger.refresh_from_db()
    assert not stranger.avatar
    assert not default_storage.exists(name)
    assert ModerationAction.objects.get(verb="hide_profile").after["picture"] == "removed"
