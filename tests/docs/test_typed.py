"""The docs' Python passes `mypy --strict` (the `types` gate): what is checked is what the pages say, line for line."""

from __future__ import annotations

from tests.docs.typed import check, module_of

PAGE = """# Page

```python
count: int = 1
```

```bash
not python
```

```python
>>> for number in (1, 2):
...     print(number + count)
2
3
```
"""


def test_every_line_stands_where_the_page_has_it():
    lines = module_of(PAGE).split("\n")
    assert lines[3] == "count: int = 1"
    assert lines[11:15] == ["for number in (1, 2):", "    print(number + count)", "", ""]
    assert [line for line in lines if line] == [lines[3], *lines[11:13]]


def test_a_type_that_is_wrong_is_told_with_the_line_of_the_page(tmp_path):
    page = tmp_path / "wrong-page.md"
    page.write_text(PAGE.replace("int = 1", 'int = "1"').replace("number + count", "count.bit_size"), encoding="utf-8")
    code, told = check([page], ["--cache-dir", str(tmp_path / "cache")], tmp_path / "modules")
    assert code == 1
    assert "wrong-page.md:4: error: Incompatible types" in told
    assert 'wrong-page.md:13: error: "int" has no attribute "bit_size"' in told
