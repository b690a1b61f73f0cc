"""A member's listens as programs read them: `listens`, `listen-count`, `playing-now`."""

from __future__ import annotations

from datetime import UTC, datetime

from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid
from listening.listenbrainz.showing import shown_listen, shown_now_playing
from listening.models import Listener, ListenEvent, NowPlaying

FIRST_TS, LAST_TS = 0, int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


@endpoint("GET")
def listens(call: Call, name: str) -> Answer:
    """The newest first, `max_ts` and `min_ts` themselves left out; with `min_ts` alone, the ones that follow it."""
    member = call.member(name)
    min_ts, max_ts, count = call.number("min_ts"), call.number("max_ts"), call.count()
    if min_ts and max_ts and min_ts >= max_ts:
        raise Invalid("min_ts should be less than max_ts")
    found = ListenEvent.objects.filter(user=member).counted()
    if max_ts:
        found = found.filter(played_at__lt=_moment(max_ts))
    if min_ts:
        found = found.filter(played_at__gt=_moment(min_ts))
    newest_first = bool(max_ts or not min_ts)
    found = found.select_related("track__artist", "album", "payload")
    rows = list(found.order_by(*(["-played_at", "-pk"] if newest_first else ["played_at", "pk"]))[:count])
    if not newest_first:
        rows.reverse()
    listener = Listener.objects.filter(pk=member.pk).first()
    return {
        "payload": {
            "count": len(rows),
            "user_id": member.handle,
            "listens": [shown_listen(row, member.handle, is_own=member == call.viewer) for row in rows],
            "latest_listen_ts": _stamp(listener.last_at if listener else None),
            "oldest_listen_ts": _stamp(listener.first_at if listener else None),
        }
    }


@endpoint("GET")
def listen_count(call: Call, name: str) -> Answer:
    listener = Listener.objects.filter(pk=call.member(name).pk).first()
    return {"payload": {"count": listener.n_listens if listener else 0}}


@endpoint("GET")
def playing_now(call: Call, name: str) -> Answer:
    member = call.member(name)
    row = NowPlaying.objects.filter(user=member).at(call.now).first()
    shown = [shown_now_playing(row, member.handle, is_own=member == call.viewer)] if row else []
    return {"payload": {"count": len(shown), "user_id": member.handle, "playing_now": True, "listens": shown}}


def _moment(stamp: int) -> datetime:
    """Stamps that no clock shows count as the first or the last one."""
    return datetime.fromtimestamp(min(max(stamp, FIRST_TS), LAST_TS), UTC)


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
