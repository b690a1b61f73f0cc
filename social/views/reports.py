"""What a member has reported, and what became of it."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from social.models import Report, User

PAGE_SIZE = 30


@login_required
@never_cache
@require_safe
def own_reports(request: HttpRequest) -> HttpResponse:
    """Newest first. Who decided, and why, stays among the moderators."""
    rows = Report.objects.filter(reporter=cast(User, request.user)).order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "social/settings_reports.html", {"page": page})
