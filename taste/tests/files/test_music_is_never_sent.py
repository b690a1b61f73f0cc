"""No address, export or Discord post sends a file of music, or says where one lies."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from math import lcm
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.regex_helper import normalize

from catalog.models import AlbumTrack
from catalog.tests.factories import AlbumFactory, TrackFactory
from social.models import User
from taste.audio.scanning import scan
from taste.models import AudioFile, Playlist, PlaylistTrack
from taste.playlists.exporting import FORMATS
from taste.tests.files.music import write

pytestmark = pytest.mark.slow
PLACE = "a secret place"
# Who may know where music lies; whoever else reads AudioFile must not ask for its path.
KNOWS_PLACES = ("taste/audio/", "taste/admin/", "taste/management/commands/analyze.py", "taste/models/")
MAY_READ_FACTS = (*KNOWS_PLACES, "taste/", "sidetrack/settings.py", "sidetrack/demo/")
ABOUT_FILES = {"AudioFile", "AUDIO_ROOT", "audio_files"}
PLAYLISTS = {each.content_type for each in FORMATS.values()}  # M3U calls itself audio: it is a list of names


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every address of the site: its form, and the names of what is filled in."""
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        for form, names in normalize(each.pattern.regex.pattern):
            if isinstance(each, URLResolver):
                for rest, more in addresses(each.url_patterns):
                    yield before + form + rest, [*names, *more]
            elif isinstance(each, URLPattern):
                yield before + form, list(names)


@pytest.fixture
def canary(music: Path, settings: Any, rin: User) -> dict[str, Any]:
    """A file of music that belongs to a track, the same bytes among the pictures, and values to fill addresses with."""
    now = timezone.now()
    album = AlbumFactory(title="Homogenic", artist__name="Björk")
    track = TrackFactory(title="Jóga", artist=album.artist, album=album)
    AlbumTrack.objects.create(album=album, track=track, position=1)
    place = write(music / PLACE / "joga.ogg", artist="Björk", title="Jóga")
    scan(music)
    file = AudioFile.objects.get(track=track)
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in (".ogg", ".mp3", ".flac", ".opus", ".m4a", ".wav"):
        shutil.copy(place, folder / f"joga{kind}")
    playlist = Playlist.objects.create(
        user=rin, kind="mine", key="a", title="A", visibility="public", created_at=now, updated_at=now
    )
    PlaylistTrack.objects.create(playlist=playlist, track=track, position=1)
    ids = sorted({track.pk, album.pk, file.pk, playlist.pk})
    values: dict[str, list[Any]] = {
        "path": [f"joga{kind}" for kind in (".ogg", ".mp3", ".wav")] + [f"../music/{PLACE}/joga.ogg"],
        "handle": ["rin"],
        "slug": [album.slug, album.artist.slug],
        "ending": list(FORMATS),
        "object_id": ids,
        "app_label": ["taste"],
        "text": ["2025-48"],
    }
    return {"bytes": place.read_bytes()[-64:], "values": values, "ids": ids}


def seen(client: Client, canary: dict[str, Any]) -> Iterator[tuple[str, Any, bytes]]:
    """What each address answers to GET, however it is filled in."""
    client.raise_request_exception = False
    for form, names in addresses():
        if "logout" in form or (form.startswith("admin/") and not form.startswith("admin/taste/")):
            continue
        choices = [canary["values"].get(name, canary["ids"]) for name in names]
        for turn in range(lcm(*map(len, choices))):  # each value of one beside each of the others, nearly
            chosen = [values[turn % len(values)] for values in choices]
            address = "/" + form % dict(zip(names, chosen, strict=True))
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
            yield address, answer, body


@pytest.mark.django_db
def test_no_address_sends_music_even_to_an_operator(canary: dict[str, Any]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("operator", "correct horse battery"))
    n_good = 0
    for address, answer, body in seen(client, canary):
        kind = answer.headers.get("Content-Type", "")
        assert not kind.startswith(("audio/", "video/", "application/octet-stream")) or kind in PLAYLISTS, address
        assert canary["bytes"] not in body, address
        n_good += answer.status_code == 200
    assert n_good > 40  # the walk reaches pages, not only refusals


@pytest.mark.django_db
def test_no_address_tells_a_member_where_music_lies(canary: dict[str, Any], rin: User) -> None:
    client = Client()
    client.force_login(rin)
    reached = set()
    for address, answer, body in seen(client, canary):
        assert PLACE.encode() not in body, address
        if answer.status_code == 200:
            reached.add(address)
    assert any(address.endswith(".m3u8") for address in reached)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Those of the site that speak of files of music."""
    base = Path(django_settings.BASE_DIR)
    for app in ("sidetrack", "social", "catalog", "club", "listening", "discordbot", "taste"):
        for place in (base / app).rglob("*.py"):
            name = str(place.relative_to(base))
            if "/tests/" in name or "/migrations/" in name:
                continue
            text = place.read_text()
            if any(word in text for word in ABOUT_FILES):  # to parse them all takes seconds
                yield name, ast.parse(text)


def words(tree: ast.Module) -> set[str]:
    """Names and plain texts of a module; not what its docstrings tell."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            found.update(node.value.split("__"))
    return found


def test_no_page_export_or_post_reads_files_of_music() -> None:
    found = dict(modules())
    assert "taste/audio/scanning.py" in found
    for name, tree in found.items():
        said = words(tree)
        if said & ABOUT_FILES:
            assert name.startswith(MAY_READ_FACTS), f"{name} reads files of music"
            if not name.startswith((*KNOWS_PLACES, "sidetrack/settings.py")):
                calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
                assert "AUDIO_ROOT" not in said, f"{name} knows where music lies"
                assert "path" not in calls, f"{name} knows where a file of music lies"


def test_music_among_files_that_are_sent_is_a_mistake_of_the_settings(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIO_ROOT = str(tmp_path / "media" / "music")
    assert [found.id for found in run_checks() if found.id == "taste.E001"] == ["taste.E001"]
    settings.AUDIO_ROOT = str(tmp_path / "music")
    assert not [found for found in run_checks() if found.id == "taste.E001"]
