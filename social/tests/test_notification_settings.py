"""A member switches each kind, on the site and in Discord, and says when it is to be quiet."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.utils.timezone import now

from social.kinds import kinds
from social.models import LinkedAccount, Notification, NotificationSwitch, User
from social.notifying import notify

pytestmark = pytest.mark.django_db
PAGE = "/settings/notifications/"


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def all_but(*names: str) -> list[str]:
    return [kind.name for kind in kinds() if kind.name not in names]


def test_every_kind_is_listed_as_it_comes_by_itself(as_rin: Client) -> None:
    page = as_rin.get(PAGE).content.decode()
    assert page.count('name="on_site"') == len(kinds()) >= 4
    assert page.count(" checked>") - page.count('wants_reminders" checked') >= len(kinds())


def test_switches_are_kept_where_they_differ_and_only_there(as_rin: Client, rin: User) -> None:
    said = {"on_site": all_but("taste_change"), "in_discord": ["export_ready"]}
    assert as_rin.post(PAGE, said).status_code == 302
    rows = set(NotificationSwitch.objects.values_list("kind", "on_site", "in_discord"))
    assert rows == {("taste_change", False, False), ("export_ready", True, True)}
    as_rin.post(PAGE, {"on_site": all_but()})
    assert not NotificationSwitch.objects.exists()
    assert notify(user=rin, kind="taste_change", subject="1", text="Energy rose.", now=now()) is not None


def test_what_no_app_names_is_not_stored(as_rin: Client) -> None:
    as_rin.post(PAGE, {"on_site": [*all_but(), "invented"], "in_discord": ["invented"]})
    assert not NotificationSwitch.objects.exists()


def test_what_waits_for_discord_is_not_sent_once_it_is_switched_off(as_rin: Client, rin: User) -> None:
    LinkedAccount.objects.create(user=rin, provider="discord", provider_user_id="1")
    as_rin.post(PAGE, {"on_site": all_but(), "in_discord": ["export_ready"]})
    notify(user=rin, kind="export_ready", subject="1", text="Ready.", now=now())
    assert Notification.objects.get().direct == Notification.Direct.DUE
    as_rin.post(PAGE, {"on_site": all_but()})
    assert Notification.objects.get().direct == Notification.Direct.NONE


def test_reminders_and_quiet_hours_are_the_clubs_own(as_rin: Client, rin: User) -> None:
    said = {"on_site": all_but(), "wants_direct_messages": "on", "quiet_from": "22:00", "quiet_until": "07:30"}
    as_rin.post(PAGE, said)
    rin.refresh_from_db()
    assert (rin.wants_reminders, rin.wants_direct_messages) == (False, True)
    assert (rin.quiet_from, rin.quiet_until) == (time(22), time(7, 30))


def test_quiet_hours_need_both_ends(as_rin: Client, rin: User) -> None:
    answer = as_rin.post(PAGE, {"on_site": all_but("taste_change"), "quiet_from": "22:00"})
    assert answer.status_code == 400
    assert "need both a beginning and an end" in answer.content.decode()
    assert not NotificationSwitch.objects.exists()


def test_a_refusal_of_discord_is_said_until_one_comes_through(as_rin: Client, rin: User) -> None:
    row = notify(user=rin, kind="export_ready", subject="1", text="Ready.", now=now())
    assert row is not None
    Notification.objects.update(direct=Notification.Direct.FAILED)
    assert "Discord does not let the bot write to you" in as_rin.get(PAGE).content.decode()
    notify(user=rin, kind="export_ready", subject="2", text="Ready.", now=now())
    Notification.objects.filter(subject="2").update(direct=Notification.Direct.SENT)
    assert "Discord does not let" not in as_rin.get(PAGE).content.decode()
