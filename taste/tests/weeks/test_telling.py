"""Changes are kept beside the weeks; a sure one is told, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from listening.tests.histories import NOW, listener
from social.models import Notification, User
from taste.iso_weeks import A_WEEK, monday_of
from taste.models import ChangePoint, TasteProfile, WeeklyTaste
from taste.weeks.telling import keep_changes

pytestmark = pytest.mark.django_db
N_WEEKS = 80


@pytest.fixture
def ana() -> User:
    return listener("ana")


def weeks(member: User, *, jump_at: int | None = 60, n_plays: int = 40, until: datetime = NOW) -> None:
    """Eighty weeks up to the one before `until`; energy jumps from 0.45 to 0.75."""
    TasteProfile.objects.get_or_create(user=member)
    WeeklyTaste.objects.filter(user=member).delete()
    values = 0.45 + 0.03 * np.random.default_rng(4).normal(size=N_WEEKS)
    if jump_at is not None:
        values[jump_at:] += 0.3
    first = monday_of(until.date()) - N_WEEKS * A_WEEK
    WeeklyTaste.objects.bulk_create(
        WeeklyTaste(
            user=member, starts_on=first + place * A_WEEK, n_listens=n_plays, n_tracks=9, n_artists=9,
            n_new_artists=0, n_sounding=n_plays, n_placed=0, ms_played=0, diversity=9.0, fingerprint="x",
            computed_at=until, axes={"energy": {"mean": float(value), "sd": 0.1, "n": n_plays, "confidence": 0.5}},
        )
        for place, value in enumerate(values)
    )  # fmt: skip


def test_a_planted_change_is_kept_with_its_date_and_a_sentence_and_told(ana: User) -> None:
    weeks(ana)
    keep_changes(user=ana, now=NOW)
    row = ChangePoint.objects.get(is_confirmed=True)
    jumped = monday_of(NOW.date()) - 20 * A_WEEK
    assert abs(row.starts_on - jumped) <= 4 * A_WEEK
    assert row.alarmed_on >= row.starts_on
    assert (row.axis, row.sds > 3) == ("energy", True)
    assert row.sentence.startswith("Energy rose from 0.45 to 0.75 around the week of ")
    told = Notification.objects.get(user=ana)
    year, number, _ = row.starts_on.isocalendar()
    assert (told.kind, told.text, told.address) == (
        "taste_change",
        row.sentence,
        f"/dashboard/weeks/{year}-W{number:02}/",
    )


def test_the_same_weeks_again_change_and_tell_nothing(ana: User) -> None:
    weeks(ana)
    keep_changes(user=ana, now=NOW)
    Notification.objects.update(read_at=NOW)
    before = list(ChangePoint.objects.values("pk", "starts_on", "sentence"))
    keep_changes(user=ana, now=NOW + timedelta(days=1))
    assert list(ChangePoint.objects.values("pk", "starts_on", "sentence")) == before
    assert Notification.objects.get().read_at == NOW


def test_a_change_whose_numbers_move_by_a_hair_is_not_told_again(ana: User) -> None:
    weeks(ana)
    keep_changes(user=ana, now=NOW)
    weeks(ana, jump_at=61)
    keep_changes(user=ana, now=NOW)
    assert Notification.objects.count() == 1


def test_a_change_that_is_gone_from_the_weeks_is_gone(ana: User) -> None:
    weeks(ana)
    keep_changes(user=ana, now=NOW)
    weeks(ana, jump_at=None)
    keep_changes(user=ana, now=NOW)
    assert not ChangePoint.objects.filter(is_confirmed=True).exists()


def test_what_a_first_import_finds_of_years_ago_is_kept_but_not_told(ana: User) -> None:
    weeks(ana, until=NOW - timedelta(days=1500))
    keep_changes(user=ana, now=NOW)
    assert ChangePoint.objects.filter(is_confirmed=True).exists()
    assert not Notification.objects.exists()


def test_weeks_of_a_handful_of_plays_have_no_level(ana: User) -> None:
    weeks(ana, n_plays=4)
    assert keep_changes(user=ana, now=NOW) == 0


def test_the_running_week_is_not_judged(ana: User) -> None:
    weeks(ana, jump_at=None)
    last = WeeklyTaste.objects.filter(user=ana).latest("starts_on")
    last.pk, last.starts_on = None, monday_of(NOW.date())
    last.axes = {"energy": {"mean": 9.0, "sd": 0.1, "n": 40, "confidence": 0.5}}
    last.save()
    keep_changes(user=ana, now=NOW)
    assert not ChangePoint.objects.filter(alarmed_on__gte=date(2025, 11, 17)).exists()
