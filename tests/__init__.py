"""What must be true of the registry, on a real PostgreSQL."""
