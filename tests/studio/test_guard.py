"""Who may ask the studio: it spends, so that no foreign page, host or program may."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import httpx2
import pytest

from kie._core.errors import ConfigError
from kie._studio.app_page import SCRIPTS, STYLES, StudioPage
from kie._studio.guard import names_of
from kie._studio.serving import VARIABLE, listener
from tests.studio.conftest import BASE, IMAGE, PORT, TOKEN, Desks, data, error, finish

EVERYWHERE = ("/api/state", "/api/models", "/api/models/nano-banana-pro", "/api/nothing")


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "ü" * 20])
def test_without_the_token_nothing_is_told(desks: Desks, token: str) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            for path in EVERYWHERE:
                error(await page.get(path, headers={b"X-Kie-Studio": token.encode()}), 403)
            error(await page.post("/api/plan", json=IMAGE, headers={b"X-Kie-Studio": token.encode()}), 403)

    finish(work)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": f"evil.example:{PORT}"},
        {"Host": "127.0.0.1"},
        {"Host": f"127.0.0.1:{PORT + 1}"},
        {"Host": f"127.0.0.1:{PORT}, evil.example"},
        {"Host": ""},
    ],
)
def test_a_foreign_page_or_host_is_refused_even_with_the_token(desks: Desks, headers: dict[str, str]) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            files = data(await page.get("/api/state"))["files"]
            for path in (*EVERYWHERE, f"{files}/runs/x/original/0.png"):
                error(await page.get(path, headers=headers), 403)
            error(await page.post("/api/plan", json=IMAGE, headers=headers), 403)
            if "Host" in headers:
                error(await page.get("/", headers=headers), 403)

    finish(work)


@pytest.mark.parametrize("name", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_this_machine_may_ask_by_each_of_its_names(desks: Desks, name: str) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page(Host=name, Origin=f"http://{name}", **{"Sec-Fetch-Site": "same-origin"}) as page:
            assert data(await page.get("/api/state"))["read_only"] is False

    finish(work)


def test_the_page_loads_nothing_from_elsewhere_and_names_its_style_and_script_by_their_hash(desks: Desks) -> None:
    async def work() -> httpx2.Response:
        async with desks().page() as page:
            return await page.get("/", headers={"X-Kie-Studio": ""})

    answer = finish(work)
    policy = answer.headers["content-security-policy"]
    for tag in ("script", "style"):
        content = re.search(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        assert content is not None
        digest = b64encode(sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    for part in ("default-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert TOKEN not in answer.text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", answer.text)


def test_the_page_is_small_and_made_of_its_parts() -> None:
    page = StudioPage.assembled()
    assert len(page.html) <= 40_000
    assert {*STYLES} == {"studio.css", "form.css"} and SCRIPTS == ("form.js", "studio.js")


def test_the_token_and_the_key_are_in_no_text_of_the_guard(desks: Desks) -> None:
    assert TOKEN not in repr(desks().studio.guard) and TOKEN not in repr(desks().studio)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/../etc/passwd", 404),
        ("POST", "/", 405),
        ("PUT", "/api/state", 405),
        ("DELETE", "/api/models/nano-banana-pro", 405),
        ("GET", "/api/plan", 405),
        ("GET", "/api/models/no-such-model", 404),
        ("GET", f"/api/runs?{'a=1&' * 40}", 400),
    ],
)
def test_what_is_not_there_is_said_in_json(desks: Desks, method: str, path: str, status: int) -> None:
    async def work() -> None:
        async with desks().page() as page:
            error(await page.request(method, path), status)

    finish(work)


def test_head_is_answered_without_a_body(desks: Desks) -> None:
    async def work() -> None:
        async with desks().page() as page:
            for path in ("/", "/api/models"):
                answer = await page.head(path)
                assert answer.status_code == 200 and not answer.content
                assert int(answer.headers["content-length"]) > 1000

    finish(work)


@pytest.mark.parametrize(
    ("host", "environment", "why"),
    [
        ("0.0.0.0", {VARIABLE: TOKEN}, "not one address"),
        ("::", {VARIABLE: TOKEN}, "not one address"),
        ("example.com", {VARIABLE: TOKEN}, "an address"),
        ("192.0.2.1", {}, VARIABLE),
        ("192.0.2.1", {VARIABLE: "short"}, "16 characters"),
        ("127.0.0.1", {VARIABLE: "short"}, "16 characters"),
        ("127.0.0.1", {VARIABLE: "sixteen letters & more"}, "only"),
        ("192.0.2.1", {VARIABLE: TOKEN}, "--host 192.0.2.1"),
    ],
)
def test_an_address_that_others_reach_needs_a_secret(host: str, environment: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(why)):
        listener(host, 0, environment)


def test_a_port_that_is_taken_is_said() -> None:
    at, guard, new = listener("127.0.0.1", 0, {})
    with at:
        port = at.getsockname()[1]
        assert new and guard.names[0] == f"127.0.0.1:{port}"
        with pytest.raises(ConfigError, match=f"--port {port}"):
            listener("localhost", port, {})
    assert BASE.endswith(guard.names[0]) or f"127.0.0.1:{PORT}" not in guard.names


def test_browsers_leave_out_the_usual_port() -> None:
    assert "127.0.0.1" in names_of("127.0.0.1", 80) and "127.0.0.1" not in names_of("127.0.0.1", PORT)
    assert names_of("192.168.1.5", PORT) == [f"192.168.1.5:{PORT}"]
