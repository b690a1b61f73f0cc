"""Guarded connections check certificates against the name that was asked for, not against the address behind it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sidetrack.http import TryLater, fetch_public
from sidetrack.tests.local_server import Answer, LocalServer


@pytest.fixture
def certificate_for(tmp_path: Path) -> Callable[[str], Path]:
    """A file with key and self-signed certificate for a host name."""

    def make(name: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / f"{name}.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(private + certificate.public_bytes(pem))
        return file

    return make


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Make new connections trust a certificate, as if an authority had signed it."""

    def trust(file: Path) -> None:
        def context(**options: Any) -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(file))

        monkeypatch.setattr(httpx, "create_ssl_context", context)

    return trust


def secured(file: Path) -> LocalServer:
    server = LocalServer(lambda asked: Answer(body=b"picture"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    server.url = server.url.replace("http://127.0.0.1", "https://localhost")
    return server


def test_a_trusted_certificate_of_the_right_name_is_accepted(
    certificate_for: Callable[[str], Path], trusting: Callable[[Path], None]
) -> None:
    file = certificate_for("localhost")
    trusting(file)
    with secured(file).running() as server:
        assert fetch_public(server.url, action="fetch", trusted=[server.url]).content == b"picture"


def test_a_trusted_certificate_of_another_name_is_refused(
    certificate_for: Callable[[str], Path], trusting: Callable[[Path], None]
) -> None:
    file = certificate_for("somebody-else.example")
    trusting(file)
    with secured(file).running() as server:
        with pytest.raises(TryLater):
            fetch_public(server.url, action="fetch", trusted=[server.url])
        assert server.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate_for: Callable[[str], Path]) -> None:
    with secured(certificate_for("localhost")).running() as server:
        with pytest.raises(TryLater):
            fetch_public(server.url, action="fetch", trusted=[server.url])
        assert server.asked == []
