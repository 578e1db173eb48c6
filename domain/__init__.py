"""The rules: values in, values out.

Standard library only. No clock, no database, no request; ``now`` is always an argument. Money is
an ``int`` number of fen, area an ``int`` number of hundredths of a square metre.
"""
