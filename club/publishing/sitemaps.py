"""What search engines may know of: weeks, the albums and artists in them, and members who ask for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now as current_time
from django.views.decorators.http import require_safe

from catalog.models import Album, Artist
from club.known_albums import known_to_club
from club.models import Nomination, Phase, Week
from club.publishing.feeds import changed_at
from sidetrack.kept_copies import fresh_for_visitors
from social.models import User


class _Pages(Sitemap):  # type: ignore[type-arg]  # generic for mypy only
    """Addresses by SITE_URL, whatever name the site was asked by."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class FixedPages(_Pages):
    def items(self) -> list[str]:
        return ["club:home", "club:weeks", "club:stats", "social:community", "privacy"]

    def location(self, item: str) -> str:
        return reverse(item)


class Weeks(_Pages):
    def items(self) -> QuerySet[Week]:
        return Week.objects.exclude(phase__in=[Phase.SCHEDULED, Phase.CANCELLED]).order_by("-number")

    def lastmod(self, item: Week) -> datetime:
        return changed_at(item, current_time())


class Albums(_Pages):
    """Those that the club nominated or rated: the others have little to say yet."""

    def items(self) -> QuerySet[Album]:
        return Album.objects.current().filter(known_to_club()).order_by("pk")


class Artists(_Pages):
    def items(self) -> QuerySet[Artist]:
        nominated = Nomination.objects.standing().filter(album__artist=OuterRef("pk"))
        return Artist.objects.current().filter(Exists(nominated)).order_by("pk")


class Members(_Pages):
    """Only those who are public and said that search engines may find them."""

    def items(self) -> QuerySet[User]:
        found: QuerySet[User] = User.objects.searchable().order_by("handle")
        return found


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": FixedPages,
    "weeks": Weeks,
    "albums": Albums,
    "artists": Artists,
    "members": Members,
}


@require_safe
@fresh_for_visitors(seconds=3600, reads=("p",))
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    response = sitemap(request, sitemaps=SITEMAPS)
    response.render()
    return HttpResponse(response.content, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})
