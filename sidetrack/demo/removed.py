"""What taking the demo out did, for people to read, and for the records that follow it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

Ids = set[int]
MOST_NAMED = 8


@dataclass
class Removed:
    """gone: ids by model. kept: a sentence for each thing that stays, with the reason."""

    gone: dict[type[Model], Ids] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    def delete(self, rows: QuerySet[Any]) -> None:
        """Delete the rows and remember which they were."""
        ids = set(rows.values_list("pk", flat=True))
        rows.model._base_manager.filter(pk__in=ids).delete()
        self.gone.setdefault(rows.model, set()).update(ids)

    def counts(self) -> dict[str, int]:
        """How many went, by what a person calls them."""
        return {str(model._meta.verbose_name_plural): len(ids) for model, ids in self.gone.items() if ids}


def listed(things: Iterable[object]) -> str:
    """“Rin”, “Rin and Sol”, “Rin, Sol and 12 more”."""
    names = [str(each) for each in things]
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
