"""Plans: turns loose input into a request that can be sent, or finds out what it lacks. May import `catalog` and
`_core`."""
