"""Studio: a local page over one client: the form, the price before the button, the result, the library of runs."""
