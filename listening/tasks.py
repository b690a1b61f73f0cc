"""Jobs of the tracker. Each takes ids, may run twice, and says in a line what it did."""

from __future__ import annotations

from django.utils import timezone
from django_q.tasks import async_task

from listening import doubles, following, payloads, totals, zones
from listening.models import Listener
from listening.occasions import finding
from listening.resolving import sweep
from social.models import User


def tell_duplicates_anew(user_id: int) -> str:
    """Go through one member's whole history, after the order of their sources changed."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return f"Member {user_id} is gone."
    while doubles.go_on(user=user, now=timezone.now()):
        pass
    return f"The duplicates of member {user_id} are told anew."


def tell_interrupted_duplicates_anew() -> str:
    """Queue the histories that are not gone through yet: a worker may have been killed."""
    waiting = Listener.objects.filter(deciding_from__isnull=False).values_list("pk", flat=True)
    for user_id in waiting:
        async_task("listening.tasks.tell_duplicates_anew", user_id)
    return f"Queued {len(waiting)} histories whose duplicates are yet to be told anew."


def forget_old_payloads() -> str:
    """Delete what services and programs said word for word about plays, once it is LISTEN_PAYLOAD_DAYS old."""
    return f"Forgot what was said of {payloads.forget_old(now=timezone.now())} listens."


def follow_merges() -> str:
    """Move the listens that came in under an artist, album or track while it became part of another."""
    return f"Moved the late listens of {following.follow_late_ones(now=timezone.now())} rows."


def read_in_new_zone(user_id: int) -> str:
    """Count one member's days and hours anew, where they live now."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return f"Member {user_id} is gone."
    is_done = totals.recount_days(user=user, now=timezone.now())
    return f"The history of member {user_id} is read in {user.timezone}{'' if is_done else ' already'}."


def read_moved_in_new_zone() -> str:
    """Queue the histories of members who moved, should the word of it have been lost."""
    return f"Queued {zones.queue_moved()} histories to be read in another zone."


def find_occasions() -> str:
    """Albums heard whole and round numbers reached, in histories that changed."""
    n_done, n_waiting = finding.find_marked(now=timezone.now())
    return f"Looked through {n_done} histories for albums heard whole; {n_waiting} wait."


def resolve_due() -> str:
    """Queue a look-up of the most played tracks that are due; a track in the queue is not due for a while."""
    track_ids = sweep.claim_most_played(now=timezone.now())
    if track_ids:
        async_task("listening.tasks.resolve_tracks", track_ids)
    return f"Queued {len(track_ids)} tracks to look up."


def resolve_tracks(track_ids: list[int]) -> str:
    """Find these tracks at MusicBrainz."""
    return sweep.resolve_portion(track_ids)
