"""How music sounds, what people like, whom they match and what they may want to hear next.

Owns what was measured in audio files, what each track is on a few axes, members' weeks of taste and the map they move
on, matches, recommendations, predicted ratings and playlists. May import `club`, `listening`, `catalog`, `social` and
the plumbing.

Read first: `audio.analysing.analyse`, files to features; `weeks.aggregating.aggregate`, listens to weeks.

- `audio/`: scan, match and analyse files; `audio/extraction/` is the arithmetic, without Django. `embeddings/`: models
  that hear. `axes/`: energy, valence and the rest, from evidence to the chosen value; members' labels.
- `weeks/`: weekly taste, changes, moods, words. `mapping/`: the map, places, momentum. `outliers`, `mixtapes/`.
- `matching/`, `recommending/`, `predicting/`. `comparing/`: the page of two members. `blends/`: shared by consent.
- `playlists/`: lists kept, for a mood, of picks missed; as files, and at Spotify or ListenBrainz, brought up to date.
- `album_progress/`: who has heard how much of the week's album. `dashboard/`: what its pages and the digest say.
- `charts/`: figures as data. `views/`: pages. `api/`: REST.
"""
