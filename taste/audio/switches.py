"""How this site analyses music just now: the environment, and over it what an operator chose in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Switches:
    """What everybody who analyses goes by.

    root: None where no folder of music is named. device: auto, cpu or cuda. excerpt_seconds: 0 for whole tracks.
    jobs_at_once: in the queue, of this site. Which models hear, `taste.embeddings.adapters.wished` says.
    """

    root: Path | None
    device: str
    excerpt_seconds: int
    jobs_at_once: int
    is_paused: bool


def settings_now() -> Switches:
    """The switches as they stand; one query, so that a worker that runs for days sees a change."""
    from taste.models import AnalysisSettings

    chosen = AnalysisSettings.objects.filter(pk=1).first() or AnalysisSettings()
    return Switches(
        root=Path(settings.AUDIO_ROOT).expanduser() if settings.AUDIO_ROOT else None,
        device=chosen.device or settings.TORCH_DEVICE,
        excerpt_seconds=settings.EXCERPT_SECONDS if chosen.excerpt_seconds is None else chosen.excerpt_seconds,
        jobs_at_once=chosen.jobs_at_once or max(1, settings.Q_CLUSTER["workers"] - 1),
        is_paused=chosen.is_paused,
    )
