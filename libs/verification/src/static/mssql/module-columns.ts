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

/** Every `alias.[column]`, and every inserted, assigned and selected column of a module, must exist in what the alias stands for. */
function columnFindings(script: Script, module: ScriptModule): string[] {
  const findings: string[] = [];
  const sourceOf = (table: ScriptTable | undefined): Source | undefined =>
    table && {
      columns: table.columns.map(({ name }) => name),
      computed: table.columns.filter(({ computed }) => computed !== null).map(({ name }) => name),
    };
  const { body, name: owner } = module;
  const named = new Map<string, Source>();
  for (const [index, token] of body.entries()) {
    if (!isWord(token, 'DECLARE') || !isWord(body[index + 2], 'TABLE')) continue;
    const inner = commaSeparated(body.slice(index + 4, closing(body, index + 3)));
    named.set(mustExist(body[index + 1], `a variable of ${owner}`).text, {
      columns: inner.map(([column]) => column?.value ?? ''),
      computed: [],
    });
  }
  const own = sourceOf(script.tables.get(module.table ?? ''));
  if (own) for (const word of ['INSERTED', 'DELETED']) named.set(word, own);
  /** The row source at `index`, and how many tokens it takes. */
  const sourceAt = (tokens: readonly Token[], index: number): { source: Source | undefined; length: number; text: string } => {
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
  for (const statement of statementsOf(body)) {
    const aliases = new Map<string, Source[]>();
    for (const [index, token] of statement.entries()) {
      if (!isWord(token, 'FROM', 'JOIN', 'INTO')) continue;
      const { source, length, text } = sourceAt(statement, index + 1);
      const after = statement[index + 1 + length];
      if (isWord(token, 'INTO')) {
        if (!source) findings.push(`${owner}: inserts into ${text}`);
        const list = isOperator(after, '(')
          ? commaSeparated(statement.slice(index + 2 + length, closing(statement, index + 1 + length)))
          : [];
        for (const [column] of list) {
          if (!source?.columns.includes(column?.value ?? '')) findings.push(`${owner}: ${text} has no column ${column?.text}`);
          if (source?.computed.includes(column?.value ?? '')) findings.push(`${owner}: ${text}.${column?.text} is computed`);
        }
        continue;
      }
      const isBare = isBareAlias(statement, index + 1 + length);
      const alias = isBare ? after?.value : isWord(after, 'AS') ? statement[index + 2 + length]?.value : undefined;
      if (alias === undefined) continue;
      // DELETE d FROM x AS d names an alias; so does UPDATE d
      if (!source) findings.push(`${owner}: unknown source ${text}`);
      else aliases.set(alias, [...(aliases.get(alias) ?? []), source]);
    }
    const hasAliases = aliases.size > 0;
    // derived tables: (…) AS alias with the columns that their SELECT names
    for (const [index, token] of statement.entries()) {
      const alias = statement[index + 2];
      if (isOperator(token, ')') && isWord(statement[index + 1], 'AS') && alias) aliases.set(alias.value, []);
    }
    for (const [index, token] of statement.entries()) {
      const column = statement[index + 2];
      if (token.kind !== 'word' || !isOperator(statement[index + 1], '.') || column?.kind !== 'name') continue;
      // inserted and deleted in an OUTPUT clause are the rows of the updated table
      const isOutput = isWord(token, 'INSERTED', 'DELETED') && !aliases.has(token.value);
      const sources = isOutput ? [...aliases.values()].flat() : aliases.get(token.value);
      if (!sources) findings.push(`${owner}: ${token.text}.${column.text} has no source`);
      else if (sources.length > 0 && !sources.some(({ columns }) => columns.includes(column.value)))
        findings.push(`${owner}: ${token.text} has no column ${column.text}`);
    }
    // UPDATE alias SET …, possibly after an IF or a BEGIN
    const set = statement.findIndex((token) => isWord(token, 'SET'));
    const updated = isWord(statement[set - 2], 'UPDATE') ? aliases.get(valueAt(statement, set - 1))?.[0] : undefined;
    if (updated) {
      const end = statement.findIndex((token, index) => index > set && isWord(token, 'FROM', 'OUTPUT'));
      const targets = commaSeparated(statement.slice(set + 1, end)).map(
        // alias.[column] or [column]
        ([target, dot, column]) => (isOperator(dot, '.') ? column : target)?.value ?? '',
      );
      for (const [index, target] of targets.entries()) {
        if (!updated.columns.includes(target)) findings.push(`${owner}: no column ${target} to set`);
        if (updated.computed.includes(target)) findings.push(`${owner}: ${target} is computed`);
        if (targets.indexOf(target) !== index) findings.push(`${owner}: ${target} is set twice`);
      }
    }
    if (module.kind === 'VIEW' && !hasAliases) {
      // the arms of a view without aliases: each SELECT … FROM table names columns of that table
      const from = statement.flatMap((token, index) => (isWord(token, 'FROM') ? [index] : []));
      let start = 0;
      for (const index of from) {
        const { source, text } = sourceAt(statement, index + 1);
        for (const [at, token] of statement.entries()) {
          if (at < start || at >= index || token.kind !== 'name' || isWord(statement[at - 1], 'AS')) continue;
          if (!source?.columns.includes(token.value)) findings.push(`${owner}: ${text} has no column ${token.text}`);
        }
        start = index + 4;
      }
    }
  }
  return findings;
}

export const moduleColumns: Check = (script) => script.modules.flatMap((module) => columnFindings(script, module));
