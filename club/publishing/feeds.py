"""Atom feeds of weeks and of reviews, for anybody: public items only, whoever asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.timezone import now as current_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from club.models import ClubSettings, Phase, Rating, Week
from club.polls import poll_results
from social.models import ModerationAction

N_ITEMS = 40
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # https://www.w3.org/TR/xml/#charsets
STARTED = datetime(2025, 1, 1, tzinfo=UTC)  # what an empty feed says about its last change


def stable_id(kind: str, key: int) -> str:
    """An id that stays when addresses change (RFC 4151)."""
    return f"tag:{settings.SITE_HOST},2025:{kind}/{key}"


def changed_at(week: Week, now: datetime, *, touched_at: datetime | None = None) -> datetime:
    """When the page of a week last changed for good: the latest of its deadlines that has passed, or of what
    moderators did to it (touched_at).
    """
    moments = (week.opens_at, week.nominations_close_at, week.poll_close_at, week.discussion_at, week.ratings_close_at)
    passed = [moment for moment in moments if moment <= now]
    return max([*passed, touched_at] if touched_at else passed, default=week.opens_at)


def touched(weeks: Iterable[Week]) -> dict[int, datetime]:
    """By week: when a moderator last did something to it, such as choosing another winner, or undoing that."""
    acts = ModerationAction.objects.filter(kind=Week._meta.label_lower, object_id__in=[week.pk for week in weeks])
    return dict(acts.order_by().values_list("object_id").annotate(Max("created_at")))


def atom(request: HttpRequest, feed: Atom1Feed, updated: datetime) -> HttpResponseBase:
    """The feed, or 304 where the reader has it: by ETag, else by Last-Modified.

    Caches on the way ask each time: who hides is gone from it at once.
    """
    body = feed.writeString("utf-8").encode()
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    etag, last_modified = quote_etag(hashlib.sha256(body).hexdigest()[:32]), int(updated.timestamp())
    response["ETag"], response["Last-Modified"] = etag, http_date(last_modified)
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return get_conditional_response(request, etag=etag, last_modified=last_modified, response=response) or response


class _Dated(Atom1Feed):
    """A feed whose own date is given: an empty one says the same each time, so that its ETag holds."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else STARTED

    def add_item(self, *args: Any, **said: Any) -> None:
        """Without the characters that XML cannot hold: one member's words must not cost everybody the feed."""
        super().add_item(*args, **{name: fit_for_xml(value) for name, value in said.items()})


def fit_for_xml(value: Any) -> Any:
    return NOT_IN_XML.sub("", value) if isinstance(value, str) else value


def new_feed(*, club: ClubSettings, title: str, subtitle: str, page: str, feed_page: str) -> _Dated:
    return _Dated(
        title=title,
        link=settings.SITE_URL + page,
        description=subtitle,
        subtitle=subtitle,
        language=settings.LANGUAGE_CODE,
        feed_url=settings.SITE_URL + feed_page,
        author_name=fit_for_xml(club.name),
    )


@require_safe
def weeks_atom(request: HttpRequest) -> HttpResponseBase:
    """One entry for each week with a winner, newest first; its date moves as the week goes on."""
    now = current_time()
    weeks = list(Week.objects.decided().exclude(phase=Phase.CANCELLED).with_winner().order_by("-number")[:N_ITEMS])
    results, moderated = poll_results(weeks), touched(weeks)
    club = ClubSettings.load()
    feed = new_feed(
        club=club,
        title=_("Sidetrack: weeks"),
        subtitle=_("What the club chose, week by week, and what it thought of it."),
        page=reverse("club:weeks"),
        feed_page=reverse("club:weeks_atom"),
    )
    updated = STARTED
    for week in weeks:
        assert week.winner is not None  # noqa: S101  (decided)
        at = changed_at(week, now, touched_at=moderated.get(week.pk))
        address = settings.SITE_URL + week.get_absolute_url()
        updated = max(updated, at)
        result = results[week.pk]
        shown = {"week": week, "album": week.winner.album, "poll": result, "minimum": club.minimum_ratings}
        feed.add_item(
            title=_("Week %(number)d: %(album)s") % {"number": week.number, "album": week.winner.album},
            link=address,
            description=render_to_string("club/feed_week.html", shown),
            unique_id=stable_id("week", week.number),
            pubdate=week.poll_close_at,
            updateddate=at,
        )
    return atom(request, feed, updated)


@require_safe
def reviews_atom(request: HttpRequest) -> HttpResponseBase:
    """The newest public reviews; one that its author folds away is named, not quoted."""
    reviews = Rating.objects.standing().visible_to(None).exclude(review="")
    reviews = reviews.select_related("user", "album__artist", "week").order_by("-created_at", "-id")[:N_ITEMS]
    feed = new_feed(
        club=ClubSettings.load(),
        title=_("Sidetrack: reviews"),
        subtitle=_("What members write about the albums that they hear."),
        page=reverse("club:weeks"),
        feed_page=reverse("club:reviews_atom"),
    )
    updated = STARTED
    for rating in reviews:
        updated = max(updated, rating.updated_at)
        page = rating.week.get_absolute_url() if rating.week else rating.album.get_absolute_url()
        feed.add_item(
            title=_("%(member)s on %(album)s: %(stars).1f stars")
            % {"member": rating.user, "album": rating.album, "stars": rating.stars},
            link=f"{settings.SITE_URL}{page}#rating-{rating.pk}",
            description=render_to_string("club/feed_review.html", {"rating": rating}),
            author_name=str(rating.user),
            unique_id=stable_id("review", rating.pk),
            pubdate=rating.created_at,
            updateddate=rating.updated_at,
        )
    return atom(request, feed, updated)
