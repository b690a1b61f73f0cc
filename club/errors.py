"""How the club says no."""

from __future__ import annotations


class ClubRuleBroken(Exception):
    """A rule of the club forbids it. The text may be shown to a member; `code` is for programs.

    The state of the week or of the member forbids it: wrong_phase, no_week, nomination_limit, already_nominated,
    own_nomination, not_nominated, same_twice, no_nominations, week_exists, nothing_to_undo, moved_on.
    The caller may not: suspended, not_a_moderator, not_your_own.
    What was given cannot be meant: bad_deadlines, bad_value, reason_needed.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
