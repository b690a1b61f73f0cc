"""Artists, albums, tracks, tags and covers; MusicBrainz, cover art and Spotify's catalogue; from names to ids.

May import `social` and the plumbing; never `club`, `listening`, `taste` or `discordbot`.
Read first: `catalog.naming.get_or_create_album`, which turns a typed name into an album at once, and
`catalog.identification.identify_album`, which finds its MusicBrainz ids later.

Thousands of names at once: `catalog.bulk_naming.Names`. A recording that was found becomes a track's:
`catalog.recordings`. Albums that the club needs, told from those that were only heard: `catalog.wanted`.
"""
