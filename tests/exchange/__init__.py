"""Tests of what other programs take and give."""
