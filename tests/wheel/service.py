"""The least that a client needs to believe it talks to Kie. Uses the standard library only."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
            self.reply(b"\x89PNG")
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
