"""A member's finished week in a few facts: what they played most, whom they found, and a sentence to tell it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listening.figures.discoveries import Discovery, discovered
from listening.figures.ranges import Range, parse
from listening.figures.tops import Top, plays_in, top
from listening.models import Listener
from social.models import Notification, NotificationSwitch, User
from social.notifying import notify
from taste.iso_weeks import A_WEEK, iso_week, monday_of

KIND = "digest"
N_TOP = 5
N_NEW = 8
WAITS = timedelta(hours=8)  # after the week's end, so that what a service tells late is in it
NEWS = timedelta(days=2)
LATELY = timedelta(days=10)  # the finished week and what has passed of this one


@dataclass(frozen=True, slots=True)
class WeekInShort:
    """tops by kind: artist, album, track. n_new: artists heard for the first time, `new` those played most."""

    span: Range
    n_plays: int
    tops: dict[str, Top]
    new: list[Discovery]
    n_new: int

    @property
    def sentence(self) -> str:
        """`123 plays, 4 new artists. Most played: Low.`"""
        said = ngettext("%(n)d play", "%(n)d plays", self.n_plays) % {"n": self.n_plays}
        if self.n_new:
            said += ", " + ngettext("%(n)d new artist", "%(n)d new artists", self.n_new) % {"n": self.n_new}
        rows = self.tops["artist"].rows
        most = " " + _("Most played: %(name)s.") % {"name": rows[0].music.name} if rows else ""
        return f"{said}.{most}"


def last_monday(zone: ZoneInfo, now: datetime) -> date:
    """Of the week that ended last where the member is."""
    return monday_of(now.astimezone(zone).date()) - A_WEEK


def week_in_short(member: User, monday: date, *, now: datetime) -> WeekInShort:
    """In eight queries or so, whatever was played."""
    zone = ZoneInfo(_zone_of(member))
    span = parse(iso_week(monday), now=now, zone=zone)
    tops = {kind: top(member, kind, span, n=N_TOP) for kind in ("artist", "album", "track")}
    new, n_new = discovered(member, span, n=N_NEW)
    return WeekInShort(span, _n_plays(member, span), tops, new, n_new)


def _zone_of(member: User) -> str:
    return Listener.objects.filter(pk=member.pk).values_list("zone", flat=True).first() or member.timezone


def _n_plays(member: User, span: Range) -> int:
    return plays_in(member, span).count()


def tell_all(*, now: datetime) -> int:
    """Tell whoever heard something of their finished week, once each; how many were told.

    Each on the Monday of their own zone, some hours after midnight. Whoever switched it off is passed over.
    """
    return sum(_tell(member, now=now) for member in _to_be_told(now))


def _to_be_told(now: datetime) -> Iterator[User]:
    told = Notification.objects.filter(user=OuterRef("pk"), kind=KIND, told_at__gt=now - 2 * NEWS)
    off = NotificationSwitch.objects.filter(user=OuterRef("pk"), kind=KIND, on_site=False, in_discord=False)
    members = User.objects.filter(~Exists(told), ~Exists(off), is_active=True, listener__last_at__gt=now - LATELY)
    yield from members.order_by("pk").iterator(chunk_size=500)


def _tell(member: User, *, now: datetime) -> bool:
    zone = ZoneInfo(_zone_of(member))
    monday = last_monday(zone, now)
    ended_at = datetime.combine(monday + A_WEEK, datetime.min.time(), zone)
    if not WAITS <= now - ended_at < NEWS:
        return False
    key = iso_week(monday)
    found = week_in_short(member, monday, now=now)
    if not found.n_plays:
        return False
    address, said = f"/digest/{key}/", _("Last week: %(said)s") % {"said": found.sentence}
    return notify(user=member, kind=KIND, subject=key, text=said, address=address, now=now) is not None
