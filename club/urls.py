"""Addresses of the club's pages."""

from django.urls import path

from club.publishing import feeds, member_feed
from club.views import acting, archive, home, random_week, rate_album, reporting, shelves, stats, stats_table, week

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
    path("albums/<str:slug>/rate/", rate_album.rate_album, name="rate_album"),
    path("albums/<str:slug>/log/", shelves.log_page, name="log_album"),
    path("albums/<str:slug>/want/", shelves.want_album, name="want_album"),
    path("albums/<str:slug>/favourite/", shelves.favour_album, name="favour_album"),
    path("settings/favourites/", shelves.favourites_page, name="favourites"),
    path("ratings/<int:pk>/report/", reporting.report_rating, name="report_rating"),
    path("nominations/<int:pk>/report/", reporting.report_nomination, name="report_nomination"),
    path("wants/<int:pk>/report/", reporting.report_note, name="report_note"),
    path("stats/", stats.stats_page, name="stats"),
    path("stats/<slug:table>.csv", stats_table.stats_table, name="stats_table"),
    path("random/", random_week.random_week, name="random"),
    path("feeds/weeks.atom", feeds.weeks_atom, name="weeks_atom"),
    path("feeds/reviews.atom", feeds.reviews_atom, name="reviews_atom"),
    path("@<str:handle>/feed.atom", member_feed.member_atom, name="member_atom"),
]
