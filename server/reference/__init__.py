"""The reference pages of docs/, written from the code they describe. `python -m server.reference` and the tests call it."""
