"""What stands in a week's four threads, and its event. Pure.

A thread that exists already stays in the plan when its week goes back a phase: its card then says that it waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from club.models.week import Phase
from discordbot import links
from discordbot.cards import nominations, poll, ratings, winner
from discordbot.cards.sleeves import attached, sleeve_of
from discordbot.facts import ClubState, WeekFacts
from discordbot.posts import Desired, DesiredEvent, DesiredMessage, DesiredThread, Json, Picture, Place
from discordbot.safe_text import plain
from discordbot.texts import posts as texts
from discordbot.texts import say
from discordbot.titles import event_name, thread_name

LATE = timedelta(hours=1)  # an announcement made later than this after its moment says so
TALK = timedelta(hours=2)  # how long the event of a discussion lasts
MAX_LOCATION, MAX_EVENT_DESCRIPTION = 100, 1000
Gone = tuple[int | None, str, str]


def posts_of(week: WeekFacts, state: ClubState, now: datetime) -> tuple[list[Desired], list[Gone]]:
    """What should stand, in order; and what stands but should not."""
    posts: list[Desired] = []
    if has_nominations(week):
        posts += _nominations(week, state)
    if has_poll(week):
        posts += _poll(week, state, now)
    if week.is_decided or week.stands("thread", "winner"):
        posts += _winner(week, state, now)
    if event := _event(week, state, now):
        posts.append(event)
    if (week.is_decided and week.phase != Phase.LISTENING) or week.stands("thread", "ratings"):
        posts += _ratings(week, state, now)
    return posts, list(_unwanted(week))


def has_nominations(week: WeekFacts) -> bool:
    """From opening on. A week that was cancelled before anybody did or heard anything passes in silence."""
    if week.phase in {Phase.SCHEDULED, Phase.CANCELLED} and not week.stands("thread", "nominations"):
        happened = week.nominees or week.withdrawn or week.nominations_extended_at
        return week.phase == Phase.CANCELLED and bool(happened)
    return True


def has_poll(week: WeekFacts) -> bool:
    """While there is one, and after it; a lone nomination wins without."""
    held = week.is_decided and len(week.nominees) > 1
    return week.phase == Phase.POLL or held or week.stands("thread", "poll")


def _thread(
    week: WeekFacts,
    name: str,
    starter: Json,
    card: DesiredMessage,
    *,
    shut: bool,
    pictures: tuple[Picture, ...] = (),
) -> list[Desired]:
    return [DesiredThread(week.number, card.place, name, starter, is_locked=shut, pictures=pictures), card]


def _card(week: WeekFacts, key: Place, payload: Json, pictures: tuple[Picture, ...] = ()) -> DesiredMessage:
    return DesiredMessage(week.number, "card", key, key, payload, pictures, is_pinned=True)


def _nominations(week: WeekFacts, state: ClubState) -> Iterator[Desired]:
    name = thread_name(week, "nominations")
    card = _card(week, "nominations", nominations.card(week, state))
    shut = week.phase != Phase.NOMINATIONS
    yield from _thread(week, name, nominations.starter(week, state), card, shut=shut)
    for nominee in week.nominees:
        payload, pictures = nominations.nominee_card(nominee, state), attached(sleeve_of(nominee.album))
        yield DesiredMessage(week.number, "nomination", str(nominee.nomination_id), "nominations", payload, pictures)


def _poll(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[Desired]:
    card = _card(week, "poll", poll.card(week, state))
    shut = week.phase != Phase.POLL
    yield from _thread(week, thread_name(week, "poll"), poll.starter(week, state), card, shut=shut)
    if week.is_decided and poll.entries_of(week):
        late = is_late(week, "result", "poll", week.poll_close_at, now)
        payload, pictures = poll.result(week, is_late=late), attached(poll.points_picture(week))
        yield DesiredMessage(week.number, "result", "poll", "poll", payload, pictures)


def _winner(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[Desired]:
    """The discussion is not locked when the week closes: whoever hears the album later may still say so."""
    sleeve: tuple[Picture, ...] = ()
    charts: tuple[Picture, ...] = ()
    if week.is_decided and week.winner:
        album = week.winner.album
        late = is_late(week, "winner", "announcement", week.poll_close_at, now)
        name, starter = thread_name(week, "winner", album), winner.starter(week, state, album)
        sleeve, charts = attached(sleeve_of(album)), attached(poll.points_picture(week))
        payload = winner.announcement(week, state, is_late=late)
    else:
        name, starter = thread_name(week, "winner"), winner.reopened(week, state)
        payload = starter
    card = DesiredMessage(week.number, "winner", "announcement", "winner", payload, sleeve + charts, is_pinned=True)
    yield from _thread(week, name, starter, card, shut=not week.is_decided, pictures=sleeve)


def _ratings(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[Desired]:
    if not week.is_decided or week.winner is None:
        waiting = winner.reopened(week, state)
        card = _card(week, "ratings", waiting)
        yield from _thread(week, thread_name(week, "ratings"), waiting, card, shut=True)
        return
    album = week.winner.album
    sleeve = attached(sleeve_of(album))
    card = _card(week, "ratings", ratings.card(week, state, album), sleeve)
    name, shut = thread_name(week, "ratings", album), week.phase != Phase.DISCUSSION
    yield from _thread(week, name, ratings.starter(week, state, album), card, shut=shut)
    if week.phase == Phase.CLOSED:
        late = is_late(week, "summary", "ratings", week.ratings_close_at, now)
        payload = ratings.summary(week, state, album, is_late=late)
        pictures = sleeve + attached(ratings.histogram_picture(week, state, album))
        yield DesiredMessage(week.number, "summary", "ratings", "ratings", payload, pictures)


def _event(week: WeekFacts, state: ClubState, now: datetime) -> DesiredEvent | None:
    """The discussion, while it lies ahead: Discord takes no event that has begun."""
    if week.phase != Phase.LISTENING or week.winner is None or week.discussion_at <= now:
        return None
    album, page = week.winner.album, links.on_site(state.site, week.page)
    described = say(
        texts.EVENT_DESCRIPTION,
        club=plain(state.name, 80), album=plain(album.title, 200), artist=plain(album.artist, 200),
    )  # fmt: skip
    return DesiredEvent(
        week=week.number,
        key="discussion",
        name=event_name(week, album),
        description=f"{plain(described, MAX_EVENT_DESCRIPTION - len(page) - 1)}\n{page}",
        starts_at=week.discussion_at,
        ends_at=week.discussion_at + TALK,
        voice_channel=state.voice_channel,
        location="" if state.voice_channel else page if len(page) <= MAX_LOCATION else plain(state.name, MAX_LOCATION),
    )


def is_late(week: WeekFacts, kind: str, key: str, due_at: datetime, now: datetime) -> bool:
    """Whether it was first said, or is about to be, long after its moment. Once made, the answer stays."""
    post = week.post(kind, key)
    made_at = post.made_at if post and post.made_at else now
    return made_at - due_at > LATE


def _invites_too_late(week: WeekFacts) -> bool:
    """The discussion began before the moment of its event: a moderator ended listening early."""
    event = week.post("event", "discussion")
    return event is not None and event.starts_at is not None and event.starts_at > week.discussion_at


def _unwanted(week: WeekFacts) -> Iterator[Gone]:
    """Cards of withdrawn nominations; a result, a summary or an event of something that was reopened or cancelled;
    notices of what was undone."""
    keys = [("nomination", str(gone.nomination_id)) for gone in week.withdrawn]
    if not week.is_decided:
        keys += [("result", "poll"), ("event", "discussion")]
    elif week.phase != Phase.LISTENING and _invites_too_late(week):
        keys.append(("event", "discussion"))
    if week.phase != Phase.CLOSED:
        keys.append(("summary", "ratings"))
    keys += [("notice", key) for key in _taken_back(week)]
    for kind, key in keys:
        if week.stands(kind, key):
            yield week.number, kind, key


def _taken_back(week: WeekFacts) -> Iterator[str]:
    """Notices of what a moderator undid: they would go on saying what is not so."""
    acts = {str(act.act_id) for act in week.acts}
    withdrawn = {str(gone.nomination_id) for gone in week.withdrawn}
    for post in week.posts:
        what, _, about = post.key.partition("-") if post.kind == "notice" else ("", "", "")
        is_cancelled = what == "cancelled" and week.phase != Phase.CANCELLED
        if is_cancelled or (what == "act" and about not in acts) or (what == "withdrawn" and about not in withdrawn):
            yield post.key
