"""Floor 3: what to send next, as generators that do no I/O. Drivers in `io/` run them."""
