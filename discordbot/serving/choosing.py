"""“Which one did you mean?” as a select of a message. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from discordbot.forms.parts import Option
from discordbot.posts import Json
from discordbot.resolving import Known
from discordbot.routes import encode
from discordbot.texts import members, say

TYPED = "typed"


def candidate_select(week: int, draft_id: int, found: Sequence[Known], *, has_artist: bool) -> Json:
    """The albums with what the club did with them; “as I typed it” where enough was typed."""
    options = [Option(str(known.album_id), known.line, known.past) for known in found]
    if has_artist:
        options.append(Option(TYPED, say(members.NONE_OF_THESE)))
    select = {
        "type": 3,
        "custom_id": encode("nominate.pick", week, draft_id),
        "options": [option.json() for option in options],
        "placeholder": say(members.WHICH_HINT),
        "min_values": 1,
        "max_values": 1,
    }
    return {"type": 1, "components": [select]}
