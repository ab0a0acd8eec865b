"""Personal data that stands where everybody can read it."""
