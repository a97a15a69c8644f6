"""The one-page briefing of a leader or of the whole district, with its map and chart."""
