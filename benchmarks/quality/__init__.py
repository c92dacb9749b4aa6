"""How well themes are suggested: labelled collections, and what is measured on them."""
