"""`python -m discordbot.tests.soak --weeks 200 --seed 7`: simulated weeks with random faults, on a database of its own.

At the end of every week what the club's tables hold, what members were told, and what stands in Discord must agree
exactly. When they do not, the seed says how to see it again (`make soak ARGS="--seed 7"`).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--weeks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--quiet", action="store_true", help="say nothing until the end")
    asked = parser.parse_args()
    sys.stdout.write(f"Soak: {asked.weeks} weeks, seed {asked.seed}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="sidetrack-soak-") as folder:
        prepare(Path(folder))
        from discordbot.tests.soaking import Disagreement, Soak

        began = time.monotonic()
        try:
            with Soak(seed=asked.seed, quiet=asked.quiet) as soak:
                soak.run(asked.weeks)
        except Disagreement as error:
            sys.stderr.write(f"\nSeed {asked.seed}: {error}\n")
            return 1
        except BaseException:
            sys.stderr.write(f"\nSeed {asked.seed} broke:\n")
            raise
        took = time.monotonic() - began
        sys.stdout.write(f"{soak.summary}; everything agrees after {took:.0f} s (seed {asked.seed}).\n")
    return 0


def prepare(folder: Path) -> None:
    """A fresh club; nothing of the surroundings reaches it."""
    for name in [*os.environ]:
        if name.startswith(("DISCORD_", "DATABASE_", "POSTGRES_")):
            del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sidetrack.settings",
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "soak-" * 12,
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "CRITICAL"),
    }
    threading.excepthook = lambda _: None  # heartbeats of bots that were killed
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
