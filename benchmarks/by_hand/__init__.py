"""The ceilings: what reflect does, done by hand with the standard library and nothing round it."""
