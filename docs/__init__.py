"""Pages about reflect, and the scripts that make some of them."""
