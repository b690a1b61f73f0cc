"""PANNs' Cnn14 (Kong et al. 2020) as an adapter; the package panns_inference downloads when imported, so it is not."""

from taste.embeddings.panns.adapter import Panns

__all__ = ["Panns"]
