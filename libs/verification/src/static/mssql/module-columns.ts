import { mustExist } from '@dms/model';
import { closing, commaSeparated, isOperator, isWord, type Token } from '@dms/sql';
import { type Check, statementsOf, valueAt } from './script-check.ts';
import { isBareAlias } from './text-checks.ts';
import type { Script, ScriptModule, ScriptTable } from './tsql-script.ts';

interface Source {
  readonly columns: readonly string[];
  readonly computed: readonly string[];
}

/** The columns of a view: the columns that its first arm selects, by the last name of each. */
function viewSource({ modules }: Script, name: string): Source | undefined {
  const view = modules.find((module) => module.kind === 'VIEW' && module.name === name);
  if (!view) return undefined;
  const { body } = view;
  const end = body.findIndex((token) => isWord(token, 'FROM'));
  return { columns: commaSeparated(body.slice(1, end)).map((column) => column.at(-1)?.value ?? ''), computed: [] };
}

const sourceOf = (table: ScriptTable | undefined): Source | undefined =>
  table && {
    columns: table.columns.map(({ name }) => name),
    computed: table.columns.filter(({ computed }) => computed !== null).map(({ name }) => name),
  };

/** The variables of a module that hold rows, and the changed rows of a trigger, by name. */
function namedSources(script: Script, { body, name: owner, table }: ScriptModule): ReadonlyMap<string, Source> {
  const named = new Map<string, Source>();
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

/** A row source as a statement names it. */
interface NamedSource {
  /** Undefined where nothing has this name. */
  readonly source: Source | undefined;
  /** How many tokens the name takes. */
  readonly length: number;
  readonly text: string;
}

/** Finds the row source that the tokens at an index name. */
type SourceAt = (tokens: readonly Token[], index: number) => NamedSource;

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

type Report = (text: string) => void;
type Aliases = ReadonlyMap<string, readonly Source[]>;

/** Checks the list of columns after INTO, which begins at an index if there is one. */
function checkInserted(statement: readonly Token[], at: number, { source, text }: NamedSource, report: Report): void {
  if (!source) report(`inserts into ${text}`);
  const list = isOperator(statement[at], '(') ? commaSeparated(statement.slice(at + 1, closing(statement, at))) : [];
  for (const [column] of list) {
    if (!source?.columns.includes(column?.value ?? '')) report(`${text} has no column ${column?.text}`);
    if (source?.computed.includes(column?.value ?? '')) report(`${text}.${column?.text} is computed`);
  }
}

/** The row sources of a statement by alias; checks what it inserts on the way. */
function aliasesOf(statement: readonly Token[], sourceAt: SourceAt, report: Report): Aliases {
  const aliases = new Map<string, Source[]>();
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

/** The derived tables of a statement, (…) AS alias, with the columns that their SELECT names; these are not checked. */
function derivedTables(statement: readonly Token[]): Aliases {
  const derived = new Map<string, Source[]>();
  for (const [index, token] of statement.entries()) {
    const alias = statement[index + 2];
    if (isOperator(token, ')') && isWord(statement[index + 1], 'AS') && alias) derived.set(alias.value, []);
  }
  return derived;
}

/** Checks every `alias.[column]`. */
function checkQualified(statement: readonly Token[], aliases: Aliases, report: Report): void {
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
function checkAssigned(statement: readonly Token[], aliases: Aliases, report: Report): void {
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
function checkArms(statement: readonly Token[], sourceAt: SourceAt, report: Report): void {
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

/**
 * Every `alias.[column]`, and every inserted, assigned and selected column of a module, must exist in what the alias
 * stands for.
 */
function columnFindings(script: Script, module: ScriptModule): string[] {
  const findings: string[] = [];
  const report: Report = (text) => findings.push(`${module.name}: ${text}`);
  const sourceAt = sourceFinder(script, module);
  for (const statement of statementsOf(module.body)) {
    const own = aliasesOf(statement, sourceAt, report);
    const aliases = new Map([...own, ...derivedTables(statement)]);
    checkQualified(statement, aliases, report);
    checkAssigned(statement, aliases, report);
    if (module.kind === 'VIEW' && own.size === 0) checkArms(statement, sourceAt, report);
  }
  return findings;
}

export const moduleColumns: Check = (script) => script.modules.flatMap((module) => columnFindings(script, module));
