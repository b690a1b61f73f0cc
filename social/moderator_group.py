"""What the group `moderator` may do in the admin: exactly what the apps list in the slot "moderator:permissions".

Granted anew after every migrate, so that a permission which is no longer listed is taken away again. A group cannot
be told by a migration alone: permissions of an app exist only after all migrations have run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q

from sidetrack import slots
from social.models.user import MODERATORS

SOCIAL = (
    "social.view_report",
    "social.view_moderationaction",
    "social.view_memberwarning",
    "social.view_user",
)


def social_permissions() -> Iterable[str]:
    return SOCIAL


def listed() -> set[str]:
    """Every permission that moderators have, as `app.codename`."""
    return {permission for listing in slots.call("moderator:permissions") for permission in listing}


def last_migrated() -> AppConfig:
    """The app whose `post_migrate` comes last: only then does every app have its permissions."""
    return [config for config in apps.get_app_configs() if config.models_module is not None][-1]


def grant(*, app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the group's permissions the listed ones. Called once after a migrate, when the last app has been told."""
    from django.contrib.auth.models import Group, Permission

    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated to a point before there were groups
    group, _ = Group.objects.using(using).get_or_create(name=MODERATORS)
    create_permissions(app_config, verbosity=0, using=using)  # ours may be called before auth's own for this app
    wanted = Q(pk__in=[])
    for app_label, codename in (permission.split(".") for permission in listed()):
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    group.permissions.set(Permission.objects.using(using).filter(wanted))
