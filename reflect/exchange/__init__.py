"""The files that travel between people and groups."""
