"""The album club: weeks, nominations, the poll, the winner, ratings, and the figures and pages drawn from them.

May import `catalog`, `social` and the plumbing; never `listening`, `taste` or `discordbot`. Every face (page, REST,
admin, command, job, bot) calls the functions of this app's story modules; a rule lives nowhere else.
Read first: `club.lifecycle.advance_due_weeks`, which moves weeks from phase to phase, and `club.voting.cast_ballot`.

`shelves/`: what members keep outside the weeks: a diary of albums heard, albums to hear, favourites. `figures/`:
statistics. `feed_sources`: what the feed tells of the club. `publishing/`: Atom, share images, the sitemap. `own_data`:
its part of a member's zip, and what leaving takes.
"""
