"""How posts are kept true: messages, threads, events; what is remembered of them, how they are found again."""
