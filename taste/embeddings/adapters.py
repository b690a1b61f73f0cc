"""Which models are asked for, by EMBEDDING_MODEL, USE_CLAP, USE_DEMUCS and the operator's settings over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from taste.audio.extraction import PatchWish
from taste.embeddings.clap import Clap
from taste.embeddings.dsp import Dsp
from taste.embeddings.hearing import Adapter, Embedded, Sounding
from taste.embeddings.musicnn.adapter import Musicnn
from taste.embeddings.openl3 import OpenL3
from taste.embeddings.panns import Panns
from taste.embeddings.stems import Stems
from taste.models import AnalysisSettings, TrackEmbedding

MADE: dict[str, Callable[[Path, str], Adapter]] = {
    "musicnn": lambda models, device: Musicnn(models / "musicnn", device=device),
    "clap": lambda models, device: Clap(models / "clap", device=device),
    "panns": lambda models, device: Panns(models / "panns", device=device),
    "openl3": lambda models, device: OpenL3(models / "openl3", device=device),
    "stems": lambda models, device: Stems(models / "demucs", device=device),
    "dsp-v1": lambda models, device: Dsp(),
}
FALLBACK = "dsp-v1"  # needs nothing, so it is always asked for, last
NOT_A_PLACE = {"stems"}  # four shares are no space to lie in
KNOWS_FROM = 0.5  # of the tracks of the model that knows most


@dataclass(frozen=True)
class Unknown:
    """A name in EMBEDDING_MODEL that no model has: off, so that a slip of the pen stops nothing."""

    name: str
    version: str = ""
    dimensions: int = 0
    patches: PatchWish | None = None

    def why_off(self) -> str:
        return f"No model is called {self.name}; EMBEDDING_MODEL knows {', '.join(sorted(MADE))}."

    def embed(self, items: Sequence[Sounding]) -> list[Embedded]:
        return [Embedded.nothing() for _ in items]


def wished() -> list[Adapter]:
    """The models that were asked for, the first one for map and taste; those that are off too (`why_off` says why).

    One query. An adapter costs nothing until it hears: its model is loaded then, and stays for the process.
    """
    over = AnalysisSettings.objects.filter(pk=1).first() or AnalysisSettings()
    names = [name.strip() for name in over.embedding_models.split(",") if name.strip()] or settings.EMBEDDING_MODEL
    uses_stems = settings.USE_DEMUCS if over.uses_stems is None else over.uses_stems
    device = over.device or settings.TORCH_DEVICE
    asked = [*names, *["clap"] * settings.USE_CLAP, *["stems"] * uses_stems, FALLBACK]
    return [adapter_of(name, device) for name in dict.fromkeys(name.lower() for name in asked)]


def adapter_of(name: str, device: str) -> Adapter:
    make = MADE.get(name)
    return make(Path(settings.MODELS_DIR), device) if make else Unknown(name)


def states() -> list[tuple[str, str, str]]:
    """(name, version, why it is off or empty) of each model that is asked for."""
    return [(adapter.name, adapter.version, adapter.why_off()) for adapter in wished()]


def main_model() -> str:
    """The model of map and taste: the first asked for that knows the tracks, else the first that is ready, else dsp-v1.

    It knows them when it has vectors of at least half as many as the model with the most: while a new one is still
    hearing its first tracks, the map stays with the one before. Two queries.
    """
    places = [adapter for adapter in wished() if adapter.name not in NOT_A_PLACE]
    rows = TrackEmbedding.objects.filter(model__in=[adapter.name for adapter in places])
    n_tracks = dict(rows.values_list("model").annotate(Count("pk")).order_by())
    enough = max(n_tracks.values(), default=0) * KNOWS_FROM
    for adapter in places:
        if n_tracks.get(adapter.name, 0) >= max(1, enough):
            return adapter.name
    return next((adapter.name for adapter in places if not adapter.why_off()), FALLBACK)
