"""From files to what is known of tracks: measured, heard by models, judged on the axes, a batch stored at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from taste.audio.due import Claim, Plan, release, renew, token
from taste.audio.extraction import Measured, PatchWish, Unreadable, extract
from taste.audio.scanning import locate
from taste.axes import judging
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.embeddings.hearing import Embedded, Sounding
from taste.embeddings.keeping import store
from taste.models import AudioFile, TrackEmbedding, TrackScore

logger = logging.getLogger(__name__)
AUDIO = TrackScore.Source.AUDIO
LONGEST_PROBLEM = AudioFile._meta.get_field("problem").max_length or 500
RENEW_AFTER_S = 120.0
Clock = Callable[[], datetime]


@dataclass
class Analysed:
    """What came of a batch. problems: path and why, in words; n_left: given back, for the time was over."""

    n_done: int = 0
    n_left: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def n_heard(self) -> int:
        return self.n_done + len(self.problems)

    def __str__(self) -> str:
        told = f"{self.n_done} file{'s' * (self.n_done != 1)} analysed"
        if self.problems:
            told += f", {len(self.problems)} could not be"
        return told + (f", {self.n_left} left for later" if self.n_left else "")


@dataclass
class _Heard:
    """One file on its way through a batch."""

    file: AudioFile
    measured: Measured | None = None
    is_new: bool = False
    patches: Mapping[PatchWish, NDArray[np.float32]] = field(default_factory=dict)
    embedded: dict[str, Embedded] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    problem: str = ""
    is_gone: bool = False


def analyse(claim: Claim, plan: Plan, *, clock: Clock = timezone.now, longest_s: float | None = None) -> Analysed:
    """Hear the files of a started claim and store all that is known then; in one transaction, so all or nothing.

    longest_s: begin no further file then. What is not heard, and what an error or an interrupt cuts off, is given back;
    an error counts as a start that did not end, so that it is not repeated for ever. A file that somebody else has by
    now is theirs: nothing is written about it.
    """
    root = plan.switches.root
    done = Analysed()
    began = renewed_at = clock()
    try:
        files = AudioFile.objects.filter(pk__in=claim.ids, lease_until=claim.until).order_by("pk")
        heard: list[_Heard] = []
        for file in files:
            now = clock()
            if heard and longest_s is not None and (now - began).total_seconds() > longest_s:
                break
            if (now - renewed_at).total_seconds() > RENEW_AFTER_S:
                renewed = renew(claim, now=now)
                if renewed is None:
                    return done
                claim, renewed_at = renewed, now
            heard.append(_hear(file, root, plan))
        _embed(heard, plan)
        _store(heard, claim, plan, done, now=clock())
        left = sorted(set(claim.ids) - {each.file.pk for each in heard})
        release(claim, left)
        done.n_left = len(left)
    except BaseException as error:
        release(claim, claim.ids, was_started=not isinstance(error, Exception))
        raise
    return done


def _hear(file: AudioFile, root: Path | None, plan: Plan) -> _Heard:
    """Measure one file, with the patches that models want of it; only what is not known yet."""
    heard = _Heard(file, tokens=set(filter(None, file.heard_by.split("|"))))
    try:
        if file.measured_version == plan.version:
            heard.measured = Measured.from_json(file.measured)
    except (KeyError, TypeError):
        heard.measured = None
    if heard.measured is None:
        heard.tokens.clear()
        heard.is_new = True
    missing = [adapter for adapter in plan.adapters if token(adapter) not in heard.tokens]
    wishes = list(dict.fromkeys(each.patches for each in missing if each.patches is not None))
    if not wishes and not heard.is_new:
        return heard
    place = locate(root, file.path) if root else None
    if place is None:
        heard.is_gone = True
        return heard
    try:
        extracted = extract(place, excerpt_seconds=plan.switches.excerpt_seconds, patches=wishes)
        heard.measured, heard.patches = extracted.measured, extracted.patches
    except Unreadable as unreadable:
        heard.problem = str(unreadable)[:LONGEST_PROBLEM]
    except Exception as error:  # one strange file must not stop the others
        logger.exception("Audio file %s could not be measured.", file.pk)
        heard.problem = f"It could not be measured: {type(error).__name__}: {error}"[:LONGEST_PROBLEM]
    return heard


def _embed(heard: Sequence[_Heard], plan: Plan) -> None:
    """Each model hears all files of the batch at once. One that breaks is passed over: its files stay due."""
    for adapter in plan.adapters:
        name = token(adapter)
        wanting = [each for each in heard if each.measured and not each.problem and name not in each.tokens]
        items = [
            Sounding(each.measured, each.patches[adapter.patches] if adapter.patches else np.zeros((0, 0), np.float32))
            for each in wanting
            if each.measured
        ]
        if not items:
            continue
        try:
            answers = adapter.embed(items)
        except Exception:
            logger.exception("The model %s failed at a batch of %s files.", name, len(items))
            continue
        if adapter.why_off():
            continue
        for each, answer in zip(wanting, answers, strict=True):
            each.embedded[adapter.name] = answer
            each.tokens.add(name)


@transaction.atomic
def _store(heard: Sequence[_Heard], claim: Claim, plan: Plan, done: Analysed, *, now: datetime) -> None:
    """Everything about the batch; nothing about files that are no longer ours."""
    ours = {
        file.pk: file
        for file in AudioFile.objects.select_for_update().filter(
            pk__in=[each.file.pk for each in heard], lease_until=claim.until
        )
    }
    kept = [each for each in heard if each.file.pk in ours]
    known: dict[int, _Heard] = {}
    for each in kept:
        each.file.track_id = ours[each.file.pk].track_id  # it may have been merged or matched by hand meanwhile
        if each.measured and not each.problem and each.file.track_id:
            known[each.file.track_id] = each
    for adapter in plan.adapters:
        embedded = {
            track_id: each.embedded[adapter.name] for track_id, each in known.items() if adapter.name in each.embedded
        }
        store(model=adapter.name, version=adapter.version, embedded=embedded, now=now)
    judge_tracks({track_id: each.measured for track_id, each in known.items() if each.measured}, now=now)
    names = plan.tokens
    for each in kept:
        if each.measured and not each.problem and each.file.track_id:
            each.tokens.add(judging.VERSION)
        _write(each, plan, names, now)
        if each.problem:
            done.problems.append((each.file.path, each.problem))
        elif not each.is_gone:
            done.n_done += 1


def _write(heard: _Heard, plan: Plan, names: Sequence[str], now: datetime) -> None:
    values: dict[str, Any] = {"lease_until": None}
    if heard.is_gone:
        values |= {"gone_at": now, "n_starts": 0}
    elif heard.problem:
        values |= {"problem": heard.problem, "measured": {}, "measured_version": plan.version, "measured_at": now,
                   "heard_by": "", "n_starts": 0}  # fmt: skip
    elif heard.measured:
        tokens = [name for name in names if name in heard.tokens]
        values["heard_by"] = f"|{'|'.join(tokens)}|" if tokens else ""
        if len(tokens) == len(names):
            values["n_starts"] = 0
        if heard.is_new:
            values |= {"measured": heard.measured.as_json(), "measured_version": plan.version, "measured_at": now,
                       "seconds": heard.measured.seconds, "problem": ""}  # fmt: skip
    AudioFile.objects.filter(pk=heard.file.pk).update(**values)


def judge_tracks(measured: dict[int, Measured], *, now: datetime) -> int:
    """Put tracks on the axes from what was measured and what is stored of what models hear; how many values changed."""
    heads: dict[int, dict[str, float]] = {track_id: {} for track_id in measured}
    for track_id, tags in TrackEmbedding.objects.filter(track_id__in=heads).values_list("track_id", "tags"):
        heads[track_id] |= tags
    judged = {track_id: judging.judge(each, heads[track_id]) for track_id, each in measured.items()}
    n_changed = keep(source=AUDIO, version=judging.VERSION, judged=judged, now=now)
    choose(judged, now)
    return n_changed
