"""CLI: `kie upload`, `download` and `credits`. May import `_core`, `_client`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.output import document, exact, number, say
from kie._core.addresses import place_of
from kie._core.errors import MediaRejected
from kie._core.issues import Issue
from kie._core.json import JSON


def amount(text: str) -> Decimal:
    """Return a number of credits, exactly as typed. Fails for text that is not a finite number."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        raise click.BadParameter(f"{text!r} is not a number")
    return found


@click.command(cls=ThoroughCommand)
@click.argument("media", metavar="FILE|URL...", nargs=-1, required=True)
@click.option("--name", help="Name at the upload host, for a single file; replaces an earlier file of that name.")
@click.option("--folder", help="Folder at the upload host.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def upload(context: CliContext, media: tuple[str, ...], name: str | None, folder: str | None) -> None:
    """Upload files (- for standard input), or let the upload host fetch URLs. Prints the URL of each, in order.

    Give the URLs to a model. Uploads are free, and the service keeps them for at least 24 hours. `kie run` uploads
    local files itself. With --json: an object for one file, or a list for several.
    """
    if name is not None and len(media) > 1:
        raise click.UsageError("--name is for a single file: upload the others without it")
    missing = [text for text in media if not _is_url(text) and text != "-" and not Path(text).exists()]
    if missing:  # before anything is sent
        faults = [Issue("media", "file", f"{text!r} is neither a URL nor a file that exists") for text in missing]
        raise MediaRejected("upload", faults)
    uploaded = list[JSON]()
    with context.client() as client:
        for text in media:
            source = text if _is_url(text) else sys.stdin.buffer if text == "-" else Path(text)
            with ExitStack() as stack:
                if isinstance(source, Path) and source.is_fifo():  # the output of a program: <(ffmpeg …)
                    source = stack.enter_context(source.open("rb"))
                done = client.upload(source, name=name, folder=folder)
            if not context.as_json:
                say(done.url)
            uploaded.append({name: getattr(done, name) for name in ("url", "name", "path", "size", "content_type")})
    if context.as_json:
        document(uploaded[0] if len(media) == 1 else uploaded)


def _is_url(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://", "data:"))


@click.command(cls=ThoroughCommand)
@click.argument("url")
@click.option("--to", "directory", default=".", metavar="DIR", help="Folder for the file; by default the current one.")
@click.option(
    "--overwrite", is_flag=True, help="Replace a file of the same name, instead of taking the next free name."
)
@with_options(json_option(), *connection_options())
@click.pass_obj
def download(context: CliContext, url: str, directory: str, overwrite: bool) -> None:
    """Download a result and print its path.

    A file that is incomplete, or not what a model makes, is never kept. An expired link is renewed once.
    """
    try:
        place_of(url)
    except ValueError as error:
        raise click.BadParameter(f"it is not the URL of a file: {error}", param_hint="'URL'") from None
    with context.client() as client:
        path = client.download(url, directory, overwrite=overwrite)
    if context.as_json:
        document({"url": url, "file": str(path)})
    else:
        say(str(path))


@click.command(cls=ThoroughCommand)
@click.option("--min", "minimum", type=amount, metavar="N", help="Exit with 6 if the balance is lower.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def credits(context: CliContext, minimum: Decimal | None) -> None:
    """Show the balance in credits."""
    with context.client() as client:
        balance = client.credits() if minimum is None else client.check_credits(minimum)
    if context.as_json:
        document({"credits": exact(balance)})
    else:
        say(number(balance))
