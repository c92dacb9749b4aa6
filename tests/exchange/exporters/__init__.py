"""Tests of the formats a journal can be written out in."""
