"""The page of one workcell: its view, points, panel, program, timing and incidents."""
