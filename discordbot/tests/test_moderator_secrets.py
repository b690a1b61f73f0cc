"""How a poll stands is secret: a preview that is not confirmed must not be a way to look."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin import site
from django.test import RequestFactory

from club.models import Week
from discordbot.models import Post
from discordbot.moderating.confirming import ask, confirm
from discordbot.moderating.people import Asker
from discordbot.tests.asking import deed, pending


def test_whoever_only_manages_the_server_sees_the_winner_once_the_poll_is_closed(
    manager: Asker, poll: Week, during: datetime
) -> None:
    preview = ask(manager, deed("close", poll), now=during)
    assert "3 members have voted." in preview.content
    assert "secret until it is closed" in preview.content
    assert "Kid A" not in preview.content
    assert "The winner is **Kid A**" in confirm(manager, pending(preview), now=during).content


def test_the_clubs_moderators_may_look_as_they_may_on_the_site(asker: Asker, poll: Week, during: datetime) -> None:
    assert "The winner is **Kid A**" in ask(asker, deed("close", poll), now=during).content


def test_the_admin_shows_no_messages_that_tell_who_had_voted_for_what(poll: Week, rf: RequestFactory) -> None:
    for kind, key in (("direct", "withdrawn-9-abc"), ("direct", "poll-24h-1"), ("notice", "withdrawn-9")):
        Post.objects.create(week=poll, kind=kind, key=key, nonce=key)
    shown = site._registry[Post].get_queryset(rf.get("/admin/"))
    assert set(shown.values_list("kind", "key")) == {("direct", "poll-24h-1"), ("notice", "withdrawn-9")}
