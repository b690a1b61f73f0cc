"""People and what is between them: members, linked accounts, follows, blocks, visibility, reports.

Imports only the plumbing (`sidetrack.slots`, `.fields`, `.http`, `.api`); every other app may import it.
Read first: `social.visibility.visible_q`, the one rule of who sees what, and `social.identity.link_identity`, the one
way in which an outside account becomes a member.
"""
