"""Tests of the forms a group's summary is written in."""
