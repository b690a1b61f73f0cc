"""What a member was told: what is new first, then the rest, newest first; what is opened counts as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sidetrack.pacing import paced
from social.kinds import label_of
from social.models import Notification, User
from social.notifying import mark_read, n_unread, of_member, sentences, unread

PAGE_SIZE = 50
MOST_NEW = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One row as it is read."""

    row: Notification
    text: str

    @property
    def kind(self) -> str:
        return label_of(self.row.kind)

    @property
    def address(self) -> str:
        """Where it leads on this site; empty where it leads nowhere."""
        path = self.row.address
        is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return path if is_ours else ""


def lines_of(rows: list[Notification], reader: User) -> list[Line]:
    return [Line(row, text) for row, text in zip(rows, sentences(rows, reader), strict=True)]


@login_required
@never_cache
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """`?before=` is the place after which a page begins; only the first page has what is new."""
    member = cast(User, request.user)
    place = _place(request.GET.get("before", ""))
    new = list(unread(member)[:MOST_NEW]) if place is None else []
    earlier = of_member(member).filter(read_at__isnull=False)
    if place is not None:
        moment, pk = place
        earlier = earlier.filter(Q(told_at__lt=moment) | Q(told_at=moment, pk__lt=pk))
    rows = list(earlier[: PAGE_SIZE + 1])
    is_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    lines = lines_of([*new, *rows], member)
    context = {
        "new": lines[: len(new)],
        "earlier": lines[len(new) :],
        "n_unread": len(new) if len(new) < MOST_NEW else n_unread(member),
        "is_first": place is None,
        "next": _written(rows[-1]) if is_more else "",
    }
    return render(request, "social/notifications.html", context)


def _written(row: Notification) -> str:
    return f"{(row.told_at - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def _place(text: str) -> tuple[datetime, int] | None:
    """None for what no link of ours says."""
    moment, _, pk = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in (moment, pk)):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(moment)), int(pk)
    except OverflowError:
        return None


@login_required
@require_POST
@paced
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(user=cast(User, request.user), now=now())
    return redirect("social:notifications")


@login_required
@require_POST
@paced
def follow(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one's own as read and go where it leads; one that leads nowhere leads back to the list."""
    member = cast(User, request.user)
    row = get_object_or_404(of_member(member), pk=notification_id)
    mark_read(user=member, now=now(), notification_id=row.pk)
    return redirect(Line(row, "").address or "social:notifications")
