"""Every incident that any test here causes must read well in both languages."""

import pytest

from twin.plant.motion.incident import Incidents
from twin.spec.messages import message


@pytest.fixture(autouse=True)
def every_incident_can_be_read(monkeypatch):
    add = Incidents.add

    def checked(self, *args):
        incident = add(self, *args)
        for language in ("en", "zh"):
            text = message(incident.cause, language, **incident.values)
            assert "{" not in text
        assert message(f"alarm.{incident.kind}", "zh")
        return incident

    monkeypatch.setattr(Incidents, "add", checked)
