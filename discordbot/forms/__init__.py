"""The forms that Discord shows over a channel (modals), and what comes back from them. Pure: values in, JSON out."""
