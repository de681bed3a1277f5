"""The PyVista window on a running line, and pictures without a screen."""
