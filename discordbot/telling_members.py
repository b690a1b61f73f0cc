"""What members are told on the site, sent as direct messages to those who switched a kind on.

Each at most once: a row says SENT before Discord is asked, so that a crash in between loses a message rather than
doubling it. Several that wait for one member are one message. Quiet hours are waited out; what was read on the site
meanwhile, or waits for more than two days, is not sent any more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from discordbot.database import in_database
from discordbot.facts import Member
from discordbot.links import on_site
from discordbot.port import DiscordPort
from discordbot.posts import nonce_of
from discordbot.reading.people import members_of
from discordbot.reminders import is_quiet
from discordbot.safe_text import escaped, length
from discordbot.texts import looking, say
from discordbot.troubles import Busy, Gone, NotActing, Refused, Trouble
from social.models import Notification, User
from social.notifying import may_be_read, sentences

logger = logging.getLogger(__name__)
Direct = Notification.Direct
AT_ONCE = 5  # messages a round; with a round every 15 s, at most twenty a minute
IN_ONE = 5  # sentences in one message, and how long they may be; then it says how many more there are
LONGEST = 1600
STALE = timedelta(days=2)


@dataclass(frozen=True)
class Letter:
    """One message to one member, and the rows that it tells."""

    recipient: int
    text: str
    ids: tuple[int, ...]


async def tell(port: DiscordPort, now: datetime) -> int:
    """One round; how many messages were sent."""
    n_sent = 0
    for letter in await in_database(take, now):
        try:
            channel = await port.open_direct(letter.recipient)
            await port.send_message(channel, {"content": letter.text}, nonce=nonce_of("told", now, *letter.ids))
            n_sent += 1
        except (Busy, NotActing):  # certainly not sent
            await in_database(mark, letter.ids, Direct.DUE)
        except (Refused, Gone) as trouble:
            logger.info("A direct message was refused: %s", trouble.words)
            await in_database(mark, letter.ids, Direct.FAILED)
        except Trouble as trouble:
            logger.warning("Nobody knows whether a direct message was sent: %s", trouble.words)
    return n_sent


def take(now: datetime) -> list[Letter]:
    """Claim what is due now, for whoever waits longest; the rows say SENT from here on."""
    due = Notification.objects.filter(direct=Direct.DUE)
    due.filter(told_at__lt=now - STALE).update(direct=Direct.NONE)
    waiting = list(due.order_by().values_list("user").annotate(since=Min("told_at")).order_by("since"))
    members = {member.member_id: member for member in members_of([user_id for user_id, _ in waiting], now)}
    letters: list[Letter] = []
    for user_id, _since in waiting:
        member = members.get(user_id)
        if member is None:  # no way to them any more
            due.filter(user=user_id).update(direct=Direct.NONE)
        elif not is_quiet(member, now) and (letter := _letter(member)) is not None:
            letters.append(letter)
            if len(letters) == AT_ONCE:
                break
    return letters


def _letter(member: Member) -> Letter | None:
    """What waits for one member, claimed; None where nothing of it may or need be told any more."""
    reader = User.objects.get(pk=member.member_id)
    mine = Notification.objects.filter(user=reader, direct=Direct.DUE)
    mine.filter(on_site=True, read_at__isnull=False).update(direct=Direct.NONE)
    ids = list(mine.values_list("pk", flat=True))
    rows = list(may_be_read(reader).filter(pk__in=ids).order_by("told_at", "pk"))
    mark([each for each in ids if each not in {row.pk for row in rows}], Direct.NONE, was=Direct.DUE)
    claimed = [row for row in rows if mark([row.pk], Direct.SENT, was=Direct.DUE)]
    if not claimed:
        return None
    return Letter(member.snowflake, words(claimed, reader), tuple(row.pk for row in claimed))


def words(rows: Sequence[Notification], reader: User) -> str:
    """The message: a sentence a line, each with its page, and where it is switched off."""
    said = sentences(rows[:IN_ONE], reader)
    lines: list[str] = []
    for row, sentence in zip(rows, said, strict=False):
        page = f" {_link(row.address)}" if row.address.startswith("/") else ""
        line = f"{escaped(sentence, 300, one_line=True)}{page}"
        if sum(map(length, lines)) + length(line) <= LONGEST:
            lines.append(line)
    if n_more := len(rows) - len(lines):
        lines.append(say(looking.MORE_TOLD, n=n_more, page=_link("/notifications/")))
    lines.append("-# " + say(looking.SWITCHED_AT, page=_link("/settings/notifications/")))
    return "\n".join(lines)


def _link(path: str) -> str:
    """An address that Discord shows without a picture of the page below it."""
    return f"<{on_site(settings.SITE_URL, path)}>"


def mark(ids: Sequence[int], direct: str, *, was: str = Direct.SENT) -> int:
    """Only what stands as it was: told anew meanwhile, a row is due again by itself."""
    return Notification.objects.filter(pk__in=ids, direct=was).update(direct=direct)
