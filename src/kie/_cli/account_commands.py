"""Floor 7: `kie upload`, `download`, `credits`, `prices`: what needs no model. May import `client`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from kie._cli.context import Face, connection_options, json_option, with_options
from kie._cli.output import document, exact, number, say, table
from kie._core.errors import MediaRejected
from kie._core.issues import Issue


def account_commands() -> Sequence[click.Command]:
    """`kie upload`, `kie download`, `kie credits` and `kie prices`."""
    return (upload, download, credits, prices)


class Amount(click.ParamType[Decimal, str]):
    """A number of credits, exactly as it was typed."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is no number", param, ctx)
        if not amount.is_finite():
            self.fail(f"{value!r} is no number", param, ctx)
        return amount


@click.command(short_help="Upload a file, or have a URL fetched.")
@click.argument("media", metavar="FILE|URL")
@click.option("--name", help="Its name at the upload host; a name used before is overwritten.")
@click.option("--folder", help="Its folder at the upload host.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def upload(face: Face, media: str, name: str | None, folder: str | None) -> None:
    """Upload a file (- for standard input), or have the upload host fetch a URL. Shows the URL that models can read.

    Uploads are free, and are kept for 24 hours at least. `kie run` uploads files by itself.
    """
    is_url = media[:8].lower().startswith(("http://", "https://", "data:"))
    source = media if is_url else sys.stdin.buffer if media == "-" else Path(media)
    if isinstance(source, Path) and not source.exists():
        raise MediaRejected("upload", [Issue("media", "file", f"{media!r} is neither a URL nor a file that exists")])
    with face.client() as client:
        done = client.upload(source, name=name, folder=folder)
    if face.as_json:
        document(
            {
                "url": done.url,
                "name": done.name,
                "path": done.path,
                "size": done.size,
                "content_type": done.content_type,
            }
        )
    else:
        say(done.url)


@click.command(short_help="Download the file behind a result's URL.")
@click.argument("url")
@click.option("--to", "directory", default=".", metavar="DIR", help="The folder to put it into; by default this one.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def download(face: Face, url: str, directory: str) -> None:
    """Download a result, whole or not at all, and show its path. A link that is gone is renewed once."""
    with face.client() as client:
        path = client.download(url, directory)
    if face.as_json:
        document({"url": url, "file": str(path)})
    else:
        say(str(path))


@click.command(short_help="Show the balance.")
@click.option("--min", "minimum", type=Amount(), metavar="N", help="Exit with 6 if the balance is less.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def credits(face: Face, minimum: Decimal | None) -> None:
    """Show the balance in credits."""
    with face.client() as client:
        balance = client.credits() if minimum is None else client.check_credits(minimum)
    if face.as_json:
        document({"credits": exact(balance)})
    else:
        say(number(balance))


@click.command(short_help="Show the public price list.")
@click.option("--search", default="", help="Only rows in which this occurs.")
@click.option("--kind", default="", help="Only rows of this kind (image, video, music, chat).")
@with_options(json_option(), *connection_options())
@click.pass_obj
def prices(face: Face, search: str, kind: str) -> None:
    """Show the vendor's public price list. It needs no key, and is no contract."""
    with face.client(keyless=True) as client:
        rows = client.prices(search, kind=kind)
    if face.as_json:
        document(
            [
                {
                    "description": row.description,
                    "kind": row.kind,
                    "provider": row.provider,
                    "credits": exact(row.credits),
                    "unit": row.unit,
                    "usd": exact(row.usd),
                }
                for row in rows
            ]
        )
        return
    table(
        ["Variant", "Kind", "Provider", "Credits", "Unit", "USD"],
        [(r.description, r.kind, r.provider, number(r.credits), r.unit, number(r.usd)) for r in rows],
    )
