"""CLI: the program `kie` (extra `cli`: click, rich, platformdirs). May import every room below.

`app` assembles the program, `run_command` the command of each model. `import kie` loads nothing of this.
"""
