"""Thousands of rows in one statement, for whatever model. Raw SQL stands here and in `listening.bulk`, nowhere else."""
