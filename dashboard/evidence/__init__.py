"""Files that show something of an issue: kept, looked at, shown as copies, recognised when they come again."""
