"""Re-encrypt every stored secret with the first of FIELD_KEYS, after which the older keys may be taken away."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction

from sidetrack.fields import EncryptedTextField, cipher

BATCH = 500


def encrypted_fields() -> list[tuple[type[models.Model], EncryptedTextField]]:
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


@transaction.atomic
def rotate(model: type[models.Model], field: EncryptedTextField) -> int:
    """The stored texts are read and written as they are, so that rows need not be loaded; answers how many."""
    quote = connection.ops.quote_name
    table, column, key = quote(model._meta.db_table), quote(str(field.column)), quote(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608  (names, quoted)
        rows: list[tuple[Any, str]] = cursor.fetchall()
        unreadable: list[Any] = []
        fresh: list[tuple[str, Any]] = []
        for pk, text in rows:
            try:
                fresh.append((cipher().rotate(text.encode()).decode(), pk))
            except InvalidToken:
                unreadable.append(pk)
        if unreadable:
            raise CommandError(
                f"{model._meta.label}.{field.name}: {len(unreadable)} of {len(rows)} rows were written with a key that "
                f"FIELD_KEYS no longer holds (first: {unreadable[0]}). Nothing was changed: put that key back at the "
                "end of FIELD_KEYS, or unlink those accounts."
            )
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", batch)  # noqa: S608
    return len(rows)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        for model, field in encrypted_fields():
            n_rows = rotate(model, field)
            if verbosity:
                self.stdout.write(f"{model._meta.label}.{field.name}: {n_rows} re-encrypted")
