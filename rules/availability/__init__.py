"""Can the site and its columns be opened."""
