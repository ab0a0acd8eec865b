"""Domain names and their records."""
