"""Policy: rules of when and whether, as pure values. No clock, no randomness, no socket: they are passed in."""
