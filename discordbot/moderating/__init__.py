"""What moderators do in Discord: shown before it happens, confirmed, logged, taken back.

`verbs` says what each act is, `telling` puts it into words, `confirming` asks, and acts when the answer is yes, also
after a restart. `people` decides who may. Start with `confirming.ask`, then `verbs`.
"""
