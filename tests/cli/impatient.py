"""`kie` as a program that does not wait for the limits of the real service: `python -m tests.cli.impatient`."""

from __future__ import annotations

from pathlib import Path

from kie import Kie, PollPolicy, RateLimit
from kie._cli.app import root
from kie._cli.cli_context import CliContext
from kie._flow.overrides import Overrides


class Impatient(CliContext):
    """An invocation whose clients poll often and submit as fast as they can."""

    def connect(self, key: str | None, journal: Path | None, options: Overrides) -> Kie:
        options.setdefault("poll", PollPolicy(min_interval=0.05, max_interval=0.2))
        return Kie(key, base_url=self.setting("base_url"), journal=journal, rate_limit=RateLimit.unlimited(), **options)


if __name__ == "__main__":
    root.main(obj=Impatient())
