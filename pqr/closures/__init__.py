"""When are we shut?  The municipality's own calendar, kept as rows that a person may correct."""
