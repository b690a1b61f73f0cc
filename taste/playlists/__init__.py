"""Lists of tracks that members keep, and their files.

Read first: `writing`, the one way to change them; `exporting` makes M3U, JSPF and CSV of them. Pure: `files`.
"""
