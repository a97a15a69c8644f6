"""Sending messages: to the outside world, each once, again when it fails, at set hours."""
