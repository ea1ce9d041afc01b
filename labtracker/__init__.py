"""labtracker: Mobile Training Lab deployments, check-in without signal, proof of attendance."""

__version__ = "0.1.0"
