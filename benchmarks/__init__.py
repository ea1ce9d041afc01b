"""Measurements that anybody can repeat: `make bench`, or each by itself, as benchmarks/README.md says."""
