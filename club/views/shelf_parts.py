"""Members' shelves on other pages: the tabs diary and albums to hear, the four favourites, and what an album's page
tells its reader about their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Album
from club.models import DiaryEntry, FavouriteAlbum, Rating, WantedAlbum
from club.shelf_forms import WantForm
from club.shelves.favourites import favourites_of
from social.models import User
from social.settings_menu import Section, SettingsLink
from social.tabs import Tab
from social.viewpoint import viewpoint_of
from social.visibility import Viewer, Visibility

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class OwnShelves:
    """What the reader of an album's page has said of it: the last day in the diary, and which lists it is on."""

    last_heard: date | None
    n_heard: int
    is_wanted: bool
    is_favourite: bool


def own_shelves(album: Album, viewer: Viewer) -> OwnShelves | None:
    """None for visitors."""
    if viewer is None or not viewer.is_authenticated:
        return None
    days = list(DiaryEntry.objects.filter(user=viewer.pk, album=album).values_list("listened_on", flat=True))
    lists = [Exists(model.objects.filter(user=viewer.pk, album=album)) for model in (WantedAlbum, FavouriteAlbum)]
    is_wanted, is_favourite = User.objects.filter(pk=viewer.pk).values_list(*lists).get()
    return OwnShelves(max(days, default=None), len(days), is_wanted, is_favourite)


def is_own(member: User, viewer: Viewer) -> bool:
    return viewer is not None and viewer.is_authenticated and viewer.pk == member.pk


def diary_tab(member: User, viewer: Viewer) -> Tab | None:
    """For owners always; for others once there is something that they may see."""
    has_any = is_own(member, viewer) or _diary(member, viewer).exists()
    return Tab("diary", _("Diary"), draw_diary) if has_any else None


def wants_tab(member: User, viewer: Viewer) -> Tab | None:
    has_any = is_own(member, viewer) or _wants(member, viewer).exists()
    return Tab("wants", _("Wants to hear"), draw_wants) if has_any else None


def _diary(member: User, viewer: Viewer) -> QuerySet[DiaryEntry]:
    rows = DiaryEntry.objects.standing().filter(user=member).visible_to(viewer)
    return rows.select_related("album__artist").order_by("-listened_on", "-id")


def _wants(member: User, viewer: Viewer) -> QuerySet[WantedAlbum]:
    rows = WantedAlbum.objects.standing().filter(user=member).visible_to(viewer)
    return rows.select_related("user", "album__artist").order_by("-created_at", "-id")


def draw_diary(request: HttpRequest, member: User, viewer: Viewer) -> str:
    """Newest day first, under the months; beside each album the stars that the viewer may see."""
    page: Page[DiaryEntry] = Paginator(_diary(member, viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    entries = list(page)
    stars = _stars(member, viewer, {entry.album_id for entry in entries})
    months = [
        (first, [(entry, stars.get(entry.album_id)) for entry in rows])
        for first, rows in groupby(entries, key=lambda entry: entry.listened_on.replace(day=1))
    ]
    context = {
        "member": member, "page": page, "months": months, "is_own": is_own(member, viewer),
        "keep": viewpoint_of(request, member.handle).keep,
    }  # fmt: skip
    return render_to_string("club/_member_diary.html", context, request)


def _stars(member: User, viewer: Viewer, album_ids: set[int]) -> dict[int, Rating]:
    """The member's newest rating of each album, where the viewer may see it."""
    rows = Rating.objects.standing().filter(user=member, album__in=album_ids).visible_to(viewer)
    return {rating.album_id: rating for rating in rows.order_by("updated_at")}


def draw_wants(request: HttpRequest, member: User, viewer: Viewer) -> str:
    page: Page[WantedAlbum] = Paginator(_wants(member, viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    owned = is_own(member, viewer)
    view = viewpoint_of(request, member.handle)
    context = {
        "member": member,
        "page": page,
        "is_own": owned,
        "levels": Visibility.choices,
        "longest": WantForm.base_fields["note"].max_length,  # type: ignore[attr-defined]
        "keep": view.keep,
    }
    return render_to_string("club/_member_wants.html", context, request)


def favourites_panel(request: HttpRequest, member: User, viewer: Viewer) -> str | None:
    """Four sleeves on top of the overview; as visible as the page. Owners without any see where to choose them."""
    albums, owned = favourites_of(member), is_own(member, viewer)
    if not albums and not owned:
        return None
    return render_to_string(
        "club/_member_favourites.html", {"member": member, "albums": albums, "is_own": owned}, request
    )


def settings_link(request: HttpRequest) -> SettingsLink:
    return SettingsLink(Section.YOU, _("Favourite albums"), reverse("club:favourites"), place=55)
