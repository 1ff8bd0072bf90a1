"""Which promises can be broken?

Each exception is named for the fact. What a person may do about it is said by the door that catches it.
"""


class PqrError(Exception):
    """Root of everything this service raises on purpose; its text is fit for an official to read (Spanish)."""


class ConfigError(PqrError):
    """A setting is missing or wrong; the text names the variable."""


class ActNotAllowed(PqrError):
    """The ticket's state does not admit this act; the text says which state and which act."""


class AlreadyAnswered(ActNotAllowed):
    """The ticket has an answer on file; a second one would leave with another exit number."""


class ExtensionNotAllowed(ActNotAllowed):
    """The term cannot be extended: too late, too long, or already extended (CPACA art. 14 par.)."""


class EditedMeanwhile(PqrError):
    """Somebody else changed the ticket after this page was read; nothing was overwritten."""


class NotUnderstood(PqrError):
    """A reply carries an order whose words cannot be read (for example an extension without days)."""
