"""Tags that people put right by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from catalog.models import Album, Artist, Tag, Tagging
from catalog.names import name_key, tidy
from sidetrack import slots
from social.models import ModerationAction, User
from social.moderation import log_action, require_moderator

BY_HAND = "club"
FULL_WEIGHT = 100
MAX_TAGS = 30


def tags_of(row: Album | Artist) -> list[str]:
    """The row's tags, the weightiest first, each once."""
    names = row.taggings.select_related("tag").order_by("-weight", "tag__name_key").values_list("tag__name", flat=True)
    return list(dict.fromkeys(names))


def read_tags(text: str) -> list[str]:
    """“Post-Punk, dub” as names: trimmed, each once whatever its case, at most thirty."""
    names = {name_key(name): tidy(name)[:80] for name in reversed(text.split(","))}
    return [name for key, name in reversed(names.items()) if key][:MAX_TAGS]


@transaction.atomic
def set_tags(
    *, row: Album | Artist, names: Iterable[str], moderator: User, now: datetime, reason: str = ""
) -> ModerationAction | None:
    """Make these the row's tags, whatever sources said before; None when they were already."""
    require_moderator(moderator)
    before = tags_of(row)
    wanted = {name_key(name): name for name in read_tags(",".join(names))}
    if set(wanted) == {name_key(name) for name in before}:
        return None
    row.taggings.exclude(tag__name_key__in=wanted).delete()
    known = set(row.taggings.values_list("tag__name_key", flat=True))
    for key, name in wanted.items():
        if key not in known:
            tag, _ = Tag.objects.get_or_create(name_key=key, defaults={"name": name})
            Tagging.objects.create(tag=tag, source=BY_HAND, weight=FULL_WEIGHT, **{row._meta.model_name or "": row})
    for _ in slots.call("catalog:changed"):
        pass
    return log_action(
        moderator=moderator, verb="set_tags", obj=row, reason=reason.strip()[:1000], before={"tags": before},
        after={"tags": tags_of(row)}, now=now,
    )  # fmt: skip
