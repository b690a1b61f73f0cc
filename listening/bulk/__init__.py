"""Bulk work on listens in raw SQL: one function a job, one statement a database (see `sidetrack.bulk`)."""
