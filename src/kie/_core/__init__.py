"""Core: values and rules. Imports nothing above itself: no I/O, no clock, no generated code."""
