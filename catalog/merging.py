"""Two rows for one album or artist become one, in every app at once, and can be taken apart again.

Nobody lists here who points at an album: the models' own relations are walked, so an app that comes later is included.
The dropped row stays, pointing at the kept one, so that old addresses and ids still lead somewhere. Where a unique rule
of the database would put two rows in one place, nothing is changed and the rule is said in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from catalog.models import Album, AlbumTrack, Alias, Artist, Tagging
from sidetrack import slots
from social.errors import Refused
from social.models import ModerationAction, User
from social.moderation import log_action

Merged = TypeVar("Merged", Album, Artist)

# Of these a second one says nothing new about the same music: it stays behind with the dropped row.
MAY_STAY_BEHIND: tuple[type[models.Model], ...] = (AlbumTrack, Tagging, Alias)
IDENTITY = {
    Album: ("release_group_mbid", "release_mbid", "spotify_id"),
    Artist: ("mbid",),
}
FACTS = {
    Album: (
        "first_release_date", "release_year", "primary_type", "country", "label", "cover_300", "cover_600", "cover_hue",
        "resolution", "match_quality", "next_try_at",
    ),
    Artist: ("sort_name", "country"),
}  # fmt: skip


class MergeRefused(Refused):
    """Two rows cannot become one yet; `reasons` are sentences for a moderator."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons), code="merge_refused")
        self.reasons = reasons


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
    names = {"kind": Alias.Kind.ALBUM, "artist_key": drop.artist.name_key, "title_key": drop.title_key}
    is_same_name = (keep.artist.name_key, keep.title_key) == (drop.artist.name_key, drop.title_key)
    alias = None if is_same_name else names
    return _merge(Album, keep, drop, alias=alias, moderator=moderator, reason=reason, now=now)


def merge_artists(*, keep: Artist, drop: Artist, moderator: User | None, reason: str, now: datetime) -> MergeReport:
    """The same for artists: albums, tracks and names go along."""
    names = {"kind": Alias.Kind.ARTIST, "artist_key": drop.name_key, "title_key": ""}
    alias = None if keep.name_key == drop.name_key else names
    return _merge(Artist, keep, drop, alias=alias, moderator=moderator, reason=reason, now=now)


@transaction.atomic
def unmerge(*, action: ModerationAction, moderator: User | None, now: datetime) -> ModerationAction:
    """Take a merge back: what it moved, and nobody moved since, goes back to where it was."""
    if action.verb not in {"merge_album", "merge_artist"}:
        raise MergeRefused([f"“{action}” is no merge."])
    if ModerationAction.objects.filter(undoes=action).exists():
        raise MergeRefused([f"“{action}” was taken back already."])
    model: type[Album] | type[Artist] = Album if action.verb == "merge_album" else Artist
    rows = model._base_manager.select_for_update().in_bulk([action.object_id, action.before["dropped"]["id"]])
    keep, drop = rows.get(action.object_id), rows.get(action.before["dropped"]["id"])
    if keep is None or drop is None or drop.merged_into_id != keep.pk:
        raise MergeRefused([f"“{action}” can no longer be taken back: the rows have changed since."])
    for label, ids in action.before["moved"].items():
        model_label, _, name = label.rpartition(".")
        rows_moved = apps.get_model(model_label)._base_manager.filter(pk__in=ids, **{name: keep.pk})
        rows_moved.update(**{name: drop.pk})
    if alias := action.after.get("alias"):
        Alias.objects.filter(pk=alias).delete()
    try:
        # The kept row first: ids are unique, and the dropped row takes some of them back.
        _restore(keep, action.before["kept"])
        _restore(drop, action.before["dropped"])
    except IntegrityError as error:
        raise MergeRefused([f"“{action}” can no longer be taken back: an id or name is in use elsewhere."]) from error
    list(slots.call("catalog:changed"))
    return log_action(
        moderator=moderator, verb="unmerge", obj=keep, reason=f"Undid: {action}"[:1000], before=action.after,
        after=action.before, now=now, undoes=action,
    )  # fmt: skip


def _restore(row: Album | Artist, values: dict[str, Any]) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{name: value for name, value in values.items() if name != "id"})


@transaction.atomic
def _merge(
    model: type[Merged],
    keep: Merged,
    drop: Merged,
    *,
    alias: dict[str, str] | None,
    moderator: User | None,
    reason: str,
    now: datetime,
) -> MergeReport:
    kind = str(model._meta.verbose_name)
    if keep.pk == drop.pk:
        raise MergeRefused([f"That is one and the same {kind}."])
    rows = model._base_manager.select_for_update().in_bulk(sorted([keep.pk, drop.pk]))
    keep, drop = rows[keep.pk], rows[drop.pk]
    for row in (keep, drop):
        if row.merged_into_id:
            raise MergeRefused([f"“{row}” was merged into another {kind} already."])
    kept, dropped = _snapshot(keep), _snapshot(drop)
    moved: dict[str, list[int]] = {}
    reasons: list[str] = []
    for relation in _relations(model):
        ids, refusals = _movable(relation, keep, drop)
        reasons += refusals
        if ids:
            moved[f"{relation.related_model._meta.label_lower}.{relation.field.name}"] = ids
    if reasons:
        raise MergeRefused(list(dict.fromkeys(reasons)))
    try:
        with transaction.atomic():
            drop.merged_into = keep
            _hand_over(keep, drop)
            for label, ids in moved.items():
                model_label, _, name = label.rpartition(".")
                apps.get_model(model_label)._base_manager.filter(pk__in=ids).update(**{name: keep.pk})
    except IntegrityError as error:  # a rule that only the database knows
        raise MergeRefused([f"A rule of the database keeps “{keep}” and “{drop}” apart: {error}"]) from error
    alias_id = None
    if alias:  # the dropped row's name means the kept row from now on
        target = {str(model._meta.model_name): keep, "source": "merge"}
        remembered, is_new = Alias.objects.get_or_create(**alias, defaults=target)
        alias_id = remembered.pk if is_new else None
    list(slots.call("catalog:changed"))
    action = log_action(
        moderator=moderator,
        verb=f"merge_{model._meta.model_name}",
        obj=keep,
        reason=reason,
        before={"kept": kept, "dropped": dropped, "moved": moved},
        after={"merged": drop.pk, "alias": alias_id},
        now=now,
    )
    counts: dict[type[models.Model], int] = {}
    for label, ids in moved.items():
        related = apps.get_model(label.rpartition(".")[0])
        counts[related] = counts.get(related, 0) + len(ids)
    return MergeReport(action, {_counted(related, count): count for related, count in counts.items()})


def _counted(model: type[models.Model], count: int) -> str:
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _relations(model: type[models.Model]) -> Iterator[models.ManyToOneRel]:
    """Every foreign key of every app that points at the model; not the rows that record how things once were."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not hasattr(relation.related_model, "history_object"):
            yield relation


def _movable(relation: models.ManyToOneRel, keep: models.Model, drop: models.Model) -> tuple[list[int], list[str]]:
    """The ids of the rows that can move, and a sentence for each that cannot."""
    name, related = relation.field.name, relation.related_model
    rows = related._base_manager.filter(**{name: drop}).order_by("pk")
    if related is AlbumTrack and rows.exists() and related._base_manager.filter(**{name: keep}).exists():
        return [], []  # the kept album has its own track list
    constraints = _unique_rules(relation)
    if not constraints and not relation.field.unique:
        return list(rows.values_list("pk", flat=True)), []
    ids, refusals = [], []
    for row in rows:
        setattr(row, name, keep)
        refusal = _refusal(row, constraints, relation)
        if refusal is None:
            ids.append(row.pk)
        elif related not in MAY_STAY_BEHIND:
            refusals.append(refusal)
    return ids, refusals


def _unique_rules(relation: models.ManyToOneRel) -> list[models.UniqueConstraint]:
    """The unique rules of the related model that its reference to us takes part in."""
    name, meta = relation.field.name, relation.related_model._meta
    rules = [each for each in meta.constraints if isinstance(each, models.UniqueConstraint) and name in each.fields]
    together = [fields for fields in meta.unique_together if name in fields]
    return rules + [models.UniqueConstraint(fields=fields, name="_".join(fields)) for fields in together]


def _refusal(
    row: models.Model, constraints: list[models.UniqueConstraint], relation: models.ManyToOneRel
) -> str | None:
    """Why the row, already pointing at the kept one, cannot stand there; None when it can."""
    manager = type(row)._base_manager
    what = str(row._meta.verbose_name)
    if relation.field.unique and manager.filter(**{relation.field.name: getattr(row, relation.field.name)}).exists():
        return f"Both have a {what} of their own: “{row}” would be a second one."
    for constraint in constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            shared = {name: getattr(row, name) for name in constraint.fields}
            other = manager.filter(**shared).exclude(pk=row.pk).first()
            where = ", ".join(f"{name} {value}" for name, value in shared.items() if name != relation.field.name)
            beside = f" beside “{other}” (no. {other.pk})" if other is not None else ""
            return f"The {what} “{row}” (no. {row.pk}) cannot stand{beside}: {where}. {' '.join(error.messages)}"
    return None


def _snapshot(row: Album | Artist) -> dict[str, Any]:
    names = ("id", *IDENTITY[type(row)], *FACTS[type(row)])
    return {name: _plain(getattr(row, name)) for name in names} | {"merged_into": None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | models.fields.files.FieldFile) else value


def _hand_over(keep: Album | Artist, drop: Album | Artist) -> None:
    """Ids and facts that only the dropped row has go to the kept one; an id that both have stays with each."""
    given = [name for name in IDENTITY[type(keep)] if getattr(drop, name) and not getattr(keep, name)]
    values = {name: getattr(drop, name) for name in given}
    cover = {"cover_300", "cover_600", "cover_hue"}
    for name in FACTS[type(keep)]:
        if name in cover and isinstance(keep, Album) and keep.cover_300:
            continue
        if getattr(drop, name) not in {None, ""} and getattr(keep, name) in {None, ""}:
            values[name] = getattr(drop, name)
    if "release_group_mbid" in given and isinstance(drop, Album):
        values |= {"resolution": drop.resolution, "match_quality": drop.match_quality, "next_try_at": None}
    for name in given:
        setattr(drop, name, None)
    drop.save()
    if values:
        for name, value in values.items():
            setattr(keep, name, value)
        keep.save()
