"""What a member may want to hear next, each with a reason that is true.

    renewing.renew(users=None, *, now) -> Renewed                         write everybody's (or these members') anew
    showing.shown_to(member, viewer) -> list[UserRecommendation]          as far as `viewer` may read them
    feedback.say(member=, album=, feedback=, now=) -> UserRecommendation  “not interested”, “I know it”, or "" to undo

Parts, each a ranked list with its evidence: `listeners` (which albums are played together, and factors of all plays),
`contents` (how albums sound, their genres, their artists), `club` (picks missed, ratings by people one follows).
`blending` makes one list of them: ranks, not scores, are added, and neighbours in it must differ.

What is learned from others is learned from members who show their listens to all members (`population`), and a list
never holds what fewer than two of them play; so that no list tells more than members' own pages do.
"""
