"""What goes wrong with an open store is said in our own words, by every method, on each store."""

from __future__ import annotations

import os

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store, open_store
from tests.store.calls import ALL, code_of
from tests.store.sample import event


def test_every_method_of_the_face_is_tried_here():
    tried = {name.split()[0] for name in ALL}
    assert tried == Store.__abstractmethods__ - {"close"}


@pytest.mark.parametrize("name", ALL)
def test_a_method_that_works_says_nothing(store: Store, name: str):
    ALL[name](store)


@pytest.mark.parametrize("name", ALL)
def test_a_closed_store_says_so(store: Store, name: str):
    store.close()
    store.close()
    assert code_of(ALL[name], store) == "store_closed"


@pytest.mark.parametrize("name", ALL)
def test_a_store_used_after_a_fork_says_so(store: Store, name: str, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: -1)
        assert code_of(ALL[name], store) == "store_forked"
    ALL[name](store)


def test_a_child_leaves_the_connections_of_its_parent_alone(opener, store_url: str | None):
    if store_url is None:
        pytest.skip("a child has no part in its parent's memory")
    store = opener(store_url)
    store.append([event()])
    child = os.fork()
    if not child:
        said = ""
        try:
            store.position()
        except StoreUnavailable as error:
            said = error.code
            store.close()
            mine = open_store(store_url)
            mine.append([event()])
            mine.close()
        finally:
            os._exit(0 if said == "store_forked" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.append([event()]) == [3]
