"""Having one's data made into a zip: asked for, made by a job, fetched within a week.

A worker that dies leaves a row that says RUNNING and no longer beats; the sweep gives it to another, from the start,
and after three of them the row says that it failed. Only the worker of the newest try may finish a row.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from sidetrack import slots
from social.errors import Refused
from social.models import DataExport, User
from social.notifying import notify
from social.own_data.archive import Archive
from social.own_data.parts import Part

logger = logging.getLogger(__name__)
State = DataExport.State
Clock = Callable[[], datetime]
KEPT = timedelta(days=7)
LOST_AFTER = timedelta(minutes=5)  # without a beat: longer than the slowest batch
BEAT_S = 5.0
MAX_TRIES = 3
A_DAY = 5  # each reads everything that is known of a member
OUR_FAULT = "Something went wrong on our side. Ask for it again; if it fails again, tell a moderator."
WORKER_LOST = "Its worker was lost three times. Ask for it again; if it fails again, tell a moderator."
SETTINGS_PAGE = "/settings/data/"


class Lost(Exception):
    """Another worker has the export, or it is gone: stop without a trace."""


def folder() -> Path:
    place = Path(settings.EXPORTS_DIR)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def ask_for_export(*, member: User, now: datetime) -> DataExport:
    """The export that is being made for the member, else a new one. Refused where there were many today."""
    if being_made := DataExport.objects.filter(user=member, state__in=[State.WAITING, State.RUNNING]).first():
        return being_made
    if DataExport.objects.filter(user=member, asked_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise Refused("You took your data along several times today. Try again tomorrow.", code="too_many")
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=member, asked_at=now)
            _queue(export.pk)
    except IntegrityError:  # asked for in two tabs at once
        return DataExport.objects.get(user=member, state__in=[State.WAITING, State.RUNNING])
    return export


def _queue(export_id: int) -> None:
    transaction.on_commit(lambda: async_task("social.tasks.make_export", export_id))


def parts_for(member: User) -> list[Part]:
    """Everything that any app knows of the member."""
    return [part for parts in slots.call("export:parts", member) for part in parts]


def make(export_id: int, *, clock: Clock) -> DataExport | None:
    """Make the zip; None where there is nothing to do, or another worker does it."""
    export = _take(export_id, now=clock())
    if export is None:
        return None
    unfinished = folder() / f"{export.pk}-{export.n_tries}-{secrets.token_hex(8)}.part"
    try:
        _write(export, unfinished, clock=clock)
        return _finish(export, unfinished, now=clock())
    except Lost:
        return None
    except OperationalError:  # the database is busy or away: the sweep gives it to another worker
        raise
    except Exception:
        logger.exception("Export %s broke.", export.pk)
        _held(export).update(state=State.FAILED, error=OUR_FAULT, finished_at=clock())
        export.refresh_from_db()
        return export
    finally:
        unfinished.unlink(missing_ok=True)


def _take(export_id: int, *, now: datetime) -> DataExport | None:
    """The export for this worker, its try counted before any work."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, beat_at__lt=now - LOST_AFTER)
    with transaction.atomic():
        row = DataExport.objects.select_for_update().filter(free, pk=export_id).first()
        if row is None:
            return None
        if row.n_tries >= MAX_TRIES:
            row.state, row.error, row.finished_at = State.FAILED, WORKER_LOST, now
            row.save(update_fields=["state", "error", "finished_at"])
            return None
        row.state, row.beat_at, row.n_tries = State.RUNNING, now, row.n_tries + 1
        row.n_done, row.n_parts, row.part = 0, 0, ""
        row.save(update_fields=["state", "beat_at", "n_tries", "n_done", "n_parts", "part"])
    return DataExport.objects.select_related("user").get(pk=export_id)


def _held(export: DataExport):  # type: ignore[no-untyped-def]
    """The row while it is this worker's."""
    return DataExport.objects.filter(pk=export.pk, state=State.RUNNING, n_tries=export.n_tries)


def _write(export: DataExport, place: Path, *, clock: Clock) -> None:
    member, parts = export.user, parts_for(export.user)
    last_beat = 0.0

    def beat() -> None:
        nonlocal last_beat
        if time.monotonic() - last_beat < BEAT_S:
            return
        last_beat = time.monotonic()
        if not _held(export).update(beat_at=clock()):
            raise Lost

    with Archive(place, member=member, now=export.asked_at, beat=beat) as archive:
        for n_done, part in enumerate(parts):
            told = {"part": str(part.title)[:80], "n_done": n_done, "n_parts": len(parts), "beat_at": clock()}
            if not _held(export).update(**told):
                raise Lost
            archive.add(part)
        archive.close_with_readme(
            [
                f"Sidetrack: what is known of {member.handle}, as it was on {export.asked_at:%d %B %Y, %H:%M} UTC.",
                "",
                "Each table is here twice: as JSON for programs and as CSV for spreadsheets. Moments are in UTC.",
                "Passwords, and the tokens of other services and programs, are in no file.",
            ]
        )


def _finish(export: DataExport, unfinished: Path, *, now: datetime) -> DataExport:
    place = folder() / f"{secrets.token_hex(16)}.zip"
    try:
        _keep(export, unfinished, place, now=now)
    except BaseException:
        place.unlink(missing_ok=True)  # the row does not know it
        raise
    _look_again(export, place)
    return export


@transaction.atomic
def _keep(export: DataExport, unfinished: Path, place: Path, *, now: datetime) -> None:
    done = {"state": State.READY, "n_done": F("n_parts"), "part": "", "finished_at": now, "expires_at": now + KEPT}
    if not _held(export).update(**done, size=unfinished.stat().st_size, file_name=place.name, error=""):
        raise Lost
    unfinished.rename(place)
    export.refresh_from_db()
    notify(
        user=export.user,
        kind="export_ready",
        subject=str(export.pk),
        text=_("Your data is ready to be fetched. The file is kept for seven days."),
        address=SETTINGS_PAGE,
        now=now,
    )


@transaction.atomic
def _look_again(export: DataExport, place: Path) -> None:
    """Whoever forgot the member in the moment in which the zip was finished may not have known of it: it goes now."""
    if not DataExport.objects.select_for_update().filter(pk=export.pk, file_name=place.name).exists():
        place.unlink(missing_ok=True)
        raise Lost


def file_of(export: DataExport, *, now: datetime) -> Path | None:
    """Where the zip lies, while it may be fetched."""
    if export.state != State.READY or export.expires_at is None or export.expires_at <= now or not export.file_name:
        return None
    place = folder() / Path(export.file_name).name
    return place if place.is_file() else None


def sweep(*, now: datetime) -> int:
    """Queue what waits since long, or lost its worker; how many."""
    lost = Q(state=State.RUNNING, beat_at__lt=now - LOST_AFTER) | Q(state=State.WAITING, asked_at__lt=now - LOST_AFTER)
    waiting = list(DataExport.objects.filter(lost).values_list("pk", flat=True))
    for export_id in waiting:
        _queue(export_id)
    return len(waiting)


@transaction.atomic
def forget_export(export: DataExport) -> None:
    """Delete the zip; the row goes with it. A zip that was finished since the row was read goes too."""
    row = DataExport.objects.select_for_update().filter(pk=export.pk).first()
    if row is None:
        return
    if row.file_name:
        (folder() / Path(row.file_name).name).unlink(missing_ok=True)
    row.delete()


def forget_expired(*, now: datetime) -> int:
    """Delete zips whose week is over, failures of that age, and files that no row knows; how many."""
    old = Q(expires_at__lte=now) | Q(state=State.FAILED, asked_at__lte=now - KEPT)
    expired = list(DataExport.objects.filter(old))
    for export in expired:
        forget_export(export)
    known = set(DataExport.objects.exclude(file_name="").values_list("file_name", flat=True))
    n_strays = 0
    for path in folder().iterdir():
        if path.name not in known and path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)
            n_strays += 1
    return len(expired) + n_strays
