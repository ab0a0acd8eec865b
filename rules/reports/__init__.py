"""Annual reports of disclosure and of the website."""
