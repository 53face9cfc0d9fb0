import { resourceLabel } from '@dms/api-schema';
import type { Column, Table } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import {
  compileReadPlan,
  compileWritePlan,
  type MappingSet,
  mappingSetManifestText,
  type ResourceReadPlan,
  type ResourceWritePlan,
  type TableReadPlan,
  type TableWritePlan,
} from '../src/index.ts';

/** Collects what is wrong, each finding behind the number of the invariant of design 08 §15 that it breaks. */
class Findings {
  readonly list: string[] = [];
  private readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  check(invariant: number, holds: boolean, text: string): void {
    if (!holds) this.list.push(`${invariant}: ${this.where}: ${text}`);
  }

  equal(invariant: number, found: unknown, expected: unknown, text: string): void {
    const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
    this.check(invariant, a === b, `${text}: found ${a}, expected ${b}`);
  }
}

const tableText = ({ table }: Pick<Table, 'table'>) => `${table.schema}.${table.name}`;
const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name);
const asciiFolded = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Lines between two lines of a statement, without indentation and comma. */
function listBetween(sql: string, from: RegExp, to: RegExp): string[] {
  const lines = sql.split('\n');
  const start = lines.findIndex((line) => from.test(line));
  const end = lines.findIndex((line, index) => index > start && to.test(line));
  return lines.slice(start + 1, end).map((line) => line.replace(/^ {4}/, '').replace(/,$/, ''));
}

const sqlTexts = (write: ResourceWritePlan, read: ResourceReadPlan): string[] => [
  ...write.tablePlansInDependencyOrder.flatMap(({ insertSql, updateSql, deleteByParentSql }) =>
    [insertSql, updateSql, deleteByParentSql].filter((sql) => sql !== null),
  ),
  ...read.tablePlansInDependencyOrder.map(({ selectByKeysetSql }) => selectByKeysetSql),
  ...read.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => selectByKeysetSql),
];

/** Invariant 2 of one text. */
export function sqlTextFaults(sql: string): string[] {
  const faults = [
    /[\r\t]/.test(sql) && 'has a carriage return or a tab',
    sql.split('\n').some((line) => /\s$/.test(line)) && 'has trailing white space',
    !sql.endsWith('\n;\n') && 'does not end with a line of its own for the semicolon',
    sql.split('\n').filter((line) => line === ';').length !== 1 && 'has not exactly one line with a semicolon',
  ];
  return faults.filter((fault) => fault !== false);
}

function writeTableFindings(dialect: SqlDialect, plan: TableWritePlan): string[] {
  const { tableModel, columnBindings, insertSql, updateSql, deleteByParentSql, keyUnificationPlans } = plan;
  const findings = new Findings(tableText(tableModel));
  const { quote } = dialectRules[dialect];
  const bound = columnBindings.map(({ column }) => column.name);
  const parameters = columnBindings.map(({ parameterName }) => parameterName);
  const key = tableModel.key.columns;

  findings.equal(3, listBetween(insertSql, /^\($/, /^\)$/), bound.map(quote), 'columns of the insert');
  findings.equal(
    3,
    insertSql.slice(insertSql.indexOf('\nVALUES\n')).match(/@\w+/g),
    parameters.map((name) => `@${name}`),
    'parameters of the insert',
  );

  findings.check(
    4,
    parameters.every((name) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)),
    `names ${parameters.join(', ')}`,
  );
  findings.equal(4, new Set(parameters.map(asciiFolded)).size, parameters.length, 'distinct parameters');

  findings.equal(
    5,
    columnBindings.filter(({ column }) => column.storage.kind === 'UnifiedAlias').map(({ column }) => column.name),
    [],
    'bound aliases',
  );
  findings.equal(
    5,
    names(key).filter((name) => !bound.includes(name)),
    [],
    'unbound key columns',
  );
  findings.equal(
    5,
    bound,
    names(tableModel.columns).filter((name) => bound.includes(name)),
    'order of the bindings',
  );

  const isOrdinal = key.some(({ kind }) => kind === 'Ordinal');
  const values = bound.filter((name) => !names(key).includes(name));
  findings.equal(6, updateSql === null, isOrdinal || values.length === 0, 'no update');
  findings.equal(6, deleteByParentSql === null, tableModel.jsonScope.canonical === '$', 'no delete');

  const parents = names(key.filter(({ kind }) => kind === 'ParentKeyPart'));
  const parameterOf = (name: string) => `@${parameters[bound.indexOf(name)]}`;
  const predicates = (columns: readonly string[]) =>
    columns.map((name, index) => `${index === 0 ? '' : 'AND '}(${quote(name)} = ${parameterOf(name)})`);
  if (deleteByParentSql !== null)
    findings.equal(7, listBetween(deleteByParentSql, /^WHERE$/, /^;$/), predicates(parents), 'predicates of the delete');

  if (updateSql !== null) {
    const set = listBetween(updateSql, /^SET$/, /^WHERE$/);
    findings.equal(
      8,
      set,
      values.map((name) => `${quote(name)} = ${parameterOf(name)}`),
      'columns of the update',
    );
    findings.equal(8, listBetween(updateSql, /^WHERE$/, /^;$/), predicates(names(key)), 'predicates of the update');
  }

  const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = plan.bulkInsertBatching;
  findings.equal(9, parametersPerRow, bound.length, 'parameters per row');
  findings.equal(9, maxParametersPerCommand, dialect === 'pgsql' ? 65535 : 2098, 'parameters of a command');
  const fits = (rows: number) => rows <= 1000 && rows * parametersPerRow <= maxParametersPerCommand;
  findings.check(9, maxRowsPerBatch >= 1 && fits(maxRowsPerBatch) && !fits(maxRowsPerBatch + 1), `${maxRowsPerBatch} rows`);

  const precomputed = columnBindings.flatMap(({ source }, index) => (source.kind === 'precomputed' ? [index] : []));
  const produced = keyUnificationPlans.flatMap(({ canonicalBindingIndex, membersInOrder }) => [
    canonicalBindingIndex,
    ...membersInOrder.flatMap((member) => (member.presenceIsSynthetic ? [member.presenceBindingIndex] : [])),
  ]);
  findings.equal(
    10,
    produced.sort((a, b) => Number(a) - Number(b)),
    precomputed,
    'produced bindings',
  );
  for (const { canonicalColumn, canonicalBindingIndex, membersInOrder } of keyUnificationPlans) {
    findings.equal(10, bound[canonicalBindingIndex], canonicalColumn, 'canonical binding');
    for (const { presenceColumn, presenceBindingIndex } of membersInOrder)
      findings.equal(
        10,
        presenceBindingIndex === null ? null : bound[presenceBindingIndex],
        presenceColumn,
        'presence binding',
      );
  }

  findings.equal(
    11,
    keyUnificationPlans.map(({ canonicalColumn, membersInOrder }) => ({
      canonicalColumn,
      memberPathColumns: membersInOrder.map(({ memberPathColumn }) => memberPathColumn),
    })),
    tableModel.keyUnificationClasses,
    'classes and members',
  );
  return findings.list;
}

function hydrationFindings(dialect: SqlDialect, { tableModel, selectByKeysetSql }: TableReadPlan): string[] {
  const findings = new Findings(tableText(tableModel));
  const { quote } = dialectRules[dialect];
  const alias = tableModel.jsonScope.canonical === '$' ? 'r' : 't';
  const list = (columns: readonly string[], end: string) => columns.map((name) => `${alias}.${quote(name)}${end}`);
  findings.equal(12, listBetween(selectByKeysetSql, /^SELECT$/, /^FROM /), list(names(tableModel.columns), ''), 'select list');
  findings.equal(12, listBetween(selectByKeysetSql, /^ORDER BY$/, /^;$/), list(names(tableModel.key.columns), ' ASC'), 'order');
  return findings.list;
}

function projectionFindings(read: ResourceReadPlan): string[] {
  const findings = new Findings(resourceLabel(read.model.resourceKey));
  const tables = new Map(read.model.tablesInDependencyOrder.map((table) => [tableText(table), table]));
  const columnAt = (table: Table['table'], ordinal: number): Column | undefined =>
    tables.get(tableText({ table }))?.columns[ordinal];
  const points = (table: Table['table'], ordinal: number, path: string) =>
    findings.equal(13, columnAt(table, ordinal)?.sourcePath?.canonical, path, `ordinal ${ordinal} of ${tableText({ table })}`);
  for (const { table, bindingsInOrder } of read.referenceIdentityProjectionPlansInDependencyOrder) {
    for (const binding of bindingsInOrder) {
      points(table, binding.fkColumnOrdinal, binding.referenceObjectPath.canonical);
      for (const { referenceJsonPath, columnOrdinal } of binding.identityFieldOrdinalsInOrder)
        points(table, columnOrdinal, referenceJsonPath.canonical);
    }
  }
  const stored = new Set<string>();
  for (const { sourcesInOrder } of read.descriptorProjectionPlansInOrder) {
    for (const { table, descriptorIdColumnOrdinal, descriptorValuePath } of sourcesInOrder) {
      points(table, descriptorIdColumnOrdinal, descriptorValuePath.canonical);
      const column = columnAt(table, descriptorIdColumnOrdinal);
      const canonical = column?.storage.kind === 'UnifiedAlias' ? column.storage.canonicalColumn : column?.name;
      stored.add(`${tableText({ table })}\n${canonical}`);
    }
  }
  const text = read.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => selectByKeysetSql).join('');
  const arms = text.match(/^ {8}SELECT .*$/gm) ?? [];
  findings.equal(14, arms.length, stored.size, 'arms of the descriptor projection');
  findings.equal(14, (text.match(/^ {8}UNION$/gm) ?? []).length, Math.max(0, stored.size - 1), 'unions');
  findings.equal(14, text.includes('DISTINCT'), stored.size === 1, 'DISTINCT');
  return findings.list;
}

/** Invariants 2 to 14 of the plans of one resource. */
export function planViolations(dialect: SqlDialect, write: ResourceWritePlan, read: ResourceReadPlan): string[] {
  return [
    ...sqlTexts(write, read).flatMap((sql) => sqlTextFaults(sql).map((fault) => `2: ${fault}: ${sql}`)),
    ...write.tablePlansInDependencyOrder.flatMap((plan) => writeTableFindings(dialect, plan)),
    ...read.tablePlansInDependencyOrder.flatMap((plan) => hydrationFindings(dialect, plan)),
    ...projectionFindings(read),
  ];
}

/** What a text of one dialect is in the other: brackets for quotes, and the temporary table with its sign (invariant 15). */
export const asSqlServer = (sql: string) => sql.replaceAll('"page"', '"#page"').replace(/"([^"\]]*)"/g, '[$1]');

/** Invariant 15: the texts of one model in both dialects. Only the names of a model for PostgreSQL fit both. */
export function dialectViolations(mappingSet: MappingSet): string[] {
  if (mappingSet.key.dialect !== 'pgsql') return [];
  return mappingSet.model.resources
    .filter(({ storageKind }) => storageKind === 'RelationalTables')
    .flatMap((model) => {
      const [pgsql, mssql] = (['pgsql', 'mssql'] as const).map((dialect) =>
        sqlTexts(compileWritePlan(dialect, model), compileReadPlan(dialect, model)),
      );
      return (pgsql ?? []).flatMap((sql, index) =>
        asSqlServer(sql) === mssql?.[index] ? [] : [`15: ${resourceLabel(model.resourceKey)}: ${sql}`],
      );
    });
}

/** Invariant 17: what a manifest says of a mapping set. */
export function manifestViolations(mappingSet: MappingSet, text = mappingSetManifestText([mappingSet])): string[] {
  const findings = new Findings(mappingSet.key.dialect);
  interface Entry {
    readonly resource: { readonly project_name: string; readonly resource_name: string };
    readonly write_plan: unknown;
    readonly read_plan: unknown;
  }
  const sets: readonly { readonly resources: readonly Entry[] }[] = JSON.parse(text).mapping_sets;
  findings.equal(17, sets.length, 1, 'mapping sets');
  const entries = new Map(
    (sets[0]?.resources ?? []).map((entry) => [`${entry.resource.project_name}:${entry.resource.resource_name}`, entry]),
  );
  findings.equal(17, sets[0]?.resources.length, mappingSet.model.resources.length, 'entries');
  for (const { resourceKey, storageKind } of mappingSet.model.resources) {
    const label = resourceLabel(resourceKey);
    const entry = entries.get(label);
    const isDescriptor = storageKind === 'SharedDescriptorTable';
    findings.equal(17, [entry?.write_plan === null, entry?.read_plan === null], [isDescriptor, isDescriptor], label);
  }
  return findings.list;
}

/** Every invariant that the plans of one mapping set show: 2 to 15, and 17. */
export function mappingSetViolations(mappingSet: MappingSet): string[] {
  return [
    ...[...mappingSet.writePlansByResource].flatMap(([label, write]) => {
      const read = mappingSet.readPlansByResource.get(label);
      return read ? planViolations(mappingSet.key.dialect, write, read) : [`17: ${label} has no read plan`];
    }),
    ...dialectViolations(mappingSet),
    ...manifestViolations(mappingSet),
  ];
}
