/** Indents the lines by one level. */
export const indented = (lines: readonly string[]) => lines.map((line) => `    ${line}`);
