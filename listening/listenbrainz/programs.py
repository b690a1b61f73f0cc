"""How to point programs at this site: what each one's settings are called, and what belongs there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOKEN = ""  # a value that only its member has: the token


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` is to be copied; empty where the member's token belongs."""

    name: str | Promise
    value: str


@dataclass(frozen=True, slots=True)
class Program:
    """where: how to find the settings in the program. kind: what it is, in two or three words."""

    slug: str
    name: str | Promise
    kind: str | Promise
    where: str | Promise
    settings: Sequence[Setting]


def programs(*, site: str, handle: str) -> list[Program]:
    """The programs that we name, and what any other needs. site: the site's address, without a slash at its end."""
    return [
        Program(
            "web-scrobbler",
            "Web Scrobbler",
            _("browser extension"),
            _("In the extension's options, open Accounts, and there the properties of ListenBrainz."),
            [Setting("API URL", f"{site}/1/submit-listens"), Setting("Token", TOKEN)],
        ),
        Program(
            "pano",
            "Pano Scrobbler",
            _("Android and desktop"),
            _("In its settings, under Services, choose “ListenBrainz-like instance”."),
            [Setting("API URL", f"{site}/"), Setting("Authentication token", TOKEN)],
        ),
        Program(
            "navidrome",
            "Navidrome",
            _("music server"),
            _(
                "Whoever runs the server sets the address. Then turn on “Scrobble to ListenBrainz” in your personal "
                "settings and paste the token."
            ),
            [Setting("ND_LISTENBRAINZ_BASEURL", f"{site}/1/"), Setting("Token", TOKEN)],
        ),
        Program(
            "multi-scrobbler",
            "multi-scrobbler",
            _("server for many sources"),
            _("Set these for a ListenBrainz client."),
            [Setting("LZ_URL", site), Setting("LZ_USER", handle), Setting("LZ_TOKEN", TOKEN)],
        ),
        Program(
            "music-assistant",
            "Music Assistant",
            _("home server"),
            _("Add the plugin “ListenBrainz Scrobbler” and show its advanced settings."),
            [Setting("Base URL", site), Setting("User Token", TOKEN)],
        ),
        Program(
            "others",
            _("Any other program"),
            _("that speaks ListenBrainz"),
            _(
                "Look for a custom ListenBrainz server. Some programs want the address without the 1 at its end: they "
                "add it themselves."
            ),
            [Setting(_("Server"), f"{site}/1/"), Setting(_("User name"), handle), Setting("Token", TOKEN)],
        ),
    ]
