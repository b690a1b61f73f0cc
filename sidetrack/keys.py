"""Fresh secrets: `python -m sidetrack.keys` prints them, with `--missing-into .env` it adds what that file lacks.

Runs before anything is configured, so it imports no Django. What stands in the file or in the environment stays.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet

MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: Fernet.generate_key().decode(),
    "SIDETRACK_API_TOKEN": lambda: secrets.token_urlsafe(32),
}
NEEDED_TO_RUN = ("SECRET_KEY", "FIELD_KEYS")
HEADING = "# Made by `make run`. Keep it safe, keep it out of git; .env.example lists what else may stand here.\n"


def names_in(text: str) -> set[str]:
    lines = (line.strip().removeprefix("export ") for line in text.splitlines())
    parts = [line.partition("=") for line in lines if not line.startswith("#")]
    return {name.strip() for name, equals, value in parts if equals and value.strip()}


def add_missing(path: Path, environment: Mapping[str, str]) -> list[str]:
    """Add the keys that neither `path` nor the environment holds; the names added. Only the owner may read the file."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    present = names_in(text) | {name for name, value in environment.items() if value}
    missing = [name for name in NEEDED_TO_RUN if not {name, f"{name}_FILE"} & present]
    if missing:
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(HEADING if not text else "" if text.endswith("\n") else "\n")
            file.writelines(f"{name}={MAKERS[name]()}\n" for name in missing)
    return missing


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing-into", type=Path, metavar="FILE")
    target: Path | None = parser.parse_args(arguments).missing_into
    if target is None:
        sys.stdout.writelines(f"{name}={make()}\n" for name, make in MAKERS.items())
    elif added := add_missing(target, os.environ):
        sys.stdout.write(f"{target}: made {' and '.join(added)}\n")


if __name__ == "__main__":
    main()
