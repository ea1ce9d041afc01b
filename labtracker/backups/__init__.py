"""Backups that are verified, what they let phones forget, restoring, and the daily hashes of the inbox."""
