"""The style sheet in one piece, its budget, and third-party files that are what they claim to be."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from sidetrack.static_bundle import bundled, read_source

STATIC = Path(settings.BASE_DIR) / "static"
CSS_BUDGET, JS_BUDGET, FONT_BUDGET = 20_000, 20_000, 75_000  # bytes, brotli


def test_the_bundle_holds_every_component_in_its_layer_and_no_import() -> None:
    sheet = bundled(read_source)
    assert "@import" not in sheet
    assert sheet.startswith("@layer reset, tokens, base, layout, components, utilities;")
    for path in (STATIC / "css" / "components").glob("*.css"):
        line = next(line for line in path.read_text().splitlines() if line.endswith("}") and "{" in line)
        assert line in sheet, f"{path.name} is missing: import it in site.css"


def test_every_comment_in_the_sources_says_what_the_file_is_for() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        assert path.read_text().startswith("/*"), path.name


def test_an_import_of_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"css/gone\.css"):
        bundled(lambda name: read_source(name) if name != "css/site.css" else '@import url("gone.css") layer(base);')


def test_collectstatic_sends_one_hashed_sheet_with_working_addresses(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # our own, not the admin's
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "sidetrack.static_bundle.BundlingStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    [sheet] = list((tmp_path / "css").glob("site.*.css"))
    text = sheet.read_text()
    assert "@import" not in text
    fonts = re.findall(r'url\("(\.\./fonts/[^"]+)"\)', text)
    assert len(fonts) == 2
    for address in fonts:
        assert re.search(r"\.[0-9a-f]{12}\.woff2$", address)
        assert (sheet.parent / address).resolve().is_file()
    assert sheet.with_name(sheet.name + ".br").is_file()


def test_styles_scripts_and_fonts_stay_within_their_budgets() -> None:
    assert len(brotli.compress(bundled(read_source).encode())) < CSS_BUDGET
    scripts = [*(STATIC / "js").glob("*.js"), STATIC / "vendor" / "htmx" / "htmx.min.js"]
    assert sum(len(brotli.compress(path.read_bytes())) for path in scripts) < JS_BUDGET
    assert sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")) < FONT_BUDGET


@pytest.mark.parametrize("folder", ["fonts", "vendor"])
def test_third_party_files_are_the_ones_that_the_readme_names(folder: str) -> None:
    rows = re.findall(
        r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (STATIC / folder / "README.md").read_text(), re.MULTILINE
    )
    assert rows
    for name, checksum in rows:
        assert hashlib.sha256((STATIC / folder / name).read_bytes()).hexdigest() == checksum, name


def test_the_licences_of_fonts_are_shipped() -> None:
    for name in ("bricolage-grotesque", "instrument-sans"):
        path = finders.find(f"fonts/{name}-OFL.txt")
        assert path
        assert "SIL Open Font License" in Path(path).read_text()
