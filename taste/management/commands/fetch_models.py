"""manage.py fetch_models: bring the weights of the models that may be had freely."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from taste.embeddings import states
from taste.embeddings.musicnn.fetching import CannotFetch, fetch


class Command(BaseCommand):
    help = "Download musicnn's weights (29 MB), check and convert them into MODELS_DIR. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wheel", metavar="PATH", type=Path, help="the package, downloaded by hand")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(fetch(Path(settings.MODELS_DIR) / "musicnn", wheel=options["wheel"]))
        except CannotFetch as error:
            raise CommandError(str(error)) from error
        for name, version, why_off in states():
            self.stdout.write(f"{name}: off. {why_off}" if why_off else f"{name}: ready, version {version}.")
