"""Columns: up to date, not blank, honestly dated."""
