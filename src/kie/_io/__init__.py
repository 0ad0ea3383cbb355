"""Floor 4: sockets, clocks, files, environment, randomness; the drivers that run flows."""
