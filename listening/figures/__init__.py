"""Statistics of one member's listens, and of all members together.

All-time lists come from the totals (`listening.models.totals`), ranges from listens by member and time; charts by day,
the calendar, weekday and hour from `DayTotal` and `HourTotal`. Days are the listener's own (`Listener.zone`).

Read first: `ranges.parse`, what a range is, and `history.History`, a member's days read once. `arithmetic` and `ranges`
are pure; `words` says in sentences what the charts show; `together` counts all members whom the reader may see.
"""
