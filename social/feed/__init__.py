"""The feed: what other members did, merged from every app's own tables when it is read.

Apps above put their sources into the slot `feed:sources` (called with nothing, answered with a list of `Source`). Read
`asking.Question` and `reading.read_feed` first.
"""
