"""Members' pictures: small, bare, served by us; Discord's taken over where the member sent none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving
from social import tasks
from social.avatars import FROM_DISCORD, remove_avatar, set_avatar
from social.errors import Refused
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db


def picture(colour: str = "#C2571A", size: tuple[int, int] = (400, 300), kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def kept(member: User) -> Image.Image:
    member.refresh_from_db()
    with member.avatar.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


def test_any_picture_becomes_a_small_square_and_says_nothing_else(rin: User, monday: datetime) -> None:
    told = Image.Exif()
    told[0x010E] = "At home"
    set_avatar(member=rin, content=picture(kind="JPEG", exif=told.tobytes(), comment=b"At home"), now=monday)
    found = kept(rin)
    assert (found.format, found.size) == ("WEBP", (256, 256))
    assert not found.getexif()
    with rin.avatar.open("rb") as file:
        assert b"At home" not in file.read()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_whose_notes_are_broken_is_shown_as_it_lies(rin: User, monday: datetime, kind: str) -> None:
    set_avatar(member=rin, content=picture(kind=kind, exif=b"Exif\0\0MM\0\xb5\0\0\0\x08"), now=monday)
    assert kept(rin).size == (256, 256)


def test_another_picture_takes_the_place_and_the_file_of_the_first(
    rin: User, monday: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    set_avatar(member=rin, content=picture(), now=monday)
    first = rin.avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        set_avatar(member=rin, content=picture("#0B625C"), now=monday)
    assert rin.avatar.name != first
    assert not default_storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_avatar(member=rin)
    rin.refresh_from_db()
    assert not rin.avatar


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture(size=(20, 400)), picture()[:300]]
)
def test_what_is_no_picture_is_refused(rin: User, monday: datetime, content: bytes) -> None:
    with pytest.raises(Refused):
        set_avatar(member=rin, content=content, now=monday)
    rin.refresh_from_db()
    assert not rin.avatar


def test_a_picture_of_more_pixels_than_anybody_needs_is_not_even_opened(rin: User, monday: datetime) -> None:
    with pytest.raises(Refused, match="too many"):
        set_avatar(member=rin, content=picture(size=(9000, 9000)), now=monday)


def test_the_settings_take_a_picture_and_take_it_away(client: Client, rin: User) -> None:
    address = "/settings/profile/picture/"
    assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(rin)
    assert "Choose a file first" in client.post(address, follow=True).content.decode()
    bad = client.post(address, {"picture": SimpleUploadedFile("a.png", b"no picture")}, follow=True)
    assert "no picture of a kind we know" in bad.content.decode()
    client.post(address, {"picture": SimpleUploadedFile("a.png", picture())})
    rin.refresh_from_db()
    assert f'<img class="avatar" src="{rin.avatar.url}"' in client.get("/@rin/").content.decode()
    client.post(address, {"act": "remove"})
    rin.refresh_from_db()
    assert not rin.avatar


# --- From Discord ---------------------------------------------------------------------------------------------------
@pytest.fixture
def discord(settings: Any) -> Iterator[LocalServer]:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/avatars/4711/abc1.png":
            return Answer(body=picture(), headers={"Content-Type": "image/png"})
        return Answer(status=503 if "later" in asked.path else 404)

    with serving(answer) as server:
        settings.DISCORD_CDN_URL = server.url
        yield server


@pytest.fixture
def link(rin: User, monday: datetime) -> LinkedAccount:
    return LinkedAccount.objects.create(
        user=rin, provider="discord", provider_user_id="4711", verified_at=monday, metadata={"avatar": "abc1"}
    )


def test_discords_picture_is_taken_over_once(discord: LocalServer, rin: User, link: LinkedAccount) -> None:
    assert "has the picture from Discord" in tasks.fetch_avatar(rin.pk)
    rin.refresh_from_db()
    assert rin.avatar.name.startswith(FROM_DISCORD)
    assert tasks.fetch_due_avatars() == "0 pictures looked at"
    assert [asked.params for asked in discord.asked] == [{"size": "256"}]


def test_an_own_picture_stands_and_a_removed_one_stays_away(
    discord: LocalServer, rin: User, link: LinkedAccount, monday: datetime
) -> None:
    set_avatar(member=rin, content=picture("#0B625C"), now=monday)
    assert tasks.fetch_due_avatars() == "0 pictures looked at"
    remove_avatar(member=rin)
    assert tasks.fetch_due_avatars() == "0 pictures looked at"
    assert discord.asked == []


@pytest.mark.parametrize(("name", "n_asked"), [("later", 2), ("gone", 1), ("../../etc", 0)])
def test_what_cannot_be_had_is_asked_for_again_only_where_that_may_help(
    discord: LocalServer, rin: User, link: LinkedAccount, name: str, n_asked: int
) -> None:
    LinkedAccount.objects.update(metadata={"avatar": name})
    for _ in range(2):
        tasks.fetch_due_avatars()
    rin.refresh_from_db()
    assert not rin.avatar
    assert len(discord.asked) == n_asked


def test_an_unproved_account_lends_nobody_its_picture(discord: LocalServer, rin: User, link: LinkedAccount) -> None:
    LinkedAccount.objects.update(verified_at=None)
    assert "has nothing new" in tasks.fetch_avatar(rin.pk)
    assert tasks.fetch_due_avatars() == "0 pictures looked at"
    assert discord.asked == []
