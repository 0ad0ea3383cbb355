"""How fast: ratios against what users would do without this package, measured side by side in one run."""
