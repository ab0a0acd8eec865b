"""Flags of a page, so that the audit finds the few without unpacking the many."""

from __future__ import annotations

FLAG_SOFT_ERROR, FLAG_SHELL, FLAG_PROTECTION, FLAG_REDIRECT, FLAG_FOOTER = 1, 2, 4, 8, 16
FLAG_POLICY = 32  # a policy document with attachments: those are read whole
