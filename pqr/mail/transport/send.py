"""How does a letter leave?  By SMTP through the municipality's relay; it writes nothing into the ledger.

One connection carries a batch and is opened again when it drops. The envelope sender is a signed address of the
letter, so that a delivery report finds it. A relay that cannot be reached, or that breaks off twice in a row, is
left alone until the next batch.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from flask import current_app

from pqr.config import Settings
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.dead_addresses import is_gone
from pqr.mail.outbox import Letter
from pqr.mail.transport.compose import Composed, Parcel, compose, needs_utf8, on_the_wire, recipients
from pqr.mail.transport.relay import Relay, timed_out, words_of
from pqr.mail.transport.relay import mail_settings as mail_settings
from pqr.mail.transport.replies import Delayed, Refused, status_of

BREAKS_IN_A_ROW = 2


@dataclass(frozen=True)
class Receipt:
    """What became of one try. `trouble`: why the person does not have the letter, None when the relay took it for them.

    `response`: the relay's final words, "" when nobody has it. `late`: copies that did not get it and become letters of
    their own. `gone`: addresses that do not exist, with the relay's words. `composed`: what left, or would have.
    """

    trouble: Refused | Delayed | None = None
    response: str = ""
    late: tuple[str, ...] = ()
    gone: dict[str, str] = field(default_factory=dict)
    composed: Composed | None = None

    @property
    def copies_are_settled(self) -> bool:
        """Whether the next try, if there is one, is for the person alone."""
        return bool(self.response or self.late)


Fates = dict[str, "Refused | Delayed | None"]


class Post:
    """The way to the relay for one batch; opened for the first letter. Needs an application context."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._relay: Relay | None = None
        self._down, self._breaks = "", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._relay is not None:
            self._relay.say_goodbye()

    def deliver(self, parcel: Parcel) -> Receipt:
        """Hands the letter to the relay; never longer than the relay's time limits, whatever it does."""
        if self._down:
            return Receipt(Delayed(self._down))
        try:
            receipt = self._deliver(parcel)
            self._breaks = 0
            return receipt
        except (Refused, Delayed) as trouble:  # of us or of the whole letter, before anybody was named
            return Receipt(trouble, late=parcel.letter.addresses[1:] if isinstance(trouble, Refused) else ())
        except (smtplib.SMTPException, OSError) as failure:
            self._hang_up()
            self._breaks += 1
            if self._breaks >= BREAKS_IN_A_ROW:
                self._down = words_of(failure)
            return Receipt(Delayed(words_of(failure)))

    def _deliver(self, parcel: Parcel) -> Receipt:
        named = recipients(parcel.letter, self._settings)
        receipt = self._transact(parcel, named)
        if receipt is None:  # the content was refused to several at once: one of them may be why
            alone = self._transact(parcel, named[:1])
            assert alone is not None
            return Receipt(alone.trouble, alone.response, named[1:], alone.gone, alone.composed)
        return receipt

    def _transact(self, parcel: Parcel, named: tuple[str, ...]) -> Receipt | None:
        composed, fates = self._on_a_living_line(lambda relay: self._announce(relay, parcel, named))
        taken, relay = [each for each, trouble in fates.items() if trouble is None], self._relay
        response = ""
        if taken and relay is not None:
            try:
                response = relay.hand_over(composed.content)
            except Refused as refusal:
                if len(taken) > 1:
                    return None
                fates[taken[0]] = refusal
            except Delayed as delay:
                fates |= dict.fromkeys(taken, delay)
        return _receipt(parcel, named, fates, response, composed)

    def _announce(self, relay: Relay, parcel: Parcel, named: tuple[str, ...]) -> tuple[Composed, Fates]:
        """Sender and recipients; who refuses is noted and the others go on."""
        composed = compose(parcel, self._settings, relay.most)
        fates: Fates = {each: Refused(parcel.dead[each]) for each in named if each in parcel.dead}
        willing = [each for each in named if each not in fates]
        utf8 = needs_utf8(*willing) and relay.knows_utf8
        if willing:
            relay.begin(self._bounces_to(parcel.letter), len(composed.content), utf8)
        for each in willing:
            try:
                if needs_utf8(each) and not utf8:
                    raise Refused("5.6.7 La dirección tiene letras que el servidor de correo no admite (SMTPUTF8).")
                relay.name(on_the_wire(each))
                fates[each] = None
            except (Refused, Delayed) as trouble:
                fates[each] = trouble
        return composed, fates

    def _on_a_living_line(self, act: Callable[[Relay], tuple[Composed, Fates]]) -> tuple[Composed, Fates]:
        """Relays end idle connections, or after some letters: nothing has been said yet, so it is said again."""
        if self._relay is not None and not self._relay.is_alive():
            self._hang_up()
        if self._relay is not None:
            try:
                with self._relay.bounded():
                    return act(self._relay)
            except OSError as ended:  # smtplib's exceptions are OSErrors
                if timed_out(ended):
                    raise
                self._hang_up()
        relay = self._open()
        with relay.bounded():
            return act(relay)

    def _open(self) -> Relay:
        if self._relay is None:
            try:
                self._relay = Relay(current_app.extensions["mail"], self._settings.smtp_seconds)
            except (smtplib.SMTPException, OSError) as failure:
                # A wrong password, or a relay that is down, is our own fault: no letter may be given up for it.
                self._down = words_of(failure)
                raise Delayed(self._down) from failure
        return self._relay

    def _hang_up(self) -> None:
        if self._relay is not None:
            self._relay.close()
        self._relay = None

    def _bounces_to(self, letter: Letter) -> str:
        return sign(SignedAddress(Action.BOUNCE, letter.id), self._settings.secret_keys[0], self._settings.mail_domain)


def _receipt(parcel: Parcel, named: tuple[str, ...], fates: Fates, response: str, composed: Composed) -> Receipt:
    refused = {each: str(trouble) for each, trouble in fates.items() if isinstance(trouble, Refused)}
    parted = response or isinstance(fates[named[0]], Refused)  # else all of them are tried again together
    return Receipt(
        trouble=fates[named[0]],
        response=response,
        late=tuple(each for each in named[1:] if fates[each] is not None) if parted else (),
        gone={each: why for each, why in refused.items() if each not in parcel.dead and is_gone(status_of(why), why)},
        composed=composed,
    )
