"""manage.py export_weeks [FILE.csv]: the club's history in the form that import_weeks reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from club.spreadsheets import exporting


class Command(BaseCommand):
    help = "Write every week with nominations, ballots, points and ratings as CSV. Ballots are secret: keep it so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] == "-":
            exporting.write(self.stdout._out)  # type: ignore[arg-type]  # the wrapper would add line ends
            return
        try:
            with Path(options["file"]).open("w", encoding="utf-8", newline="") as file:
                n_rows = exporting.write(file)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{n_rows} rows in {options['file']}.")
