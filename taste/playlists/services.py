"""A list goes to Spotify or ListenBrainz: asked for on a page, done by a job, once each.

There is one list there for each here. Its id is kept; where that is lost (the answer never came, the list was deleted
there) it is looked for by a word in its description before another is made. A run holds a lease, so that two clicks
send one list after the other, never two at once; a run that died is followed by the next sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from listening.clients import spotify_permission
from sidetrack.http import ExternalApiError, NeedsRelink, TryLater
from social.errors import NotAllowed, Refused
from social.models import LinkedAccount, User
from social.standing import require_active
from taste.models import Playlist, PlaylistExport
from taste.playlists import reading

logger = logging.getLogger(__name__)

State, Service = PlaylistExport.State, PlaylistExport.Service
LEASE = timedelta(minutes=15)
LOST_AFTER = timedelta(minutes=2)  # a waiting one that no job came for
SHORTEST_WAIT = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(days=1)
MARK = "sidetrack-"
LONGEST_DESCRIPTION = 300  # Spotify's


class Gone(Exception):
    """The list is not there any more, or its owner may not read it any more."""


def missing(service: str) -> str:
    """The settings without which this installation sends nothing there; empty when it can."""
    return spotify_permission.missing() if service == Service.SPOTIFY else ""


def link_of(user: User, service: str) -> LinkedAccount | None:
    """The member's account there, with a permission that was not taken back."""
    link = LinkedAccount.objects.filter(user=user, provider=service).first()
    return link if link is not None and link.access_token else None


@transaction.atomic
def ask(*, user: User, playlist: Playlist, service: str, now: datetime) -> PlaylistExport:
    """Send the list as it is now, by a job. Asked again while it is sent, it is sent once more afterwards."""
    require_active(user, now)
    if service not in Service.values:
        raise Refused(_("Lists go to Spotify or ListenBrainz."), code="bad_service")
    label = Service(service).label
    row = reading.owned(user).select_for_update(of=("self",)).filter(pk=playlist.pk).first()
    if row is None:
        raise NotAllowed(_("Only its owner sends a list."), code="not_owner")
    if missing(service):
        raise Refused(_("%(service)s is off on this site.") % {"service": label}, code="service_off")
    if link_of(user, service) is None:
        raise Refused(_("Connect your %(service)s account first.") % {"service": label}, code="not_linked")
    if not row.lines.exists():
        raise Refused(_("There is nothing on this list yet."), code="empty")
    export, is_new = PlaylistExport.objects.select_for_update(of=("self",)).get_or_create(
        playlist=row, service=service, defaults={"asked_at": now}
    )
    if not is_new:
        export.asked_at = now
        is_running = export.state == State.RUNNING and export.lease_until is not None and export.lease_until > now
        if not is_running:
            export.state, export.due_at, export.words, export.needs_relink = State.WAITING, None, "", False
        export.save(update_fields=["asked_at", "state", "due_at", "words", "needs_relink"])
    transaction.on_commit(lambda: async_task("taste.playlists.tasks.send", export.pk))
    return export


def send(export_id: int, *, now: datetime) -> PlaylistExport | None:
    """Do what is wanted; None where another run does it, or nothing is wanted."""
    run = Run.begin(export_id, now)
    if run is None:
        return None
    try:
        run.go()
    except NeedsRelink as error:
        run.fail(str(error), needs_relink=True)
    except TryLater as error:
        run.put_off(error)
    except ExternalApiError as error:
        logger.warning("Playlist export %s: %s", export_id, error)
        run.fail(str(error))
    except Gone:
        run.fail(_("The list is not there any more."))
    except Exception:
        logger.exception("Playlist export %s broke", export_id)
        run.fail(_("Something went wrong here. Send it again."))
    return PlaylistExport.objects.filter(pk=export_id).first()


def due(now: datetime) -> list[int]:
    """Those whose pause is over, whose job was lost, and whose run died."""
    waiting = Q(state=State.WAITING) & (Q(due_at__lte=now) | Q(due_at=None, asked_at__lte=now - LOST_AFTER))
    dead = Q(state=State.RUNNING, lease_until__lte=now)
    return list(PlaylistExport.objects.filter(waiting | dead).order_by("pk").values_list("pk", flat=True))


class Run:
    """One try, which holds the lease until it ends. What it writes counts only while it does."""

    def __init__(self, export: PlaylistExport, now: datetime) -> None:
        self.export = export
        self.asked_at = export.asked_at
        self.lease_until = export.lease_until
        self.now = now

    @classmethod
    def begin(cls, export_id: int, now: datetime) -> Run | None:
        may = Q(state=State.WAITING) & (Q(due_at=None) | Q(due_at__lte=now))
        may |= Q(state=State.RUNNING) & (Q(lease_until=None) | Q(lease_until__lte=now))
        rows = PlaylistExport.objects.filter(may, pk=export_id)
        about = {"words": "", "needs_relink": False, "n_looked_up": 0, "n_found": 0}
        if not rows.update(state=State.RUNNING, due_at=None, lease_until=now + LEASE, **about):
            return None
        rows = PlaylistExport.objects.select_related("playlist__user").filter(pk=export_id)
        export = rows.first()
        return None if export is None else cls(export, now)

    def go(self) -> None:
        from taste.playlists.sending import to_listenbrainz, to_spotify

        link = link_of(self.owner, self.export.service)
        if link is None:
            raise NeedsRelink(_("Your account there is not connected any more."))
        if self.export.account != link.provider_user_id:
            self.note(account=link.provider_user_id, remote_id="", url="", is_public_there=False)
        sender: Callable[[Run, Playlist, LinkedAccount], list[str]]
        sender = to_spotify if self.export.service == Service.SPOTIFY else to_listenbrainz
        playlist = self.playlist()
        self.note(n_tracks=len(playlist.lines.all()))
        names = sender(self, playlist, link)
        self._end(State.DONE, missing=names, words="", n_found=self.export.n_tracks - len(names))

    @property
    def owner(self) -> User:
        owner = self.export.playlist.user
        if owner is None:
            raise Gone
        return owner

    def playlist(self) -> Playlist:
        """The list with its lines, as it is at this moment, if its owner may still read it."""
        found = reading.with_lines(reading.owned(self.owner)).filter(pk=self.export.playlist_id).first()
        if found is None:
            raise Gone
        return found  # type: ignore[no-any-return]

    def is_public(self) -> bool:
        """Whether it is open to everybody there: no more than here."""
        return reading.is_public(self.export.playlist)

    def marker(self) -> str:
        """The word by which our list is known there; the same for this member, kind and key, whatever was lost."""
        row = self.export.playlist
        about = f"{settings.SITE_URL}|{row.user_id}|{row.kind}|{row.key}"
        return MARK + salted_hmac("taste.playlists.services", about, algorithm="sha256").hexdigest()[:16]

    def description(self, playlist: Playlist) -> str:
        """A blend's note names the other member: that stays here."""
        note = "" if playlist.kind == Playlist.Kind.BLEND else playlist.note
        tail = _("Made by Sidetrack (%(mark)s).") % {"mark": self.marker()}
        room = LONGEST_DESCRIPTION - len(tail) - 1
        note = " ".join(note.split())
        note = note if len(note) <= room else note[: room - 1] + "…"
        return f"{note} {tail}".strip()

    def note(self, **columns: object) -> None:
        """Write down how far it is, and hold the lease longer. Gone where another run has taken over."""
        until = timezone.now() + LEASE
        if not self._mine().update(lease_until=until, **columns):
            raise Gone
        self.lease_until = until
        for name, value in columns.items():
            setattr(self.export, name, value)

    def fail(self, words: str, *, needs_relink: bool = False) -> None:
        self._end(State.FAILED, words=words[:300], needs_relink=needs_relink)

    def put_off(self, error: TryLater) -> None:
        """It goes on when the service said; after a day of that it is given up."""
        if self.now - self.asked_at > GIVE_UP_AFTER:
            self.fail(_("%(words)s It was tried for a day.") % {"words": error})
            return
        due_at = timezone.now() + max(SHORTEST_WAIT, timedelta(seconds=error.after))
        self._mine().update(state=State.WAITING, lease_until=None, due_at=due_at, words=str(error)[:300])

    def _end(self, state: str, **columns: object) -> None:
        self._mine().update(state=state, lease_until=None, finished_at=timezone.now(), **columns)
        again = PlaylistExport.objects.filter(pk=self.export.pk, state=state, asked_at__gt=self.asked_at)
        if again.update(state=State.WAITING, due_at=None):  # wanted once more while it was sent
            async_task("taste.playlists.tasks.send", self.export.pk)

    def _mine(self) -> QuerySet[PlaylistExport]:
        return PlaylistExport.objects.filter(pk=self.export.pk, state=State.RUNNING, lease_until=self.lease_until)
