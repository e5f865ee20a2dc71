"""A PostgreSQL connection that cannot be had: which code it has, and that what the server said is kept."""

from __future__ import annotations

import pytest

from installflow.errors import StoreUnavailable

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")
from installflow.store.postgres_faults import not_connected  # noqa: E402  # it needs the driver

PLACE = 'connection to server at "127.0.0.1", port 5432 failed:'


@pytest.mark.parametrize(
    ("said", "url", "code"),
    [
        ("server does not support SSL, but SSL was required", "", "store_ssl"),
        ("SSL error: certificate verify failed", "", "store_ssl"),
        ('root certificate file "ca.crt" does not exist', "", "store_ssl"),
        ("channel binding required, but SSL not in use", "", "store_ssl"),
        ("FATAL:  SSL required", "", "store_ssl"),
        (
            'FATAL:  no pg_hba.conf entry for host "::1", user "u", database "d", no encryption',
            "?sslmode=disable",
            "store_ssl",
        ),
        ('FATAL:  no pg_hba.conf entry for host "::1", user "u", database "d", no encryption', "", "store_refused"),
        ('FATAL:  GSSAPI authentication failed for user "u"', "", "store_refused"),
        ('authentication method requirement "md5" failed: server requested SASL authentication', "", "store_refused"),
        ('FATAL:  too many connections for role "u"', "", "store_full_up"),
        ("FATAL:  sorry, too many clients already", "", "store_full_up"),
        ("FATAL:  remaining connection slots are reserved for roles with SUPERUSER", "", "store_full_up"),
        ("FATAL:  désolé, trop de clients sont déjà connectés", "", "store_full_up"),
        ("session is read-only", "", "store_read_only"),
        ("FATAL:  the database system is starting up", "", "store_unreachable"),
        ("Connection refused", "", "store_unreachable"),
        ("received invalid response to SSL negotiation: H", "", "store_unreachable"),
        ("SSL error: unexpected eof while reading", "", "store_unreachable"),
    ],
)
def test_why_no_connection_can_be_had_has_a_code_and_keeps_what_was_said(said: str, url: str, code: str):
    error = not_connected(f"postgresql://u@h/d{url}", psycopg.OperationalError(f"connection failed: {PLACE} {said}"))
    assert isinstance(error, StoreUnavailable)
    assert error.code == code
    (reason,) = error.reasons
    assert reason.sentence == (said.removeprefix("FATAL:  ") if said.startswith("FATAL") else f"{PLACE} {said}")
    assert f"({reason.sentence})" in error.sentence


def test_what_was_said_is_not_repeated_with_a_password_in_it():
    raised = psycopg.OperationalError('connection failed: FATAL:  database "s3cret" does not exist')
    assert "s3cret" in str(not_connected("postgresql://h/d", raised))
    error = not_connected("postgresql://h/d", raised, ["s3cret"])
    assert isinstance(error, StoreUnavailable)
    assert (error.code, error.reasons, "s3cret" in error.sentence) == ("store_refused", (), False)
