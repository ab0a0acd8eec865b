"""Domain names and names of sites."""
