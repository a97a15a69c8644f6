"""Who may reach the server and what a browser may do with its answers."""
