"""What several sources tell of one play: which row stands, and why; the order in which sources are believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from listening import doubles
from listening.duplicates import likeness
from listening.models import Listener, ListenEvent, Source
from listening.telling_apart import musics_of, source_order, stamp_of
from listening.views.access import address
from listening.views.recent import Place
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from social.settings_menu import Section, SettingsLink

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a play; `why` says how it agrees with the row that stands, "" for that row itself."""

    row: ListenEvent
    why: str

    @property
    def stands(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class Group:
    """A play and the rows that tell it, the one that stands first."""

    play: ListenEvent
    told: list[Told]


@login_required
@never_cache
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    listener = Listener.objects.filter(pk=member.pk).first() or Listener(user=member)
    place = Place.read(request.GET.get("before", ""))
    plays = list(_plays(listener, place)[: PAGE_SIZE + 1])
    shown = plays[:PAGE_SIZE]
    path = reverse("listening:duplicates")
    mine = _sources(listener)
    saved = [source for source in source_order(listener) if source in mine]
    order = _arranged(request, saved)
    context = {
        "page": "listen_duplicates",
        "listener": listener,
        "zone": ZoneInfo(listener.zone),
        "groups": groups_of(shown),
        "place": place,
        "older": address(path, before=str(Place(shown[-1].played_at, shown[-1].pk))) if len(plays) > PAGE_SIZE else "",
        "progress": doubles.progress(listener),
        "order": [(source, Source(source).label) for source in order],
        "is_arranged": order != saved,
        "moved": request.GET.get("up") or request.GET.get("down"),
    }
    return render(request, "listening/duplicates.html", context)


@login_required
@never_cache
@require_safe
def kept_apart(request: HttpRequest) -> HttpResponse:
    """The rows of which the member said: a play of its own."""
    member = cast(User, request.user)
    listener = Listener.objects.filter(pk=member.pk).first() or Listener(user=member)
    rows = ListenEvent.objects.filter(user=member, is_kept_apart=True).select_related("track__artist", "album__artist")
    context = {
        "page": "listen_duplicates",
        "zone": ZoneInfo(listener.zone),
        "rows": rows.order_by("-played_at")[:200],
    }
    return render(request, "listening/kept_apart.html", context)


@login_required
@require_POST
@paced
def choose_order(request: HttpRequest) -> HttpResponse:
    member, moment = cast(User, request.user), now()
    try:
        has_changed = doubles.choose_order(user=member, order=request.POST.getlist("order"), now=moment)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("listening:duplicates")
    listener = Listener.objects.get(pk=member.pk)
    if listener.deciding_from is not None:
        messages.success(request, _("The order is saved. Your history is gone through now; this page shows how far."))
    elif has_changed:
        messages.success(request, _("The order is saved, and your duplicates follow it."))
    return redirect("listening:duplicates")


@login_required
@require_POST
@paced
def say_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """“These are two plays”, and its undoing."""
    member, moment = cast(User, request.user), now()
    try:
        if request.POST.get("act") == "together":
            doubles.keep_together(user=member, listen_id=pk, now=moment)
            messages.success(request, _("It is compared with your other sources again."))
            return redirect("listening:kept_apart")
        doubles.keep_apart(user=member, listen_id=pk, now=moment)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("These are two plays now. You can take that back under “Kept apart”."))
    place = Place.read(request.POST.get("before", ""))
    return redirect(address(reverse("listening:duplicates"), before=str(place or "")))


def settings_links(request: HttpRequest) -> list[SettingsLink]:
    """The ways to what was made of the listens, among the links of settings."""
    pages = (
        (_("Private times"), "listening:private_times"),
        (_("Unknown tracks"), "listening:unresolved"),
        (_("Duplicates"), "listening:duplicates"),
        (_("Corrections"), "listening:removed"),
    )
    return [SettingsLink(Section.LISTENS, label, reverse(name)) for label, name in pages]


def groups_of(plays: list[ListenEvent]) -> list[Group]:
    """The plays with all rows that tell them, and how those agree; three queries, however many plays."""
    behind: dict[int, list[ListenEvent]] = {}
    rows = ListenEvent.objects.filter(duplicate_of__in=[play.pk for play in plays])
    for row in rows.select_related("import_batch", "track__artist").order_by("played_at", "pk"):
        behind.setdefault(cast(int, row.duplicate_of_id), []).append(row)
    everything = [*plays, *(row for group in behind.values() for row in group)]
    musics = musics_of({row.track_id for row in everything})
    groups = []
    for play in plays:
        told = [Told(play, "")]
        for row in behind.get(play.pk, []):
            alike = likeness(stamp_of(play, musics), stamp_of(row, musics))
            told.append(Told(row, _(alike.kind.words) if alike else _("it agrees with another of them")))
        groups.append(Group(play, told))
    return groups


def _plays(listener: Listener, place: Place | None) -> QuerySet[ListenEvent]:
    """Plays that more than one row tells, newest first, from behind a place on."""
    of_member = ListenEvent.objects.filter(user=listener.pk)
    behind = of_member.filter(duplicate_of__isnull=False)
    if listener.n_duplicates * 50 < listener.n_listens:  # few: found by the index of duplicates, not among all plays
        plays = of_member.filter(pk__in=behind.values("duplicate_of"))
    else:
        plays = of_member.filter(Exists(ListenEvent.objects.filter(duplicate_of=OuterRef("pk"))))
    if place:
        behind_it = Q(played_at__lt=place.played_at) | Q(played_at=place.played_at, pk__lt=place.pk)
        plays = plays.filter(behind_it, played_at__lte=place.played_at)
    return plays.select_related("import_batch", "track__artist", "artist", "album__artist").order_by(
        "-played_at", "-pk"
    )


def _sources(listener: Listener) -> set[str]:
    """Which sources the member has."""
    return set(ListenEvent.objects.filter(user=listener.pk).order_by().values_list("source", flat=True).distinct())


def _arranged(request: HttpRequest, saved: list[str]) -> list[str]:
    """The order as the form shows it: the saved one, or what its buttons made of it so far."""
    asked = request.GET.getlist("order")
    order = asked if sorted(asked) == sorted(saved) else list(saved)
    for name, step in (("up", -1), ("down", 1)):
        source = request.GET.get(name, "")
        if source in order:
            at = order.index(source)
            to = min(max(at + step, 0), len(order) - 1)
            order[at], order[to] = order[to], order[at]
    return order
