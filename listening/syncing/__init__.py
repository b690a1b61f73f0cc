"""Members' accounts elsewhere, read again and again.

`accounts` keeps one `SyncState` for each linked account, `registry` says who is due and gives one account to one worker
at a time, `pace` says when it is due again, `reading` is what each source's reader must be and what it is handed,
`sources` lists the readers, `asking` is for whoever wants a reading now, `tasks` is what the queue calls.
`lastfm`, `listenbrainz` and `spotify` read; `deletions` follows what was deleted there; `tags` asks what music is.
"""
