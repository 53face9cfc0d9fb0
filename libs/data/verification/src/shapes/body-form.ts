import { mustExist, qualified } from '@dms/model';
import type { ListedItem, TableRoles } from './table-roles.ts';

/*
 * The form of a body (design 24 §2 to §4): its text with roles in place of names, and named lists in place of runs of
 * lines. The form and the roles of the table give the text back, so two bodies of one form are one text with other names.
 */

/** A run of lines about the columns of a list, or a single line about the only column of one. */
export interface BodyForm {
  /** The text, with `ALL` in place of each run. */
  readonly text: string;
  /** How each run treats each class of columns. */
  readonly facts: ReadonlySet<string>;
  /** The names of the lists that each run may be, in the order of the runs. */
  readonly readings: readonly ReadonlySet<string>[];
}

type TokenKind = 'name' | 'text' | 'number' | 'word' | 'mark' | 'end';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly scope: AliasScope;
}

/** A statement, or what stands between parentheses: aliases hold within it. */
interface AliasScope {
  readonly outer: AliasScope | null;
  /** The tables of aliases; null if an alias has two. */
  readonly aliases: Map<string, string | AliasScope | null>;
  /** The table that the statement writes. */
  target: string | null;
  /** Whether a query of its own begins here, whose columns must have aliases. */
  isQuery: boolean;
}

/** A name that does not resolve: the body has no form. */
class UnresolvedName extends Error {}

const pattern =
  /(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][A-Za-z_0-9$]*)|(?<end>\n)|[ \t]+|(?<mark>::|:=|\|\||<>|<=|>=|[-+*/%<>=().,;:[\]&|~!^?@#])/y;

/** Words after which another statement begins. */
const beginnings = new Set(['THEN', 'ELSE', 'LOOP', 'BEGIN', 'DECLARE']);

/** Words after which a table stands. */
const beforeTables = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE']);

const newScope = (outer: AliasScope | null): AliasScope => ({
  outer,
  aliases: new Map(),
  target: null,
  isQuery: false,
});

/** The tokens of a body, each with its scope. */
function tokensOf(body: string): readonly Token[] {
  const tokens: Token[] = [];
  const open: AliasScope[] = [];
  let scope = newScope(null);
  pattern.lastIndex = 0;
  while (pattern.lastIndex < body.length) {
    const { groups } = pattern.exec(body) ?? {};
    // a comment, a text of another form, or a letter that no body has
    if (!groups) throw new UnresolvedName();
    const [kind, text] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    if (kind === undefined || text === undefined) continue;
    const isQuoted = kind === 'text' || kind === 'name';
    // a text with escapes, or a name of another form
    if (isQuoted && /[\w$&]/.test(body.charAt(pattern.lastIndex - text.length - 1))) throw new UnresolvedName();
    const previous = tokens.at(-1);
    if (/^--|^\/\*/.test(`${previous?.kind === 'mark' ? previous.text : ''}${text}`)) throw new UnresolvedName();
    if (text === '(') {
      tokens.push({ kind: 'mark', text, scope });
      open.push(scope);
      scope = newScope(scope);
      continue;
    }
    if (text === ')') scope = open.pop() ?? failed();
    tokens.push({ kind: kind as TokenKind, text, scope });
    if (scope.outer === null && (text === ';' || (kind === 'word' && beginnings.has(text.toUpperCase()))))
      scope = newScope(null);
  }
  if (open.length > 0) throw new UnresolvedName();
  return tokens;
}

function failed(): never {
  throw new UnresolvedName();
}

const unquoted = (text: string) => text.slice(1, -1).replaceAll('""', '"');

/** The tables that aliases stand for, and those that statements write. */
function findTables(tokens: readonly Token[], roles: TableRoles, transitions: ReadonlySet<string>): ReadonlySet<Token> {
  const named = new Set<Token>();
  const plain = tokens.filter(({ kind }) => kind !== 'end');
  /** The scopes between parentheses, by the token that closes them. */
  const closed = new Map<Token, AliasScope>();
  const inner: AliasScope[] = [];
  for (const [index, token] of plain.entries()) {
    if (token.text === '(' && token.kind === 'mark') inner.push(plain[index + 1]?.scope ?? token.scope);
    if (token.text === ')' && token.kind === 'mark') closed.set(token, inner.pop() ?? failed());
    if (token.kind === 'word' && token.text.toUpperCase() === 'SELECT') token.scope.isQuery = true;
  }
  const setAlias = (at: number, scope: AliasScope, table: string | AliasScope) => {
    const first = plain[at];
    const isNamed = first?.kind === 'word' && first.text.toUpperCase() === 'AS';
    const alias = isNamed ? plain[at + 1] : undefined;
    if (alias?.kind !== 'word') return;
    const known = scope.aliases.get(alias.text);
    const resolved = typeof table === 'string' ? table : tableOfQuery(table);
    scope.aliases.set(alias.text, known === undefined || known === resolved ? resolved : null);
  };
  for (const [index, token] of plain.entries()) {
    if (token.kind === 'mark' && token.text === ')' && closed.has(token)) {
      setAlias(index + 1, token.scope, mustExist(closed.get(token), 'what stands between parentheses'));
      continue;
    }
    if (token.kind !== 'word' || !beforeTables.has(token.text.toUpperCase())) continue;
    const [first, dot, second] = plain.slice(index + 1, index + 4);
    if (first?.kind === 'name' && dot?.text === '.' && second?.kind === 'name') {
      const table = qualified({ schema: unquoted(first.text), name: unquoted(second.text) });
      named.add(first);
      setAlias(index + 4, token.scope, table);
      const word = token.text.toUpperCase();
      const isWritten = word === 'INTO' || word === 'UPDATE' || plain[index - 1]?.text.toUpperCase() === 'DELETE';
      if (!isWritten) continue;
      if (token.scope.target !== null && token.scope.target !== table) failed();
      token.scope.target = table;
    } else if (first?.kind === 'word' && transitions.has(first.text)) setAlias(index + 2, token.scope, roles.self);
  }
  return named;
}

/** The one table of a query between parentheses. */
function tableOfQuery({ aliases }: AliasScope): string {
  const [table, ...others] = new Set(aliases.values());
  return typeof table === 'string' && others.length === 0 ? table : '';
}

/** A word of a line: its text with a role, and what it names if a list may contain that. */
interface Coded {
  readonly text: string;
  readonly named: string | null;
  /** For a text of a hash, what precedes the path. */
  readonly before?: string;
}

const rowsOf = new Set(['NEW', 'OLD']);

/** The lines of a body, with roles in place of names. */
function codedLines(body: string, roles: TableRoles, transitions: ReadonlySet<string>): readonly (readonly Coded[])[] {
  const tokens = tokensOf(body);
  const tables = findTables(tokens, roles, transitions);
  const lines: Coded[][] = [[]];
  const plain = tokens.filter(({ kind }) => kind !== 'end');
  const places = new Map(plain.map((token, index) => [token, index]));
  const done = new Set<Token>();
  const add = (coded: Coded) => lines.at(-1)?.push(coded);
  const column = (table: string, name: string) => {
    if (table === '') failed();
    const role = roles.column(table, name);
    add({ text: role.text, named: role.isListed ? `${table} ${name}` : null });
  };
  for (const token of tokens) {
    if (token.kind === 'end') {
      lines.push([]);
      continue;
    }
    if (done.has(token)) continue;
    const at = mustExist(places.get(token), 'a token');
    const [previous, next, second] = [plain[at - 1], plain[at + 1], plain[at + 2]];
    if (token.kind === 'text') {
      const { text, before, path } = roles.text(textOf(token.text));
      add({ text: `'${text}'`, named: path === null ? null : `path ${path}`, before });
      continue;
    }
    if (token.kind === 'number') {
      add({ text: isResourceKey(plain, at) ? roles.number(token.text) : token.text, named: null });
      continue;
    }
    if (token.kind !== 'name') {
      // a column without quotes
      if (token.kind === 'word' && previous?.text === '.' && isAlias(plain[at - 2])) failed();
      add({ text: token.text, named: null });
      continue;
    }
    if (next?.text === '.' && second?.kind === 'name') {
      const name = qualified({ schema: unquoted(token.text), name: unquoted(second.text) });
      add({ text: tables.has(token) ? `<${roles.table(name)}>` : `${token.text}.${second.text}`, named: null });
      done.add(next).add(second);
      continue;
    }
    if (previous?.text === '.' && plain[at - 2]?.kind === 'word') {
      column(tableOf(token.scope, plain[at - 2]?.text ?? '', roles), unquoted(token.text));
      continue;
    }
    column(targetOf(token.scope) ?? failed(), unquoted(token.text));
  }
  return lines.filter((line) => line.length > 0);
}

/** Whether a word stands for rows. */
function isAlias(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return false;
  if (rowsOf.has(token.text.toUpperCase()) || token.text === 'EXCLUDED') return true;
  for (let each: AliasScope | null = token.scope; each !== null; each = each.outer)
    if (each.aliases.has(token.text)) return true;
  return false;
}

const textOf = (literal: string) => literal.slice(1, -1).replaceAll("''", "'");

/** The table of an alias: that of the nearest scope that has it. */
function tableOf(scope: AliasScope, alias: string, roles: TableRoles): string {
  if (rowsOf.has(alias)) return roles.self;
  if (alias === 'EXCLUDED') return targetOf(scope) ?? failed();
  for (let each: AliasScope | null = scope; each !== null; each = each.outer) {
    const found = each.aliases.get(alias);
    if (found !== undefined) return typeof found === 'string' ? found : failed();
  }
  return failed();
}

/** The table that the statement around a column without an alias writes; null in a query. */
function targetOf(scope: AliasScope): string | null {
  for (let each: AliasScope | null = scope; each !== null; each = each.outer) {
    if (each.target !== null) return each.target;
    if (each.isQuery) return null;
  }
  return null;
}

/** Whether a number stands for a resource key: it is compared with one, or is the last value of a referential id. */
function isResourceKey(tokens: readonly Token[], at: number): boolean {
  const before = (count: number) => tokens[at - count]?.text ?? '';
  const isListed = (from: number): boolean => {
    let place = from;
    while (tokens[place]?.kind === 'number' && tokens[place - 1]?.text === ',') place -= 2;
    return (
      tokens[place - 1]?.text === '(' &&
      tokens[place - 2]?.text === 'IN' &&
      tokens[place - 3]?.text === '"ResourceKeyId"'
    );
  };
  if (isListed(at)) return true;
  return (
    before(1) === ',' &&
    before(2) === '"DocumentId"' &&
    tokens[at + 1]?.text === 'FROM' &&
    tokens[at]?.scope.target === 'dms.ReferentialIdentity'
  );
}

/** Words and marks that separate the items of a list. */
const leading = new Set(['AND', '||', 'IF', 'SET']);
const trailing = new Set([',', 'THEN', ';']);

/** An item of a list, with what separates it from others. */
interface LineItem {
  readonly lead: string;
  readonly trail: string;
  readonly pattern: string;
}

/** A line as an item: the pattern has a mark in place of each thing of the item; null if the line names anything else. */
function itemOf(line: readonly Coded[], item: ListedItem): LineItem | null {
  let isNamed = false;
  const texts: string[] = [];
  for (const { text, named, before } of line) {
    if (named === null) {
      texts.push(text);
      continue;
    }
    const mark = item.marks.get(named);
    if (mark === undefined) return null;
    isNamed = true;
    texts.push(before === undefined ? mark : `'${before}${mark}'`);
  }
  if (!isNamed) return null;
  const lead = leading.has(texts[0] ?? '') ? [texts.shift()] : [];
  const trail = trailing.has(texts.at(-1) ?? '') ? [texts.pop()] : [];
  return { lead: lead.join(' '), trail: trail.join(' '), pattern: texts.join(' ') };
}

/** The run of a list that begins at a line: its text in the form, and its facts; null if the lines are no such run. */
function runOf(lines: readonly (readonly Coded[])[], start: number, items: readonly ListedItem[]) {
  const found: LineItem[] = [];
  for (const [index, item] of items.entries()) {
    const line = lines[start + index];
    const read = line && itemOf(line, item);
    if (!read) return null;
    found.push(read);
  }
  const [first] = found;
  const last = found.at(-1);
  if (!first || !last) return null;
  /** The pattern of each class: items that are alike in everything must have one. */
  const patterns = new Map<string, string>();
  const facts = new Set<string>();
  for (const [index, { pattern: text }] of found.entries()) {
    const place = text.includes('#path') && index === 0 ? 'first, ' : '';
    const classes = items[index]?.classes ?? [];
    const all = `${place}${classes.join(', ')}`;
    if ((patterns.get(all) ?? text) !== text) return null;
    patterns.set(all, text);
    for (const each of classes) facts.add(`${place}${each}: ${text}`);
  }
  const middles = new Set(found.slice(1, -1).map(({ lead, trail }) => `${lead} … ${trail}`));
  if (middles.size > 1) return null;
  const ends = `${first.lead} … ${first.trail}; ${last.lead} … ${last.trail}`;
  return {
    text: found.length === 1 ? `ONE(${ends})` : `ALL(${ends})`,
    facts: [...facts, ...[...middles].map((text) => `between: ${text}`)],
  };
}

/** The form of a body on a table; null if it has none. `transitions` are the names of its transition tables. */
export function formOf(body: string, roles: TableRoles, transitions: ReadonlySet<string>): BodyForm | null {
  try {
    const lines = codedLines(body, roles, transitions);
    const texts: string[] = [];
    const facts = new Set<string>();
    const readings: Set<string>[] = [];
    for (let at = 0; at < lines.length; ) {
      const isAnyNamed = lines[at]?.some(({ named }) => named !== null) === true;
      const runs = (isAnyNamed ? roles.lists : [])
        .flatMap(({ name, items }) => {
          const run = runOf(lines, at, items);
          return run ? [{ name, length: items.length, ...run }] : [];
        })
        .sort((left, right) => right.length - left.length);
      const [longest] = runs;
      if (!longest) {
        texts.push((lines[at] ?? []).map(({ text }) => text).join(' '));
        at += 1;
        continue;
      }
      const equal = runs.filter(({ length, text }) => length === longest.length && text === longest.text);
      for (const fact of longest.facts) facts.add(`${readings.length} ${fact}`);
      readings.push(new Set(equal.map(({ name }) => name)));
      texts.push(longest.text);
      at += longest.length;
    }
    return { text: texts.join('\n'), facts, readings };
  } catch (error) {
    if (error instanceof UnresolvedName) return null;
    throw error;
  }
}
