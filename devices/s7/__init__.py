"""S7: the client of a Siemens controller (PUT/GET), and workcells as one that others can ask."""
