// How a program stands, in words; and figures and sentences as people write them.

// Minus nought is nought.
export function fixed(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const telling = {
  computed: {
    statement() {
      const { text, line } = this.program;
      return (text.split("\n")[line - 1] ?? "").replace(/!.*$/, "").trim();
    },

    // Why it does not run, in a word or two; what it does while it runs.
    programText() {
      const { mode, reason, bare, line } = this.program ?? { mode: "empty" };
      if (mode === "ready" && bare) return this.r("rapid_bare");
      if (reason && mode !== "run" && mode !== "empty") return this.r(`rapid_why_${reason}`, { line });
      return this.r(`rapid_${mode}`);
    },

    // While it runs: which line, and what it waits for.
    waitText() {
      const { waits, line } = this.program;
      return this.r(`waits_${waits || "nothing"}`, { line, statement: this.statement });
    },
  },
};
