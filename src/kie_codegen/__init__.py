"""The compiler under its name in the wheel. Here its files are in `codegen/`; `hatch_build.py` packs them."""

from pathlib import Path

__path__ = [str(Path(__file__).parents[2] / "codegen")]
