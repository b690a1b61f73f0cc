"""Which playlists somebody may read, and what of them."""

from __future__ import annotations

from django.db.models import Prefetch, Q

from social.models import User
from social.visibility import Viewer, VisibleQuerySet, visible_q
from taste.blends.standing import keys_of, partner_ids
from taste.models import Playlist, PlaylistTrack
from taste.models.weekly import DRAWN_FROM_LISTENS

# What these are made of is the member's listening, so who may not read that may not read them either.
FROM_LISTENS = (Playlist.Kind.MIXTAPE, Playlist.Kind.MOOD)
LISTENING_LEVELS = ["visibility", *DRAWN_FROM_LISTENS]


def readable(viewer: Viewer) -> VisibleQuerySet:
    """The lists that the viewer may read, their own among them. A blend's copy is its owner's alone."""
    others = [*FROM_LISTENS, Playlist.Kind.BLEND]
    by_hand = Playlist.objects.exclude(kind__in=others).visible_to(viewer)
    from_listens = Playlist.objects.filter(visible_q(viewer, levels=LISTENING_LEVELS), kind__in=FROM_LISTENS)
    allowed = Q(pk__in=by_hand.values("pk")) | Q(pk__in=from_listens.values("pk"))
    if isinstance(viewer, User):
        allowed |= Q(pk__in=owned(viewer).values("pk"))
    found: VisibleQuerySet = Playlist.objects.filter(allowed, user__is_active=True)
    return found


def is_public(playlist: Playlist) -> bool:
    """Whether everybody may read it; its owner's own levels count too. One query."""
    return bool(readable(None).filter(pk=playlist.pk).exists())


def owned(member: User) -> VisibleQuerySet:
    """The member's own lists; blends only while both members want them and may see each other."""
    is_standing = Q(key__in=keys_of(partner_ids(member)))
    found: VisibleQuerySet = Playlist.objects.filter(
        ~Q(kind=Playlist.Kind.BLEND) | is_standing, user=member, user__is_active=True
    )
    return found


def with_lines(playlists: VisibleQuerySet) -> VisibleQuerySet:
    """Each with its tracks in order, as pages and files need them: one query more for lines, however many."""
    lines = PlaylistTrack.objects.order_by("position").select_related("track__artist", "track__album__artist")
    return playlists.select_related("user").prefetch_related(Prefetch("lines", lines))


def shows_reasons(playlist: Playlist, viewer: Viewer) -> bool:
    """Why a track stands on a list by hand may tell of its owner's listening: for the owner alone."""
    is_own = isinstance(viewer, User) and viewer.pk == playlist.user_id
    return is_own or playlist.kind in FROM_LISTENS
