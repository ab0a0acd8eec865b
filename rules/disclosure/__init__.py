"""How policy documents are offered."""
