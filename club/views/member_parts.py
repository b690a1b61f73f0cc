"""What the club adds to a member's page: the overview, and the tabs ratings, nominations and reviews.

Everything here is drawn for `viewer`, who is not always the one who asks: members may look at their own page as a
visitor does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from club.figures.statistics import FAVOURITE_AT_LEAST
from club.figures.whole_club import member_against_club
from club.models import ClubSettings, Nomination, Phase, Rating
from club.polls import POLL_IS_OVER, poll_results
from club.scoring import PollEntry
from club.views.shelf_parts import is_own
from club.views.week_parts import ReviewShown
from social.models import User
from social.tabs import Tab
from social.visibility import Viewer, opens, shown_ids

PAGE_SIZE = 40
N_RECENT = 8
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class NominationShown:
    nomination: Nomination
    entry: PollEntry | None  # None while the poll is secret
    n_nominees: int
    is_winner: bool


def shows_club(member: User, viewer: Viewer) -> bool:
    """The viewer may read this member's part in the archive."""
    return opens(member, viewer, "club_visibility")


def _page(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def ratings_tab(member: User, viewer: Viewer) -> Tab | None:
    return Tab("ratings", _("Ratings"), draw_ratings) if shows_club(member, viewer) else None


def nominations_tab(member: User, viewer: Viewer) -> Tab | None:
    return Tab("nominations", _("Nominations"), draw_nominations) if shows_club(member, viewer) else None


def reviews_tab(member: User, viewer: Viewer) -> Tab | None:
    return Tab("reviews", _("Reviews"), draw_reviews) if shows_club(member, viewer) else None


def draw_ratings(request: HttpRequest, member: User, viewer: Viewer) -> str:
    """Every rating that the viewer may see, newest first, or by stars."""
    rows = (
        Rating.objects.standing()
        .filter(user=member)
        .visible_to(viewer)
        .select_related("album__artist", "week", "track")
    )
    by_stars = request.GET.get("sort") == "stars"
    rows = rows.order_by("-half_stars", "-created_at", "-id") if by_stars else rows.order_by("-created_at", "-id")
    minimum = ClubSettings.load().minimum_ratings
    context = {
        "member": member, "page": _page(request, rows), "by_stars": by_stars, "minimum": minimum,
        "is_own": is_own(member, viewer),
    }  # fmt: skip
    return render_to_string("club/_member_ratings.html", context, request)


def draw_reviews(request: HttpRequest, member: User, viewer: Viewer) -> str:
    rows = Rating.objects.standing().filter(user=member).exclude(review="").visible_to(viewer)
    page = _page(request, rows.select_related("user", "album__artist", "week", "track").order_by("-created_at", "-id"))
    owned = is_own(member, viewer)
    reviews = [ReviewShown(rating, owned) for rating in page]
    context = {"member": member, "page": page, "reviews": reviews, "is_own": owned}
    return render_to_string("club/_member_reviews.html", context, request)


def draw_nominations(request: HttpRequest, member: User, viewer: Viewer) -> str:
    """With each one's place in its poll; the polls of all of them in two queries."""
    rows = (
        Nomination.objects.standing()
        .filter(user=member)
        .exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
        .select_related("user", "week", "album__artist")
        .order_by("-week__number")
    )
    page = _page(request, rows)
    weeks = [nomination.week for nomination in page]
    results = poll_results(weeks) if weeks else {}
    shown = []
    for nomination in page:
        result = results[nomination.week_id]
        entry = next((entry for entry in result.entries if entry.nomination_id == nomination.pk), None)
        is_over = nomination.week.phase in POLL_IS_OVER
        is_winner = nomination.week.winner_id == nomination.pk
        shown.append(NominationShown(nomination, entry if is_over else None, len(result.entries), is_winner))
    context = {"member": member, "page": page, "shown": shown, "is_own": is_own(member, viewer)}
    return render_to_string("club/_member_nominations.html", context, request)


def overview(request: HttpRequest, member: User, viewer: Viewer) -> str:
    """Figures, you v. the club, rater style, the newest ratings; for whom the archive shows this member to."""
    if not shows_club(member, viewer):
        return render_to_string("club/_member_hidden.html", {"member": member}, request)
    figures = member_against_club(member, viewer=viewer)
    differing = (*figures.loved_more, *figures.loved_less)
    recent = Rating.objects.standing().filter(user=member).visible_to(viewer)
    context = {
        "member": member,
        "figures": figures,
        "widest": max((abs(row.by) for row in differing), default=0.0),
        "offset": figures.leaning.offset if figures.leaning else None,
        "favourites": [
            (_("Favourite decade"), figures.favourite_decade),
            (_("Favourite genre"), figures.favourite_genre),
            (_("Favourite country"), figures.favourite_country),
        ],
        "favourite_at_least": FAVOURITE_AT_LEAST,
        "recent": recent.select_related("album__artist", "week").order_by("-created_at", "-id")[:N_RECENT],
        "is_own": is_own(member, viewer),
    }
    return render_to_string("club/_member_overview.html", context, request)


def community_facts(request: HttpRequest, member_ids: list[int]) -> dict[int, str]:
    """“12 ratings”, for those whose part in the archive whoever asks may read."""
    shown = shown_ids(member_ids, request.user)
    rows = Rating.objects.standing().filter(user__in=shown).visible_to(request.user).order_by()
    counts = rows.values_list("user_id").annotate(n=Count("id", filter=Q(week__isnull=False)))
    return {member_id: ngettext("%(n)d rating", "%(n)d ratings", n) % {"n": n} for member_id, n in counts if n}


def head(request: HttpRequest, member: User) -> str:
    return render_to_string("club/_member_head.html", {"member": member}, request)
