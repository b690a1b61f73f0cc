"""Bulk work in raw SQL: one function a job, one statement a database. The only raw SQL of the project."""
