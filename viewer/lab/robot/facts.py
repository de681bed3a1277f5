"""What the browser is told of the robots of a workcell once, when its page opens."""

from typing import Any

from twin.api.hub import Live
from twin.api.robots import robots_of
from twin.plant.motion.workcell import Workcell
from twin.spec.messages import catalogue
from viewer.lab.words import Words

TEXTS = "robotpage."


def robot_texts(language: str) -> dict[str, str]:
    """Return every text of the panel, by its key with `robot.` instead of `robotpage.`."""
    return {
        f"robot.{key.removeprefix(TEXTS)}": texts[language]
        for key, texts in catalogue().items()
        if key.startswith(TEXTS)
    }


def robot_facts(live: Live, cell: Workcell, words: Words) -> list[dict[str, Any]]:
    """Return what the robots are."""
    return [
        {
            "id": name,
            "title": words.title(robot.spec.title, name.replace("_", " ")),
            "base": f"/api/v1/runs/{live.id}/robots/{cell.id}/{name}",
            "node": f"{cell.id}__{name}",
            "joint": f"{cell.id}/{name}/j",
            "kinds": [joint.kind for joint in robot.arm.joints],
            "arm": robot.arm.id,
            "own": robot.robot_spec.program.text if robot.robot_spec.program else None,
        }
        for name, robot in robots_of(cell).items()
    ]
