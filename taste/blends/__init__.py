"""One list for two members, made of what both play, while both want it.

Read first: `asking`, every verb; `making.make`, plays to two copies of a list. `standing` says between whom a blend may
be: whoever may no longer see the other has none, whatever rows say. Pure: `choosing`, `telling`. (Scores of
recommendations are mixed in `taste.recommending.blending`, which is another matter.)
"""
