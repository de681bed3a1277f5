"""The errors of the drivers.

PilotlineError
└── DeviceError         something between the twin and the world that a person can put right
    ├── LinkError       a device that cannot be reached, or refuses
    ├── OutletError     the twin cannot be published
    └── WriteRefused    a write that may not or cannot be carried out
"""

from twin.kernel.errors import PilotlineError


class DeviceError(PilotlineError):
    """Something between the twin and the world that a person can put right."""


class LinkError(DeviceError):
    """A device that cannot be reached, or refuses."""


class OutletError(DeviceError):
    """The twin cannot be published."""


class WriteRefused(DeviceError):
    """A write that may not or cannot be carried out."""
