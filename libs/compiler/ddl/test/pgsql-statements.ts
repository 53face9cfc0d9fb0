/**
 * Splits a PostgreSQL script into its top-level statements, each as a list of tokens: strings, names and dollar-quoted
 * bodies are one token each; comments and white space are omitted.
 */
export function statementTokens(script: string): string[][] {
  const pattern =
    /\s+|--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[A-Za-z0-9_]*\$)[\s\S]*?\1|[A-Za-z_][\w]*|\d+|::|[\s\S]/g;
  const found: string[][] = [[]];
  for (const [token] of script.matchAll(pattern)) {
    if (/^(\s|--)/.test(token)) continue;
    if (token === ';') found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((tokens) => tokens.length > 0);
}

/** The texts of the statements, for a client that sends them one by one. */
export const topLevelStatements = (script: string): string[] =>
  statementTokens(script).map((tokens) => tokens.join(' '));
