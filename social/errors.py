"""How the people side says no."""

from __future__ import annotations


class Refused(Exception):
    """A rule between people forbids it. The text may be shown to a member; `code` is for programs.

    Codes in use: not_a_moderator, superuser, reason_needed, oneself, blocked, identity_taken, other_identity,
    last_way_in, no_such_token, too_many, too_often, resolved, cannot_hide, nobody, suspended, not_suspended,
    bad_address, unknown_outcome, bad_list, not_owner.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NotAllowed(Refused):
    """Only moderators may do it."""
