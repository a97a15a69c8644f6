"""Queries by topic; each takes an open session and returns rows or plain values."""
