"""The key is in no frame, text, pickle or report of anything that goes wrong."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import json
import logging
import pickle
import re
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import httpx2
import pytest

from kie import AsyncKie, Kie, KieError, TransportFailed, no_retry
from kie._core.call import HttpResponse
from kie._io.secrets import AuthorizedHeaders, Secret
from kie.models import NanoBananaPro
from tests.processes import joined

HALVES = ("sk-4f1d-NEVER", "-SHOWN-9a")  # so that the whole text is in no frame of these tests
REQUEST = NanoBananaPro(prompt="A lighthouse")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50

Answer = Callable[[], bytes]


def key() -> str:
    return "".join(HALVES)


def dropped() -> bytes:
    return b""


def status_line() -> bytes:
    return f"HTTP/1.1 {key()} OK\r\n\r\n".encode()


def header_line() -> bytes:
    return f"HTTP/1.1 200 OK\r\n{key()} is no header\r\n\r\n".encode()


def page() -> bytes:
    return answer(f"<html>{key()}</html>", "502 Bad Gateway")


def headers() -> bytes:
    return answer("{}", f"500 Internal Server Error\r\nx-request-id: {key()}")


def envelope() -> bytes:
    return answer(f'{{"code": 500, "msg": "no key {key()}"}}')


def escaped() -> bytes:
    return answer('{"code": 500, "msg": "' + "".join(f"\\u{ord(c):04x}" for c in key()) + '"}')


def answer(body: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body.encode())}\r\n\r\n{body}".encode()


def cut_off() -> bytes:
    return answer(key()).replace(b"length: ", b"length: 9")


def in_other_letters() -> bytes:
    return f"HTTP/1.1 {key().upper()} OK\r\n\r\n".encode()


def repeated_and_cut_off() -> bytes:
    return cut_off().replace(b"OK", key().encode())


def encoded() -> bytes:
    return answer("{}", f"{base64.b64encode(key().encode()).decode()} OK")


def encoding() -> bytes:
    return answer("{}", f"200 OK\r\ncontent-encoding: br, {key()}")


def other_charset() -> bytes:
    return answer("x" * 100).replace(b"x" * 100, f"no {key()}!".encode("utf-16").ljust(100))


def other_charset_and_cut_off() -> bytes:
    return other_charset().replace(b"length: ", b"length: 9")


ANSWERS = [
    encoding,
    other_charset,
    other_charset_and_cut_off,
    dropped,
    status_line,
    header_line,
    page,
    headers,
    envelope,
    escaped,
    cut_off,
    repeated_and_cut_off,
    in_other_letters,
    encoded,
]


@contextlib.contextmanager
def serving(make: Answer) -> Iterator[str]:
    """A server that reads a request and gives an answer, whatever was asked."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(10)
                    connection.recv(65536)
                    connection.sendall(make())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        joined(thread)


def settings(url: str) -> Any:
    return {"base_url": url, "upload_url": url, "retry": no_retry(), "breaker": None}


def done(client: Any, work: str) -> Any:
    if work == "submit":
        return client.submit(REQUEST)
    return client.upload(PNG) if work == "upload" else client.credits()


def sync_failure(url: str, work: str) -> KieError:
    with Kie(key(), **settings(url)) as client, pytest.raises(KieError) as caught:
        done(client, work)
    return caught.value


def async_failure(url: str, work: str) -> KieError:
    async def main() -> KieError:
        async with AsyncKie(key(), **settings(url)) as client:
            try:
                await done(client, work)
            except KieError as error:
                return error
        raise AssertionError("it worked")

    return asyncio.run(main())


def shown(error: BaseException) -> str:
    """All that a crash report with local variables holds, and what those hold in turn."""
    text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    found: list[Any] = [error]
    for cause in found:
        found += [other for other in (cause.__cause__, cause.__context__) if other is not None and other not in found]
    frames = [frame for cause in found for frame, _ in traceback.walk_tb(cause.__traceback__)]
    variables = [value for frame in frames for value in frame.f_locals.values()]
    return text + "".join(repr(getattr(value, "__dict__", "")) for value in variables)


@pytest.mark.parametrize("work", ["submit", "credits", "upload"])
@pytest.mark.parametrize("make", ANSWERS)
@pytest.mark.parametrize("failure", [sync_failure, async_failure])
def test_no_error_shows_the_key_in_its_text_its_frames_or_its_pickle(
    make: Answer, failure: Callable[[str, str], KieError], work: str
) -> None:
    with serving(make) as url:
        error = failure(url, work)
    for text in (shown(error), str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))):
        assert key() not in text
        assert HALVES[0].lower() not in text.lower()
        assert base64.b64encode(key().encode()).decode()[4:-4] not in text
        assert "\\u0073\\u006b" not in text
    assert "kie" in shown(error)


def test_the_frames_of_our_own_code_and_of_the_user_stay() -> None:
    with serving(dropped) as url:
        error = sync_failure(url, "credits")
    assert isinstance(error, TransportFailed)
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names[0] == "sync_failure" and "exchange" in names


def test_ctrl_c_during_an_exchange_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    with serving(dropped) as url, Kie(key(), **settings(url)) as client:
        monkeypatch.setattr("httpcore2._backends.sync.SyncStream.read", interrupted)
        with pytest.raises(KeyboardInterrupt) as caught:
            client.submit(REQUEST)
    text = shown(caught.value)
    assert HALVES[0] not in text


WRITERS = """
def interrupted(stream, buffer, timeout=None):
    raise error

async def interrupted_async(stream, buffer, timeout=None):
    raise error
"""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("broken pipe")], ids=["Ctrl-C", "an error"])
@pytest.mark.parametrize("failure", [sync_failure, async_failure])
def test_what_ends_the_sending_of_a_request_shows_no_key(
    failure: Callable[[str, str], KieError], error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    library: dict[str, Any] = {"__name__": "httpcore2._backends", "error": error}
    exec(WRITERS, library)
    monkeypatch.setattr("httpcore2._backends.sync.SyncStream.write", library["interrupted"])
    monkeypatch.setattr("httpcore2._backends.anyio.AnyIOStream.write", library["interrupted_async"])
    with serving(dropped) as url:
        try:
            found: BaseException = failure(url, "submit")
        except KeyboardInterrupt as interrupt:
            found = interrupt
    text = shown(found)
    assert HALVES[0] not in text
    assert "in send\n" in text, "the frames of our own code stay"


def test_a_client_that_cannot_be_made_shows_no_key() -> None:
    def make() -> BaseException:
        try:
            Kie(key(), base_url="http://example.com")
        except KieError as error:
            return error
        raise AssertionError("it was made")

    text = shown(make())
    assert HALVES[0] not in text
    assert "must be https" in text


@pytest.mark.parametrize(
    "written",
    [
        str,
        lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
        lambda text: text.replace("-", "\\u002d"),
        lambda text: text.replace("-", "%2D"),
        lambda text: "".join(f"%{ord(c):02x}" for c in text),
        lambda text: "".join(f"&#{ord(c)};" for c in text),
        lambda text: "".join(f"&#x{ord(c):X};" for c in text),
        lambda text: "".join(f"\\x{ord(c):02x}" for c in text),
        html.escape,
        quote,
    ],
)
def test_the_key_is_found_however_it_is_written(written: Callable[[str], str]) -> None:
    secret = Secret(key())
    assert secret.scrub(f"so {written(key())} there") == "so <key> there"
    body = f"so {written(key())} there".encode()
    assert secret.scrub_answer(HttpResponse(status=200, headers={}, body=body)).body == b"so <key> there"


@pytest.mark.parametrize(
    "key", ["%41%42%43%44-%45%46%47", "a&#65;b&#66;c&#67;d&#68;", "\\\\//" * 4 + "ab" + "\\\\//" * 4]
)
@pytest.mark.parametrize(
    "written", [str, lambda part: json.dumps(part)[1:-1], lambda part: quote(part, safe=""), html.escape]
)
def test_a_key_that_reads_like_escapes_is_found_whole_and_in_halves(key: str, written: Callable[[str], str]) -> None:
    secret, half = Secret(key), max(12, len(key) // 2)
    for part in (key, key[:half], key[-half:]):
        assert secret.scrub(f"it says {written(part)} here") == "it says <key> here", part
    plain = f"it says {key[:6]} and {key[-6:]} here"
    assert secret.scrub(plain) == plain


@pytest.mark.parametrize(
    "written",
    [
        str.upper,
        str.lower,
        str.swapcase,
        " ".join,
        lambda text: f"{text[:9]}\n\t{text[9:]}",
        lambda text: json.dumps(f"{text[:9]}\n{text[9:]}")[1:-1],
        "\u200b".join,
        lambda text: f"{text[:9]}\u00ad{text[9:]}",
        lambda text: "".join(chr(ord(c) + 0xFEE0) for c in text),
        "\0".join,
        lambda text: "".join(f"\\\\u{ord(c):04x}" for c in text),
        lambda text: "".join(f"\\u{{{ord(c):x}}}" for c in text),
        lambda text: "".join(f"\\{ord(c):03o}" for c in text),
        lambda text: "".join(f"%25{ord(c):02x}" for c in text),
        lambda text: "".join(f"%u{ord(c):04x}" for c in text),
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: text[:-4],
        lambda text: text[4:],
        lambda text: repr(f"\\{text}".encode())[2:-1],
    ],
)
def test_the_key_is_found_in_other_letters_in_pieces_and_in_part(written: Callable[[str], str]) -> None:
    shown = Secret(key()).scrub(f"so: {written(key())} ?!")
    assert re.fullmatch(r"so: \\*<key> \?!", shown)


@pytest.mark.parametrize("around", ["", "a", "ab", "abc", "Bearer "])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_key_is_found_in_base64_whatever_stands_before_it(around: str, encode: Callable[[bytes], bytes]) -> None:
    """A character of Base64 holds parts of two bytes: what depends on other bytes, too, stays."""
    written = encode(f"{around}{key()}:{around}".encode()).decode()
    left = Secret(key()).scrub(written)
    assert "<key>" in left
    assert len(left) - len("<key>") <= len(written) - len(key()) * 4 // 3 + 2


def apart(text: str, between: str) -> str:
    return between.join(f"{ord(c):02x}" for c in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "backwards": lambda text: text[::-1],
    "hexadecimal with colons": lambda text: apart(text, ":"),
    "hexadecimal with dashes": lambda text: apart(text, "-").upper(),
    "hexadecimal with 0x": lambda text: apart(text, ", 0x"),
    "quoted-printable": lambda text: f"={apart(text, '=')}",
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 in small letters": lambda text: base64.b32encode(text.encode()).decode().lower(),
    "base32hex": lambda text: base64.b32hexencode(text.encode()).decode(),
    "base85": lambda text: base64.b85encode(text.encode()).decode(),
    "Ascii85": lambda text: base64.a85encode(text.encode()).decode(),
    "in lines": lambda text: "\r\n ".join(re.findall(".{1,9}", base64.b32encode(text.encode()).decode())),
}


@pytest.mark.parametrize("around", ["", "a", "ab", "abc", "abcd", "Bearer "])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_the_key_is_found_in_unusual_forms_where_an_error_would_show_them(disguise: str, around: str) -> None:
    secret, hidden = Secret(key()), DISGUISES[disguise](f"{around}{key()}{around}")
    for written in (f"407 no: {hidden} ?!", hidden):
        assert not any(piece in secret.scrub_thoroughly(written) for piece in re.findall(r"\S{12}", hidden))
        error = ValueError(written)
        secret.scrub_error(error)
        assert "<key>" in str(error) and hidden not in str(error)
        refusal = HttpResponse(status=401, headers={}, body=written.encode())
        assert hidden.encode() not in secret.scrub_answer(refusal).body


@pytest.mark.parametrize("body", ['{"code":422,"msg":"no %s !"}', '{"success":false,"msg":"no %s !"}', "no %s"])
def test_a_refusal_is_read_with_care_whatever_its_status(body: str) -> None:
    hidden = key()[::-1]
    refusal = HttpResponse(status=200, headers={}, body=(body % hidden).encode())
    assert Secret(key()).scrub_answer(refusal).body == (body % "<key>").encode()


def test_the_key_is_found_in_an_answer_of_another_charset() -> None:
    answer = HttpResponse(status=200, headers={}, body=f'{{"code":200,"msg":"{key()}"}}'.encode("utf-16"))
    assert Secret(key()).scrub_answer(answer).body == b'{"code":200,"msg":"<key>"}'


def test_what_holds_no_form_of_the_key_stays_as_it_is() -> None:
    secret = Secret(key())
    for text in ("407 Proxy Authentication Required", base64.b32encode(b"another key, of another one").decode(), ""):
        assert secret.scrub_thoroughly(text) is text
    body = b"\xff" + b"no" * 100_000
    refusal = HttpResponse(status=500, headers={}, body=body)
    assert secret.scrub_answer(refusal).body is body


def test_what_hpack_logs_of_the_headers_of_a_request_holds_no_key(caplog: pytest.LogCaptureFixture) -> None:
    with httpx2.Client() as library:
        Kie(key(), http_client=library)
    caplog.set_level(logging.DEBUG)
    for name in ("hpack.hpack", "hpack.table"):
        log = logging.getLogger(name)
        log.debug("Adding %s to the header table", (b"authorization", f"Bearer {key()}".encode()))
        log.debug("Decoded %s, consumed %d", ("Authorization", key()), 5)
        log.debug("Encoded header block to %s", b"anything")
        log.debug("Decoded %d, consumed %d bytes", 5, 1)
    assert [record.getMessage() for record in caplog.records] == ["Decoded 5, consumed 1 bytes"] * 2


@pytest.mark.parametrize("name", ["httpcore2.http11", "httpcore2.proxy", "httpcore.http11", "httpx", "httpx2"])
def test_what_a_library_logs_of_an_echo_holds_no_key(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Where everything is logged, so is what a proxy or a server answers."""
    own = "zq7w-" + "0f9x" * 5  # no part of it is one of a key that a client of another test holds still
    with Kie(own):
        caplog.set_level(logging.DEBUG)
        log = logging.getLogger(name)
        log.debug("answered %r, for %d", (403, b"no " + own.upper().encode()), 5)
        log.debug("answered %d", 200)
    assert [record.getMessage() for record in caplog.records] == ["answered (403, b'no <key>'), for 5", "answered 200"]


@pytest.mark.parametrize(
    "name",
    "aiohttp anyio asyncio curl_cffi h11 h2 httpcore httpcore2 httpx httpx2 requests socket ssl trio urllib3 "
    "kie._io.bodies kie._io.deadline".split(),
)
def test_no_frame_of_a_library_that_sees_requests_stays_in_a_traceback(name: str) -> None:
    module: dict[str, Any] = {"__name__": name if name.startswith("kie.") else f"{name}.inner.connection"}
    exec("def send(head):\n    raise OSError('the connection was lost')", module)
    with pytest.raises(OSError, match="lost") as caught:
        module["send"](b"Bearer the key")
    error = caught.value
    assert "send" in [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    Secret(key()).scrub_error(error)
    assert "send" not in [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def held(error: BaseException | None) -> Iterator[Any]:
    """An error, its causes, and the requests and answers that they hold."""
    while error is not None:
        yield error
        yield from vars(error).values()
        error = error.__cause__ or error.__context__


def raised_by_a_hook(response: Any) -> None:
    response.raise_for_status()


async def raised_by_an_async_hook(response: Any) -> None:
    response.raise_for_status()


@pytest.mark.parametrize("library", [httpx2, httpx])
@pytest.mark.parametrize("hooked", [False, True], ids=["dropped", "refused by a hook"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_no_request_that_an_error_holds_has_the_key(asynchronous: bool, hooked: bool, library: Any) -> None:
    """Causes are pickled by some tools with all that they hold."""

    async def later(url: str) -> None:
        hooks = {"response": [raised_by_an_async_hook]} if hooked else {}
        async with library.AsyncClient(event_hooks=hooks) as client:
            await AsyncKie(key(), http_client=client, **settings(url)).submit(REQUEST)

    def now(url: str) -> None:
        hooks = {"response": [raised_by_a_hook]} if hooked else {}
        with library.Client(event_hooks=hooks) as client:
            Kie(key(), http_client=client, **settings(url)).submit(REQUEST)

    with serving(page if hooked else dropped) as url, pytest.raises(Exception) as caught:  # noqa: PT011 - whatever
        asyncio.run(later(url)) if asynchronous else now(url)
    requests = [value for value in held(caught.value) if isinstance(value, library.Request)]
    assert requests, "there is something to be careful about"
    assert {request.headers["authorization"] for request in requests} == {"<key>"}


def test_a_text_that_shares_less_than_twelve_characters_with_the_key_stays() -> None:
    secret = Secret(key())
    for text in (key()[:11], f"{key()[:11]} {key()[11:]}"[:12], key()[3:14].upper(), "é" * 30, "\\", "%", "%zz", "&#;"):
        assert secret.scrub(text) is text


def test_a_long_text_of_near_misses_is_judged_in_proportion_to_its_length() -> None:
    """What is searched for is found once, not at every character again."""
    text = f"x{key()[:11]}" * 20_000
    assert Secret(key()).scrub(text) is text


def test_an_answer_without_the_key_is_not_touched() -> None:
    body = '{"msg": "ä %2D \\u00e4 sk-4f1d-NEV3R-SHOWN-9a"}'.encode()
    assert Secret(key()).scrub_answer(HttpResponse(status=200, headers={}, body=body)).body is body


def test_a_key_is_redacted_from_twelve_characters_on() -> None:
    assert Secret("simulated11").scrub("a simulated11 service") == "a simulated11 service"
    assert Secret("simulated-12").scrub("a simulated-12 service") == "a <key> service"
    body = b"a simulated11 service"
    assert Secret("simulated11").scrub_answer(HttpResponse(status=200, headers={}, body=body)).body is body


class Keeping(Exception):
    """Keeps what it was made with where no one finds it, and shows it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __str__(self) -> str:
        return self._text


def test_a_cause_that_keeps_the_key_to_itself_is_dropped() -> None:
    error = KieError("it failed")
    error.__cause__, error.__context__ = Keeping(key()), ValueError("before")
    Secret(key()).scrub_error(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_causes_without_the_key_stay_and_a_circle_of_them_ends() -> None:
    error, cause = KieError("it failed"), ValueError("because")
    error.__cause__, cause.__context__ = cause, error
    Secret(key()).scrub_error(error)
    assert error.__cause__ is cause


def test_an_error_that_keeps_the_key_to_itself_keeps_its_cause() -> None:
    error, cause = Keeping(key()), ValueError("because")
    error.__cause__ = cause
    Secret(key()).scrub_error(error)
    assert error.__cause__ is cause


@pytest.mark.parametrize("kind", [str, str.encode, lambda text: bytearray(text.encode())])
def test_the_key_is_taken_out_of_the_arguments_of_an_error_and_of_its_causes(kind: Callable[[str], object]) -> None:
    error = ExceptionGroup("several", [ValueError(kind(f"so {key()} there"), 7)])
    Secret(key()).scrub_error(error)
    text, number = error.exceptions[0].args
    assert text in ("so <key> there", b"so <key> there")
    assert number == 7


def test_only_the_frames_that_hold_requests_are_taken_out_of_a_traceback() -> None:
    def fails() -> None:
        raise ZeroDivisionError

    function: Callable[[], None] = fails
    for module in ("kie._io.deadline", "h11._connection", "h11", "kie._io.transport", "users.own", "h2x"):
        made: dict[str, Any] = {"__name__": module, "inner": function}
        name = module.replace(".", "_")
        exec(f"def {name}():\n    inner()", made)
        function = made[name]
    with pytest.raises(ZeroDivisionError) as caught:
        function()
    Secret(key()).scrub_error(caught.value)
    found = traceback.extract_tb(caught.value.__traceback__)
    names = ["test_only_the_frames_that_hold_requests_are_taken_out_of_a_traceback"]
    assert [frame.name for frame in found] == [*names, "h2x", "users_own", "kie__io_transport", "fails"]
    assert found[1].lineno == 2


@pytest.mark.parametrize(("length", "shown"), [(11, True), (12, False)])
def test_a_key_that_is_hardly_one_is_left_in_texts(length: int, shown: bool) -> None:
    """It would be blotted out wherever a word holds it."""
    plain = "k3" * 5 + "xy"[: length - 10]
    secret = Secret(plain)
    for scrub in (secret.scrub, secret.scrub_thoroughly):
        assert (plain in scrub(f"a {plain} b")) is shown
    assert (plain[::-1] in secret.scrub_thoroughly(f"a {plain[::-1]} b")) is shown


@pytest.mark.parametrize(
    ("status", "body", "thorough"),
    [
        (399, '{"code": 200}', False),
        (200, '{"success":true,"code":"200","msg":"ok"}', False),
        (400, '{"code": 200}', True),
        (200, '{"code": 2001}', True),
        (200, "x", True),
    ],
)
def test_what_an_error_shows_of_an_answer_is_looked_through_thoroughly(
    status: int, body: str, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Secret(key())
    seen: list[str] = []
    monkeypatch.setattr(Secret, "scrub_thoroughly", lambda _, text: seen.append(text) or text)
    secret.scrub_answer(HttpResponse(status=status, headers={}, body=body.encode()))
    assert seen == ([body] if thorough else [])


def test_the_attributes_and_arguments_of_an_error_lose_the_key_however_they_are_nested() -> None:
    inner = ValueError(key())
    error = RuntimeError(inner, key())
    error.args = (*error.args, error)
    error.said, error.count = key(), 3  # type: ignore[attr-defined]
    Secret(key()).scrub_error(error)
    assert key() not in f"{inner.args} {error.args[1]} {vars(error)}"
    assert vars(error)["count"] == 3


def test_an_error_without_usual_attributes_is_scrubbed_all_the_same() -> None:
    class Odd(Exception):
        __dict__ = None  # type: ignore[assignment]

    error = Odd(key())
    Secret(key()).scrub_error(error)
    assert key() not in str(error)


def test_authorized_headers_are_a_mapping_with_the_key() -> None:
    headers = AuthorizedHeaders({"Accept": "*/*"}, Secret(key()))
    assert len(headers) == 2 and dict(headers) == {"Accept": "*/*", "Authorization": f"Bearer {key()}"}
    with pytest.raises(KeyError):
        headers["Host"]
