"""Personal tokens: shown once, stored as a hash, over when they are over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from social.errors import Refused
from social.models import PersonalToken, User
from social.tokens import MAX_LIVING, living_tokens, make_token, revoke_token, token_for

pytestmark = pytest.mark.django_db


def test_the_text_opens_the_token_and_is_stored_nowhere(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name=" my script ", scope="read", now=monday)
    found = token_for(raw, now=monday)
    assert found == token
    assert found.user == rin
    assert (found.name, found.scope) == ("my script", "read")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM social_personaltoken")
        stored = " ".join(str(value) for value in cursor.fetchone())
    assert raw not in stored
    assert raw.removeprefix("sidetrack_") not in stored


def test_another_text_opens_nothing(rin: User, monday: datetime) -> None:
    _, raw = make_token(user=rin, name="script", scope="read", now=monday)
    assert token_for(raw + "x", now=monday) is None
    assert token_for("", now=monday) is None


def test_a_revoked_token_opens_nothing(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name="script", scope="write", now=monday)
    revoke_token(token=token, now=monday)
    revoke_token(token=token, now=monday + timedelta(days=1))
    assert token.revoked_at == monday
    assert token_for(raw, now=monday) is None


def test_a_token_is_over_at_its_end(rin: User, monday: datetime) -> None:
    _, raw = make_token(user=rin, name="script", scope="read", now=monday, expires_at=monday + timedelta(days=1))
    assert token_for(raw, now=monday + timedelta(hours=23, minutes=59, seconds=59)) is not None
    assert token_for(raw, now=monday + timedelta(days=1)) is None


def test_a_token_of_an_inactive_member_opens_nothing(rin: User, monday: datetime) -> None:
    _, raw = make_token(user=rin, name="script", scope="read", now=monday)
    User.objects.filter(pk=rin.pk).update(is_active=False)
    assert token_for(raw, now=monday) is None


def test_last_use_is_written_once_a_minute_at_most(
    rin: User, monday: datetime, django_assert_num_queries: object
) -> None:
    _, raw = make_token(user=rin, name="script", scope="read", now=monday)
    token_for(raw, now=monday)
    with django_assert_num_queries(1):  # type: ignore[operator]
        token_for(raw, now=monday + timedelta(seconds=59))
    assert PersonalToken.objects.get().last_used_at == monday
    token_for(raw, now=monday + timedelta(seconds=60))
    assert PersonalToken.objects.get().last_used_at == monday + timedelta(seconds=60)


def test_a_token_needs_a_name_and_a_known_scope(rin: User, monday: datetime) -> None:
    with pytest.raises(ValidationError, match="name"):
        make_token(user=rin, name="  ", scope="read", now=monday)
    with pytest.raises(ValidationError, match="scope"):
        make_token(user=rin, name="script", scope="admin", now=monday)


def test_nobody_hoards_tokens(rin: User, monday: datetime) -> None:
    tokens = [make_token(user=rin, name=f"t{n}", scope="read", now=monday)[0] for n in range(MAX_LIVING)]
    with pytest.raises(Refused, match="Revoke one first"):
        make_token(user=rin, name="one more", scope="read", now=monday)
    revoke_token(token=tokens[0], now=monday)
    make_token(user=rin, name="one more", scope="read", now=monday)
    assert living_tokens(user=rin, now=monday).count() == MAX_LIVING
