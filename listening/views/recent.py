"""What a member heard last, day by day, as far back as one cares to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from listening.figures.history import history_of
from listening.figures.staleness import stale_sources
from listening.models import ListenEvent, NowPlaying
from listening.views.access import address, reading_or_404
from social.views.profile import for_one_reader

PAGE_SIZE = 60
ACTIONS = "listening/_listen_actions.html"  # what owners can do with a play of theirs


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: just before this play, newest first."""

    played_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.played_at:%Y%m%dT%H%M%SZ}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for what no link of ours says."""
        moment, _, pk = text.partition("-")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            return None
        try:
            return cls(datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), int(pk))
        except ValueError:
            return None


@require_safe
def recent(request: HttpRequest, handle: str) -> HttpResponse:
    reading = reading_or_404(request, handle)
    now = timezone.now()
    history = history_of(reading.member, now=now)
    place = Place.read(request.GET.get("before", ""))
    listens = list(_plays(reading.member.pk, place)[: PAGE_SIZE + 1])
    shown = listens[:PAGE_SIZE]
    days: list[tuple[date, list[ListenEvent]]] = [
        (day, list(rows)) for day, rows in groupby(shown, key=lambda row: row.played_at.astimezone(history.zone).date())
    ]
    counts = dict(history.plays)
    path = reverse("listening:recent", args=[reading.member.handle])
    is_more = len(listens) > PAGE_SIZE
    context = {
        "reading": reading,
        "member": reading.member,
        "zone": history.zone,
        "history": history,
        "days": [(day, counts.get(day, len(rows)), rows) for day, rows in days],
        "place": place,
        "newest": address(path, **{"as": reading.seen_as}),
        "older": address(path, before=str(Place(shown[-1].played_at, shown[-1].pk)), **{"as": reading.seen_as})
        if is_more
        else "",
        "playing": None if place else NowPlaying.objects.filter(user=reading.member).at(now).first(),
        "stale": stale_sources(reading.member, now=now) if reading.is_own else [],
        "actions": ACTIONS if reading.is_own and _has_actions() else "",
    }
    return for_one_reader(render(request, "listening/recent.html", context))


def _plays(member_id: int, place: Place | None) -> list[ListenEvent]:
    """Newest first, from behind a place on: the index finds it, however far back."""
    plays = ListenEvent.objects.counted().filter(user=member_id)
    if place:
        behind = Q(played_at__lt=place.played_at) | Q(played_at=place.played_at, pk__lt=place.pk)
        plays = plays.filter(behind, played_at__lte=place.played_at)
    return plays.with_music().order_by("-played_at", "-pk")  # type: ignore[return-value]


def _has_actions() -> bool:
    try:
        get_template(ACTIONS)
    except TemplateDoesNotExist:
        return False
    return True
