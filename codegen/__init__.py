"""The compiler: reads `openapi/`, writes `generated/`. It never touches the network.

`python -m codegen generate` writes, `python -m codegen check` renders in memory and compares.
"""
