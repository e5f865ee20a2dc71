"""A field of a page says a value, or that the portal has none (`None`), or nothing at all (`UNSAID`)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticOmit, core_schema

from installflow.openip.terms import FpStatus, OcStatus, OrderKind, fp_status, oc_status, order_kind
from installflow.openip.values import YEARS
from installflow.workflow.fields import LONG_TEXT_LIMIT, TEXT_LIMIT, is_storable, wrong
from installflow.workflow.status import Labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

T = TypeVar("T")


class Unsaid(Enum):
    """The type of `UNSAID`: what was not on the page, or could not be understood there."""

    UNSAID = "unsaid"

    def __bool__(self) -> Literal[False]:
        """False, as a value that is not there."""
        return False

    def __repr__(self) -> str:
        """Its name alone."""
        return self.name

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Only itself: no JSON value stands for what is not there, the field is left out."""
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Nothing to declare: the field is not required."""
        raise PydanticOmit


UNSAID: Final = Unsaid.UNSAID
"""Not on the page: nobody knows what the portal has there."""

Said: TypeAlias = T | Unsaid | None
"""A value, `None` where the portal says it has none, `UNSAID` where the page does not tell."""


class Part(BaseModel):
    """A part of a page: frozen, and written to JSON without what it does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    @model_serializer(mode="wrap")
    def _without_unsaid(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said = {name: value for name, value in self if value is not UNSAID}
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if name in said}

    def says(self, *fields: str) -> bool:
        """Whether the page tells each of the fields, be it that there is none."""
        return all(getattr(self, field) is not UNSAID for field in fields)


class SchemaOfParts(GenerateJsonSchema):
    """The JSON schema of parts: `UNSAID`, a default JSON has no word for, is left out of it."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema of a field, with its default unless that is `UNSAID`."""
        if schema.get("default") is UNSAID:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def _line(text: str) -> str:
    if "\n" in text or "\r" in text:
        msg = "le texte doit tenir sur une ligne"
        raise wrong(msg)
    return _filled(text)


def _filled(text: str) -> str:
    if not is_storable(text):
        msg = "le texte contient des caractères de contrôle : le retaper"
        raise wrong(msg)
    if not (text := text.strip()):
        msg = "le texte est vide : mettre null si le portail dit qu'il n'y en a pas, sinon ôter le champ"
        raise wrong(msg)
    return text


def _year(day: dt.date) -> dt.date:
    if day.year not in YEARS:
        msg = "l'année est invraisemblable"
        raise wrong(msg)
    return day


def _minute(moment: dt.datetime) -> dt.datetime:
    _year(moment)
    return moment.replace(second=0, microsecond=0)


Line = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_line)]
"""A line of text, not blank."""

Lines = Annotated[str, Field(max_length=LONG_TEXT_LIMIT), AfterValidator(_filled)]
"""A text of one or several lines, not blank."""

Day = Annotated[dt.date, AfterValidator(_year)]
Moment = Annotated[NaiveDatetime, AfterValidator(_minute)]
"""A day and hour as the portal's clock shows them, without a zone."""

Euros = Annotated[Decimal, Field(max_digits=14, decimal_places=2, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(max_digits=18, decimal_places=2, allow_inf_nan=False)]


def _word(read: Callable[[str], Labelled | str]) -> Any:
    """Validation and JSON of a word of an open list: a member where the label is known, else the text; never a code."""

    def validate(value: object) -> Labelled | str:
        if isinstance(value, Labelled):
            value = value.label
        if not isinstance(value, str) or len(value) > TEXT_LIMIT:
            msg = f"un texte d'au plus {TEXT_LIMIT} caractères est attendu"
            raise wrong(msg)
        return read(_line(value))

    return PlainValidator(validate, json_schema_input_type=Line)


_AS_LABEL = PlainSerializer(str, return_type=str)
OcWord = Annotated[OcStatus | str, _word(oc_status), _AS_LABEL]
FpWord = Annotated[FpStatus | str, _word(fp_status), _AS_LABEL]
KindWord = Annotated[OrderKind | str, _word(order_kind), _AS_LABEL]
"""A label as the portal prints it: ours where it is known, else kept as text."""
