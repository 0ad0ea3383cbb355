"""Lifecycle rows, and the records and callbacks that are read by them."""
