"""IO: sockets, clocks, files, environment, randomness; the drivers that run flows."""
