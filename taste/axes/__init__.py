"""What a track is on a few axes: evidence from every source, the chosen best, and what a member says themselves.

Axes have the meaning and the range of the fields of the same names in Spotify's audio features.

- `judging.judge`: from what was measured in the audio, and what a model hears, to a value with a confidence. Pure.
- `sources/`: what others say: Spotify, AcousticBrainz, tags. `importing`: files of it. `tagged`, `asking_spotify`: what
  is filled in by night. `scoring.score`: one track anew, from what is stored.
- `evidence.keep` stores what a source says; `choosing.choose` takes the best of it. Both in bulk, both idempotent.
- `labelling`: what members say; `personal.features_for`: the axes as one member hears them.
- `sounding`: how an album, a week's winner or a track sounds, for pages.
"""
