"""Dated, cited reference data: programmes, rules, conflicts, the demonstration scorecard; and their installer."""
