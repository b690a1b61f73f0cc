"""Messages as the JSON of Discord's REST v10: one plain line, one embed, rows of buttons. Pure.

The plain line says the essential, so that it reads where embeds are switched off. Each module makes the cards of one
thread; `parts` holds what they are made of and keeps Discord's limits.
"""
