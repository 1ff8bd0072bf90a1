import pytest

from pqr.mail.quoting import Reply, split

MARK = "--- Escriba su respuesta encima de esta línea ---"
GMAIL = "El mar, 3 feb 2026 a la(s) 9:15 a. m., PQRSD (<pqr@puerres.example>) escribió:"
NOTICE = (
    "Este mensaje y sus archivos adjuntos son confidenciales y para uso exclusivo de su destinatario.\n"
    "Si no lo es, elimínelo e informe al remitente."
)

ATTRIBUTIONS = [
    GMAIL,
    "El mar, 3 feb 2026 a la(s) 9:15 a. m., PQRSD Alcaldía de Puerres (\n<pqr@puerres.example>) escribió:",
    "El mar, 3 de feb. de 2026, 9:15 a.\xa0m., PQRSD <\npqr@puerres.example> escribió:",
    "El martes, 3 de febrero de 2026, 09:15:22 a. m. COT, PQRSD <pqr@puerres.example> escribió:",
    "El martes, 3 de febrero de 2026 a las 9:15, PQRSD <pqr@puerres.example>\nescribió:",
    "El 3 feb 2026, a la(s) 9:15 a. m., PQRSD <pqr@puerres.example> escribió:",
    "El 3/02/26 a las 9:15, PQRSD <pqr@puerres.example> escribió:",
    "El 2026-02-03 09:15, pqr@puerres.example escribió:",
    "En martes, 3 de febrero de 2026 09:15:00 GMT-5, PQRSD <pqr@puerres.example> escribió:",
    "El mar, 3 feb 2026 a las 9:15, PQRSD (<pqr@puerres.example>) escribio\u0301:",
    "2026-02-03 9:15 GMT-05:00 PQRSD <pqr@puerres.example>:",
    "PQRSD <pqr@puerres.example> escribió:",
    "Citando a PQRSD <pqr@puerres.example>:",
    "---- El mar, 03 feb 2026 09:15:00 -0500 PQRSD <pqr@puerres.example> escribió ----",
    "Em ter., 3 de fev. de 2026 às 09:15, PQRSD <pqr@puerres.example> escreveu:",
    "Em 03/02/2026 09:15, PQRSD <pqr@puerres.example> escreveu:",
    "On Tue, Feb 3, 2026 at 9:15 AM PQRSD <pqr@puerres.example> wrote:",
    "On 3 Feb 2026, at 09:15, PQRSD <pqr@puerres.example> wrote:",
    "-----Mensaje original-----",
    "----- Mensaje original -----\nDe: PQRSD\nPara: Ana",
    "-----Mensagem original-----",
    "-----Original Message-----",
    "---------- Forwarded message ---------\nDe: PQRSD",
    "Inicio del mensaje reenviado:",
    "De: PQRSD <pqr@puerres.example>\nEnviado: martes, 3 de febrero de 2026 9:15\nPara: Ana\nAsunto: Petición",
    "*De:* PQRSD <pqr@puerres.example>\n*Enviado el:* martes, 3 de febrero de 2026\n*Para:* Ana\n*Asunto:* x",
    "De: PQRSD <pqr@puerres.example> Enviado: martes, 3 de febrero de 2026 9:15 Para: Ana Asunto: Petición",
    "De: PQRSD\nPara: Ana\nEnviados: Martes, 3 de Febrero 2026 9:15:00\nAsunto: Petición",
    "De: PQRSD <pqr@puerres.example>\nAsunto: x\nFecha: 3 de febrero de 2026, 9:15:00 a. m. COT\nPara: Ana",
    "________________________________\nDe: PQRSD <pqr@puerres.example>\nEnviado: martes\nPara: Ana",
    "________________________________\n\nFrom: PQRSD\nSent: Tuesday, February 3, 2026 9:15 AM\nTo: Ana",
    "De: PQRSD\nEnviado: terça-feira, 3 de fevereiro de 2026 09:15\nPara: Ana\nAssunto: x",
    MARK,
    f"{GMAIL}\n\n{MARK}",
    "El mar, 3 feb 2026 a las 9:15, PQRSD escribió:\n\n" + MARK,
    "--- Escriba su respuesta encima de esta\nlínea ---",
    "--- Escriba su respuesta encima de esta lÃ­nea ---",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_above_the_older_mail_is_all_that_was_written(attribution):
    older = "Recibimos su petición.\nRadicado 2026-E-000123"
    assert split(f"Ya se reparó la vía.\n\nGracias\n\n{attribution}\n\n{older}\n") == Reply(
        "Ya se reparó la vía.\n\nGracias", f"{attribution}\n\n{older}"
    )


@pytest.mark.parametrize("attribution", [line for line in ATTRIBUTIONS if "escribió:" in line or "wrote:" in line])
def test_an_answer_below_the_quoted_mail_is_all_that_was_written(attribution):
    quoted = f"{attribution}\n\n> Recibimos su petición.\n>\n> Radicado 2026-E-000123"
    if MARK in attribution:
        quoted = quoted.replace(MARK, f"> {MARK}")
    assert split(f"{quoted}\n\nYa se reparó la vía.\n") == Reply("Ya se reparó la vía.", quoted)


@pytest.mark.parametrize(
    "text",
    [
        f"{GMAIL}\n> ¿Dónde?\nEn El Llano.\n> ¿Cuándo?\nAyer.",
        f"Respondo abajo.\n\n{GMAIL}\n\n> ¿Dónde?\n\nEn El Llano.\n\n> ¿Cuándo?\n\nAyer.\n\n> Gracias",
        f"Respondo abajo.\n\n{GMAIL}\n\n> {MARK}\n> ¿Dónde?\n\nEn El Llano.\n\n> ¿Cuándo?",
        "> ¿Dónde?\nEn El Llano.\n> ¿Cuándo?",
    ],
)
def test_answers_between_the_questions_are_shown_with_the_questions(text):
    assert split(text) == Reply(text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "> Solo una cita",
        f"{GMAIL}\n\n> Recibimos su petición",
        f"{MARK}\nRecibimos su petición\n\nMi respuesta está debajo",
        "---------- Forwarded message ---------\nDe: Junta\n\nNo hay agua",
        "Enviado desde mi iPhone",
        "-- \nAna Yela\nPersonería",
        NOTICE,
        "👍",
    ],
)
def test_a_text_that_would_be_left_empty_is_kept_whole(text):
    assert split(text) == Reply(text.strip("\n"), "")


@pytest.mark.parametrize(
    "text",
    [
        "De: Junta Comunal\nPara: Alcaldía\nFecha: 3 de febrero de 2026\nAsunto: Petición\n\nHay un hueco.",
        "Buenos días.\n\nDe: Junta\nPara: Alcaldía\nAsunto: Petición\nFecha: 3 de febrero de 2026\n\nUn hueco.",
        "El 3 de febrero de 2026 a las 9:15 el ingeniero me escribió:\nque no hay plata.\nYo no estoy de acuerdo.",
        "El alcalde escribió:\nno hay plata",
        "Este mensaje es confidencial, pido reserva de mi identidad porque temo represalias.",
        "Enviado desde mi casa, sin Internet.",
        "Pido:\n--\n1. La vía\n2. El puente\n3. La luz\n4. El agua\n5. La escuela\n6. El puesto\n7. El parque",
        "Una raya:\n________________________________\nDe nada",
        "- primero\n- segundo\n\n*importante*",
        "Valor > 5 y < 3",
    ],
)
def test_what_people_write_is_not_taken_for_a_quotation(text):
    assert split(text) == Reply(text, "")


@pytest.mark.parametrize(
    "line",
    [
        "Enviado desde mi iPhone",
        "Enviado desde mi Samsung Mobile de Claro",
        "Enviado desde mi dispositivo móvil HUAWEI",
        "Enviado desde mi Galaxy",
        "Enviado desde Outlook para Android<https://aka.ms/AAb9ysg>",
        "Enviado desde Yahoo Mail con Android",
        "Enviado desde Correo para Windows",
        "Enviado con Proton Mail seguro.",
        "Obtener Outlook para Android",
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        "Descargar Outlook para iOS",
        "Enviado do meu iPhone",
        "Obter o Outlook para Android",
        "Sent from my iPad",
        "Get Outlook for iOS",
        "Libre de virus. www.avast.com",
        "-- \nAna Yela\nPersonería\nTel. 602 0000000",
        "--\nAna Yela\nPersonería",
        NOTICE,
        NOTICE.replace("\n", " "),
        f"AVISO DE CONFIDENCIALIDAD\n\n{NOTICE}",
        "CONFIDENCIALIDAD: la información de este correo está dirigida exclusivamente a su destinatario.",
        "This e-mail is confidential. If you are not the intended recipient, please delete it.",
        "Esta mensagem é confidencial; se não for o destinatário, apague-a e notifique.",
        "Antes de imprimir este mensaje, asegúrese de que es necesario. El medio ambiente es de todos.",
    ],
)
def test_what_a_program_adds_below_is_folded(line):
    assert split(f"Ya se reparó la vía.\n\n{line}\n\n{GMAIL}\n\n> Petición") == Reply(
        "Ya se reparó la vía.", f"\n{line}\n\n{GMAIL}\n\n> Petición".strip("\n")
    )


def test_a_notice_stuck_to_the_answer_does_not_take_the_answer_with_it():
    assert split(f"Se autoriza la poda.\nCordialmente,\nObras\n{NOTICE}") == Reply(
        "Se autoriza la poda.\nCordialmente,\nObras", NOTICE
    )


def test_text_above_and_below_the_quotation_is_kept():
    reply = split(f"Buenas tardes, va la respuesta:\n\n{GMAIL}\n\n> ¿Cuándo?\n\nEl viernes.\n")
    assert reply.new == "Buenas tardes, va la respuesta:\n\nEl viernes."
    assert reply.quoted == f"{GMAIL}\n\n> ¿Cuándo?"


def test_everything_below_our_own_line_is_quoted_where_the_program_marks_nothing():
    reply = split(f"La vía fue reparada.\n\n{MARK}\nRadicado 2026-E-000123\n\nDevolver: pqr+x@puerres.example\n")
    assert reply == Reply("La vía fue reparada.", f"{MARK}\nRadicado 2026-E-000123\n\nDevolver: pqr+x@puerres.example")


def test_the_end_of_a_quoted_line_that_was_wrapped_is_no_answer():
    quoted = "> Esta es una línea citada tan larga que el servidor de correo la\npartió en dos\n> y siguió"
    assert split(f"Listo.\n\n{GMAIL}\n{quoted}").new == "Listo."


def test_an_older_outlook_mail_below_a_bottom_answer_is_folded():
    text = f"{GMAIL}\n> ¿Cuándo?\n\nEl viernes.\n\nDe: Ana\nEnviado: lunes, 2 de febrero\nPara: Luis\n\nHola"
    assert split(text).new == "El viernes."


def test_an_older_text_behind_its_attribution_is_folded_unless_an_answer_may_stand_below():
    run_on = f"{GMAIL.replace('(<', '<').replace('>)', '>')}   Recibimos su petición."
    assert split(f"Gracias\n\n{run_on}\nRadicado 2026-E-000123") == Reply(
        "Gracias", f"{run_on}\nRadicado 2026-E-000123"
    )
    assert split(f"{run_on}\n> Radicado\n\nGracias").new.endswith("Gracias")


def test_windows_line_ends_make_no_difference():
    assert split(f"Listo.\r\n\r\n-- \r\nAna\r\n\r\n{GMAIL}\r\n\r\n> Petición\r\n").new.strip() == "Listo."
