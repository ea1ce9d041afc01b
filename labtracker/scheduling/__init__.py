"""Booking requests, cohorts, deployments, sessions, crews and conflicts."""
