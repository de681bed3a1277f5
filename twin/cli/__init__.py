"""The verbs of the `twin` command, one module each."""
