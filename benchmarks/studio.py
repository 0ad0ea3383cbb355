"""The studio's page in a browser: the time until a form appears, and until the price follows a key press."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measure import Figure
from kie import catalog
from tests.library.browser import chromium, lacking
from tests.studio.form_page import FormPage, sheet
from tests.studio.served import served

FORM = """() => new Promise((done, refuse) => {
    setTimeout(refuse, 10_000);
    const look = () => (document.querySelector("#form textarea") ? done(performance.now() / 1000) : setTimeout(look));
    look();
})"""
"""Seconds from the start of the navigation until the form appears."""
PRICE = """(key) => new Promise((done, refuse) => {
    setTimeout(refuse, 10_000);
    const field = document.querySelector("#form textarea");
    const price = document.querySelector("#price");
    price.textContent = "";
    const started = performance.now();
    new MutationObserver((_, watch) => {
        if (!price.textContent.includes("credits")) return;
        watch.disconnect();
        done((performance.now() - started) / 1000);
    }).observe(price, { childList: true, subtree: true, characterData: true });
    field.value += key;
    field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""Seconds from a change of the prompt until its price is shown."""

LARGEST = """([schema, media]) => {
    const started = performance.now();
    show([schema, media]);
    form.element.getBoundingClientRect();
    return (performance.now() - started) / 1000;
}"""
"""Seconds to make a form and lay it out."""


def studio() -> Iterator[Figure]:
    if missing := lacking():
        print(f"the studio in a browser: not measured, {missing}", flush=True)
        return
    forms, prices = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as there, chromium() as browser:
        largest = max(
            (sheet(model.id) for model in catalog.models(status="active")), key=lambda each: len(str(each[0]))
        )
        bare = FormPage(browser.new_page())
        made = [bare.run(LARGEST, *largest[:2]) for _ in range(40)]
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.goto(there.address)
        page.locator(".card").first.wait_for()
        page.evaluate("location.hash = 'model=nano-banana-pro'")
        for _ in range(7):
            page.reload()
            forms.append(page.evaluate(FORM))
            page.locator("#price", has_text="credits").wait_for()
            prices.extend(page.evaluate(PRICE, str(number)) for number in range(10))
    yield Figure("the largest form is made", median(made), 0.05)
    yield Figure("the first form of the studio", median(forms), 0.5)
    yield Figure("the price follows a key", max(prices), 0.1)
