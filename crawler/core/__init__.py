"""Nouns and pure functions: no I/O here, and no import of anything else of ours."""
