"""Flow: what every flow is made of: effects, context, options, events and the scheduler. Drivers in `_io` run them."""
