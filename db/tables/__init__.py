"""The tables, by topic."""
