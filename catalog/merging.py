"""Two rows for one album, artist or track become one, in every app at once, and can be taken apart again.

The dropped row stays, pointing at the kept one, so that old addresses and ids still lead somewhere. Where a unique rule
of the database would put two rows in one place, nothing is changed and the rule is said in words; but albums and tracks
that are known by name alone and have one name once their artists are one become one along with them.

Who points at a row is found by `pointing`. Apps with many rows move theirs themselves, in the same transaction:

    "catalog:before_merging" (rows: list of (kind, id))     lock what belongs to these rows, before the catalogue's are
    "catalog:merging" (merges: list[Merge], now=)           → what is needed to take it back, fit for JSON, or None
    "catalog:unmerging" (merges, remembered, now=)          under the same name: what the filler answered then
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from catalog.models import Album, AlbumTrack, Alias, Artist, Track
from catalog.pointing import movable, point, relations
from sidetrack import slots
from social.errors import Refused
from social.models import ModerationAction, User
from social.moderation import log_action

Mergeable = Album | Artist | Track

MODELS: dict[str, type[Mergeable]] = {"album": Album, "artist": Artist, "track": Track}
IDENTITY: dict[type[Mergeable], tuple[str, ...]] = {
    Album: ("release_group_mbid", "release_mbid", "spotify_id"),
    Artist: ("mbid",),
    Track: ("recording_mbid", "spotify_id"),
}
FACTS: dict[type[Mergeable], tuple[str, ...]] = {
    Album: (
        "first_release_date", "release_year", "primary_type", "country", "label", "cover_300", "cover_600", "cover_hue",
        "resolution", "match_quality", "next_try_at",
    ),
    Artist: ("sort_name", "country"),
    Track: ("artist_credit", "album_id", "duration_ms", "resolution", "match_quality", "next_try_at"),
}  # fmt: skip


class MergeRefused(Refused):
    """Two rows cannot become one yet; `reasons` are sentences for a moderator."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons), code="merge_refused")
        self.reasons = reasons


@dataclass(frozen=True)
class Merge:
    """One row that became part of another: kind is album, artist or track."""

    kind: str
    keep_id: int
    drop_id: int


@dataclass(frozen=True)
class MergeReport:
    """What was moved: how many rows of each kind; the log's line, to undo it by."""

    action: ModerationAction
    moved: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{count} {label}" for label, count in self.moved.items()]
        return f"{self.action.label}: moved {', '.join(parts) if parts else 'nothing, for nothing pointed at it'}."


def merge_albums(*, keep: Album, drop: Album, moderator: User | None, reason: str, now: datetime) -> MergeReport:
    """`drop` becomes `keep`, with all that points at it; MergeRefused where a rule keeps the two apart."""
    return _merge(keep, drop, moderator=moderator, reason=reason, now=now)


def merge_artists(*, keep: Artist, drop: Artist, moderator: User | None, reason: str, now: datetime) -> MergeReport:
    """The same for artists: albums, tracks and names go along."""
    return _merge(keep, drop, moderator=moderator, reason=reason, now=now)


def merge_tracks(*, keep: Track, drop: Track, moderator: User | None, reason: str, now: datetime) -> MergeReport:
    """The same for tracks."""
    return _merge(keep, drop, moderator=moderator, reason=reason, now=now)


@transaction.atomic
def unmerge(*, action: ModerationAction, moderator: User | None, now: datetime) -> ModerationAction:
    """Take a merge back: what it moved, and nobody moved since, goes back to where it was."""
    kind = action.verb.removeprefix("merge_")
    if kind not in MODELS or kind == action.verb:
        raise MergeRefused([f"“{action}” is no merge."])
    if ModerationAction.objects.filter(undoes=action).exists():
        raise MergeRefused([f"“{action}” was taken back already."])
    record = {"kind": kind, "alias": action.after.get("alias"), **action.before}
    records = [record, *reversed(record.get("along", []))]
    merges = [Merge(each["kind"], each["kept"]["id"], each["dropped"]["id"]) for each in records]
    list(slots.call("catalog:before_merging", [(each.kind, each.keep_id) for each in merges]))
    keep = MODELS[kind]._base_manager.filter(pk=action.object_id).first()
    for each in records:
        _take_apart(each, action)
    remembered = action.before.get("remembered", {})
    for filler in slots.fillers("catalog:unmerging"):
        if filler.name in remembered:
            filler.call(merges, remembered[filler.name], now=now)
    list(slots.call("catalog:changed"))
    return log_action(
        moderator=moderator, verb="unmerge", obj=keep or action, reason=f"Undid: {action}"[:1000], before=action.after,
        after=action.before, now=now, undoes=action,
    )  # fmt: skip


def _take_apart(record: dict[str, Any], action: ModerationAction) -> None:
    model = MODELS[record["kind"]]
    keep_id, drop_id = record["kept"]["id"], record["dropped"]["id"]
    rows = model._base_manager.select_for_update().in_bulk(sorted([keep_id, drop_id]))
    keep, drop = rows.get(keep_id), rows.get(drop_id)
    if keep is None or drop is None or drop.merged_into_id != keep.pk:
        raise MergeRefused([f"“{action}” can no longer be taken back: the rows have changed since."])
    for label, ids in record["moved"].items():
        point(label, ids, drop.pk, only_from=keep.pk)
    if alias := record.get("alias"):
        Alias.objects.filter(pk=alias).delete()
    try:
        # The kept row first: ids are unique, and the dropped row takes some of them back.
        _restore(keep, record["kept"])
        _restore(drop, record["dropped"])
    except IntegrityError as error:
        raise MergeRefused([f"“{action}” can no longer be taken back: an id or name is in use elsewhere."]) from error


def _restore(row: Mergeable, values: dict[str, Any]) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{name: value for name, value in values.items() if name != "id"})


@transaction.atomic
def _merge(keep: Mergeable, drop: Mergeable, *, moderator: User | None, reason: str, now: datetime) -> MergeReport:
    kind = _kind(keep)
    if keep.pk == drop.pk:
        raise MergeRefused([f"That is one and the same {kind}."])
    pairs: list[tuple[Mergeable, Mergeable]] = [(keep, drop)]
    if isinstance(keep, Artist) and isinstance(drop, Artist):
        pairs = [*_namesakes(keep, drop), *pairs]
    merges = [Merge(_kind(one), one.pk, other.pk) for one, other in pairs]
    list(slots.call("catalog:before_merging", [(each.kind, each.drop_id) for each in merges]))
    records: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            records = [_put_together(one, other, is_along=one is not keep) for one, other in pairs]
    except IntegrityError as error:  # a rule that only the database knows
        raise MergeRefused([f"A rule of the database keeps “{keep}” and “{drop}” apart: {error}"]) from error
    fillers = slots.fillers("catalog:merging")
    remembered = {each.name: answer for each in fillers if (answer := each.call(merges, now=now)) is not None}
    list(slots.call("catalog:changed"))
    record = records.pop()
    before = {"kept": record["kept"], "dropped": record["dropped"], "moved": record["moved"]}
    if records:
        before["along"] = records
    if remembered:
        before["remembered"] = remembered
    action = log_action(
        moderator=moderator, verb=f"merge_{kind}", obj=MODELS[kind]._base_manager.get(pk=keep.pk), reason=reason,
        before=before, after={"merged": drop.pk, "alias": record["alias"]}, now=now,
    )  # fmt: skip
    return MergeReport(action, _counts([record, *records]))


def _namesakes(keep: Artist, drop: Artist) -> list[tuple[Mergeable, Mergeable]]:
    """Albums and tracks of both artists that are known by name alone, and by the same: one, once the artists are."""
    pairs: list[tuple[Mergeable, Mergeable]] = []
    nameless: tuple[tuple[type[Album] | type[Track], dict[str, bool]], ...] = (
        (Album, {"release_group_mbid__isnull": True}),
        (Track, {"recording_mbid__isnull": True, "album__isnull": True}),
    )
    for model, condition in nameless:
        rows = model._base_manager.filter(merged_into__isnull=True, **condition)
        ours = {row.title_key: row for row in rows.filter(artist=keep)}
        theirs = rows.filter(artist=drop, title_key__in=list(ours)).order_by("pk")
        pairs += [(ours[row.title_key], row) for row in theirs]
    return pairs


def _put_together(keep: Mergeable, drop: Mergeable, *, is_along: bool) -> dict[str, Any]:
    """One pair: move what points at the dropped row, hand over what only it knows; what is needed to undo it.

    is_along: the artist's own name, which leads to the kept one from now on, finds it too.
    """
    kind, model = _kind(keep), type(keep)
    rows = model._base_manager.select_for_update().in_bulk(sorted([keep.pk, drop.pk]))
    keep, drop = rows[keep.pk], rows[drop.pk]
    for row in (keep, drop):
        if row.merged_into_id:
            raise MergeRefused([f"“{row}” was merged into another {kind} already."])
    kept, dropped = _snapshot(keep), _snapshot(drop)
    names = None if is_along else _names(keep, drop)
    moved: dict[str, list[int]] = {}
    reasons: list[str] = []
    for relation in relations(model):
        if relation.related_model is AlbumTrack and _has_own_list(relation, keep, drop):
            continue
        ids, refusals = movable(relation, keep, drop)
        reasons += refusals
        if ids:
            moved[f"{relation.related_model._meta.label_lower}.{relation.field.name}"] = ids
    if reasons:
        raise MergeRefused(list(dict.fromkeys(reasons)))
    drop.merged_into = keep
    _hand_over(keep, drop)
    for label, ids in moved.items():
        point(label, ids, keep.pk)
    alias_id = None
    if names:  # the dropped row's name means the kept row from now on
        remembered, is_new = Alias.objects.get_or_create(**names, defaults={kind: keep, "source": "merge"})
        alias_id = remembered.pk if is_new else None
    return {"kind": kind, "kept": kept, "dropped": dropped, "moved": moved, "alias": alias_id}


def _kind(row: Mergeable) -> str:
    return str(row._meta.model_name)


def _has_own_list(relation: models.ManyToOneRel, keep: Mergeable, drop: Mergeable) -> bool:
    """Of two albums that both have a track list, the kept one's stays as it is."""
    lines = relation.related_model._base_manager
    return isinstance(keep, Album) and lines.filter(album=drop).exists() and lines.filter(album=keep).exists()


def _names(keep: Mergeable, drop: Mergeable) -> dict[str, str] | None:
    """Under which names the dropped row was found; None where the kept one is found by the same."""
    ours, theirs = (
        (row.name_key, "") if isinstance(row, Artist) else (row.artist.name_key, row.title_key) for row in (keep, drop)
    )
    return None if ours == theirs else {"kind": _kind(drop), "artist_key": theirs[0], "title_key": theirs[1]}


def _counts(records: Iterable[dict[str, Any]]) -> dict[str, int]:
    counts: dict[type[models.Model], int] = {}
    for record in records:
        for label, ids in record["moved"].items():
            related = apps.get_model(label.rpartition(".")[0])
            counts[related] = counts.get(related, 0) + len(ids)
    return {
        str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural): count
        for model, count in counts.items()
    }


def _snapshot(row: Mergeable) -> dict[str, Any]:
    names = ("id", *IDENTITY[type(row)], *FACTS[type(row)])
    return {name: _plain(getattr(row, name)) for name in names} | {"merged_into": None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | models.fields.files.FieldFile) else value


def _hand_over(keep: Mergeable, drop: Mergeable) -> None:
    """Ids and facts that only the dropped row has go to the kept one; an id that both have stays with each."""
    given = [name for name in IDENTITY[type(keep)] if getattr(drop, name) and not getattr(keep, name)]
    values = {name: getattr(drop, name) for name in given}
    cover = {"cover_300", "cover_600", "cover_hue"}
    for name in FACTS[type(keep)]:
        if name in cover and isinstance(keep, Album) and keep.cover_300:
            continue
        if getattr(drop, name) not in {None, ""} and getattr(keep, name) in {None, ""}:
            values[name] = getattr(drop, name)
    if isinstance(drop, Album | Track) and {"release_group_mbid", "recording_mbid"} & set(given):
        values |= {"resolution": drop.resolution, "match_quality": drop.match_quality, "next_try_at": None}
    for name in given:
        setattr(drop, name, None)
    drop.save()
    if values:
        for name, value in values.items():
            setattr(keep, name, value)
        keep.save()
