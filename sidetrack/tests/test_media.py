"""Pictures are sent with a year to keep, and nothing but pictures of ours is sent."""

from pathlib import Path

import pytest

from sidetrack.media import locate

PICTURE = b"RIFF\x00\x00\x00\x00WEBP" + b"x" * 500


@pytest.fixture
def media(settings) -> Path:
    root = Path(settings.MEDIA_ROOT)
    (root / "covers").mkdir(parents=True)
    (root / "covers" / "3f.webp").write_bytes(PICTURE)
    (root / "covers" / ".hidden.webp").write_bytes(PICTURE)
    (root / "covers" / "notes.txt").write_text("private", encoding="utf-8")
    (root.parent / "secret.webp").write_bytes(b"outside")
    (root / "covers" / "link.webp").symlink_to(root.parent / "secret.webp")
    (root / "folder.webp").mkdir()
    return root


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_picture_may_be_kept_for_a_year(client, media):
    answer = client.get("/media/covers/3f.webp", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert body(answer) == PICTURE
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Length"] == str(len(PICTURE))
    assert "Content-Encoding" not in answer
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_picture_is_not_sent_again(client, media):
    first = client.get("/media/covers/3f.webp")
    body(first)
    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get("/media/covers/3f.webp", headers=header)
        assert again.status_code == 304
        assert again.content == b""
        assert again["Cache-Control"] == first["Cache-Control"]
    (media / "covers" / "3f.webp").write_bytes(PICTURE + b"more")
    assert client.get("/media/covers/3f.webp", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "covers/none.webp",
        "covers",
        "covers/",
        "folder.webp",
        "covers/notes.txt",
        "covers/.hidden.webp",
        "covers/link.webp",
        "../secret.webp",
        "covers/../../secret.webp",
        "..%2fsecret.webp",
        "%2e%2e/secret.webp",
        "covers\\..\\..\\secret.webp",
        "/etc/passwd",
        "//etc/passwd.png",
        "covers/3f.webp%00.png",
    ],
)
def test_nothing_else_is_sent(client, media, path):
    assert client.get(f"/media/{path}").status_code in {400, 404}


@pytest.mark.parametrize(
    "path", ["../secret.webp", "covers/../../secret.webp", "/etc/x.png", "a\0.png", ".x/y.png", "x" * 300 + ".png"]
)
def test_the_view_itself_refuses_what_a_server_might_let_through(media, path):
    assert locate(path) is None


def test_nothing_can_be_written(client, media):
    assert client.put("/media/covers/3f.webp", b"x").status_code == 405
