"""Model fields that several apps use."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Undecipherable(ValueError):
    """A stored secret that none of FIELD_KEYS opens."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_KEYS must hold at least one Fernet key (32 bytes, URL-safe base64), the newest first. "
            "`make keys` prints one."
        ) from error


def cipher() -> MultiFernet:
    """Encrypts with the first of FIELD_KEYS, opens with any of them: put a new key in front to rotate."""
    return _fernet(tuple(settings.FIELD_KEYS))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is readable in Python and encrypted (Fernet) in the database; it cannot be searched.

    An empty string stays empty. Reading raises `Undecipherable` when the key that wrote it is gone.
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return cipher().encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise Undecipherable("A stored token was written with a key that FIELD_KEYS no longer holds.") from error
