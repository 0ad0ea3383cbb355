"""Tasks: the dry run: what can be known to be wrong before anything is uploaded or sent. May import `_core`."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from kie._core import paths
from kie._core.errors import MediaRejected, ModelRetired
from kie._core.field_facts import NO_FACTS
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.media_rules import ANY_FILE, MediaFacts
from kie._core.request import Request, invalid
from kie._core.results import Result
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect


def check(ctx: Context, request: Request[Result]) -> Flow[JSONObject]:
    """Check a request as far as that is possible without sending anything, and return the input it would send.

    Local media stand in it as `<upload: name>`. Raises what `examine` raises.
    """
    shown = yield from examine(ctx, request)
    return _preview(request, shown)


def examine(ctx: Context, request: Request[Result]) -> Flow[dict[str, str]]:
    """Check a request; return what to show for its local media, by path.

    Raises `ModelRetired`, or `MediaRejected` with every fault of every file.
    """
    info = request.info
    if info.status == "retired" and not ctx.options.allow_retired:
        raise ModelRetired(info.name, info.successors)
    if info.status == "undocumented":
        ctx.services.warn(f"{info.name} is not in the vendor's documentation; it may be refused")
    local = request.local_media
    if not local:
        return {}
    known = info.fields
    issues: list[Issue] = []
    together: dict[str, list[MediaFacts]] = defaultdict(list)
    shown: dict[str, str] = {}
    for path, media in local.items():
        facts = yield from Inspect(media)
        shown[path] = f"<upload: {facts.name}>"
        field = paths.key(paths.parse(path))
        rule = known.get(field, NO_FACTS).media or ANY_FILE
        issues.extend(rule.judge(path, facts))
        together[field].append(facts)
        if rule.needs_decoding and facts.width is None and facts.seconds is None and not facts.unreadable:
            ctx.services.warn(f"{info.name}: sides and duration of {field} were not checked (pip install 'kie[media]')")
    for field, all_facts in together.items():
        rule = known.get(field, NO_FACTS).media or ANY_FILE
        issues.extend(rule.judge_together(field, all_facts))
    if issues:
        raise invalid(request, issues, MediaRejected)
    return shown


def _preview(request: Request[Result], shown: dict[str, str]) -> JSONObject:
    """The wire body with each local file shown by name. It is for people: such a text is not a URL."""
    body, _ = request._encode()
    return cast(JSONObject, paths.replaced(body, shown))
