"""The club in figures. `statistics` is arithmetic; the others read rows for it in a constant number of queries."""
