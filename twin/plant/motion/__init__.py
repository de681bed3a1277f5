"""Motion fidelity: workcells whose bodies move in closed form, one event at a time."""
