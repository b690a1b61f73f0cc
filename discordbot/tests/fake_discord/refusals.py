"""How Discord says no: an HTTP status, a code of its own, and for a bad body a tree of errors (50035)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The codes and texts of https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
TEXTS = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10070: (404, "Unknown Guild Scheduled Event"),
    20001: (403, "Bots cannot use this endpoint"),
    30003: (400, "Maximum number of pins reached for the channel"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
}

Problem = tuple[tuple[str | int, ...], str, str]  # where in the body, Discord's code, its words


class Refusal(Exception):
    """Discord's answer to a request that it does not carry out."""

    def __init__(self, code: int, problems: Iterable[Problem] = (), *, about: str = "") -> None:
        self.code = code
        self.status, self.text = TEXTS[code]
        self.problems = tuple(problems)
        self.about = about  # for the test's reader; Discord does not send it
        where = "; ".join(f"{'.'.join(map(str, path))}: {words}" for path, _, words in self.problems)
        super().__init__(f"{self.status} {code} {self.text}" + (f" ({where or about})" if where or about else ""))

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"message": self.text, "code": self.code}
        if self.problems:
            answer["errors"] = error_tree(self.problems)
        return answer


def error_tree(problems: Iterable[Problem]) -> dict[str, Any]:
    """{"embeds": {"0": {"title": {"_errors": [{"code", "message"}]}}}}: one branch for each step into the body."""
    tree: dict[str, Any] = {}
    for path, code, words in problems:
        branch = tree
        for step in path:
            branch = branch.setdefault(str(step), {})
        branch.setdefault("_errors", []).append({"code": code, "message": words})
    return tree


def bad_body(*problems: Problem) -> Refusal:
    return Refusal(50035, problems)
