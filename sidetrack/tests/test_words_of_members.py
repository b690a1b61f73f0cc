"""Members' words reach a page through `social.text` alone: whatever is marked as safe HTML is known here by name."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("sidetrack", "social", "catalog", "listening", "club", "taste", "discordbot")

# What may leave Django's escaping, and why no words of a member get through it.
SAFE_IN_TEMPLATES = {"social/profile.html": "a tab, drawn by a template of the app whose tab it is"}
SAFE_IN_CODE = {
    "social/text.py": "nh3 has just cleaned it: the one place for what members write",
    "sidetrack/templatetags/slots.py": "fillers render templates",
    "sidetrack/templatetags/reference.py": "escaped first",
    "club/templatetags/charts.py": "drawings escape every word that they are given",
    "club/templatetags/kept.py": "a template rendered it",
    "club/templatetags/sharing.py": "JSON for a script element, which escapes",
    "listening/templatetags/listens.py": "drawings",
    "social/recap.py": "empty",
    "taste/album_progress/drawing.py": "drawings",
    "taste/templatetags/matching.py": "drawings",
    "taste/templatetags/sound.py": "numbers alone",
    "taste/views/dashboard/figure.py": "drawings",
}


def test_templates_escape_everything_but_what_is_known() -> None:
    found = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", path.read_text(encoding="utf-8"))
    }
    assert found == SAFE_IN_TEMPLATES.keys()


def test_code_marks_nothing_as_safe_but_what_is_known() -> None:
    marks = re.compile(r"\b(?:mark_safe|SafeString|SafeText)\(|__html__|@html_safe")
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "tests" not in path.parts and marks.search(path.read_text(encoding="utf-8"))
    }
    assert found == SAFE_IN_CODE.keys()
