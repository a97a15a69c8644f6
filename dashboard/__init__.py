"""The application around the core: settings, services, importers, server, command line and screen parts."""
