"""WHEN IS IT DUE? The kinds of request, the calendar, and the day on which each term ends.

Pure law: the standard library and `holidays`, nothing else; no clock, no database, no request.

kinds       how long does each kind have, by which article?
holidays    which days are national holidays?
calendar    which days are business days here, and why are the others not?
receipt     on which day does a message count as received?
deadlines   when is it due?
clock       is it running, when was it stopped, and on which day does it end then?
explaining  how is a due date explained to a person?
spanish     how are days and hours said to a person?
"""
