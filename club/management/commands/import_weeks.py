"""manage.py import_weeks FILE.csv: bring an older club's history in."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from club.spreadsheets.importing import ImportReport, import_rows


class Command(BaseCommand):
    help = (
        "Read weeks, nominations, ballots or points, and ratings from a CSV file (columns: see README, or what "
        "export_weeks writes). Without --apply nothing is kept: you see what would be. With a fault in any row nothing "
        "is written at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file in UTF-8; - reads from standard input")
        parser.add_argument("--apply", action="store_true", help="write it, if no row is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        report = import_rows(self.lines(options["file"]), apply=options["apply"], now=timezone.now())
        for line, fault in report.faults:
            self.stderr.write(f"line {line}: {fault}")
        if report.faults:
            raise CommandError(f"{len(report.faults)} rows are wrong. Nothing was written.")
        self.stdout.write(summary(report))
        if not report.is_written:
            self.stdout.write("This was a dry run: nothing was written. Repeat it with --apply.")

    def lines(self, name: str) -> list[str]:
        try:
            whole = sys.stdin.read() if name == "-" else read(Path(name))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{name} is not UTF-8: save it as “CSV UTF-8”.") from error
        return list(StringIO(whole, newline=""))


def read(path: Path) -> str:
    """With the line ends inside of cells as they are, without a spreadsheet's byte order mark."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def summary(report: ImportReport) -> str:
    rows = ", ".join(f"{n} {kind} rows" for kind, n in report.rows.items()) or "no rows"
    return f"{rows}; {report.n_new_members} new members, {report.n_new_albums} new albums."
