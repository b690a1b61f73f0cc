"""Between whom a blend may be: both let themselves be compared, and each may read the other's page and taste."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from social.models import Follow, User
from social.models.user import UserQuerySet
from social.visibility import Visibility
from taste.matching.showing import comparable
from taste.models import Blend, Playlist


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's blend as they see it: with whom, and who is more of it."""

    blend: Blend
    member: User
    other: User

    @property
    def is_on(self) -> bool:
        return self.blend.accepted_at is not None

    @property
    def was_asked(self) -> bool:
        """The other asked, and the member has not answered."""
        return self.blend.asked_id == self.member.pk and not self.is_on and self.blend.declined_at is None

    @property
    def is_waiting(self) -> bool:
        """The member asked; a refusal is not told."""
        return self.blend.asker_id == self.member.pk and not self.is_on

    @property
    def is_being_made(self) -> bool:
        wanted, made = self.blend.wanted_at, self.blend.made_at
        return self.is_on and wanted is not None and (made is None or made < wanted)

    @property
    def leans(self) -> list[tuple[str, str]]:
        """What may be chosen, named for the member."""
        return leans_of(str(self.blend.asker), str(self.blend.asked))

    @property
    def lean_label(self) -> str:
        return dict(self.leans)[self.blend.lean]


def leans_of(asker: str, asked: str) -> list[tuple[str, str]]:
    from django.utils.translation import gettext as _

    return [
        (Blend.Lean.EVEN, _("Even")),
        (Blend.Lean.ASKER, _("More of %(name)s") % {"name": asker}),
        (Blend.Lean.ASKED, _("More of %(name)s") % {"name": asked}),
        (Blend.Lean.NEW, _("New to both")),
    ]


def possible_partners(member: User, *, with_suspended: bool = False) -> UserQuerySet:
    """Whom the member may read and be read by; none for whoever is not to be compared, or hides page or taste.

    The second half is the rule of `social.visibility` seen from the other side: the member's own levels are known, so
    that one query answers for all. A block hides in both directions, which the first half asks.
    """
    others: UserQuerySet = comparable(member, with_suspended=with_suspended).exclude(pk=member.pk)
    levels = {member.visibility, member.taste_visibility}
    if not (member.is_active and member.shows_matches) or Visibility.ME in levels:
        return others.none()
    if Visibility.FOLLOWERS in levels:
        accepted = Follow.objects.filter(followed=member.pk, state=Follow.State.ACCEPTED)
        others = others.filter(pk__in=accepted.values("follower"))
    return others


def may_blend(a: User, b: User) -> bool:
    """One query."""
    return a.pk != b.pk and bool(possible_partners(a).filter(pk=b.pk).exists())


def may_stay(a: User, b: User) -> bool:
    """Whether what is between them may stand at all: while one of them is suspended it rests, and is not lost."""
    return a.pk != b.pk and bool(possible_partners(a, with_suspended=True).filter(pk=b.pk).exists())


def pair_of(a: User, b: User) -> QuerySet[Blend]:
    """The one row of these two, whoever asked."""
    return Blend.objects.filter(Q(asker=a, asked=b) | Q(asker=b, asked=a))


def blends_of(member: User) -> list[Standing]:
    """Everything that stands between the member and others: blends, questions to answer, questions asked. Two queries.

    Without questions that the member declined.
    """
    rows = Blend.objects.filter(Q(asker=member) | Q(asked=member)).select_related("asker", "asked")
    found = [_seen_by(member, row) for row in rows.order_by("-accepted_at", "-created_at", "pk")]
    there = set(possible_partners(member).filter(pk__in=[each.other.pk for each in found]).values_list("pk", flat=True))
    return [each for each in found if each.other.pk in there and (each.is_on or each.was_asked or each.is_waiting)]


def standing_between(member: User, other: User) -> Standing | None:
    """What stands between these two, as the member sees it; a question that they declined is gone for them."""
    row = pair_of(member, other).select_related("asker", "asked").first()
    if row is None or not may_blend(member, other):
        return None
    seen = _seen_by(member, row)
    return seen if seen.is_on or seen.was_asked or seen.is_waiting else None


def partner_ids(member: User) -> list[int]:
    """With whom the member has a blend that both accepted and that still stands."""
    return [each.other.pk for each in blends_of(member) if each.is_on]


def lists_of(blend: Blend) -> QuerySet[Playlist]:
    """Both copies of its list."""
    a, b = blend.asker_id, blend.asked_id
    return Playlist.objects.filter(Q(user=a, key=key_of(b)) | Q(user=b, key=key_of(a)), kind=Playlist.Kind.BLEND)


def key_of(other_id: int) -> str:
    return str(other_id)


def keys_of(ids: Iterable[int]) -> list[str]:
    return [key_of(each) for each in ids]


def _seen_by(member: User, row: Blend) -> Standing:
    return Standing(row, member, row.asked if row.asker_id == member.pk else row.asker)
