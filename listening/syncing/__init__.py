"""Members' accounts elsewhere, read again and again.

`accounts` keeps one `SyncState` for each linked account, `registry` says who is due and gives one account to one worker
at a time, `reading` is what each source's reader must be and what it is handed, `sources` lists the readers.
"""
