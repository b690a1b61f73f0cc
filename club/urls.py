"""Addresses of the club's pages."""

from django.urls import path

from club.publishing import feeds
from club.views import acting, archive, home, random_week, rate_album, stats, stats_table, week

app_name = "club"

urlpatterns = [
    path("", home.home, name="home"),
    path("weeks/", archive.archive_page, name="weeks"),
    path("weeks/<int:number>/", week.week_page, name="week"),
    path("weeks/<int:number>/albums/", week.suggestions, name="suggestions"),
    path("weeks/<int:number>/nominate/", acting.nominate, name="nominate"),
    path("weeks/<int:number>/withdraw/", acting.withdraw, name="withdraw"),
    path("weeks/<int:number>/vote/", acting.vote, name="vote"),
    path("weeks/<int:number>/rate/", acting.rate, name="rate"),
    path("weeks/<int:number>/report/", acting.report_words, name="report"),
    path("albums/<str:slug>/rate/", rate_album.rate_album, name="rate_album"),
    path("stats/", stats.stats_page, name="stats"),
    path("stats/<slug:table>.csv", stats_table.stats_table, name="stats_table"),
    path("random/", random_week.random_week, name="random"),
    path("feeds/weeks.atom", feeds.weeks_atom, name="weeks_atom"),
    path("feeds/reviews.atom", feeds.reviews_atom, name="reviews_atom"),
]
