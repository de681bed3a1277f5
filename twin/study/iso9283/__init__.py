"""Inspection of robot arms by ISO 9283:1998 (GB/T 12642-2013, the same in Chinese).

The formulas are in one module for each clause; `cube` places the standard's test cube, `program`
says what is driven, `stand` drives it, `evaluate` makes figures of what was measured, `report`
prints them. Left out: exchangeability (7.7), static compliance (10) and weaving (11), for the twin
has neither a second arm of the kind, nor elastic joints, nor a weaving move.
"""
