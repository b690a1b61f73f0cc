"""Files in, streamed to a private place, and out of it again.

They lie under MEDIA_ROOT, which web and worker share, by names that `sidetrack.media` never serves.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django_q.tasks import async_task

from listening.importing.leases import free
from listening.models import ImportBatch
from social.errors import Refused
from social.models import User
from social.standing import require_active

State = ImportBatch.State
FOLDER = "imports"
ENDING = ".import"  # of no kind that `sidetrack.media` sends
MAX_OPEN = 5  # imports of one member that wait for something
OPEN = (State.UPLOADED, State.PREVIEWED, State.QUEUED, State.RUNNING, State.STOPPED)
KEPT_FOR = timedelta(days=30)
STRAY_AFTER = timedelta(days=1)
PIECE = 1 << 20


class TooLarge(Refused):
    def __init__(self) -> None:
        megabytes = settings.IMPORT_MAX_MB
        super().__init__(
            f"The file is larger than {megabytes} MB. Bring it in parts, or ask whoever runs this site to read it with "
            "“manage.py ingest”.",
            code="too_many",
        )


def require_room(*, member: User, now: datetime) -> None:
    """Refuse whoever may not bring a file, or has too many waiting."""
    require_active(member, now)
    if ImportBatch.objects.filter(user=member, state__in=OPEN).count() >= MAX_OPEN:
        raise Refused(
            f"{MAX_OPEN} of your imports are not finished. Import or forget one of them first.", code="too_many"
        )


def receive(*, member: User, pieces: Iterable[bytes], name: str, now: datetime) -> tuple[ImportBatch, bool]:
    """Store a file and have it looked at: the import, and whether it is a new one.

    The same file while it waits is the import that waits. Nothing is kept of a file that is refused.
    """
    require_room(member=member, now=now)
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = folder / f"{secrets.token_hex(16)}{ENDING}"
    try:
        digest, n_bytes = _store(stored, pieces)
        waiting = same_file(member, digest).filter(state__in=OPEN).first()
        if waiting is None:
            return _begin(member, stored, name=name, digest=digest, n_bytes=n_bytes, now=now), True
    except BaseException:
        stored.unlink(missing_ok=True)
        raise
    stored.unlink()
    return waiting, False


def _store(place: Path, pieces: Iterable[bytes]) -> tuple[str, int]:
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with open(place, "xb", opener=_private) as file:
            for piece in pieces:
                n_bytes += len(piece)
                if n_bytes > settings.IMPORT_MAX_MB * 1_000_000:
                    raise TooLarge
                digest.update(piece)
                file.write(piece)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused("There is no room for the file on this machine.", code="too_many") from None
        raise
    if not n_bytes:
        raise Refused("The file is empty.", code="empty")
    return digest.hexdigest(), n_bytes


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


@transaction.atomic
def _begin(member: User, stored: Path, *, name: str, digest: str, n_bytes: int, now: datetime) -> ImportBatch:
    batch = ImportBatch.objects.create(
        user=member,
        file_name=tidy_name(name),
        file=f"{FOLDER}/{stored.name}",
        file_hash=digest,
        n_bytes=n_bytes,
        created_at=now,
    )
    queue(batch)
    return batch


def queue(batch: ImportBatch) -> None:
    """Have a worker go on with the import, once what is being written is written."""
    transaction.on_commit(lambda: async_task("listening.importing.tasks.go_on", batch.pk))


def same_file(member: User, digest: str) -> QuerySet[ImportBatch]:
    """Imports of the very same file, the newest first, without those taken back or failed."""
    return ImportBatch.objects.filter(user=member, file_hash=digest).exclude(state__in=[State.UNDONE, State.FAILED])


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tidy_name(name: str) -> str:
    """What a member calls the file, fit to be shown."""
    name = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip()
    return name[-255:] or "file"


def stored_at(batch: ImportBatch) -> Path:
    """Where the file lies; a path at which nothing is for an import without one."""
    return Path(settings.MEDIA_ROOT) / (batch.file.name or f"{FOLDER}/none")


def forget_file(batch: ImportBatch) -> None:
    """Delete the stored file once what is being written is written; the import itself stays."""
    if not batch.file:
        return
    path = stored_at(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(file="")
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def forget_old_files(*, now: datetime) -> int:
    """Delete stored files of imports that are over or were left lying, and those that belong to none."""
    over = ImportBatch.objects.filter(state__in=[State.DONE, State.UNDONE]).exclude(file="")
    left = ImportBatch.objects.filter(free(now), created_at__lte=now - KEPT_FOR).exclude(file="")
    forgotten = [*over, *left.exclude(state__in=[State.QUEUED, State.RUNNING])]
    for batch in forgotten:
        forget_file(batch)
    ImportBatch.objects.filter(state__in=[State.UPLOADED, State.PREVIEWED], file="", n_new=0).filter(
        created_at__lte=now - KEPT_FOR
    ).delete()
    return len({batch.pk for batch in forgotten}) + _forget_strays(now)


def _forget_strays(now: datetime) -> int:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    known = set(ImportBatch.objects.exclude(file="").values_list("file", flat=True))
    n_strays = 0
    for path in folder.glob(f"*{ENDING}"):
        is_old = path.stat().st_mtime < (now - STRAY_AFTER).timestamp()
        if is_old and f"{FOLDER}/{path.name}" not in known:
            path.unlink(missing_ok=True)
            n_strays += 1
    return n_strays
