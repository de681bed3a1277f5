import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from api_world import port, world

__all__ = ["port", "world"]
