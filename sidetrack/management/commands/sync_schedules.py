"""`manage.py sync_schedules`: the stored schedules become those of `sidetrack.schedule`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sidetrack import schedule


class Command(BaseCommand):
    help = "Makes the schedules in the database those of sidetrack/schedule.py."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Schedules: {schedule.sync(now=timezone.now())}.")
