"""What the club tells of a member's year on their recap: ratings, nominations and wins; and where they stood alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.drawing.collage import four_or_one
from catalog.templatetags.covers import cover
from club.figures.members import DifferenceRow, member_against_club
from club.models import Nomination, Phase, Rating
from club.views.member_parts import shows_club
from social.models import User
from social.recap import Card, Row, too_little
from social.visibility import Viewer

N_BEST = 4
ALONE = 1.0  # stars away from the others, from which it is worth telling


def _span(member: User, year: int) -> tuple[datetime, datetime]:
    """The year where the member lives."""
    zone = ZoneInfo(member.timezone)
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def _nominations(member: User) -> QuerySet[Nomination]:
    rows = Nomination.objects.standing().filter(user=member)
    return rows.exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])


def years(member: User, viewer: Viewer) -> Iterable[int]:
    if not shows_club(member, viewer):
        return ()
    zone = ZoneInfo(member.timezone)
    rated = Rating.objects.standing().filter(user=member).datetimes("created_at", "year", tzinfo=zone)
    nominated = _nominations(member).datetimes("created_at", "year", tzinfo=zone)
    return {moment.year for rows in (rated, nominated) for moment in rows}


def cards(member: User, viewer: Viewer, year: int, now: datetime) -> list[Card]:
    """Nothing where the archive hides the member. Counts are of every rating; named are those the viewer may read."""
    if not shows_club(member, viewer):
        return []
    first, end = _span(member, year)
    ratings = Rating.objects.standing().filter(user=member, created_at__gte=first, created_at__lt=end)
    stars = list(ratings.values_list("half_stars", flat=True))
    nominations = _nominations(member).filter(created_at__gte=first, created_at__lt=end)
    won = [pk == winner for pk, winner in nominations.values_list("pk", "week__winner")]
    title = _("In the club")
    if not stars and not won:
        return [too_little("club", title, _("Neither rated nor nominated anything this year."))]
    best = list(
        ratings.visible_to(viewer)
        .select_related("album__artist", "week")
        .order_by("-half_stars", "-created_at", "-id")[:N_BEST]
    )
    return [_club_card(member, title, stars, won, best), *_alone(member, viewer, year)]


def _club_card(member: User, title: str, stars: list[int], won: list[bool], best: list[Rating]) -> Card:
    said = []
    if won:
        said.append(ngettext("%(n)d nomination", "%(n)d nominations", len(won)) % {"n": len(won)})
        if sum(won):
            said.append(ngettext("%(n)d won", "%(n)d won", sum(won)) % {"n": sum(won)})
    mean = sum(stars) / len(stars) / 2 if stars else None
    if mean is not None:
        said.append(_("%(mean).2f stars on average") % {"mean": mean})
    n_ratings = ngettext("%(n)d rating", "%(n)d ratings", len(stars)) % {"n": len(stars)}
    return Card(
        "club",
        title,
        n_ratings if stars else said.pop(0),
        " · ".join(said),
        tuple(_row(rating) for rating in best),
        note=_("The best of the year, by stars.") if best else "",
        more=(_("All ratings"), reverse("social:profile_tab", args=[member.handle, "ratings"])),
        picture=partial(four_or_one, [rating.album for rating in best]),
        hue=50,
    )


def _row(rating: Rating) -> Row:
    album = rating.album
    return Row(album.title, f"★ {rating.stars:.1f}", album.get_absolute_url(), cover(album, size=150, alt=""))


def _alone(member: User, viewer: Viewer, year: int) -> list[Card]:
    """The album on which the member was farthest from everybody else, for the last card."""
    figures = member_against_club(member, viewer=viewer)
    zone = ZoneInfo(member.timezone)
    rows: list[DifferenceRow] = [
        row
        for row in (*figures.loved_more, *figures.loved_less)
        if row.week.discussion_at.astimezone(zone).year == year and abs(row.by) >= ALONE
    ]
    if not rows:
        return []
    row = max(rows, key=lambda each: abs(each.by))
    assert row.week.winner is not None  # noqa: S101  (a rated week has one)
    album = row.week.winner.album
    under = (
        _("stars more than everybody else for “%(album)s”")
        if row.by > 0
        else _("stars less than everybody else for “%(album)s”")
    )
    return [
        Card(
            "fact",
            _("One more thing"),
            f"{abs(row.by):.1f}",
            under % {"album": album.title},
            (Row(str(member), f"{row.own:.1f}"), Row(_("The others"), f"{row.others:.1f}")),
            address=row.week.get_absolute_url(),
            picture=partial(four_or_one, [album]),
            hue=None if album.cover_hue is None else album.cover_hue * 15.0,
        )
    ]
