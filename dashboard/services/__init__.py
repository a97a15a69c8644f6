"""Services: every write and every read of the application; each write checks the right, then the rule."""
