"""Faults made on purpose, part by part (A to J): kills, full disks, power cuts, damage; and what must hold after each.

`python -m tests.faults` runs all parts and prints the figures that `docs/safety.md` holds.
"""
