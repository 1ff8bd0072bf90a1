"""Which sockets carry mail?  `listen` (SMTP and LMTP in), `imap` (in), `send` (SMTP out); nowhere else."""
