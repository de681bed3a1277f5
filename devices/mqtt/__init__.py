"""MQTT: the twin as topics, a broker of its own, and the client of devices on a bus."""
