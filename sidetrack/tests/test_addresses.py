"""A NUL character in an address is the asker's mistake on every database, not a fault of ours."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/weeks/?q=%00", "/weeks/?q=a%00b&genre=%00", "/@%00/", "/@a%00b/reviews/", "/albums/%00/", "/artists/a%00/",
     "/community/?q=%00", "/api/v1/users/a%00", "/api/v1/club/weeks?phase=%00"],
)  # fmt: skip
def test_a_nul_character_is_a_bad_request(client: Client, address: str) -> None:
    client.raise_request_exception = False
    assert client.get(address).status_code == 400


def test_an_escaped_percent_sign_is_only_text(client: Client) -> None:
    assert client.get("/weeks/?q=%2500").status_code == 200
