"""Takes the demo out again: everything that is invented, and nothing that a real member did or that holds on to it.

What a real member left in the demo decides what stays:
- their ratings of invented weeks become ratings outside the club, as they do when a winner is overridden;
- an invented week in which they nominated or voted stays whole, with the members who took part: half a poll would lie;
- an album that they nominated or rated stays, as an album like any other.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from club import revision
from club.models import DiaryEntry, FavouriteAlbum, Nomination, Rating, Vote, WantedAlbum, Week
from club.moved_ratings import send_outside
from club.phases import locked
from club.ratings import recompute
from listening.forgetting import forget_listens
from sidetrack import slots
from sidetrack.demo import blends, sound
from sidetrack.demo.holding import held
from sidetrack.demo.removed import Ids, Removed, listed
from sidetrack.demo.removing_music import remove_music
from sidetrack.demo.removing_records import remove_records, written
from social.models import User


@transaction.atomic
def remove(*, now: datetime) -> Removed:
    """All or nothing; safe to call again, also when there is no demo."""
    done = Removed()
    for sentences in slots.call("demo:remove"):
        done.kept += sentences
    blends.remove()
    sound.remove(now=now)
    for member in User.objects.filter(is_demo=True):
        forget_listens(user=member)
    for shelf in (FavouriteAlbum, WantedAlbum, DiaryEntry):
        done.delete(shelf.objects.filter(user__is_demo=True))
    known = written()
    staying = _staying_weeks(done)
    remove_ratings(staying, done, now)
    remove_votes_and_nominations(staying, done)
    weeks = Week.objects.filter(is_demo=True).exclude(pk__in=staying)
    done.delete(weeks)
    members = User.objects.filter(is_demo=True)
    done.delete(members.exclude(pk__in=held(members, only_protected=True)))
    remove_music(done)
    remove_records(done, known, now=now)
    revision.bump()
    return done


def _staying_weeks(done: Removed) -> Ids:
    """Invented weeks in which somebody real nominated or voted."""
    real = Q(nominations__user__is_demo=False) | Q(votes__user__is_demo=False)
    weeks = Week.objects.filter(real, is_demo=True).distinct().order_by("number")
    for week in weeks:
        took_part = User.objects.filter(Q(nominations__week=week) | Q(votes__week=week), is_demo=False).distinct()
        done.kept.append(
            f"{week} stays, with the invented members who took part in it, because {listed(took_part)} nominated or "
            "voted in it. Without those it goes with the next `demo --remove`."
        )
    return {week.pk for week in weeks}


def remove_ratings(staying: Ids, done: Removed, now: datetime) -> None:
    """Invented ratings go; real ones of invented weeks move outside the club."""
    invented = Rating.objects.filter(user__is_demo=True).exclude(week_id__in=staying)
    shaken = set(invented.filter(week__is_demo=False).values_list("week_id", flat=True))
    done.delete(invented | Rating.objects.filter(user__is_demo=True, week__isnull=True))
    for pk in sorted(shaken):
        recompute(locked(pk))
    for week in Week.objects.filter(is_demo=True, ratings__isnull=False).exclude(pk__in=staying).distinct():
        raters = listed(User.objects.filter(ratings__week=week))
        sent = send_outside(locked(week), by=None, now=now)
        if sent.moved:
            done.kept.append(f"Ratings of {week} by {raters} stay, as ratings outside the club.")
        if sent.dropped:
            done.kept.append(
                f"{len(sent.dropped)} of the ratings of {week} by {raters} went: "
                "there the member has rated the album outside the club as well, and that rating stays."
            )


def remove_votes_and_nominations(staying: Ids, done: Removed) -> None:
    """Also the invented ones in real weeks, but for a nomination that won there or that somebody real voted for."""
    Week.objects.filter(is_demo=True).exclude(pk__in=staying).update(winner=None)
    done.delete(Vote.objects.filter(user__is_demo=True).exclude(week_id__in=staying))
    nominations = Nomination.objects.filter(user__is_demo=True).exclude(week_id__in=staying)
    for nomination in nominations.filter(pk__in=held(nominations, only_protected=True)).select_related(
        "album", "user", "week"
    ):
        done.kept.append(
            f"“{nomination.album.title}” stays in {nomination.week}, with {nomination.user} who nominated it: "
            "it won there, or real members voted for it."
        )
    done.delete(nominations.exclude(pk__in=held(nominations, only_protected=True)))
