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

SIGNALS = {
    "red": ("#ff3b30", "#6e2522"),
    "yellow": ("#ffc928", "#75601f"),
    "green": ("#2ee06f", "#1f5a37"),
    "blue": ("#4d94ff", "#22416f"),
    "white": ("#ffffff", "#7c858d"),
    "orange": ("#ff8a2a", "#6d4527"),
}
"""Colours of small lamps, lit and unlit."""

CELL = {
    "profile": Material("#bcc5cc", gloss=0.55),
    "profile_dark": Material("#7d8891", gloss=0.45),
    "chrome": Material("#dfe6eb", gloss=0.9),
    "pneumatic": Material("#5d7183", gloss=0.45),
    "drive": Material("#2b5f8f", gloss=0.35),
    "rubber": Material("#2b2f34", gloss=0.05),
    "belt_mark": Material("#67727c", gloss=0.1),
    "plastic": Material("#d9dfe3", gloss=0.3),
    "sensor": Material("#33485c", gloss=0.35),
    "amber": Material("#e59a1c", gloss=0.3),
    "mushroom": Material("#d92a22", gloss=0.45),
    "brass": Material("#c9a14a", gloss=0.6),
    "rack_post": Material("#2f5f96", gloss=0.3),
    "rack_beam": Material("#e0762c", gloss=0.3),
    "beam_red": Material("#ff4a3d", opacity=0.42, glow=True),
    "beam_green": Material("#35e07a", opacity=0.42, glow=True),
    "beam_blue": Material("#4fa3ff", opacity=0.42, glow=True),
    "beam_hit": Material("#ffb02e", opacity=0.85, glow=True),
    "curtain": Material("#ff6a5c", opacity=0.3, glow=True),
    "curtain_hit": Material("#ff2a1c", opacity=0.75, glow=True),
    "fence": Material("#c9b45e", opacity=0.1, gloss=0.0),
    "axis_x": Material("#e5322d", glow=True),
    "axis_y": Material("#22b14c", glow=True),
    "axis_z": Material("#2f6fed", glow=True),
    "glow": Material("#ffb45a", opacity=0.6, glow=True),
    "arc": Material("#bfe4ff", opacity=0.9, glow=True),
    **{f"sig_{name}": Material(lit, glow=True) for name, (lit, _) in SIGNALS.items()},
    **{f"sig_{name}_off": Material(off, gloss=0.5) for name, (_, off) in SIGNALS.items()},
}
"""What workcells are made of."""

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
    **CELL,
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
