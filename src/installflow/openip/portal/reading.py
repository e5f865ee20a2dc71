"""A pasted text read from its first line to its last: what begins where, and to which page it belongs."""

from __future__ import annotations

import re
from typing import Any

from installflow.errors import Invalid
from installflow.openip.page import HistoryLine, Page
from installflow.openip.portal.checks import missing_of, remarks_on
from installflow.openip.portal.drafts import Draft, merged, offer_page, order_page
from installflow.openip.portal.forms import Row, row_at, value_of
from installflow.openip.portal.layout import (
    ATTACHMENTS,
    BUTTONS,
    CONTACTS,
    CONTRACT,
    HEADINGS,
    LABELS,
    ORDER,
    TERMINATION,
    TITLES,
    Block,
)
from installflow.openip.portal.lines import HOW, Line, checked, label_key, lines_of
from installflow.openip.portal.prose import block_in_prose
from installflow.openip.portal.structure import (
    Header,
    conversation_count,
    header_at,
    is_tab,
    is_tab_bar,
    order_title,
)
from installflow.openip.portal.tables import read_table, shown
from installflow.openip.unread import Unread
from installflow.openip.values import is_nothing, read_day, read_moment
from installflow.workflow.fields import TEXT_LIMIT

_FILE = re.compile(r"[^\\/:*?<>|]{1,200}\.[A-Za-z0-9]{2,5}")
_MAIL = re.compile(r"(?:de|à|cc|objet|envoyé|from|to|subject|sent|date) ?:.*", re.IGNORECASE)
_FEWEST_FIELDS = 2


def read_page(text: str) -> Page:
    """What a text copied from MyOpenIP says, whichever of its pages it is, several in a row included.

    Nothing is guessed: what is not certain is left unsaid and named in the page's ``missing`` or ``remarks``. Raises
    `Invalid` for a text in which nothing of the portal is recognised.
    """
    return _Reading(lines_of(checked(text))).page()


class _Reading:
    """One pass over the lines: the block under way, the pages begun, and what was read so far."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.block: Block | None = None
        self.offer: Draft | None = None
        self.order: Draft | None = None
        self.offer_drafts: list[Draft] = []
        self.order_drafts: list[Draft] = []
        self.lists: dict[str, list[Any]] = {}
        self.count: int | None = None
        self.in_history = self.may_be_history = self.history_asked = False
        self.in_rows = False
        self.tables = self.fields = 0
        self.remarks: list[str] = []
        self.missing: list[str] = []

    def page(self) -> Page:
        at = 0
        while at < len(self.lines):
            at = self._read(at) if self.lines[at].filled else at + 1
        self._refuse_other_pages()
        if self.history_asked and not any(draft.history for draft in self.offer_drafts):
            self.missing.append("Historique : aucune ligne lisible (une ligne a sa date et son texte côte à côte)")
        remarks = self.remarks
        offers = merged(self.offer_drafts, "contract", remarks)
        orders = merged(self.order_drafts, "order", remarks)
        page = Page(
            offer_pages=tuple(map(offer_page, offers)),
            order_pages=tuple(map(order_page, orders)),
            **{name: tuple(rows) for name, rows in self.lists.items()},
        )
        return page.model_copy(
            update={
                "remarks": tuple(dict.fromkeys((*remarks, *remarks_on(page)))),
                "missing": tuple(dict.fromkeys((*self.missing, *missing_of(page)))),
            }
        )

    def _refuse_other_pages(self) -> None:
        if self.tables:
            return
        if sum(bool(_MAIL.fullmatch(line.filled[0])) for line in self.lines[:40] if line.filled) > 1:
            msg = f"c'est un courriel, pas une page du portail : {HOW}"
            raise Invalid(msg)
        if self.fields < _FEWEST_FIELDS:
            msg = f"rien de MyOpenIP n'est reconnu dans ce texte (le portail s'affiche en français) : {HOW}"
            raise Invalid(msg)

    def _read(self, at: int) -> int:
        """Read what begins at a line, and answer the line after it."""
        if (count := conversation_count(self.lines[at])) is not None:
            self._take_count(count)
        steps = (self._table, self._title, self._heading, self._tab, self._history, self._row, self._prose)
        return next((after for step in steps if (after := step(at))), 0) or self._take_other(at)

    def _title(self, at: int) -> int:
        ref = order_title(self.lines[at])
        if not ref:
            return 0
        self._start_order().title_ref = ref
        self.fields += 1
        return self._over(at)

    def _heading(self, at: int) -> int:
        key = self.lines[at].key
        if not self._starts_block(key):
            return 0
        self._open(HEADINGS[key])
        return at + 1

    def _over(self, at: int) -> int:
        self.block, self.in_history, self.may_be_history = None, False, False
        return at + 1

    def _starts_block(self, key: str) -> bool:
        if key not in HEADINGS:
            return False
        # « Résiliation » is a block and its first row.
        return not (self.block is HEADINGS[key] is TERMINATION and "allowed" not in self._fields_of(TERMINATION))

    def _fields_of(self, block: Block) -> dict[str, Any]:
        return self.offer.blocks.get(block.name, {}) if self.offer else {}

    def _open(self, block: Block) -> None:
        self.block, self.in_history, self.may_be_history, self.in_rows = block, False, False, False
        if block is ORDER:
            return
        if block is CONTRACT or (self.offer and self._has(self.offer, block)):
            self.offer = None
        if block is ATTACHMENTS or block is CONTACTS:
            return
        self.order = None

    @staticmethod
    def _has(draft: Draft, block: Block) -> bool:
        if block is CONTACTS:
            return draft.contacts is not None
        return draft.attachments is not None if block is ATTACHMENTS else block.name in draft.blocks

    def _start_order(self) -> Draft:
        self.order = Draft()
        self.order_drafts.append(self.order)
        self.offer = None
        return self.order

    def _the_offer(self) -> Draft:
        if self.offer is None:
            self.offer = Draft(conversation_count=self.count)
            self.offer_drafts.append(self.offer)
            self.count = None
        self.order = None
        return self.offer

    def _take_count(self, count: int) -> None:
        if self.offer is None:
            self.count = count
        elif self.offer.conversation_count is None:
            self.offer.conversation_count = count

    def _table(self, at: int) -> int:
        header = header_at(self.lines, at)
        return self._take_table(header) if header else 0

    def _take_table(self, header: Header) -> int:
        read = read_table(self.lines, header)
        name = header.table.name
        self._over(read.after)
        self.tables += 1
        self.remarks += read.remarks
        self.missing += read.missing
        if not read.rows and read.totals is None:
            self.missing.append(f"{header.table.title} : aucune ligne lisible sous les titres")
        if name in {"offers", "conversations"}:
            self.lists.setdefault(name, []).extend(header.table.model(**row) for row in read.rows)
            return read.after
        if name == "ordered":
            draft = self.order if self.order and name not in self.order.tables else self._start_order()
        else:
            if self.offer and name in self.offer.tables:
                self.offer = None
            draft = self._the_offer()
        draft.tables[name] = read
        return read.after

    def _tab(self, at: int) -> int:
        line = self.lines[at]
        if not (line.key in TITLES or is_tab(line.key) or is_tab_bar(line)):
            return 0
        self._over(at)
        following = next((other for other in self.lines[at + 1 : at + 20] if other.filled), None)
        if line.key == "historique" and not (following and is_tab(following.key)):
            self.in_history = self.history_asked = True
        elif is_tab_bar(line) or line.key.startswith("conversations"):
            self.may_be_history = True
        return at + 1

    def _history(self, at: int) -> int:
        line = self.lines[at]
        if not (self.in_history or self.may_be_history) or not 1 < len(line.filled) <= 30:  # noqa: PLR2004
            return 0
        if label_key(line.filled[0]) in LABELS or any(len(cell) > TEXT_LIMIT for cell in line.filled):
            return 0
        times = [time for cell in line.filled if (time := _time(cell))]
        if not times:
            return 0
        draft = self._the_offer()
        if draft.history is None:
            draft.history = []
        draft.history.append(HistoryLine(cells=line.filled, **(times[0] if len(times) == 1 else {})))
        self.in_history = True
        self.fields += 1
        return at + 1

    def _row(self, at: int) -> int:
        row = row_at(self.lines, at, self.block, in_rows=self.in_rows)
        if row is None:
            return 0
        line = self.lines[at]
        on_one_line = len(line.filled) > 1 or line.placed or (bool(row.values) and row.after == at + 1)
        self.in_rows = on_one_line or (self.in_rows and row.block is self.block)
        self._take_row(row)
        return row.after

    def _take_row(self, row: Row) -> None:
        block, field = row.block, row.field
        if row.unsure:
            self.missing.append(
                f"{block.title} : « {field.label} » est peut-être coupé, il n'est pas lu ; recopiez la page"
            )
            self.block = block
            return
        if not row.values:
            self._blank(row)
            return
        try:
            value = value_of(field, row.values, field.kind.read)
        except Unread as why:
            self.remarks.append(
                f"{block.title} : {field.label} « {shown(row.values[0])} » {why} ; la valeur n'est pas lue"
            )
            return
        self.fields += 1
        self._keep(block, field.name, value, field.label)

    def _blank(self, row: Row) -> None:
        """A row with nothing in it still begins what it begins."""
        if row.block is CONTACTS and row.field.name == "name":
            self._contacts().append({})
        self.block = row.block

    def _keep(self, block: Block, name: str, value: Any, label: str) -> None:
        if block is CONTACTS:
            self._keep_contact(name, value)
        else:
            known = self._fields_for(block, name)
            if known.get(name, value) != value:
                self.remarks.append(f"{block.title} : « {label} » figure deux fois ; le premier est gardé")
                self.block = None
                return
            known[name] = value
        self.block = block

    def _fields_for(self, block: Block, name: str) -> dict[str, Any]:
        """The fields of a block on the page it belongs to: another page where this one has that field already."""
        if block is ORDER:
            begun = self.order is not None and name in self.order.blocks.get(block.name, {})
            draft = self._start_order() if self.order is None or (begun and name == "ref") else self.order
        else:
            if block is CONTRACT and self.offer and name == "ref" and (self.offer.blocks or self.offer.tables):
                self.offer = None
            draft = self._the_offer()
        return draft.blocks.setdefault(block.name, {})

    def _contacts(self) -> list[dict[str, Any]]:
        draft = self._the_offer()
        if draft.contacts is None:
            draft.contacts = []
        return draft.contacts

    def _keep_contact(self, name: str, value: Any) -> None:
        contacts = self._contacts()
        if not contacts or (name == "name" and contacts[-1]) or (name == "email" and "email" in contacts[-1]):
            contacts.append({})
        if name != "others":
            contacts[-1][name] = value
        elif value is not None:
            contacts[-1]["others"] = (*contacts[-1].get("others", ()), value)

    def _prose(self, at: int) -> int:
        told = block_in_prose(self.lines[at])
        if told is None:
            return 0
        block, items = told
        self._open(block)
        for label, value in items:
            field = block.by_key.get(label_key(label))
            if field is None:
                if block is CONTACTS and label and len(label) <= TEXT_LIMIT:
                    self._keep_contact("others", label)
                continue
            self._take_row(Row(block, field, (value,) if value else (), 0))
        self.block = None
        return at + 1

    def _take_other(self, at: int) -> int:
        """A line that is nothing of the portal's by itself: it may belong to the block under way, or ends it."""
        line = self.lines[at]
        text = line.alone
        if self.block is CONTACTS and text and self._is_beside_a_name(at):
            self._keep_contact("others", text)
        elif self.block in (CONTACTS, ATTACHMENTS) and is_nothing(text):
            draft = self._the_offer()
            if self.block is CONTACTS:
                draft.contacts = draft.contacts or []
            else:
                draft.attachments = draft.attachments or []
            self.fields += 1
        elif self.block is ATTACHMENTS and _FILE.fullmatch(text):
            draft = self._the_offer()
            draft.attachments = [*(draft.attachments or []), text]
            self.fields += 1
        elif line.placed and len(line.filled) == 2 and self.block and line.cells[0]:  # noqa: PLR2004
            self.remarks.append(
                f"{self.block.title} : « {shown(line.filled[0])} » n'est pas un champ connu, il n'est pas lu"
            )
        elif line.key not in BUTTONS and self.block is not ATTACHMENTS:
            self.block = None
        return at + 1

    def _is_beside_a_name(self, at: int) -> bool:
        """Whether a cell without a label stands under a contact's name: in the second column, or before another row."""
        line = self.lines[at]
        if len(line.alone) > TEXT_LIMIT or not (self.offer and self.offer.contacts):
            return False
        if line.placed and not line.cells[0]:
            return True
        following = next((other for other in self.lines[at + 1 : at + 20] if other.filled), None)
        return following is not None and label_key(following.filled[0].partition(":")[0]) in CONTACTS.by_key


def _time(cell: str) -> dict[str, Any]:
    """The day, and the hour if there is one, a cell of the history gives."""
    try:
        moment = read_moment(cell)
    except Unread:
        try:
            return {"day": read_day(cell)}
        except Unread:
            return {}
    return {"day": moment.date(), "time": moment.time()}
