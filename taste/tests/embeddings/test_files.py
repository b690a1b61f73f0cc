"""The quick look at files of weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from taste.embeddings.files import why_damaged

HEADER = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
WHOLE = len(HEADER).to_bytes(8, "little") + HEADER + bytes(8)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("model.safetensors", WHOLE, ""),
        ("model.safetensors", WHOLE[:-1], f"{len(WHOLE) - 1} bytes of {len(WHOLE)}"),
        ("model.safetensors", WHOLE + b"x", f"{len(WHOLE) + 1} bytes of {len(WHOLE)}"),
        ("model.safetensors", b"", "its header is no header of safetensors"),
        ("model.safetensors", b"\xff" * 30, "its header is no header of safetensors"),
        ("model.safetensors", (2).to_bytes(8, "little") + b"[]", "its header is no header of safetensors"),
        ("old.pth", b"\x80\x02 a pickle of old", ""),
        ("new.pth", b"PK\x03\x04 and no end", "its end is missing"),
        ("new.pth", b"", "it is empty"),
    ],
)
def test_what_is_plainly_not_whole_is_said(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert why_damaged(tmp_path / name) == says


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    assert why_damaged(tmp_path / "gone.pth") == "No such file or directory"
