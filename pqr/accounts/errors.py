"""Which promises about accounts can be broken?  Said in words that an official can act upon."""

from pqr.errors import PqrError


class AccountError(PqrError):
    """The account cannot be made or changed this way."""


class EmailTaken(AccountError):
    """Somebody already has an account with this address."""


class OfficeMissing(AccountError):
    """An office's official needs the office that answers; other roles have none."""


class LinkNotValid(AccountError):
    """The one-time link is unknown, was used, was replaced or is older than `acts.LINK_LIFE`."""


class PasswordRefused(AccountError):
    """The password is too short or easy to guess; the text says which."""
