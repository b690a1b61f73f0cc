"""Which rows something else still points at, in whatever app, found by walking the models' relations."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import PROTECT, RESTRICT, ManyToOneRel, Model, Q, QuerySet

Part = tuple[str, str]  # model label and field: rows that belong to what they point at and go with it


def held(
    rows: QuerySet[Model], *, parts: Collection[Part] = (), by_real_rows: bool = False, only_protected: bool = False
) -> set[int]:
    """The ids of those rows that a row of another model points at.

    by_real_rows: invented rows do not count. only_protected: neither do relations that a deletion empties or follows.
    """
    ids = list(rows.values_list("pk", flat=True))
    found: set[int] = set()
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        model, field = relation.related_model, relation.field
        if hasattr(model, "instance_type"):
            continue  # a line of history holds nothing
        if (model._meta.label_lower, field.name) in parts:
            continue
        if only_protected and not any(relation.on_delete is kind for kind in (PROTECT, RESTRICT)):
            continue
        pointing = model._base_manager.filter(Q(**{f"{field.name}__in": ids}))
        if by_real_rows and any(each.name == "is_demo" for each in model._meta.fields):
            pointing = pointing.filter(is_demo=False)
        found.update(pointing.values_list(field.attname, flat=True))
    return found
