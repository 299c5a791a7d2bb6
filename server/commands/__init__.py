"""The commands of `nser`, one module for each group. `server/cli.py` joins them; nothing else imports them.

A command imports what it alone needs when it runs: `nser token` stands in shell commands and must not wait for Parquet.
"""
