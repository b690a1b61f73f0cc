"""Ways from the site into Discord: a week's threads on its page, an album's discussions on the album's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.models import Album
from club.models import Week
from discordbot.models import Post
from discordbot.texts import say, site


@dataclass(frozen=True)
class Way:
    name: str
    address: str


def address_of(thread: int) -> str:
    """Opens the thread in Discord, for members of the server."""
    return f"https://discord.com/channels/{settings.DISCORD_GUILD_ID}/{thread}"


def week_panel(request: HttpRequest | None, week: Week) -> SafeString | None:
    if not settings.DISCORD_GUILD_ID:
        return None
    threads = Post.objects.standing().filter(week=week, kind="thread").exclude(thread_snowflake=None)
    places: dict[str, Any] = dict(threads.values_list("key", "thread_snowflake"))
    return _panel(
        [Way(str(name), address_of(places[key])) for key, name in site.THREADS.items() if key in places], request
    )


def album_panel(request: HttpRequest | None, album: Album) -> SafeString | None:
    """Where the club talked about it: the winner's thread of each week that it won."""
    if not settings.DISCORD_GUILD_ID:
        return None
    threads = Post.objects.standing().filter(kind="thread", key="winner", week__winner__album=album)
    found = (
        threads.exclude(thread_snowflake=None).order_by("-week__number").values_list("week__number", "thread_snowflake")
    )
    return _panel(
        [Way(say(site.DISCUSSION_OF, number=n), address_of(thread)) for n, thread in found if thread],
        request,
    )


def _panel(ways: list[Way], request: HttpRequest | None) -> SafeString | None:
    if not ways:
        return None
    return render_to_string("discordbot/_threads.html", {"ways": ways}, request)
