"""manage.py check_aggregates: are the figures kept on weeks what the rows say?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from club import aggregates


class Command(BaseCommand):
    help = "Compare the figures kept on every week (ratings, poll margin) with its rows, and repair them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only compare; exit 1 when something is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = aggregates.compare()
        for each in wrong:
            self.stdout.write(str(each))
        if not wrong:
            self.stdout.write("Every week's figures are what its rows say.")
        elif options["dry_run"]:
            raise CommandError(f"{len(wrong)} weeks keep wrong figures. Without --dry-run they are repaired.")
        else:
            repaired = sum(aggregates.repair(each.week) for each in wrong)
            self.stdout.write(f"{repaired} weeks repaired.")
