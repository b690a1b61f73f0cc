"""Who may see what: written by hand from the design, without asking the site's own rule.

A viewer sees what every level concerned lets them see. A block hides in both directions; moderators see what any
member sees; a member sees all of their own.
"""

from __future__ import annotations

VIEWERS = ("guest", "stranger", "follower", "blocked", "blocking", "moderator", "self")
LEVELS = ("public", "members", "followers", "me")
AREAS = ("visibility", "club_visibility", "listens_visibility", "taste_visibility", "item")

SEEN_BY = {
    "public": {"guest", "stranger", "follower", "moderator", "self"},
    "members": {"stranger", "follower", "moderator", "self"},
    "followers": {"follower", "self"},
    "me": {"self"},
}


def may_see(viewer: str, *levels: str) -> bool:
    return all(viewer in SEEN_BY[level] for level in levels)
