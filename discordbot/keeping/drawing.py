"""Pictures of a post, drawn when it is sent, and not on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from discordbot import pictures
from discordbot.posts import Picture
from discordbot.uploads import Upload


async def drawn(wanted: Sequence[Picture]) -> list[Upload]:
    return [Upload(each.filename, await asyncio.to_thread(pictures.draw, each), each.alt) for each in wanted]
