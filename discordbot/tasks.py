"""Jobs of the bot that need no connection to Discord."""

from __future__ import annotations

from django.utils import timezone

from discordbot import drafts


def forget_drafts() -> str:
    """Delete typed words that were kept for two days."""
    return f"{drafts.forget(now=timezone.now())} drafts deleted"
