"""Listening in Discord: `/fm`, `/whoknows`, `/taste`, `/chart`.

What stands in a channel is read by whoever is in the server. So an answer is public only where everything in it is
shown to all members of the club; of others nothing else is told, of oneself the rest is told to oneself. A block in
either direction hides, and “hidden”, “blocked” and “not connected” read the same. Read `asking` first.
"""
