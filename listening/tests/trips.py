"""A browser's trip to another service and back, for tests."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.contrib.messages import get_messages
from django.test import Client

from social.models import LinkedAccount, User

PAGE = "/settings/connections/"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def agree(address: str) -> str:
    """Open the service's page as a browser does; the path and query on this site to which it is sent back."""
    try:
        urllib.request.build_opener(NoRedirect).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        if answer.code == 302:
            back = urlsplit(str(answer.headers["Location"]))
            return f"{back.path}?{back.query}"
        raise
    raise AssertionError("The service did not send the browser back")


def leave(client: Client, provider: str, **data: str) -> str:
    """Press Connect; the address of the service to which the browser is sent."""
    answer = client.post(f"{PAGE}{provider}/link/", data)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def connect(client: Client, provider: str, **data: str) -> Any:
    """The whole trip."""
    return client.get(agree(leave(client, provider, **data)))


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def link_of(member: User, provider: str) -> LinkedAccount:
    return LinkedAccount.objects.get(user=member, provider=provider)


def page_of(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())
