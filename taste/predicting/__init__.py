"""What each member will think of the nominees: a rating with an interval, told before, and held against the truth.

    predict(member, album_ids) -> dict[int, Predicted] | TooLittle    from past ratings and taste
    rounds.predict_due(now=) -> int       nominations and polls: rows for whoever has rated enough; frozen afterwards
    rounds.settle(now=) -> int            the truth, once a member has rated
    record.record_of(week, viewer) -> ErrorRecord    mean absolute error, coverage, n, of what the viewer may read

Before the poll closes a member alone sees their own. `model` is the arithmetic, without Django.
"""

from taste.predicting.foretelling import predict

__all__ = ["predict"]
