import type { Catalog } from '@dms/catalog';
import { append } from '@dms/diagnostics';
import {
  closing,
  commaSeparated,
  isOperator,
  isWord,
  type SqlToken,
  spelled,
  splitBatches,
  tsqlVocabulary,
} from '@dms/sql';
import {
  type Columns,
  isMade,
  ownTables,
  type PlacedToken,
  placedTokens,
  seenSources,
  type TokenFrame,
  typeText,
} from './frames.ts';
import { newerWords } from './newer-words.ts';
import { runtimeWords } from './runtime-words.ts';

/*
 * The static checks of a text other than the script: statements of plans, of documents and of the catalog (design 09b
 * §2.4).
 */

/** A text as it is sent to the driver. */
export interface SentText {
  readonly text: string;
  /** The declarations, as `@p1 bigint, @p2 nvarchar(75)`; empty for a text without parameters. */
  readonly declarations: string;
}

/** The columns of the system views with their types, by `sys.<view>`. */
export type SystemViews = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The objects that a text may name. */
export interface SentTextScope {
  readonly tables: ReadonlyMap<string, Columns>;
  /** Functions, sequences and types by `schema.name`. */
  readonly others: ReadonlySet<string>;
  /** The triggers of each table. */
  readonly triggers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly systemViews: SystemViews;
}

/** The table of a page, which another text of the same session creates. */
const keysetTable: readonly (readonly [string, Columns])[] = [['#page', new Map([['DocumentId', 'bigint']])]];

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

/** The objects that texts for a database may name. */
export function sentTextScope(catalog: Catalog, systemViews: SystemViews): SentTextScope {
  const columnTypes = (columns: readonly { readonly name: string; readonly type: string }[]) =>
    new Map(columns.map(({ name, type }) => [name, type]));
  return {
    tables: new Map<string, Columns>([
      ...[...catalog.tables, ...catalog.views].map((table) => [nameOf(table), columnTypes(table.columns)] as const),
      ...keysetTable,
    ]),
    others: new Set([...catalog.functions, ...catalog.sequences, ...catalog.tableTypes].map(nameOf)),
    triggers: new Map(catalog.tables.map((table) => [nameOf(table), new Set(table.triggers.map(({ name }) => name))])),
    systemViews,
  };
}

const sameType = (left: string, right: string) => {
  const plain = (type: string) => (type === 'decimal' ? 'decimal(18,0)' : type.replace(/^sysname$/, 'nvarchar(128)'));
  return plain(left) === plain(right);
};
/** Texts of different lengths are compared without a conversion, numbers of different digits are not. */
const sameFamily = (left: string, right: string) =>
  sameType(left, right) || (/^n?varchar/.test(left) && left.split('(')[0] === right.split('(')[0]);

/** The variables with their types: parameters, and those that the text declares. */
function variableTypes(declarations: readonly SqlToken[], tokens: readonly SqlToken[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const [name, ...type] of commaSeparated(declarations)) if (name) types.set(name.text, typeText(type));
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, 'DECLARE')) continue;
    const end = tokens.findIndex((each, at) => at > index && isOperator(each, ';'));
    for (const [name, ...type] of commaSeparated(tokens.slice(index + 1, end < 0 ? undefined : end)))
      if (name?.kind === 'variable') types.set(name.text, isWord(type[0], 'TABLE') ? 'table' : typeText(type));
  }
  return types;
}

/** A readable text, with the meanings of its names. */
interface ReadText {
  readonly scope: SentTextScope;
  readonly tokens: readonly SqlToken[];
  readonly declared: readonly SqlToken[];
  readonly variables: ReadonlyMap<string, string>;
  /** The tables that the text creates itself. */
  readonly own: ReadonlyMap<string, Columns>;
  readonly placed: readonly PlacedToken[];
  readonly placedAlone: readonly SqlToken[];
  /** The aliases of all tables, in upper case. */
  readonly aliases: ReadonlySet<string>;
  /** The trigger names in DISABLE and ENABLE, with their tables. */
  readonly switched: ReadonlyMap<SqlToken, string>;
  /** The columns of a table by its name; undefined if there is no such table. */
  readonly columnsOf: (name: string) => Columns | undefined;
}

/** `FROM` in `TRIM('characters' FROM text)` names no table, so a comma replaces it. */
function withoutTrimmedFrom(token: SqlToken, index: number, tokens: readonly SqlToken[]): SqlToken {
  const isTrimmed = isWord(token, 'FROM') && tokens[index - 1]?.kind === 'string' && isWord(tokens[index - 3], 'TRIM');
  return isTrimmed ? { ...token, kind: 'operator', text: ',', value: ',' } : token;
}

/** Reads the names of a text; reports tables that do not exist. */
function readText(
  scope: SentTextScope,
  tokens: readonly SqlToken[],
  { declared, variables }: Pick<ReadText, 'declared' | 'variables'>,
  findings: string[],
): ReadText {
  const own = ownTables(tokens);
  const columnsOf = (name: string): Columns | undefined => {
    if (own.has(name)) return own.get(name);
    const view = scope.systemViews[name];
    if (view) return new Map(Object.entries(view));
    return scope.tables.get(name) ?? (isMadeByWith(tokens, name) ? null : undefined);
  };
  const placed = placedTokens(tokens, columnsOf, (what) => {
    // in DELETE d FROM … and UPDATE d SET … the alias precedes its table
    if (!/^(?:UPDATE|FROM) \w+$/i.test(what)) findings.push(`no table: ${what}`);
  });
  const sources = placed.flatMap(({ frame }) => [...seenSources(frame)]);
  return {
    scope,
    tokens,
    declared,
    own,
    placed,
    columnsOf,
    placedAlone: placed.map(({ token }) => token),
    variables,
    aliases: new Set(sources.flatMap(({ alias }) => (alias === null ? [] : [alias.toUpperCase()]))),
    switched: switchedTriggers(tokens),
  };
}

/** Reports variables without a declaration, and declarations without a use. */
function variableFindings(
  tokens: readonly SqlToken[],
  declared: readonly SqlToken[],
  variables: ReadText['variables'],
): string[] {
  const used = new Set(
    tokens.filter(({ kind, text: name }) => kind === 'variable' && !name.startsWith('@@')).map((token) => token.text),
  );
  return [
    ...[...used]
      .filter((name) => !variables.has(name) && !isProcedureParameter(tokens, name))
      .map((name) => `${name} is not declared`),
    ...commaSeparated(declared).flatMap(([name]) =>
      name && !used.has(name.text) ? [`${name.text} is declared and not used`] : [],
    ),
  ];
}

/** Every fault of a text; empty if there is none. */
export function sentTextFindings({ text, declarations }: SentText, scope: SentTextScope): string[] {
  const batches = splitBatches(text);
  const findings = batches.flatMap(({ unreadable }) => unreadable);
  const tokens = batches.flatMap((batch) => batch.tokens);
  if (batches.length !== 1) findings.push(`${batches.length} batches in one text`);
  if (findings.length > 0) return findings;

  const open = tokens.filter((token) => isOperator(token, '(')).length;
  if (open !== tokens.filter((token) => isOperator(token, ')')).length) return ['parentheses are not closed'];

  const declared = splitBatches(declarations).flatMap((batch) => batch.tokens);
  const variables = variableTypes(declared, tokens);
  append(findings, variableFindings(tokens, declared, variables));
  append(findings, optionFindings(tokens));
  const read = readText(scope, tokens.map(withoutTrimmedFrom), { declared, variables }, findings);
  for (const [index, { token }] of read.placed.entries()) {
    if (token.kind === 'name') append(findings, nameFindings(read, index));
    if (token.kind === 'word') append(findings, wordFindings(read, index));
    append(findings, aliasFindings(read, index));
    append(findings, conversionFindings(read, index));
  }
  return findings;
}

/** Checks a quoted name: an object with its schema, a trigger, or a column. */
function nameFindings(read: ReadText, index: number): string[] {
  const { placed, scope, switched, columnsOf } = read;
  const { token, frame } = placed[index] as PlacedToken;
  const before = placed[index - 1]?.token;
  const after = placed[index + 1]?.token;
  const third = placed[index + 2]?.token;
  if (isOperator(after, '.') && third?.kind === 'name' && !isOperator(before, '.')) {
    const name = `${token.value}.${third.value}`;
    const isAliased = [...seenSources(frame)].some(({ alias }) => alias === token.text);
    const isThere = isAliased || columnsOf(name) !== undefined || scope.others.has(name);
    return isThere ? [] : [`${name} does not exist`];
  }
  if (switched.has(token)) {
    const table = switched.get(token) ?? '';
    return scope.triggers.get(table)?.has(token.value) ? [] : [`${table} has no trigger ${token.text}`];
  }
  if (isOperator(before, '.') || isOperator(after, '.') || isKnownColumn(read, index)) return [];
  const sources = [...seenSources(frame)].map(({ name }) => name);
  return [`${token.text} is not a column of ${sources.join(', ') || 'any table'}`];
}

/** Whether a name without a qualifier is a column, or another name that the text may use there. */
function isKnownColumn({ placed, placedAlone, own, aliases, scope }: ReadText, index: number): boolean {
  const { token, frame } = placed[index] as PlacedToken;
  return (
    isWord(placed[index - 1]?.token, 'AS', 'DATABASE') ||
    isMade(frame, token.value) ||
    own.has(token.value) ||
    [...own.values()].some((columns) => columns?.has(token.value)) ||
    aliases.has(token.text.toUpperCase()) ||
    scope.tables.has(token.value) ||
    [...seenSources(frame)].some(({ columns }) => columns === null || columns.has(token.value)) ||
    isNamedByDerivedTable(placedAlone, index)
  );
}

/** Checks an unquoted word. */
function wordFindings({ placed, tokens, aliases }: ReadText, index: number): string[] {
  const { token, frame } = placed[index] as PlacedToken;
  const before = placed[index - 1]?.token;
  if (newerWords.has(token.value)) return [`${token.text} is newer than SQL Server 2019`];
  const isKnown =
    tsqlVocabulary.has(token.value) ||
    runtimeWords.has(token.value) ||
    aliases.has(token.value) ||
    isWord(before, 'AS') ||
    isOperator(before, '.') ||
    isMadeByWith(tokens, token.text) ||
    isSystemColumn(token, frame);
  return isKnown ? [] : [`${token.text} is neither a known word nor an alias nor quoted`];
}

function isSystemColumn({ text: name }: SqlToken, frame: TokenFrame): boolean {
  return [...seenSources(frame)].some(({ name: source, columns }) => source.startsWith('sys.') && columns?.has(name));
}

/** Checks the column after an alias. */
function aliasFindings({ placed }: ReadText, index: number): string[] {
  const { token, frame } = placed[index] as PlacedToken;
  const isBeforeDot = isOperator(placed[index + 1]?.token, '.') && !isOperator(placed[index - 1]?.token, '.');
  if (!isBeforeDot || (token.kind !== 'word' && token.kind !== 'name')) return [];
  const column = placed[index + 2]?.token;
  const sources = [...seenSources(frame)].filter(({ alias }) => alias?.toUpperCase() === token.text.toUpperCase());
  const name = column?.kind === 'word' ? column.text : column?.value;
  const isFound = sources.some(({ columns }) => columns === null || columns.has(name ?? ''));
  return sources.length > 0 && name !== '*' && !isFound ? [`${token.text} has no column ${column?.text}`] : [];
}

/**
 * The type of the value that begins at a token, and its number of tokens; null if no value of a known kind begins
 * there.
 */
function typeAt(
  { placed, variables }: ReadText,
  index: number,
  frame: TokenFrame,
): { readonly type: string | null; readonly length: number } | null {
  const token = placed[index]?.token;
  if (!token) return null;
  if (token.kind === 'variable') {
    const type = variables.get(token.text);
    return type === undefined ? null : { type, length: 1 };
  }
  const column = placed[index + 2]?.token;
  const isQualified =
    isOperator(placed[index + 1]?.token, '.') && column !== undefined && !isOperator(placed[index + 3]?.token, '.');
  if (isQualified && (token.kind === 'word' || token.kind === 'name')) {
    const sources = [...seenSources(frame)].filter(
      ({ alias, name }) => (alias ?? name).toUpperCase() === token.text.toUpperCase(),
    );
    const name = column.kind === 'word' ? column.text : column.value;
    const known = sources.find(({ columns }) => columns === null || columns.has(name));
    // queries of system views join numbers of different sizes
    const type = known?.name.startsWith('sys.') ? undefined : known?.columns?.get(name);
    return { type: type ?? null, length: 3 };
  }
  if (token.kind !== 'name' || isOperator(placed[index - 1]?.token, '.') || isOperator(placed[index + 1]?.token, '.'))
    return null;
  const source = [...seenSources(frame)].find(({ columns }) => columns?.has(token.value));
  return { type: source?.columns?.get(token.value) ?? null, length: 1 };
}

/** Whether a token is a variable that the text declares itself. */
function isLocal({ placed, declared }: ReadText, index: number): boolean {
  const token = placed[index]?.token;
  return token?.kind === 'variable' && !declared.some(({ text: name }) => name === token.text);
}

/** Finds comparisons in which SQL Server would convert one side. */
function conversionFindings(read: ReadText, index: number): string[] {
  const { placed, placedAlone } = read;
  const { frame } = placed[index] as PlacedToken;
  const left = typeAt(read, index, frame);
  if (!left || left.type === null) return [];
  let at = index + left.length;
  // a collation changes the comparison of a text, not its type
  if (isWord(placed[at]?.token, 'COLLATE')) at += 2;
  const operator = placed[at]?.token;
  const check = (rightAt: number): string[] => {
    const right = typeAt(read, rightAt, placed[rightAt]?.frame ?? frame);
    if (!right || right.type === null || left.type === null) return [];
    const isVariable = placed[rightAt]?.token.kind === 'variable' || placed[index]?.token.kind === 'variable';
    const fits = isVariable && !isLocal(read, rightAt) && !isLocal(read, index) ? sameType : sameFamily;
    if (fits(left.type, right.type)) return [];
    return [`${spelled(placedAlone.slice(index, at + 4))}: ${left.type} is compared with ${right.type}`];
  };
  if (operator?.kind === 'operator' && ['=', '<', '>', '<=', '>=', '<>'].includes(operator.text)) return check(at + 1);
  if (!isWord(operator, 'IN') || !isOperator(placed[at + 1]?.token, '(') || isWord(placed[at + 2]?.token, 'SELECT'))
    return [];
  const found: string[] = [];
  const end = closing(placedAlone, at + 1);
  for (let item = at + 2; item < end; item += 1)
    if (placed[item]?.token.kind === 'variable') append(found, check(item));
  return found;
}

/** Session options that computed columns, indexes and triggers rely on (design 06 §2.4), with their required states. */
const sessionOptions: Readonly<Record<string, 'ON' | 'OFF'>> = {
  ANSI_NULLS: 'ON',
  ANSI_PADDING: 'ON',
  ANSI_WARNINGS: 'ON',
  ARITHABORT: 'ON',
  CONCAT_NULL_YIELDS_NULL: 'ON',
  NOCOUNT: 'ON',
  NUMERIC_ROUNDABORT: 'OFF',
  QUOTED_IDENTIFIER: 'ON',
  XACT_ABORT: 'ON',
};

/** `SET option, option ON`: finds options set to a state that tables and triggers do not work with. */
function optionFindings(tokens: readonly SqlToken[]): string[] {
  const findings: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, 'SET')) continue;
    const names: string[] = [];
    let at = index + 1;
    for (; sessionOptions[tokens[at]?.value ?? ''] !== undefined; at += isOperator(tokens[at + 1], ',') ? 2 : 1)
      names.push(tokens[at]?.value ?? '');
    const state = tokens[at]?.value ?? '';
    for (const name of names) if (state !== sessionOptions[name]) findings.push(`${name} is set ${state}`);
  }
  return findings;
}

/** The parameters of the system procedures that texts call: `@Resource = N'…'`. */
const procedureParameters: readonly (readonly [procedure: string, parameters: readonly string[]])[] = [
  ['SP_GETAPPLOCK', ['@Resource', '@LockMode', '@LockOwner', '@LockTimeout']],
  ['SP_SEQUENCE_GET_RANGE', ['@sequence_name', '@range_size', '@range_first_value']],
];

const isProcedureParameter = (tokens: readonly SqlToken[], name: string) =>
  procedureParameters.some(
    ([procedure, parameters]) => parameters.includes(name) && tokens.some((token) => isWord(token, procedure)),
  );

/** The triggers of `ALTER TABLE [a].[b] DISABLE TRIGGER [c], [d]`, each with its table. */
function switchedTriggers(tokens: readonly SqlToken[]): ReadonlyMap<SqlToken, string> {
  const switched = new Map<SqlToken, string>();
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, 'TRIGGER') || !isWord(tokens[index - 1], 'DISABLE', 'ENABLE')) continue;
    const table = `${tokens[index - 4]?.value}.${tokens[index - 2]?.value}`;
    for (let at = index + 1; ; at += 2) {
      const trigger = tokens[at];
      if (trigger) switched.set(trigger, table);
      if (!isOperator(tokens[at + 1], ',')) break;
    }
  }
  return switched;
}

/** Whether a name is introduced by `WITH name AS (`, or by `, name AS (` after another one. */
function isMadeByWith(tokens: readonly SqlToken[], name: string): boolean {
  return tokens.some(
    (token, index) =>
      (token.value === name || token.text === name) &&
      (isWord(tokens[index - 1], 'WITH') || isOperator(tokens[index - 1], ',')) &&
      (isWord(tokens[index + 1], 'AS') || isOperator(tokens[index + 1], '(')),
  );
}

/** Whether a name is a column of `AS v ([A], [B])`. */
function isNamedByDerivedTable(tokens: readonly SqlToken[], index: number): boolean {
  let open = index;
  while (open > 0 && !isOperator(tokens[open], '(')) open -= 1;
  return isWord(tokens[open - 2], 'AS') || isWord(tokens[open - 1], 'AS') || isWord(tokens[open - 2], 'WITH');
}
