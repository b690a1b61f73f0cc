"""Who points at a row of the catalogue, and whether it can point at another instead.

Nobody lists here who points at an album: the models' own relations are walked, so an app that comes later is included.
A model whose rows go another way says so in its class:

    when_merged = MAY_STAY_BEHIND   # a second one says nothing new about the same music: it stays with the dropped row
    when_merged = BY_SLOT           # too many rows to walk: its app moves them, see the slot "catalog:merging"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

MAY_STAY_BEHIND, BY_SLOT = "may stay behind", "by slot"
A_WRITE = 5_000  # ids in one statement: databases limit them


def relations(model: type[models.Model]) -> Iterator[models.ManyToOneRel]:
    """Every foreign key of every app that points at the model; not the rows that record how things once were."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, models.ManyToOneRel)
            and not hasattr(relation.related_model, "history_object")
            and _when_merged(relation.related_model) != BY_SLOT
        ):
            yield relation


def movable(relation: models.ManyToOneRel, keep: models.Model, drop: models.Model) -> tuple[list[int], list[str]]:
    """The ids of the rows that can point at `keep` instead of `drop`, and a sentence for each that cannot."""
    name, related = relation.field.name, relation.related_model
    rows = related._base_manager.filter(**{name: drop}).order_by("pk")
    clashing = _clashing(relation, rows, keep)
    if not clashing:
        return list(rows.values_list("pk", flat=True)), []
    moved = list(rows.exclude(pk__in=clashing).values_list("pk", flat=True))
    if _when_merged(related) == MAY_STAY_BEHIND:
        return moved, []
    return moved, [_refusal(row, relation, keep) for row in rows.filter(pk__in=clashing)]


def point(label: str, ids: Sequence[int], keep_id: int, *, only_from: int | None = None) -> None:
    """Let these rows point at another. label: app.model.field; only_from: those that still point there."""
    model_label, _, name = label.rpartition(".")
    manager = apps.get_model(model_label)._base_manager
    still = {} if only_from is None else {name: only_from}
    for start in range(0, len(ids), A_WRITE):
        manager.filter(pk__in=ids[start : start + A_WRITE], **still).update(**{name: keep_id})


def _when_merged(model: type[models.Model]) -> str:
    return getattr(model, "when_merged", "")


def _clashing(relation: models.ManyToOneRel, rows: models.QuerySet[models.Model], keep: models.Model) -> set[int]:
    """The rows that a unique rule of the database forbids beside those of the kept one."""
    name, related = relation.field.name, relation.related_model
    kept = related._base_manager.filter(**{name: keep})
    if relation.field.unique and kept.exists():
        return set(rows.values_list("pk", flat=True))
    clashing: set[int] = set()
    for rule in _unique_rules(relation):
        condition = rule.condition or Q()
        others = {field: OuterRef(field) for field in rule.fields if field != name}
        beside = kept.filter(condition, **others)
        clashing |= set(rows.filter(condition).filter(Exists(beside)).values_list("pk", flat=True))
    return clashing


def _unique_rules(relation: models.ManyToOneRel) -> list[models.UniqueConstraint]:
    """The unique rules of the related model that its reference to us takes part in."""
    name, meta = relation.field.name, relation.related_model._meta
    rules = [each for each in meta.constraints if isinstance(each, models.UniqueConstraint) and name in each.fields]
    together = [fields for fields in meta.unique_together if name in fields]
    return rules + [models.UniqueConstraint(fields=fields, name="_".join(fields)) for fields in together]


def _refusal(row: models.Model, relation: models.ManyToOneRel, keep: models.Model) -> str:
    """Why the row cannot stand at the kept one."""
    manager = type(row)._base_manager
    what = str(row._meta.verbose_name)
    setattr(row, relation.field.name, keep)
    for constraint in _unique_rules(relation):
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            shared = {name: getattr(row, name) for name in constraint.fields}
            other = manager.filter(**shared).exclude(pk=row.pk).first()
            where = ", ".join(f"{name} {value}" for name, value in shared.items() if name != relation.field.name)
            beside = f" beside “{other}” (no. {other.pk})" if other is not None else ""
            return f"The {what} “{row}” (no. {row.pk}) cannot stand{beside}: {where}. {' '.join(error.messages)}"
    return f"Both have a {what} of their own: “{row}” would be a second one."
