"""Results are fetched whole or not at all, without the key, and from nowhere a stranger should lead us to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kie import AsyncKie, DownloadFailed, Kie, Result, RetryPolicy, no_retry
from kie._flow.options import Options
from kie._tasks.download import guard
from kie.models import ElevenlabsTextToDialogueV3, Kling30Video, NanoBananaPro
from kie.simulator import Simulator
from kie.testing import Exchange, VirtualClock, trace, virtual_async_kie, virtual_kie

PICTURE = "GIF89a a whole picture;"
REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")
FOREIGN = "https://cdn.example/pictures/cat.png"

Fault = dict[str, Any]


class EitherClient:
    """One of the two clients, used as if it were blocking."""

    def __init__(self, asynchronous: bool, **settings: Any) -> None:
        make: Any = virtual_async_kie if asynchronous else virtual_kie
        self.client: Any
        self.service: Simulator
        self.clock: VirtualClock
        self.client, self.service, self.clock = make(api_key="sk-never-shown", **settings)
        self.began = 0.0

    def do(self, action: Callable[[Any], Any]) -> Any:
        if isinstance(self.client, Kie):
            return action(self.client)

        async def main() -> Any:
            outcome = action(self.client)
            return await outcome if isinstance(outcome, Awaitable) else outcome

        return asyncio.run(main())

    def result(self) -> Result:
        result: Result = self.do(lambda client: client.run(REQUEST))
        return result

    def url(self) -> str:
        return self.result().urls[0]

    def download(self, url: str, folder: Path, **more: Any) -> Path:
        path: Path = self.do(lambda client: client.download(url, folder, **more))
        return path

    def save(self, result: Result, folder: Path, **more: Any) -> list[Path]:
        return list(self.do(lambda _: result.save(folder, **more)))

    def asked(self, operation: str) -> list[str]:
        """How each request of this kind ended."""
        return [outcome for name, outcome in self.service.log if name == operation]


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest) -> Callable[..., EitherClient]:
    """Makes a client of either kind over a simulator that follows a script."""
    return lambda *faults, **settings: EitherClient(request.param == "async", faults=list(faults), **settings)


def on(**rule: Any) -> Fault:
    return {"on": "result", **rule}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# names


def test_results_are_named_by_task_and_place_and_their_format(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    result = made.result()
    [path] = made.save(result, tmp_path / "out")
    assert path == tmp_path / "out" / f"{result.ref.id}_0.png"
    assert path.read_bytes().startswith(b"\x89PNG")
    assert made.asked("result") == ["200"]
    assert made.service.leaked_keys == []


@pytest.mark.parametrize(
    ("request_", "extension"),
    [
        (NanoBananaPro(prompt="x", output_format="jpg"), ".jpg"),
        (Kling30Video(prompt="x", mode="std", duration="5"), ".mp4"),
        (ElevenlabsTextToDialogueV3(dialogue=[{"text": "Hello", "voice": "Adam"}]), ".mp3"),
    ],
)
def test_videos_and_sound_have_their_own_extensions(request_: Any, extension: str, tmp_path: Path) -> None:
    client, _, _ = virtual_kie()
    [path] = client.run(request_).save(tmp_path)
    assert path.suffix == extension and path.stat().st_size > 100


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("cat.gif", "cat.gif"),
        ("a%20b%2Fc.gif", "c.gif"),
        ("..%2F..%2Fetc%2Fpasswd.gif", "passwd.gif"),
        ("%2e%2e", "download.gif"),
        ("..gif", "download.gif"),
        ("", "results.gif"),
        ("a:b*c.gif", "a_b_c.gif"),
        ("x" * 300 + ".gif", "x" * 120 + ".gif"),
        ("a%00b.gif", "a_b.gif"),
        ("..%5C..%5Cboot.gif", "_.._boot.gif"),
        ("字" * 300 + ".gif", "字" * 60 + ".gif"),
        ("NUL.txt.gif", "_NUL.txt.gif"),
        ("con.gif", "_con.gif"),
        ("-rf.gif", "_rf.gif"),
        ("a.%20.gif", "a._.gif"),
        ("%ff%fe.gif", "__.gif"),
        ("evil.sh", "evil.gif"),
        ("evil.html", "evil.gif"),
    ],
)
def test_a_url_cannot_choose_a_name_outside_the_folder(path: str, expected: str, tmp_path: Path) -> None:
    client, _, _ = virtual_kie(faults=[on(do="http", status=200, body=PICTURE, headers={"content-type": "image/gif"})])
    saved = client.download(f"https://cdn.example/results/{path}", tmp_path)
    assert (saved.parent, saved.name) == (tmp_path, expected)
    assert names(tmp_path) == [expected]


def test_what_was_saved_by_who_was_killed_then_is_not_saved_beside_it_but_another_file_stays(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    result: Any = made.result()
    name = str(tmp_path / "line-7_{n}.{ext}")

    def saved() -> list[Path]:
        if isinstance(result, Result):
            return result._saved_once(name)
        return list(made.do(lambda _: result._saved_once(name, overwrite=False)))

    (first,) = saved()
    content = first.read_bytes()
    assert saved() == [first] and [*tmp_path.iterdir()] == [first] and first.read_bytes() == content
    for other in (content[:-1] + b"?", content + b"?"):  # of somebody else, though it is as long
        first.write_bytes(other)
        (second,) = saved()
        assert second.name == f"{first.stem}-2.png" and second.read_bytes() == content and first.read_bytes() == other
        second.unlink()
    first.unlink()
    first.mkdir()
    assert [path.name for path in saved()] == [f"{first.stem}-2.png"]


def test_a_name_that_is_given_is_taken_and_gets_the_extension(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    assert made.download(made.url(), tmp_path, name="mine") == tmp_path / "mine.png"


# redirects


def redirected(target: str, **rule: Any) -> Fault:
    return on(do="http", status=302, headers={"Location": target}, **rule)


def test_redirects_are_followed_without_the_key(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(
        redirected("/results/elsewhere.png", nth=1),
        redirected("https://api.kie.ai/results/b.png", nth=2),
        on(do="http", status=200, body=PICTURE, nth=3),
    )
    path = made.download("https://cdn.example/results/a.png", tmp_path)
    assert path.read_bytes() == PICTURE.encode()
    assert path.name == "a.gif"
    assert [exchange.path for exchange in trace(made.client)] == [
        f"/results/{name}.png" for name in ("a", "elsewhere", "b")
    ]
    assert made.service.leaked_keys == []


def test_a_redirected_result_of_our_own_is_saved_without_the_key(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    result = made.result()
    url = result.urls[0]
    again = EitherClient(isinstance(made.client, AsyncKie), simulator=made.service, clock=made.clock)
    made.service.faults = type(made.service.faults).load([redirected(url, nth=1)])
    assert again.save(result, tmp_path)[0].read_bytes().startswith(b"\x89PNG")
    assert made.service.leaked_keys == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(status: int, tmp_path: Path) -> None:
    elsewhere = {"Location": "/results/elsewhere.png"}
    faults = [on(do="http", status=status, headers=elsewhere, nth=1), on(do="http", status=200, body=PICTURE)]
    client, _, _ = virtual_kie(faults=faults)
    assert client.download("https://cdn.example/results/a.png", tmp_path).read_bytes() == PICTURE.encode()


def test_five_redirects_are_followed_and_no_more(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    enough = either(redirected("/results/next.png", times=5), on(do="http", status=200, body=PICTURE))
    assert enough.download("https://cdn.example/results/a.png", tmp_path).exists()
    endless = either(redirected("/results/next.png"))
    with pytest.raises(DownloadFailed, match="HTTP 302") as caught:
        endless.download("https://cdn.example/results/b.png", tmp_path)
    assert caught.value.status == 302
    assert len(endless.asked("result")) == 6
    assert names(tmp_path) == ["a.gif"]


@pytest.mark.parametrize(
    "target",
    [
        "http://cdn.example/results/a.png",
        "https://127.0.0.1/a.png",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//localhost/a.png",
        "https://[::1]/a.png",
        "https://[broken/a.png",
    ],
)
def test_a_redirect_to_where_a_url_may_not_lead_is_not_followed(
    target: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(redirected(target))
    with pytest.raises(DownloadFailed):
        made.download("https://cdn.example/results/a.png", tmp_path)
    assert len(made.asked("result")) == 1
    assert names(tmp_path) == []


# links that are gone


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_is_gone_is_renewed_once(status: int, either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="http", status=status, nth=1))
    path = made.download(made.url(), tmp_path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert made.asked("getDownloadUrl") == ["200"]
    assert made.asked("result") == ["http", "200"]
    assert made.service.leaked_keys == []


def test_a_link_that_is_gone_for_good_is_renewed_only_once(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="gone"))
    with pytest.raises(DownloadFailed, match="gone") as caught:
        made.download(made.url(), tmp_path)
    assert caught.value.status == 404
    assert made.asked("getDownloadUrl") == ["200"]
    assert made.asked("result") == ["gone", "gone"]
    assert names(tmp_path) == []


def test_a_link_to_a_file_of_somebody_else_cannot_be_renewed(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(on(do="gone"))
    with pytest.raises(DownloadFailed, match="gone"):
        made.download(FOREIGN.replace("pictures", "results"), tmp_path)
    assert made.asked("getDownloadUrl") == ["422"]
    assert len(made.asked("result")) == 1


@pytest.mark.parametrize(
    "trouble",
    [{"do": "drop_before"}, {"do": "envelope", "code": 500}, {"do": "garbage", "body": '{"code":200,"msg":"success"}'}],
)
def test_trouble_with_the_renewal_is_a_failed_download_too(
    trouble: Fault, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(on(do="gone"), {"on": "getDownloadUrl", **trouble})
    with pytest.raises(DownloadFailed, match="gone"):
        made.download(made.url(), tmp_path)


def test_a_renewed_link_to_where_a_url_may_not_lead_is_not_followed(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    evil = '{"code":200,"msg":"success","data":"http://169.254.169.254/meta"}'
    made = either(on(do="gone"), {"on": "getDownloadUrl", "do": "garbage", "body": evil})
    with pytest.raises(DownloadFailed, match="only https"):
        made.download(made.url(), tmp_path)
    assert len(made.asked("result")) == 1


# transfers that break

TRANSIENT: dict[str, Fault] = {
    "HTTP 500": {"do": "http", "status": 500},
    "HTTP 503": {"do": "http", "status": 503},
    "HTTP 429": {"do": "http", "status": 429},
    "a refused connection": {"do": "refuse"},
    "a lost connection": {"do": "drop_before"},
    "a lost answer": {"do": "drop_after"},
    "half a file": {"do": "truncate", "bytes": 100},
    "an answer that is too late": {"do": "slow", "seconds": 1000},
}


@pytest.mark.parametrize("name", TRANSIENT)
def test_a_transfer_that_breaks_is_repeated_from_the_beginning(
    name: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(on(times=2, **TRANSIENT[name]), retry=RetryPolicy(budget=5000))
    result = made.result()
    [path] = made.save(result, tmp_path)
    assert len(made.asked("result")) == 3
    assert names(tmp_path) == [path.name]
    assert path.read_bytes().endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("name", TRANSIENT)
def test_a_transfer_that_keeps_breaking_ends_and_leaves_no_partial_file(
    name: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(on(**TRANSIENT[name]), retry=RetryPolicy(budget=5000))
    url = made.url()
    with pytest.raises(DownloadFailed, match="4 attempts") as caught:
        made.download(url, tmp_path)
    assert caught.value.status == TRANSIENT[name].get("status")
    assert len(made.asked("result")) == 4
    assert names(tmp_path) == []


def test_repeats_stop_when_their_budget_is_spent(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="slow", seconds=1000), download_timeout=100, retry=RetryPolicy(budget=150))
    url = made.url()
    before = made.clock.now()
    with pytest.raises(DownloadFailed, match="2 attempts"):
        made.download(url, tmp_path)
    assert 200 <= made.clock.now() - before < 260


def test_what_no_repeat_can_mend_is_not_repeated(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="http", status=400))
    with pytest.raises(DownloadFailed, match="HTTP 400") as caught:
        made.download(made.url(), tmp_path)
    assert caught.value.status == 400
    assert len(made.asked("result")) == 1


def test_a_policy_without_retries_asks_once(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="drop_before"), retry=no_retry())
    with pytest.raises(DownloadFailed, match="1 attempts"):
        made.download(made.url(), tmp_path)


# where a URL may lead


REFUSED = [
    "http://files.example/a.png",
    "ftp://files.example/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "a.png",
    "",
    "https:///a.png",
    "https://127.0.0.1/a.png",
    "https://127.1/a.png",
    "https://0177.0.0.1/a.png",
    "https://2130706433/a.png",
    "https://0x7f000001/a.png",
    "https://0x7f.1/a.png",
    "https://localhost/a.png",
    "https://LOCALHOST./a.png",
    "https://api.localhost/a.png",
    "https://printer.local/a.png",
    "https://metadata.google.internal/a.png",
    "https://10.0.0.1/a.png",
    "https://10.0.0.1./a.png",
    "https://172.16.0.1/a.png",
    "https://192.168.1.1:8443/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/a.png",
    "https://0.0.0.0/a.png",
    "https://[::1]/a.png",
    "https://[::]/a.png",
    "https://[fe80::1]/a.png",
    "https://[fd00::1]/a.png",
    "https://[::ffff:127.0.0.1]/a.png",
    "https://user@10.0.0.1/a.png",
    "https://１２７.0.0.1/a.png",
    "https://127。0。0。1/a.png",
    "https://[broken/a.png",
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_leads_into_a_private_network_is_refused_before_anything_is_sent(
    url: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    with pytest.raises(DownloadFailed):
        made.download(url, tmp_path / "out")
    assert not trace(made.client)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://tempfile.aiquickdraw.com/a.png",
        "https://8.8.8.8/a.png",
        "https://[2606:4700::1111]/a.png",
        "https://files.example:8443/a.png",
        "https://files.example./a.png",
        "https://1.2.3.example/a.png",
    ],
)
def test_a_url_that_leads_anywhere_else_is_not_refused(url: str) -> None:
    guard(Options(), url)


@pytest.mark.parametrize("home", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_a_simulator_on_this_machine_may_serve_its_results_from_here(home: str) -> None:
    options = Options(base_url=home, upload_url=home)
    guard(options, "http://127.0.0.1:8000/results/a.png")
    guard(options, "https://files.example/a.png")
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/a.png", "http:///a.png"):
        with pytest.raises(DownloadFailed):
            guard(options, url)


# limits, leftovers, neighbours


def test_a_file_larger_than_max_download_is_refused_and_leaves_nothing(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(max_download=100)
    with pytest.raises(DownloadFailed, match="max_download"):
        made.download(made.url(), tmp_path)
    assert len(made.asked("result")) == 1
    assert names(tmp_path) == []


def test_a_file_of_just_max_download_bytes_is_kept(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="http", status=200, body=PICTURE[:-1] + "x" * (100 - len(PICTURE)) + ";"), max_download=100)
    assert made.download(FOREIGN.replace("pictures", "results"), tmp_path).stat().st_size == 100


def test_an_interruption_in_the_middle_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kie._io.files import Download

    client, _, _ = virtual_kie()
    result = client.run(REQUEST)

    def interrupt(self: Download, chunk: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Download, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        result.save(tmp_path)
    assert names(tmp_path) == []


def test_a_failed_save_keeps_what_stood_there_before(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="truncate", bytes=100))
    result = made.result()
    before = tmp_path / f"{result.ref.id}_0.png"
    before.write_bytes(b"an earlier copy")
    with pytest.raises(DownloadFailed):
        made.save(result, tmp_path)
    assert before.read_bytes() == b"an earlier copy"
    assert names(tmp_path) == [before.name]


def test_saving_twice_gives_the_same_file_if_it_may_be_overwritten(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    result = made.result()
    assert made.save(result, tmp_path) == made.save(result, tmp_path, overwrite=True)
    assert len(names(tmp_path)) == 1


def test_a_file_that_is_there_already_is_never_replaced_unasked(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either()
    result = made.result()
    stem = f"{result.ref.id}_0"
    (tmp_path / f"{stem}.png").write_bytes(b"mine")
    saved = made.save(result, tmp_path) + made.save(result, tmp_path)
    assert [path.name for path in saved] == [f"{stem}-2.png", f"{stem}-3.png"]
    assert (tmp_path / f"{stem}.png").read_bytes() == b"mine"
    url = result.urls[0]
    again = [made.download(url, tmp_path, name="cat", overwrite=overwrite) for overwrite in (False, False, True)]
    assert [path.name for path in again] == ["cat.png", "cat-2.png", "cat.png"]
    (tmp_path / "dog.png").write_bytes(b"mine")
    assert made.do(lambda client: client.download([url], tmp_path, name="dog")) == [tmp_path / "dog-2.png"]
    assert made.do(lambda client: client.download([url], tmp_path, name="dog", overwrite=True)) == [
        tmp_path / "dog.png"
    ]
    assert (tmp_path / "dog.png").read_bytes() != b"mine"


@pytest.mark.parametrize("planted", ["a folder", "a link to nowhere", "a link to itself"])
def test_whatever_has_the_name_of_a_file_is_left_alone(
    planted: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made, standing = either(), tmp_path / "cat.png"
    if planted == "a folder":
        standing.mkdir()
    else:
        standing.symlink_to("elsewhere.png" if planted == "a link to nowhere" else "cat.png")
    assert made.download(made.url(), tmp_path, name="cat").name == "cat-2.png"
    assert names(tmp_path) == ["cat-2.png", "cat.png"]
    assert standing.is_dir() or standing.is_symlink()


def test_downloads_of_one_name_from_many_threads_leave_a_file_each(tmp_path: Path) -> None:
    client, _, _ = virtual_kie()
    url = client.run(REQUEST).urls[0]
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: client.download(url, tmp_path, name="cat"), range(16)))
    assert len(set(paths)) == 16
    assert sorted(path.name for path in paths) == names(tmp_path)


# what is not the file


UNFIT = {
    "a web page": ("<!DOCTYPE html><html>Please sign in</html>", "text/html", "a web page or XML"),
    "a web page that is called a picture": ("\n <html>Sign in</html>", "image/png", "a web page or XML"),
    "an error in XML": (
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        "binary/octet-stream",
        "a web page or XML",
    ),
    "an error in JSON": ('{"code": 404, "msg": "the file has expired"}', "application/json", "text"),
    "an error in JSON that is called a picture": ('{"code": 404}', "image/png", "text"),
    "an error in words": ("error code: 1015", "text/plain", "text"),
    "nothing": ("", "image/png", "an empty file"),
    "half a picture": (PICTURE[:-1], "image/gif", "cut off"),
    "something else": ("no known format", "binary/octet-stream", "is not"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_what_no_model_makes_is_a_failed_download_after_a_retry(
    what: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    body, content_type, why = UNFIT[what]
    made = either(on(do="http", status=200, body=body, headers={"content-type": content_type}))
    result = made.result()
    with pytest.raises(DownloadFailed, match=why) as caught:
        made.save(result, tmp_path)
    assert caught.value.status == 200
    assert "4 attempts" in str(caught.value)
    with pytest.raises(DownloadFailed, match=why.replace("an image", "the file")):
        made.download("https://cdn.example/results/a.mp4", tmp_path)
    assert len(made.asked("result")) == 8
    assert names(tmp_path) == []


def test_an_error_page_that_gives_way_to_the_file_is_forgotten(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    made = either(on(do="http", status=200, body="<html>busy</html>", times=2))
    [path] = made.save(made.result(), tmp_path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert len(made.asked("result")) == 3


def test_a_text_is_downloaded_where_the_url_names_one(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    made = either(on(do="http", status=200, body='{"words": []}', headers={"content-type": "application/json"}))
    assert made.download("https://cdn.example/results/words.json", tmp_path).name == "words.json"
    with pytest.raises(DownloadFailed, match="text"):
        made.download("https://cdn.example/results/words.py", tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../up", "up.png"),
        ("/etc/passwd", "passwd.png"),
        ("a\\b", "b.png"),
        ("..", "download.png"),
        ("a/", "download.png"),
        ("my cat", "my cat.png"),
        ("cat.png", "cat.png"),
        ("cat.PNG", "cat.png"),
        ("CON", "_CON.png"),
        ("lpt1.old", "_lpt1.old.png"),
        ("cat. . ", "cat.png"),
        ("a\0b\ud800c", "a_b_c.png"),
        ('<cat>:"|?*', "_cat______.png"),
        ("é" * 300, "é" * 110 + ".png"),
    ],
)
def test_a_name_that_is_given_fits_every_file_system_and_stays_in_its_folder(
    name: str, expected: str, tmp_path: Path
) -> None:
    client, _, _ = virtual_kie()
    path = client.download(client.run(REQUEST).urls[0], tmp_path / "out", name=name)
    assert path == tmp_path / "out" / expected
    assert names(tmp_path) == ["out"] and names(tmp_path / "out") == [expected]


@pytest.mark.parametrize("directory", ["a\0b", "x" * 300, "file/below"])
def test_a_folder_that_cannot_be_made_is_a_failed_download(
    directory: str, either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    made = either()
    with pytest.raises(DownloadFailed, match="cannot write into"):
        made.save(made.result(), tmp_path / directory)


def contents(paths: list[Path]) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


def test_results_saved_side_by_side_from_threads_do_not_clobber_each_other(tmp_path: Path) -> None:
    client, service, _ = virtual_kie(faults=[on(every=3, do="truncate", bytes=100)])
    results = [client.run(NanoBananaPro(prompt=f"number {number}")) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        saved = [path for paths in pool.map(lambda result: result.save(tmp_path), results) for path in paths]
    assert names(tmp_path) == sorted(f"{result.ref.id}_0.png" for result in results)
    for name, content in contents(saved).items():
        stored = service.files.result(name)
        assert stored is not None and stored.body == content


def test_results_saved_side_by_side_on_one_event_loop_do_not_clobber_each_other(tmp_path: Path) -> None:
    client, service, _ = virtual_async_kie(faults=[on(every=3, do="truncate", bytes=100)])

    async def main() -> list[Path]:
        results = await asyncio.gather(*(client.run(NanoBananaPro(prompt=f"number {n}")) for n in range(6)))

        async def save(result: Any) -> list[Path]:
            return list(await result.save(tmp_path))

        return [path for paths in await asyncio.gather(*map(save, results)) for path in paths]

    saved = asyncio.run(main())
    assert len(names(tmp_path)) == len(saved) == 6
    for name, content in contents(saved).items():
        stored = service.files.result(name)
        assert stored is not None and stored.body == content


def test_both_clients_fetch_in_the_same_way(tmp_path: Path) -> None:
    traces: list[list[Exchange]] = []
    for asynchronous in (False, True):
        faults = [on(nth=1, **TRANSIENT["half a file"]), on(nth=2, do="gone"), redirected("/results/x.png", nth=4)]
        made = EitherClient(asynchronous, faults=faults)
        url = made.url()
        made.download(url, tmp_path)
        traces.append(trace(made.client))
    assert traces[0] == traces[1]
