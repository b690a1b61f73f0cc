"""Which week a button, a form or a command means, and whether it is open: one cheap query while it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from django.db import Error as DatabaseTrouble
from django.db import transaction

from club.current import RULES, Verb, open_for, week_for
from club.errors import ClubRuleBroken
from club.models import Week
from club.models.week import WeekQuerySet
from club.phases import TABLE
from discordbot.texts import members, say

logger = logging.getLogger(__name__)
OPEN_WITHIN_S = 1.0  # a form must be the first answer and come within three seconds; after this it opens without
T = TypeVar("T")


def open_week(verb: Verb, number: int | None, *, now: datetime, weeks: WeekQuerySet | None = None) -> Week:
    """The week that takes `verb` now: the one of this number, else the newest; refused in the club's own words.

    weeks: how to read it (joins, annotations). Only a week that looks shut or overdue costs a second look.
    """
    weeks = Week.objects.all() if weeks is None else weeks
    rule = RULES[verb]
    found = weeks.filter(number=number) if number is not None else weeks.filter(phase=rule.phase).order_by("-number")
    week = found.first()
    if week is not None and week.phase == rule.phase and now < getattr(week, TABLE[rule.phase].deadline):
        return week
    if number is None:
        return weeks.get(pk=week_for(verb, now=now).pk)
    if week is None:
        raise ClubRuleBroken(say(members.NO_SUCH_WEEK, number=number), code="no_week")
    with transaction.atomic():
        open_for(verb, week, now)
    return weeks.get(pk=week.pk)


async def in_time(work: Awaitable[T], otherwise: T | None = None, *, within_s: float = OPEN_WITHIN_S) -> T | None:
    """What `work` gives, or `otherwise` when it takes too long or the database is in trouble. Refusals pass through."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=within_s)
    if not done:
        task.add_done_callback(_forget)
        logger.warning("A form opens without what is stored: the database takes longer than %s s.", within_s)
        return otherwise
    try:
        return task.result()
    except DatabaseTrouble as error:
        logger.warning("A form opens without what is stored: %s", error)
        return otherwise


def _forget(task: asyncio.Future[T]) -> None:
    """Whatever comes of it later, nobody waits for it; an error must not be reported as unnoticed."""
    if not task.cancelled():
        task.exception()
