"""Wording: wrong words, numbers and marks in what a page says."""
