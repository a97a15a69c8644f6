"""The demo district: built from data through the same services as every other record."""
