"""What two members have in common and what not, for the page `/@a/with/@b/`.

The score is `taste.matching`; here is everything beside it, each part as far as whoever looks may read it:

    reading.pair_of(a, b, viewer) -> Pair             who is named how, and which areas are open to the viewer
    together.half_stars(pair) -> Ratings              what each gave to which album
    together.read(pair, ratings) -> Together          that, with tastes and first plays of both, in a few queries
    sentences.said(together) -> list[Said]            sentences, each with enough behind it; pure
    shared.shared_artists(pair, n=) -> Shared         what both play, side by side
    differing.differences(rated) -> list[Difference]  albums that they rate apart; pure
    handing.hand_over(giver, receiver, pair) -> ...   what one should pass on to the other, and why
"""
