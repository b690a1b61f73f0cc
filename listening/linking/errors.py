"""How linking says no."""

from __future__ import annotations

from social.errors import Refused


class NotLinked(Refused):
    """Nothing was linked, and nothing that was there is lost. The text is for the member.

    Codes in use: unknown_state, not_accepted, too_little, wrong_token, switched_off, no_answer, unknown_service.
    """
