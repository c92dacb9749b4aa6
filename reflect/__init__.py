"""A private journal that a group can learn from."""

__version__ = "0.1.0"
