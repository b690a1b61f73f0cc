"""Eight writers at once, on PostgreSQL: nothing lost, nothing doubled, totals true, nobody in a deadlock."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps

from catalog.tests.test_races import at_once
from listening import own_data
from listening.ingest import ingest, withdraw
from listening.models import ListenEvent
from listening.plays import Outcome, Play
from listening.tests.plays import EVENING, listener_of, play, prove
from social.models import User
from social.standing import Closed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = EVENING + timedelta(days=30)
SOURCES = ("lastfm", "spotify", "librefm", "maloja")


def evening(n: int) -> list[Play]:
    """Plays an hour apart, so that only the same one of another source can be told twice."""
    return [play(60 * each, f"Song {each % 17}", f"Artist {each % 5}", f"Album {each % 7}") for each in range(n)]


def bring(user: User, source: str, seed: int) -> Outcome:
    """The evening in an order of one's own, in small portions."""
    plays = evening(120)
    random.Random(seed).shuffle(plays)
    outcome = Outcome()
    for start in range(0, len(plays), 25):
        outcome += ingest(user=user, source=source, plays=plays[start : start + 25], now=NOW)
    return outcome


def checked(answers: list[object]) -> list[Outcome]:
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return [answer for answer in answers if isinstance(answer, Outcome)]


def test_eight_submitters_for_one_member(rin: User) -> None:
    acts = [lambda seed=seed: bring(rin, SOURCES[seed % 4], seed) for seed in range(8)]
    outcomes = checked(at_once(*acts))
    stored = [outcome.n_new + outcome.n_duplicates for outcome in outcomes]
    assert sum(stored) == ListenEvent.objects.count() == 4 * 120
    assert sum(outcome.n_known for outcome in outcomes) == 4 * 120
    listener = listener_of(rin)
    assert (listener.n_listens, listener.n_duplicates) == (120, 3 * 120)
    assert set(ListenEvent.objects.filter(duplicate_of=None).values_list("source", flat=True)) == {"spotify"}
    prove(rin)


def test_eight_members_with_the_same_music() -> None:
    members = [User.objects.create_user(f"member_{n}") for n in range(8)]
    checked(at_once(*[lambda member=member: bring(member, "lastfm", member.pk) for member in members]))
    for member in members:
        assert listener_of(member).n_listens == 120
        prove(member)


def test_some_bring_while_others_take_out(rin: User) -> None:
    ingest(user=rin, source="maloja", plays=evening(120), now=NOW)
    ids = list(ListenEvent.objects.values_list("pk", flat=True))

    def take_out(part: int) -> Outcome:
        mine = ids[part::4]
        return Outcome(n_known=sum(withdraw(user=rin, listen_ids=mine[at : at + 5], now=NOW) for at in range(0, 30, 5)))

    acts = [lambda part=part: take_out(part) for part in range(4)]
    acts += [lambda seed=seed: bring(rin, "lastfm", seed) for seed in range(4)]
    outcomes = checked(at_once(*acts))
    assert sum(outcome.n_known for outcome in outcomes[:4]) == 120
    assert ListenEvent.objects.filter(source="maloja").count() == 0
    assert listener_of(rin).n_listens == ListenEvent.objects.count() == 120
    prove(rin)


def test_nothing_stays_of_who_leaves_while_four_bring(rin: User) -> None:
    ingest(user=rin, source="maloja", plays=evening(60), now=NOW)

    def leave() -> None:
        User.objects.filter(pk=rin.pk).update(is_active=False)
        own_data.forget(rin, keeps_ratings=True, now=NOW)

    def until_closed(seed: int) -> None:
        with suppress(Closed):
            bring(rin, SOURCES[seed], seed)

    at_once(leave, *[lambda seed=seed: until_closed(seed) for seed in range(4)])
    of_members = [model for model in apps.get_app_config("listening").get_models() if hasattr(model, "user")]
    assert ListenEvent in of_members
    assert [model for model in of_members if model._default_manager.filter(user=rin).exists()] == []
