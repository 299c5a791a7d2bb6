"""The running program: composition root, settings, application, commands, adapters."""
