"""Plans: from loose input to a request that can be sent, or to what is missing for one. May import `catalog` and
`_core`."""
