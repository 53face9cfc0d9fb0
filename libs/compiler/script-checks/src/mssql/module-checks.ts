import { core, mustExist, qualified } from '@dms/model';
import { closing, commaSeparated, isOperator, isWord, type SqlToken, splitStatements, wordsAt } from '@dms/sql';
import { isBareAlias } from './batch-checks.ts';
import { type Script, type ScriptCheck, type ScriptModule, type TsqlTable, valueAt } from './tsql-script.ts';

interface JoinedSource {
  readonly columns: readonly string[];
  readonly computed: readonly string[];
}

/** A row source as a statement names it. */
interface NamedSource {
  /** Undefined if nothing has this name. */
  readonly source: JoinedSource | undefined;
  /** The number of tokens of the name. */
  readonly length: number;
  readonly text: string;
}

export const moduleColumns: ScriptCheck = (script) =>
  script.modules.flatMap((module) => columnFindings(script, module));

type ReportFinding = (text: string) => void;

/**
 * Finds `alias.[column]` references, and inserted, assigned or selected columns, that do not exist in their row source.
 */
function columnFindings(script: Script, module: ScriptModule): string[] {
  const findings: string[] = [];
  const report: ReportFinding = (text) => findings.push(`${module.name}: ${text}`);
  const sourceAt = sourceFinder(script, module);
  for (const statement of splitStatements(module.body)) {
    const own = readAliases(statement, sourceAt, report);
    const aliases = new Map([...own, ...derivedTables(statement)]);
    checkQualified(statement, aliases, report);
    checkAssigned(statement, aliases, report);
    if (module.kind === 'VIEW' && own.size === 0) checkArms(statement, sourceAt, report);
  }
  return findings;
}

/** Finds the row source that the tokens at an index name. */
type SourceAt = (tokens: readonly SqlToken[], index: number) => NamedSource;

function sourceFinder(script: Script, module: ScriptModule): SourceAt {
  const named = namedSources(script, module);
  return (tokens, index) => {
    const token = tokens[index];
    if (token?.kind === 'name' && isOperator(tokens[index + 1], '.')) {
      const table = `${token.value}.${tokens[index + 2]?.value}`;
      return { source: sourceOf(script.tables.get(table)) ?? viewSource(script, table), length: 3, text: table };
    }
    return {
      source: named.get(token?.kind === 'word' ? token.value : (token?.text ?? '')),
      length: 1,
      text: token?.text ?? '',
    };
  };
}

/** The variables of a module that hold rows, and the changed rows of a trigger, by name. */
function namedSources(script: Script, { body, name: owner, table }: ScriptModule): ReadonlyMap<string, JoinedSource> {
  const named = new Map<string, JoinedSource>();
  for (const [index, token] of body.entries()) {
    if (!isWord(token, 'DECLARE') || !isWord(body[index + 2], 'TABLE')) continue;
    const inner = commaSeparated(body.slice(index + 4, closing(body, index + 3)));
    named.set(mustExist(body[index + 1], `a variable of ${owner}`).text, {
      columns: inner.map(([column]) => column?.value ?? ''),
      computed: [],
    });
  }
  const own = sourceOf(script.tables.get(table ?? ''));
  if (own) for (const word of ['INSERTED', 'DELETED']) named.set(word, own);
  return named;
}

const sourceOf = (table: TsqlTable | undefined): JoinedSource | undefined =>
  table && {
    columns: table.columns.map(({ name }) => name),
    computed: table.columns.filter(({ computed }) => computed !== null).map(({ name }) => name),
  };

/** The columns of a view: the columns that its first arm selects, by the last name of each. */
function viewSource({ modules }: Script, name: string): JoinedSource | undefined {
  const view = modules.find((module) => module.kind === 'VIEW' && module.name === name);
  if (!view) return undefined;
  const { body } = view;
  const end = body.findIndex((token) => isWord(token, 'FROM'));
  return { columns: commaSeparated(body.slice(1, end)).map((column) => column.at(-1)?.value ?? ''), computed: [] };
}
type Aliases = ReadonlyMap<string, readonly JoinedSource[]>;

/** The row sources of a statement by alias; also checks its INTO lists. */
function readAliases(statement: readonly SqlToken[], sourceAt: SourceAt, report: ReportFinding): Aliases {
  const aliases = new Map<string, JoinedSource[]>();
  for (const [index, token] of statement.entries()) {
    if (!isWord(token, 'FROM', 'JOIN', 'INTO')) continue;
    const found = sourceAt(statement, index + 1);
    const at = index + 1 + found.length;
    if (isWord(token, 'INTO')) {
      checkInserted(statement, at, found, report);
      continue;
    }
    const after = statement[at];
    const isBare = isBareAlias(statement, at);
    const alias = isBare ? after?.value : isWord(after, 'AS') ? statement[at + 1]?.value : undefined;
    if (alias === undefined) continue;
    // DELETE d FROM x AS d names an alias; so does UPDATE d
    if (!found.source) report(`unknown source ${found.text}`);
    else aliases.set(alias, [...(aliases.get(alias) ?? []), found.source]);
  }
  return aliases;
}

/** Checks the list of columns after INTO; the list begins at `at` if there is one. */
function checkInserted(
  statement: readonly SqlToken[],
  at: number,
  { source, text }: NamedSource,
  report: ReportFinding,
): void {
  if (!source) report(`inserts into ${text}`);
  const list = isOperator(statement[at], '(') ? commaSeparated(statement.slice(at + 1, closing(statement, at))) : [];
  for (const [column] of list) {
    if (!source?.columns.includes(column?.value ?? '')) report(`${text} has no column ${column?.text}`);
    if (source?.computed.includes(column?.value ?? '')) report(`${text}.${column?.text} is computed`);
  }
}

/** The derived tables of a statement, (…) AS alias, with the columns that their SELECT names; these are not checked. */
function derivedTables(statement: readonly SqlToken[]): Aliases {
  const derived = new Map<string, JoinedSource[]>();
  for (const [index, token] of statement.entries()) {
    const alias = statement[index + 2];
    if (isOperator(token, ')') && isWord(statement[index + 1], 'AS') && alias) derived.set(alias.value, []);
  }
  return derived;
}

/** Checks every `alias.[column]`. */
function checkQualified(statement: readonly SqlToken[], aliases: Aliases, report: ReportFinding): void {
  for (const [index, token] of statement.entries()) {
    const column = statement[index + 2];
    if (token.kind !== 'word' || !isOperator(statement[index + 1], '.') || column?.kind !== 'name') continue;
    // inserted and deleted in an OUTPUT clause are the rows of the updated table
    const isOutput = isWord(token, 'INSERTED', 'DELETED') && !aliases.has(token.value);
    const sources = isOutput ? [...aliases.values()].flat() : aliases.get(token.value);
    if (!sources) report(`${token.text}.${column.text} has no source`);
    else if (sources.length > 0 && !sources.some(({ columns }) => columns.includes(column.value)))
      report(`${token.text} has no column ${column.text}`);
  }
}

/** Checks the assignments of UPDATE alias SET …, possibly after an IF or a BEGIN. */
function checkAssigned(statement: readonly SqlToken[], aliases: Aliases, report: ReportFinding): void {
  const set = statement.findIndex((token) => isWord(token, 'SET'));
  const updated = isWord(statement[set - 2], 'UPDATE') ? aliases.get(valueAt(statement, set - 1))?.[0] : undefined;
  if (!updated) return;
  const end = statement.findIndex((token, index) => index > set && isWord(token, 'FROM', 'OUTPUT'));
  const targets = commaSeparated(statement.slice(set + 1, end)).map(
    // alias.[column] or [column]
    ([target, dot, column]) => (isOperator(dot, '.') ? column : target)?.value ?? '',
  );
  for (const [index, target] of targets.entries()) {
    if (!updated.columns.includes(target)) report(`no column ${target} to set`);
    if (updated.computed.includes(target)) report(`${target} is computed`);
    if (targets.indexOf(target) !== index) report(`${target} is set twice`);
  }
}

/** Checks the arms of a view without aliases: each SELECT … FROM table names columns of that table. */
function checkArms(statement: readonly SqlToken[], sourceAt: SourceAt, report: ReportFinding): void {
  const from = statement.flatMap((token, index) => (isWord(token, 'FROM') ? [index] : []));
  let start = 0;
  for (const index of from) {
    const { source, text } = sourceAt(statement, index + 1);
    for (const [at, token] of statement.entries()) {
      if (at < start || at >= index || token.kind !== 'name' || isWord(statement[at - 1], 'AS')) continue;
      if (!source?.columns.includes(token.value)) report(`${text} has no column ${token.text}`);
    }
    start = index + 4;
  }
}

/* Checks how bodies reach the rows of their work set (design 07 §8.2 rule 5). */

/** Every loop join to a table forces a seek; the seek would fail at run time if no index began with the column. */
export const forcedSeekCheck: ScriptCheck = ({ modules, tables }) =>
  modules.flatMap(({ name, body }) =>
    body.flatMap((token, index) => {
      if (isWord(token, 'FORCESEEK') && !loopJoinAt(body, index - 10))
        return [`${name}: FORCESEEK outside a join by key`];
      if (!wordsAt(body, index, 'LOOP', 'JOIN')) return [];
      const join = loopJoinAt(body, index - 1);
      if (!join) return [`${name}: a join by key that does not force a seek`];
      const { table, column } = join;
      const found = tables.get(table);
      if (!found || column?.kind !== 'name') return [`${name}: no join by key to ${table}`];
      return leadingColumns(found).has(column.value)
        ? []
        : [`${name}: no index of ${table} begins with ${column.value}`];
    }),
  );

const leadingColumns = ({ constraints, indexes }: TsqlTable) =>
  new Set([
    ...constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE').map(({ columns }) => columns[0]),
    ...indexes.map(({ columns }) => columns[0]),
  ]);

/** Reads `INNER LOOP JOIN [s].[t] AS alias WITH (FORCESEEK) ON alias.[column] = …`; lock hints may follow FORCESEEK. */
export function loopJoinAt(
  body: readonly SqlToken[],
  start: number,
): { readonly table: string; readonly column: SqlToken | undefined } | undefined {
  const alias = body[start + 7];
  const isJoin =
    wordsAt(body, start, 'INNER', 'LOOP', 'JOIN') &&
    isWord(body[start + 6], 'AS') &&
    isWord(body[start + 8], 'WITH') &&
    isOperator(body[start + 9], '(') &&
    isWord(body[start + 10], 'FORCESEEK');
  if (!isJoin) return undefined;
  const end = closing(body, start + 9);
  if (!isWord(body[end + 1], 'ON') || body[end + 2]?.value !== alias?.value) return undefined;
  return { table: `${body[start + 3]?.value}.${body[start + 5]?.value}`, column: body[end + 4] };
}

/**
 * Table variables have a key. A body writes to tables from a table variable, which comes first in the join and so
 * determines the order of locks. The rows that the statement inserted may also come first if the other rows are joined
 * by key: the inserted rows are already locked.
 */
export const workSets: ScriptCheck = ({ modules }) =>
  modules.flatMap(({ name, kind, table, body }) => {
    if (kind !== 'TRIGGER' || table === qualified(core.document)) return [];
    const findings: string[] = [];
    for (const [index, token] of body.entries()) {
      if (!isWord(token, 'DECLARE') || !isWord(body[index + 2], 'TABLE')) continue;
      const definition = body.slice(index + 3, closing(body, index + 3));
      if (!definition.some((_, at) => wordsAt(definition, at, 'PRIMARY', 'KEY')))
        findings.push(`${name}: ${body[index + 1]?.text} has no key`);
    }
    for (const statement of splitStatements(body)) {
      // only DELETE and UPDATE name an alias
      const start = statement.findIndex(
        (token, at) =>
          isWord(token, 'UPDATE', 'DELETE') && statement[at + 1]?.kind === 'word' && !isWord(statement[at + 1], 'FROM'),
      );
      if (start < 0) continue;
      const from = statement.findIndex((token, at) => at > start && isWord(token, 'FROM'));
      const isOwnRows = isWord(statement[from + 1], 'INSERTED') && loopJoinAt(statement, from + 4) !== undefined;
      if (statement[from + 1]?.kind !== 'variable' && !isOwnRows)
        findings.push(`${name}: ${statement[start]?.text} of rows that are not reached from a work set`);
    }
    return findings;
  });
