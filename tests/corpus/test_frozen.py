"""What is stored with the first event and never changes: names, values, derived ids, the shape of an envelope."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from installflow import Actor, InstallFlow
from installflow.app import OPENED
from installflow.openip import (
    Conversation,
    FpStatus,
    OcStatus,
    Offer,
    Sheet,
    SupplyOrder,
    offer_id,
    sheet_id,
    supply_order_id,
)
from installflow.openip.supply_order import Seen, conversation_id
from installflow.orders import CommentKind, Material, OrderReceived, Origin, Porta, Slot
from installflow.orders.calendar import DAYS, DayStatus, TechnicianDay, day_id
from installflow.orders.order import Order
from installflow.orders.terms import OrderStatus
from installflow.store import sqlite_schema as schema
from installflow.store.mapper import FORMAT, encode
from installflow.workflow.event import Recorded
from installflow.workflow.spelling import key_of
from installflow.workflow.status import Labelled

VALUES: dict[type[Labelled], dict[str, str]] = {
    OrderStatus: {
        "new": "New",
        "collecte": "Collecte",
        "staging": "Staging",
        "attente_tech": "Attente tech",
        "attente_parte": "Attente Parte",
        "att_porta": "Att porta",
        "att_5com": "Att 5COM",
        "stand_by": "Stand BY",
        "en_attente_de_planification": "En attente de planification",
        "installation.rdv_pose": "Installation",
        "installation.cloturee": "Installation",
        "annuler": "Annuler",
    },
    DayStatus: {"open": "Ouverte"},
    OcStatus: {
        "deposee_en_cours": "Déposée / en cours", "en_cours": "En cours", "livree": "Livrée", "annulee": "Annulée",
        "en_cours_de_resiliation": "En cours de résiliation", "resiliee": "Résiliée",
    },
    FpStatus: {
        "non_defini": "Non défini", "en_attente_d_informations_client": "En attente d'informations client",
        "en_cours": "En cours", "date_de_portabilite_confirmee": "Date de portabilité confirmée",
        "rdv_planifie": "RDV planifié", "rdv_en_echec": "RDV en échec", "livraison_en_cours": "Livraison en cours",
        "livree": "Livrée", "annulee": "Annulée", "livraison_impossible": "Livraison impossible",
        "resiliation_en_cours": "Résiliation en cours", "resiliee": "Résiliée",
    },
    Seen: {"seen": "Vue"},
    Slot: {
        "09:00": "9H", "09:30": "9H30", "10:00": "10H", "10:30": "10H30", "11:00": "11H", "14:00": "14H",
        "14:30": "14H 30", "15:00": "15H", "15:30": "15H30",
    },
    Origin: {"direct": "Direct", "5com": "5 com", "occitech": "Occitech"},
    Porta: {
        "inconnue": "inconnue", "sans": "sans", "a_demander": "à demander", "demandee": "demandée",
        "confirmee": "confirmée",
    },
    Material: {"envoye": "ENVOYÉ", "livre": "LIVRÉ"},
    CommentKind: {
        "materiel": "matériel à prévoir", "client": "échanges avec client", "duree": "durée estimée",
        "blocage": "blocages", "technicien": "info du tech terrain", "imperatif": "impératif client",
    },
}  # fmt: skip


@pytest.mark.parametrize(("words", "frozen"), VALUES.items(), ids=[words.__name__ for words in VALUES])
def test_stored_values_and_labels(words: type[Labelled], frozen: dict[str, str]):
    assert {word.value: word.label for word in words} == frozen


def test_kinds():
    assert (Order.kind, TechnicianDay.kind) == ("order", "technician_day")
    assert [kind.kind for kind in (Offer, Sheet, SupplyOrder, Conversation)] == [
        "offer",
        "sheet",
        "supply_order",
        "conversation",
    ]


def test_what_openip_names_has_one_id_for_ever_in_every_spelling():
    assert offer_id(" oc204817 ") == offer_id("OC204817") == UUID("42c3c524-07a7-52ad-a044-5629c89f0c3e")
    assert sheet_id("FPC 90211") == sheet_id("FPC90211") == UUID("e805b839-50d7-52ff-8bf5-3afb93300653")
    assert sheet_id("FPC90211", 2) == UUID("1f5d890e-345c-54b9-b439-0ce540ba39e0")
    assert supply_order_id("COM155901") == UUID("a1524057-2b22-539f-b3d7-d835f64169b8")
    talk = conversation_id("com155901", "2026-02-04T14:45", "RIO  manquant")
    assert talk == UUID("ea6021e2-b6f1-5bed-bf54-68a70766a7c6")


def test_a_technician_s_day_has_one_id_for_ever_in_every_spelling():
    assert UUID("6f0b7c1e-5f43-5d0c-9a57-1d3c7a1f2e64") == DAYS
    frozen = UUID("e55c8128-dc4a-5bb1-83ba-9218ebe84d91")
    for name in ("Karim", " KARIM ", "karím"):
        assert day_id(name, dt.date(2027, 4, 14)) == frozen
    assert day_id("Karim", dt.date(2027, 4, 15)) != frozen
    assert key_of("Éloïse  D'Arc") == "eloise d arc"


def test_an_order_opened_under_a_command_id_has_one_id_for_ever():
    assert UUID("0d5a5f0e-6d4b-5c93-8f5d-2f6a3f0b9f11") == OPENED
    with InstallFlow() as flow:
        opened = flow.open(OrderReceived(client="A", partner="B"), by=Actor("S", role="planner"), command_id="mail-42")
    assert opened.id == UUID("b7a0e54c-7d70-5fdb-8f77-5c81a65394ca")


def test_an_aggregate_s_id_is_no_uuid7():
    """The beginnings of ids tell orders apart."""
    with InstallFlow() as flow:
        opened = flow.open(OrderReceived(client="A", partner="B"), by=Actor("S", role="planner"))
    assert opened.id.version == 4


def test_the_envelope():
    at = dt.datetime(2027, 3, 2, 9, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    recorded = Recorded(
        id=UUID(int=1), version=3, event_type=OrderReceived, event=OrderReceived(client="É", partner="B"), schema=1,
        status="new", workflow="d", facts={"a": 1}, by=Actor.read("n", "r", "i", "k", "o", "s"), recorded_at=at,
        occurred_at=at - dt.timedelta(days=1), command_id="c", correlation_id="r", causation_id="x/1",
    )  # fmt: skip
    id_, version, topic, state = encode(recorded)
    payload: dict[str, Any] = {
        "waits": [], "client": "É", "partner": "B", "phones": None, "ref": "", "equipment": None, "porta": "inconnue",
    }  # fmt: skip
    assert FORMAT == 1
    assert (id_, version, topic) == (UUID(int=1), 3, "order.received")
    assert json.loads(state) == [
        1, 1, "new", "d", {"a": 1}, ["n", "r", "i", "k", "o", "s"], "2027-03-02T08:15:30.000000Z",
        "2027-03-01T08:15:30.000000Z", "c", "r", "x/1", payload,
    ]  # fmt: skip
    assert "É".encode() in state, "UTF-8, not escaped, not compressed"


EVENTS = ["position", "originator_id", "originator_version", "topic", "state"]

FORMATS: dict[int, dict[str, list[str]]] = {
    1: {
        "stored_events": EVENTS,
        "meta": ["key", "value"],
        "workflows": ["digest", "document"],
        "commands": ["id", "events"],
        "views": ["generation", "view", "position", "state"],
        "view_rows": ["generation", "id", "row"],
        "view_parked": ["generation", "id", "position", "reason"],
    },
    2: {
        "stored_events": EVENTS,
        "meta": ["key", "value"],
        "workflows": ["digest", "document"],
        "commands": ["id", "events"],
        "views": ["generation", "view", "position", "revision", "state", "beat"],
        "view_rows": ["generation", "id", "row", "events", "archived"],
        "view_keys": ["generation", "id", "key"],
        "view_parked": ["generation", "id", "position", "reason", "tries"],
    },
}
"""The columns of each format's tables, on SQLite. A format once released is never edited: another follows it."""


def columns_of(database: sqlite3.Connection) -> dict[str, list[str]]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        for table in tables
        if table != "sqlite_sequence"
    }


def test_the_tables_of_a_store_on_sqlite(tmp_path: Path):
    InstallFlow(f"sqlite:///{tmp_path}/orders.db").close()
    with closing(sqlite3.connect(tmp_path / "orders.db")) as database:
        assert columns_of(database) == FORMATS[schema.FORMAT]
        application = database.execute("PRAGMA application_id").fetchone()[0]
    assert application == schema.APPLICATION_ID == 0x694E666C
    assert (schema.APPLICATION, schema.FORMAT) == ("installflow", 2)


def test_the_tables_of_a_store_of_format_1_as_it_is_kept():
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript((Path(__file__).parent / "stores" / "format-1.sql").read_text(encoding="utf-8"))
        assert columns_of(database) == FORMATS[1]


def test_the_tables_of_a_store_on_postgresql(postgres_url: str):
    import psycopg

    from installflow.store import postgres_schema

    with psycopg.connect(postgres_url) as connection:
        found = connection.execute(
            "SELECT table_name, array_agg(column_name || ' ' || data_type ORDER BY ordinal_position)"
            " FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name"
        ).fetchall()
        (arguments,) = connection.execute(
            "SELECT pg_get_function_arguments('installflow_append'::regproc)"
        ).fetchone() or ("",)
    assert postgres_schema.FORMAT == schema.FORMAT
    assert dict(found) == {
        "installflow_events": [
            "originator_id uuid", "originator_version bigint", "topic text", "state bytea", "notification_id bigint",
        ],
        "installflow_meta": ["key text", "value text"],
        "installflow_workflows": ["digest text", "document text"],
        "installflow_commands": ["id text", "events text"],
        "installflow_views": [
            "generation bigint", "view text", "position bigint", "revision bigint", "state text",
            "beat timestamp with time zone",
        ],
        "installflow_view_rows": [
            "generation bigint", "id uuid", "row bytea", "events bigint", "archived text",
        ],
        "installflow_view_parked": [
            "generation bigint", "id uuid", "position bigint", "reason text", "tries bigint",
        ],
    }  # fmt: skip
    assert arguments == (
        "ids uuid[], versions bigint[], topics text[], states bytea[], command_ids text[], command_events text[], "
        "digests text[], documents text[]"
    )
