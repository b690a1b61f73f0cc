"""`additional_info` of a listen: checked by ListenBrainz's rules, and what of it we use. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from listening.listenbrainz.documents import Invalid, is_deeper, is_uuid, some_text, whole

MAX_TAGS, MAX_TAG = 50, 64
MAX_DEPTH = 16
MAX_DURATION_S = 24 * 24 * 60 * 60
SINGLE_MBIDS = ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid")
MANY_MBIDS = ("artist_mbids", "work_mbids")
# What is kept elsewhere, or says nothing about the music: not worth keeping a payload for.
DULL = frozenset(
    {"duration", "duration_ms", "duration_played", "submission_client", "submission_client_version"}
    | {"artist_msid", "release_msid", "recording_msid"}
)
_SPOTIFY_TRACK = re.compile(r"(?:^spotify:track:|\bopen\.spotify\.com/(?:intl-\w+/)?track/)([0-9A-Za-z]{22})\b")


def read_info(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A copy, checked, without the MBIDs that are empty."""
    given = metadata.get("additional_info")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid("track_metadata.additional_info should be an object.")
    if is_deeper(given, MAX_DEPTH):
        raise Invalid("track_metadata.additional_info is nested too deeply.")
    info = dict(given)
    _check_tags(info.get("tags"))
    for key in SINGLE_MBIDS:
        if key in info and not info[key]:
            del info[key]
        elif key in info and not is_uuid(info[key]):
            raise Invalid(f"{key} MBID format invalid.")
    for key in MANY_MBIDS:
        if key not in info:
            continue
        mbids = info.pop(key) or []
        if not isinstance(mbids, list) or not all(is_uuid(mbid) for mbid in mbids if mbid):
            raise Invalid(f"{key} MBID format invalid.")
        if mbids := [mbid for mbid in mbids if mbid]:
            info[key] = mbids
    return info


def duration_ms(info: Mapping[str, Any]) -> int | None:
    if "duration" in info and "duration_ms" in info:
        raise Invalid("JSON document should not contain both duration and duration_ms.")
    for key, ms in (("duration", 1_000), ("duration_ms", 1)):
        if key in info:
            length, most = whole(info[key]), MAX_DURATION_S * 1_000 // ms
            if length is None or length <= 0:
                raise Invalid(f"Value for {key} is invalid, should be a positive integer.")
            if length > most:
                raise Invalid(f"Value for {key} is too large, max permitted value is {most}.")
            return length * ms
    return None


def ms_played(info: Mapping[str, Any]) -> int | None:
    """`duration_played` in seconds; the contract does not check it, so nonsense counts as not said."""
    seconds = whole(info.get("duration_played"))
    return seconds * 1_000 if seconds is not None and 0 < seconds <= MAX_DURATION_S else None


def spotify_id(info: Mapping[str, Any]) -> str:
    """The track's id in `spotify_id`, which mostly is an address, or in `origin_url`; "" where neither holds one."""
    for key in ("spotify_id", "origin_url"):
        if found := _SPOTIFY_TRACK.search(some_text(info, key)):
            return found[1]
    return ""


def client_of(metadata: Mapping[str, Any]) -> str:
    """The program that submits, as it calls itself."""
    info = metadata.get("additional_info") or {}
    name, version = some_text(info, "submission_client"), some_text(info, "submission_client_version")
    return f"{name} {version}".strip() if name else some_text(info, "media_player")


def worth_keeping(metadata: Mapping[str, Any], info: dict[str, Any]) -> dict[str, Any] | None:
    """What is kept word for word, in the shape of a listen; None where there is nothing but names and a length."""
    if not info.keys() - DULL:
        return None
    kept = {key: metadata[key] for key in ("artist_name", "track_name", "release_name") if key in metadata}
    return {"track_metadata": {**kept, "additional_info": info}}


def _check_tags(tags: Any) -> None:
    if tags is None:
        return
    if not isinstance(tags, list | str) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid("track_metadata.additional_info.tags should be a list of strings.")
    if len(tags) > MAX_TAGS:
        raise Invalid(f"JSON document may not contain more than {MAX_TAGS} items in additional_info.tags.")
    if any(len(tag) > MAX_TAG for tag in tags):
        raise Invalid(f"JSON document may not contain additional_info.tags longer than {MAX_TAG} characters.")
