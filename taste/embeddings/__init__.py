"""Models that hear music, each under a name and a version behind one protocol (`hearing.Adapter`).

`adapters.wished()` are the ones asked for; `states()` tells an operator which are off and why; `keeping` holds vectors.
"""

from taste.embeddings.adapters import main_model, states, wished
from taste.embeddings.hearing import Adapter, Embedded, Sounding
from taste.embeddings.keeping import neighbours, store, vectors

__all__ = ["Adapter", "Embedded", "Sounding", "main_model", "neighbours", "states", "store", "vectors", "wished"]
