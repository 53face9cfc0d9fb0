/** A token of an SQL text. Blanks and comments are not tokens. */
export interface SqlToken {
  /** `name` is a quoted identifier, `body` a text between dollar tags, `word` a keyword or an unquoted identifier. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'variable' | 'body' | 'operator';
  /** The token as it is written. */
  readonly text: string;
  /** A name, string or body without its quotes or tags; a word in upper case; any other token as written. */
  readonly value: string;
  readonly line: number;
  /** The position in the whole script, which tells what comes first. */
  readonly position: number;
}

/** A piece of a text, with its line. */
export interface TextOfLine {
  readonly line: number;
  readonly text: string;
}

export interface SqlTokens {
  readonly tokens: readonly SqlToken[];
  readonly comments: readonly TextOfLine[];
  /** Text that begins no token, such as a quote that is never closed. */
  readonly unreadable: readonly TextOfLine[];
}

/** The pattern of each kind of token. Where several fit, the first one counts; what fits none is unreadable. */
type TokenGrammar = Readonly<Partial<Record<SqlToken['kind'] | 'comment' | 'unreadable', RegExp>>>;

const unquotings: Readonly<Partial<Record<SqlToken['kind'], (text: string) => string>>> = {
  word: (text) => text.toUpperCase(),
  string: (text) => text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'"),
  name: (text) =>
    text.startsWith('[') ? text.slice(1, -1).replaceAll(']]', ']') : text.slice(1, -1).replaceAll('""', '"'),
  body: (text) => text.slice(text.indexOf('$', 1) + 1, text.lastIndexOf('$', text.length - 2)),
};

/**
 * Returns a function that splits a text into tokens by a grammar, given the line and the position at which the text
 * begins.
 */
function tokenReader(grammar: TokenGrammar): (text: string, line?: number, start?: number) => SqlTokens {
  const patterns = Object.entries({ ...grammar, unreadable: grammar.unreadable ?? /[\s\S]/ });
  let groups = 0;
  // by number: an object with a group for each kind, made for each token, takes a third of the time
  const kinds = patterns.map(([kind, { source }]) => {
    const group = groups + 1;
    groups += new RegExp(`(${source})|`, 'u').exec('')?.slice(1).length ?? 0;
    return { kind: kind as keyof TokenGrammar, group };
  });
  const parts = patterns.map(([, { source }]) => `(${source})`);
  const pattern = new RegExp(['\\s+', ...parts].join('|'), 'uy');
  return (text, firstLine = 1, start = 0) => {
    const tokens: SqlToken[] = [];
    const comments: TextOfLine[] = [];
    const unreadable: TextOfLine[] = [];
    let line = firstLine;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const [whole] = match;
      const kind = kinds.find((each) => match?.[each.group] !== undefined)?.kind;
      if (kind === 'comment') comments.push({ line, text: whole });
      else if (kind === 'unreadable') unreadable.push({ line, text: whole });
      else if (kind !== undefined) tokens.push(tokenOf(kind, whole, line, start + match.index));
      if (whole.includes('\n')) line += whole.split('\n').length - 1;
    }
    return { tokens, comments, unreadable };
  };
}

function tokenOf(kind: SqlToken['kind'], text: string, line: number, position: number): SqlToken {
  return { kind, text, value: unquotings[kind]?.(text) ?? text, line, position };
}

const comment = /--[^\n]*|\/\*[\s\S]*?\*\//;
const decimal = /\d+(?:\.\d+)?/;

/** The tokens of a PostgreSQL script. Each sign is an operator of its own. */
export const pgsqlTokens = tokenReader({
  comment,
  // a string with the prefix E also has escapes
  string: /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'/,
  name: /"(?:[^"]|"")*"/,
  body: /(?<tag>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\k<tag>/,
  number: decimal,
  word: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
  // a quote or tag that is never closed takes the rest of the script
  unreadable: /(?:['"]|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*/,
  operator: /[\s\S]/,
});

/**
 * The tokens of a T-SQL batch. It is read here because no SQL Server is available and no parser on npm reads the
 * procedural parts of the scripts (design 09b §2.4).
 */
export const tsqlTokens = tokenReader({
  comment,
  string: /N?'(?:[^']|'')*'/,
  name: /\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"/,
  variable: /@@?[A-Za-z_][\w@#$]*/,
  number: /0x[0-9A-Fa-f]*|\d+(?:\.\d+)?/,
  word: /#{0,2}[A-Za-z_][\w@#$]*/,
  operator: /<>|<=|>=|!=|\+=|[-+*/%=<>(),.;|&^~:]/,
});

/** The tokens of an expression or view as an engine of either dialect prints it. */
export const printedTokens = tokenReader({
  name: /"(?:[^"]|"")+"|\[(?:[^\]]|\]\])+\]/,
  string: /N?'(?:[^']|'')*'/,
  number: decimal,
  word: /[A-Za-z_][A-Za-z0-9_$]*/,
  operator: /\[\]|::|<>|!=|<=|>=|\|\||[-+*/%=<>(),.]/,
});

export const isWord = (token: SqlToken | undefined, ...words: readonly string[]) =>
  token?.kind === 'word' && words.includes(token.value);
export const isOperator = (token: SqlToken | undefined, text: string) =>
  token?.kind === 'operator' && token.text === text;

/** Whether the tokens from `index` on are these words. */
export const wordsAt = (tokens: readonly SqlToken[], index: number, ...words: readonly string[]) =>
  words.every((word, offset) => isWord(tokens[index + offset], word));

/** The identifier that a token spells; undefined for a token that is neither a name nor a word. */
export function identifierOf(token: SqlToken | undefined): string | undefined {
  if (token?.kind === 'word') return token.text;
  return token?.kind === 'name' ? token.value : undefined;
}

/** The name by which the server looks a token up: an unquoted one in lower case. */
export const lookedUpName = (token: SqlToken | undefined): string | undefined =>
  token?.kind === 'word' ? token.text.toLowerCase() : identifierOf(token);

/** The texts of the tokens, joined by blanks, for messages and comparisons. */
export const spelled = (tokens: readonly SqlToken[]) => tokens.map(({ text }) => text).join(' ');

/** Thrown for a text that does not have the forms that the renderer writes. */
export class UnreadableScript extends Error {}

/** Index of the `)` that closes the `(` at `open`; undefined if none does. */
export function closingAt(tokens: readonly SqlToken[], open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (isOperator(tokens[index], '(')) depth += 1;
    if (isOperator(tokens[index], ')')) depth -= 1;
    if (depth === 0) return index;
  }
  return undefined;
}

/** Index of the `)` that closes the `(` at `open`; throws `UnreadableScript` if none does. */
export function closing(tokens: readonly SqlToken[], open: number): number {
  const end = closingAt(tokens, open);
  if (end === undefined) throw new UnreadableScript(`line ${tokens[open]?.line}: a parenthesis is not closed`);
  return end;
}

/** Splits at the commas outside parentheses. */
export function commaSeparated(tokens: readonly SqlToken[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
    if (isOperator(token, ',') && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The statements of a script or of a body, without the semicolons. */
export function splitStatements(tokens: readonly SqlToken[]): SqlToken[][] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (isOperator(token, ';')) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}
