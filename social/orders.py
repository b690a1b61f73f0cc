"""Ways to sort the list of members. Upper apps put theirs into the slot `social:community_orders`, called with the
request and answered with an `Order`, or with None for who has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from social.models.user import UserQuerySet


@dataclass(frozen=True, slots=True)
class Order:
    """slug: in the address. sort: puts members in order; by name where there is nothing between two."""

    slug: str
    label: str | Promise
    sort: Callable[[UserQuerySet], UserQuerySet]
