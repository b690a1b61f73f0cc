"""A member is told when a file of theirs is read, or could not be."""

from __future__ import annotations

import pytest

from listening.importing import tasks
from listening.tests.bringing import as_json, bring, imported, listen
from social.models import Notification, User

pytestmark = pytest.mark.django_db


def test_a_file_that_is_read_is_told_with_its_new_plays(rin: User) -> None:
    batch = imported(rin, as_json([listen(number) for number in range(3)]), name="mine.json")
    told = Notification.objects.get(user=rin, kind="import_done")
    assert told.text == "“mine.json” is read: 3 new plays."
    assert told.address == f"/settings/imports/{batch.pk}/"


def test_a_file_that_cannot_be_read_is_told_too(rin: User) -> None:
    batch = bring(rin, b"{", name="x" * 200)
    tasks.go_on(batch.pk)
    told = Notification.objects.get(user=rin, kind="import_done")
    assert told.text.endswith("…” could not be read.")
