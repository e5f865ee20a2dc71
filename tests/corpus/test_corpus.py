"""Every event ever released loads for ever, as what it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import create_model

from installflow.orders import CollecteStarted, DetailsChanged, OrderReceived, Slot
from installflow.store import Row
from installflow.store.mapper import Mapper, encode
from installflow.workflow.event import Event, Recorded, Registry
from installflow.workflow.status import Labelled
from tests.corpus import write
from tests.corpus.specimens import FULL, LEAST, full, least

FILES = sorted(write.SAMPLES.glob("*.json"))
KINDS_OF_SAMPLE = ("full", "least")
MAPPER = Mapper(Registry(write.event_types()))


def read(file: Path, kind: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))[kind]
    return sample


def row_of(sample: dict[str, Any]) -> Row:
    stored = sample["row"]
    return Row(0, UUID(stored["id"]), stored["version"], stored["topic"], stored["state"].encode())


def expected(sample: dict[str, Any], today: int) -> dict[str, Any]:
    """The payload a sample reads as under today's schema: as it was, or as its ``as`` says."""
    frozen: dict[str, Any] = sample["event"] if sample["envelope"]["schema"] == today else sample["as"][str(today)]
    return frozen


@pytest.mark.parametrize("kind", KINDS_OF_SAMPLE)
@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_frozen_row_reads_as_what_it_was(file: Path, kind: str):
    sample = read(file, kind)
    recorded = MAPPER.decode(row_of(sample))
    assert write.dumped(recorded) == sample["envelope"]
    assert recorded.event.model_dump(mode="json") == expected(sample, recorded.event_type.schema_version)


def test_the_comparison_sees_a_changed_value():
    sample = read(write.file_of(OrderReceived), "full")
    tampered = {**sample["row"], "state": sample["row"]["state"].replace("Morel", "Moreau")}
    recorded = MAPPER.decode(row_of({**sample, "row": tampered}))
    assert recorded.event.model_dump(mode="json") != sample["event"]
    assert write.dumped(recorded) == sample["envelope"]


@pytest.mark.parametrize("event", write.event_types(), ids=lambda event: event.topic)
def test_every_event_type_has_a_sample_of_its_present_shape(event: type[Event]):
    assert write.file_of(event).exists(), "add it to specimens.py, then: python -m tests.corpus.write"


def test_no_topic_was_renamed_or_deleted():
    frozen = {file.stem.rpartition("-")[0] for file in FILES}
    assert frozen == {event.topic for event in write.event_types()}


@pytest.mark.parametrize("kind", KINDS_OF_SAMPLE)
@pytest.mark.parametrize("event", write.event_types(), ids=lambda event: event.topic)
def test_an_event_is_stored_today_as_it_was_when_it_was_frozen(event: type[Event], kind: str):
    """What is written stays the same bytes, so exports and digests of a history do too."""
    specimen = (full() if kind == "full" else least())[event.topic]
    assert write.sample(specimen, whole=kind == "full") == read(write.file_of(event), kind)


@pytest.mark.parametrize("event", FULL, ids=lambda event: event.topic)
def test_a_full_sample_fills_every_field_in(event: Event):
    contradicts = {"remove_date"} if event.topic == "order.visit_scheduled" else set()
    blank = {name for name, value in event if value in ("", None, (), False, {})}
    assert blank == contradicts


@pytest.mark.parametrize("event", LEAST, ids=lambda event: event.topic)
def test_a_least_sample_fills_in_only_what_it_must(event: Event):
    needed = {name for name, field in type(event).model_fields.items() if field.is_required()}
    one_of = {"order.visit_scheduled": {"remove_date"}, "order.details_changed": {"ref"}}
    assert event.model_fields_set == needed | one_of.get(event.topic, set())


# Shapes


def frozen_shapes() -> dict[str, str]:
    shapes: dict[str, str] = json.loads(write.SHAPES.read_text(encoding="utf-8"))
    return shapes


@pytest.mark.parametrize("event", write.event_types(), ids=lambda event: event.topic)
def test_a_shape_changes_only_with_its_schema_number(event: type[Event]):
    frozen = frozen_shapes()[f"{event.topic}-{event.schema_version}"]
    assert write.shape(event) == frozen, "raise the schema number on the class, write its upcast, freeze the new shape"


def test_every_frozen_shape_has_its_sample():
    assert set(frozen_shapes()) == {file.stem for file in FILES}


CHANGED: dict[str, dict[str, Any]] = {
    "a new field": {"colour": (str, "")},
    "another type": {"phones": (str | None, None)},
    "another default": {"ref": (str, "?")},
    "a field no more optional": {"phones": (int, ...)},
    "a field called description": {"description": (str, "")},
}


@pytest.mark.parametrize("fields", CHANGED.values(), ids=CHANGED)
def test_a_changed_model_has_another_shape(fields: dict[str, Any]):
    changed = create_model("DetailsChanged", __base__=DetailsChanged, **fields)
    assert write.shape(changed) != write.shape(DetailsChanged)


def test_words_for_people_are_no_shape():
    reworded = create_model("DetailsChanged", __base__=DetailsChanged, __doc__="Other words.")
    assert reworded.__doc__ != DetailsChanged.__doc__
    assert write.shape(reworded) == write.shape(DetailsChanged)


def test_an_older_sample_reads_as_its_author_said_it_does_today():
    older = {"event": {"km": 2}, "envelope": {"schema": 1}, "as": {"2": {"metres": 2000}}}
    assert expected(older, 1) == {"km": 2}
    assert expected(older, 2) == {"metres": 2000}


def test_what_is_frozen_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(write, "SAMPLES", tmp_path)
    monkeypatch.setattr(write, "SHAPES", tmp_path / "shapes.json")
    assert write.main() == 0
    mine = write.file_of(CollecteStarted)
    mine.write_text("frozen", encoding="utf-8")
    write.file_of(OrderReceived).unlink()
    assert write.main() == 0
    assert mine.read_text(encoding="utf-8") == "frozen"
    assert (
        write.file_of(OrderReceived).read_bytes() == (write.FOLDER / "samples" / "order.received-1.json").read_bytes()
    )


def test_a_changed_shape_is_refused_and_its_frozen_digest_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(write, "SAMPLES", tmp_path)
    monkeypatch.setattr(write, "SHAPES", tmp_path / "shapes.json")
    (tmp_path / "shapes.json").write_text('{"order.received-1": "another"}', encoding="utf-8")
    assert write.main() == 1
    assert "order.received-1 has changed its shape" in capsys.readouterr().err
    assert json.loads((tmp_path / "shapes.json").read_text(encoding="utf-8"))["order.received-1"] == "another"
    assert not write.file_of(OrderReceived).exists()


def test_an_envelope_of_a_newer_format_is_refused():
    sample = read(write.file_of(CollecteStarted), "least")
    newer = {**sample["row"], "state": sample["row"]["state"].replace("[1,", "[2,", 1)}
    with pytest.raises(Exception, match="has the envelope format 2: a newer version wrote it") as refused:
        MAPPER.decode(row_of({"row": newer}))
    assert refused.value.code == "store_newer_event"  # type: ignore[attr-defined]  # StoreUnavailable


def test_what_was_decoded_is_encoded_to_the_same_bytes():
    for file in FILES:
        for kind in KINDS_OF_SAMPLE:
            row = row_of(read(file, kind))
            recorded: Recorded = MAPPER.decode(row)
            if recorded.schema == recorded.event_type.schema_version:
                assert encode(recorded) == (row.id, row.version, row.topic, row.state), file.stem


class Colour(Labelled):
    RED = "red", "rouge"
    BLUE = "blue", "bleu"


class Grown(Labelled):
    RED = "red", "rouge"
    BLUE = "blue", "bleu"
    GREEN = "green", "vert"


Grown.__name__ = Grown.__qualname__ = Colour.__qualname__


def test_a_list_that_grows_is_the_same_shape_and_another_list_is_not():
    before, after, other = (
        create_model("DetailsChanged", __base__=DetailsChanged, colour=(words, ...)) for words in (Colour, Grown, Slot)
    )
    assert write.shape(after) == write.shape(before) != write.shape(other)
