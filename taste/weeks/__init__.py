"""Members' taste week by week: from listens to weeks, and what is read off them.

Read first: `aggregating.aggregate`, the one writer of `WeeklyTaste` and `TasteProfile`. Then `measuring`, the
arithmetic of a week, `words` (what a week is called), `changes` (where a level moved) and `plane` (moods).

- `calendar`, `fingerprints`, `sums`, `words`, `changes`, `plane`: pure arithmetic. `columns`, `material`: what is read.
- `profile`: a member in a row of numbers. `telling`: changes are kept and told. `due`, `tasks`: whose turn it is.
- `drift`, `overview`: questions about two periods. `moods`: shares over a span, by artist, label, tag and source.
"""
