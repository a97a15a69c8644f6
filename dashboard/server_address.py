"""The address at which a browser on this machine finds the server."""


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine for a server listening on ``host``."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
