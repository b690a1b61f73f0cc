"""Files for tests of imports, written in the shape that each service exports, and members who bring them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from listening.formats.packages import open_package
from listening.formats.recognising import Recognised, recognise
from listening.formats.rows import UTC_ZONE, Around, LeftOut, Told
from listening.importing import deciding, leases, receiving
from listening.importing.tasks import work
from listening.models import ImportBatch, Listener, ListenEvent
from listening.plays import Play
from listening.proving import differences
from social.models import User

State = ImportBatch.State
MORNING = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)


def stream(number: int = 0, **fields: Any) -> dict[str, Any]:
    """One entry of Spotify's extended history: heard to its end, four minutes after the one before."""
    ended_at = MORNING + timedelta(minutes=4 * (number + 1))
    return {
        "ts": ended_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "linux",
        "ms_played": 240_000,
        "conn_country": "DE",
        "ip_addr": "",
        "master_metadata_track_name": f"Song {number}",
        "master_metadata_album_artist_name": f"Artist {number % 7}",
        "master_metadata_album_album_name": f"Album {number % 7}",
        "spotify_track_uri": f"spotify:track:{number:022d}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": 0,
        "incognito_mode": False,
    } | fields


def listen(number: int = 0, **about: Any) -> dict[str, Any]:
    """One line of ListenBrainz's export."""
    started_at = MORNING + timedelta(minutes=4 * number)
    names = {
        "artist_name": f"Artist {number % 7}",
        "track_name": f"Song {number}",
        "release_name": f"Album {number % 7}",
    }
    return {"listened_at": int(started_at.timestamp()), "track_metadata": names | about}


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def as_lines(values: Sequence[Any]) -> bytes:
    return b"".join(as_json(value) + b"\n" for value in values)


def as_zip(members: Mapping[str, bytes], **options: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def told(content: bytes, place: Path, *, name: str = "history", zone: Any = UTC_ZONE) -> tuple[Recognised, list[Told]]:
    """What the file is, and what is read in it."""
    path = place / "brought"
    path.write_bytes(content)
    found: list[Told] = []
    with open_package(path, name) as package:
        recognised = recognise(package)
        for part in recognised.parts:
            with package.text(part) as (text, _):
                found += [each for _, each in recognised.format.rows(text, Around(zone, part.name))]
    return recognised, found


def plays(content: bytes, place: Path) -> list[Play]:
    return [each for each in told(content, place)[1] if isinstance(each, Play)]


def reasons(content: bytes, place: Path) -> list[str]:
    return [each.reason for each in told(content, place)[1] if isinstance(each, LeftOut)]


def bring(member: User, content: bytes, *, name: str = "history.json") -> ImportBatch:
    """The member uploads it; nobody looks at it yet."""
    return receiving.receive(member=member, pieces=[content], name=name, now=timezone.now())[0]


def worked_at(batch: ImportBatch, *, seconds: float | None = None, tell: leases.Tell = leases.silent) -> ImportBatch:
    """What a worker does with it, in one go."""
    leased = leases.take(batch.pk, [State.UPLOADED, State.QUEUED, State.RUNNING, State.UNDOING], now=timezone.now())
    assert leased is not None, f"Nothing to do for an import that is {batch.state}."
    work(leased, seconds=seconds, tell=tell)
    return fresh(batch)


def fresh(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_related("user").get(pk=batch.pk)


def looked_at(member: User, content: bytes, *, name: str = "history.json") -> ImportBatch:
    return worked_at(bring(member, content, name=name))


def imported(member: User, content: bytes, *, name: str = "history.json") -> ImportBatch:
    """Uploaded, looked at, confirmed, read."""
    batch = looked_at(member, content, name=name)
    assert batch.state == State.PREVIEWED, batch.error
    deciding.confirm(batch=batch, now=timezone.now())
    return worked_at(batch)


def undone(batch: ImportBatch) -> ImportBatch:
    deciding.undo(batch=fresh(batch), now=timezone.now())
    return worked_at(batch)


def adds_up(batch: ImportBatch) -> bool:
    return batch.n_lines == batch.n_new + batch.n_known + batch.n_duplicates + sum(batch.skipped.values())


def everything_about(member: User) -> dict[str, list[Any]]:
    """All rows of the tracker that say what a member heard: to be compared before and after."""
    kept: dict[str, list[Any]] = {
        "listens": list(
            ListenEvent.objects.filter(user=member)
            .order_by("played_at", "source", "msid")
            .values_list("played_at", "source", "msid", "track", "album", "ms_played", "duplicate_of")
        ),
        "listener": list(
            Listener.objects.filter(user=member, n_listens__gt=0).values(
                "n_listens", "n_duplicates", "ms_played", "first_at", "last_at"
            )
        ),
    }
    with connection.cursor() as cursor:
        for table in ("artist", "album", "track", "day", "hour"):
            cursor.execute(f"SELECT * FROM listening_{table}total WHERE user_id = %s", [member.pk])  # noqa: S608
            columns = [column[0] for column in cursor.description]
            kept[table] = sorted([tuple(map(str, row[1:])) for row in cursor.fetchall()]) if columns else []
    assert differences(user=member) == []
    return kept
