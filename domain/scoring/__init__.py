"""Poverty scores: the features that a scorecard may ask for, the scorecard's file, the one statement that scores."""
