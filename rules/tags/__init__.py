"""Tags of pages: site, column and article metas."""
