"""The moderators' queue in the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from social.models import MemberWarning, ModerationAction, Report, User
from social.moderation import suspend, warn
from social.reports import report, resolve_report
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
QUEUE = "/admin/social/report/"


@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


def make_report(reporter: User, subject: User, **more: Any) -> Report:
    given = {"reason": "Advertises.", "quote": "Buy my tickets!", "now": now() - timedelta(hours=3), **more}
    return report(reporter=reporter, obj=subject, address=f"/@{subject.handle}/", subject=subject, **given)[0]


@pytest.fixture
def reported(rin: User) -> Report:
    return make_report(rin, UserFactory(display_name="Ticket Tom", bio="Buy my tickets!"))


def page(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", ["/admin/", QUEUE])
def test_an_open_report_shows_age_quote_reason_place_and_what_to_do(
    desk: Client, reported: Report, address: str
) -> None:
    shown = page(desk, address)
    for piece in ("3\xa0hours", "Buy my tickets!", "Advertises.", "Profile of Ticket Tom", reported.address):
        assert piece in shown
    for act in ("hide", "warn", "dismiss"):
        assert f'href="{QUEUE}{reported.pk}/{act}/"' in shown


def test_the_oldest_comes_first_and_settled_ones_only_when_asked_for(
    desk: Client, mod: User, rin: User, reported: Report
) -> None:
    older = make_report(rin, UserFactory(), quote="An older one", now=now() - timedelta(days=2))
    done = make_report(rin, UserFactory(), quote="A settled one")
    resolve_report(report=done, moderator=mod, outcome="dismissed", reason="Fine as it is.", now=now())
    queue = page(desk, QUEUE)
    assert queue.index(older.quote) < queue.index(reported.quote)
    assert "A settled one" not in queue
    settled = page(desk, f"{QUEUE}?state=settled")
    assert "A settled one" in settled
    assert "Fine as it is." in settled
    assert "An older one" not in settled
    assert "A settled one" in page(desk, f"{QUEUE}?state=all")


@pytest.mark.parametrize("address", ["/admin/", QUEUE])
def test_several_reports_of_one_thing_are_one_card_and_one_decision(
    desk: Client, sol: User, reported: Report, address: str
) -> None:
    other = make_report(sol, reported.subject, reason="It is <em>spam</em>.", now=now())
    shown = page(desk, address)
    assert shown.count('class="report"') == 1
    assert "2 reports, one decision" in shown
    assert shown.index("Advertises.") < shown.index("It is &lt;em&gt;spam&lt;/em&gt;.")
    assert '<span class="count">1</span>' in page(desk, "/admin/")
    asked = page(desk, f"{QUEUE}{reported.pk}/dismiss/")
    assert "Advertises." in asked
    assert "It is &lt;em&gt;spam" in asked
    answer = desk.post(f"{QUEUE}{reported.pk}/dismiss/", {"reason": "Fine."}, follow=True)
    assert "Dismissed: 2 reports are settled." in answer.content.decode()
    other.refresh_from_db()
    assert (other.outcome, other.outcome_reason) == ("dismissed", "Fine.")
    assert page(desk, f"{QUEUE}?state=settled").count("report is-settled") == 1


def test_a_search_finds_the_words_of_the_second_reporter(desk: Client, sol: User, reported: Report) -> None:
    make_report(sol, reported.subject, reason="Ticket spam.", now=now())
    assert "Ticket spam." in page(desk, f"{QUEUE}?q=spam")


@pytest.mark.parametrize(("act", "outcome"), [("hide", "hidden"), ("warn", "warned"), ("dismiss", "dismissed")])
def test_each_button_asks_why_and_settles(desk: Client, mod: User, reported: Report, act: str, outcome: str) -> None:
    address = f"{QUEUE}{reported.pk}/{act}/"
    assert "Buy my tickets!" in page(desk, address)
    refused = desk.post(address, {"reason": " "})
    assert refused.status_code == 200
    assert Report.objects.open().exists()
    assert desk.post(address, {"reason": "Advertising."})["Location"] == QUEUE
    reported.refresh_from_db()
    assert (reported.outcome, reported.outcome_reason, reported.resolved_by) == (outcome, "Advertising.", mod)
    assert ModerationAction.objects.filter(moderator=mod, reason="Advertising.").exists()


def test_a_get_request_settles_nothing(desk: Client, reported: Report) -> None:
    desk.get(f"{QUEUE}{reported.pk}/hide/?reason=x&confirmed=1")
    assert Report.objects.open().exists()


def test_a_refusal_stands_on_the_page_in_words(desk: Client, mod: User, reported: Report) -> None:
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="Fine.", now=now())
    response = desk.post(f"{QUEUE}{reported.pk}/hide/", {"reason": "Not fine."})
    assert "Another moderator has settled this report already." in response.content.decode()


def test_a_settled_report_can_be_opened_again(desk: Client, mod: User, reported: Report) -> None:
    resolve_report(report=reported, moderator=mod, outcome="dismissed", reason="Fine.", now=now())
    assert f"{QUEUE}{reported.pk}/reopen/" in page(desk, f"{QUEUE}{reported.pk}/change/")
    desk.post(f"{QUEUE}{reported.pk}/reopen/", {"reason": "Looked again."})
    assert list(Report.objects.open()) == [reported]


@pytest.mark.parametrize("who", ["rin", "visitor"])
def test_members_and_visitors_settle_nothing(client: Client, rin: User, reported: Report, who: str) -> None:
    if who == "rin":
        client.force_login(rin)
    assert client.post(f"{QUEUE}{reported.pk}/dismiss/", {"reason": "Mine."}).status_code == 302
    assert Report.objects.open().exists()


def test_what_was_quoted_is_text_not_markup(desk: Client, rin: User) -> None:
    make_report(rin, UserFactory(), quote="<script>alert(1)</script>", reason="<img src=x>")
    shown = page(desk, "/admin/")
    assert "<script>alert(1)</script>" not in shown
    assert "<img src=x>" not in shown


@pytest.mark.parametrize("address", ["/admin/", QUEUE])
def test_twenty_reports_take_as_many_queries_as_two(desk: Client, address: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(address)
        return len(queries)

    for _ in range(2):
        make_report(UserFactory(), UserFactory())
    two = asked()
    for _ in range(17):
        make_report(UserFactory(), UserFactory())
    assert asked() <= two


def test_an_empty_queue_says_what_will_be_here(desk: Client) -> None:
    assert "Nobody has reported anything." in page(desk, "/admin/")


def test_the_log_is_read_and_never_touched(desk: Client, mod: User, rin: User) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=now())
    entry = ModerationAction.objects.get()
    assert "Spoilers." in page(desk, "/admin/social/moderationaction/")
    assert "suspended at" in page(desk, f"/admin/social/moderationaction/{entry.pk}/change/")
    for address in ("change", "delete"):
        assert desk.post(f"/admin/social/moderationaction/{entry.pk}/{address}/", {"post": "yes"}).status_code == 403
    assert ModerationAction.objects.get() == entry


def test_suspending_and_lifting_from_the_members_page(desk: Client, rin: User) -> None:
    address = f"/admin/social/user/{rin.pk}/"
    assert f"{address}suspend/" in page(desk, f"{address}change/")
    desk.post(f"{address}suspend/", {"reason": "Spoilers.", "until_0": "", "until_1": ""})
    rin.refresh_from_db()
    assert rin.is_suspended(now())
    assert f"{address}lift/" in page(desk, f"{address}change/")
    desk.post(f"{address}lift/", {"reason": ""})
    rin.refresh_from_db()
    assert not rin.is_suspended(now())


def test_a_warned_member_reads_it_on_every_page_until_they_say_so(client: Client, mod: User, rin: User) -> None:
    warn(member=rin, moderator=mod, reason="Be kind to nominators.", now=now(), quote="Clowns.")
    client.force_login(rin)
    for address in ("/weeks/", reverse("social:settings_profile")):
        shown = client.get(address).content.decode()
        assert "Be kind to nominators." in shown
        assert "Clowns." in shown
    back = client.post(reverse("social:read_warnings"), {"next": "/weeks/"})
    assert back["Location"] == "/weeks/"
    assert "Be kind" not in client.get("/weeks/").content.decode()
    assert MemberWarning.objects.get().read_at is not None


def test_a_warning_is_nobody_elses_to_read(client: Client, mod: User, rin: User, stranger: User) -> None:
    warn(member=rin, moderator=mod, reason="Be kind.", now=now())
    client.force_login(stranger)
    assert "Be kind." not in client.get("/weeks/").content.decode()
    assert client.post(reverse("social:read_warnings"), {"next": "https://evil.example/"})["Location"] == "/"
    assert MemberWarning.objects.get().read_at is None
