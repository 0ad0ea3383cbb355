"""Where URLs lead, judged as the HTTP library will use them."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2
import pytest

from kie import ConfigError
from kie._core.addresses import is_private_peer
from kie._core.errors import DownloadFailed
from kie._flow.options import Options
from kie._tasks.download import guard

INSIDE = """
    127.0.0.1 127.0.0.1. 127.1 0 0.0.0.0 0x7f000001 0x7f.1 017700000001 0177.0.0.01 2130706433 10.0.0.1 172.16.0.1
    192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 198.18.0.1 224.0.0.1 255.255.255.255 [::1] [::] [fc00::1]
    [fe80::1] [ff02::1] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1]
    [64:ff9b::10.0.0.1] [64:ff9b:1::7f00:1] [64:ff9b:1::808:808] [2002:7f00:1::] [2002:a00:1::] [2001:0:7f00:1::]
    localhost LOCALHOST localhost. a.localhost foo.local metadata metadata.google.internal router.lan
    localhost.localdomain kubernetes.default.svc nas.home.arpa
""".split()
ODD = """
    127。0。0。1 １２７.0.0.1 ①②⑦.0.0.1 ⓛocalhost ١٢٧.0.0.1 127.0.0.%31 127.0.0.1%2eevil.example.com
    evil.example.com\\@127.0.0.1 127.0.0.1\\@evil.example.com a:b@evil.example.com @evil.example.com
    evil.example.com;x [fe80::1%25eth0] [::1]evil.example.com evil.example.com:99999 evil.example.com:x a..b -:- .
""".split()
PUBLIC = (
    "tempfile.aiquickdraw.com 1.1.1.1 [2606:4700::1111] [64:ff9b::808:808] [2002:808:808::] xn--bcher-kva.example.com"
)


@pytest.mark.parametrize("host", INSIDE + ODD)
def test_a_result_is_not_fetched_from_where_only_we_could_reach(host: str) -> None:
    for url in (f"https://{host}/a.png", f"HTTPS://{host}:443/a.png", f"https://{host}?a"):
        with pytest.raises(DownloadFailed):
            guard(Options(), url)


@pytest.mark.parametrize(
    "url",
    ["https://a.example.com\t/x", "\nhttps://a.example.com", "https:/a.example.com", "//a.b/c", "https://a.b/\ud800"],
)
def test_a_url_that_libraries_read_differently_is_not_fetched(url: str) -> None:
    with pytest.raises(DownloadFailed):
        guard(Options(), url)


@pytest.mark.parametrize("host", PUBLIC.split())
def test_public_hosts_are_fetched_from(host: str) -> None:
    guard(Options(), f"https://{host}/a.png?x=y")


def test_a_client_of_this_machine_fetches_from_this_machine_and_from_no_other_private_one() -> None:
    options = Options(base_url="http://127.0.0.1:1")
    guard(options, "http://127.0.0.1:2/a.png")
    guard(options, "http://localhost:2/a.png")
    for url in (
        "http://10.0.0.1/a.png",
        "http://example.com/a.png",
        "https://169.254.169.254/latest",
        "ftp://localhost/x",
    ):
        with pytest.raises(DownloadFailed):
            guard(options, url)


@pytest.mark.parametrize("host", ODD)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_base_url_has_one_meaning(host: str, scheme: str) -> None:
    with pytest.raises(ConfigError):
        Options(base_url=f"{scheme}://{host}")


@pytest.mark.parametrize(
    "host", [host for host in INSIDE if not host.startswith(("127.0.0.1", "[::1]", "localhost", "LOCALHOST"))]
)
def test_plain_http_is_for_this_machine_in_its_usual_notation_only(host: str) -> None:
    with pytest.raises(ConfigError):
        Options(base_url=f"http://{host}")


@pytest.mark.parametrize("tail", ["?q", "#f", "/x?y"])
def test_a_base_url_ends_with_its_path(tail: str) -> None:
    with pytest.raises(ConfigError, match="query"):
        Options(base_url=f"https://example.com{tail}")


@pytest.mark.parametrize("host", [*PUBLIC.split(), "127.0.0.1", "localhost", "[::1]"])
def test_what_passes_is_read_alike_by_the_library(host: str) -> None:
    url = f"https://{host}/x"
    Options(base_url=url)
    assert httpx2.URL(url).raw_host.decode() == urlsplit(url).hostname


@pytest.mark.parametrize(
    ("peer", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("fe80::1%eth0", True),
        ("::ffff:192.168.0.1", True),
        ("64:ff9b::a00:1", True),
        ("not an address", True),
        ("93.184.216.34", False),
        ("64:ff9b::5db8:d822", False),
        ("198.18.0.7", False),
    ],
)
def test_where_a_name_has_led_is_judged_and_proxies_that_answer_for_all_names_are_no_private_network(
    peer: str, private: bool
) -> None:
    assert is_private_peer(peer) is private
