"""Do Discord, the bot's memory and the club say the same? Every difference, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from discordbot.desired import plan
from discordbot.keeping.memory import key_of
from discordbot.models import Post
from discordbot.posts import DesiredEvent, DesiredMessage, DesiredThread
from discordbot.state import read_state
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.things import Message


def disagreements(fake: FakeDiscord, now: datetime, *, recent: timedelta = timedelta(days=28)) -> list[str]:
    """Nothing, when all is well. recent: how long ago a week may have ended and still be compared word by word."""
    return [*_memory(fake, now - recent), *_strangers(fake), *_words(fake, now, recent)]


def said_by_bot(fake: FakeDiscord) -> list[Message]:
    """The bot's posts that people can see: no answers to typed messages, no words of trouble to moderators."""
    places = [*(row for row in fake.guild.channels.values() if row is not fake.moderators), *fake.world.dms.values()]
    return [row for place in places for row in fake.messages(place, by_bot=True) if row.replies_to is None]


def _memory(fake: FakeDiscord, kept_since: datetime) -> Iterator[str]:
    """What the bot remembers is there, as it remembers it; what people do to a week long past stays done."""
    for row in Post.objects.exclude(state=Post.State.GONE).select_related("week"):
        if row.week and row.week.ratings_close_at <= kept_since:
            continue
        if row.state != Post.State.STANDING:
            yield f"{row} is {row.state}: {row.problem}"
            continue
        if row.problem or row.next_try_at or row.attempted_at:
            yield f"{row} stands in trouble: {row.problem or row.next_try_at or row.attempted_at}"
        if row.event_snowflake and row.event_snowflake not in fake.guild.events:
            yield f"{row}: its event is gone"
        if row.message_snowflake:
            message = fake.world.find_message(row.message_snowflake)
            if message is None:
                yield f"{row}: its message is gone"
            elif row.kind != "thread" and message.is_pinned != row.is_pinned:
                yield f"{row}: pinned {message.is_pinned}, remembered {row.is_pinned}"
        if row.thread_snowflake:
            thread = fake.guild.channels.get(row.thread_snowflake)
            if thread is None:
                yield f"{row}: its thread is gone"
            elif (thread.name, thread.locked) != (row.name, row.is_locked):
                yield f"{row}: {thread.name} (locked {thread.locked}), remembered {row.name} ({row.is_locked})"


def _strangers(fake: FakeDiscord) -> Iterator[str]:
    """What is there twice, or without being remembered."""
    standing = list(Post.objects.standing())
    known = Counter(row.message_snowflake for row in standing if row.message_snowflake)
    yield from (f"message {snowflake} is two posts" for snowflake, n in known.items() if n > 1)
    for message in said_by_bot(fake):
        if message.id not in known:
            yield f"nobody remembers {message.id}: {message.text[:80]!r}"
    threads = {row.thread_snowflake for row in standing}
    yield from (f"nobody remembers the thread {row.name}" for row in fake.guild.threads if row.id not in threads)
    events = {row.event_snowflake for row in standing}
    yield from (f"nobody remembers the event {row.name}" for row in fake.events if row.id not in events)
    titles = Counter(row.name for row in fake.guild.threads)
    yield from (f"{n} threads are called {name}" for name, n in titles.items() if n > 1)


def _words(fake: FakeDiscord, now: datetime, recent: timedelta) -> Iterator[str]:
    """What stands reads as the club's tables say."""
    for wanted in plan(read_state(now, recent=recent), now).posts:
        week, kind, key = key_of(wanted)
        row = Post.objects.filter(week__number=week, kind=kind, key=key).first()
        if isinstance(wanted, DesiredMessage) and wanted.is_once:
            continue
        if row is None or row.state != Post.State.STANDING:
            yield f"week {week}, {kind} {key} does not stand"
            continue
        message = fake.world.find_message(row.message_snowflake or 0)
        match wanted:
            case DesiredThread():
                thread = fake.guild.channels.get(row.thread_snowflake or 0)
                if thread and (thread.name, thread.locked) != (wanted.name, wanted.is_locked):
                    yield f"{thread.name} (locked {thread.locked}) should be {wanted.name} ({wanted.is_locked})"
                if message and message.content != wanted.starter.get("content", ""):
                    yield f"{thread and thread.name} starts with {message.content!r}"
            case DesiredMessage():
                if message and message.content != wanted.payload.get("content", ""):
                    yield f"week {week}, {kind} {key} says {message.content!r}, not {wanted.payload.get('content')!r}"
                shown = [embed.get("description") for embed in message.embeds] if message else []
                meant = [embed.get("description") for embed in wanted.payload.get("embeds", [])]
                if message and shown != meant:
                    yield f"week {week}, {kind} {key} shows {shown}, not {meant}"
                if message and message.is_pinned != wanted.is_pinned:
                    yield f"week {week}, {kind} {key}: pinned {message.is_pinned}"
            case DesiredEvent():
                event = fake.guild.events.get(row.event_snowflake or 0)
                if event and (event.name, event.starts_at) != (wanted.name[:100], wanted.starts_at):
                    yield f"the event is {event.name} at {event.starts_at}"


def defects(fake: FakeDiscord) -> list[str]:
    """Bodies that Discord does not take; an answer sent again after a lost reply (40060) is none."""
    return [str(row) for row in fake.violations if row.refusal.code != 40060]
