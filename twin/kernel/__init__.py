"""The kernel: time, signals, commands, alarms, random streams, records. It knows no plant."""
