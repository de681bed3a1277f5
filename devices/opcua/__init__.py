"""OPC UA: the twin as a server, and the client of a device."""
