"""How fast the registry answers, as a share of a bare line run beside it. `python -m benchmarks` or `make bench`."""
