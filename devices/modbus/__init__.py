"""Modbus TCP: the twin as a server, and the client of a PLC."""
