"""Colours and surfaces: one calm hall, and states that are seen from across it."""

from .document import Material

STATES = {
    "busy": "#1fb25a",
    "starved": "#6cc5f0",
    "blocked": "#f5b800",
    "down": "#e0262b",
    "setup": "#2458d3",
    "idle": "#9aa3ab",
}
"""By the convention of signal towers; starved is the pale blue, setup the deep one."""

TOWER = ("starved", "setup", "busy", "blocked", "down")
"""Segments of a signal tower from below: white, blue, green, yellow, red (IEC 60073)."""

MATERIALS = {
    "body": Material("#e6eaed", gloss=0.35),
    "body_shade": Material("#c6cdd3", gloss=0.3),
    "frame": Material("#3c4650", gloss=0.3),
    "dark": Material("#23292f", gloss=0.25),
    "steel": Material("#aab4bc", gloss=0.6),
    "belt": Material("#343b42", gloss=0.1),
    "glass": Material("#8fc7de", opacity=0.28, gloss=0.9),
    "glass_laser": Material("#f08a24", opacity=0.5, gloss=0.9),
    "mesh": Material("#e9c65a", opacity=0.2, gloss=0.0),
    "screen": Material("#1b4f72", gloss=0.8, glow=True),
    "screen_line": Material("#7fe0c3", glow=True),
    "blue": Material("#2c6e9b", gloss=0.35),
    "teal": Material("#23877f", gloss=0.35),
    "violet": Material("#6a5aa0", gloss=0.35),
    "orange": Material("#e8792b", gloss=0.4),
    "navy": Material("#28486b", gloss=0.3),
    "yellow": Material("#f0bb1c", gloss=0.3),
    "red": Material("#c0392b", gloss=0.3),
    "green": Material("#2f9e63", gloss=0.3),
    "wood": Material("#c9a26d", gloss=0.05),
    "carton": Material("#b98d5a", gloss=0.05),
    "skin": Material("#d9a982", gloss=0.1),
    "vest": Material("#ef7d22", gloss=0.1),
    "trousers": Material("#2d3b55", gloss=0.1),
    "hot": Material("#ff7a3c", glow=True),
    "bin_blue": Material("#3b7fc4", gloss=0.2),
    "bin_red": Material("#cf4b3f", gloss=0.2),
    "bin_green": Material("#4ea66a", gloss=0.2),
    **{f"lamp_{state}": Material(colour, glow=True) for state, colour in STATES.items()},
    "lamp_any": Material(STATES["idle"], glow=True),
}

FLOOR = "#d3d8dc"
FLOOR_ZONE = "#dfe3e6"
FLOOR_LANE = "#b7bfc7"
LANE_EDGE = "#f4f6f7"
SAFETY = "#eebf2c"

ACCENT = {
    "machine": "blue",
    "press": "navy",
    "laser_weld": "orange",
    "robot_cell": "orange",
    "oven": "red",
    "laminator": "navy",
    "leak_test": "teal",
    "eol_test": "violet",
    "gate": "violet",
    "bench": "teal",
    "manual": "green",
}
