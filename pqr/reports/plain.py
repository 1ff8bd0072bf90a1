"""How is a report read without a viewer?  As Markdown, for a repository or a mail. Pure."""

from collections.abc import Iterator

from pqr.reports.official import OfficialReport, Table, shown


def as_markdown(report: OfficialReport) -> str:
    """The same words and tables; what could be markup stands escaped."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: OfficialReport) -> Iterator[str]:
    yield from (f"# {_text(report.title)}", "", f"**{_text(report.entity)}**. {_text(report.period)}.", "")
    yield _text(report.status)
    for section in report.sections:
        yield from ("", f"## {_text(section.heading)}")
        for paragraph in section.paragraphs:
            yield from ("", _text(paragraph))
        if section.table and section.table.rows:
            yield from ("", *_table(section.table))


def _table(table: Table) -> Iterator[str]:
    yield _row([column.title for column in table.columns])
    yield _row(["---:" if column.is_figure else "---" for column in table.columns], raw=True)
    for row in table.rows:
        yield _row([shown(cell, column.type) for cell, column in zip(row, table.columns, strict=True)])


def _row(cells: list[str], raw: bool = False) -> str:
    return "| " + " | ".join(cells if raw else map(_text, cells)) + " |"


def _text(words: str) -> str:
    flat = " ".join(words.split())
    return "".join(f"\\{letter}" if letter in "\\`*_|<>[]#" else letter for letter in flat)
