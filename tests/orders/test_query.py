"""What a board may be asked for, as programs, people and web pages write it."""

from __future__ import annotations

from typing import Any

import pytest

from installflow import Invalid
from installflow.orders import BoardQuery


@pytest.mark.parametrize(
    ("given", "every"),
    [(True, True), ("true", True), ("True", True), ("1", True), (1, True), ("oui", True),
     (False, False), ("false", False), ("0", False), (0, False), ("non", False), ("NON", False)],
)  # fmt: skip
def test_all_may_be_asked_for_as_a_web_page_does(given: Any, every: bool):
    assert BoardQuery(all=given).all is every


@pytest.mark.parametrize("given", ["", "peut-être", "2", 2, None, []])
def test_all_is_a_yes_or_a_no(given: Any):
    with pytest.raises(Invalid, match="all se répond par oui ou non"):
        BoardQuery(all=given)
