"""Everybody whom whoever asks may see."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from sidetrack import slots
from social.models import User
from social.suggestions import suggestions

PAGE_SIZE = 60
N_SUGGESTIONS = 6


@require_safe
def community(request: HttpRequest) -> HttpResponse:
    """Members by name, or in an order of `?sort=` (`social.orders`).

    Fillers of the slot `social:community` answer a dict: member id to a few words about them.
    """
    members = User.objects.present(to=request.user).visible_to(request.user).order_by("handle")
    orders = [order for order in slots.call("social:community_orders", request) if order is not None]
    order = next((each for each in orders if each.slug == request.GET.get("sort")), None)
    if wanted := request.GET.get("q", "").strip():
        members = members.filter(handle__icontains=wanted) | members.filter(display_name__icontains=wanted)
    members = order.sort(members) if order is not None else members
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("page"))
    said: dict[int, list[str]] = {member.pk: [] for member in page}
    for facts in slots.call("social:community", request, list(said)):
        for member_id, words in facts.items():
            said[member_id].append(words)
    context: dict[str, Any] = {"page": page, "members": [(member, said[member.pk]) for member in page], "q": wanted}
    context |= {"orders": orders, "order": order}
    if isinstance(request.user, User) and page.number == 1 and not wanted:
        context["suggestions"] = suggestions(request.user, N_SUGGESTIONS)
    response = render(request, "social/community.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
