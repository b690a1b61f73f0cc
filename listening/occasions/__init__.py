"""What is worth telling of somebody's listening: albums heard whole, round numbers reached.

Made from listens by a job. Whoever changes listens leaves a mark (`Listener.occasions_from`): from that moment on the
member's history is yet to be looked through. Read `finding.go_on` first; `whole_albums` says what counts as whole.
"""
