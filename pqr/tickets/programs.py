"""Is this file a program?  By its first bytes, whatever it is called; pure.

Anything that could be evidence is taken (CPACA art. 15): photographs, papers, recordings, plans, what no list foresees.
A program is no evidence of a pothole, and somebody here would have to open it.
"""

HEAD = 8  # bytes that are enough to tell
_PROGRAMS = (
    b"MZ",  # Windows and DOS
    b"\x7fELF",  # Linux, Android
    # of macOS and Java:
    b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe",
    b"dex\n",  # Android
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",  # a shortcut of Windows
    b"#!",  # a script
)  # fmt: skip


def is_program(head: bytes) -> bool:
    """Whether a file that begins so would be run and not read. `head`: its first `HEAD` bytes or more."""
    return head.startswith(_PROGRAMS)
