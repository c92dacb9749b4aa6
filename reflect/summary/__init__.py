"""Themed summaries: choose, place in themes, excerpt, check; then one format a file."""
