"""The soak in short and always from the same seed; `make soak` runs two hundred weeks from a new one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
WEEKS = 4  # albums are rated from the third on


def test_weeks_with_random_faults_end_in_agreement() -> None:
    seed = os.environ.get("SIDETRACK_SOAK_SEED", "7")
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "discordbot.tests.soak",
            "--weeks",
            str(WEEKS),
            "--seed",
            seed,
            "--quiet",
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"SIDETRACK_SOAK_SEED={seed} shows it again:\n{said}"
    for kind in ("nominations", "ballots", "ratings"):
        assert kind in said, said
