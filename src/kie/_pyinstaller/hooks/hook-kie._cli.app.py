"""Run by PyInstaller for a program that brings the command line: its commands are imported by their names."""

from PyInstaller.utils.hooks import collect_submodules

hiddenimports = collect_submodules("kie._cli")
