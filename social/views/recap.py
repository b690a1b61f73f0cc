"""`/@handle/2026/`: a year in six cards, each also a picture to post. Made for whoever asks, by what they may read."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sidetrack.drawing.fact_card import FactCard, drawn
from social.models import User
from social.recap import Card, cards_of, years_of
from social.viewpoint import NAMES, Viewpoint, viewpoint_of
from social.views.profile import for_one_reader
from social.visibility import answers_kept


def _reading(request: HttpRequest, handle: str, year: int) -> tuple[User, Viewpoint, list[int]]:
    """The member, through whose eyes, and the years that there are; 404 for whoever may not see that."""
    view = viewpoint_of(request, handle)
    member = User.objects.by_handle(handle).filter(is_active=True).visible_to(view.viewer).first()
    years = years_of(member, view.viewer) if member is not None else []
    if member is None or year not in years:
        raise Http404
    return member, view, years


@require_safe
@answers_kept()
def recap_page(request: HttpRequest, handle: str, year: str) -> HttpResponse:
    number = int(year)
    member, view, years = _reading(request, handle, number)
    if member.handle != handle:
        return redirect("social:recap", member.handle, year)
    cards = cards_of(member, view.viewer, number, now=timezone.now())
    at = years.index(number)
    full = next((card for card in cards if card.is_full), None)
    picture = reverse("social:recap_card", args=[member.handle, number, full.place]) if full else ""
    context = {
        "member": member,
        "view": view,
        "views": NAMES if request.user == member else {},
        "year": number,
        "cards": cards,
        "before": years[at - 1] if at else None,
        "after": years[at + 1] if at + 1 < len(years) else None,
        "is_running": number == timezone.now().year,
        "address": settings.SITE_URL + request.path,
        "picture": settings.SITE_URL + picture if picture and member.visibility == "public" else "",
    }
    return for_one_reader(render(request, "social/recap.html", context))


@require_safe
def recap_card(request: HttpRequest, handle: str, year: str, place: str) -> HttpResponse:
    """One card as PNG, for whoever may read what it tells; drawn once for what it shows."""
    number = int(year)
    member, view, _years = _reading(request, handle, number)
    cards = cards_of(member, view.viewer, number, now=timezone.now())
    card = next((each for each in cards if each.place == place and each.is_full), None)
    if card is None:
        raise Http404
    return as_picture(request, fact_card(member, number, card), name=f"{member.handle}-{number}-{place}")


def fact_card(member: User, year: int, card: Card) -> FactCard:
    return FactCard(
        eyebrow=f"{member} · {year} · {card.title}",
        headline=card.headline,
        under=card.under,
        rows=tuple((row.label, row.value) for row in card.rows),
        foot=_("Sidetrack · @%(handle)s") % {"handle": member.handle},
        picture=card.picture(),
        hue=card.hue,
    )


def as_picture(request: HttpRequest, card: FactCard, *, name: str) -> HttpResponse:
    """An answer that no cache on the way keeps, for who may see it can change; the browser asks again by its tag."""
    etag = f'"{card.content_hash}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(drawn(card), content_type="image/png")
        response["Content-Disposition"] = f'inline; filename="sidetrack-{name}.png"'
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
