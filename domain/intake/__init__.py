"""How a survey goes in: reading, validating and loading survey files."""
