"""The simulator beside closed forms and published tables: lines, oracles, and the page."""
