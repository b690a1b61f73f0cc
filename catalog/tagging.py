"""Tags: what sources say that music is called, and what moderators put right by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from catalog.genres import is_genre
from catalog.models import Album, Artist, Tag, Tagging, Track
from catalog.names import name_key, tidy
from sidetrack import slots
from social.models import ModerationAction, User
from social.moderation import kind_of, log_action, require_moderator

BY_HAND = "club"
FULL_WEIGHT = 100
MAX_TAGS = 30
MAX_FROM_SOURCE = 15  # behind the first dozen stand jokes and single people's words
LEAST_WEIGHT = 5


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


@transaction.atomic
def tag_from_source(*, row: Album | Artist | Track, source: str, tags: Iterable[tuple[str, int]]) -> int:
    """Make these what `source` says of the row, by name and weight (0 to 100); how many of its words are new or gone.

    Rows whose tags a moderator has set stay as they are. Names of the music itself are no tags.
    """
    if is_set_by_hand(row):
        return 0
    wanted = _worth_keeping(row, tags)
    column = row._meta.model_name or ""
    held = dict(row.taggings.filter(source=source).values_list("tag__name_key", "weight"))
    if {key: weight for key, (_, weight) in wanted.items()} == held:
        return 0
    row.taggings.filter(source=source).exclude(tag__name_key__in=wanted).delete()
    names = [Tag(name=name, name_key=key, is_genre=is_genre(name)) for key, (name, _) in wanted.items()]
    Tag.objects.bulk_create(names, ignore_conflicts=True)
    known = Tag.objects.filter(name_key__in=wanted)
    known.filter(is_demo=True).update(is_demo=False)
    Tagging.objects.bulk_create(
        [Tagging(tag=tag, source=source, weight=wanted[tag.name_key][1], **{column: row}) for tag in known],
        update_conflicts=True,
        unique_fields=["tag", "source", column],
        update_fields=["weight"],
    )
    return len(set(wanted) ^ set(held))


def is_set_by_hand(row: Album | Artist | Track) -> bool:
    return ModerationAction.objects.filter(verb="set_tags", kind=kind_of(row), object_id=row.pk).exists()


def _worth_keeping(row: Album | Artist | Track, tags: Iterable[tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """By key, the weightiest tags that say something about the music."""
    its_names = {name_key(row.name)} if isinstance(row, Artist) else {name_key(row.title), name_key(row.artist.name)}
    kept: dict[str, tuple[str, int]] = {}
    for name, weight in sorted(tags, key=lambda each: -each[1]):
        key = name_key(name)[:80]
        if key and key not in its_names and weight >= LEAST_WEIGHT and len(kept) < MAX_FROM_SOURCE:
            kept.setdefault(key, (tidy(name)[:80], min(weight, FULL_WEIGHT)))
    return kept
