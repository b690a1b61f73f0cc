"""Tokens for programs that send listens: shown once, stored as a hash, over when they are revoked."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from listening.models import ListenToken
from listening.tokens import living_tokens, make_token, note_use, revoke_token, token_for
from social.errors import Refused
from social.models import User
from social.tokens import MAX_LIVING

pytestmark = pytest.mark.django_db


def test_the_text_is_a_uuid_that_opens_the_token_and_is_stored_nowhere(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name=" Navidrome ", now=monday)
    assert uuid.UUID(raw).version == 4
    found = token_for(raw)
    assert found == token
    assert (found.user, found.name) == (rin, "Navidrome")
    assert raw not in " ".join(str(value) for value in ListenToken.objects.values_list().get())


def test_the_text_may_be_pasted_with_spaces_and_in_capitals(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name="Pano", now=monday)
    assert token_for(f" {raw.upper()}\n") == token


def test_another_text_opens_nothing(rin: User, monday: datetime) -> None:
    make_token(user=rin, name="Pano", now=monday)
    assert token_for(str(uuid.uuid4())) is None
    assert token_for("") is None


def test_a_revoked_token_opens_nothing(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name="Pano", now=monday)
    revoke_token(token=token, now=monday)
    revoke_token(token=token, now=monday + timedelta(days=1))
    assert token.revoked_at == monday
    assert token_for(raw) is None


def test_a_token_of_an_inactive_member_opens_nothing(rin: User, monday: datetime) -> None:
    _, raw = make_token(user=rin, name="Pano", now=monday)
    User.objects.filter(pk=rin.pk).update(is_active=False)
    assert token_for(raw) is None


def test_use_is_noted_once_a_minute_with_the_program(
    rin: User, monday: datetime, django_assert_num_queries: Any
) -> None:
    token, _ = make_token(user=rin, name="Pano", now=monday)
    note_use(token, client=f"Pano\x00 Scrobbler {'4' * 100}", now=monday)
    with django_assert_num_queries(0):
        note_use(token, client="Another", now=monday + timedelta(seconds=59))
    stored = ListenToken.objects.get()
    assert stored.last_used_at == monday
    assert stored.last_client == f"Pano Scrobbler {'4' * 100}"[:64]
    note_use(token, client="Another", now=monday + timedelta(seconds=60))
    assert ListenToken.objects.get().last_client == "Another"


def test_a_token_needs_a_name(rin: User, monday: datetime) -> None:
    with pytest.raises(ValidationError, match="name"):
        make_token(user=rin, name="  ", now=monday)


def test_nobody_hoards_tokens(rin: User, monday: datetime) -> None:
    tokens = [make_token(user=rin, name=f"t{n}", now=monday)[0] for n in range(MAX_LIVING)]
    with pytest.raises(Refused, match="Revoke one first"):
        make_token(user=rin, name="one more", now=monday)
    revoke_token(token=tokens[0], now=monday)
    make_token(user=rin, name="one more", now=monday)
    assert living_tokens(rin).count() == MAX_LIVING
