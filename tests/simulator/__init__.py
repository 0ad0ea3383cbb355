"""Tests of the simulator, and of the transports over it."""
