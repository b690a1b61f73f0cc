"""Logs: one line a request with its id, as text or JSON, and never a secret."""

import io
import json
import logging
import logging.config

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import path

from sidetrack import logs
from sidetrack.logs import BLOT, JsonFormatter, RequestIdFilter, TextFormatter, without_secrets

TOKEN = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"


def broken(request):
    raise RuntimeError(f"the answer to Authorization: Bearer {TOKEN} was odd")


urlpatterns = [path("broken", broken)]


@pytest.fixture
def lines():
    """What the console would show, in JSON, while the test runs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.django_db
def test_an_address_writes_no_line_of_its_own(client, lines):
    client.get("/weeks/%0A2026-01-01%20INFO%20forged%0D")
    (line,) = [line for line in lines() if line["logger"] == "sidetrack.requests"]
    assert line["message"].startswith("GET /weeks/%0A2026-01-01%20INFO%20forged%0D 404")


def test_a_request_is_one_line_with_the_id_of_its_answer(client, lines):
    answer = client.get("/media/none.webp?token=" + TOKEN, headers={"X-Request-ID": "proxy-made-it-7"})
    assert answer["X-Request-ID"] == "proxy-made-it-7"
    (line,) = [line for line in lines() if line["logger"] == "sidetrack.requests"]
    assert line["request_id"] == "proxy-made-it-7"
    assert line["message"].startswith("GET /media/none.webp 404 ")


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "new\nline-in-it", "<script>alert</script>"])
def test_an_id_that_does_not_look_like_one_is_replaced(client, given):
    made = client.get("/health", headers={"X-Request-ID": given})["X-Request-ID"]
    assert made != given
    assert len(made) == 16


def test_what_is_asked_every_few_seconds_leaves_no_line(client, lines, db):
    client.get("/health")
    client.get("/ready")
    assert [line for line in lines() if line["logger"] in {"sidetrack.requests", "django.request"}] == []


def test_no_token_from_a_header_or_an_address_reaches_the_log(settings, lines):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {TOKEN}"})
    assert client.get(f"/broken?code={TOKEN}&state={TOKEN}").status_code == 500
    told = lines()
    assert any("traceback" in line for line in told)
    assert TOKEN not in json.dumps(told)


def test_the_text_form_hides_as_much():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "GET https://h/p?api_key=%s&page=2", (TOKEN,), None)
    line = TextFormatter().format(record)
    assert TOKEN not in line
    assert line.endswith(f"?api_key={BLOT}&page=2")


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {TOKEN}",
        f"Authorization: Bot {TOKEN}",
        f"{{'access_token': '{TOKEN}', 'expires_in': 3600}}",
        f'{{"refresh_token":"{TOKEN}"}}',
        f"POST /callback?code={TOKEN}",
        f"password={TOKEN}",
        f"sk={TOKEN}&method=track.love",
        f"postgresql://sidetrack:{TOKEN}@db:5432/sidetrack",
        f"redis://:{TOKEN}@redis:6379/0",
        str(httpx.Headers({"authorization": f"Bearer {TOKEN}"}).raw),
    ],
)
def test_what_looks_like_a_secret_is_blotted_out(text):
    assert TOKEN not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /weeks/12/?genre=jazz&sort=score 200 31 ms",
        "Moved WEEK 003 [2025-11-24] to discussion",
        "postgresql://db.example.org:5432/sidetrack",
        "The key of the album is C minor",
    ],
)
def test_ordinary_words_stay(text):
    assert without_secrets(text) == text


def test_our_own_secrets_are_known_by_value(settings):
    settings.DISCORD_BOT_TOKEN = "an-unusual.bot-token"
    logs._own_secrets.cache_clear()
    try:
        assert without_secrets("login failed with an-unusual.bot-token") == f"login failed with {BLOT}"
        assert settings.FIELD_KEYS[0] not in without_secrets(f"cannot open with {settings.FIELD_KEYS[0]}")
    finally:
        logs._own_secrets.cache_clear()


def test_the_configured_handlers_use_these_forms():
    formatters = django_settings.LOGGING["formatters"]
    assert formatters == {
        "text": {"()": "sidetrack.logs.TextFormatter"},
        "json": {"()": "sidetrack.logs.JsonFormatter"},
    }
    logging.config.DictConfigurator(django_settings.LOGGING).configure_formatter(formatters["json"])
