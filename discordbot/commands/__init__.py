"""Slash commands: each module's `register(tree)` adds its own."""
