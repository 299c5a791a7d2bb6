"""Determinations: the programmes' rules as SQL expressions, and the one way to evaluate them."""
