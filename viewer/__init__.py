"""What people look at: the scene of a line, the window and pictures, the browser lab."""
