"""Timed sessions: plans and their steps, the clock and the order of turns, one running session, the note after it."""
