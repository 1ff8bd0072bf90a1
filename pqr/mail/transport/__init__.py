"""Which sockets carry mail?  `listen` (SMTP and LMTP in), `fetch` (IMAP in), `send` (SMTP out); nowhere else."""
