"""`twin doctor`: what stands between the twin and a device, in plain words."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from twin.spec.errors import SpecError
from twin.spec.messages import message

from .failure import call_wrong, explained, say, work_failed
from .language import choose
from .live import Lang

if TYPE_CHECKING:
    from devices.checkup import Examine, Finding, Patient
    from twin.spec.device import Binding, DevicesSpec, LinkSpec

HELP = """Find out why a device cannot be reached, or gives wrong values, and say what to do.

It looks at the name, the port, the firewall and this machine's own addresses, then at what the
protocol knows: unit, addresses and word order of Modbus, security, users and namespaces of OPC UA,
login and topics of MQTT. Of a devices file it looks at each link with its tags, and at the ports
that the twin wants. It changes nothing. The password is taken from PILOTLINE_PASSWORD.

Exit status: 0 nothing is wrong, 1 something is, 2 the call was wrong.

Example: twin doctor modbus://192.168.0.10:502 --tag holding:10:real"""

PORTS = {"opc.tcp": 4840, "modbus": 502, "s7": 102, "mqtt": 1883, "mqtts": 8883}
SIGNS = {"good": ("✓", "green"), "bad": ("✗", "red"), "note": ("!", "yellow")}


@dataclass(frozen=True, slots=True)
class Case:
    """What one target came to."""

    what: str
    findings: list["Finding"]


def doctor(
    target: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS|DEVICES",
            help="opc.tcp://…, modbus://…, s7://…, mqtt[s]://…, or a devices file or its name.",
        ),
    ],
    *,
    tag: Annotated[
        list[str] | None, typer.Option(help="A tag to read there; can be given again.")
    ] = None,
    user: Annotated[str | None, typer.Option(help="User; without one: as anybody.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="PILOTLINE_PASSWORD", hidden=True, help="Its password.")
    ] = None,
    encrypted: Annotated[bool, typer.Option("--encrypted", help="OPC UA: sign, encrypt.")] = False,
    unit: Annotated[int, typer.Option(min=0, max=255, help="Modbus: unit id.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Say what is wrong between the twin and a device."""
    language = choose(lang)
    with explained(language):
        if "://" in target:
            given = {"user": user, "password": password, "encrypted": encrypted, "unit": unit}
            patient = _patient(target, language, tags=tuple(tag or ()), **given)
            cases = [asyncio.run(_examined(patient))]
        else:
            cases = asyncio.run(_devices(target, language))
        if as_json:
            sys.stdout.write(json.dumps(_document(cases, language), ensure_ascii=False) + "\n")
        else:
            _show(cases, language)
        if any(finding.mark == "bad" for case in cases for finding in case.findings):
            raise typer.Exit(work_failed)


def _patient(url: str, language: str, **given: Any) -> "Patient":
    from devices.checkup import Patient

    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in PORTS or not parts.hostname or port == -1 or parts.password:
        schemes = ", ".join(f"{scheme}://HOST:{usual}" for scheme, usual in PORTS.items())
        say(f"twin: {message('doctor.no_doctor', language, url=url, schemes=schemes)}")
        raise typer.Exit(call_wrong)
    return Patient(url, parts.hostname, port or PORTS[parts.scheme], **given)


async def _examined(patient: "Patient", what: str = "") -> Case:
    from devices.network import network

    ports, examine = _specialist(urlsplit(patient.url).scheme)
    findings = [finding async for finding in network(patient, ports)]
    if findings and all(finding.mark != "bad" for finding in findings):
        findings += [finding async for finding in examine(patient)]
    return Case(what or patient.url, findings)


def _specialist(scheme: str) -> tuple[tuple[int, ...], "Examine"]:
    """Return the usual ports of a protocol and who knows what goes wrong with it."""
    if scheme == "opc.tcp":
        from devices.opcua import doctor as opcua

        return opcua.PORTS, opcua.examine
    if scheme == "modbus":
        from devices.modbus import doctor as modbus

        return modbus.PORTS, modbus.examine
    if scheme == "s7":
        from devices.s7 import doctor as s7

        return (102, 1102), s7.examine
    from devices.mqtt import doctor as mqtt

    return mqtt.PORTS, mqtt.examine


# ---- a devices file


async def _devices(name: str, language: str) -> list[Case]:
    from twin.mirror.load import load_devices

    spec = load_devices(name)
    cases = [await _link(spec, link, language) for link in spec.links]
    return [*cases, *_own_ports(spec)]


async def _link(spec: "DevicesSpec", link: "LinkSpec", language: str) -> Case:
    from devices.checkup import bad

    password = os.environ.get(link.password_env) if link.password_env else None
    if link.password_env and not password:
        missing = bad("user", "doctor.no_password", link=link.id, variable=link.password_env)
        return Case(f"{link.id}: {link.address}", [missing])
    patient = _patient(
        link.address,
        language,
        user=link.user,
        password=password,
        encrypted=link.encrypted,
        ca_file=link.ca_file,
        tags=tuple(_tags(spec, link.id)),
        unit=link.unit,
        word_order=link.word_order,
        options=link.model_dump(include={"rack", "slot"}),
    )
    return await _examined(patient, f"{link.id}: {link.address}")


def _tags(spec: "DevicesSpec", link: str) -> list[str]:
    """Return the tags that a devices file wants of a link, each once."""
    names = ("busy", "begun", "done", "good", "fault", "cycle_s", "alive")
    found = [
        tag
        for station in spec.stations
        if station.link == link
        for name in names
        if (tag := getattr(station, name)) is not None
    ]
    found += [binding.tag for binding in (*spec.signals, *_points(spec)) if binding.link == link]
    return list(dict.fromkeys(found))


def _points(spec: "DevicesSpec") -> list["Binding"]:
    """Return the bindings of the workcells that a device controls, where their line is at hand."""
    from twin.mirror.control import bindings
    from twin.spec.load import load_line

    if not spec.control and all(cell.control is None for cell in spec.cells):
        return []
    try:
        return list(bindings(spec, load_line(spec.line)))
    except SpecError:
        return []


def _own_ports(spec: "DevicesSpec") -> list[Case]:
    from devices.network import own_port

    cases = []
    for kind in ("opcua", "mqtt", "modbus", "s7"):
        outlet = getattr(spec.outlets, kind, None)
        if outlet is None or getattr(outlet, "broker", None) is not None:
            continue
        finding = own_port(outlet.host, outlet.port, f"--{kind}-port")
        cases.append(Case(f"{kind}: {outlet.host}:{outlet.port}", [finding]))
    return cases


# ---- what is told


def _show(cases: list[Case], language: str) -> None:
    from rich.console import Console
    from rich.text import Text

    screen = Console(highlight=False, soft_wrap=True)
    for case in cases:
        screen.print(Text(case.what, "bold"))
        for finding in case.findings:
            sign, colour = SIGNS[finding.mark]
            screen.print(Text.assemble((f"  {sign} ", colour), finding.found.text(language)))
            for detail in finding.details:
                screen.print(Text(f"      {detail}", "dim"))
            if finding.remedy is not None:
                remedy = message("doctor.do", language, remedy=finding.remedy)
                screen.print(Text(f"    {remedy}"))
    findings = [finding for case in cases for finding in case.findings]
    wrong = sum(finding.mark == "bad" for finding in findings)
    if wrong:
        say(message("doctor.ill", language, count=wrong, all=len(findings)))
    else:
        say(message("doctor.well", language))


def _document(cases: list[Case], language: str) -> dict[str, Any]:
    return {
        "well": all(finding.mark != "bad" for case in cases for finding in case.findings),
        "targets": [
            {
                "target": case.what,
                "findings": [
                    {
                        "about": finding.about,
                        "mark": finding.mark.value,
                        "found": finding.found.text(language),
                        "remedy": finding.remedy.text(language) if finding.remedy else None,
                        "details": list(finding.details),
                    }
                    for finding in case.findings
                ],
            }
            for case in cases
        ],
    }
