"""`{% follow_counts member viewer %}`: links to a member's followers, following and friends, with how many of each."""

from __future__ import annotations

from typing import Any

from django import template

from social.follow_lists import Side, counts_of
from social.models import User
from social.visibility import Viewer

register = template.Library()


@register.inclusion_tag("social/_follow_counts.html")
def follow_counts(member: User, viewer: Viewer) -> dict[str, Any]:
    counts = counts_of(member, viewer)
    return {"member": member, **{side.value: counts[side] for side in Side}}
