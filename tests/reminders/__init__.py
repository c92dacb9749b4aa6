"""Tests of the reminder that a system keeps."""
