"""CLI: the options of `kie batch`, and of other commands that read the same input. May import every room below."""

from __future__ import annotations

import os
from math import inf
from typing import Any

import attrs
import click

from kie._cli.batch_lines import Defaults, seeds_of
from kie._cli.batch_store import Shard
from kie._cli.click_options import POSITIVE, SubmitOptions, option, together
from kie._cli.model_commands import model_ids
from kie._cli.values import readable, settings
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._policy.rate import RateLimit


@attrs.frozen(kw_only=True)
class LineOptions:
    """The options that apply to all lines of an input file."""

    model: str | None = option(
        metavar="MODEL", help="The model for lines that do not name one.", shell_complete=model_ids
    )
    sets: tuple[str, ...] = option(
        "--set",
        multiple=True,
        metavar="KEY=JSON",
        help="A field for lines that do not give it; {NAME} in a text is replaced with the line's NAME. Repeatable.",
    )
    prompt: str | None = option(
        metavar="TEXT", help="The prompt for lines that do not give one; {NAME} is replaced with the line's NAME."
    )
    seeds: str | None = option(metavar="LIST", help="Run each line once with each of these seeds: 1-4, or 1,5,9.")
    ignore: tuple[str, ...] = option(
        multiple=True,
        metavar="NAME",
        help="A column that is not sent. Repeatable.",
    )

    @property
    def defaults(self) -> Defaults:
        """The defaults of the lines. Raises `click.UsageError`."""
        together(self._fields, self._seeds)
        return Defaults(model=self.model, fields=self._fields(), seeds=self._seeds(), ignored=frozenset(self.ignore))

    def _fields(self) -> JSONObject:
        issues: list[Issue] = []
        fields = {
            **settings(self.sets, issues),
            **({"prompt": readable(self.prompt)} if self.prompt is not None else {}),
        }
        if issues:
            named = [f" {issue.path}" if issue.path != "set" else "" for issue in issues]
            said = [f"--set{name}: {issue.message}" for name, issue in zip(named, issues, strict=True)]
            raise click.UsageError("; ".join(said))
        return fields

    def _seeds(self) -> list[int]:
        return numbers("--seeds", self.seeds)


def numbers(name: str, text: str | None) -> list[int]:
    """Read numbers and ranges, such as `1-4,9`; none if the option was not given. Raises `click.UsageError`."""
    try:
        return seeds_of(text) if text is not None else []
    except ValueError:
        raise click.UsageError(f"{name} must be numbers and ranges, such as 1-4 or 1,5,9, not {text!r}") from None


def retry_free_option() -> Any:
    """The option of commands that run lines: how often a line is submitted again."""
    return option(
        type=click.IntRange(0),
        default=1,
        show_default=True,
        metavar="N",
        help="Submit a line again, at most N times, if its task failed inside the service at no cost.",
    )


@attrs.frozen(kw_only=True)
class BatchRunOptions(SubmitOptions):
    """The options of `kie batch`."""

    out: str | None = option(
        metavar="PATH", help="File that records the state of each line (JSON Lines). Not needed with --dry-run."
    )
    table: str | None = option(
        metavar="PATH",
        help="Write a CSV file at the end: each line's own columns (also those of --ignore), file, credits, ref and "
        "error.",
    )
    retry_failed: bool = option(
        is_flag=True, help="Run again the lines whose task failed earlier; this may cost credits."
    )
    only_missing: bool = option(
        is_flag=True,
        help="Run only lines that --out does not know, and fetch again files that are missing from --save.",
    )
    shard: str | None = option(
        metavar="I/N",
        help="Run only part of the lines, on one of N machines with the same FILE: line I of every N, such as 2/5. "
        "Each part needs its own --out.",
    )
    rate: str | None = option(
        metavar="S/W",
        envvar="KIE_RATE",
        help="Submit at most S tasks in W seconds, and poll proportionally less: this machine's share of the account's "
        "limit. "
        "Default: KIE_RATE, else 20/10.",
    )
    concurrency: int | None = option(
        type=click.IntRange(1),
        metavar="N",
        help="Maximum number of tasks at the same time. Default: as many as the limits allow.",
    )
    batch_timeout: float | None = option(type=POSITIVE, metavar="SECONDS", help="Maximum time for the whole batch.")
    retry_free: int = retry_free_option()
    stop_on_failure: bool = option(is_flag=True, help="Submit nothing more after the first line that fails.")
    dry_run: bool = option(is_flag=True, help="Check every line and show the plan, but send nothing.")
    quiet: bool = option(is_flag=True, help="Show no progress.")

    def __attrs_post_init__(self) -> None:
        together(super().__attrs_post_init__, self._check_files, self._check_parts)

    def _check_files(self) -> None:
        if self.out is None and not self.dry_run:
            raise click.UsageError("--out PATH is needed: it records each line, so that the same command can continue")
        if self.only_missing and self.retry_failed:
            raise click.UsageError("--only-missing leaves failed lines alone, and --retry-failed runs them; choose one")
        if self.table is not None and self.table == self.out:
            raise click.UsageError("--table and --out name the same file; give each a file of its own")

    def _check_parts(self) -> None:
        together(lambda: self.part, lambda: self.rate_limit)
        if self.rate is not None and self.simulate and not os.environ.get("KIE_RATE"):
            raise click.UsageError(
                "--rate has no effect with --simulate, whose clock runs faster; leave one of them out"
            )

    @property
    def part(self) -> Shard | None:
        """The part of the lines that this machine runs; None for all of them. Raises `click.UsageError`."""
        return None if self.shard is None else Shard.of(self.shard)

    @property
    def rate_limit(self) -> RateLimit | None:
        """The part of the account's limit that this machine has; None for all of it. Raises `click.UsageError`."""
        return None if self.rate is None else rate_of(self.rate)


def rate_of(text: str) -> RateLimit:
    """Read `4/10`: submissions in seconds. Reads have the same share of their limit. Raises `click.UsageError`."""
    most, _, seconds = (part.strip() for part in text.partition("/"))
    try:
        window = float(seconds)
        if not most.isdecimal() or int(most) < 1 or not 0 < window < inf:
            raise ValueError(text)
    except ValueError:
        raise click.UsageError(f"--rate (KIE_RATE) must be submissions/seconds, such as 4/10, not {text!r}") from None
    whole = RateLimit()
    share = int(most) / window * whole.submissions_window / whole.submissions
    reads = max(1, int(whole.reads * share))
    return RateLimit(
        submissions=int(most),
        submissions_window=window,
        reads=reads,
        reads_window=reads * whole.reads_window / (whole.reads * share),
    )
