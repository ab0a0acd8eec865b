"""Hidden links, hijacked titles and targets, and what else an intruder leaves."""
