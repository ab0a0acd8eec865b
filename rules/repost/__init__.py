"""Announcements of superior governments that are owed a repost."""
