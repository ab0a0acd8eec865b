"""Links, pictures and attachments that lead nowhere."""
