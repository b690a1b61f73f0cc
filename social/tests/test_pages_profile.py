"""A member's page, the list of members, and the buttons between two of them."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sidetrack.pacing import ACTS_A_MINUTE
from social.models import Block, Follow, Mute, Report, User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def narrow(member: User, level: Visibility) -> None:
    User.objects.filter(pk=member.pk).update(visibility=level)


def press(client: Client, member: User, act: str, **more: str) -> str:
    """Press a button on the member's page; where it leads."""
    answer = client.post(f"/@{member.handle}/relation/", {"act": act, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        (Visibility.PUBLIC, {"visitor", "stranger", "sol", "rin"}),
        (Visibility.MEMBERS, {"stranger", "sol", "rin"}),
        (Visibility.FOLLOWERS, {"sol", "rin"}),  # the stranger meets a door, see below
        (Visibility.ME, {"rin"}),
    ],
)
def test_a_page_exists_only_for_those_who_may_see_it(
    client: Client, rin: User, sol: User, stranger: User, level: Visibility, seen_by: set[str]
) -> None:
    narrow(rin, level)
    seen = {"visitor"} if client.get("/@rin/").status_code == 200 else set()
    for viewer in (rin, sol, stranger):
        client.force_login(viewer)
        answer = client.get("/@rin/")
        assert answer.status_code in (200, 404)
        seen |= {viewer.handle} if "Overview" in answer.content.decode() else set()
    assert seen == seen_by


def test_a_hidden_page_and_a_missing_one_read_the_same(client: Client, rin: User) -> None:
    narrow(rin, Visibility.ME)

    def words(handle: str) -> str:
        answer = client.get(f"/@{handle}/")
        page: str = answer.content.decode().replace(answer["X-Request-ID"], "").replace(handle, "")
        return page

    assert words("rin") == words("nix")


def test_another_spelling_of_the_handle_leads_to_the_page(client: Client, rin: User) -> None:
    narrow(rin, Visibility.PUBLIC)
    answer = client.get("/@RIN/")
    assert (answer.status_code, answer["Location"]) == (302, "/@rin/")


def test_search_engines_are_asked_to_stay_away_unless_the_member_invites_them(client: Client, rin: User) -> None:
    narrow(rin, Visibility.PUBLIC)
    assert '<meta name="robots" content="noindex">' in client.get("/@rin/").content.decode()
    User.objects.filter(pk=rin.pk).update(searchable=True)
    assert "noindex" not in client.get("/@rin/").content.decode()


def test_a_page_made_for_one_reader_is_never_shared(client: Client, rin: User) -> None:
    narrow(rin, Visibility.PUBLIC)
    answer = client.get("/@rin/")
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_following_and_taking_it_back(client: Client, rin: User, stranger: User) -> None:
    client.force_login(stranger)
    assert press(client, rin, "follow") == "/@rin/"
    assert Follow.objects.filter(follower=stranger, followed=rin, state=Follow.State.ACCEPTED).exists()
    assert "Unfollow" in client.get("/@rin/").content.decode()
    press(client, rin, "unfollow")
    assert not Follow.objects.filter(follower=stranger).exists()


def test_a_member_who_chooses_followers_is_asked_and_answers_on_the_page(
    client: Client, rin: User, stranger: User
) -> None:
    User.objects.filter(pk=rin.pk).update(club_visibility=Visibility.FOLLOWERS)
    client.force_login(stranger)
    assert "Ask to follow" in client.get("/@rin/").content.decode()
    press(client, rin, "follow")
    assert "Take the request back" in client.get("/@rin/").content.decode()
    client.force_login(rin)
    assert "asks to follow you" in client.get("/@stranger/").content.decode()
    press(client, stranger, "accept")
    assert Follow.objects.get(follower=stranger).state == Follow.State.ACCEPTED


def test_a_block_hides_both_and_can_be_lifted_in_the_settings(client: Client, rin: User, stranger: User) -> None:
    client.force_login(rin)
    assert press(client, stranger, "block") == "/community/"
    assert client.get("/@stranger/").status_code == 404
    assert "@stranger" in client.get("/settings/privacy/").content.decode()
    client.force_login(stranger)
    assert client.get("/@rin/").status_code == 404
    client.force_login(rin)
    assert press(client, stranger, "unblock", next="/settings/privacy/") == "/settings/privacy/"
    assert not Block.objects.exists()
    assert client.get("/@stranger/").status_code == 200


def test_muting_says_nothing_to_the_muted(client: Client, rin: User, stranger: User) -> None:
    client.force_login(rin)
    press(client, stranger, "mute")
    assert Mute.objects.filter(muter=rin, muted=stranger).exists()
    assert "Stranger is muted" in client.get("/@stranger/").content.decode()
    client.force_login(stranger)
    assert "is muted" not in client.get("/@rin/").content.decode()


def test_a_button_never_leads_to_another_site(client: Client, rin: User, stranger: User) -> None:
    client.force_login(stranger)
    assert press(client, rin, "follow", next="https://evil.example/") == "/@rin/"


def test_an_unknown_button_and_a_visitor_are_refused(client: Client, rin: User, stranger: User) -> None:
    assert client.post("/@rin/relation/", {"act": "follow"})["Location"].startswith("/accounts/login/")
    client.force_login(stranger)
    assert client.post("/@rin/relation/", {"act": "delete"}).status_code == 400
    assert client.get("/@rin/relation/").status_code == 405


def test_a_profile_is_reported_with_its_text_and_a_reason(client: Client, rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(bio="Buy my course.")
    client.force_login(stranger)
    refused = client.post("/@rin/report/", {"reason": " "})
    assert refused.status_code == 400
    assert "There is a problem" in refused.content.decode()
    assert client.post("/@rin/report/", {"reason": "Advertising."})["Location"] == "/@rin/"
    made = Report.objects.get()
    assert (made.reporter, made.subject, made.reason, made.address) == (stranger, rin, "Advertising.", "/@rin/")
    assert "Buy my course." in made.quote


def test_what_a_member_writes_about_themselves_is_cleaned(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(
        bio="**Hi** <script>alert(1)</script>", visibility=Visibility.PUBLIC, display_name="<b>Rin</b>"
    )
    page = client.get("/@rin/").content.decode()
    assert "<strong>Hi</strong>" in page
    assert "<script>alert" not in page
    assert "<b>Rin" not in page


def test_the_list_shows_each_reader_whom_they_may_see(client: Client, rin: User, sol: User, stranger: User) -> None:
    narrow(rin, Visibility.FOLLOWERS)
    narrow(stranger, Visibility.PUBLIC)

    def listed() -> set[str]:
        page = client.get("/community/").content.decode()
        return {handle for handle in ("rin", "sol", "stranger") if f"@{handle}<" in page or f"@{handle} " in page}

    assert listed() == {"stranger"}
    client.force_login(stranger)
    assert listed() == {"sol", "stranger"}
    client.force_login(sol)
    assert listed() == {"rin", "sol", "stranger"}


def test_a_member_is_found_by_part_of_name_or_handle(client: Client, mod: User) -> None:
    UserFactory(handle="drummer", display_name="Ana")
    UserFactory(handle="other", display_name="Bo")
    client.force_login(mod)
    for wanted in ("drum", "ana"):
        page = client.get("/community/", {"q": wanted}).content.decode()
        assert "@drummer" in page
        assert "@other" not in page
    assert "Nobody of that name" in client.get("/community/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_asks_as_many_queries_for_twenty_as_for_one(
    client: Client, mod: User, n: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(n):
        UserFactory()
    client.force_login(mod)
    with django_assert_max_num_queries(20):
        client.get("/community/")


def test_who_shows_themselves_to_followers_alone_can_be_asked_and_the_request_taken_back(
    client: Client, rin: User, stranger: User
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS, bio="Only for friends.")
    client.force_login(stranger)
    answer = client.get("/@rin/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page
    assert "<h1>Rin</h1>" in page
    assert "@rin" in page
    assert "Ask to follow" in page
    assert "Only for friends." not in page
    assert client.get("/@rin/ratings/").status_code == 404
    assert press(client, rin, "follow") == "/@rin/"
    page = client.get("/@rin/").content.decode()
    assert "Rin is asked." in page
    assert "You have asked to follow Rin" in page
    press(client, rin, "take_back")
    assert not Follow.objects.filter(follower=stranger).exists()
    assert "Ask to follow" in client.get("/@rin/").content.decode()


def test_the_asked_member_reads_it_on_their_own_page_and_lets_them_in(
    client: Client, rin: User, stranger: User
) -> None:
    for member in (rin, stranger):
        narrow(member, Visibility.FOLLOWERS)
    client.force_login(stranger)
    press(client, rin, "follow")
    client.force_login(rin)
    assert "Stranger asks to follow you." in client.get("/@rin/").content.decode()
    assert "asks to follow" not in client.get("/@rin/?as=visitor").content.decode()
    assert press(client, stranger, "accept", next="/@rin/") == "/@rin/"
    client.force_login(stranger)
    assert "Overview" in client.get("/@rin/").content.decode()


@pytest.mark.parametrize("who", ["visitor", "blocked", "blocker"])
def test_the_door_is_not_there_for_visitors_nor_across_a_block(
    client: Client, rin: User, stranger: User, who: str
) -> None:
    narrow(rin, Visibility.FOLLOWERS)
    if who != "visitor":
        client.force_login(stranger)
        pair = (rin, stranger) if who == "blocked" else (stranger, rin)
        Block.objects.create(blocker=pair[0], blocked=pair[1])
    assert client.get("/@rin/").status_code == 404
    assert client.get("/@rin/report/").status_code == (302 if who == "visitor" else 404)


@pytest.mark.parametrize("act", ["unfollow", "take_back", "accept", "remove", "unmute", "unblock", "follow"])
def test_no_button_tells_whether_a_hidden_member_exists(client: Client, rin: User, stranger: User, act: str) -> None:
    narrow(rin, Visibility.ME)
    client.force_login(stranger)
    for handle in ("rin", "nix"):
        assert client.post(f"/@{handle}/relation/", {"act": act}).status_code == 404


def test_a_report_from_the_door_does_not_quote_what_stands_behind_it(client: Client, rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS, bio="Only for friends.")
    client.force_login(stranger)
    assert client.post("/@rin/report/", {"reason": "An unkind name."}).status_code == 302
    assert Report.objects.get().quote == "Rin (@rin)"


def test_a_member_who_presses_without_end_waits_a_minute(client: Client, rin: User, stranger: User) -> None:
    client.force_login(stranger)
    with time_machine.travel("2025-11-10T09:00:00Z", tick=False):
        for _ in range(ACTS_A_MINUTE):
            press(client, rin, "mute")
        answer = client.post("/@rin/relation/", {"act": "unmute"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "One thing after another" in answer.content.decode()
        assert Mute.objects.exists()
        assert client.get("/@rin/").status_code == 200, "reading is not counted"
    with time_machine.travel("2025-11-10T09:01:01Z", tick=False):
        press(client, rin, "unmute")
