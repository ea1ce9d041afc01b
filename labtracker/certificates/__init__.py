"""Certificates: what a worker gets for a completion, and how anybody checks one."""
