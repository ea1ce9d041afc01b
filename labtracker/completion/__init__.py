"""Assessments, skill sign-offs and the completion rule."""
