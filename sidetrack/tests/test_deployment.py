"""The image, compose.yml, the proxy and CI cannot be run in a test; what they must hold is asserted as data."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from sidetrack import probe

ROOT: Path = settings.BASE_DIR
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("setup", "web", "worker", "worker-gpu", "bot")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def seconds(duration: str) -> int:
    parts = re.findall(r"(\d+)([hms])", duration)
    assert "".join(number + unit for number, unit in parts) == duration
    return sum(int(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in parts)


class TestCompose:
    def test_everything_a_club_needs_is_there(self):
        assert set(SERVICES) == {*OURS, "db", "redis", "caddy"}
        assert SERVICES["db"]["image"] == "postgres:16"
        assert SERVICES["redis"]["image"].startswith("redis:")
        assert SERVICES["caddy"]["image"].startswith("caddy:")
        assert SERVICES["bot"]["profiles"] == ["bot"]

    def test_setup_runs_once_and_before_every_process_of_ours(self):
        assert SERVICES["setup"]["command"] == ["python", "manage.py", "up", "--prepare-only"]
        assert SERVICES["setup"]["restart"] == "no"
        assert SERVICES["setup"]["depends_on"]["db"]["condition"] == "service_healthy"
        for name in ("web", "worker", "worker-gpu", "bot"):
            assert SERVICES[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully", name

    def test_commands_are_in_exec_form_so_that_only_the_main_process_is_signalled(self):
        for name in OURS:
            assert isinstance(SERVICES[name]["command"], list), name
            assert SERVICES[name]["command"][0] not in {"sh", "bash"}, name

    def test_the_worker_is_given_longer_than_the_longest_job(self):
        for name in ("worker", "worker-gpu"):
            assert seconds(SERVICES[name]["stop_grace_period"]) > settings.Q_CLUSTER["timeout"] + 30, name

    def test_every_service_that_runs_on_is_asked_whether_it_is_well(self):
        assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", "python", "-m", "sidetrack.probe", "/health"]
        for name in ("worker", "worker-gpu"):
            assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "manage.py", "worker", "--check"]
        assert "pg_isready" in SERVICES["db"]["healthcheck"]["test"][1]
        assert SERVICES["redis"]["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
        assert SERVICES["caddy"]["depends_on"]["web"]["condition"] == "service_healthy"

    def test_only_the_proxy_is_reachable_from_outside(self):
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]

    def test_the_pool_is_for_the_web_process_alone(self):
        assert [name for name in OURS if "DATABASE_POOL" in SERVICES[name]["environment"]] == ["web"]

    def test_the_gpu_is_reserved_by_its_profile(self):
        service = SERVICES["worker-gpu"]
        assert service["profiles"] == ["gpu"]
        assert service["build"]["args"]["TORCH"] == "cuda"
        (device,) = service["deploy"]["resources"]["reservations"]["devices"]
        assert (device["driver"], device["count"], device["capabilities"]) == ("nvidia", 1, ["gpu"])

    def test_what_must_last_lies_in_named_volumes(self):
        assert set(COMPOSE["volumes"]) == {"data", "db", "caddy-data", "caddy-config"}
        for name in OURS:
            assert SERVICES[name]["volumes"] == ["data:/data"], name
            assert SERVICES[name]["environment"]["DATA_DIR"] == "/data"
        assert SERVICES["db"]["volumes"] == ["db:/var/lib/postgresql/data"]

    def test_our_processes_may_do_little(self):
        for name in OURS:
            service = SERVICES[name]
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]

    def test_no_secret_stands_in_the_file(self):
        for name in ("SECRET_KEY", "FIELD_KEYS", "SIDETRACK_API_TOKEN", "DISCORD_BOT_TOKEN"):
            assert not re.search(rf"{name}\s*[:=]", text("compose.yml"))
        assert "${POSTGRES_PASSWORD:?" in text("compose.yml")

    def test_every_setting_it_gives_is_a_documented_one(self):
        documented = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE))
        for name in OURS:
            assert set(SERVICES[name]["environment"]) <= documented, name


class TestDockerfile:
    def test_stages_and_base(self):
        stages = re.findall(r"^FROM (\S+) AS (\S+)$", text("Dockerfile"), re.MULTILINE)
        assert stages[0] == ("python:3.11-slim-bookworm", "base")
        assert {service["build"]["target"] for name, service in SERVICES.items() if name in OURS} <= {
            stage for _, stage in stages
        }

    def test_runs_as_nobody_special_with_health_checks(self):
        tail = text("Dockerfile").partition("FROM base AS code")[2]
        assert "USER sidetrack" in tail
        assert "USER root" not in tail
        assert tail.count("HEALTHCHECK") == tail.count('CMD ["') - tail.count("HEALTHCHECK") == 2

    def test_brings_a_font_and_openmp_and_chooses_torch_by_argument(self):
        assert "libgomp1 fonts-dejavu-core" in text("Dockerfile")
        assert "ARG TORCH=cpu" in text("Dockerfile")
        assert "pip install --disable-pip-version-check ." in text("Dockerfile")
        assert "'.[audio]'" in text("Dockerfile")

    def test_compose_and_image_start_the_same_commands(self):
        for service in ("web", "worker"):
            words = ", ".join(f'"{word}"' for word in SERVICES[service]["command"])
            assert f"CMD [{words}]" in text("Dockerfile")

    def test_every_package_is_let_into_the_image(self):
        let_in = set(re.findall(r"^!(\S+)$", text(".dockerignore"), re.MULTILINE))
        packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks"}
        assert packages | {"static", "templates", "manage.py", "pyproject.toml"} <= let_in


class TestProxy:
    def test_serves_the_site_and_keeps_readiness_inside(self):
        assert text("Caddyfile").count("{") == text("Caddyfile").count("}")
        assert re.search(r"^\{\$SITE_URL\} \{$", text("Caddyfile"), re.MULTILINE)
        assert "reverse_proxy web:8000" in text("Caddyfile")
        assert "@inside path /ready" in text("Caddyfile")

    def test_logs_no_credentials(self):
        for line in ("Authorization delete", "Cookie delete", "replace token hidden", "replace code hidden"):
            assert line in text("Caddyfile")


class TestProbe:
    @pytest.fixture
    def _at(self, live_server, monkeypatch):
        monkeypatch.setenv("PORT", live_server.url.rpartition(":")[2])

    @pytest.mark.usefixtures("_at")
    def test_asks_with_the_host_of_the_site(self, settings, monkeypatch):
        settings.ALLOWED_HOSTS = ["club.example.org"]
        monkeypatch.setenv("SITE_URL", "https://club.example.org")
        assert probe.is_answered("/health")
        assert not probe.is_answered("/ready")
        monkeypatch.setenv("SITE_URL", "https://elsewhere.example.org")
        assert not probe.is_answered("/media/none.webp")

    def test_exits_1_where_nothing_answers(self):
        done = subprocess.run(
            [sys.executable, "-m", "sidetrack.probe", "/health"],
            cwd=ROOT, env={**os.environ, "PORT": "1"}, check=False,
        )  # fmt: skip
        assert done.returncode == 1


class TestCi:
    def test_stops_at_the_first_failure_and_forbids_skips(self):
        script = text(".ci/run")
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
        assert "set -euo pipefail" in script
        assert "SIDETRACK_REQUIRE_ALL=1" in script
        assert "-m 'not postgres'" in script
        assert "-m 'not browser and not slow'" in script
        last = script.replace("\\\n", " ").rstrip().splitlines()[-1]
        assert last.startswith("DATABASE_URL="), "pytest's own closing line comes last"

    def test_the_markers_it_names_exist(self, pytestconfig):
        declared = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
        assert {"postgres", "browser", "slow", "redis", "realdata"} <= declared


class TestPreCommit:
    def test_has_local_hooks_for_ruff_and_djade(self):
        (repository,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
        assert repository["repo"] == "local"
        assert [hook["id"] for hook in repository["hooks"]] == ["ruff-check", "ruff-format", "djade"]
        assert all(hook["language"] == "system" for hook in repository["hooks"])
