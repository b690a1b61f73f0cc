"""The site, and the page that it is measured against."""

from django.urls import include, path

from benchmarks.bare import bare_page

urlpatterns = [
    path("bare/<int:n_queries>/<int:n_values>/<int:n_bytes>/", bare_page),
    path("", include("sidetrack.urls")),
]
