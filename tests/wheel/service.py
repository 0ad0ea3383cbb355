"""The least that a client needs to believe it talks to Kie. Uses the standard library only."""

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes((width + 1) * height))) + chunk(b"IEND", b"")
    )


class Service(BaseHTTPRequestHandler):
    """One task of `nano-banana-pro`, which is done at the second poll."""

    polls = 0

    def reply(self, data: object) -> None:
        body = data if isinstance(data, bytes) else json.dumps({"code": 200, "msg": "success", "data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Authorization"] == "Bearer trial" and sent["model"] == "nano-banana-pro"
        self.reply({"taskId": "abc"})

    def do_GET(self) -> None:
        if self.path.startswith("/result"):
            assert "Authorization" not in self.headers
            self.reply(png(8, 8))
            return
        Service.polls += 1
        url = f"http://{self.headers['Host']}/result.png"
        done = {"state": "success", "resultJson": json.dumps({"resultUrls": [url]})}
        self.reply({"taskId": "abc", **(done if Service.polls > 1 else {"state": "waiting", "resultJson": ""})})

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The base URL of the service."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
