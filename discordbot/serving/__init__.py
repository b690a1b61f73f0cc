"""What members ask of the bot, without Discord: plain values in, the club's functions called, forms and replies out.

Everything here talks to the database and runs on its thread, called by `handlers` and `commands`.
"""
