"""A reminder that the person's own system keeps: rendered, never run here; one system a file."""
