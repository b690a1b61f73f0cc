"""Files that members bring: looked at before anything is written, read by a job in slices, undone as a whole.

An `ImportBatch` goes from UPLOADED (looked at: `looking`) over PREVIEWED (the member decides: `deciding`), QUEUED and
RUNNING (`running`) to DONE; STOPPED and FAILED go on when the member says so; UNDOING (`undoing`) ends in UNDONE.
Read `running.run` first. `reading` turns a file into chunks of plays, `leases` gives one worker at a time the batch,
`receiving` takes files in and lets them go, `tasks` is what the queue calls, `terminal` what `manage.py ingest` does.
"""
