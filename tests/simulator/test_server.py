"""The simulated service on a real socket."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
import time
from pathlib import Path
from subprocess import run

import httpx2
import pytest
from PIL import Image

from kie import ConfigError, RetryPolicy, SubmitUnknown, TransportFailed, no_retry, simulated
from kie._io.process import PROCESS
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService, serve
from kie.simulator.__main__ import main
from tests.processes import LONGEST, joined

CITY = NanoBananaPro(prompt="A futuristic city", aspect_ratio="16:9")
FAST = 100.0


def test_a_client_runs_and_saves(tmp_path: Path) -> None:
    with simulated(speed=FAST) as service:
        [path] = service.client().run(CITY).save(tmp_path)
    with Image.open(path) as image:
        assert image.size == (910, 512)
    assert service.state.leaked_keys == []
    assert service.state.credits == 1000 - 18


def test_an_async_client_runs_and_saves(tmp_path: Path) -> None:
    async def go() -> list[Path]:
        async with simulated(speed=FAST) as service:
            result = await service.async_client().run(CITY)
            return [*await result.save(tmp_path)]

    [path] = asyncio.run(go())
    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_async_client_works_within_a_plain_with_too() -> None:
    async def go() -> object:
        with simulated(speed=FAST) as service:
            async with service.async_client() as client:
                return await client.credits()

    assert asyncio.run(go()) == 1000


def test_a_local_file_is_uploaded_and_used(tmp_path: Path) -> None:
    file = tmp_path / "in.png"
    Image.new("RGB", (8, 8)).save(file)
    with simulated(speed=FAST) as service:
        service.client().run(NanoBananaPro(prompt="x", image_input=[file]))
        sent = service.state.accepted[0].input["image_input"]
        assert isinstance(sent, list)
        assert str(sent[0]).startswith(service.base_url + "/uploads/")
        assert httpx2.get(str(sent[0])).content == file.read_bytes()


@pytest.mark.parametrize(("kind", "created"), [("refuse", 0), ("drop_before", 0), ("drop_after", 1)])
def test_connections_really_break(kind: str, created: int) -> None:
    with simulated(faults=[{"on": "createTask", "do": kind}]) as service:
        with pytest.raises(SubmitUnknown):
            service.client().submit(CITY)
        assert len(service.state.accepted) == created


def test_a_truncated_body_is_shorter_than_its_length_says() -> None:
    with simulated(faults=[{"on": "getCredits", "do": "truncate", "bytes": 3, "nth": 1}]) as service:
        host, _, port = service.base_url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as peer:
            peer.sendall(
                b"GET /api/v1/chat/credit HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\nauthorization: Bearer k\r\n\r\n"
            )
            answer = b""
            while chunk := peer.recv(4096):
                answer += chunk
        head, _, body = answer.partition(b"\r\n\r\n")
        assert body == b'{"c'
        assert int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) > 3


def test_a_truncated_answer_and_file_are_fetched_again(tmp_path: Path) -> None:
    faults = [
        {"on": "getCredits", "do": "truncate", "bytes": 3, "nth": 1},
        {"on": "result", "do": "truncate", "bytes": 10, "nth": 1},
    ]
    with simulated(speed=FAST, faults=faults) as service:
        client = service.client(retry=RetryPolicy(base=0.01))
        assert client.credits() == 1000
        [path] = client.run(CITY).save(tmp_path)
        assert path.stat().st_size > 10
    assert [name for name, outcome in service.state.log if outcome == "truncate"] == ["getCredits", "result"]


def test_a_slow_answer_runs_into_the_timeout_and_does_not_hold_up_the_end() -> None:
    started = time.monotonic()
    with simulated(faults=[{"on": "getCredits", "do": "slow", "seconds": 600}]) as service:
        client = service.client(request_timeout=0.05, retry=no_retry())
        with pytest.raises(TransportFailed, match=r"(?i)time"):
            client.credits()
    assert time.monotonic() - started < LONGEST


def test_nothing_is_logged_by_broken_and_cancelled_connections(caplog: pytest.LogCaptureFixture) -> None:
    slow = {"on": "getCredits", "do": "slow", "seconds": 60, "nth": 1}
    with simulated(faults=[slow, {"on": "*", "do": "drop_after"}]) as service:
        client = service.client(request_timeout=0.05, retry=no_retry())
        for _ in range(2):
            with pytest.raises(TransportFailed):
                client.credits()
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


@pytest.mark.parametrize("level", [logging.NOTSET, 1, logging.DEBUG])
def test_a_program_that_logs_everything_is_served(caplog: pytest.LogCaptureFixture, level: int) -> None:
    with caplog.at_level(level), simulated(speed=1000) as service, service.client() as client:
        assert client.credits() == 1000


def test_clients_of_one_service_keep_its_limits_together() -> None:
    with simulated(speed=FAST) as service:
        first, second = service.client(), service.client()
        assert first._driver.session.process is second._driver.session.process
        assert first._driver.session.process is not PROCESS


def test_a_large_file_is_uploaded_whole() -> None:
    content = bytes(range(256)) * 40_000
    with simulated() as service:
        sent = service.client().upload(content, name="big.bin")
        assert service.state.uploads[str(sent.path)].body == content


def test_many_clients_are_served_at_once() -> None:
    with simulated(speed=FAST, limits=False) as service:
        clients = [service.client() for _ in range(8)]
        threads = [threading.Thread(target=client.run, args=(CITY,)) for client in clients]
        for thread in threads:
            thread.start()
        joined(*threads)
        assert len({task.task_id for task in service.state.accepted}) == 8


def test_a_query_and_a_head_request_arrive() -> None:
    with simulated(speed=FAST) as service, httpx2.Client(headers={"User-Agent": "x"}) as http:
        url = service.client().run(CITY).urls[0]
        head = http.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == len(http.get(url).content)
        headers = {"Authorization": "Bearer k"}
        answer = http.get(f"{service.base_url}/api/v1/jobs/recordInfo?taskId=a%20b", headers=headers)
        assert answer.json()["msg"] == "recordInfo is null"


def test_a_port_that_is_taken_is_reported() -> None:
    with simulated() as service:
        port = int(service.base_url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=str(port)), simulated(port=port):
            pass


def test_keys_of_the_service_are_used_by_its_clients() -> None:
    with simulated(keys={"only-this"}) as service:
        assert service.client().credits() == 1000


def test_serving_says_how_to_point_a_client_at_it() -> None:
    said: list[str] = []
    seen: list[object] = []

    def ask() -> None:
        url = said[1].partition("KIE_BASE_URL=")[2]
        seen.append(httpx2.get(url + "/client/v1/model-pricing/count", headers={"User-Agent": "x"}).json()["code"])
        raise KeyboardInterrupt

    serve(simulated(speed=5), say=said.append, wait=ask)
    assert seen == [200]
    assert [line.split("=")[0].split()[-1] for line in said[1:4]] == ["KIE_BASE_URL", "KIE_UPLOAD_URL", "KIE_API_KEY"]


@pytest.mark.parametrize("flags", [["--no-limits"], []])
def test_the_command_does_without_limits_if_told_to(flags: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[SimulatedService] = []
    monkeypatch.setattr("kie.simulator.__main__.serve", served.append)
    assert main(["--speed", "50", *flags]) == 0
    assert (served[0].state.limits, served[0].state.speed) == (not flags, 50)


def test_the_command_refuses_a_bad_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "faults.json"
    file.write_text("[5]")
    assert main(["--faults", str(file)]) == 2
    assert "rule 1" in capsys.readouterr().err
    assert main(["--credits", "lots"]) == 2


def test_importing_the_simulator_loads_no_server_and_no_media_library() -> None:
    heavy = "{'uvicorn', 'httpx', 'httpx2', 'PIL', 'av', 'python_multipart', 'jsonschema_rs', 'asyncio'}"
    code = f"import kie.simulator, sys; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_hundreds_of_connections_that_come_at_once_are_all_answered() -> None:
    ask = b"GET /api/v1/chat/credit HTTP/1.1\r\nHost: kie\r\nAuthorization: Bearer k\r\nUser-Agent: test\r\n\r\n"
    with simulated(speed=FAST, limits=False) as service:
        server = service._server
        assert server is not None and server._loop is not None
        busy = threading.Event()
        server._loop.call_soon_threadsafe(busy.wait, 30)  # nothing is accepted meanwhile
        connections = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(300)]
        for connection in connections:
            connection.sendall(ask)
        busy.set()
        answers = [connection.recv(12) for connection in connections]
        for connection in connections:
            connection.close()

    assert set(answers) == {b"HTTP/1.1 200"}
