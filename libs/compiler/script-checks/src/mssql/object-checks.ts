import { liveShape } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { core, coreSchema, mustExist, qualified, unqualified } from '@dms/model';
import { engineLimits, isOperator, isWord, type SqlToken, UnreadableScript } from '@dms/sql';
import { repeated } from '@dms/values';
import { preflightPlace } from './statement-checks.ts';
import { moduleOf, type Script, type ScriptCheck, type ScriptColumn, type TsqlTable, targetOf } from './tsql-script.ts';

/** The tables of schema `dms` that tell other shapes from that of a script (design 16 §1.1), as `schema.table`. */
function tablesOfOtherShapes({ tables }: Script): ReadonlySet<string> {
  const own = [...tables.keys()].flatMap((key) => {
    const { schema, name } = unqualified(key);
    return schema === coreSchema ? [{ kind: 'table', table: name, name } as const] : [];
  });
  const lacking = liveShape(own)?.lacks ?? [];
  return new Set(
    lacking.flatMap(({ kind, name }) => (kind === 'table' ? [qualified({ schema: coreSchema, name })] : [])),
  );
}

export const existing: ScriptCheck = (script) => {
  const created = new Map<string, number>();
  for (const [name, { position }] of script.sequences) created.set(name, position);
  for (const [name, { position }] of script.tables) created.set(name, position);
  for (const { name, position } of script.tableTypes) created.set(name, position);
  for (const { kind, name, position } of script.modules) if (kind !== 'TRIGGER') created.set(name, position);
  const schemas = new Set(script.schemas);
  const ofOtherShapes = tablesOfOtherShapes(script);
  const findings: string[] = [];
  for (const batch of script.batches) {
    const module = moduleOf(script, batch);
    const isDeferred = module?.kind === 'TRIGGER' || module?.kind === 'FUNCTION';
    for (const { name, token } of references(batch.tokens)) {
      const isOwn = module?.kind === 'TRIGGER' && name === module.name;
      if (isOwn && (module.table === null || !script.tables.has(module.table)))
        findings.push(`${module.name} stands on no table`);
      if (isOwn) continue;
      const position = created.get(name);
      // the preflight reads the table of the fingerprint before it exists, guarded by OBJECT_ID
      const isGuarded = batch === script.batches[preflightPlace] && name === qualified(core.effectiveSchema);
      if (position === undefined) findings.push(`line ${token.line}: ${name} does not exist`);
      else if (!isDeferred && !isGuarded && position > token.position)
        findings.push(`line ${token.line}: ${name} is created later`);
    }
    for (const [index, { kind, value, line }] of batch.tokens.entries()) {
      if (kind !== 'string' || !isWord(batch.tokens[index - 2], 'OBJECT_ID')) continue;
      // the preflight looks for the table that only another shape of schema dms has
      const isOfOtherShape = batch === script.batches[preflightPlace] && ofOtherShapes.has(value);
      if (!script.tables.has(value) && !isOfOtherShape)
        findings.push(`line ${line}: the guard looks for ${value}, which is not a table`);
    }
  }
  for (const name of [...created.keys(), ...script.modules.map((module) => module.name)])
    if (!schemas.has(unqualified(name).schema)) findings.push(`${name}: its schema is not created`);
  return findings;
};

/** References `[schema].[name]` in a token list, with their places. */
function references(tokens: readonly SqlToken[]): { name: string; token: SqlToken }[] {
  return tokens.flatMap((token, index) => {
    const dot = tokens[index + 1];
    const object = tokens[index + 2];
    if (token.kind !== 'name' || !isOperator(dot, '.') || object?.kind !== 'name' || isOperator(tokens[index - 1], '.'))
      return [];
    return [{ name: `${token.value}.${object.value}`, token }];
  });
}

export const uniqueNames: ScriptCheck = ({ tables, modules, sequences, batches }) => {
  const findings: string[] = [];
  for (const { tokens } of batches)
    for (const { kind, value, line } of tokens)
      if (kind === 'name' && (value.length > engineLimits.identifierLength.most.mssql || value.length === 0))
        findings.push(`line ${line}: [${value}] has ${counted(value.length, 'character')}`);
  const seen = new Map<string, string>();
  const add = (key: string, what: string) => {
    const place = key.toLowerCase();
    const other = seen.get(place);
    if (other !== undefined) findings.push(`${key} is the name of ${other} and of ${what}`);
    seen.set(place, what);
  };
  for (const key of sequences.keys()) add(key, 'a sequence');
  for (const { name, kind } of modules) add(name, `a ${kind.toLowerCase()}`);
  for (const table of tables.values()) {
    const { schema } = unqualified(table.name);
    const inSchema = (name: string) => qualified({ schema, name });
    add(table.name, 'a table');
    for (const constraint of table.constraints) add(inSchema(constraint.name), `a constraint of ${table.name}`);
    for (const column of table.columns)
      if (column.default?.constraint) add(inSchema(column.default.constraint), `a default of ${table.name}`);
    const lower = (names: readonly string[]) => names.map((entry) => entry.toLowerCase());
    for (const names of [
      lower(table.columns.map((column) => column.name)),
      lower(table.indexes.map((index) => index.name)),
    ])
      for (const entry of repeated(names)) findings.push(`${table.name}: ${entry} twice`);
  }
  return findings;
};

const mostColumns = engineLimits.keyColumns.most.mssql;

export const keyTargets: ScriptCheck = ({ tables }) =>
  [...tables.values()].flatMap((table) =>
    table.constraints.flatMap((key) => {
      if (key.kind !== 'FOREIGN KEY') return [];
      const target = tables.get(targetOf(key));
      if (!target) return [`${key.name}: no table ${key.target}`];
      const wanted = JSON.stringify([...key.targetColumns].sort());
      const isKey = target.constraints.some(
        ({ kind, columns }) =>
          (kind === 'PRIMARY KEY' || kind === 'UNIQUE') && JSON.stringify([...columns].sort()) === wanted,
      );
      const local = key.columns.map((name) => typeIn(table, name));
      const remote = key.targetColumns.map((name) => typeIn(target, name));
      return [
        ...(isKey ? [] : [`${key.name}: ${key.target} (${key.targetColumns}) is not a key`]),
        ...(JSON.stringify(local) === JSON.stringify(remote) ? [] : [`${key.name}: types ${local} → ${remote}`]),
        ...(key.columns.length <= mostColumns ? [] : [`${key.name}: ${counted(key.columns.length, 'column')}`]),
        ...key.columns
          .filter((name) => table.columns.find((column) => column.name === name)?.computed)
          .map((name) => `${key.name}: ${name} is computed`),
      ];
    }),
  );

function typeIn(table: TsqlTable, name: string): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column ? columnType(table, column) : `no column ${name}`;
}

/** Type of a column; a computed column has the type of the last column of its expression. */
function columnType(table: TsqlTable, column: ScriptColumn): string {
  if (column.type !== null) return column.type;
  const computed = mustExist(column.computed, `the expression of ${table.name}.${column.name}`);
  const source = /\[((?:[^\]]|\]\])*)\]\)?(?: END)?$/.exec(computed)?.[1]?.replaceAll(']]', ']');
  const canonical = table.columns.find(({ name }) => name === source);
  if (!canonical?.type) throw new UnreadableScript(`${table.name}.${column.name} is computed from no stored column`);
  return canonical.type;
}

export const keySizes: ScriptCheck = ({ tables }) =>
  [...tables.values()].flatMap((table) => {
    const keys = [
      ...table.constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE'),
      ...table.indexes,
    ];
    return keys.flatMap(({ name, columns }) => [
      ...(columns.length > mostColumns ? [`${name} has ${counted(columns.length, 'column')}`] : []),
      ...columns
        .filter((column) => /\(max\)/.test(typeIn(table, column)))
        .map((column) => `${name}: ${column} has no limit`),
      ...columns
        .filter((column) => typeIn(table, column).startsWith('no column'))
        .map((column) => `${name}: no column ${column}`),
    ]);
  });

interface ScriptCascade {
  readonly to: string;
  readonly key: string;
}

/** No cascade of one kind reaches a table twice from another table (design 11 §3.2). */
export const cascades: ScriptCheck = ({ tables }) =>
  (['onDelete', 'onUpdate'] as const).flatMap((action) => {
    const edges = new Map<string, ScriptCascade[]>();
    for (const table of tables.values())
      for (const key of table.constraints) {
        if (key.kind !== 'FOREIGN KEY' || key[action] !== 'CASCADE') continue;
        const target = targetOf(key);
        edges.set(target, [...(edges.get(target) ?? []), { to: table.name, key: key.name }]);
      }
    return [...edges.keys()].flatMap((start) =>
      repeatedReaches(start, edges).map(({ to, key }) => `${action}: ${key} reaches ${to} a second time from ${start}`),
    );
  });

/** The keys that reach a table for the second time or later. */
function repeatedReaches(start: string, edges: ReadonlyMap<string, readonly ScriptCascade[]>): ScriptCascade[] {
  const repeated: ScriptCascade[] = [];
  const reached = new Set([start]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const edge of edges.get(at) ?? []) {
      if (reached.has(edge.to)) repeated.push(edge);
      else open.push(edge.to);
      reached.add(edge.to);
    }
  return repeated;
}
