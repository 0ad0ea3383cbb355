"""Floor 7: the command line (extra `cli`: click, rich, platformdirs). May import every room below.

`app` holds the program and its exit codes, `run` the command that the schemas generate. Nothing here is imported
by `import kie`.
"""
