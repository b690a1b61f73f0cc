"""The matrix: every surface, as every viewer, with each level of each area that it tells of."""

from __future__ import annotations

import pytest

from sidetrack.tests.privacy import scene as stage
from sidetrack.tests.privacy.surfaces import SURFACES, Eyes, Surface
from sidetrack.tests.privacy.truth import LEVELS, VIEWERS, may_see

pytestmark = pytest.mark.long

# Areas that hardly any surface has both of are narrowed together; where one has, both levels must let the viewer see.
TOGETHER = (("visibility",), ("club_visibility", "listens_visibility"), ("taste_visibility", "item"))
SITUATIONS: list[dict[str, str]] = [
    {},
    *(dict.fromkeys(areas, level) for areas in TOGETHER for level in LEVELS if level != "public"),
]


def expected(surface: Surface, viewer: str, levels: dict[str, str]) -> bool:
    if surface.reader == "nobody" or viewer in surface.never:
        return False
    if surface.reader == "owner":
        return viewer == "self"
    areas = surface.areas + (surface.guest_areas if viewer == "guest" else ())
    concerned = [levels.get(area, "public") for area in areas]
    if surface.reader == "company" and not set(concerned) <= {"public", "members"}:
        return False
    whose = {"guest": "guest", "server": "stranger"}.get(surface.reader, viewer)
    return may_see(whose, *concerned)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_surface_tells_whom_it_may_and_nobody_else(scene: stage.Scene, viewer: str) -> None:
    """Everything open, then each area in turn narrowed to each level while the others stay open."""
    wrong = []
    for levels in SITUATIONS:
        scene.show(levels)
        eyes = Eyes(scene, viewer)
        for surface in SURFACES:
            if viewer in surface.viewers and (not levels or levels.keys() & {*surface.areas, *surface.guest_areas}):
                told, may = surface.tells(eyes), expected(surface, viewer, levels)
                if told != may:
                    where = f"{surface.kind} {surface.name}, with {levels or 'everything open'}"
                    wrong.append(f"{'sees' if told else 'does not see'} {where}")
    assert not wrong, f"{viewer}:\n" + "\n".join(wrong)
