"""The panel of a robot in the page of a workcell: pendant, points, RAPID editor."""
