"""A new member's first steps: where they lead, what each needs, how they are put aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from social.identity import link_identity
from social.models import Follow, User
from social.relations import follow
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def sign_in(client: Client, handle: str, **query: str) -> Any:
    return client.post(reverse("account_login", query=query), {"login": handle, "password": PASSWORD})


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_first_sign_in_leads_to_the_first_steps_and_then_on(client: Client, rin: User) -> None:
    assert sign_in(client, "rin", next="/weeks/")["Location"] == "/welcome/"
    assert client.get("/welcome/")["Location"] == "/welcome/listens/", "rin has a name already"
    assert client.post("/welcome/finish/", {"as": "done"})["Location"] == "/weeks/"
    rin.refresh_from_db()
    assert rin.welcomed_at is not None


def test_whoever_signs_up_is_led_there_too(client: Client) -> None:
    answer = client.post(reverse("account_signup"), {"username": "newcomer", "password1": "a long enough phrase 7"})
    assert answer["Location"] == "/welcome/"
    assert client.get("/welcome/")["Location"] == "/welcome/you/"


def test_a_later_sign_in_goes_where_it_wanted(client: Client, rin: User) -> None:
    sign_in(client, "rin")
    client.logout()
    assert sign_in(client, "rin", next="/weeks/")["Location"] == "/weeks/"


def test_nobody_is_led_there_again_who_is_done(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(welcomed_at=now())
    assert sign_in(client, "rin")["Location"] == "/"


def test_an_address_elsewhere_is_not_followed_afterwards(client: Client, rin: User) -> None:
    assert sign_in(client, "rin", next="https://evil.example/")["Location"] == "/welcome/"
    assert client.post("/welcome/finish/")["Location"] == "/"


def test_the_home_page_has_a_strip_until_the_steps_are_put_aside(as_rin: Client) -> None:
    assert "Three first steps" in text_of(as_rin, "/")
    assert "Three first steps" not in text_of(as_rin, "/weeks/")
    assert "Three first steps" not in text_of(Client(), "/")
    answer = as_rin.post("/welcome/finish/", follow=True)
    assert "Your settings have all of it" in answer.content.decode()
    assert "Three first steps" not in text_of(as_rin, "/")


def test_the_first_step_keeps_name_and_zone_and_goes_on(as_rin: Client, rin: User) -> None:
    answer = as_rin.post("/welcome/introduce/", {"display_name": " Rin K. ", "timezone": "Europe/Berlin"})
    assert answer["Location"] == "/welcome/listens/"
    rin.refresh_from_db()
    assert (rin.display_name, rin.timezone) == ("Rin K.", "Europe/Berlin")


def test_the_first_step_says_what_is_wrong(as_rin: Client, rin: User) -> None:
    answer = as_rin.post("/welcome/introduce/", {"display_name": "x" * 65, "timezone": "Moon/Sea"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'href="#id_display_name"' in page
    assert 'href="#id_timezone"' in page
    User.objects.filter(pk=rin.pk).update(suspended_at=now() - timedelta(days=1))
    answer = as_rin.post("/welcome/introduce/", {"display_name": "Rin", "timezone": "UTC"})
    assert "You are suspended" in answer.content.decode()


def test_discord_is_part_of_the_first_step_where_it_is_on(as_rin: Client, rin: User, settings: Any) -> None:
    assert "Discord" not in text_of(as_rin, "/welcome/you/").partition("<main")[2].partition("</main>")[0]
    providers = {**settings.SOCIALACCOUNT_PROVIDERS}
    app = {"client_id": "id", "secret": "secret", "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {**providers, "discord": {**providers["discord"], "APPS": [app]}}
    assert "Link Discord" in text_of(as_rin, "/welcome/you/")
    assert as_rin.get("/welcome/")["Location"] == "/welcome/you/"
    link_identity(user=rin, provider="discord", provider_user_id="1", now=now(), metadata={"global_name": "Rin!"})
    assert "<b><bdi>Rin!</bdi></b>" in text_of(as_rin, "/welcome/you/")
    assert as_rin.get("/welcome/")["Location"] == "/welcome/listens/"


def test_any_way_in_makes_the_second_step_done(as_rin: Client, rin: User) -> None:
    assert "No account is connected." in text_of(as_rin, "/welcome/listens/")
    assert "/settings/connections/listenbrainz/link/?next=/welcome/listens/" in text_of(as_rin, "/welcome/listens/")
    link_identity(user=rin, provider="listenbrainz", provider_user_id="rin_lb", now=now())
    assert as_rin.get("/welcome/")["Location"] == "/welcome/follow/"


def test_three_members_followed_make_the_last_step_done(as_rin: Client, rin: User) -> None:
    others = UserFactory.create_batch(3)
    assert "0 of 3 so far." in text_of(as_rin, "/welcome/follow/")
    for other in others:
        back = as_rin.post(f"/@{other.handle}/relation/", {"act": "follow", "next": "/welcome/follow/"})
        assert back["Location"] == "/welcome/follow/"
    assert "You follow 3 members." in text_of(as_rin, "/welcome/follow/")
    assert Follow.objects.filter(follower=rin).count() == 3


def test_an_address_that_is_no_step_is_not_there_and_visitors_sign_in(as_rin: Client) -> None:
    assert as_rin.get("/welcome/money/").status_code == 404
    assert as_rin.get("/welcome/finish/").status_code == 405
    for path in ("/welcome/", "/welcome/you/"):
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_the_last_step_costs_the_same_with_1_and_with_20_members_to_follow(as_rin: Client, rin: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_rin.get("/welcome/follow/")
        return len(captured)

    friend = UserFactory()
    follow(by=rin, whom=friend, now=now())
    follow(by=friend, whom=UserFactory(), now=now())
    as_rin.get("/welcome/follow/")
    with_one = queries()
    for other in UserFactory.create_batch(19):
        follow(by=friend, whom=other, now=now())
    assert queries() == with_one
