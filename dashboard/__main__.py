"""``python -m dashboard COMMAND``, the same as ``gridguard COMMAND``."""

from dashboard.cli.app import main

if __name__ == "__main__":
    main()
