"""Finding things on the site itself."""
