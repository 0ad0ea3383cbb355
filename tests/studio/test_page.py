"""The page of the studio in a real browser. Skipped where there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kie import Budget, Library, PollPolicy
from kie.library import RunPrompts
from tests.library.browser import chromium, lacking
from tests.library.made import run
from tests.library.pages import HOSTILE
from tests.studio.served import Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())

MODEL = "nano-banana-pro"
WAIT = 60_000
"""Milliseconds that the page has for what it is to show."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("studio")) as found:
        yield found


class Screen:
    """A page, and what it asked for."""

    def __init__(self, page: Page, studio: Served) -> None:
        self.page, self.studio = page, studio
        self.faults, self.asked = list[str](), list[str]()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("request", lambda request: self.asked.append(request.url))

    def _heard(self, line: ConsoleMessage) -> None:
        if "Content Security" in line.text:
            self.faults.append(line.text)

    def open(self, place: str = "") -> None:
        """Open the page with its token, then a place in it."""
        self.page.goto(self.studio.address)
        self.page.locator("#view-models .card").first.wait_for()
        if place:
            self.go(place)

    def go(self, place: str) -> None:
        self.page.evaluate("place => { location.hash = place }", place)

    def fill(self, model: str = MODEL, **fields: Any) -> None:
        """Open the form of a model, and type its input as JSON."""
        self.go(f"model={model}")
        self.sees("#name", model)
        self.page.fill("#json", json.dumps(fields))

    def sees(self, selector: str, text: str) -> None:
        """Wait until an element shows a text."""
        from playwright.sync_api import expect

        expect(self.page.locator(selector).first).to_contain_text(text, timeout=WAIT)

    def focuses(self, part: str) -> None:
        """Wait until the element of an id, or one whose text begins so, has the focus."""
        self.page.wait_for_function(
            """part => {
                const at = document.activeElement;
                return at.id ? at.id === part : at.innerText.startsWith(part);
            }""",
            arg=part,
        )

    def is_titled(self, part: str) -> None:
        from playwright.sync_api import expect

        expect(self.page).to_have_title(re.compile(part), timeout=WAIT)

    def can_run(self, may: bool = True) -> None:
        from playwright.sync_api import expect

        expect(self.page.locator("#run")).to_have_attribute("aria-disabled", "false" if may else "true", timeout=WAIT)

    def run(self, **fields: Any) -> None:
        """Run a model, and wait for its result."""
        self.fill(**fields)
        self.can_run()
        before = self.page.locator("#live .succeeded").count()
        self.page.click("#run", force=True)
        self.page.locator("#live .succeeded").nth(before).wait_for()

    def posts(self, path: str) -> list[dict[str, Any]]:
        """Collect what is sent to a path from now on."""
        found = list[dict[str, Any]]()

        def sent(request: Request) -> None:
            if request.url.endswith(path):
                found.append(json.loads(request.post_data or ""))

        self.page.on("request", sent)
        return found

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture
def screen(browser: Browser, studio: Served) -> Iterator[Screen]:
    """A page with nothing open yet. A fault of its script, or a request to elsewhere, fails the test."""
    yield from screens(browser, studio)


def screens(browser: Browser, studio: Served, **options: Any) -> Iterator[Screen]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    made = Screen(context.new_page(), studio)
    try:
        yield made
        assert not made.faults
        assert made.asked and all(url.startswith(studio.base) for url in made.asked)
    finally:
        context.close()


def test_a_run_goes_from_typing_to_the_picture(screen: Screen) -> None:
    page, before = screen.page, len(screen.studio.state.accepted)
    screen.open()
    page.keyboard.press("/")
    page.keyboard.type("NANO pro google")
    screen.sees("#view-models [role=status]", " of ")
    page.locator(".card", has_text=MODEL).first.click()
    page.get_by_label("prompt").first.fill("A lighthouse")
    screen.sees("#price", "18 credits")
    assert json.loads(page.input_value("#json")) == {"prompt": "A lighthouse"}
    page.keyboard.press("Control+Enter")
    image = page.locator("#live img").first
    image.wait_for()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert image.get_attribute("alt") == "A lighthouse"
    screen.sees("#said", f"{MODEL}: succeeded")
    screen.sees("#live", "18 credits")
    screen.is_titled("succeeded")
    assert len(screen.studio.state.accepted) == before + 1


def test_the_price_follows_each_key_with_one_question_at_a_time(screen: Screen) -> None:
    screen.open(f"model={MODEL}")
    page, prompt = screen.page, "A lighthouse in the rain, from above"
    screen.sees("#price", "18 credits")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/plan", hold, times=1)
    sent = screen.posts("/api/plan")
    page.get_by_label("prompt").first.press_sequentially(prompt)
    assert len(sent) == len(held) == 1
    held[0].continue_()
    screen.can_run()
    assert [each["input"] for each in sent[1:]] == [{"prompt": prompt}]
    page.fill("#json", json.dumps({"prompt": prompt, "resolution": "4K"}))
    screen.sees("#price", "24 credits")


def test_the_button_says_why_it_is_off(screen: Screen) -> None:
    screen.open()
    screen.fill()
    screen.sees("#why", "Missing or wrong: prompt")
    screen.can_run(False)
    screen.page.fill("#json", "{")
    screen.sees("#why", "JSON cannot be read")
    screen.page.fill("#json", '{"prompt": "A fox", "resolution": "9K"}')
    screen.sees("#why", "Missing or wrong: resolution")
    before = len(screen.studio.state.accepted)
    screen.page.click("#run", force=True)
    screen.sees("#said", "Missing or wrong: resolution")
    screen.page.wait_for_function("Boolean(document.activeElement.closest('#form .field'))")
    assert len(screen.studio.state.accepted) == before


def test_runs_are_found_compared_and_made_again(screen: Screen) -> None:
    screen.open()
    page = screen.page
    screen.run(prompt="A red fox", aspect_ratio="16:9")
    screen.run(prompt="A blue fox", aspect_ratio="16:9")
    page.get_by_role("link", name="History").click()
    page.get_by_role("searchbox").locator("visible=true").first.wait_for()
    page.keyboard.press("/")
    page.keyboard.type("red fox")
    screen.sees("#view-history [role=status]", "1 run")
    page.locator("#view-history").get_by_label("Compare").check()
    page.fill("#view-history [type=search]", "blue fox")
    screen.sees("#view-history .prompt", "A blue fox")
    page.locator("#view-history").get_by_label("Compare").check()
    page.get_by_role("link", name="Compare 2 runs").click()
    screen.sees("#view-run h1", "Compare")
    shown = page.locator("#view-run article")
    assert shown.count() == 2
    marked = [line.inner_text() for line in shown.first.locator("dt:has(mark)").all()]
    assert "prompt differs" in marked and not any("aspect_ratio" in line for line in marked)
    page.locator("#view-run article", has_text="A red fox").get_by_role("button", name="Run again").click()
    screen.sees("#name", MODEL)
    assert {"prompt": "A red fox", "aspect_ratio": "16:9"}.items() <= json.loads(page.input_value("#json")).items()


def asked(prompt: str) -> dict[str, Any]:
    """What a library keeps of a run that failed."""
    request = {"model": MODEL, "input": {"prompt": prompt}}
    return {"state": "failed", "request": request, "prompts": RunPrompts(final=prompt)}


def test_going_back_to_a_list_leads_to_the_place_in_it(browser: Browser, tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    for number in range(120):
        library._create(run(f"r{number:03}", number, **asked(f"Fox {number}")), {})
    with served(tmp_path) as studio:
        for screen in screens(browser, studio):
            page = screen.page
            screen.open("history")
            screen.sees("#view-history [role=status]", "50 newest runs")
            for count in ("100 newest runs", "120 runs"):
                page.get_by_role("button", name="Show older runs").click()
                screen.sees("#view-history [role=status]", count)
            page.locator("#run-r010 .card").click()
            screen.sees("#view-run dl", "Fox 10")
            page.go_back()
            screen.sees("#view-history [role=status]", "120 runs")
            page.wait_for_function("() => document.activeElement.hash === '#run=r010' && scrollY > 0")
            page.get_by_role("link", name="Models").click()
            page.locator("#view-models .card").last.click()
            page.locator("#view-model").wait_for()
            page.go_back()
            last = "[...document.querySelectorAll('#view-models .card')].at(-1)"
            page.wait_for_function(f"() => document.activeElement === {last} && scrollY > 0")


def test_a_run_shows_its_tags_and_leads_to_what_it_was_made_from(browser: Browser, tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    library._create(run("first", **asked("A wolf")), {})
    library._create(run("second", tags=("site", "<b>"), parents=("first",), **asked("A fox")), {})
    with served(tmp_path) as studio:
        for screen in screens(browser, studio):
            screen.open("run=second")
            screen.sees("#view-run article", "Tags · site · <b>")
            screen.page.get_by_role("link", name="Made from first").click()
            screen.sees("#view-run dl", "A wolf")
            assert "Tags" not in screen.page.locator("#view-run article").inner_text()


def test_addresses_lead_back_and_the_token_is_in_none_of_them(screen: Screen) -> None:
    screen.open()
    page = screen.page
    assert "token" not in page.url
    screen.fill(prompt="A red fox")
    page.get_by_role("link", name="History").click()
    screen.sees("#view-history h1", "History")
    page.go_back()
    screen.sees("#name", MODEL)
    page.reload()
    screen.sees("#name", MODEL)
    screen.sees("#price", "18 credits")
    assert json.loads(page.input_value("#json")) == {"prompt": "A red fox"}
    page.go_forward()
    screen.sees("#view-history h1", "History")
    screen.go("models&kind=video&words=kling")
    page.locator("#view-models .card", has_text="kling").first.wait_for()
    page.reload()
    page.locator("#view-models .card").first.wait_for()
    assert page.input_value("#view-models [name=kind]") == "video"
    assert page.locator("#view-models .card").filter(has_not_text=re.compile("kling", re.I)).count() == 0


def test_without_its_token_the_page_says_where_to_get_it(browser: Browser, studio: Served) -> None:
    for screen in screens(browser, studio):
        screen.page.goto(studio.base)
        screen.sees("#fault", "Open the address that the terminal printed")


def test_the_keyboard_alone_is_enough(screen: Screen) -> None:
    screen.open()
    page = screen.page
    page.keyboard.press("Tab")
    screen.focuses("skip")
    page.keyboard.press("Enter")
    screen.focuses("main")
    page.keyboard.press("/")
    page.keyboard.type(MODEL)
    screen.sees("#view-models .card", MODEL)
    for _ in range(5):
        page.keyboard.press("Tab")
    screen.focuses(MODEL)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    screen.sees("#name", MODEL)
    page.locator("#name:focus").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("A lighthouse by keyboard")
    screen.can_run()
    page.keyboard.press("Control+Enter")
    page.locator("#live img").first.wait_for()


def test_a_narrow_dark_screen_shows_all_without_scrolling_sideways(browser: Browser, studio: Served) -> None:
    for screen in screens(browser, studio, color_scheme="dark", reduced_motion="reduce"):
        screen.page.set_viewport_size({"width": 390, "height": 800})
        screen.open()
        assert not screen.scrolls_sideways()
        screen.run(prompt="A lighthouse " + "w" * 200)
        assert not screen.scrolls_sideways()
        assert screen.page.evaluate("document.getAnimations().length") == 0
        colour = screen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert all(int(part) < 60 for part in re.findall("[0-9]+", colour)[:3])
        screen.go("history")
        screen.sees("#view-history .card", MODEL)
        assert not screen.scrolls_sideways()
        screen.page.locator("#view-history .card").first.click()
        screen.sees("#view-run h1", "Run")
        for part in screen.page.locator("#view-run summary").all():
            part.click()
        assert not screen.scrolls_sideways()


def test_markup_in_a_prompt_does_nothing(screen: Screen) -> None:
    screen.open()
    for prompt in HOSTILE[:2]:
        screen.run(prompt=prompt)
    screen.go("history&words=owned")
    screen.sees("#view-history [role=status]", "2 runs")
    assert HOSTILE[1] in [each.inner_text() for each in screen.page.locator("#view-history .prompt").all()]
    screen.page.locator("#view-history .card").first.click()
    screen.sees("#view-run dd", HOSTILE[1])
    screen.page.locator("#view-run summary", has_text="Code").click()
    assert "owned" not in screen.page.title()
    assert screen.page.locator("main script, main [onerror], img[src=x]").count() == 0


@pytest.mark.parametrize("taken", [False, True], ids=["the request is lost", "the answer is lost"])
def test_a_lost_connection_sends_the_same_key_again(screen: Screen, taken: bool) -> None:
    page, state = screen.page, screen.studio.state
    before = len(state.accepted)
    screen.open()
    screen.fill(prompt=f"A fox that was lost {taken}")
    screen.can_run()
    sent = screen.posts("/api/run")

    def lost(route: Route) -> None:
        if taken:
            route.fetch()
        route.abort()

    page.route("**/api/run", lost, times=1)
    page.click("#run", force=True)
    screen.sees("#live", "the task may have been created")
    page.locator("#live img").first.wait_for()
    assert len(sent) >= 2 and len({each["key"] for each in sent}) == 1
    assert len(state.accepted) == before + 1


def test_a_price_that_changed_is_asked_about_again(screen: Screen) -> None:
    page = screen.page
    screen.open()
    screen.fill(prompt="A fox that became dearer")
    screen.can_run()
    sent = screen.posts("/api/run")
    facts = {
        "type": "PriceChanged",
        "message": "the price changed",
        "task_created": False,
        "credits": {"at_least": "20", "at_most": "20", "notes": []},
    }
    page.route("**/api/run", lambda route: route.fulfill(status=409, json={"error": facts}), times=1)
    page.click("#run", force=True)
    screen.sees("#live", "The price changed: 20 credits. Nothing was sent.")
    page.get_by_role("button", name="Run at this price").click()
    page.locator("#live img").first.wait_for()
    assert [each["at_most"] for each in sent] == ["18", "20"]
    assert sent[0]["key"] == sent[1]["key"]


def test_an_outcome_that_nobody_knows_is_reported_and_nothing_is_sent_by_itself(screen: Screen) -> None:
    page, before = screen.page, len(screen.studio.state.accepted)
    screen.open()
    screen.fill(prompt="A fox in the fog")
    screen.can_run()
    sent = screen.posts("/api/run")
    facts = {"type": "SubmitUnknown", "message": "no answer came", "hint": "look first", "task_created": None}
    page.route("**/api/run", lambda route: route.fulfill(status=502, json={"error": facts}), times=1)
    page.click("#run")
    screen.sees("#live", "no answer came. look first")
    assert "No task was created" not in page.locator("#live").inner_text()
    page.get_by_role("button", name="Send again with the same key").click()
    page.locator("#live img").first.wait_for()
    assert len(sent) == 2 and sent[0] == sent[1]
    assert len(screen.studio.state.accepted) == before + 1


def test_runs_go_on_without_the_page_and_are_shown_when_it_is_back(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, speed=0.01, poll=PollPolicy(speed=100)) as studio:
        for screen in screens(browser, studio):
            screen.open()
            screen.fill(prompt="A slow fox")
            screen.can_run()
            screen.page.click("#run")
            screen.page.click("#run")
            screen.is_titled("2 running")
            screen.sees("#live", "queued · ")
            screen.page.reload()
            screen.is_titled("2 running")
            for task in [*studio.state.tasks.values()]:
                studio.state.store.end(task, task.created)
            screen.page.locator("#live img").nth(1).wait_for()
            assert len(studio.state.accepted) == 2


def test_a_budget_that_is_too_small_keeps_the_button_off(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, budget=Budget(credits=10)) as studio:
        for screen in screens(browser, studio):
            screen.open()
            screen.sees("#money", "budget 10 of 10 left")
            screen.fill(prompt="A fox")
            screen.sees("#price", "18 credits")
            screen.can_run(False)
            screen.sees("#why", "budget")
            screen.page.click("#run", force=True)
            screen.page.keyboard.press("Control+Enter")
            assert not studio.state.accepted


def test_a_studio_that_is_read_only_shows_prices(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, read_only=True) as studio:
        for screen in screens(browser, studio):
            screen.open()
            screen.fill(prompt="A fox")
            screen.sees("#price", "18 credits")
            screen.sees("#why", "read-only")
            screen.can_run(False)


def test_code_of_the_input_is_copied(screen: Screen) -> None:
    screen.open()
    page = screen.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.fill(prompt="A fox", image_input=["https://example.com/cat.png"])
    screen.can_run()
    page.locator("#view-model summary", has_text="Code").click()
    page.get_by_role("button", name="Copy command line").click()
    screen.sees("#said", "Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"kie run {MODEL} '--prompt=A fox'")


class Foreign(BaseHTTPRequestHandler):
    """A page of another program on this machine."""

    body = b"<body>"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def foreign(browser: Browser, body: str = "<body>") -> Iterator[Page]:
    handler = type("Handler", (Foreign,), {"body": body.encode()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, ThreadPoolExecutor(1) as thread:
        thread.submit(server.serve_forever, 0.01)
        page = browser.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        try:
            yield page
        finally:
            page.close()
            server.shutdown()


SCRIPT = """(address) => {
    const run = { model: "nano-banana-pro", input: { prompt: "A fox" }, key: "foreign-1", at_most: null };
    fetch(address, { method: "POST", body: JSON.stringify(run), mode: "no-cors" }).catch(() => {});
}"""
FORM = """(address) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: address, enctype: "text/plain" });
    document.body.append(form);
    form.submit();
}"""


def test_a_script_of_another_origin_starts_nothing_and_learns_nothing(browser: Browser, studio: Served) -> None:
    before = len(studio.state.accepted)
    with foreign(browser) as page, page.expect_event("requestfailed") as failed:
        page.evaluate(SCRIPT, f"{studio.base}api/run")
    assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"
    assert len(studio.state.accepted) == before


def test_a_form_of_another_origin_starts_nothing(browser: Browser, studio: Served) -> None:
    before = len(studio.state.accepted)
    with foreign(browser) as page, page.expect_response(f"{studio.base}api/run") as answered:
        page.evaluate(FORM, f"{studio.base}api/run")
    assert answered.value.status == 403
    assert len(studio.state.accepted) == before


def test_no_other_page_can_show_this_one_in_a_frame(browser: Browser, studio: Served) -> None:
    with foreign(browser, f'<iframe src="{studio.base}"></iframe>') as page:
        assert [frame.url for frame in page.frames][1:] == ["chrome-error://chromewebdata/"]
