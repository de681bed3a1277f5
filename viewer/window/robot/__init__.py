"""The robot panel of the window: pendant, points and program of the chosen robot."""
