"""A page as JSON, of the shape `page_schema` publishes: the same values as the pasted text would give."""

from __future__ import annotations

from pydantic import ValidationError

from installflow.errors import Invalid
from installflow.openip.page import Page
from installflow.openip.portal.checks import missing_of, remarks_on
from installflow.openip.portal.lines import TEXT_SIZE

_HOW = "le schéma attendu s'affiche par « installflow openip schema »"


def read_json(text: str) -> Page:
    """The page a JSON text tells; its own remarks are kept, those its values call for are added.

    Raises `Invalid` for what is not JSON, or not of that shape.
    """
    if len(text) > TEXT_SIZE:
        msg = f"le JSON fait {len(text)} caractères (au plus {TEXT_SIZE}) : envoyez moins de pages à la fois"
        raise Invalid(msg)
    try:
        page = Page.model_validate_json(text.removeprefix("\ufeff").encode("utf-8", "surrogatepass"))
    except ValidationError as error:
        raise Invalid(_sentence(error)) from None
    if not (page.offer_pages or page.order_pages or page.says("offers") or page.says("conversations")):
        msg = f"le JSON ne dit rien d'une page de MyOpenIP ; {_HOW}"
        raise Invalid(msg)
    return page.model_copy(
        update={
            "remarks": tuple(dict.fromkeys((*page.remarks, *remarks_on(page)))),
            "missing": tuple(dict.fromkeys((*page.missing, *missing_of(page)))),
        }
    )


def _sentence(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return f"ce n'est pas du JSON : {fault['msg']} ; {_HOW}"
    place = ".".join(str(step) for step in _place(fault["loc"])) or "la page"
    if fault["type"] == "extra_forbidden":
        return f"« {place} » n'est pas un champ d'une page ; {_HOW}"
    if fault["type"] == "missing":
        return f"« {place} » manque ; {_HOW}"
    return f"« {place} » n'a pas une valeur lisible ({fault['msg']}) ; {_HOW}"


def _place(steps: tuple[int | str, ...]) -> list[int | str]:
    """The steps to the value as the JSON has them: pydantic adds the types it tried."""
    return [step for step in steps if isinstance(step, int) or (step.islower() and step.replace("_", "").isalpha()
            and step not in _TRIED)]  # fmt: skip


_TRIED = frozenset({"str", "bool", "int", "date", "datetime", "decimal", "tuple", "model"})
