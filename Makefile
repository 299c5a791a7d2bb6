# `make demo` and `make test` are all that a newcomer needs; each sets up its own environment from requirements.lock.
