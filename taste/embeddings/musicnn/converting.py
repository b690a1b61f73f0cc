"""From a checkpoint's variables to the arrays that the network here is made of: fewer, named, ready to multiply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = dict[str, NDArray[np.float32]]

EPSILON = 1e-3  # what TensorFlow's batch normalisation adds to the variance
N_MELS, N_TAGS, N_PENULTIMATE = 96, 50, 200
# Convolutions in the order in which TensorFlow numbered them, with the shapes of their kernels here. Timbral ones:
# (filters, 1, bands, frames), they span 40 and 70 % of the bands; temporal ones: (filters, 1, frames, 1), they span
# 2.0, 1.0 and 0.5 s of one band; middle ones: (filters, features, frames).
CONVOLUTIONS: dict[str, tuple[int, ...]] = {
    "timbral_38": (204, 1, 38, 7),
    "timbral_67": (204, 1, 67, 7),
    "temporal_128": (51, 1, 128, 1),
    "temporal_64": (51, 1, 64, 1),
    "temporal_32": (51, 1, 32, 1),
    "middle_1": (64, 561, 7),
    "middle_2": (64, 64, 7),
    "middle_3": (64, 64, 7),
}
# From TensorFlow's (frames, bands or features, 1, filters)
TURNS = {"timbral": (3, 2, 1, 0), "temporal": (3, 2, 0, 1), "middle": (3, 1, 0, 2)}
SHAPES: dict[str, tuple[int, ...]] = {
    "input.scale": (1,),
    "input.shift": (1,),
    **{
        f"{name}.{part}": shape if part == "kernel" else shape[:1]
        for name, shape in CONVOLUTIONS.items()
        for part in ("kernel", "bias", "scale", "shift")
    },
    "pooled.scale": (1506,),
    "pooled.shift": (1506,),
    "dense.kernel": (1506, N_PENULTIMATE),
    "dense.bias": (N_PENULTIMATE,),
    "dense.scale": (N_PENULTIMATE,),
    "dense.shift": (N_PENULTIMATE,),
    "answer.kernel": (N_PENULTIMATE, N_TAGS),
    "answer.bias": (N_TAGS,),
}


def converted(variables: Mapping[str, NDArray[np.float32]]) -> Arrays:
    """The arrays of `SHAPES` from a musicnn checkpoint; what only training needs is left out.

    Batch normalisation becomes one factor and one addend. KeyError or ValueError where a variable is absent or odd.
    """
    arrays: Arrays = {}
    for place, layer in enumerate(["input", *CONVOLUTIONS, "pooled", "dense"]):
        arrays |= normalisation(variables, f"batch_normalization{number(place)}", layer)
    for place, layer in enumerate(CONVOLUTIONS):
        kernel = variables[f"conv2d{number(place)}/kernel"].transpose(TURNS[layer.partition("_")[0]])
        arrays[f"{layer}.kernel"] = np.ascontiguousarray(kernel).reshape(CONVOLUTIONS[layer])
        arrays[f"{layer}.bias"] = variables[f"conv2d{number(place)}/bias"]
    for place, layer in enumerate(["dense", "answer"]):
        arrays[f"{layer}.kernel"] = variables[f"dense{number(place)}/kernel"]
        arrays[f"{layer}.bias"] = variables[f"dense{number(place)}/bias"]
    check(arrays)
    return arrays


def normalisation(variables: Mapping[str, NDArray[np.float32]], name: str, layer: str) -> Arrays:
    gamma, beta, mean, variance = (
        variables[f"{name}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    return {f"{layer}.scale": scale.astype(np.float32), f"{layer}.shift": (beta - mean * scale).astype(np.float32)}


def number(place: int) -> str:
    """TensorFlow's ending of the n-th layer of a kind: none for the first, then _1, _2."""
    return f"_{place}" if place else ""


def check(arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """ValueError, in words, unless `arrays` are all that the network needs, in their shapes, and finite."""
    for name, shape in SHAPES.items():
        if name not in arrays:
            raise ValueError(f"{name} is absent")
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has the shape {arrays[name].shape} instead of {shape}")
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"{name} holds something that is no number")
