"""A PostgreSQL server that does not let a command in: what is said names why, and what to do."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager, suppress

import psycopg
import pytest


@contextmanager
def answering(said):
    """A server that says one thing to whoever comes; its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer():
            with suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller:
                        caller.recv(4096)
                        caller.sendall(said)
                        caller.recv(4096)

        threading.Thread(target=answer, daemon=True).start()
        yield f"postgresql://moi@127.0.0.1:{server.getsockname()[1]}/base?gssencmode=disable"


ASKS_FOR_A_PASSWORD = b"R" + (8).to_bytes(4) + (3).to_bytes(4)
NO_SSL = b"N"
"""What a server answers to whoever wants a line encrypted, and has no such lines."""


def fatal(words):
    """A server's message before it hangs up."""
    fields = b"".join(key + text.encode() + b"\0" for key, text in ((b"S", "FATAL"), (b"C", "53300"), (b"M", words)))
    return b"E" + (len(fields) + 5).to_bytes(4) + fields + b"\0"


@pytest.mark.parametrize(
    ("said", "sslmode", "code", "told"),
    [
        (NO_SSL, "require", "store_ssl", "ne s'accordent pas sur le chiffrement"),
        (fatal('too many connections for role "moi"'), "disable", "store_full_up", "n'accepte plus de connexions"),
    ],
)
def test_a_server_that_answers_is_not_said_to_be_away(cli, monkeypatch, said, sslmode, code, told):
    with answering(said) as url:
        ran = cli("board", "--json", "--db", f"{url}&sslmode={sslmode}")
        assert (ran.code, ran.json["error"]) == (1, code)
        assert told in ran.json["reasons"][0]["sentence"]
        assert ran.err.endswith(" », dit PostgreSQL)\n")
        assert len(ran.err.splitlines()) == 1
        monkeypatch.setenv("INSTALLFLOW_DEBUG", "1")
        ran = cli("board", "--db", f"{url.replace('moi', 'moi:s3cret')}&sslmode={sslmode}")
    assert "StoreUnavailable: postgresql://moi@" in ran.err
    assert "OperationalError: connection failed" in ran.err
    assert "s3cret" not in ran.err


def test_a_service_nobody_knows_is_said(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "none.conf"))
    ran = cli("board", "--json", "--db", "postgresql:///?service=rien")
    assert (ran.code, ran.json["error"]) == (2, "store_service")
    assert ran.err.startswith("--db nomme un service que ce poste ne connaît pas")


def test_who_may_make_no_tables_is_told_who_may(cli, new_postgres_url):
    url = new_postgres_url(initialised=False)
    with psycopg.connect(url, autocommit=True) as owner:
        ((schema,),) = owner.execute("SELECT current_schema()").fetchall()
        name = f"{schema}_worker"
        owner.execute(f"CREATE ROLE {name} LOGIN")
    try:
        for missing in ("", "_not_there"):
            ran = cli("db", "init", "--json", "--db", f"{url}{missing}&user={name}")
            assert (ran.code, ran.json["error"]) == (1, "store_not_owner")
            assert "avec le propriétaire de la base ou du schéma" in ran.err
            assert "GRANT" not in ran.err
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"DROP ROLE {name}")


def test_a_server_that_asks_for_a_password_does_answer(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    with answering(ASKS_FOR_A_PASSWORD) as url:
        ran = cli("board", "--json", "--db", f"{url}&sslmode=disable")
    assert (ran.code, ran.json["error"]) == (1, "store_refused")
    assert "refuse l'accès : vérifier l'utilisateur, son mot de passe" in ran.err
