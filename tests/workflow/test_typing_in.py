"""What people type becomes an event, or one French sentence a field."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import Field, TypeAdapter, ValidationError, field_validator

from installflow.errors import Invalid
from installflow.workflow.entry import event_named, parse_event
from installflow.workflow.event import Event, Registry
from installflow.workflow.fields import (
    READING,
    FilledText,
    LongText,
    Personal,
    Text,
    before_recording,
    clean,
    whole_on_recording,
    wrong,
)
from installflow.workflow.spelling import key_of
from tests.workflow.lending import WORKFLOW, Answered, Asked, Mislaid, Paused

REGISTRY = Registry(WORKFLOW.events)


class Colour(StrEnum):
    RED = "rouge"


def loud(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class Filled(Event, topic="form.filled", said="Formulaire rempli"):
    name: FilledText
    day: dt.date | None = None
    count: Annotated[int, Field(ge=1, le=9)] | None = None
    size: int | None = None
    done: bool = False
    colour: Colour | None = None
    side: Literal["gauche", "droite"] = "gauche"
    note: Text = ""
    remark: str | None = None
    owner: UUID | None = None
    names: tuple[str, ...] = ()
    place: Personal = ""
    long: LongText = ""
    shout: Annotated[str, before_recording(loud)] = ""
    weight: float | None = None


class Paired(Event, topic="form.paired"):
    left: str = ""
    right: str = ""

    @field_validator("left")
    @classmethod
    def _is_lower(cls, value: str) -> str:
        return value.lower()

    @whole_on_recording
    def _match(self) -> None:
        if self.left != self.right:
            msg = "les deux côtés diffèrent"
            raise wrong(msg)


class Bare(Event, topic="form.bare"):
    pass


def form(**fields: Any) -> Filled:
    event = parse_event(Filled, {"name": "Zoé", **fields})
    assert isinstance(event, Filled)
    return event


def complaint(event: type[Event], **fields: Any) -> str:
    with pytest.raises(Invalid) as invalid:
        parse_event(event, fields)
    return invalid.value.sentence


def test_an_event_is_named_by_its_class_or_its_trigger():
    assert event_named(REGISTRY, "Answered") is Answered
    assert event_named(REGISTRY, "repondre") is Answered


def test_a_name_nearly_right_gives_the_nearest():
    with pytest.raises(Invalid, match=r"« Answerd » n'est pas un événement ; peut-être : repondre") as unknown:
        event_named(REGISTRY, "Answerd")
    assert unknown.value.code == "unknown_event"


def test_a_name_far_off_says_where_the_list_is():
    with pytest.raises(Invalid, match="la liste : installflow options COMMANDE"):
        event_named(REGISTRY, "zzzzzzzzzz")


@pytest.mark.parametrize(
    ("typed", "read"), [("oui", True), (" NON", False), ("vrai", True), ("faux", False), ("1", True)]
)
def test_yes_and_no(typed: str, read: bool):
    assert form(done=typed).done is read


def test_blanks_mean_nothing_given_where_text_is_not_asked():
    filled = form(day=" ", count="", done="non", note="  ", remark="", colour="")
    assert (filled.day, filled.count, filled.note, filled.remark, filled.colour) == (None, None, "", "", None)


def test_texts_are_stripped_and_what_is_not_text_stands():
    filled = form(name="  Zoé  ", place=" ici\n", count=3, day=dt.date(2027, 4, 14), shout="ah")
    assert (filled.name, filled.place, filled.count, filled.shout) == ("Zoé", "ici", 3, "AH")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": "demain"}, "day : n'est pas une date (écrire 2027-04-14 ou 14/04/2027)"),
        ({"day": "2027-02-30"}, "day : n'est pas une date (écrire 2027-04-14 ou 14/04/2027)"),
        ({"day": "2027-04-14T10:00"}, "day : est une date sans heure (écrire 2027-04-14 ou 14/04/2027)"),
        ({"day": []}, "day : n'est pas une date (écrire 2027-04-14 ou 14/04/2027)"),
        ({"count": "trois"}, "count : est un nombre entier"),
        ({"count": 1.5}, "count : est un nombre entier"),
        ({"count": "0"}, "count : doit être un nombre d'au moins 1"),
        ({"count": "10"}, "count : doit être un nombre d'au plus 9"),
        ({"size": "9" * 5000}, "size : est un nombre trop grand"),
        ({"done": "peut-être"}, "done : se répond par oui ou par non"),
        ({"done": []}, "done : se répond par oui ou par non"),
        ({"colour": "bleu"}, "colour : au choix : 'rouge'"),
        ({"side": "haut"}, "side : au choix : 'gauche' ou 'droite'"),
        ({"note": 3}, "note : est un texte"),
        ({"owner": "moi"}, "owner : n'est pas un identifiant"),
        ({"names": 3}, "names : est une liste"),
        ({"weight": "lourd"}, "weight : n'a pas la forme attendue"),
        ({"name": "  "}, "name : ce champ est obligatoire et ne peut pas être vide"),
        ({"note": "x" * 501}, "le texte fait 501 caractères, la limite est 500"),
        ({"note": "a\x00b"}, "le texte contient des caractères de contrôle"),
        ({"note": "a\ud800"}, "le texte contient des caractères de contrôle"),
        ({"note": b"\xff"}, "note : n'est pas un texte lisible (Unicode)"),
    ],
)
def test_a_field_that_does_not_fit_is_told_in_french(fields: dict[str, Any], sentence: str):
    said = complaint(Filled, **{"name": "Zoé", **fields})
    assert said.startswith("Formulaire rempli : ")
    assert sentence in said


def test_every_field_that_does_not_fit_is_told_at_once():
    with pytest.raises(Invalid) as invalid:
        parse_event(Filled, {"day": "demain", "count": "trois"})
    assert [reason.guard for reason in invalid.value.reasons] == ["name", "day", "count"]
    assert invalid.value.reasons[0].sentence == "name : est obligatoire"


def test_an_unknown_field_gives_the_known_ones():
    assert "raison : n'est pas un champ de cet événement ; au choix : reason" in complaint(Mislaid, raison="x")
    assert "au choix : reader, weeks" in complaint(Asked, reader="Zoé", semaines="2"), "waits are filled in"
    assert complaint(Bare, x="1") == "Bare : x : n'est pas un champ de cet événement ; au choix : aucun champ"


def test_what_the_workflow_fills_in_is_not_typed():
    assert complaint(Asked, reader="Zoé", waits="[]") == "waits : ce champ est rempli par l'application"
    assert parse_event(Asked, {"reader": "Zoé", "waits": ""}) == Asked(reader="Zoé")


def test_a_check_of_the_whole_event_names_no_field():
    from pydantic import model_validator

    class Pair(Event, topic="form.pair", said="Paire"):
        left: int = 0
        right: int = 0

        @model_validator(mode="after")
        def _are_equal(self) -> Pair:
            if self.left != self.right:
                raise wrong("gauche et droite diffèrent : les égaler")
            return self

    assert complaint(Pair, left="1") == "Paire : gauche et droite diffèrent : les égaler"
    assert parse_event(Pair, {"left": "1", "right": "1"}) == Pair(left=1, right=1)


def test_an_event_without_fields():
    assert parse_event(Paused, {}) == Paused()


# Fields


@pytest.mark.parametrize(
    "text",
    ["", "x" * 500, "deux\nlignes\tet\rretours", "accents é à ô, espace insécable \u00a0 et 🎉"],
)
def test_texts_that_are_kept(text: str):
    assert clean(text, 500) == text.strip()


def test_checks_stand_aside_on_reading_and_only_then():
    stored = {"name": "", "note": "x" * 501, "place": " ici ", "shout": "ah"}
    read = Filled.model_validate(stored, context=READING)
    assert (read.name, read.note, read.place, read.shout) == ("", "x" * 501, " ici ", "ah")
    with pytest.raises(ValueError, match="2 validation errors"):
        Filled.model_validate(stored)


def test_a_check_of_the_whole_event_stands_aside_on_reading_and_only_then():
    assert Paired(left="A", right="a") == Paired(left="a", right="a")
    with pytest.raises(ValueError, match="les deux côtés diffèrent"):
        Paired(left="a", right="b")
    stored = {"left": "a", "right": "b"}
    assert Paired.model_validate(stored, context=READING).right == "b"


def test_a_validator_that_is_none_of_ours_runs_on_reading_too():
    assert Paired.read({"left": "A", "right": "b"}, 1).left == "a"


def test_an_event_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Mislaid(reason="x").reason = "y"


@pytest.mark.parametrize(
    "spelling", ["VIP Télécom", "vip  TELECOM ", "V.I.P. telecom".replace(".", ""), "Vip\u00a0te\u0301lécom"]
)
def test_the_spellings_of_one_name_meet(spelling: str):
    assert key_of(spelling) == "vip telecom"


def test_two_names_do_not_meet():
    assert key_of("Karim B.") != key_of("Karim D.")
    assert key_of(" - ") == ""


@pytest.mark.parametrize("fields", [[], "name=Zoé", None, 3, [("name", "Zoé")], {1: "Zoé"}])
def test_fields_that_are_no_object_are_said_so(fields):
    with pytest.raises(Invalid, match="donner les champs par leur nom"):
        parse_event(Filled, fields)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\u200b", "\u2060\ufeff \u200b"])
def test_a_text_nobody_can_see_is_blank(text: str):
    with pytest.raises(ValidationError):
        TypeAdapter(FilledText).validate_python(text)
    assert TypeAdapter(FilledText).validate_python(f"{text}a")
