"""From listens to weeks: the one writer of `WeeklyTaste` and `TasteProfile`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from listening.models import Listener
from social.models import User
from taste.embeddings import main_model
from taste.mapping.placing import place_weeks
from taste.models import TasteProfile, WeeklyTaste
from taste.weeks import material, profile, telling
from taste.weeks.calendar import Ints
from taste.weeks.columns import plays_of
from taste.weeks.measuring import Heard, heard, rows_of

LOOK_AGAIN = timedelta(days=6)  # tags and rows that are gone leave no time behind: each member is looked at once a week
TURNS = 5
FIELDS = [
    "n_listens", "n_tracks", "n_artists", "n_new_artists", "n_sounding", "n_mooded", "n_placed", "ms_played",
    "diversity", "axes", "moods", "words", "model", "centroid", "map_version", "fingerprint", "computed_at", "is_demo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aggregated:
    """How many weeks with listens the member has, and how many of them were computed in this run."""

    n_weeks: int
    n_recomputed: int


def aggregate(*, user: User, now: datetime, everything: bool = False) -> Aggregated:
    """Bring the member's weeks, profile and changes up to date with their listens and with what is known of the music.

    everything: compute every week, changed or not. Safe to run twice at once, and to be cut off anywhere: a run reads
    and computes without a lock, and writes in one transaction, in which it first looks whether another run wrote
    meanwhile; if so it starts over, and finds less to do.
    """
    listener = Listener.objects.filter(pk=user.pk).first() or Listener(user=user, zone=user.timezone)
    model = main_model()
    sound_at = material.newest_sound(user, model)
    known = TasteProfile.objects.filter(pk=user.pk).first()
    if not everything and known is not None and is_current(known, listener, model, sound_at, now=now):
        return Aggregated(WeeklyTaste.objects.filter(user=user).count(), 0)
    # The revision was read before the listens: what comes in meanwhile is seen by the next run.
    zone = ZoneInfo(listener.zone)
    found = heard(user, plays_of(user), zone=zone, model=model, salt=f"{listener.zone} {material.own_words(user)}")
    n_recomputed = _write(user, found, listener, sound_at, everything=everything, now=now)
    telling.keep_changes(user=user, now=now)
    place_weeks(user=user, now=now)
    # Only now it is done: whoever is cut off before this line is not current, and what follows is done again.
    done = TasteProfile.objects.filter(pk=user.pk, weeks_revision=listener.revision)
    done.update(last_computed_at=now)
    return Aggregated(len(found.filled), n_recomputed)


def is_current(
    known: TasteProfile, listener: Listener, model: str, sound_at: datetime | None, *, now: datetime
) -> bool:
    """Nothing that leaves a trace has changed since the profile was computed, and that was not long ago."""
    return (
        known.weeks_revision == listener.revision
        and known.weeks_sound_at == sound_at
        and known.model == model
        and known.last_computed_at is not None
        and now - known.last_computed_at < LOOK_AGAIN
    )


def _write(
    user: User, found: Heard, listener: Listener, sound_at: datetime | None, *, everything: bool, now: datetime
) -> int:
    TasteProfile.objects.get_or_create(user=user)
    stored = _prints(user)
    for _ in range(TURNS):
        wanted = found.filled if everything else _changed(found, stored)
        rows = rows_of(user, found, wanted, now=now)
        with transaction.atomic():
            row = TasteProfile.objects.select_for_update().get(pk=user.pk)
            if listener.revision < row.weeks_revision <= _revision(user):
                return 0  # another run has read later listens, and written them
            seen, stored = stored, _prints(user)
            if seen != stored:
                continue
            mondays = {found.weeks.monday(place) for place in found.filled.tolist()}
            WeeklyTaste.objects.filter(user=user, starts_on__in=stored.keys() - mondays).delete()
            WeeklyTaste.objects.bulk_create(
                rows, 200, update_conflicts=True, unique_fields=["user", "starts_on"], update_fields=FIELDS
            )
            profile.fill(row, found)
            row.weeks_revision, row.weeks_sound_at, row.last_computed_at = listener.revision, sound_at, None
            row.save()
            return len(rows)
    return 0  # others were faster each time: what they wrote stands, and the profile says how far they had read


def _revision(user: User) -> int:
    """Where the listens stand at this moment; lower than it ever was where a member began anew."""
    return Listener.objects.filter(pk=user.pk).values_list("revision", flat=True).first() or 0


def _prints(user: User) -> dict[date, str]:
    """The weeks as they are stored: Monday → what they were made of."""
    return dict(WeeklyTaste.objects.filter(user=user).values_list("starts_on", "fingerprint"))


def _changed(found: Heard, stored: dict[date, str]) -> Ints:
    """Places of the weeks with plays that are not stored as they are now."""
    changed = [place for place in found.filled.tolist() if stored.get(found.weeks.monday(place)) != found.prints[place]]
    return np.array(changed, np.int64)
