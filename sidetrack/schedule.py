"""What runs by itself: one list, made true by `manage.py sync_schedules`.

A job is a dotted name, so nothing is imported here. Each function takes no argument, can run twice at once without
harm, and returns one line saying what it did. Cron rules are read in TIME_ZONE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule


@dataclass(frozen=True)
class Job:
    """One line of the list: every so many minutes, or at the times of a cron rule."""

    name: str
    function: str
    every_minutes: int | None = None
    cron: str | None = None

    def __post_init__(self) -> None:
        if (self.every_minutes is None) == (self.cron is None):
            raise ValueError(f"{self.name} needs either every_minutes or cron.")

    def rule(self) -> dict[str, object]:
        """The columns of a schedule that say when; a schedule that differs in them gets a new next time."""
        kind = Schedule.CRON if self.cron else Schedule.MINUTES
        return {"schedule_type": kind, "minutes": self.every_minutes, "cron": self.cron, "repeats": -1}


JOBS: Sequence[Job] = (
    Job("Say that the queue is alive", "sidetrack.tasks.heartbeat", every_minutes=1),
    Job("Forget sessions that ended", "sidetrack.tasks.forget_sessions", cron="57 4 * * *"),
    Job("Move weeks that are due", "club.tasks.advance_weeks", every_minutes=1),
    Job("Identify albums on MusicBrainz", "catalog.tasks.identify_due", every_minutes=5),
    Job("Fetch covers", "catalog.tasks.fetch_due_covers", every_minutes=5),
    Job(
        "Read members' accounts that are due",
        "listening.syncing.tasks.sync_due",
        every_minutes=settings.INGEST_LISTENS_INTERVAL_MINUTES,
    ),
    Job(
        "Fetch tags from Last.fm",
        "listening.syncing.tasks.sync_tags",
        every_minutes=settings.LASTFM_SYNC_INTERVAL_MINUTES,
    ),
    Job(
        "Tell duplicates anew where it was cut off",
        "listening.tasks.tell_interrupted_duplicates_anew",
        every_minutes=15,
    ),
    Job("Tell members of their finished week", "taste.weeks.tasks.tell_digests", cron="25 * * * 0-2"),
    Job("Read histories in the zone of who moved", "listening.tasks.read_moved_in_new_zone", every_minutes=10),
    Job(
        "Compute weeks of taste that are due",
        "taste.weeks.tasks.aggregate_due",
        every_minutes=settings.AGGREGATE_WEEKS_INTERVAL_MINUTES,
    ),
    Job("Warn of permissions that end", "listening.linking.tasks.warn", cron="17 8 * * *"),
    Job("Draw share images", "club.tasks.draw_due_share_images", every_minutes=5),
    Job("Find the most played tracks on MusicBrainz", "listening.tasks.resolve_due", every_minutes=5),
    Job("Find albums heard whole", "listening.tasks.find_occasions", every_minutes=5),
    Job("Move listens that came in during a merge", "listening.tasks.follow_merges", cron="7 * * * *"),
    Job("Forget old answers of outside services", "catalog.tasks.forget_old_answers", cron="17 4 * * *"),
    Job("Forget what was said of old listens", "listening.tasks.forget_old_payloads", cron="27 4 * * *"),
    Job("Forget names that nobody uses", "catalog.tasks.forget_names", cron="27 4 * * *"),
    Job("Compare and repair kept figures", "club.tasks.check_aggregates", cron="37 4 * * *"),
    Job("Go on with imported files", "listening.importing.tasks.sweep", every_minutes=5),
    Job("Forget imported files", "listening.importing.tasks.forget_old_files", cron="27 4 * * *"),
    Job("Predict ratings of nominees", "taste.predicting.tasks.keep_predictions", every_minutes=10),
    Job("Match members by taste", "taste.matching.tasks.renew_matches", cron="7 4 * * *"),
    Job("Renew recommendations", "taste.recommending.tasks.renew_recommendations", cron="37 4 * * *"),
    Job("Renew blends", "taste.blends.tasks.renew", cron="17 5 * * *"),
    Job("Renew the club's lists", "taste.playlists.tasks.renew_club_lists", cron="47 5 * * 1"),
    Job("Send lists that wait", "taste.playlists.tasks.send_due", every_minutes=5),
    Job("Keep up the map of taste", "taste.mapping.tasks.keep_up", cron="37 3 * * *"),
    Job("Ask Spotify how tracks sound", "taste.axes.tasks.ask_spotify", cron="47 2 * * *"),
    Job("Tell tracks by their tags", "taste.axes.tasks.fill_in_from_tags", cron="7 3 * * *"),
    Job("Look for music files", "taste.audio.tasks.scan_folder", every_minutes=60),
    Job("Analyse music files that are due", "taste.audio.tasks.analyse_due", every_minutes=5),
    Job("Go on with exports that lost their worker", "social.tasks.keep_exports", every_minutes=5),
    Job("Forget exports whose week is over", "social.tasks.forget_exports", cron="27 * * * *"),
    Job("Forget old notifications", "social.tasks.forget_old_notifications", cron="27 4 * * *"),
    Job("Let go whose days of grace are over", "social.tasks.carry_out_deletions", every_minutes=15),
    Job("Take over pictures from Discord", "social.tasks.fetch_due_avatars", every_minutes=60),
    Job("Forget drafts typed in Discord", "discordbot.tasks.forget_drafts", cron="47 * * * *"),
)


@dataclass(frozen=True)
class Synced:
    created: int = 0
    changed: int = 0
    deleted: int = 0

    def __str__(self) -> str:
        return f"{self.created} created, {self.changed} changed, {self.deleted} deleted"


@transaction.atomic
def sync(*, now: datetime, jobs: Sequence[Job] = JOBS) -> Synced:
    """Make the stored schedules the ones of `jobs`; the same list twice changes nothing.

    A rule that changed starts anew from `now`: saving a schedule computes its next time on insert only.
    """
    stored: dict[str, Schedule] = {}
    deleted = 0
    for row in Schedule.objects.select_for_update().order_by("id"):
        if row.name in stored or row.name not in {job.name for job in jobs}:
            row.delete()
            deleted += 1
        else:
            stored[row.name] = row
    created = changed = 0
    for job in jobs:
        wanted = {"func": job.function, **job.rule()}
        row = stored.get(job.name)
        if row is None:
            row = Schedule(name=job.name, **wanted)
            created += 1
        elif all(getattr(row, column) == value for column, value in wanted.items()):
            continue
        else:
            for column, value in wanted.items():
                setattr(row, column, value)
            changed += 1
        row.next_run = croniter(job.cron, timezone.localtime(now)).get_next(datetime) if job.cron else now
        if row.pk:
            row.save()
        else:  # save() would compute the next time of a cron rule from its own clock
            Schedule.objects.bulk_create([row])
    return Synced(created, changed, deleted)
