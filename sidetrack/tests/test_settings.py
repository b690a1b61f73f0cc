"""Settings: every name is documented, every mistake is found and says what to do, nothing repeats a secret."""

import ast
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import run_checks

from sidetrack.environment import Environment
from sidetrack.tests.running import Site

EXAMPLE = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
READERS = {"text", "words", "whole", "decimal", "switch", "choice", "zone", "secret"}


def names_read_by_settings() -> set[str]:
    tree = ast.parse((settings.BASE_DIR / "sidetrack" / "settings.py").read_text(encoding="utf-8"))
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        reader = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if reader in READERS:
            found |= {
                argument.value
                for argument in call.args
                if isinstance(argument, ast.Constant) and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(argument.value))
            }
    return found


def test_every_setting_stands_in_the_example_and_nothing_else_does():
    documented = re.findall(r"^# ([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == names_read_by_settings()


def test_every_setting_of_the_example_has_a_comment_above_its_group():
    for before, line in itertools.pairwise(EXAMPLE.splitlines()):
        if re.match(r"# [A-Z_]+=", line):
            assert before.startswith("# "), f"{line} has no comment above it"


def problems_with(tmp_path: Path, **environment: str) -> list[tuple[str, str]]:
    """What `manage.py check` says, id and words, in a process of its own with just these settings."""
    clean = {name: value for name, value in os.environ.items() if name not in names_read_by_settings()}
    defaults = {
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 60,
        "FIELD_KEYS": Fernet.generate_key().decode(),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=clean | defaults | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    for value in environment.values():
        assert len(value) < 12 or "://" in value or value not in said
    found: list[tuple[str, str]] = re.findall(r"\((sidetrack\.[EW]\d+)\) (.*)", said)
    assert bool(done.returncode) == any(".E" in key for key, _ in found), said
    assert said.count("HINT: ") == len(found)
    return found


def test_a_well_set_site_has_no_problem(tmp_path):
    assert problems_with(tmp_path) == []


def test_many_mistakes_are_told_at_once(tmp_path):
    said = problems_with(
        tmp_path,
        SECRET_KEY="",
        FIELD_KEYS="not-a-fernet-key-at-all",
        SITE_URL="https://club.example.org",
        ALLOWED_HOSTS="other.example.org",
        DISCORD_CLIENT_ID="123",
        Q_BROKER="redis",
        DATABASE_POOL="yes",
        MUSICBRAINZ_RATE_LIMIT="5",
        SIDETRACK_API_TOKEN="short",
    )
    assert {key for key, _ in said} == {f"sidetrack.E{n:03}" for n in (2, 3, 4, 6, 9, 10, 12, 15)} | {"sidetrack.W007"}


def test_what_the_address_of_the_database_says_holds_with_a_pool_too(tmp_path):
    site = Site(tmp_path)
    site.environment |= {"DATABASE_URL": "postgresql://u:p@db/club?sslmode=verify-full", "DATABASE_POOL": "yes"}
    options = site.python("from django.conf import settings; answer = settings.DATABASES['default']['OPTIONS']")
    site.close()
    assert options["sslmode"] == "verify-full"
    assert set(options) == {"sslmode", "pool"}


def test_malformed_values_are_told_by_name_without_their_value(tmp_path):
    said = problems_with(
        tmp_path,
        PORT="eight thousand",
        TIME_ZONE="Europe/Atlantis",
        DEBUG="perhaps",
        LOG_LEVEL="loud",
        HTTP_TIMEOUT_S="nan",
        SECRET_KEY_FILE=str(tmp_path / "absent"),
    )
    told = " ".join(words for key, words in said if key == "sidetrack.E001")
    for name in ("PORT", "TIME_ZONE", "DEBUG", "LOG_LEVEL", "HTTP_TIMEOUT_S", "SECRET_KEY_FILE"):
        assert name in told


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SITE_URL": "club.example.org"}, "sidetrack.E005"),
        ({"SITE_URL": "https://club.example.org/club"}, "sidetrack.E005"),
        ({"ALLOWED_HOSTS": ["*"]}, "sidetrack.W006"),
        ({"PORT": 70000}, "sidetrack.E008"),
        ({"GOOGLE_CLIENT_SECRET": "half a pair"}, "sidetrack.E009"),
        ({"REDIS_URL": "http://127.0.0.1"}, "sidetrack.E011"),
        ({"Q_CLUSTER": {"workers": 0}}, "sidetrack.E013"),
        ({"DATA_DIR": Path("/dev/null/here")}, "sidetrack.E014"),
        ({"MUSICBRAINZ_RATE_LIMIT": 0.0}, "sidetrack.E015"),
        ({"MUSICBRAINZ_URL": "musicbrainz.org"}, "sidetrack.E016"),
        ({"HTTP_TIMEOUT_S": -1.0}, "sidetrack.E017"),
        ({"SECRET_KEY": settings.DEVELOPMENT_KEY, "IS_TESTING": False}, "sidetrack.E002"),
        ({"HAS_FIELD_KEYS": False, "IS_TESTING": False}, "sidetrack.W003"),
    ],
)
def test_each_mistake_is_found_alone(settings, changes, expected):
    before = {message.id for message in run_checks()}
    for name, value in changes.items():
        setattr(settings, name, value)
    after = [message for message in run_checks() if message.id not in before]
    assert expected in [message.id for message in after]
    assert all(message.hint for message in after)


def test_a_mirror_of_ones_own_may_be_asked_more_often(settings):
    settings.MUSICBRAINZ_URL, settings.MUSICBRAINZ_RATE_LIMIT = "http://127.0.0.1:5000", 50.0
    assert "sidetrack.E015" not in {message.id for message in run_checks()}


class TestEnvironment:
    @pytest.fixture
    def env(self) -> Environment:
        return Environment()

    def test_an_empty_value_counts_as_none(self, env, monkeypatch):
        monkeypatch.setenv("A_THING", "  ")
        assert (env.text("A_THING", "x"), env.whole("A_THING", 3), env.switch("A_THING", True)) == ("x", 3, True)
        assert env.mistakes == {}

    @pytest.mark.parametrize(("given", "expected"), [("yes", True), ("TRUE", True), ("0", False), ("Off", False)])
    def test_switches_read_what_people_write(self, env, monkeypatch, given, expected):
        monkeypatch.setenv("A_SWITCH", given)
        assert env.switch("A_SWITCH", not expected) is expected

    def test_each_malformed_value_takes_its_default_and_is_remembered(self, env, monkeypatch):
        for name in ("A_NUMBER", "A_RATE", "A_SWITCH", "A_CHOICE", "A_ZONE"):
            monkeypatch.setenv(name, "perhaps")
        values = (
            env.whole("A_NUMBER", 4),
            env.decimal("A_RATE", 0.5),
            env.switch("A_SWITCH"),
            env.choice("A_CHOICE", ("orm", "redis"), "orm"),
            env.zone("A_ZONE"),
        )
        assert values == (4, 0.5, False, "orm", "UTC")
        assert set(env.mistakes) == {"A_NUMBER", "A_RATE", "A_SWITCH", "A_CHOICE", "A_ZONE"}
        assert not any("perhaps" in mistake for mistake in env.mistakes.values())

    def test_the_second_name_of_a_zone_counts_when_the_first_is_not_set(self, env, monkeypatch):
        monkeypatch.setenv("A_ZONE", "Europe/Berlin")
        assert env.zone("NO_ZONE", "A_ZONE") == "Europe/Berlin"

    def test_a_secret_comes_from_its_file(self, env, monkeypatch, tmp_path):
        (tmp_path / "key").write_text("from the file\n", encoding="utf-8")
        monkeypatch.setenv("A_SECRET", "from the environment")
        assert env.secret("A_SECRET") == "from the environment"
        monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "key"))
        assert env.secret("A_SECRET") == "from the file"
        monkeypatch.setenv("A_SECRET_FILE", str(tmp_path))
        assert env.secret("A_SECRET", "default") == "default"
        assert "A_SECRET_FILE" in env.mistakes
