"""Somewhere in the archive."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from club.models import Week


@require_safe
@never_cache
def random_week(request: HttpRequest) -> HttpResponse:
    """A week with a winner, each as likely as the others and never the one just read; the archive before the first."""
    weeks = Week.objects.decided()
    came_from = request.headers.get("Referer", "")
    numbers = list(weeks.order_by().values_list("number", flat=True))
    others = [number for number in numbers if not came_from.endswith(f"/weeks/{number}/")]
    if not numbers:
        return redirect("club:weeks")
    return redirect("club:week", secrets.choice(others or numbers))
