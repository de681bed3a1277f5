"""The page at `/docs`: the API's reference, self-contained, so that it reads without the internet.

The machine-readable form is `/api/v1/openapi.json`; any OpenAPI tool takes that.
"""

import json
from html import escape
from typing import Any

Schema = dict[str, Any]

_STYLE = """
:root{color-scheme:light dark;--line:#8883;--soft:#8881;--accent:#1d6fb8}
body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:62rem;
padding:1.5rem}
pre{background:var(--soft);padding:.75rem;border-radius:.5rem;overflow:auto;font-size:.85rem}
code{font-size:.9em}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0}
summary{cursor:pointer;padding:.6rem .8rem;display:flex;gap:.8rem;align-items:baseline;
flex-wrap:wrap}
summary:focus-visible{outline:3px solid var(--accent)}
.body{padding:0 1rem 1rem;border-top:1px solid var(--line)}
.verb{font:700 .8rem ui-monospace,monospace;min-width:3.2rem;text-align:center;padding:.15rem .4rem;
border-radius:.3rem;color:#fff;background:#1d6fb8}
.post,.put{background:#a3530a}.grow{flex:1}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);
padding:.3rem .5rem;text-align:left;vertical-align:top}
h2{text-transform:capitalize;margin-top:2rem}
"""


def _example(schema: Schema, schemas: Schema, depth: int = 0) -> Any:
    """Return an example value of a schema: its own, or one made of its parts' examples."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return _example(schema[key][0], schemas, depth + 1)
    if "example" in schema or "enum" in schema:
        return schema.get("example", schema.get("enum", [None])[0])
    if schema.get("type") == "array" and depth < 6:
        return [_example(schema.get("items", {}), schemas, depth + 1)]
    if "properties" in schema and depth < 6:
        return {
            name: _example(part, schemas, depth + 1) for name, part in schema["properties"].items()
        }
    plain = {"string": "text", "integer": 1, "number": 1.0, "boolean": True, "object": {}}
    return schema.get("default", plain.get(schema.get("type", "")))


def _code(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


def _content(content: Schema, schemas: Schema) -> str:
    parts = []
    for media_type, entry in content.items():
        parts.append(f"<p><code>{escape(media_type)}</code></p>")
        if entry.get("schema"):
            parts.append(_code(_example(entry["schema"], schemas)))
    return "".join(parts)


def _parameters(parameters: list[Schema]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td>"
        f"<td>{escape(p.get('description', ''))}</td></tr>"
        for p in parameters
    )
    return f"<table><tr><th>parameter</th><th>in</th><th></th></tr>{rows}</table>"


def _operation(verb: str, path: str, operation: Schema, schemas: Schema) -> str:
    request = operation.get("requestBody", {}).get("content", {})
    answers = []
    for status, answer in operation["responses"].items():
        name = f"{status} {answer.get('description', '')}"
        if status.startswith("2"):
            answers.append(f"<h4>{escape(name)}</h4>{_content(answer.get('content', {}), schemas)}")
    problems = ", ".join(s for s in operation["responses"] if not s.startswith("2"))
    ask = f"<h4>Body</h4>{_content(request, schemas)}" if request else ""
    return (
        f'<details><summary><span class="verb {verb}">{verb.upper()}</span>'
        f'<code class="grow">{escape(path)}</code><span>{escape(operation["summary"])}</span>'
        f'</summary><div class="body"><p>{escape(operation.get("description", ""))}</p>'
        f"{_parameters(operation.get('parameters', []))}{ask}{''.join(answers)}"
        f"<p>Problems: {problems or 'none'}</p></div></details>"
    )


def _about(text: str) -> str:
    paragraphs = []
    for block in text.strip().split("\n\n"):
        pieces = escape(block).split("`")
        marked = "".join(p if i % 2 == 0 else f"<code>{p}</code>" for i, p in enumerate(pieces))
        bold = marked.split("**")
        marked = "".join(p if i % 2 == 0 else f"<b>{p}</b>" for i, p in enumerate(bold))
        paragraphs.append(f"<p>{marked}</p>")
    return "".join(paragraphs)


def docs_page(openapi: Schema) -> str:
    """Return the reference as one HTML page."""
    schemas = openapi["components"]["schemas"]
    by_tag: dict[str, list[str]] = {}
    for path, operations in openapi["paths"].items():
        for verb, operation in operations.items():
            tag = operation.get("tags", ["more"])[0]
            by_tag.setdefault(tag, []).append(_operation(verb, path, operation, schemas))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(ops)}" for tag, ops in by_tag.items())
    problem = _code(_example({"$ref": "#/components/schemas/Problem"}, schemas))
    title = f"{escape(openapi['info']['title'])} API {escape(openapi['info']['version'])}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style><h1>{title}</h1>{_about(openapi['info']['description'])}"
        '<p><a href="/api/v1/openapi.json">openapi.json</a> · <a href="/">the line</a></p>'
        f"<h3>A problem</h3>{problem}{body}</html>"
    )
