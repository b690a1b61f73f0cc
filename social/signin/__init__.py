"""Sign-in with Discord, Google and Spotify: allauth's providers, told where the services are and to keep little.

Read `providers` for what is kept of each account, `services` for the calls, `urls` for the pages there are.
`social.adapters` turns a proved identity into a member.
"""
