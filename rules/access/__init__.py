"""Can everybody reach the site, and safely: HTTPS, IPv6, HTTP as the standard has it."""
