"""Nothing is left out of the matrix: addresses, REST operations, tabs, commands; and a sweep with everything hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from discord import app_commands
from django.test import Client
from django.urls import resolve

from discordbot.handling import modules_of
from sidetrack.tests.every_address import Address, every_address
from sidetrack.tests.privacy import scene as stage
from sidetrack.tests.privacy.nothing import COMMANDS, NOTHING
from sidetrack.tests.privacy.surfaces import ITEM, SURFACES
from social.models import User
from social.moderation import people_changed
from social.tabs import tabs_for

SECRETS = (
    stage.NAME, stage.BIO, stage.PITCH, stage.REVIEW, stage.ASIDE, stage.NOW_PLAYING, stage.LIST_TITLE,
    stage.TAPE_TITLE, stage.WISH, stage.LOGGED, stage.SESSION,
)  # fmt: skip


def is_explained(route: str) -> bool:
    return f"={route}" in NOTHING or any(route.startswith(start) for start in NOTHING if start[0] != "=")


@pytest.fixture(scope="module")
def readable() -> list[Address]:
    return every_address()


def test_every_address_that_can_be_read_is_a_surface_or_explained(scene: stage.Scene, readable: list[Address]) -> None:
    asked = {resolve(each.route.format(s=scene).partition("?")[0]).route for each in SURFACES if each.route}
    left = [each for each in readable if each.route not in asked and not is_explained(each.route)]
    client = Client(raise_request_exception=False)
    client.force_login(scene.companion)
    assert [each.route for each in left if client.get(each.example).status_code != 405] == []


def test_nothing_is_explained_that_is_not_there_any_more(readable: list[Address]) -> None:
    routes = [each.route for each in readable]
    assert [each for each in NOTHING if each[0] == "=" and each[1:] not in routes] == []
    assert [each for each in NOTHING if each[0] != "=" and not any(route.startswith(each) for route in routes)] == []


def test_every_tab_of_a_members_page_is_a_surface(scene: stage.Scene) -> None:
    scene.show({})
    slugs = {tab.slug for tab in tabs_for(scene.owner, scene.owner)}
    assert len(slugs) > 5
    assert {slug for slug in slugs if not any(f"/{slug}/" in each.route for each in SURFACES)} == set()


def test_every_command_is_a_surface_or_explained() -> None:
    commands = [each for module in modules_of("discordbot.commands") for each in vars(module).values()]
    kinds = app_commands.Command | app_commands.Group
    names = {each.name for each in commands if isinstance(each, kinds) and each.parent is None}
    assert {"history", "whoknows"} <= names
    in_matrix = {each.name.removeprefix("/") for each in SURFACES if each.kind == "Discord command"}
    assert names - in_matrix - COMMANDS.keys() == set()
    assert COMMANDS.keys() <= names


def test_every_kind_of_surface_is_there() -> None:
    assert {each.kind for each in SURFACES} == {
        "page", "list", "feed", "search", "counts", "Atom", "sitemap", "share image", "REST", "compare", "export",
        "Discord command",
    }  # fmt: skip


@pytest.mark.parametrize("viewer", ["guest", "stranger", "blocked"])
def test_no_address_at_all_tells_of_a_member_who_hides_everything(
    scene: stage.Scene, readable: list[Address], viewer: str
) -> None:
    """Whatever address there is, with the scene's own week, album, artist and lists in it."""
    scene.show(dict.fromkeys([*stage.AREAS_OF_MEMBER, ITEM], "me"))
    assert told_anywhere(scene, readable, viewer, SECRETS) == []


def test_no_address_at_all_names_a_member_who_is_gone(scene: stage.Scene, readable: list[Address]) -> None:
    """Whatever is left of them keeps the archive's totals true; reviews are theirs to take along or leave."""
    scene.show({})
    User.objects.filter(pk=scene.owner.pk).update(is_active=False, deleted_at=scene.now)
    people_changed()
    left_behind = {stage.PITCH, stage.REVIEW, stage.ASIDE}
    assert told_anywhere(scene, readable, "stranger", [each for each in SECRETS if each not in left_behind]) == []


def told_anywhere(scene: stage.Scene, readable: list[Address], viewer: str, secrets: Sequence[str]) -> list[str]:
    told = []
    for each in readable:
        if is_a_copy(each.route):
            continue
        path = in_scene(each, scene)
        response = scene.clients[viewer].get(path, headers={"Accept": "text/html"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        told += [f"{path}: {secret}" for secret in secrets if secret.encode() in body]
    return told


def is_a_copy(route: str) -> bool:
    """What costs time here and tells nothing: the same views again, and leaving by its own button."""
    return route.startswith(("apis/listenbrainz/", "api/docs", "api/schema"))


def in_scene(address: Address, scene: stage.Scene) -> str:
    path = address.example
    for start, there in (
        ("/weeks/", scene.week.number), ("/albums/", scene.album.slug), ("/artists/", scene.artist.slug),
        ("/playlists/", scene.playlist.pk), ("/tracks/", scene.track.pk), ("/api/v1/club/weeks/", scene.week.number),
        ("/dashboard/weeks/", scene.iso_week),
    ):  # fmt: skip
        if path.startswith(start):
            return re.sub("(?<=^" + re.escape(start) + r")[^/.?]+", str(there), path)
    return path
