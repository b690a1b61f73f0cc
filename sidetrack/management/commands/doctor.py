"""`manage.py doctor`: what is configured, what is off, and which variable turns it on."""

from __future__ import annotations

import sys
from typing import Any

from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand
from django.utils import timezone

from sidetrack import __version__, health
from sidetrack.diagnosis import Finding, findings


class Command(BaseCommand):
    help = "Says what is configured, what is off and which variable turns it on. Exit status 1 when something is wrong."
    requires_system_checks = ()  # mistakes are part of the answer

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"Sidetrack {__version__}"))
        for finding in findings():
            self.stdout.write(self.line(finding))
        wrong = [message for message in run_checks() if message.level >= ERROR]
        for message in wrong:
            self.stdout.write(self.style.ERROR(f"  ✗ {message.msg} {message.hint or ''}".rstrip()))
        problems = health.problems(timezone.now())
        for problem in problems:
            self.stdout.write(self.style.WARNING(f"  ! {problem}"))
        if wrong:
            sys.exit(1)
        if not problems:
            self.stdout.write(self.style.SUCCESS("Everything that is switched on works."))

    def line(self, finding: Finding) -> str:
        if finding.is_on:
            return f"  {self.style.SUCCESS('✓')} {finding.name}: {finding.says}"
        return f"  · {finding.name}: off. {finding.says}"
