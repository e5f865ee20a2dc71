"""The reader of MyOpenIP's pages: what was pasted, whichever page it is, as a typed `Page` (R-OPENIP-19)."""

from __future__ import annotations

from installflow.openip.portal.json_in import read_json
from installflow.openip.portal.reading import read_page

__all__ = ["read_json", "read_page"]
