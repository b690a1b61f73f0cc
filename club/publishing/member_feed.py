"""One member's Atom feed, for anybody: what of their ratings, reviews, nominations and wins is public."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now as current_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from club.models import ClubSettings, Nomination, Phase, Rating, Week
from club.polls import POLL_IS_OVER
from club.publishing.feeds import N_ITEMS, STARTED, atom, new_feed, stable_id
from social.models import User
from social.visibility import shown_ids


class Entry(NamedTuple):
    """What one row of the feed says."""

    at: datetime
    updated: datetime
    id: str
    title: str
    address: str
    words: str


@require_safe
def member_atom(request: HttpRequest, handle: str) -> HttpResponseBase:
    """404 unless the page is everybody's. Whoever hides their part in the archive has an empty feed."""
    member = User.objects.by_handle(handle).filter(is_active=True).visible_to(None).first()
    if member is None:
        raise Http404
    club = ClubSettings.load()
    feed = new_feed(
        club=club,
        title=_("Sidetrack: %(member)s") % {"member": member},
        subtitle=_("What %(member)s rates, writes and nominates in the album club.") % {"member": member},
        page=member.get_absolute_url(),
        feed_page=reverse("club:member_atom", args=[member.handle]),
    )
    entries = sorted(entries_of(member), reverse=True)[:N_ITEMS] if shown_ids([member.pk], None) else []
    for each in entries:
        feed.add_item(
            title=each.title,
            link=settings.SITE_URL + each.address,
            description=each.words,
            author_name=str(member),
            unique_id=each.id,
            pubdate=each.at,
            updateddate=each.updated,
        )
    return atom(request, feed, max((each.updated for each in entries), default=STARTED))


def entries_of(member: User) -> list[Entry]:
    """The newest of each kind; three queries."""
    return [*_ratings(member), *_nominations(member), *_wins(member)]


def _ratings(member: User) -> list[Entry]:
    rows = Rating.objects.standing().visible_to(None).filter(user=member).select_related("album__artist", "week")
    found = []
    for row in rows.order_by("-created_at", "-id")[:N_ITEMS]:
        page = row.week.get_absolute_url() if row.week else row.album.get_absolute_url()
        title = _("%(stars).1f stars for %(album)s") % {"stars": row.stars, "album": row.album}
        words = render_to_string("club/feed_review.html", {"rating": row})
        address = f"{page}#rating-{row.pk}"
        # The same id as in the feed of everybody's reviews: a reader of both is told once.
        found.append(Entry(row.created_at, row.updated_at, stable_id("review", row.pk), title, address, words))
    return found


def _nominations(member: User) -> list[Entry]:
    rows = Nomination.objects.standing().filter(user=member).select_related("album__artist", "week")
    rows = rows.exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
    found = []
    for row in rows.order_by("-created_at", "-id")[:N_ITEMS]:
        title = _("Nominated in week %(number)d: %(album)s") % {"number": row.week.number, "album": row.album}
        words = render_to_string("club/feed_nomination.html", {"nomination": row})
        address = f"{row.week.get_absolute_url()}#nomination-{row.pk}"
        found.append(Entry(row.created_at, row.created_at, stable_id("nomination", row.pk), title, address, words))
    return found


def _wins(member: User) -> list[Entry]:
    rows = Week.objects.decided().filter(winner__user=member, phase__in=POLL_IS_OVER).with_winner()
    found = []
    for row in rows.filter(poll_close_at__lte=current_time()).order_by("-poll_close_at")[:N_ITEMS]:
        assert row.winner is not None  # noqa: S101  (decided)
        title = _("Won week %(number)d: %(album)s") % {"number": row.number, "album": row.winner.album}
        words = render_to_string("club/feed_nomination.html", {"nomination": row.winner})
        found.append(
            Entry(
                row.poll_close_at, row.poll_close_at, stable_id("win", row.number), title, row.get_absolute_url(), words
            )
        )
    return found
