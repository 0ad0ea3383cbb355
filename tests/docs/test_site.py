"""The documentation site: every page can be found, and what it says of models and names is true."""

from __future__ import annotations

from tests.docs.assembled import navigation, texts


def test_every_page_is_in_the_navigation_once_and_exists() -> None:
    listed = navigation()
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(texts())
    reached_by_an_index = {name for name in texts() if name.startswith("models/")}
    assert set(texts()) - set(listed) <= reached_by_an_index
