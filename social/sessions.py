"""Where a member is signed in: listed in words, ended one by one. No address of any machine is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _

from social.models import User

RESOLUTION = timedelta(minutes=10)  # “last seen” is written at most this often
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (allauth's column wants one)
SEEN = "seen_at"
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class SignedIn:
    """One browser. device: “Firefox on Windows”."""

    pk: int
    device: str
    since: datetime
    seen_at: datetime
    is_current: bool


def device(user_agent: str) -> str:
    """In words that its owner knows it by. Pure."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another program")


def signed_in(member: User, *, current_key: str | None) -> list[SignedIn]:
    """The browsers in which the member is signed in, this one first, then the one that was last seen."""
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.purge_and_list(member)
    found = [
        SignedIn(row.pk, device(row.user_agent), row.created_at, row.last_seen_at, row.session_key == current_key)
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.is_current, -each.seen_at.timestamp()))


def end_sessions(member: User, *, only: int | None = None, keep_key: str | None = None) -> int:
    """Sign the member out of one browser, or of all but the one with this key; how many it were."""
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.filter(user=member).exclude(session_key=keep_key or "")
    if only is not None:
        rows = rows.filter(pk=only)
    ended = list(rows)
    for row in ended:
        row.end()
    return len(ended)


def began(*, request: HttpRequest, **kwargs: Any) -> None:
    """Signed in just now: nothing need be noted for a while."""
    session: SessionBase | None = getattr(request, "session", None)
    if session is not None:
        session[SEEN] = clock().timestamp()


def seen(request: HttpRequest, now: datetime) -> None:
    """The browser is here again."""
    from allauth.usersessions.models import UserSession

    if now.timestamp() - request.session.get(SEEN, 0) < RESOLUTION.total_seconds():
        return
    request.session[SEEN] = now.timestamp()
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    if not rows.update(last_seen_at=now):
        UserSession.objects.create_from_request(request)


def without_address(*, instance: Any, **kwargs: Any) -> None:
    """Before allauth stores a session."""
    instance.ip = NO_ADDRESS
