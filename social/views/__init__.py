"""Pages of people: a member, all members, and a member's own settings."""
