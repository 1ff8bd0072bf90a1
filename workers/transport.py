"""Does a broker that dies take the worker along?  Not with this Redis transport, which hands back no receipts.

kombu 5.7 acknowledges a message on the next turn of its loop; when the connection broke meanwhile it looks for the
server's name in a connection that is gone, and that error ends the worker. Our messages only say "look at the
ledger", so a lost one costs nothing and none needs a receipt.
"""

from kombu.transport import TRANSPORT_ALIASES, redis

NAME = f"{__name__}:Transport"


class Channel(redis.Channel):
    """A channel whose messages are done once they are read."""

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Nothing to say: see the module."""


class Transport(redis.Transport):
    """Redis as before, with that channel."""

    Channel = Channel


def use() -> None:
    """Makes `redis://` and `rediss://` mean this transport in this process."""
    TRANSPORT_ALIASES.update(redis=NAME, rediss=NAME)
