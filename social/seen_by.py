"""Who sees which area of a member, asked of the one rule: for the table beside the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from social.models import User
from social.viewpoint import FOLLOWER, MEMBER, NAMES, VISITOR, imagined
from social.visibility import visible_q

# What members call an area, and the levels that must all be open for it.
AREAS: tuple[tuple[str | Promise, Sequence[str]], ...] = (
    (_("Your page: name, picture, words about you"), ["visibility"]),
    (_("Your ratings and nominations on your page"), ["visibility", "club_visibility"]),
    (_("Your name in the club's archive"), ["club_visibility"]),
    (_("What you listen to"), ["visibility", "listens_visibility"]),
    (_("Your taste, drawn from your listens"), ["visibility", "listens_visibility", "taste_visibility"]),
)


@dataclass(frozen=True, slots=True)
class Row:
    """seen: in the order of `NAMES`."""

    label: str | Promise
    seen: list[bool]


def seen_by(member: User) -> list[Row]:
    """As it is saved now; one query for each of the three who look."""
    viewers: dict[str, User | AnonymousUser] = {
        VISITOR: AnonymousUser(),
        MEMBER: imagined(),
        FOLLOWER: imagined(follows=member),
    }
    answers = [_areas_shown_to(viewers[name], member) for name in NAMES]
    return [Row(label, [shown[place] for shown in answers]) for place, (label, _levels) in enumerate(AREAS)]


def _areas_shown_to(viewer: User | AnonymousUser, member: User) -> Sequence[bool]:
    asked = {
        f"area_{place}": Case(When(visible_q(viewer, levels=list(levels), owner=""), then=True), default=False)
        for place, (_label, levels) in enumerate(AREAS)
    }
    row: tuple[bool, ...] = User.objects.filter(pk=member.pk).annotate(**asked).values_list(*asked).get()
    return row
