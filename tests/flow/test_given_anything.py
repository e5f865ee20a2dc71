"""What a caller without types may pass the facade is refused in one sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from installflow import DeclarationError, InstallFlow, NotFound
from tests.flow.acts import opened_order


@pytest.mark.parametrize("clock", [lambda: 5, lambda: None, lambda: dt.datetime(2027, 3, 2), 5, dt.date.today])
def test_a_clock_that_tells_no_time_is_refused(clock: Any):
    with pytest.raises(DeclarationError, match=r"answer datetime\.now"):
        InstallFlow(clock=clock)


@pytest.mark.parametrize("view", [5, 0, "", "zzz", b"planning", [], ("planning",)])
def test_a_view_of_no_name_is_not_rebuilt(flow: InstallFlow, view: Any):
    opened_order(flow)
    for call in (flow.rebuild, flow.retry):
        with pytest.raises(NotFound, match="il n'y a pas de vue"):
            call(view)
