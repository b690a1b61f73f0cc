"""Who is suspended is shown in nothing made for others; their own page and the club's archive stay as they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sidetrack.tests.privacy import scene as stage
from sidetrack.tests.privacy.surfaces import ME, SURFACES, Eyes, Surface
from social.models import User
from social.moderation import people_changed

pytestmark = pytest.mark.django_db

# What a member's own page and addresses hold, the archive's pages, and the record of who follows whom.
OWN = (ME, "/dashboard/", "/playlists/", f"/api/v1/users/{stage.HANDLE}", "/1/")
ARCHIVE = ("/weeks/", "/albums/", "/stats/", "/feeds/", "/ratings/", "/nominations/", "/api/v1/club/", "/@companion/f")
COMMANDS_OF_THE_ARCHIVE = {"/results", "/history", "/stats", "the card of a week", "the card of an album"}


def is_made_for_others(surface: Surface) -> bool:
    if "compatibility" in surface.route:
        return True
    if surface.name in COMMANDS_OF_THE_ARCHIVE or surface.name == "how many follow a member":
        return False
    if surface.route == "/" and stage.REVIEW in surface.name:  # the archive's newest words
        return False
    return not surface.route.startswith(OWN + ARCHIVE)


def told(scene: stage.Scene, viewer: str) -> dict[str, bool]:
    eyes = Eyes(scene, viewer)
    return {f"{each.kind} {each.name}": each.tells(eyes) for each in SURFACES}


@pytest.mark.parametrize("viewer", ["follower", "moderator"])
def test_a_suspended_member_is_in_nothing_that_is_made_for_others(scene: stage.Scene, viewer: str) -> None:
    scene.show({})
    before = told(scene, viewer)
    User.objects.filter(pk=scene.owner.pk).update(suspended_at=scene.now - timedelta(days=1))
    scene.owner.refresh_from_db()
    people_changed()
    after = told(scene, viewer)
    for_others = {f"{each.kind} {each.name}" for each in SURFACES if is_made_for_others(each)}
    assert {name for name in for_others if after[name]} == set()
    assert {name: after[name] for name in before.keys() - for_others} == {
        name: before[name] for name in before.keys() - for_others
    }
    assert sum(before[name] for name in for_others) > 20  # all of these were told before


def test_a_suspension_that_is_over_or_has_not_begun_hides_nobody(scene: stage.Scene) -> None:
    moments = [
        (timedelta(days=-2), timedelta(days=-1), True),
        (timedelta(days=1), None, True),
        (timedelta(days=-1), timedelta(days=1), False),
        (timedelta(days=-1), None, False),
    ]
    for begins, ends, is_there in moments:
        until = scene.now + ends if ends is not None else None
        User.objects.filter(pk=scene.owner.pk).update(suspended_at=scene.now + begins, suspended_until=until)
        member = User.objects.get(pk=scene.owner.pk)
        assert User.objects.present(now=scene.now).filter(pk=member.pk).exists() is is_there
        assert member.is_suspended(scene.now) is not is_there
        assert User.objects.present(to=member, now=scene.now).filter(pk=member.pk).exists()
