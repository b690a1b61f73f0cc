"""Measurements, not tests: `make bench` prints tables with ratios against floors measured in the same run.

- `data`: a big club (520 weeks, 200 members, 20,000 ratings), written straight into the tables.
- `server`: that club under gunicorn with two workers, on SQLite and, where one answers, on PostgreSQL.
- `bare`: the floor: a bare Django page with as many queries, values and bytes.
- `load`: a client lean enough not to be what is measured.
- `histories`: invented listening histories. `listening_inside`: what of them is measured inside the site.
- `pages`, `weights`, `discord`, `listening`, `arithmetic`, `extraction`: what is measured.

    make bench                                   everything
    make bench ARGS="pages --seconds 3"          one part
    make bench ARGS="pages --database sqlite"    one database
    make bench ARGS="listening --listens 100000" a smaller history
"""

COUNT_HEADER, FACTS_HEADER = "X-Count-Queries", "X-Page-Facts"  # asks for, and carries, a page's number of queries
