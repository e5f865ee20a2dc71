"""A field of a page says a value, or that the portal has none (`None`), or nothing at all (`UNSAID`)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    NaiveDatetime,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticOmit, core_schema

from installflow.openip.terms import FpStatus, OcStatus, OrderKind, fp_status, oc_status, order_kind
from installflow.openip.values import YEARS
from installflow.workflow.fields import (
    LONG_TEXT_LIMIT,
    READING,
    TEXT_LIMIT,
    PersonalMark,
    is_storable,
    on_recording,
    wrong,
)
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

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Its schema without `UNSAID`, a default JSON has no word for: such a field may be left out."""
        return handler(_defaults_untold(schema))

    def says(self, *fields: str) -> bool:
        """Whether the page tells each of the fields, be it that there is none."""
        return all(getattr(self, field) is not UNSAID for field in fields)


def _defaults_untold(schema: Any) -> Any:
    """A core schema in which `UNSAID` is made rather than given: what is made is not told."""
    if isinstance(schema, dict):
        if schema.get("type") == "default" and schema.get("default") is UNSAID:
            return {"type": "default", "schema": schema["schema"], "default_factory": lambda: UNSAID}
        return {key: _defaults_untold(part) for key, part in schema.items()}
    return schema


def _line(text: str) -> str:
    _short(text, TEXT_LIMIT)
    if "\n" in text or "\r" in text:
        msg = "le texte doit tenir sur une ligne"
        raise wrong(msg)
    return _filled(text)


def _lines(text: str) -> str:
    _short(text, LONG_TEXT_LIMIT)
    return _filled(text)


def _short(text: str, limit: int) -> None:
    if len(text) > limit:
        msg = f"un texte d'au plus {limit} caractères est attendu"
        raise wrong(msg)


def _filled(text: str) -> str:
    if not is_storable(text):
        msg = "le texte contient des caractères de contrôle : le retaper"
        raise wrong(msg)
    if not (text := text.strip()):
        msg = "le texte est vide : mettre null si le portail dit qu'il n'y en a pas, sinon ôter le champ"
        raise wrong(msg)
    return text


def _amount(digits: int) -> Callable[[Decimal], Decimal]:
    def check(amount: Decimal) -> Decimal:
        if not amount.is_finite() or amount != round(amount, 2) or len(str(abs(int(amount)))) > digits - 2:
            msg = f"un nombre d'au plus {digits} chiffres, dont deux après la virgule, est attendu"
            raise wrong(msg)
        return amount

    return check


def _year(day: dt.date) -> dt.date:
    if day.year not in YEARS:
        msg = "l'année est invraisemblable"
        raise wrong(msg)
    return day


def _minute(moment: dt.datetime) -> dt.datetime:
    _year(moment)
    return moment.replace(second=0, microsecond=0)


Line = Annotated[str, on_recording(_line)]
"""A line of text, not blank."""

Lines = Annotated[str, on_recording(_lines)]
"""A text of one or several lines, not blank."""

PersonalLine = Annotated[str, PersonalMark(), on_recording(_line)]
"""A line that names or reaches a person, not blank."""

PersonalLines = Annotated[str, PersonalMark(), on_recording(_lines)]
"""A text of one or several lines that names or reaches a person, not blank."""

Day = Annotated[dt.date, on_recording(_year)]
Moment = Annotated[NaiveDatetime, on_recording(_minute)]
"""A day and hour as the portal's clock shows them, without a zone."""

Euros = Annotated[Decimal, on_recording(_amount(14))]
Percent = Annotated[Decimal, on_recording(_amount(18))]


def _word(read: Callable[[str], Labelled | str]) -> Any:
    """Validation and JSON of a word of an open list: a member where the label is known, else the text; never a code."""

    def validate(value: object, info: ValidationInfo) -> Labelled | str:
        if isinstance(value, Labelled):
            value = value.label
        if not isinstance(value, str):
            msg = "un texte est attendu"
            raise wrong(msg)
        return read(value if info.context == READING else _line(value))

    return PlainValidator(validate, json_schema_input_type=Line)


_AS_LABEL = PlainSerializer(str, return_type=str)
OcWord = Annotated[OcStatus | str, _word(oc_status), _AS_LABEL]
FpWord = Annotated[FpStatus | str, _word(fp_status), _AS_LABEL]
KindWord = Annotated[OrderKind | str, _word(order_kind), _AS_LABEL]
"""A label as the portal prints it: ours where it is known, else kept as text."""
