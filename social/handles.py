"""Handles: the names in addresses. Unique without case, and a few are kept back."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from unidecode import unidecode

from social.models import User
from social.models.user import HANDLE

MAX_LENGTH = 32
RESERVED = frozenset(
    {"admin", "administrator", "anonymous", "api", "bot", "club", "everyone", "here", "me", "moderator", "moderators"}
    | {"nobody", "root", "service", "sidetrack", "staff", "support", "system"}
)


def check_handle(handle: str, *, keep: User | None = None) -> None:
    """Raise ValidationError when a member (`keep`: one who has it already) may not take this handle."""
    HANDLE(handle)
    if handle.lower() in RESERVED and not (keep and keep.handle.lower() == handle.lower()):
        raise ValidationError(f"“{handle}” is kept for the club itself. Choose another handle.", code="reserved")
    others = User.objects.by_handle(handle)
    if (others.exclude(pk=keep.pk) if keep else others).exists():
        raise ValidationError(f"Somebody has the handle “{handle}” already. Choose another one.", code="taken")


def free_handle(wanted: str) -> str:
    """A handle like `wanted` that nobody has: accents dropped, other signs made underscores, a number where needed."""
    base = re.sub(r"[^A-Za-z0-9_]+", "_", unidecode(wanted)).strip("_")[:MAX_LENGTH].strip("_")
    if len(base) < 2:
        base = f"member_{base}".rstrip("_")
    stem = base[: MAX_LENGTH - 6]
    taken = set(
        User.objects.annotate(lower=Lower("handle"))
        .filter(lower__startswith=stem.lower())
        .values_list("lower", flat=True)
    )
    if base.lower() not in taken | RESERVED:
        return base
    number = 2
    while f"{stem}{number}".lower() in taken:
        number += 1
    return f"{stem}{number}"
