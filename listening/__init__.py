"""What members listen to: plays from every source, once each, and the totals drawn from them.

Owns listens (`ListenEvent`), their totals, linked sources and their syncs, imported files, corrections, and the
ListenBrainz-compatible server. May import `catalog`, `social` and the plumbing; never `club`.

Read first: `ingest.ingest`, the one way in, and `duplicates`, which decides what is one play told twice. Then:

- `plays`: a play as a source tells it. `formats/`: files. `clients/` and `syncing/`: Last.fm, ListenBrainz, Spotify.
- `bulk/`: raw SQL, one function for each database. `totals`: what is kept by delta.
- `linking/`: members' own accounts, by proof. `occasions/`: albums heard whole and milestones, for the feed.
- `listenbrainz/`: the server that scrobblers send to. `corrections`: edit, delete, undo. `resolving`: names to ids.
- `doubles`: duplicates told anew. `following`: listens go where moderators merge their music.
- `figures/`: statistics. `views/`: pages. `api`: REST.
"""
