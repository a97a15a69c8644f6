"""The command line: one file for each group of commands, all of them callers of services."""
