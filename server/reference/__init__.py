"""The reference pages of docs/, written from the code. `python -m server.reference` and the tests call it."""
