"""Robot arms: kinematics, moves in closed form, collisions foreseen along the whole path."""
