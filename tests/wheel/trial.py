"""What an installed wheel has to be able to do with no extra installed. Uses the standard library and kie only."""

import json
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import kie
from kie import Kie, RequestInvalid, catalog
from kie.models import NanoBananaPro

assert "site-packages" in kie.__file__, kie.__file__
assert kie.__version__


class Service(BaseHTTPRequestHandler):
    """The least that a client needs to believe it talks to Kie."""

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
        url = f"http://127.0.0.1:{self.server.server_port}/result.png"
        done = {"state": "success", "resultJson": json.dumps({"resultUrls": [url]})}
        self.reply({"taskId": "abc", **(done if Service.polls > 1 else {"state": "waiting", "resultJson": ""})})

    def log_message(self, *_: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
quick = kie.PollPolicy(speed=100)
with tempfile.TemporaryDirectory() as folder, Kie("trial", base_url=base, upload_url=base, poll=quick) as client:
    result = client.run(NanoBananaPro(prompt="A lighthouse"))
    (path,) = result.save(folder)
    assert path.name == "abc_0.png" and path.read_bytes() == b"\x89PNG"
server.shutdown()
server.server_close()

try:
    NanoBananaPro(prompt="", resolution="8K")
except RequestInvalid as error:
    assert {issue.path for issue in error.issues} == {"prompt", "resolution"}
else:
    raise AssertionError("an invalid request was accepted")

for model in catalog.models(status="all"):
    assert model.request_class.info.name == model.id and model.fields

script = subprocess.run([sys.executable, "-m", "kie", "models"], capture_output=True, text=True)
assert script.returncode == 2 and "kie[cli]" in script.stderr, script
