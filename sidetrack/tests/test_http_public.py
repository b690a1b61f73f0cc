"""An address that somebody gave us leads to the public internet or nowhere."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from sidetrack.http import NotThere, OddReply, TryLater, fetch_public
from sidetrack.public_network import is_public
from sidetrack.tests.local_server import Answer, serving


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "240.0.0.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_private_addresses_in_every_disguise_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/",
        "file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1/", "//127.0.0.1/",
        "http://user:secret@example.com/", "http://1.1.1.1:22/", "http:///x", "nonsense", "http://[::1", "",
    ],
)  # fmt: skip
def test_addresses_that_must_not_be_fetched_are_refused(url: str) -> None:
    with pytest.raises(OddReply) as caught:
        fetch_public(url, action="fetch the cover")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["10.0.0.8", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_numbers_that_a_system_reads_as_a_private_address_are_refused(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def numeric(name: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (socket.inet_ntoa(socket.inet_aton(name)), port))]

    monkeypatch.setattr(socket, "getaddrinfo", numeric)
    with pytest.raises(OddReply):
        fetch_public(f"http://{host}/", action="fetch the cover")


def test_a_server_of_this_machine_is_reached_only_when_it_is_the_configured_one() -> None:
    with serving(Answer(body=b"picture")) as server:
        with pytest.raises(OddReply):
            fetch_public(server.url + "/a", action="fetch the cover")
        assert server.asked == []
        assert fetch_public(server.url + "/a", action="fetch the cover", trusted=[server.url]).content == b"picture"


def test_a_trusted_server_cannot_send_us_into_the_private_network() -> None:
    with serving(Answer(body=b"internal")) as inner:
        to_inner = Answer(302, headers={"Location": inner.url})
        with serving(to_inner) as outer, pytest.raises(OddReply):
            fetch_public(outer.url, action="fetch the cover", trusted=[outer.url])
        assert inner.asked == []


def test_a_name_that_leads_inside_is_refused_at_the_moment_of_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("1.1.1.1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    with pytest.raises(OddReply, match="not on the public internet"):
        fetch_public("http://rebinding.example/", action="fetch the cover")


def test_an_endless_or_missing_picture_is_refused() -> None:
    with serving([Answer(body=b"x" * 500), Answer(404), Answer(503, headers={"Retry-After": "9"})]) as server:
        with pytest.raises(OddReply, match="larger"):
            fetch_public(server.url, action="fetch the cover", trusted=[server.url], max_bytes=400)
        with pytest.raises(NotThere):
            fetch_public(server.url, action="fetch the cover", trusted=[server.url])
        with pytest.raises(TryLater) as caught:
            fetch_public(server.url, action="fetch the cover", trusted=[server.url])
    assert caught.value.after == 9


def test_redirects_come_to_an_end() -> None:
    with serving(Answer(302, headers={"Location": "/again"})) as server, pytest.raises(OddReply):
        fetch_public(server.url, action="fetch the cover", trusted=[server.url])
    assert len(server.asked) == 6
