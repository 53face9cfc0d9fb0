/** A token of a PostgreSQL script, outside of comments. */
export interface PgsqlToken {
  /** `name` is a quoted identifier, `body` a dollar-quoted text, `word` everything unquoted. */
  readonly kind: 'word' | 'name' | 'string' | 'body' | 'operator';
  /** Words in upper case. */
  readonly text: string;
  readonly line: number;
}

export interface PgsqlTokens {
  readonly tokens: readonly PgsqlToken[];
  readonly comments: readonly { readonly line: number; readonly text: string }[];
  /** The lines at which an unclosed token begins. */
  readonly unclosed: readonly number[];
}

const pattern =
  /(\s+)|(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|("(?:[^"]|"")*")|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+(?:\.\d+)?)|([\s\S])/uy;

const kinds = ['operator', 'operator', 'operator', 'string', 'name', 'body', 'word', 'operator'] as const;

/** Reads a script into tokens; bodies between dollar tags stay whole. */
export function pgsqlTokens(script: string): PgsqlTokens {
  const tokens: PgsqlToken[] = [];
  const comments: { line: number; text: string }[] = [];
  const unclosed: number[] = [];
  let line = 1;
  let at = 0;
  while (at < script.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(script);
    if (match === null) break;
    let [found] = match;
    let group = 1;
    while (match[group] === undefined) group += 1;
    const kind = kinds[group] ?? 'operator';
    if (kind === 'body') {
      const end = script.indexOf(found, at + found.length);
      if (end < 0) unclosed.push(line);
      found = end < 0 ? script.slice(at) : script.slice(at, end + found.length);
    }
    if (group === 2) comments.push({ line, text: found });
    else if (group > 2) {
      if (kind === 'operator' && (found === "'" || found === '"')) unclosed.push(line);
      tokens.push({ kind, text: kind === 'word' ? found.toUpperCase() : found, line });
    }
    if (found.includes('\n')) line += found.split('\n').length - 1;
    at += found.length;
  }
  return { tokens, comments, unclosed };
}

/** The statements of a script or of a body, without the semicolons. */
export function splitStatements(tokens: readonly PgsqlToken[]): PgsqlToken[][] {
  const statements: PgsqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'operator' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}
