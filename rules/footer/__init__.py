"""The seven identifiers at the foot of every page."""
