"""What came in, and what goes out?

`addresses` signs and reads the addresses that a reply comes back to; `message` turns received bytes into an
`IncomingMail`; `quoting` separates what was written now from what was quoted; `bounces` reads delivery
reports. They stand on `mime`, `headers`, `transfer`, `charsets`, `markup`, `bodies` and `machine_mail`.
"""
