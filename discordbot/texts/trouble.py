"""What the bot says when something did not work."""

from __future__ import annotations

from django.utils.translation import gettext as _


def something_broke(error_id: str) -> str:
    return _(
        "Something broke here, and it was not you. Please try again; if it happens again, "
        "tell a moderator this number: `%(error_id)s`."
    ) % {"error_id": error_id}


def press_again() -> str:
    return _("I was too slow to open the form. Nothing was changed: please press again.")


def nothing_answers() -> str:
    return _("This button belongs to an older version of the club's bot. Use the pinned card, or the slash command.")


def restarting() -> str:
    return _("I am restarting this very moment. Nothing was changed: please try again in half a minute.")


def another_server() -> str:
    return _("This bot runs the album club of another server.")


def old_command() -> str:
    return _("That command has changed. Reload Discord (Ctrl+R) and try again.")


def too_fast(seconds: float) -> str:
    return _("That was quick. Try again in %(seconds)d s.") % {"seconds": max(1, round(seconds))}
