"""What keeps music from being analysed here, and what `/ready` and `manage.py doctor` say of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from sidetrack.diagnosis import Finding
from taste.audio.switches import Switches, settings_now
from taste.embeddings.adapters import states
from taste.models import AudioFile

NEEDED = ("mutagen", "soundfile", "soxr", "av")  # of the extra `audio`, by whatever reads a file
EXTRA = "pip install '.[audio]'"


def why_not(switches: Switches) -> str:
    """Why no file can be analysed on this machine, with what to do; empty when it can."""
    if switches.root is None:
        return "AUDIO_ROOT is not set: name the folder of music in it."
    if not switches.root.is_dir():
        return f"AUDIO_ROOT names no folder: {switches.root}."
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        return f"{', '.join(missing)} cannot be imported: {EXTRA}."
    return ""


def problems() -> list[str]:
    """Only where analysing is asked for: a site without AUDIO_ROOT lacks nothing."""
    switches = settings_now()
    return [reason] if switches.root is not None and (reason := why_not(switches)) else []


def lines() -> Iterator[Finding]:
    switches = settings_now()
    reason = why_not(switches)
    if reason:
        yield Finding("Analysis of music files", False, reason)
        return
    files = AudioFile.objects.filter(gone_at__isnull=True)
    n_all, n_measured = files.count(), files.filter(problem="").exclude(measured_version="").count()
    how = f"whole files, {switches.device}"
    if switches.excerpt_seconds:
        how = f"{switches.excerpt_seconds} s of each, {switches.device}"
    rests = ", paused in the admin" if switches.is_paused else ""
    yield Finding("Analysis of music files", True, f"{n_measured:,} of {n_all:,} files analysed; {how}{rests}")
    for name, version, why_off in states():
        yield Finding(f"Model {name}", not why_off, why_off or f"version {version}")


@register()
def check_audio_root(**_: Any) -> list[CheckMessage]:
    """Music that lies where the web server sends files from would be sent."""
    if not settings.AUDIO_ROOT:
        return []
    root = Path(settings.AUDIO_ROOT).expanduser().resolve()
    served = {"MEDIA_ROOT": settings.MEDIA_ROOT, "STATIC_ROOT": settings.STATIC_ROOT}
    return [
        Error(
            f"AUDIO_ROOT lies in {name}, whose files are sent to visitors.",
            hint="Move the music out of it, or name another folder.",
            id="taste.E001",
        )
        for name, folder in served.items()
        if root.is_relative_to(Path(folder).resolve())
    ]
