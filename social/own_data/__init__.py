"""A member's data leaving with them, and a member leaving.

`parts` says what a part of the export is, `exporting` has it made by a job; `leaving` carries a member's wish to leave
out when its days of grace are over. Each app fills `export:parts` and `account:forget` from its own `own_data` module.
"""
