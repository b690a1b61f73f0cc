"""The picture that stands for a member's page: name, part in the club, favourite albums. For public pages alone.

A page that is no longer public loses its picture at once: it is a file that anybody may fetch.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.drawing.collage import four_or_one
from catalog.models import Album
from catalog.names import tidy
from club.models import ClubSettings, FavouriteAlbum, Nomination, Rating, ShareImage
from sidetrack.drawing.fact_card import FactCard, drawn
from social.models import User
from social.text import plain_text
from social.visibility import visible_q

if TYPE_CHECKING:
    from social.models.user import UserQuerySet

BIO = 70  # letters
IN_ARCHIVE = visible_q(None, levels=["club_visibility"], owner="")


@dataclass(frozen=True)
class MemberCard:
    """What is due for one member; the sleeves are put together only when it is drawn."""

    object_id: int
    facts: FactCard
    albums: tuple[Album, ...]
    kind: str = ShareImage.Kind.MEMBER

    @property
    def content_hash(self) -> str:
        covers = [(album.pk, album.title, album.cover_300.name) for album in self.albums]
        return hashlib.sha256(f"{self.facts.content_hash}{covers}".encode()).hexdigest()[:20]

    def draw(self) -> bytes:
        facts = {name: getattr(self.facts, name) for name in ("eyebrow", "headline", "under", "rows", "foot", "hue")}
        return drawn(FactCard(**facts, picture=four_or_one(self.albums)))


def shown_members() -> UserQuerySet:
    """Whose page everybody may see."""
    members: UserQuerySet = User.objects.visible_to(None).filter(is_active=True)
    return members


def member_cards(settings: ClubSettings, *, of: UserQuerySet | None = None) -> Iterator[MemberCard]:
    """In a constant number of queries. Figures of the club only where the archive shows the member to everybody.

    of: these of the members whose page everybody may see; None for all.
    """
    shown = shown_members() if of is None else of
    members = list(shown.order_by("pk"))
    named = set(shown.filter(IN_ARCHIVE).values_list("pk", flat=True))
    ratings = Rating.objects.standing().filter(user__in=named, week__isnull=False).order_by()
    rated = {
        user_id: (n, mean / 2)
        for user_id, n, mean in ratings.values_list("user_id").annotate(n=Count("id"), mean=Avg("half_stars"))
    }
    nominations = Nomination.objects.standing().filter(user__in=named, week__winner__isnull=False).order_by()
    won = Count("id", filter=Q(week__winner=F("pk")))
    nominated = {
        user_id: (n, wins) for user_id, n, wins in nominations.values_list("user_id").annotate(n=Count("id"), wins=won)
    }
    favourites: dict[int, list[Album]] = defaultdict(list)
    rows = FavouriteAlbum.objects.standing().filter(user__in=[member.pk for member in members])
    for row in rows.select_related("album__artist").order_by("user", "position"):
        favourites[row.user_id].append(row.album)
    for member in members:
        albums = tuple(favourites[member.pk])
        yield MemberCard(member.pk, _facts(member, settings, rated.get(member.pk), nominated.get(member.pk)), albums)


def _facts(
    member: User, settings: ClubSettings, rated: tuple[int, float] | None, nominated: tuple[int, int] | None
) -> FactCard:
    rows = []
    if rated:
        n, mean = rated
        rows.append((_("Weeks rated"), f"{n}"))
        rows.append((_("Stars on average"), f"{mean:.2f}"))
    if nominated:
        n, wins = nominated
        said = ngettext("%(n)d, %(wins)d won", "%(n)d, %(wins)d won", n) if wins else "%(n)d"
        rows.append((_("Nominations"), said % {"n": n, "wins": wins}))
    return FactCard(
        eyebrow=tidy(settings.name),
        headline=tidy(str(member)),
        under=tidy(plain_text(member.bio, limit=BIO)) if member.bio else f"@{member.handle}",
        rows=tuple(rows),
        foot=f"Sidetrack · @{member.handle}",
        hue=sum(member.handle.lower().encode()) % 24 * 15.0,
    )


def forget_hidden() -> None:
    """Drop the pictures of pages that are not public any more, and of members whom the archive does not show to
    everybody any more where they tell other than they may. Fills the slot "people:changed".
    """
    rows = ShareImage.objects.filter(kind=ShareImage.Kind.MEMBER)
    gone = list(rows.exclude(object_id__in=shown_members().values("pk")))
    apart = shown_members().exclude(IN_ARCHIVE)
    drawn_of = {image.object_id: image for image in rows.filter(object_id__in=apart.values("pk"))}
    if drawn_of:
        now = member_cards(ClubSettings.load(), of=apart.filter(pk__in=drawn_of))
        gone += [drawn_of[card.object_id] for card in now if drawn_of[card.object_id].content_hash != card.content_hash]
    if not gone:
        return
    ShareImage.objects.filter(pk__in=[image.pk for image in gone]).delete()
    for image in gone:
        transaction.on_commit(lambda name=image.file.name: default_storage.delete(name))  # type: ignore[misc]
