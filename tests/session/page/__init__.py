"""The page for phones: over real sockets, in a real browser, and against everything a network can do to it."""
