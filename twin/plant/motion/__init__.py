"""Motion fidelity: workcells whose bodies move in closed form and schedule only their next event."""
