"""The codebook of themes, and what suggests a theme for an entry's words."""
