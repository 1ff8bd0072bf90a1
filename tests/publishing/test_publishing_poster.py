"""Does the command write the page for the wall, with the code that opens the form?"""

from click.testing import CliRunner

from pqr.cli import main

KEY = "clave-de-las-pruebas-0123456789abcdef"


def asked(tmp_path, *options):
    environment = {"PQR_DATA_DIR": str(tmp_path / "var"), "PQR_SECRET_KEY": KEY}
    return CliRunner().invoke(main, ["poster", *options], env=environment, catch_exceptions=False)


def test_the_command_writes_the_page(tmp_path):
    for options in ((), ("--office", "salud")):
        out = tmp_path / "cartel.pdf"
        assert asked(tmp_path, *options, "--out", str(out)).exit_code == 0
        assert out.read_bytes().startswith(b"%PDF")
        out.unlink()


def test_an_office_that_does_not_exist_and_a_place_that_cannot_be_written_are_told(tmp_path):
    unknown = asked(tmp_path, "--office", "no-hay", "--out", str(tmp_path / "cartel.pdf"))
    nowhere = asked(tmp_path, "--out", str(tmp_path / "no-hay" / "cartel.pdf"))
    assert (unknown.exit_code, nowhere.exit_code) == (2, 2)
    assert "No hay una dependencia con el código no-hay" in unknown.output
    assert "No se pudo escribir" in nowhere.output
