"""A member's own accounts at Spotify, Last.fm and ListenBrainz: linked by proof, shown, and unlinked.

    leaving      where a member is sent to permit it; `states` ties that to the browser that comes back
    coming_back  the proof is redeemed at the service and kept, and the account's first reading asked for
    unlinking    account and tokens are forgotten, listens stay
    showing      how each account stands, for the page, for REST and for the first steps
    offers       what each service offers, and which settings turn it on

Every face calls the same functions. No call to a service happens inside a transaction.
"""
