"""People and what is between them: members, linked accounts, follows, blocks, visibility, reports.

Imports only the plumbing (`sidetrack.slots`, `.fields`, `.http`, `.api`); every other app may import it.
Read first: `social.visibility.visible_q`, the one rule of who sees what, and `social.identity.link_identity`, the one
way in which an outside account becomes a member. Then:

- `relations`: follow, ask, block, mute. `suggestions`: whom to follow. `feed/`: what others did, merged when read.
- `notifying`: what a member is told, once a subject. `kinds`: what there is to tell. `switching`: what they want told.
- `own_data/`: everything as a zip, and leaving; each app fills its part. `sessions`, `tokens`: who acts for a member.
- `tabs`, `recap`: frames of a member's pages, which upper apps fill. `viewpoint`, `seen_by`: how others see them.
- `welcome`: first steps. `settings_menu`: the menu of settings. `profile`, `avatars`: what members say of themselves.
- `reports`, `moderation`, `hiding`: what members report and moderators decide. `text`: members' markup made safe.
"""
