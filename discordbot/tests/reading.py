"""What a reply or a form shows, for tests."""

from __future__ import annotations

from typing import Any

from discordbot.posts import Json
from discordbot.replies import Reply
from discordbot.tests.fake_discord.limits import message_problems
from discordbot.tests.fake_discord.schemas import problems_of


def parts_of(reply: Reply) -> list[dict[str, Any]]:
    """Every button and select; the whole body is checked against Discord's rules on the way."""
    body = reply.body()
    assert problems_of("IncomingWebhookRequestPartial", body) == []
    assert list(message_problems(body)) == []
    return [part for row in body["components"] for part in row["components"]]


def buttons_of(reply: Reply) -> dict[str, str]:
    """Each button's label, and where it leads: a custom_id or an address."""
    return {part["label"]: part.get("custom_id") or part["url"] for part in parts_of(reply) if part["type"] == 2}


def options_of(reply: Reply, about: str = "label") -> dict[str, str]:
    """The options of the one select: value and label (or description)."""
    (select,) = (part for part in parts_of(reply) if part["type"] == 3)
    return {option["value"]: option.get(about, "") for option in select["options"]}


def fields_of(form: Json) -> dict[str, dict[str, Any]]:
    return {part["component"]["custom_id"]: part["component"] for part in form["components"] if "component" in part}


def values_of(form: Json) -> dict[str, str]:
    """What each field of a form opens with."""
    return {
        name: field.get("value")
        or next((each["value"] for each in field.get("options", ()) if each.get("default")), "")
        for name, field in fields_of(form).items()
    }
