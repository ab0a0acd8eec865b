"""One matter on several pages or sites."""
