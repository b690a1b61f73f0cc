from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SidetrackConfig(AppConfig):
    name = "sidetrack"
    verbose_name = "Sidetrack"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from django_q.signals import post_execute_in_worker

        from sidetrack import checks, heartbeat  # noqa: F401  (registers the system checks)
        from sidetrack.bulk.short_questions import without_compiling

        connection_created.connect(without_compiling, dispatch_uid="sidetrack.bulk")
        post_execute_in_worker.connect(heartbeat.beat_after_task, dispatch_uid="sidetrack.heartbeat")


class SidetrackAdminConfig(AdminConfig):
    """Django's admin, opened to the moderators' group instead of to a flag."""

    default_site = "sidetrack.admin_site.SidetrackAdminSite"
