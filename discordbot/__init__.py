"""Discord's face of the club: commands, forms, and posts kept true to the club's state.

May import everything below `sidetrack.urls`. It adds no rule of its own: it calls the club's functions. Read
`supervisor.Supervisor` first (the life of `manage.py runbot`), then `reconcile.reconcile` (how posts are kept true).
"""
