"""Outside catalogues of music, one module each: MusicBrainz, the Cover Art Archive, Spotify.

A client asks and answers with frozen dataclasses; parsing stands apart, so that recorded answers go through it alone.
Answers are remembered (`remembering`), so nothing is asked twice while it is fresh.
"""
