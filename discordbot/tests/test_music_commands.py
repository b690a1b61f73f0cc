"""Listening in Discord itself: who sees an answer, pictures on the wire, suggestions, too fast, odd people."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.living_bot import LivingBot
from discordbot.tests.test_serving_music import hears
from discordbot.tests.week_stage import fits_three_seconds, soon
from social.models import LinkedAccount, User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot(living_bot: LivingBot) -> LivingBot:
    return living_bot


def linked(person: Person, **said: object) -> User:
    member: User = UserFactory(handle=person.account.name, display_name=person.account.display_name, **said)
    LinkedAccount.objects.create(user=member, provider="discord", provider_user_id=str(person.id))
    return member


def test_the_four_commands_in_a_channel(fake: FakeDiscord, bot: LivingBot, ana: Person, ben: Person) -> None:
    now = timezone.now().replace(microsecond=0)
    hears(linked(ana), ["Roads", "Numb"], now=now - timedelta(minutes=1))
    hidden = linked(ben, listens_visibility=Visibility.ME)
    hears(hidden, ["Roads"], now=now - timedelta(minutes=1))

    heard = ana.slash("fm")
    assert "**Ana** last listened to **Numb**" in heard.text
    assert not heard.is_ephemeral
    assert ana.slash("fm", only_me=True).is_ephemeral
    own = ben.slash("fm")
    assert "Roads" in own.text
    assert own.is_ephemeral
    refused = ana.slash("fm", member=ben)
    assert "nothing can be shown here" in refused.text
    assert refused.is_ephemeral

    [offered] = ana.autocomplete("whoknows", "artist", "port")
    known = ben.slash("whoknows", artist=offered["value"])
    assert "1 member" in known.text
    assert not known.is_ephemeral
    soon(lambda: bool(known.followups))
    [private] = known.followups
    assert private.is_ephemeral
    assert "you have played" in private.text.lower()

    drawn = ana.slash("chart", size=4)
    assert not drawn.is_ephemeral
    assert drawn.message
    [attached] = drawn.message.attachments
    with Image.open(io.BytesIO(attached.data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (900, 900))
    assert ben.slash("chart").is_ephemeral

    assert "not enough yet" in ana.slash("taste").text
    assert ana.slash("taste", member=ben).is_ephemeral
    assert fits_three_seconds(fake)


def test_strangers_bots_and_hurried_people_get_an_answer(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    first = ana.slash("fm")
    assert first.is_ephemeral
    assert "Connect Last.fm" in first.text
    robot = fake.person("Robot", is_bot=True)
    assert "Bots are no members" in ana.slash("fm", member=robot).text
    for _ in range(6):
        last = ana.slash("fm")
    assert "That was quick" in last.text
    assert last.is_ephemeral
    assert "Write an artist" in ana.slash("whoknows").text
    assert fits_three_seconds(fake)
