"""The map of all analysed tracks in two dimensions, and where members' weeks lie on it.

Read first: `keeping.keep_up`, the nightly job. Pure: `neighbours`, `projecting`, `aligning`, `momentum`.

One map for the whole installation and embedding model, so that all members and the club's winners share its landscape.
New tracks are placed among their neighbours; a refit starts from the old places and is turned back onto them, so that
the map stays still.
"""
