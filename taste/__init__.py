"""How music sounds, what people like, whom they match and what they may want to hear next.

May import `club`, `listening`, `catalog`, `social` and the plumbing. Nothing is stored here yet: it will read the
club's ratings and the members' listens.
"""
