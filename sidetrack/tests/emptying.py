"""After a test that commits, the tables that it filled are emptied: a few of them, not all hundred and thirty.

Django's own way truncates every table and then makes content types, permissions and the moderators' group again,
which takes longer than most of these tests. What `migrate` itself wrote of those is left standing instead.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from social.models.user import MODERATORS

MADE_BY_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}


def empty_databases(case: Any) -> None:
    """Stands in for `TransactionTestCase._fixture_teardown`."""
    for alias in case._databases_names(include_mirrors=False):
        empty(connections[alias])


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete every row that a test may have written, in one transaction: foreign keys are looked at when it ends."""
    quote = connection.ops.quote_name
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in filled(connection, sorted(tables - MADE_BY_MIGRATE)):
            cursor.execute(f"DELETE FROM {quote(table)}")  # noqa: S608  (names of our own tables)
        cursor.execute(
            f"DELETE FROM {quote('auth_group_permissions')} WHERE group_id NOT IN"  # noqa: S608
            f" (SELECT id FROM {quote('auth_group')} WHERE name = %s)",
            [MODERATORS],
        )
        cursor.execute(f"DELETE FROM {quote('auth_group')} WHERE name <> %s", [MODERATORS])  # noqa: S608


def filled(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    """Those of `tables` that hold at least one row, asked for in one query."""
    quote = connection.ops.quote_name
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]
