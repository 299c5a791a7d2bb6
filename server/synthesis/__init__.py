"""Makes synthetic surveys, for demonstrations, tests and measurements: a population that adds up, and no real person.

The public face is `synthesise`; the rest of the package is its own affair.
"""

from server.synthesis.survey import SynthesisSummary, synthesise

__all__ = ["SynthesisSummary", "synthesise"]
