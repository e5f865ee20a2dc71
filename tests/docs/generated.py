"""Writes the reference pages that are read off the code; the suite compares them, so they cannot lie.

    python -m tests.docs.generated

writes `docs/reference/events.md` and `docs/reference/transition-table.md` again.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from installflow.app import KINDS
from installflow.openip.said import Part
from installflow.orders import Order, notes
from installflow.orders.field_names import french
from installflow.orders.partners import shipped_policies
from installflow.workflow.diagram import mermaid
from installflow.workflow.fields import PersonalMark
from installflow.workflow.guard import as_json, name_of
from installflow.workflow.status import Labelled, Status
from installflow.workflow.table import PREVIOUS, SAME, Target, Workflow

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Event
    from installflow.workflow.guard import Guard

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
MADE = "<!-- Written by `python -m tests.docs.generated`: change the code, not this page. -->"

_PLAIN = {
    str: "text",
    int: "number",
    bool: "yes or no",
    "date": "date",
    "UUID": "id",
    "datetime": "moment",
    "NaiveDatetime": "moment",
}


def pages() -> dict[Path, str]:
    """Every generated page: its file and what it must say today."""
    return {REFERENCE / "events.md": events_page(), REFERENCE / "transition-table.md": table_page()}


# The events


def events_page() -> str:
    """Every event of every lifecycle: topic, French trigger, who may record it, fields."""
    lines = [
        "# Events",
        "",
        MADE,
        "",
        "An event is the trigger, the command's payload and the stored fact at once. On the command line it answers to",
        "its class name or to its French trigger. Topics are for ever. **Personal** marks a field that names or",
        "reaches a person. A planner, and the system, may record every event; the roles listed may too.",
        "`installflow options` publishes the same fields as a JSON schema. A second name is French: the command",
        "line shows it, and takes both.",
        "",
    ]
    for kind in KINDS:
        moving: list[type[Event]] = []
        others: list[type[Event]] = []
        for event in kind.workflow.events:
            (others if event.__module__ == notes.__name__ else moving).append(event)
        lines += [f"## {_title(kind)}", ""]
        for event in moving:
            lines += _event(kind.workflow, event)
        if others:
            lines += [f"## {_title(kind)}: the rest of the row", "", "In every status, final ones included.", ""]
            for event in others:
                lines += _event(kind.workflow, event)
    return "\n".join(lines).rstrip() + "\n"


def _title(kind: type[Aggregate]) -> str:
    return kind.kind.replace("_", " ").capitalize()


def _event(workflow: Workflow, event: type[Event]) -> Iterator[str]:
    roles = sorted((workflow.every_role - {"planner", "system"}) | workflow.roles.get(event, frozenset()))
    yield f"### {event.__name__}"
    yield ""
    yield _flat(inspect.getdoc(event))
    yield ""
    schema = f" · schema {event.schema_version}" if event.schema_version > 1 else ""
    yield f"`{event.trigger}` · topic `{event.topic}`{schema} · {', '.join(roles) or 'planner only'}"
    yield ""
    asked = {name: field for name, field in event.model_fields.items() if name not in event.filled}
    if not asked:
        yield "No field."
        yield ""
        return
    yield "| field | holds | if not given | |"
    yield "| --- | --- | --- | --- |"
    for name, field in asked.items():
        personal = " **Personal.**" if _is_personal(field) else ""
        told = f"{field.description or ''}{personal}".strip()
        yield f"| {_field_names(name)} | {_kind_of(field.annotation)} | {_default(field)} | {told} |"
    yield ""


def _field_names(name: str) -> str:
    """A field's name, and its first French one."""
    return f"`{name}`" if french(name) == name else f"`{name}`, `{french(name)}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, Part):
        return "nothing"
    return str(value) if value not in (None, "", (), {}) else "blank"


def _is_personal(field: FieldInfo) -> bool:
    return any(isinstance(mark, PersonalMark) for mark in field.metadata) or _holds_personal(field.annotation)


def _holds_personal(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return any(map(_is_personal, annotation.model_fields.values()))
    marks = getattr(annotation, "__metadata__", ())
    return any(isinstance(mark, PersonalMark) for mark in marks) or any(
        _holds_personal(part) for part in typing.get_args(annotation)
    )


def _kind_of(annotation: Any) -> str:  # noqa: PLR0911  # one case per kind of type
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _kind_of(parts[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind_of(part) for part in parts if part is not type(None))
    if origin is typing.Literal:
        return ", ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return f"several: {_kind_of(parts[0])}"
    if origin is dict:
        return "texts by column"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(dict.fromkeys(f"`{word}`" for word in annotation))
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return f"what a page says of: {', '.join(f'`{name}`' for name in annotation.model_fields)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return " and ".join(f"{name} ({_kind_of(field.annotation)})" for name, field in annotation.model_fields.items())
    return _PLAIN.get(annotation) or _PLAIN[annotation.__name__]


# The transition table


def table_page() -> str:
    """The order's diagram, its transitions, its guards and what the partners add."""
    workflow = Order.workflow
    lines = [
        "# The order's transition table",
        "",
        MADE,
        "",
        "`installflow diagram order` prints the drawing alone. Loops (an answer that closes a wait and moves nothing)",
        "are in the table, not in the drawing. A target is chosen from left to right: the first whose guards hold,",
        "unless `next` names one ([why](../adr/0008-a-named-target-may-fall-back.md)).",
        "",
        "```mermaid",
        mermaid(workflow).rstrip(),
        "```",
        "",
        "## Statuses",
        "",
        "Stored values are for ever. Two statuses share the label Installation.",
        "",
        "| stored | label | | entered only if |",
        "| --- | --- | --- | --- |",
    ]
    for status in workflow.statuses:
        final = "final" if status in workflow.finals else ""
        lines.append(f"| `{status.value}` | {status.label} | {final} | {_names(workflow.entry.get(status, ()))} |")
    lines += [
        "",
        "## Transitions",
        "",
        "| trigger | from | to | needs, whatever the target |",
        "| --- | --- | --- | --- |",
    ]
    for event, target in workflow.opens.items():
        lines.append(f"| `{event.trigger}` | (nothing) | {_target(workflow, target)} | |")
    for transition in workflow.transitions:
        sources = _sources(workflow, transition.sources)
        targets = " · ".join(_target(workflow, target) for target in transition.targets)
        lines.append(f"| `{transition.event.trigger}` | {sources} | {targets} | {_names(transition.guards)} |")
    apart = ", ".join(f"`{event.trigger}`" for event in (*workflow.takeovers, *workflow.corrections))
    lines += [
        "",
        f"Apart from the table, its checks and its drawing: {apart}. They name the status they reach, whichever it is.",
        "",
        "## Guards",
        "",
        "A guard answers nothing, or the French sentence why not. *Depends on what is typed*: it also reads the event.",
        "",
        "| guard | holds when | |",
        "| --- | --- | --- |",
    ]
    for name, guard in sorted(workflow.guards().items()):
        reads = "depends on what is typed" if getattr(guard, "reads", None) else ""
        lines.append(f"| `{name}` | {_flat(inspect.getdoc(guard)) or name.replace('_', ' ')} | {reads} |")
    lines += ["", "## Parameters and partners", "", "| parameter | default |", "| --- | --- |"]
    lines += [f"| `{name}` | {_value(value)} |" for name, value in workflow.parameters.items()]
    lines += ["", "| partner | sets | adds |", "| --- | --- | --- |"]
    for policy in shipped_policies():
        sets = ", ".join(f"`{name}` = {_value(value)}" for name, value in policy.parameters.items())
        adds = [f"waits for {wait.of} on {_key(key)}" for key, waits in policy.waits.items() for wait in waits]
        adds += [f"{_names(guards)} on {_key(key)}" for key, guards in policy.guards.items()]
        lines.append(f"| {policy.name} | {sets} | {' · '.join(adds)} |")
    return "\n".join(lines).rstrip() + "\n"


def _sources(workflow: Workflow, sources: frozenset[Status]) -> str:
    every = frozenset(workflow.statuses)
    if sources == every:
        return "every status"
    missing = every - workflow.finals - sources
    if not sources & workflow.finals and len(missing) < len(sources):
        but = ", ".join(_said(workflow, status) for status in workflow.statuses if status in missing)
        return f"every open status but {but}" if but else "every open status"
    return ", ".join(_said(workflow, status) for status in workflow.statuses if status in sources)


def _target(workflow: Workflow, target: Target) -> str:
    if target.to is SAME:
        to = "(stays)"
    elif target.to is PREVIOUS:
        to = "the status it left"
    else:
        to = _said(workflow, typing.cast("Status", target.to))
    notes_ = [_names(target.guards)] if target.guards else []
    notes_ += [f"{_said(workflow, s)} if still {_names(guards)}" for s, guards in target.among.items() if guards]
    notes_ += [f"chosen by itself when {_names(target.when)}"] if target.when else []
    notes_ += ["only if named"] if target.only_named else []
    return f"**{to}**" + (f" ({'; '.join(notes_)})" if notes_ else "")


def _said(workflow: Workflow, status: Status) -> str:
    shared = sum(other.label == status.label for other in workflow.statuses) > 1
    return f"{status.label} ({status.value.rpartition('.')[2]})" if shared else status.label


def _names(guards: tuple[Guard | str, ...]) -> str:
    return ", ".join(f"`{guard if isinstance(guard, str) else name_of(guard)}`" for guard in guards)


def _key(key: Any) -> str:
    return key.label if isinstance(key, Status) else f"`{key if isinstance(key, str) else key.__name__}`"


def _value(value: Any) -> str:
    stored = as_json(value)
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    return str(stored) or "blank"


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def main(write: Callable[[Path, str], object] = lambda file, text: file.write_text(text, encoding="utf-8")) -> None:
    """Write every page."""
    for file, text in pages().items():
        write(file, text)


if __name__ == "__main__":
    main()
