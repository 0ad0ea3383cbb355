"""Library: the record that is kept of every run. May import `_io` and every room below it."""
