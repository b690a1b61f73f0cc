"""A moderator, somebody with Manage Server, a poll: what tests of moderators' acts begin with."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.members import Person
from discordbot.moderating.confirming import CANCELS, CONFIRMS
from discordbot.moderating.people import Asker
from discordbot.moderating.verbs import Arguments, Deed
from discordbot.replies import Reply
from discordbot.routes import decode
from social.identity import link_identity
from social.models import User
from social.tests.factories import UserFactory

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MOD, OTHER, MANAGER, ANYBODY = 101, 102, 103, 104


@pytest.fixture
def asker(mod: User, monday: datetime) -> Asker:
    """`mod`, through the linked account in Discord, without Manage Server."""
    link_identity(user=mod, provider="discord", provider_user_id=str(MOD), now=monday)
    return Asker(Person(MOD, "Mod"))


@pytest.fixture
def manager(db: None) -> Asker:
    """Somebody whom the club has never seen and who manages the server."""
    return Asker(Person(MANAGER, "Mona Manager", "mona"), manages_server=True)


@pytest.fixture
def poll(db: None) -> Week:
    """A poll with two nominees, three ballots, and a clear winner."""
    week = WeekFactory(phase=Phase.POLL)
    for title in ("Kid A", "Blue"):
        NominationFactory(week=week, album=AlbumFactory(title=title))
    first = Nomination.objects.get(album__title="Kid A")
    for _ in range(3):
        Vote.objects.create(week=week, user=UserFactory(), nomination=first, rank=1, cast_at=week.opens_at)
    return week


@pytest.fixture
def during(poll: Week) -> datetime:
    return poll.nominations_close_at + DAY


def deed(verb: str, week: Week | None = None, reason: str = "", **arguments: object) -> Deed:
    return Deed(verb, week, Arguments(arguments), reason)


def pending(preview: Reply) -> int:
    """The number of the row behind a preview's Confirm button."""
    yes, no = (decode(part["custom_id"]) for part in preview.rows[0]["components"])
    assert yes is not None
    assert no is not None
    assert (yes.verb, no.verb, yes.arg) == (CONFIRMS, CANCELS, no.arg)
    return yes.ids[0]
