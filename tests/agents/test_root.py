"""Agents name paths below one folder only."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from kie._agents.root import Outside, Root
from kie._core.errors import ConfigError
from tests.agents.conftest import Desks, data, error, finish

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
WRONG = [
    "",
    "..",
    "../a.png",
    "a/../../b.png",
    "a/../b.png",
    "/etc/passwd",
    "//etc/passwd",
    "~/a.png",
    "~root/a.png",
    "C:\\a.png",
    "C:a.png",
    "c:/a.png",
    "\\\\server\\share\\a.png",
    "\\a.png",
    "a\\..\\..\\b.png",
    "//server/share/a.png",
    "\\\\?\\C:\\a.png",
    "CON",
    "nul.png",
    "sub/LPT1.txt",
    "a.png:stream",
    "a\0.png",
    "a\n.png",
    "{id}.png",
    "file:///etc/passwd",
    "a\u202egnp.exe",
]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    (tmp_path / "root" / "sub").mkdir(parents=True)
    (tmp_path / "root" / "sub" / "a.png").write_bytes(b"picture")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("key")
    return Root(tmp_path / "root")


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_what_leads_elsewhere_is_refused_with_what_is_allowed(root: Root, text: str) -> None:
    for ask in (root.file, root.folder):
        with pytest.raises(Outside, match="relative path below the root"):
            ask(text)
    assert [path.name for path in root.path.iterdir()] == ["sub"]


def test_paths_below_the_root_are_found_and_shown(root: Root) -> None:
    assert root.file("sub/a.png") == root.path / "sub" / "a.png" == root.file("./sub//a.png")
    assert root.shown(root.file("sub/a.png")) == "sub/a.png"
    assert root.folder(".") == root.path and root.folder("new/ünï code").is_dir()


def test_a_name_with_two_dots_in_it_is_a_name(root: Root) -> None:
    assert root.folder("v1..v2").is_dir()


@POSIX
def test_links_out_of_the_root_are_refused_wherever_they_stand(root: Root, tmp_path: Path) -> None:
    (root.path / "link").symlink_to(tmp_path / "secret")
    (root.path / "file.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (root.path / "gone").symlink_to(tmp_path / "not there")
    for text in ("link/key.txt", "file.txt", "gone", "link"):
        with pytest.raises(Outside):
            root.file(text)
    for text in ("link", "link/new", "gone", "gone/new"):
        with pytest.raises(Outside):
            root.folder(text)
    assert not (tmp_path / "not there").exists() and len([*(tmp_path / "secret").iterdir()]) == 1


@POSIX
def test_a_link_that_stays_inside_is_followed(root: Root) -> None:
    (root.path / "link.png").symlink_to("sub/a.png")
    assert root.file("link.png") == root.path / "sub" / "a.png"


@POSIX
def test_pipes_devices_sockets_and_folders_are_not_files(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root.path / "pipe")
    (root.path / "null").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as made:
        monkeypatch.chdir(root.path)
        made.bind("socket")
        for text in ("pipe", "null", "socket", "sub", "missing.png"):
            with pytest.raises(Outside):
                root.file(text)
    with pytest.raises(Outside, match="cannot be made"):
        root.folder("sub/a.png")


def test_a_root_that_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--root"):
        Root(tmp_path / "missing")


@pytest.mark.parametrize("text", ["../a.png", "/etc/passwd", "missing.png", "C:\\a.png"])
def test_every_tool_refuses_such_a_path_and_sends_nothing(desks: Desks, mode: str, text: str) -> None:
    desk = desks(free=100)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("upload", {"source": text}),
        ("generate", {"model": "nano-banana-pro", "input": {"prompt": "A fox", "image_input": [text]}}),
        ("generate", {"model": "nano-banana-pro", "input": {"prompt": "A fox", "images": text}}),
        ("plan", {"model": "kling 2.6", "input": {"prompt": "A fox", "image": {"first_frame": text}}}),
    ]
    if text != "missing.png":
        calls.append(("save", {"ref": "abc", "folder": text}))

    async def work() -> None:
        async with desk.connected(mode) as client:
            for tool, arguments in calls:
                said = error(await client.call_tool(tool, arguments))["message"]
                assert "below the root" in said, (tool, arguments, said)

    finish(work)
    assert not desk.state.log


def test_a_file_below_the_root_is_uploaded_and_used(desks: Desks, mode: str) -> None:
    desk = desks(free=100)
    (desks.root / "in").mkdir()
    (desks.root / "in" / "a.png").write_bytes(PNG)

    async def work() -> None:
        async with desk.connected(mode) as client:
            url = data(await client.call_tool("upload", {"source": "in/a.png"}))["url"]
            for media in (url, "in/a.png"):
                call = {"model": "nano-banana-pro", "input": {"prompt": "A fox", "image_input": [media]}}
                assert data(await client.call_tool("generate", call))["state"] == "succeeded"

    finish(work)
    assert all(each.input["image_input"][0].startswith("http") for each in desk.state.accepted)  # type: ignore[index, union-attr]


def test_a_file_in_a_part_of_an_input_is_one_too_and_leads_nowhere_else(desks: Desks, mode: str) -> None:
    desk = desks(free=1000)
    (desks.root / "a.png").write_bytes(PNG)

    def call(path: str) -> dict[str, Any]:
        part = {"name": "fox", "description": "a.png", "element_input_urls": [path, "https://x.example/b.png"]}
        return {
            "model": "kling 3.0",
            "input": {"prompt": "A fox", "duration": 5, "mode": "std", "images": [A], "klingElements": [part]},
        }

    async def work() -> None:
        async with desk.connected(mode) as client:
            found = data(await client.call_tool("plan", call("a.png")))
            (made,) = found["input"]["kling_elements"]
            assert made["element_input_urls"] == [f"<upload: {desks.root / 'a.png'}>", "https://x.example/b.png"]
            assert made["description"] == "a.png", "which is no medium"
            for path in ("/etc/passwd", "../a.png", "b.png"):
                assert "cannot be used as a file" in error(await client.call_tool("plan", call(path)))["message"]

    finish(work)


A = "https://x.example/a.png"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738"
    "550000000049454e44ae426082"
)
