"""An invented club over real albums, so that a newcomer sees everything filled: `manage.py demo`.

24 members play 60 weeks through the club's own functions, with a clock that ends now. The data is in files that anybody
may read and extend: albums.csv and tracks.txt (facts), members.toml, pitches.toml and reviews.toml (invented).
Read first: `story.play` and `removal.remove`.

A later app adds its part by filling two slots, both called inside the demo's transaction:
"demo:play" (stage: `sidetrack.demo.stage.Stage`) after the weeks were played, and "demo:remove" (no arguments), before
anything else is removed, which answers with sentences about what stays and why.
"""
