"""How a selection is answered: one SQL statement under a `Grant`."""
