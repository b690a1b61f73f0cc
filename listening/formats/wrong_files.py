"""What a file is that holds no listening history, and what to bring instead."""

from __future__ import annotations

from listening.formats.packages import Package

KNOWN = (
    "Spotify's extended streaming history, Last.fm exports (CSV or JSON), ListenBrainz, Maloja, Koito, Libre.fm, "
    "Pano Scrobbler, and .scrobbler.log"
)
READ_HERE = f"Read here: {KNOWN}."
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\0\0\0\x1cftyp",
    b"\0\0\0 ftyp",
    b"BM",
    b"II*\0",
    b"MM\0*",
)
_MUSIC = (b"ID3", b"OggS", b"fLaC", b"\xff\xfb")
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh")
_OTHERS = (b"%PDF", b"\x7fELF", b"MZ", b"SQLite format 3", b"\xd0\xcf\x11\xe0")
_SPOTIFY_ACCOUNT = {"userdata.json", "yourlibrary.json", "identity.json", "playlist1.json", "searchqueries.json"}


def is_binary(head: bytes) -> bool:
    return head.startswith((*_PICTURES, *_MUSIC, *_PACKED, *_OTHERS, b"PK\x03\x04"))


def what_to_bring(package: Package) -> str:
    return _of_zip(package) if package.is_zip else _of_file(package)


def _of_zip(package: Package) -> str:
    names = [part.name.lower() for part in package.parts]
    files = {name.rpartition("/")[2] for name in names}
    if not names:
        return "The zip is empty."
    if files & _SPOTIFY_ACCOUNT:
        return (
            "This is Spotify's account data without a listening history. On Spotify's privacy page ask for the "
            "“Extended streaming history”; it comes by mail within 30 days."
        )
    if any(name.startswith("takeout/") for name in names):
        return f"This is a package from Google; YouTube's history is not read. {READ_HERE}"
    if any("apple_media_services" in name or "apple music" in name for name in names):
        return f"This is a package from Apple; its history is not read. {READ_HERE}"
    if any(name.endswith((".xlsx", ".docx")) for name in files) or "[content_types].xml" in files:
        return f"This is an office document. Save the table as CSV and bring that. {READ_HERE}"
    if any(package.head(part).startswith(b"PK\x03\x04") for part in package.parts if part.n_bytes):
        return "There is another zip in this zip. Unpack it, and bring the one inside."
    return f"Nothing in this zip is a listening history. {READ_HERE}"


def _of_file(package: Package) -> str:
    part = package.parts[0]
    head = package.head(part, 512)
    start = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t").lower()
    if not head.strip():
        return "The file is empty."
    if head.startswith(_PICTURES):
        return f"This is a picture or a film, not a listening history. {READ_HERE}"
    if head.startswith(_MUSIC):
        return f"This is music itself, not a list of what was played. {READ_HERE}"
    if head.startswith(_PACKED):
        return "This is packed in a way that is not opened here. Unpack it, and bring the file inside or a zip of it."
    if start.startswith(("<!doctype html", "<html")):
        return (
            "This is a web page, probably the sign-in page in place of the file. Download it again while signed in. "
            f"{READ_HERE}"
        )
    if start.startswith("<"):
        return f"XML is not read here. {READ_HERE}"
    if start.startswith(("[", "{")):
        return f"This is JSON, but no listening history, or it is not whole. {READ_HERE}"
    return f"This is no listening history that we know. {READ_HERE}"
