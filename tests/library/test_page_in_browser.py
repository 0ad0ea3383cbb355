"""A page of runs in a real browser. Skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kie._library.page import page
from kie.library import Run, RunError, RunFile
from tests.library.browser import chromium, lacking
from tests.library.pages import HOSTILE, run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 200 runs, of which one has a picture and one a video."""
    root = tmp_path_factory.mktemp("runs")
    first = run(
        root, 0, "A lighthouse in the rain", tags=("site",), credits=Decimal(18), fields={"aspect_ratio": "16:9"}
    )
    for name in ("original/0.png", "thumb/0.webp"):
        (first.folder / name).parent.mkdir(parents=True)
        Image.new("RGB", (64, 48), "navy").save(first.folder / name)
    image = RunFile(role="output", kind="image", name="original/0.png", thumb="thumb/0.webp", width=64, height=48)
    video = RunFile(role="output", kind="video", name="original/0.mp4", seconds=5)
    runs: list[Run] = [
        run(
            root,
            0,
            first.prompt,
            tags=("site",),
            credits=Decimal(18),
            fields={"aspect_ratio": "16:9"},
            outputs=(image,),
        ),
        run(root, 1, "It moves", model="kling-3.0/video", outputs=(video,), parents=(first.id,)),
        run(root, 2, "A fox", state="failed", error=RunError(message="the service refused it")),
        *(run(root, 3 + number, prompt, model=prompt, tags=(prompt,)) for number, prompt in enumerate(HOSTILE)),
        *(run(root, number, f"Number {number}") for number in range(30, 200)),
    ]
    return page(runs, root / "index.html", title="<b>Runs</b>")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    yield made
    made.close()


@pytest.fixture
def opened(context: BrowserContext, written: Path) -> Iterator[Page]:
    """The page. A fault of its script, and any request but for files, fails the test."""
    faults, asked = list[str](), list[str]()
    shown = context.new_page()
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(written.as_uri())
    yield shown
    assert not faults
    assert asked and all(url.startswith("file://") for url in asked)


def test_a_narrow_screen_shows_all_without_scrolling_sideways(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.locator(".card").first.click()
    assert opened.evaluate("document.querySelector('dialog').scrollWidth") <= 390


def test_the_page_follows_the_colours_of_the_system(opened: Page) -> None:
    def lightness() -> float:
        background = opened.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
        return float(sum(background) / 3)

    assert lightness() < 60
    opened.emulate_media(color_scheme="light")
    assert lightness() > 200


def test_markup_in_a_run_does_nothing(opened: Page) -> None:
    assert opened.title() == "<b>Runs</b>"
    opened.keyboard.press("/")
    opened.keyboard.type("document.title")
    cards = opened.locator(".card")
    assert cards.count() == 2
    for index in range(2):
        cards.nth(index).click()
        assert "document.title" in opened.locator("dialog .whole").inner_text()
        opened.keyboard.press("Escape")
    assert opened.title() == "<b>Runs</b>"
    assert opened.locator("main img, main script, dialog script").count() == 0


def test_a_page_is_used_by_keyboard_alone(opened: Page) -> None:
    focused = (
        "document.activeElement.tagName + ' ' + (document.activeElement.dataset.index ?? document.activeElement.id)"
    )
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    order = []
    for _ in range(5):
        opened.keyboard.press("Tab")
        order.append(opened.evaluate(focused))
    assert order == ["INPUT words", "SELECT model", "SELECT tag", "SELECT state", "BUTTON 0"]
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate(focused) == "BUTTON 2"
    opened.keyboard.press("Enter")
    assert opened.locator("dialog[open]").count() == 1
    assert "the service refused it" in opened.locator("dialog").inner_text()
    opened.keyboard.press("Escape")
    assert opened.locator("dialog[open]").count() == 0
    assert opened.evaluate(focused) == "BUTTON 2"
    opened.keyboard.press("End")
    assert opened.evaluate(focused) == f"BUTTON {len(HOSTILE) + 3 + 170 - 1}"
    opened.keyboard.press("Escape")
    assert opened.evaluate(focused) == "INPUT words"


@pytest.mark.parametrize(
    ("then", "shown", "focused"),
    [
        ("card(5).focus()", False, "BUTTON 5"),
        ("card(5).click()", True, "H2 heading"),
        ("document.activeElement.blur()", False, "BUTTON 2"),
    ],
)
def test_what_happens_right_after_a_dialog_closed_stands(opened: Page, then: str, shown: bool, focused: str) -> None:
    """The browser tells of the close later: by then the reader may have gone on."""
    told = """new Promise((told) => {
        const card = (index) => document.querySelectorAll(".card")[index];
        const dialog = document.querySelector("dialog");
        card(2).click();
        dialog.addEventListener("close", () => setTimeout(() => {
            const at = document.activeElement;
            told([dialog.open, dialog.children.length > 0, `${at.tagName} ${at.dataset.index ?? at.id}`]);
        }));
        dialog.close();
        THEN;
    })"""
    assert opened.evaluate(told.replace("THEN", then)) == [shown, shown, focused]


def test_runs_are_found_by_words_model_tag_and_state(opened: Page) -> None:
    found = opened.locator("#found")
    opened.keyboard.press("/")
    opened.keyboard.type("RAIN lighthouse")
    assert found.inner_text().startswith("1 of")
    opened.keyboard.press("Escape")
    opened.select_option("#state", "failed")
    assert found.inner_text().startswith("1 of")
    opened.select_option("#state", "")
    opened.select_option("#tag", "site")
    assert found.inner_text().startswith("1 of")
    opened.select_option("#model", "kling-3.0/video")
    assert found.inner_text().startswith("0 of")


def test_details_show_files_and_lineage_and_load_a_video_only_on_demand(opened: Page) -> None:
    assert opened.locator(".card img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    opened.locator(".card").nth(1).click()
    asked = list[str]()
    opened.on("request", lambda request: asked.append(request.url))
    assert opened.locator("dialog video").get_attribute("preload") == "none"
    opened.get_by_role("button", name="nano-banana-pro: A lighthouse in the rain").click()
    assert "It moves" in opened.locator("dialog section").inner_text()
    assert opened.locator("dialog img").get_attribute("alt") == "A lighthouse in the rain"
    assert not any(url.endswith(".mp4") for url in asked)


def test_code_is_copied(opened: Page, context: BrowserContext) -> None:
    opened.locator(".card").first.click()
    opened.locator("summary", has_text="command line").click()
    opened.get_by_role("button", name="Copy as command line").click()
    opened.get_by_text("Copied").wait_for()
    shown = opened.get_by_label("command line").inner_text()
    context.grant_permissions(["clipboard-read"])
    assert opened.evaluate("navigator.clipboard.readText()") == shown
    assert shown.startswith("kie run nano-banana-pro '--prompt=A lighthouse in the rain'")


def test_runs_are_listed_without_a_script(browser: Browser, written: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(written.as_uri())
    listed = shown.locator("noscript li, ol li")
    assert listed.count() == 100
    assert listed.first.locator("a").get_attribute("href").endswith("/original/0.png")  # type: ignore[union-attr]
    context.close()
