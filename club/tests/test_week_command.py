"""manage.py week: an operator runs a whole week without Discord."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from club.models import Nomination, Phase, Rating, Week
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db
START = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


def week(*words: str, at: timedelta = timedelta()) -> str:
    out = StringIO()
    with time_machine.travel(START + at, tick=False):
        call_command("week", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_an_operator_runs_a_week(rin: User, sol: User, stranger: User, mod: User) -> None:
    assert week("open", "--theme", "Debuts").startswith("WEEK 001 [2025-11-24] “Debuts”: nominations")
    week("nominate", "rin", "Radiohead", "Kid A", "--year", "2000", "--genre", "Rock")
    assert "Homogenic" in week("nominate", "SOL", "Björk", "Homogenic")
    kid_a, homogenic = Nomination.objects.order_by("id")
    day = timedelta(days=1)
    assert ": poll" in week("close", "--by", "mod", "--reason", "everybody is here", at=day)
    week("vote", "stranger", str(kid_a.pk), str(homogenic.pk), at=day)
    week("vote", "sol", str(kid_a.pk), at=day)
    assert "Thu 2025-11-13 21:30" in week("deadlines", "--poll-close-at", "2025-11-13T21:30", at=day)
    assert "Sat 2025-11-15 09:30" in week("extend", "1d12h", at=day)
    assert ": listening" in week("close", at=2 * day)
    assert week("undo", at=2 * day).startswith("Undid: close_phase")
    assert ": poll" in week("status", at=2 * day)
    assert week("advance", at=10 * day) == "1 changes.\n"
    assert ": discussion" in week("close", at=11 * day)
    assert "1 ratings, average 3.50" in week("rate", "stranger", "3.5", "--review", "Cold.", at=11 * day)
    assert week("override", str(homogenic.pk), "--by", "mod", "--reason", "a mistake", at=11 * day).count("★") == 1
    assert ": closed" in week("close", at=12 * day)
    assert Week.objects.get().winner == homogenic
    assert Rating.objects.get().week is None
    assert ModerationAction.objects.filter(moderator=mod).count() == 2


def test_refusals_come_in_words(rin: User, mod: User) -> None:
    with pytest.raises(CommandError, match="No week is open"):
        week("status")
    with pytest.raises(CommandError, match="There is no week 7"):
        week("close", "--week", "7")
    week("open")
    with pytest.raises(CommandError, match="Nobody has nominated in WEEK 001 yet"):
        week("close")
    with pytest.raises(CommandError, match="There is no member called nobody"):
        week("nominate", "nobody", "A", "B")
    with pytest.raises(CommandError, match="Only a moderator"):
        week("skip", "--by", "rin")
    with pytest.raises(CommandError, match="is no duration"):
        week("extend", "soon")
    with pytest.raises(CommandError, match="is no rating"):
        week("rate", "rin", "3.7")
    assert Week.objects.get().phase == Phase.NOMINATIONS


def test_an_operator_withdraws_skips_and_reopens(rin: User, sol: User) -> None:
    week("open", "--opens-at", "2025-11-17T09:00")
    assert ": scheduled" in week("status")
    assert ": nominations" in week("advance", at=timedelta(days=7)) + week("status", at=timedelta(days=7))
    week("nominate", "rin", "Low", "Hey What", at=timedelta(days=7))
    assert "0 nominations" in week("withdraw", str(Nomination.objects.get().pk), at=timedelta(days=7))
    week("skip", "--reason", "holidays", at=timedelta(days=8))
    assert ": cancelled" in week("status", "--week", "1", at=timedelta(days=8))
    reopened = week("reopen", "--week", "1", "--until", "2025-11-25T20:00", at=timedelta(days=8))
    assert ": nominations" in reopened
    assert "→ nominations_close_at  Tue 2025-11-25 20:00" in reopened
