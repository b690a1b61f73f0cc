"""Many first messages at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction

from social.identity import member_for_identity
from social.models import User


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("n_people", [1, 12])
def test_a_crowd_of_one_name_becomes_one_member_each(n_people: int, monday: datetime) -> None:
    """Each is made inside the longer transaction of a write, so that the others wait for it and then lose a handle."""

    def first_message(n: int) -> int:
        try:
            with transaction.atomic():
                member, _ = member_for_identity(
                    provider="discord", provider_user_id=str(n % n_people), display_name="Alex", now=monday
                )
            return int(member.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(first_message, range(24)))
    assert User.objects.count() == n_people
    assert len(set(found)) == n_people
