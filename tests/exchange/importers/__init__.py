"""Tests of the formats that can be brought in."""
