import { mustExist, qualified } from '@dms/model';
import { isOperator, isWord, pgsqlTokens, type SqlToken } from '@dms/sql';
import type { ListedItem, TableRoles } from './table-roles.ts';

/*
 * The form of a body (design 09b §2.6): its text with roles in place of names, and named lists in place of runs of
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

/** A token of a body, and where its names are looked up. */
interface ScopedToken extends SqlToken {
  readonly scope: AliasScope;
  /** For a closing parenthesis, the scope of what it closes. */
  readonly closed: AliasScope | null;
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

/** Words after which another statement begins. */
const beginnings = new Set(['THEN', 'ELSE', 'LOOP', 'BEGIN', 'DECLARE']);

/** Words after which a table stands. */
const beforeTables = ['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE'];

const newScope = (outer: AliasScope | null): AliasScope => ({
  outer,
  aliases: new Map(),
  target: null,
  isQuery: false,
});

/** The tokens of a body, each with its scope. */
function tokensOf(body: string): readonly ScopedToken[] {
  const { tokens: plain, comments, unreadable } = pgsqlTokens(body);
  if (comments.length > 0 || unreadable.length > 0) failed();
  const tokens: ScopedToken[] = [];
  const open: AliasScope[] = [];
  let scope = newScope(null);
  let end = 0;
  for (const token of plain) {
    const { kind, text, value, line, position } = token;
    if (kind === 'body' || (kind === 'string' && !text.startsWith("'"))) failed();
    // a text with escapes, or a name of another form
    const isQuoted = kind === 'string' || kind === 'name';
    if (isQuoted && position === end && /[\w$&]$/.test(tokens.at(-1)?.text ?? '')) failed();
    end = position + text.length;
    if (isOperator(token, '(')) {
      tokens.push({ kind, text, value, line, position, scope, closed: null });
      open.push(scope);
      scope = newScope(scope);
      continue;
    }
    const closed = isOperator(token, ')') ? scope : null;
    if (closed) scope = open.pop() ?? failed();
    tokens.push({ kind, text, value, line, position, scope, closed });
    if (scope.outer === null && (isOperator(token, ';') || (kind === 'word' && beginnings.has(value))))
      scope = newScope(null);
  }
  return open.length > 0 ? failed() : tokens;
}

function failed(): never {
  throw new UnresolvedName();
}

/** Marks the tables that aliases stand for, and those that statements write; returns the schemas of table names. */
function findTables(
  tokens: readonly ScopedToken[],
  roles: TableRoles,
  transitions: ReadonlySet<string>,
): ReadonlySet<ScopedToken> {
  const named = new Set<ScopedToken>();
  const setAlias = (at: number, scope: AliasScope, table: string | AliasScope) => {
    const alias = isWord(tokens[at], 'AS') ? tokens[at + 1] : undefined;
    if (alias?.kind !== 'word') return;
    const before = scope.aliases.get(alias.text);
    const resolved = typeof table === 'string' ? table : tableOfQuery(table);
    scope.aliases.set(alias.text, before === undefined || before === resolved ? resolved : null);
  };
  for (const [index, token] of tokens.entries()) {
    const { scope, closed } = token;
    if (closed) setAlias(index + 1, scope, closed);
    if (isWord(token, 'SELECT')) scope.isQuery = true;
    if (!isWord(token, ...beforeTables)) continue;
    const [first, dot, second] = tokens.slice(index + 1, index + 4);
    if (first?.kind === 'name' && isOperator(dot, '.') && second?.kind === 'name') {
      const table = qualified({ schema: first.value, name: second.value });
      named.add(first);
      setAlias(index + 4, scope, table);
      if (!isWord(token, 'INTO', 'UPDATE') && !isWord(tokens[index - 1], 'DELETE')) continue;
      if (scope.target !== null && scope.target !== table) failed();
      scope.target = table;
    } else if (first?.kind === 'word' && transitions.has(first.text)) setAlias(index + 2, scope, roles.self);
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
  const schemas = findTables(tokens, roles, transitions);
  const lines = new Map<number, Coded[]>();
  const column = (table: string, name: string): Coded => {
    if (table === '') failed();
    const role = roles.column(table, name);
    return { text: role.text, named: role.isListed ? `${table} ${name}` : null };
  };
  const codedAt = (at: number): Coded => {
    const token = mustExist(tokens[at], 'a token');
    const { kind, text, value, scope } = token;
    const isAfterDot = isOperator(tokens[at - 1], '.');
    const owner = tokens[at - 2];
    switch (kind) {
      case 'string': {
        const { text: role, before, path } = roles.text(value);
        return { text: `'${role}'`, named: path === null ? null : `path ${path}`, before };
      }
      case 'number':
        return { text: isResourceKey(tokens, at) ? roles.number(text) : text, named: null };
      case 'name':
        if (isAfterDot && owner?.kind === 'word') return column(tableOf(scope, owner.text, roles), value);
        return column(targetOf(scope) ?? failed(), value);
      default:
        // a column without quotes
        if (kind === 'word' && isAfterDot && isAlias(owner)) failed();
        return { text, named: null };
    }
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = mustExist(tokens[at], 'a token');
    const line = lines.get(token.line) ?? [];
    lines.set(token.line, line);
    const second = tokens[at + 2];
    if (token.kind === 'name' && isOperator(tokens[at + 1], '.') && second?.kind === 'name') {
      const name = qualified({ schema: token.value, name: second.value });
      line.push({ text: schemas.has(token) ? `<${roles.table(name)}>` : `${token.text}.${second.text}`, named: null });
      at += 2;
    } else line.push(codedAt(at));
  }
  return [...lines.values()];
}

/** Whether a word stands for rows. */
function isAlias(token: ScopedToken | undefined): boolean {
  if (token?.kind !== 'word') return false;
  if (rowsOf.has(token.value) || token.value === 'EXCLUDED') return true;
  for (let each: AliasScope | null = token.scope; each !== null; each = each.outer)
    if (each.aliases.has(token.text)) return true;
  return false;
}

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
function isResourceKey(tokens: readonly ScopedToken[], at: number): boolean {
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
const leading: readonly (readonly string[])[] = [['AND'], ['|', '|'], ['IF'], ['SET']];
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
  const lead = texts.splice(0, leading.find((words) => words.every((word, at) => texts[at] === word))?.length ?? 0);
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
