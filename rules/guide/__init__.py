"""The guide to government information: whether it is there, whole, and right."""
