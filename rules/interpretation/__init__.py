"""Interpretations of policy documents, and what became of consultations."""
