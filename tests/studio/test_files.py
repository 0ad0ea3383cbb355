"""Files that the page may name: what it uploads, and what runs have. Never a path, and never a script in our origin."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import httpx2
import pytest
from PIL import Image

from kie._io.content import Content
from kie._io.offload import to_the_end
from kie._studio import shown_files
from kie._studio.shown_files import Files, part_of
from kie.library import Library, RunFile
from tests.library.made import run
from tests.processes import LONGEST
from tests.studio.conftest import TOKEN, Desk, Desks, data, ended, error, finish, press


def png(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    return made.getvalue()


def address(desk: Desk, value: str) -> str:
    return desk.studio.guard.files + value.removeprefix("/files")


async def uploaded(page: httpx2.AsyncClient, content: bytes, name: str = "cat.png") -> dict[str, Any]:
    return data(await page.post("/api/uploads", params={"name": name}, content=content))


def test_an_upload_is_named_by_its_content_measured_and_shown(desks: Desks) -> None:
    desk, content = desks(), png(40, 30)

    async def work() -> None:
        async with desk.page() as page:
            found = await uploaded(page, content, "cat.jpeg")
            assert found["kind"] == "image" and found["size"] == len(content) and found["name"] == "cat.png"
            assert (found["width"], found["height"]) == (40, 30)
            answer = await page.get(address(desk, found["value"]))
            assert answer.content == content and answer.headers["content-type"] == "image/png"
            assert "content-disposition" not in answer.headers
            assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"

    finish(work)
    (file,) = (path for path in desks.folder.joinpath("uploads").rglob("*") if path.is_file())
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700 or os.name == "nt"


def test_an_upload_and_an_earlier_result_go_to_the_service_when_the_button_is_pressed(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            first = await ended(page, data(await page.post("/api/run", json=press()), 202)["run"]["id"])
            mine = (await uploaded(page, png(64, 64)))["value"]
            made = first["outputs"][0]["value"]
            fields = {"prompt": "Both", "image_input": [mine, made, "https://example.com/a.png"]}
            body = press("press-0002", input=fields)
            plan = data(await page.post("/api/plan", json=body))
            assert plan["ready"] and plan["wire"]["input"]["image_input"][:2] == [
                "<upload: cat.png>",
                "<upload: 0.png>",
            ]
            assert not desk.state.uploads
            row = await ended(page, data(await page.post("/api/run", json=body), 202)["run"]["id"])
            assert row["state"] == "succeeded" and row["parents"] == [first["id"]]
            kept = row["fields"]["image_input"]
            assert [each["value"] for each in row["inputs"][:2]] == kept[:2] and kept[2] == "https://example.com/a.png"
            assert (await page.get(address(desk, kept[0]))).content == png(64, 64)
            again = data(await page.post("/api/plan", json={"model": row["model"], "input": row["fields"]}))
            assert again["ready"], again["issues"]

    finish(work)
    assert desk.sent == 2


def test_a_file_that_does_not_fit_its_field_is_reported_before_anything_is_sent(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            text = await uploaded(page, b"words, words, words", "cat.png")
            assert text["kind"] == "file"
            fields = {"prompt": "x", "image_input": [text["value"]]}
            (issue,) = data(await page.post("/api/plan", json=press(input=fields)))["issues"]
            assert issue["path"] == "image_input[0]" and "use jpeg, png, webp" in issue["message"]
            error(await page.post("/api/run", json=press(input=fields)), 422)

    finish(work)
    assert desk.sent == 0


ELSEWHERE = (
    "/files/uploads/x/cat.png",
    "/files/uploads/../../etc/passwd",
    "/files/uploads/%2e%2e/%2e%2e/etc/passwd",
    "/files/runs/x/original/0.png",
    "/files/runs/RUN/../../../../secret.txt",
    "/files/runs/RUN/%2e%2e%2f%2e%2e%2fsecret.txt",
    "/files/runs/RUN/run.json",
    "/files/runs/RUN/original%2f..%2f..%2frun.json",
    "/files/runs/RUN/original/0.png/",
    "/files/runs/RUN/original//0.png",
    "/files/runs/RUN/original/0.png%00",
    "/files/runs/RUN/original/\\0.png",
    "/files/",
    "/files/uploads",
    "/files/etc/passwd",
    "/files//etc/passwd",
    "/files/runs/%ff/original/0.png",
)
"""Names of what is not a file of the studio."""


def test_what_is_not_a_file_of_the_studio_is_not_there(desks: Desks) -> None:
    desk = desks()
    (desks.folder / "secret.txt").write_text("a secret")

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            await ended(page, id)
            for value in ELSEWHERE:
                named = value.replace("RUN", id)
                answer = await page.get(address(desk, named))
                assert answer.status_code in (403, 404) and b"secret" not in answer.content, value
                fields = {"prompt": "x", "image_input": [named]}
                assert data(await page.post("/api/plan", json=press(input=fields)))["ready"] is False, value

    finish(work)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_out_of_the_library_is_not_followed(desks: Desks) -> None:
    desk = desks()
    (desks.folder / "secret.txt").write_text("a secret")

    async def work() -> None:
        async with desk.page() as page:
            row = await ended(page, data(await page.post("/api/run", json=press()), 202)["run"]["id"])
            value = row["outputs"][0]["value"]
            (run,) = Library(desks.library)
            picture = run.files[0]
            picture.unlink()
            picture.symlink_to(desks.folder / "secret.txt")
            assert (await page.get(address(desk, value))).status_code == 404
            fields = {"prompt": "x", "image_input": [value]}
            assert data(await page.post("/api/plan", json=press(input=fields)))["ready"] is False

    finish(work)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "a.svg"),
        (HTML, "a.html"),
        (HTML, "a.png.html"),
        (b"%PDF-1.7", "a.pdf"),
        (b'{"a": 1}', "a.json"),
        (HTML, ""),
    ],
)
def test_no_file_can_run_a_script_in_our_origin(desks: Desks, content: bytes, name: str) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            answer = await page.get(address(desk, (await uploaded(page, content, name))["value"]))
            assert answer.content == content
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
            assert answer.headers["x-content-type-options"] == "nosniff"

    finish(work)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../x.png",
        "a/b\\c.png",
        "con.png",
        "x\n\r.png",
        "\u202egpj.exe",
        "n" * 400,
        "ünïcode ☃.png",
        "a?b#c%2f.png",
        "\x00",
    ],
)
def test_hostile_names_of_uploads_stay_in_their_folder(desks: Desks, name: str) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            found = await uploaded(page, png(8, 8), name)
            assert (await page.get(address(desk, found["value"]))).content == png(8, 8)
            plan = press(input={"prompt": "x", "image_input": [found["value"]]})
            assert data(await page.post("/api/plan", json=plan))["ready"]

    finish(work)
    (file,) = (path for path in desks.folder.rglob("*.png"))
    assert file.parent.parent == desks.folder / "uploads"
    assert not file.name.startswith("con."), "that is a device of Windows"


def test_uploads_that_are_too_large_empty_or_torn_leave_nothing_behind(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_files, "MOST_BYTES", 1000)
    monkeypatch.setattr(shown_files, "MOST_UPLOADED", 2000)
    desk = desks()

    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 100

    async def work() -> None:
        async with desk.page() as page:
            error(await page.post("/api/uploads?name=a.png", content=b"x" * 1001), 413)
            error(await page.post("/api/uploads?name=a.png", content=pieces(20)), 413)
            error(await page.post("/api/uploads?name=a.png", content=b""), 400)
            error(await page.post("/api/uploads?name=a.png", content=b"x", headers={"Content-Length": "9"}), 400)
            error(await page.post("/api/uploads?name=a.png", content=b"x", headers={"Content-Length": "-1"}), 400)
            assert not [*(desks.folder / "uploads").iterdir()]
            for _ in range(2):
                await uploaded(page, b"x" * 1000)
            error(await page.post("/api/uploads?name=a.png", content=b"x" * 10), 413)

    finish(work)


def test_an_upload_whose_client_leaves_is_removed(desks: Desks) -> None:
    desk = desks()
    sent: list[dict[str, object]] = []
    half: dict[str, object] = {"type": "http.request", "body": b"half", "more_body": True}
    gone: dict[str, object] = {"type": "http.disconnect"}
    messages = [half, gone]

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def work() -> None:
        headers = [(b"host", b"127.0.0.1:8787"), (b"x-kie-studio", TOKEN.encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/uploads",
            "query_string": b"name=a",
            "headers": headers,
        }
        async with desk.studio:
            await desk.studio(scope, receive, send)

    finish(work)
    assert not sent and not [*(desks.folder / "uploads").iterdir()]


@pytest.mark.parametrize(
    ("asked", "size", "part"),
    [
        (None, 10, None),
        ("bytes=0-", 10, (0, 10)),
        ("bytes=0-0", 10, (0, 1)),
        ("bytes=3-5", 10, (3, 6)),
        ("bytes=3-99", 10, (3, 10)),
        ("bytes=-4", 10, (6, 10)),
        ("bytes=-99", 10, (0, 10)),
        ("bytes=9-", 10, (9, 10)),
        ("bytes=5-3", 10, None),
        ("bytes=-", 10, None),
        ("bytes=0-1,3-4", 10, None),
        ("items=0-1", 10, None),
        ("bytes=a-b", 10, None),
        ("bytes=٣-٤", 10, None),
        ("bytes=" + "9" * 40 + "-", 10, None),
        ("", 10, None),
    ],
)
def test_a_range_is_a_part_of_the_file_or_the_whole_of_it(
    asked: str | None, size: int, part: tuple[int, int] | None
) -> None:
    assert part_of(asked, size) == part


@pytest.mark.parametrize(
    ("asked", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_a_range_beyond_the_end_has_nothing_in_it(asked: str, size: int) -> None:
    found = part_of(asked, size)
    assert found is not None and found[0] >= found[1]


def test_a_run_of_a_stranger_links_to_the_web_only(desks: Desks) -> None:
    desk = desks()
    urls = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "HTTPS://x.example/a", None]
    files = tuple(RunFile(role="output", index=index, url=url) for index, url in enumerate(urls))
    desk.studio.library._create(run("abc", outputs=files, inputs=(RunFile(role="image", url=urls[0]),)), {})

    async def work() -> None:
        async with desk.page() as page:
            row = data(await page.get("/api/runs/abc"))
            assert [each["url"] for each in row["outputs"]] == [None, None, None, "HTTPS://x.example/a", None]
            assert [each["url"] for each in row["inputs"]] == [None]

    finish(work)


def test_files_are_sent_in_parts(desks: Desks) -> None:
    desk, picture = desks(), io.BytesIO()
    Image.effect_noise((700, 700), 80).save(picture, "PNG")
    content = picture.getvalue()
    assert len(content) > 256 * 1024

    async def work() -> None:
        async with desk.page() as page:
            where = address(desk, (await uploaded(page, content))["value"])
            whole = await page.get(where)
            assert whole.status_code == 200 and whole.content == content and whole.headers["accept-ranges"] == "bytes"
            part = await page.get(where, headers={"Range": "bytes=100-299999"})
            assert part.status_code == 206 and part.content == content[100:300_000]
            assert part.headers["content-range"] == f"bytes 100-299999/{len(content)}"
            beyond = await page.get(where, headers={"Range": f"bytes={len(content)}-"})
            assert beyond.status_code == 416 and beyond.headers["content-range"] == f"bytes */{len(content)}"
            changed = await page.get(where, headers={"Range": "bytes=0-1", "If-Range": '"x"'})
            assert changed.status_code == 200 and changed.content == content
            head = await page.head(where)
            assert not head.content and int(head.headers["content-length"]) == len(content)
            assert (await page.get(where.replace("/files/", "/files/x"))).status_code == 403
            error(await page.post(where), 405)

    finish(work)


def test_a_file_that_somebody_deleted_is_not_there_and_its_run_is(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            value = (await ended(page, id))["outputs"][0]["value"]
            (run,) = Library(desks.library)
            Path(run.files[0]).unlink()
            assert (await page.get(address(desk, value))).status_code == 404
            assert data(await page.get(f"/api/runs/{id}"))["outputs"][0]["value"] is None

    finish(work)


def test_many_uploads_at_once_are_kept_apart(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            found = await asyncio.gather(*(uploaded(page, png(8, n + 1)) for n in range(30)))
            assert [each["height"] for each in found] == [*range(1, 31)]
            assert len({each["value"] for each in found}) == 30

    finish(work)


def test_a_file_is_closed_if_the_client_leaves_while_it_is_opened(tmp_path: Path) -> None:
    begun, may_go_on, opened = threading.Event(), threading.Event(), list[BinaryIO]()

    def slow() -> BinaryIO:
        begun.set()
        assert may_go_on.wait(LONGEST)
        opened.append(io.BytesIO(b"a picture"))
        return opened[0]

    async def work() -> None:
        client: Any = SimpleNamespace(_driver=SimpleNamespace(to_the_end=to_the_end))
        with Library(tmp_path / "runs") as library:
            pieces = Files(client, library, tmp_path)._pieces(Content(9, slow), 0, 9)
            reading = asyncio.ensure_future(anext(pieces))
            await asyncio.to_thread(begun.wait, LONGEST)
            reading.cancel()
            may_go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await reading

    finish(work)
    assert [file.closed for file in opened] == [True]
