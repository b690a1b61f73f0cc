"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from club.publishing.sitemaps import sitemap_xml
from sidetrack import media, site_pages
from sidetrack.health import health, ready
from sidetrack.theme import switch_theme

urlpatterns = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("media/<path:path>", media.serve, name="media"),
    path("robots.txt", site_pages.robots_txt, name="robots"),
    path("manifest.webmanifest", site_pages.manifest, name="manifest"),
    path("sitemap.xml", sitemap_xml, name="sitemap"),
    path("privacy/", site_pages.privacy, name="privacy"),
    path("shortcuts/", site_pages.shortcuts, name="shortcuts"),
    path("theme/", switch_theme, name="theme"),
    path("", include("club.urls")),
    path("", include("catalog.urls")),
    path("", include("listening.urls")),
    path("", include("taste.urls")),
    path("", include("social.urls")),
    path("", include("sidetrack.api.router")),
    path("admin/", admin.site.urls),
    path("accounts/", include("social.signin.urls")),
]

handler400 = "sidetrack.error_pages.bad_request"
handler403 = "sidetrack.error_pages.forbidden"
handler404 = "sidetrack.error_pages.not_found"
handler429 = "sidetrack.error_pages.too_often"  # asked for by allauth
handler500 = "sidetrack.error_pages.server_error"
