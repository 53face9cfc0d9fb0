import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { engineLimits, UnreadableScript } from '@dms/sql';
import type { Check } from './script-check.ts';
import { type ScriptColumn, type ScriptTable, targetOf } from './tsql-script.ts';

const mostColumns = engineLimits.keyColumns.most.mssql;

/** Type of a column; a computed one has the type of the column that its expression ends with. */
function columnType(table: ScriptTable, column: ScriptColumn): string {
  if (column.type !== null) return column.type;
  const computed = mustExist(column.computed, `the expression of ${table.name}.${column.name}`);
  const source = /\[((?:[^\]]|\]\])*)\](?: END)?$/.exec(computed)?.[1]?.replaceAll(']]', ']');
  const canonical = table.columns.find(({ name }) => name === source);
  if (!canonical?.type) throw new UnreadableScript(`${table.name}.${column.name} is computed from no stored column`);
  return canonical.type;
}

function typeIn(table: ScriptTable, name: string): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column ? columnType(table, column) : `no column ${name}`;
}

export const keyTargets: Check = ({ tables }) =>
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

export const keySizes: Check = ({ tables }) =>
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

interface CascadeEdge {
  readonly to: string;
  readonly key: string;
}

/** The keys that reach a table again after the first time. */
function repeatedReaches(start: string, edges: ReadonlyMap<string, readonly CascadeEdge[]>): CascadeEdge[] {
  const repeated: CascadeEdge[] = [];
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

/**
 * No cascade of one kind may reach a table twice from any table; deletes and updates are judged separately (design 11
 * §3.2).
 */
export const cascades: Check = ({ tables }) =>
  (['onDelete', 'onUpdate'] as const).flatMap((action) => {
    const edges = new Map<string, CascadeEdge[]>();
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
