"""Interaction with the public: what people write in, and what they are told."""
