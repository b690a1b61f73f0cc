"""An answer to one member, as data: words, buttons, and whatever did not fit into one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from discordbot.cards.parts import MAX_CONTENT, Embed, link, row
from discordbot.links import on_site
from discordbot.posts import Json
from discordbot.safe_text import GAP, fitted, graphemes, length
from discordbot.texts import Words, members, say
from discordbot.uploads import Upload

if TYPE_CHECKING:
    from club.models import Week
    from discordbot.answer import Answer

PRIMARY, SECONDARY, DANGER = 1, 2, 4
BLOCK = MAX_CONTENT - 20


@dataclass(frozen=True)
class Reply:
    """more: further messages, each at most 2,000 characters, sent after the first, to the member alone.

    is_public: everybody in the channel may read it.
    """

    content: str
    rows: tuple[Json, ...] = ()
    embed: Embed | None = None
    more: tuple[str, ...] = field(default=())
    is_public: bool = False

    def body(self) -> dict[str, Any]:
        """Everything is named, so that it also replaces what stood before."""
        return {
            "content": fitted(self.content, MAX_CONTENT),
            "embeds": [self.embed.json()] if self.embed else [],
            "components": [dict(each) for each in self.rows],
            "allowed_mentions": {"parse": []},
        }


async def send(answer: Answer, reply: Reply, *, update: bool = False, uploads: Sequence[Upload] = ()) -> None:
    """To the member alone, unless it is public; `update`: in the place of their own message whose button was pressed,
    never of a card.
    """
    pressed = answer.interaction.message
    is_theirs = pressed is not None and pressed.flags.ephemeral
    if update and is_theirs:
        await answer.update_message(reply.body(), uploads=uploads)
    else:
        await answer.reply(reply.body(), ephemeral=not reply.is_public, uploads=uploads)
    for words in reply.more:
        await answer.reply(words)


def button(label: Words, custom_id: str, *, style: int = SECONDARY) -> Json:
    return {"type": 2, "style": style, "label": fitted(say(label), 80), "custom_id": custom_id}


def week_link(week: Week) -> Json:
    return link(say(members.WEEK_PAGE, number=week.number), on_site(settings.SITE_URL, week.get_absolute_url()))


def buttons(*parts: Json) -> Json:
    return row(parts)


# --- Words given back -----------------------------------------------------------------------------------------------
def with_words(refusal: str, words: str, *, rows: Sequence[Json] = (), is_kept: bool) -> Reply:
    """A refusal, and what the member had typed: whole, in blocks to be copied, over as many messages as needed."""
    if not words.strip():
        return Reply(refusal, tuple(rows))
    head = f"{fitted(refusal, 800)}\n{say(members.YOUR_WORDS if is_kept else members.YOUR_WORDS_UNKEPT)}\n"
    first, *rest = blocks(words, first=MAX_CONTENT - length(head) - 20)
    return Reply(head + first, tuple(rows), more=tuple(rest))


def blocks(words: str, *, first: int = BLOCK, others: int = BLOCK) -> list[str]:
    """The words in code blocks, nothing left out: cut between lines where that fills a block halfway, else anywhere."""
    words = re.sub(r"`(?=``)", f"`{GAP}", words)
    made: list[str] = []
    while words:
        room = others if made else first
        piece = words if length(words) <= room else _piece(words, room)
        made.append(f"```\n{piece}\n```")
        words = words[len(piece) :].removeprefix("\n")
    return made


def _piece(words: str, room: int) -> str:
    """As much as fits, up to a line's end if there is one in the second half."""
    kept, used = 0, 0
    for sign in graphemes(words):
        if (used := used + length(sign)) > room:
            break
        kept += len(sign)
    at = words.rfind("\n", kept // 2, kept)
    return words[:at] if at > 0 else words[: max(kept, 1)]
