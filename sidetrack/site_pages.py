"""Pages and files that belong to the site as a whole: privacy, robots.txt, the web manifest."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

UNCRAWLED = ("/admin/", "/accounts/", "/api/", "/settings/", "/random/", "/report/")
ICON_SIZES = (192, 512)


@require_safe
@cache_control(public=True, max_age=86_400)
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in UNCRAWLED), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to keep the site beside its apps."""
    icons = [{"src": staticfiles_storage.url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for size in ICON_SIZES:
        address = staticfiles_storage.url(f"img/icon-{size}.png")
        icons.append({"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"})
    address = staticfiles_storage.url("img/icon-maskable-512.png")
    icons.append({"src": address, "sizes": "512x512", "type": "image/png", "purpose": "maskable"})
    content = {
        "name": "Sidetrack",
        "short_name": "Sidetrack",
        "description": _("A weekly album club and its archive."),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "background_color": "#f7f5f0",
        "theme_color": "#0b625c",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "sidetrack/privacy.html")


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """What the keyboard does; `shortcuts.js` shows the same as a dialog."""
    return render(request, "sidetrack/shortcuts.html")
