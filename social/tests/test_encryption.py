"""Tokens at rest: unreadable in the database, readable after keys rotate, a clear word when no key opens them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from sidetrack.fields import Undecipherable
from sidetrack.tests.running import Site
from social.identity import link_identity
from social.models import LinkedAccount, User

TOKEN, REFRESH = "BQDnotARealAccessToken-4f2a", "AQBnotARealRefreshToken-9c1e"


def stored() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM social_linkedaccount")
        row: tuple[str, str] = cursor.fetchone()
    return row


@pytest.fixture
def link(rin: User, monday: datetime) -> LinkedAccount:
    return link_identity(
        user=rin, provider="spotify", provider_user_id="rin", now=monday, access_token=TOKEN, refresh_token=REFRESH
    )


def test_the_database_file_does_not_contain_the_token(tmp_path: Path, migrated: Path) -> None:
    """A real file, written by a real process and checkpointed: neither token stands in any byte of it."""
    site = Site(tmp_path, like=migrated)
    site.manage(
        code=f"""
from django.utils.timezone import now
from social.identity import link_identity
from social.models import LinkedAccount, User
rin = User.objects.create_user("rin_whose_row_is_there")
link_identity(user=rin, provider="spotify", provider_user_id="rin", now=now(),
              access_token="{TOKEN}", refresh_token="{REFRESH}")
assert LinkedAccount.objects.get().access_token == "{TOKEN}"
"""
    )
    (file,) = tmp_path.glob("*.sqlite3")
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = b"".join(path.read_bytes() for path in tmp_path.glob("*.sqlite3*"))
    assert b"rin_whose_row_is_there" in files
    assert TOKEN.encode() not in files
    assert REFRESH.encode() not in files


@pytest.mark.django_db
def test_what_is_stored_is_not_what_is_read(link: LinkedAccount) -> None:
    link.refresh_from_db()
    assert (link.access_token, link.refresh_token) == (TOKEN, REFRESH)
    assert not {TOKEN, REFRESH} & set(stored())
    assert link.access_token not in repr(link) + str(link)


@pytest.mark.django_db
def test_a_new_key_in_front_reads_the_old_and_rotation_retires_it(link: LinkedAccount, settings: Any) -> None:
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert LinkedAccount.objects.get().access_token == TOKEN
    before = stored()
    call_command("rotate_field_keys", verbosity=0)
    assert stored() != before
    settings.FIELD_KEYS = [new]
    fresh = LinkedAccount.objects.get()
    assert (fresh.access_token, fresh.refresh_token) == (TOKEN, REFRESH)


@pytest.mark.django_db
def test_a_lost_key_is_said_in_words(link: LinkedAccount, settings: Any) -> None:
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Undecipherable, match="FIELD_KEYS no longer holds"):
        LinkedAccount.objects.get()
    with pytest.raises(CommandError, match=r"social\.LinkedAccount.*1.*FIELD_KEYS"):
        call_command("rotate_field_keys", verbosity=0)


@pytest.mark.django_db
def test_a_lost_key_loses_nothing_but_the_tokens(link: LinkedAccount, settings: Any) -> None:
    """Who a member is elsewhere stays readable, and linking again writes new tokens over the old."""
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert LinkedAccount.objects.defer("access_token", "refresh_token").get().provider_user_id == "rin"
    assert User.objects.filter(linked_accounts__provider_user_id="rin").exists()


@pytest.mark.django_db
def test_empty_stays_empty(rin: User, monday: datetime) -> None:
    link_identity(user=rin, provider="discord", provider_user_id="1", now=monday)
    assert stored() == ("", "")


@pytest.mark.parametrize("keys", [["too short"], []])
def test_a_key_that_is_none_says_how_to_make_one(settings: Any, keys: list[str]) -> None:
    from sidetrack.fields import cipher

    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS must hold at least one Fernet key"):
        cipher()
