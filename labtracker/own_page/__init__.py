"""The worker's own page: what they attended and earned, behind a one-time link to their own mail."""
