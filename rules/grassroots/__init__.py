"""The 26 fields of grassroots openness."""
