"""The types of answers and bodies, one module each."""
