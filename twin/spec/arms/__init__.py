"""Robot arms as plain descriptions, read from URDF.

describe              the description of an arm: one of the catalogue, or from a URDF file
ArmDescription        links, joints, shapes, limits
catalogue_names       the arms that a line file may name
"""

from .catalogue import catalogue_names, describe
from .description import ArmDescription, Frame, Joint, Link, Part

__all__ = ["ArmDescription", "Frame", "Joint", "Link", "Part", "catalogue_names", "describe"]
