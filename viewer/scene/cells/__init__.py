"""Workcells: one module for each family of bodies, and what joins them to one tree of nodes."""

from .draw import DRAWERS, DrawnCell, draw_workcell

__all__ = ["DRAWERS", "DrawnCell", "draw_workcell"]
