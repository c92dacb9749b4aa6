"""Tests of timed sessions."""
