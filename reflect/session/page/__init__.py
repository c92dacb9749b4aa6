"""The page on which phones join a session: at one address the host chose, with nothing from the internet."""
