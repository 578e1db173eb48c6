"""The whole way from an empty database to the contractor's workbook, walked from outside: real
servers, the real clock, HTTP alone. It imports nothing of the program (docs/walk.md)."""
