import type { Catalog } from '@dms/catalog';
import { append } from '@dms/diagnostics';
import { batchesOf, closing, commaSeparated, isOperator, isWord, spelled, type Token, tsqlVocabulary } from '@dms/sql';
import { type Columns, type Frame, isMade, ownTables, placedTokens, seenSources, typeText } from './frames.ts';
import { newerWords } from './newer-words.ts';
import { runtimeWords } from './runtime-words.ts';

/* The static checks of a text that runs beside the script: statements of plans, of documents and of the catalog (design 09 §7.4). */

/** A text as the driver gets it. */
export interface SentText {
  readonly text: string;
  /** `@p1 bigint, @p2 nvarchar(75)`; empty for a text without parameters. */
  readonly declarations: string;
}

/** The columns of the system views with their types, by `sys.<view>`. */
export type SystemViews = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a text may name. */
export interface SentTextScope {
  readonly tables: ReadonlyMap<string, Columns>;
  /** Functions, sequences and types by `schema.name`. */
  readonly others: ReadonlySet<string>;
  /** The triggers of each table. */
  readonly triggers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly systemViews: SystemViews;
}

/** A table of a page is made by another text of the same session. */
const keysetTable: readonly (readonly [string, Columns])[] = [['#page', new Map([['DocumentId', 'bigint']])]];

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

/** What the texts of a database may name. */
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
/** Texts of other lengths are compared without a conversion, numbers of other digits are not. */
const sameFamily = (left: string, right: string) =>
  sameType(left, right) || (/^n?varchar/.test(left) && left.split('(')[0] === right.split('(')[0]);

/** Variables with their types: parameters, and those that the text declares. */
function variableTypes(declarations: readonly Token[], tokens: readonly Token[]): Map<string, string> {
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

/** Every fault of a text; empty when nothing is wrong. */
export function sentTextFindings({ text, declarations }: SentText, scope: SentTextScope): string[] {
  const batches = batchesOf(text);
  const findings = batches.flatMap(({ faults }) => faults);
  const tokens = batches.flatMap((batch) => batch.tokens);
  if (batches.length !== 1) findings.push(`${batches.length} batches in one text`);
  if (findings.length > 0) return findings;

  const open = tokens.filter((token) => isOperator(token, '(')).length;
  if (open !== tokens.filter((token) => isOperator(token, ')')).length) return ['parentheses are not closed'];

  const declared = batchesOf(declarations).flatMap((batch) => batch.tokens);
  const variables = variableTypes(declared, tokens);
  const used = new Set(
    tokens.filter(({ kind, text: name }) => kind === 'variable' && !name.startsWith('@@')).map((token) => token.text),
  );
  for (const name of used)
    if (!variables.has(name) && !isProcedureParameter(tokens, name)) findings.push(`${name} is not declared`);
  for (const [name] of commaSeparated(declared))
    if (name && !used.has(name.text)) findings.push(`${name.text} is declared and not used`);

  append(findings, optionFindings(tokens));
  const own = ownTables(tokens);
  const columnsOf = (name: string): Columns | undefined => {
    if (own.has(name)) return own.get(name);
    const view = scope.systemViews[name];
    if (view) return new Map(Object.entries(view));
    return scope.tables.get(name) ?? (isMadeByWith(tokens, name) ? null : undefined);
  };
  const switched = switchedTriggers(tokens);
  const aliases = new Set<string>();
  const placed = placedTokens(tokens, columnsOf, (what) => {
    // DELETE d FROM …, UPDATE d SET …: the alias precedes its table
    if (!/^(?:UPDATE|FROM) \w+$/i.test(what)) findings.push(`no table: ${what}`);
  });
  for (const { frame } of placed)
    for (const { alias } of seenSources(frame)) if (alias !== null) aliases.add(alias.toUpperCase());

  const typeAt = (index: number, frame: Frame): { readonly type: string | null; readonly length: number } | null => {
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
      // system views join numbers of several sizes
      const type = known?.name.startsWith('sys.') ? undefined : known?.columns?.get(name);
      return { type: type ?? null, length: 3 };
    }
    if (token.kind !== 'name' || isOperator(placed[index - 1]?.token, '.') || isOperator(placed[index + 1]?.token, '.'))
      return null;
    const source = [...seenSources(frame)].find(({ columns }) => columns?.has(token.value));
    return { type: source?.columns?.get(token.value) ?? null, length: 1 };
  };

  for (const [index, { token, frame }] of placed.entries()) {
    const before = placed[index - 1]?.token;
    const after = placed[index + 1]?.token;
    if (token.kind === 'name') {
      const third = placed[index + 2]?.token;
      const isObject = isOperator(after, '.') && third?.kind === 'name' && !isOperator(before, '.');
      if (isObject) {
        const name = `${token.value}.${third.value}`;
        const isAliased = [...seenSources(frame)].some(({ alias }) => alias === token.text);
        if (!isAliased && columnsOf(name) === undefined && !scope.others.has(name)) findings.push(`${name} does not exist`);
      } else if (switched.has(token)) {
        const table = switched.get(token) ?? '';
        if (!scope.triggers.get(table)?.has(token.value)) findings.push(`${table} has no trigger ${token.text}`);
      } else if (!isOperator(before, '.') && !isOperator(after, '.')) {
        const isKnown =
          isWord(before, 'AS', 'DATABASE') ||
          isMade(frame, token.value) ||
          own.has(token.value) ||
          [...own.values()].some((columns) => columns?.has(token.value)) ||
          aliases.has(token.text.toUpperCase()) ||
          scope.tables.has(token.value) ||
          [...seenSources(frame)].some(({ columns }) => columns === null || columns.has(token.value)) ||
          isNamedByDerivedTable(
            placed.map((each) => each.token),
            index,
          );
        if (!isKnown)
          findings.push(
            `${token.text} is not a column of ${[...seenSources(frame)].map(({ name }) => name).join(', ') || 'any table'}`,
          );
      }
    }
    if (token.kind === 'word') {
      const isKnown =
        tsqlVocabulary.has(token.value) ||
        runtimeWords.has(token.value) ||
        aliases.has(token.value) ||
        isWord(before, 'AS') ||
        isOperator(before, '.') ||
        isMadeByWith(tokens, token.text) ||
        isSystemColumn(token, frame);
      if (newerWords.has(token.value)) findings.push(`${token.text} is newer than SQL Server 2019`);
      else if (!isKnown) findings.push(`${token.text} is neither a known word nor an alias nor quoted`);
    }
    if (isOperator(after, '.') && (token.kind === 'word' || token.kind === 'name') && !isOperator(before, '.')) {
      const column = placed[index + 2]?.token;
      const sources = [...seenSources(frame)].filter(({ alias }) => alias?.toUpperCase() === token.text.toUpperCase());
      const name = column?.kind === 'word' ? column.text : column?.value;
      const isFound = sources.some(({ columns }) => columns === null || columns.has(name ?? ''));
      if (sources.length > 0 && name !== '*' && !isFound) findings.push(`${token.text} has no column ${column?.text}`);
    }
    append(findings, conversionFindings(index, frame));
  }

  function conversionFindings(index: number, frame: Frame): string[] {
    const left = typeAt(index, frame);
    if (!left || left.type === null) return [];
    let at = index + left.length;
    // a collation changes how a text is compared, not its type
    if (isWord(placed[at]?.token, 'COLLATE')) at += 2;
    const operator = placed[at]?.token;
    const what = () => spelled(placed.slice(index, at + 4).map(({ token }) => token));
    const check = (rightAt: number): string[] => {
      const right = typeAt(rightAt, placed[rightAt]?.frame ?? frame);
      if (!right || right.type === null || left.type === null) return [];
      const isVariable = placed[rightAt]?.token.kind === 'variable' || placed[index]?.token.kind === 'variable';
      const fits = isVariable && !isLocal(rightAt) && !isLocal(index) ? sameType : sameFamily;
      return fits(left.type, right.type) ? [] : [`${what()}: ${left.type} is compared with ${right.type}`];
    };
    if (operator?.kind === 'operator' && ['=', '<', '>', '<=', '>=', '<>'].includes(operator.text)) return check(at + 1);
    if (isWord(operator, 'IN') && isOperator(placed[at + 1]?.token, '(') && !isWord(placed[at + 2]?.token, 'SELECT')) {
      const end = closing(
        placed.map(({ token }) => token),
        at + 1,
      );
      const found: string[] = [];
      for (let item = at + 2; item < end; item += 1) if (placed[item]?.token.kind === 'variable') append(found, check(item));
      return found;
    }
    return [];
  }

  /** A variable that the text declares itself. */
  function isLocal(index: number): boolean {
    const token = placed[index]?.token;
    return token?.kind === 'variable' && !declared.some(({ text: name }) => name === token.text);
  }

  function isSystemColumn({ text: name }: Token, frame: Frame): boolean {
    return [...seenSources(frame)].some(({ name: source, columns }) => source.startsWith('sys.') && columns?.has(name));
  }

  return findings;
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
function optionFindings(tokens: readonly Token[]): string[] {
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

const isProcedureParameter = (tokens: readonly Token[], name: string) =>
  procedureParameters.some(
    ([procedure, parameters]) => parameters.includes(name) && tokens.some((token) => isWord(token, procedure)),
  );

/** The triggers of `ALTER TABLE [a].[b] DISABLE TRIGGER [c], [d]`, each with its table. */
function switchedTriggers(tokens: readonly Token[]): ReadonlyMap<Token, string> {
  const switched = new Map<Token, string>();
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

/** `WITH name AS (`, or `, name AS (` after another one. */
function isMadeByWith(tokens: readonly Token[], name: string): boolean {
  return tokens.some(
    (token, index) =>
      (token.value === name || token.text === name) &&
      (isWord(tokens[index - 1], 'WITH') || isOperator(tokens[index - 1], ',')) &&
      (isWord(tokens[index + 1], 'AS') || isOperator(tokens[index + 1], '(')),
  );
}

/** A column of `AS v ([A], [B])`. */
function isNamedByDerivedTable(tokens: readonly Token[], index: number): boolean {
  let open = index;
  while (open > 0 && !isOperator(tokens[open], '(')) open -= 1;
  return isWord(tokens[open - 2], 'AS') || isWord(tokens[open - 1], 'AS') || isWord(tokens[open - 2], 'WITH');
}
