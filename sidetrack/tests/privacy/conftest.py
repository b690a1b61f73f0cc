"""The scene of the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from sidetrack.tests.privacy.scene import Scene, build


@pytest.fixture(scope="module")
def built_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once for all tests of a module, and taken back whole at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def scene(built_scene: Scene, db: None) -> Scene:
    return built_scene
