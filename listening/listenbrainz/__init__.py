"""A server that speaks ListenBrainz, so that any scrobbler can send its listens here and read them back.

Served at `/1/…` and `/apis/listenbrainz/1/…`. `submissions` reads what programs send (pure), `answering` makes a
function an endpoint (bodies, tokens, limits, errors, headers), `calls` says who asks for whom, `showing` is how a
listen looks. Then one module each for what is asked: `submitting`, `reading`, `deleting`, `importing`, `feedback`,
`people`, `stats`, `lookup`.
Contract: https://listenbrainz.readthedocs.io/en/latest/users/api/core.html
"""
