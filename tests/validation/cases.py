"""Every case, in the order of the page."""

from .case import Chapter
from .machine_cases import MACHINES
from .network_cases import NETWORKS
from .queue_cases import QUEUES
from .serial_cases import SERIAL
from .shop_cases import SHOP

CHAPTERS: tuple[Chapter, ...] = (*QUEUES, *SERIAL, *MACHINES, *NETWORKS, *SHOP)
CASES = tuple(case for chapter in CHAPTERS for case in chapter.cases)
