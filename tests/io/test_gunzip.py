"""What a Content-Encoding header says."""

from __future__ import annotations

import pytest

from kie._io.gunzip import coding_of


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        (" X-GZip ", "gzip"),
        ("aws-chunked", ""),
        ("aws-chunked,gzip", "gzip"),
        ("utf-8", ""),
        ("binary", ""),
        ("none,", ""),
        ("br", "br"),
        ("identity, zstd", "zstd"),
        ("gzip, gzip", "gzip, gzip"),
        ("gzip, br", "gzip, br"),
        ("pack200-gzip", "pack200-gzip"),
        ("deflate", "deflate"),
    ],
)
def test_only_codings_of_http_are_taken_for_one(header: str, coding: str) -> None:
    assert coding_of(header) == coding
