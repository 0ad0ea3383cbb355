"""Benchmarks: ratios to what users would do without this package, with both sides measured in one run."""
