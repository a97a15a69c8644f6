"""Writing of ledgers and layers: ordered columns and records in, files out."""
