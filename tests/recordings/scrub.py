"""Turns a raw recording of the service into one that may be kept here.

Usage: `python -m tests.recordings.scrub RAW.json > tests/recordings/sessions/NAME.json`. Read the result before you
commit it: it cannot know every field that holds somebody's text.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

PROMPT = "A paper boat on a calm lake"
TEXTS = {
    "prompt": PROMPT,
    "negative_prompt": "blurry",
    "text": "The boat leaves at noon.",
    "description": "a paper boat",
    "style": "folk",
    "title": "Boats",
    "content": "folk, quiet",
    "param": "folk, quiet",
    "result": "A quiet folk tune with one guitar.",
    "callBackUrl": "https://example.com/callback",
}
"""What stands in the place of people's texts, by the name of the field."""
NAMES = {"name": "name", "filename": "upload", "fileName": "upload"}
"""Fields that hold a name which is repeated elsewhere, and how the names are called here."""
FIGURES: dict[str, JSON] = {"creditsRemaining": 1234.56}
"""What stands in the place of figures of somebody's account, with as many decimals as they had."""
BALANCE = 1234.25
KEPT_HOSTS = ("api.kie.ai", "kieai.redpandaai.co")
"""The hosts that requests go to. Files lie on others, which are replaced."""

_TASK = re.compile(r"\b[0-9a-f]{32}\b")
_BOX = re.compile(r"<bbox>.*?</bbox>")
_UNKNOWN = re.compile(r"[\w-]*(?:bogus|nonexistent)-(task|audio)-id[\w-]*")
_STORED = re.compile(r"\b\d{13}-[0-9a-z]+(\.[a-z0-9]+)")


class Scrubber:
    """Replaces ids, names and texts, the same one always by the same one."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def value(self, value: JSON, field: str = "") -> JSON:
        """Scrub a value that stands in a field of this name."""
        if isinstance(value, dict):
            return {key: self.value(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, field) for item in value]
        return self._text(value, field) if isinstance(value, str) else FIGURES.get(field, value)

    def _text(self, text: str, field: str) -> str:
        if text.startswith(("{", "[")):
            try:
                held: JSON = json.loads(text)
            except ValueError:
                pass
            else:
                return json.dumps(self.value(held), ensure_ascii=False, separators=(",", ":"))
        if text and field in TEXTS:
            return " ".join([TEXTS[field], *_BOX.findall(text)])
        if text.startswith(("https://", "http://")):
            return self._url(text)
        if field in NAMES and not _STORED.search(text):
            return self._neutral(NAMES[field], text, Path(text).suffix)
        return self._path(text)

    def _path(self, text: str) -> str:
        text = _UNKNOWN.sub(r"unknown-\1", text).replace("/test-uploads", "/uploads")
        text = _TASK.sub(lambda found: self._neutral("task", found[0]), text)
        text = _STORED.sub(lambda found: self._neutral("file", found[0], found[1]), text)
        folder, slash, name = text.rpartition("/")
        return folder + slash + self._known.get(name, name)

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.hostname in KEPT_HOSTS:
            return self._path(url)
        if "/kieai/100001/" in parts.path:
            return "https://tempfile.example" + self._path(parts.path)
        return "https://files.example/" + self._neutral("media", url, Path(parts.path).suffix)

    def _neutral(self, kind: str, found: str, ending: str = "") -> str:
        if found not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[found] = f"{kind}-{self._counts[kind]:04}{ending}"
        return self._known[found]


def scrub(recording: dict[str, JSON]) -> dict[str, JSON]:
    """Keep of a recording what is a fact: each exchange's method, URL, request, status and response."""
    scrubber = Scrubber()
    exchanges: list[JSON] = []
    taken = ""
    for exchange in _list(recording["exchanges"]):
        assert isinstance(exchange, dict)
        taken = taken or str(exchange.get("at", ""))[:7]
        kept = {
            name: scrubber.value(exchange[name], name) for name in ("method", "url", "request", "status", "response")
        }
        if str(kept["url"]).endswith("/chat/credit"):
            kept["response"] = {**_object(kept["response"]), "data": BALANCE}
        exchanges.append(kept)
    return {"source": "recorded", "recorded": taken, "expect": expected(exchanges), "exchanges": exchanges}


def expected(exchanges: list[JSON]) -> dict[str, JSON]:
    """What a client has to read in these exchanges, by hand. To be checked by whoever adds the recording."""
    tasks: dict[str, JSON] = {}
    uploads: list[JSON] = []
    balances: list[JSON] = []
    for exchange in map(_object, exchanges):
        answer = _object(exchange["response"])
        data, url = answer["data"], str(exchange["url"])
        if url.endswith("/chat/credit"):
            balances.append(data)
        elif "-upload" in url:
            uploads.append(_object(data)["downloadUrl"])
        elif exchange["method"] == "POST" and answer["code"] == 200:
            tasks[str(_object(data)["taskId"])] = {"words": [], "urls": []}
        elif "/jobs/recordInfo" in url:
            record = _object(data)
            task = _object(tasks[str(record["taskId"])])
            words = _list(task["words"])
            if record["state"] not in words:
                words.append(record["state"])
            if record["resultJson"]:
                task["urls"] = json.loads(str(record["resultJson"])).get("resultUrls", [])
                task["seconds"] = record["costTime"]
            if "creditsConsumed" in record:
                task["credits"] = record["creditsConsumed"]
    found: dict[str, JSON] = {"tasks": tasks, "uploads": uploads, "balances": balances}
    return {name: value for name, value in found.items() if value}


def _object(value: JSON) -> dict[str, JSON]:
    assert isinstance(value, dict)
    return value


def _list(value: JSON) -> list[JSON]:
    assert isinstance(value, list)
    return value


def _main() -> None:
    print(json.dumps(scrub(json.loads(Path(sys.argv[1]).read_bytes())), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    _main()
