"""A shop floor to mirror: two small stations that live in a process of their own.

They stand in for real machines in demonstrations and lessons. One speaks OPC UA, one MQTT; both
have a timing of their own that no model knows: it drifts, it jitters, and now and then they stop.
"""
