"""Names to MusicBrainz ids, in the background: the most played first, never a guess.

Read `tracks.resolve_track` first, which takes one track as far as it can be taken. `hints` keeps the ids that sources
claim; `sweep` says who is due; `neighbours` takes ids from the track lists that the catalogue holds; `answers` is what
members and moderators say themselves.
"""
