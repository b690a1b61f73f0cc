"""Files that are no histories, and zips that are traps: refused in words that say what to bring instead."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from listening.formats import packages
from listening.formats.json_text import LONGEST
from listening.formats.packages import Unusable
from listening.formats.recognising import look_into
from listening.formats.rows import UTC_ZONE, Broken
from listening.importing.reading import Place, open_file
from listening.tests.bringing import as_json, as_lines, as_zip, listen, stream, told

GOOD = as_json([stream(0)])


def refusal(content: bytes, place: Path) -> str:
    path = place / "brought"
    path.write_bytes(content)
    with pytest.raises(Unusable) as refused:
        look_into(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "This is a picture"),
        (b"ID3\x04" + bytes(40), "This is music itself"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "Unpack it, and bring the file inside"),
        (b"  <!DOCTYPE html><title>Sign in</title>", "This is a web page"),
        (b'<?xml version="1.0"?><plist/>', "XML is not read here"),
        (b'{"playlists": [{"name": "Mine"}]}', "This is JSON, but no listening history"),
        (b"[1, 2, 3]", "This is JSON, but no listening history"),
        (b"[]", "This is JSON, but no listening history"),
        (b"[" * 100_000, "This is JSON, but no listening history"),
        (b'[{"ts": "2024', "This is JSON, but no listening history, or it is not whole"),
        (b"name,size\na,1\n", "This is no listening history that we know"),
        (bytes(range(256)) * 40, "This is no listening history that we know"),
    ],
)
def test_what_is_no_history_is_called_by_its_name(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(content, tmp_path)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["MyData/Userdata.json", "MyData/YourLibrary.json"], "Extended streaming history"),
        (["Takeout/YouTube/history.json"], "This is a package from Google"),
        (["Apple_Media_Services/Play Activity.csv"], "This is a package from Apple"),
        (["[Content_Types].xml", "xl/workbook.xml"], "Save the table as CSV"),
        (["readme.txt"], "Nothing in this zip is a listening history"),
        ([], "The zip is empty."),
    ],
)
def test_the_wrong_package_says_which_is_the_right_one(tmp_path: Path, names: list[str], words: str) -> None:
    assert words in refusal(as_zip(dict.fromkeys(names, b'{"a": 1}')), tmp_path)


def test_a_zip_in_a_zip_is_told(tmp_path: Path) -> None:
    assert "There is another zip in this zip" in refusal(as_zip({"export.zip": as_zip({"a.json": GOOD})}), tmp_path)


@pytest.mark.parametrize("name", ["../a.json", "/etc/a.json", "a/../../b.json", "C:/a.json", "a\\b.json"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    content = as_zip({"x" * len(name): GOOD}).replace(b"x" * len(name), name.encode())
    assert "names that lead out" in refusal(content, tmp_path)


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    content = as_zip({"a.json": GOOD, "b.json": GOOD}).replace(b"b.json", b"a.json")
    assert "two files of the same name" in refusal(content, tmp_path)


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    content = bytearray(as_zip({"a.json": GOOD}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    assert "locked with a password" in refusal(bytes(content), tmp_path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "links instead of files" in refusal(packed.getvalue(), tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert "far more than any listening history" in refusal(as_zip({"a.json": b" " * 40_000_000}), tmp_path)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    content = as_zip({"a.json": GOOD, "b.json": GOOD})
    second = content.rindex(b"PK\x01\x02")
    overlapping = content[: second + 42] + struct.pack("<L", 0) + content[second + 46 :]
    assert "claims to hold more than it can" in refusal(overlapping, tmp_path)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_MEMBERS", 20)
    content = as_zip({f"{number}.json": GOOD for number in range(21)})
    assert "The zip holds 21 files" in refusal(content, tmp_path)


def test_a_zip_whose_end_is_missing_is_refused(tmp_path: Path) -> None:
    assert "not whole" in refusal(as_zip({"a.json": GOOD})[:-30], tmp_path)


def test_a_directory_that_claims_millions_is_not_read(tmp_path: Path) -> None:
    content = bytearray(as_zip({"a.json": GOOD}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 10 : end + 16] = struct.pack("<HL", 60_000, 400_000_000)
    assert "The zip holds 60,000 files" in refusal(bytes(content), tmp_path)


def test_a_member_that_is_damaged_is_told_with_how_far_it_can_be_read(tmp_path: Path) -> None:
    content = bytearray(as_zip({"x/a.json": as_json([stream(each) for each in range(20_000)])}))
    content[len(content) * 3 // 4] ^= 0xFF
    (tmp_path / "brought").write_bytes(content)
    with open_file(tmp_path / "brought", name="a.zip", zone=UTC_ZONE) as file, pytest.raises(Unusable) as refused:
        assert sum(chunk.n_records for chunk in file.chunks(Place())) < 20_000
    assert re.fullmatch(r"a\.json is .*damaged: it can be read up to entry [\d,]+\..*", str(refused.value))


def test_litter_of_file_managers_is_passed_over(tmp_path: Path) -> None:
    package = {"__MACOSX/._a.jsonl": b"\0\x05", "x/.DS_Store": b"\0", "a.jsonl": as_lines([listen(0)])}
    recognised, found = told(as_zip(package), tmp_path)
    assert [part.name for part in recognised.parts] == ["a.jsonl"]
    assert len(found) == 1


def test_a_record_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    content = GOOD[:-1] + b', {"ts": "' + b"x" * (LONGEST + 1_000_000) + b'"}]'
    with pytest.raises(Broken):
        told(content, tmp_path)


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    content = b"artist,track,uts\n" + b"Low,Lullaby,1605864900\n" * 40 + b"x" * 3_000_000
    with pytest.raises(Broken, match="a line of more than a million"):
        told(content, tmp_path)
