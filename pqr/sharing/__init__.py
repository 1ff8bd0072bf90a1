"""What do other programs learn from us, and tell us?  Open311 GeoReport v2 and signed webhooks, without a web."""
