"""A bare page with the form of the studio, under the policy of the real page."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kie import catalog
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

FOLDER = ROOT / "src" / "kie" / "_studio" / "page"
SCRIPT = (FOLDER / "form.js").read_text("utf-8")
STYLE = (FOLDER / "form.css").read_text("utf-8")
ADDRESS = "http://127.0.0.1:9/"
ONE_PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0"
    b"\5\xfe\2\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)

SHOW = """([schema, media, bounds = {}]) => {
  window.form?.destroy();
  window.told = [];
  window.waiting = [];
  const later = (of) => new Promise((resolve, reject) => waiting.push({ of, resolve, reject }));
  window.form = new SchemaForm(schema, {
    media, bounds, id: "form",
    onChange: () => told.push(JSON.stringify(form.value)), upload: (file) => later(file.name),
    pick: (kind) => later(kind), preview: (value) => (value.startsWith("/files/") ? "/preview" + value.slice(6) : null),
  });
  document.querySelector("main").append(form.element);
}"""

TYPIST = """
window.enter = (field, value) => {
  const own = (selector) => [...field.querySelectorAll(selector)].find((each) => each.closest(".field") === field);
  const set = (control, text) => {
    control.value = text;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const kinds = own("select:not([id])");
  if (kinds) {
    const fitting = [typeof value === "string" ? "text" : typeof value, "list"];
    set(kinds, [...kinds.options].findIndex((each) => fitting.includes(each.text)));
  }
  const rows = own("ol");
  if (rows) {
    if (!value.length) return;
    value.forEach((each, index) => {
      if (rows.children.length <= index) own("button[aria-label^='Add']").click();
      enter(rows.children[index].querySelector(".field"), each);
    });
    return;
  }
  const group = own(".group");
  if (group) {
    for (const [name, each] of Object.entries(value))
      enter([...group.children].find((child) => child.querySelector("label").textContent === name), each);
    return;
  }
  const control = own("[id$=input]");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (control.matches("select")) set(control, [...control.options].find((each) => each.text === text).value);
  else set(control, text);
};
"""
"""Enters a value as a person would: control by control, with items added by the button."""


def sheet(model: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The schema of a model as the studio serves it, its media and its examples."""
    document: dict[str, Any] = dict(catalog.get(model).json_schema())
    facts: dict[str, Any] = document.pop("x-kie")
    return document, facts.get("media", {}), facts["examples"]


class FormPage:
    """The page, and what went wrong on it: faults of scripts, breaches of the policy, requests to elsewhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults = list[str]()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("request", self._asked)
        page.route(f"{ADDRESS}preview/**", lambda route: route.fulfill(body=ONE_PIXEL, content_type="image/png"))
        page.route(ADDRESS, self._serve)
        page.goto(ADDRESS)
        page.evaluate(f"() => {{ window.show = {SHOW}; {TYPIST} }}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(ADDRESS):
            self.faults.append(request.url)

    @staticmethod
    def _serve(route: Route) -> None:
        policy = (
            f"default-src 'self'; script-src {_hash(SCRIPT)}; style-src {_hash(STYLE)}; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
        body = (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>form</title><style>{STYLE}</style>"
            f"<main></main><button id=after>After</button><script>{SCRIPT}</script>"
        )
        route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": policy})

    def show(
        self, properties: dict[str, Any], *, required: Sequence[str] = (), media: dict[str, Any] | None = None
    ) -> None:
        """Show the form of a small schema."""
        schema = {"type": "object", "required": list(required), "properties": properties}
        self.run("([schema, media]) => show([schema, media])", schema, media or {})

    def run(self, function: str, *values: object) -> Any:
        """Call a function in the page. Values go there and back as JSON, which holds a key `__proto__`, too."""
        text = self.page.evaluate(
            "async ([text]) => JSON.stringify(await (" + function + ")(JSON.parse(text)))", [json.dumps(values)]
        )
        return None if text is None else json.loads(text)

    @property
    def value(self) -> Any:
        """What the form holds."""
        return self.run("() => form.value")

    def complain(self, *issues: tuple[str, str]) -> list[str]:
        """Tell the form of issues, each a path and a message; return the paths of those that it gave back."""
        given = [{"path": path, "message": message} for path, message in issues]
        back: list[str] = self.run("([issues]) => form.complain(issues).map(({ path }) => path)", given)
        return back

    def settle(self, value: object = None, *, fault: str | None = None) -> str:
        """End the oldest upload or choice that the form waits for; return of what it was."""
        of: str = self.run(
            """async ([value, fault]) => {
              const { of, resolve, reject } = waiting.shift();
              if (fault === null) resolve(value);
              else reject(new Error(fault));
              await new Promise(requestAnimationFrame);
              return of;
            }""",
            value,
            fault,
        )
        return of

    def give(self, kind: str, selector: str, *names: str) -> bool:
        """Drop or paste files on an element; return whether the page handled it."""
        handled: bool = self.run(
            """([kind, selector, names]) => {
              const data = new DataTransfer();
              for (const name of names) data.items.add(new File(["x"], name, { type: "image/png" }));
              const init = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
              const event = kind === "paste" ? new ClipboardEvent(kind, init) : new DragEvent(kind, init);
              return !document.querySelector(selector).dispatchEvent(event);
            }""",
            kind,
            selector,
            names,
        )
        return handled


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
