"""Is a database clean of duplicates?  A list is compared with itself; of the persons in it nothing is kept."""

import csv
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pqr import clock
from pqr.cli.application import prepared_application
from pqr.errors import PqrError
from pqr.reports.actions import BASES


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--columns", default="", help="Las columnas: documento=CEDULA;nombres=NOMBRES,APELLIDOS;nacimiento=FECHA")
@click.option("--json", "as_json", is_flag=True, help="Imprime los resultados como JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Escribe los grupos en este archivo CSV.")
@click.option("--record", is_flag=True, help="Guarda la lectura en el tablero del plan: solo cifras y la huella.")
@click.option("--base", type=click.Choice(BASES), help="De qué base es, con --record.")
@click.option("--evidence", default="", help="De dónde sale el archivo, con --record.")
@click.option("--author", default="", help="Correo de la cuenta de quien la guarda, con --record.")
def dedupe(
    file: Path, columns: str, as_json: bool, out: Path | None, record: bool, base: str, evidence: str, author: str
) -> None:
    """Busca filas repetidas en una base (CSV o Excel) sin guardar ningún dato de las personas.

    Imprime los grupos con sus números de fila y la razón; el resumen va a la salida de errores.
    """
    if record and not (base and evidence.strip()):
        raise click.UsageError("Para guardar la lectura diga de qué base es (--base) y de dónde sale (--evidence).")
    try:
        result = _examine(file, columns)
    except (PqrError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    _write(result, as_json, out)
    for line in summary(result):
        click.echo(line, err=True)
    if record:
        _record(result, base, evidence.strip(), author)
        click.echo("La lectura quedó en el tablero del plan de acción.", err=True)


def _examine(path: Path, choice: str) -> dict[str, Any]:
    from pqr.reports.columns import persons
    from pqr.reports.duplicates import find_duplicates
    from pqr.reports.sheets import digest_of_file, rows_of

    sha256, rows = digest_of_file(path), rows_of(path)
    header_row, header, columns = _find_columns(rows, choice, path)
    found = find_duplicates(persons(rows, header_row, columns))
    if not found.rows:
        raise PqrError(f"{path.name} no tiene filas con un nombre o un documento debajo del encabezado.")
    groups = [
        {"kind": "exact" if each.is_exact else "likely", "rows": list(each.rows), "why": list(each.why)}
        for each in found.groups
    ]
    return {
        "file": path.name,
        "sha256": sha256,
        "columns": columns.said(header),
        "rows": found.rows,
        "empty": found.empty,
        "exact": {"groups": sum(each.is_exact for each in found.groups), "surplus": found.surplus},
        "likely": {"groups": sum(not each.is_exact for each in found.groups), "surplus": found.likely},
        "clean": {"numerator": found.clean, "denominator": found.rows, "rate": round(found.clean / found.rows, 4)},
        "groups": groups,
    }


def _find_columns(rows: Any, choice: str, path: Path) -> tuple[int, Sequence[str], Any]:
    from pqr.reports.columns import LOOKED_AT, chosen, parse_choice, told

    wanted = parse_choice(choice) if choice else None
    for number, cells in enumerate(rows, start=1):
        columns = chosen(cells, wanted) if wanted else told(cells)
        if columns:
            return number, cells, columns
        if number >= LOOKED_AT:
            break
    if wanted:
        raise PqrError(f"{path.name} no tiene en una misma fila las columnas {choice}.")
    raise PqrError(
        f"No se reconoció ninguna columna de documento ni de nombre en {path.name}: dígalas con --columns, por"
        " ejemplo --columns 'documento=CEDULA;nombres=NOMBRES,APELLIDOS;nacimiento=FECHA_NAC'."
    )


def _write(result: Mapping[str, Any], as_json: bool, out: Path | None) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    if out is not None:
        from pqr.reports.whole_file import whole_file

        try:
            with whole_file(out) as half, half.open("w", encoding="utf-8-sig", newline="") as file:
                _write_groups(result, file)
        except OSError as error:
            raise click.UsageError(f"No se pudo escribir {out}: {error.strerror}.") from error
    elif not as_json:
        _write_groups(result, sys.stdout)


def _write_groups(result: Mapping[str, Any], file: Any) -> None:
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n" if file is not sys.stdout else "\n")
    writer.writerow(("grupo", "clase", "filas", "razón"))
    kinds = {"exact": "exacto", "likely": "probable"}
    for number, group in enumerate(result["groups"], start=1):
        writer.writerow((number, kinds[group["kind"]], " ".join(map(str, group["rows"])), "; ".join(group["why"])))


def summary(result: Mapping[str, Any]) -> list[str]:
    """What is said to a person."""
    exact, likely, clean = result["exact"], result["likely"], result["clean"]
    columns = "; ".join(f"{part}: {', '.join(names) or 'no hay'}" for part, names in result["columns"].items())
    share = f"{clean['numerator'] * 100 / clean['denominator']:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return [
        f"Columnas: {columns}.",
        f"Filas con datos: {result['rows']}."
        + (f" Sin nombre ni documento: {result['empty']}." * bool(result["empty"])),
        f"Repetidas con seguridad: {exact['surplus']} filas sobrantes en {exact['groups']} grupos.",
        f"Probables, para que una persona las mire: {likely['surplus']} filas en {likely['groups']} grupos.",
        f"Base depurada: {share} % ({clean['numerator']} de {clean['denominator']} filas no son copias sobrantes).",
        f"Huella del archivo (SHA-256): {result['sha256']}",
    ]


def _record(result: Mapping[str, Any], base: str, evidence: str, author: str) -> None:
    from pqr.db import transaction
    from pqr.reports.readings import Typed, keep_reading
    from pqr.terms.receipt import in_bogota

    now, clean = clock.now(), result["clean"]
    with prepared_application(), transaction() as session:
        typed = Typed(
            measure=base,
            on=in_bogota(now).date(),
            numerator=clean["numerator"],
            denominator=clean["denominator"],
            evidence=evidence,
            actor=_author(session, author),
            sha256=result["sha256"],
        )
        keep_reading(session, typed, now)


def _author(session: Any, email: str) -> str:
    """The account with this address; without one whoever sits at the terminal."""
    if not email:
        return f"terminal:{getpass.getuser()}"[:60]
    from sqlalchemy import select

    from pqr.accounts.models import User

    number = session.scalar(select(User.id).where(User.email == email.strip().lower(), User.active))
    if number is None:
        raise click.UsageError(f"No hay una cuenta activa con el correo {email}.")
    return f"user:{number}"
