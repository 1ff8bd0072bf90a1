"""How does a text of the settings become a page?  Headings, lists and paragraphs; all else is letters. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """`kind`: "heading", "list" or "paragraph"; `lines`: the list's items, else one line."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str, values: Mapping[str, str]) -> Iterator[Block]:
    """The text's parts, which blank lines divide: "## " heads, "- " lists. `values`: for what stands in braces."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    for part in filter(None, (part.strip() for part in text.split("\n\n"))):
        lines = [line.strip() for line in part.split("\n")]
        if all(line.startswith("- ") for line in lines):
            yield Block("list", tuple(line[2:] for line in lines))
        elif part.startswith("## ") and len(lines) == 1:
            yield Block("heading", (part[3:],))
        else:
            yield Block("paragraph", (" ".join(lines),))
