"""The rooms of the house, one question each.

terms        when is it due?          the law, pure
entity       who are we?            name, address, logo, over those of the environment
closures     when are we shut?        the editable calendar of the municipality
mail         what came, what goes?    inbox, outbox, letters, the sockets
secretarias  whose is it?             directory, topics, routing
accounts     who works here?          users and what they may do
tickets      what may happen to it?   the acts on a petition, its events, its number
intake       what is this message?    from a stored mail to an act
reminders    who must be nudged?      the ladder and the digests
backups      what if it burns?     copies of everything, and the way back
reports      how are we doing?        the 80 % indicator
sharing      who else may know?       Open311, keys, signed webhooks
portal, desk, api, cli, app           doors: they read the clock and open transactions
"""
