"""Sidetrack: a weekly album club inside Discord, its public archive, and what its members really listen to.

This package puts the faces together and holds the plumbing that knows no model:

- `settings`, `checks`, `urls`, `schedule`, `demo`: the installed project, imported by nobody.
- `environment`, `keys`, `diagnosis`: values from the environment, fresh secrets, what `manage.py doctor` says.
- `preparing`, `running`, `worker`, `web`, `probe`: how the processes start, stop and are watched.
- `heartbeat`, `health`, `logs`, `media`, `compression`: what operators ask, what is logged, files that are sent.
- `http`: every call to the outside goes through it.
- `slots`: how a lower app's page shows what an upper app knows.
- `fields`: encrypted text in the database.
- `api`: authentication, errors and paging shared by every app's REST endpoints.

Read first: `sidetrack.slots.register` and `sidetrack.http.Service`.
"""

__version__ = "0.1.0"
