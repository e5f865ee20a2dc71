"""A workflow drawn as a Mermaid state diagram, from its table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from installflow.workflow.status import Status
    from installflow.workflow.table import Workflow


def mermaid(workflow: Workflow) -> str:
    """The diagram's text: one box a status with its label, one arrow a pair of statuses with its triggers.

    Two statuses that share a label are told apart by their stored value. Loops are left out.
    """
    labels = [status.label for status in workflow.statuses]
    lines = ["stateDiagram-v2"]
    for status in workflow.statuses:
        shared = labels.count(status.label) > 1
        label = f"{status.label} ({status.value.rpartition('.')[2]})" if shared else status.label
        lines.append(f'    state "{label}" as {_identifier(status)}')
    for event, target in workflow.opens.items():
        lines.append(f"    [*] --> {_identifier(target.to)} : {event.trigger or event.__name__}")  # type: ignore[arg-type]
    arrows: dict[tuple[Status, Status], list[str]] = {}
    order = {status: rank for rank, status in enumerate(workflow.statuses)}
    for source, event, target_status in workflow.passages():
        arrows.setdefault((source, target_status), []).append(event.trigger or event.__name__)
    for (source, target_status), names in sorted(arrows.items(), key=lambda a: (order[a[0][0]], order[a[0][1]])):
        words = ", ".join(sorted(set(names)))
        lines.append(f"    {_identifier(source)} --> {_identifier(target_status)} : {words}")
    lines.extend(f"    {_identifier(status)} --> [*]" for status in workflow.statuses if status in workflow.finals)
    return "\n".join(lines) + "\n"


def _identifier(status: Status) -> str:
    return "s_" + re.sub(r"\W", "_", status.value)
