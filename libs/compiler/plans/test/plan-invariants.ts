import { type MappingVersion, resourceLabel } from '@dms/api-schema';
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
import { type InvariantRules, invariantRules } from './invariant-rules.ts';

/** Collects violations, each with the number of the invariant of design 08 §15 (17 §12). */
export class Findings {
  readonly list: string[] = [];
  private readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  check(invariant: number, holds: boolean, text: string): void {
    if (!holds) this.list.push(`${invariant}: ${this.where}: ${text}`);
  }

  equal(invariant: number, found: unknown, expected: unknown, text: string): void {
    const a = JSON.stringify(found);
    const b = JSON.stringify(expected);
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

interface ReadTexts {
  readonly selectByKeysetSql: string;
  readonly selectBySingleDocumentSql: string | null;
}

const readTexts = (plans: readonly ReadTexts[]): string[] =>
  plans.flatMap(({ selectByKeysetSql, selectBySingleDocumentSql }) =>
    selectBySingleDocumentSql === null ? [selectByKeysetSql] : [selectByKeysetSql, selectBySingleDocumentSql],
  );

/** The SQL texts that concern single tables. */
const tableTexts = (write: ResourceWritePlan, read: ResourceReadPlan): string[] => [
  ...write.tablePlansInDependencyOrder.flatMap(
    ({ insertSql, updateSql, deleteByParentSql, collectionMergePlan: merge }) =>
      [
        insertSql,
        updateSql,
        deleteByParentSql,
        merge?.updateByStableRowIdentitySql ?? null,
        merge?.deleteByStableRowIdentitySql ?? null,
      ].filter((sql) => sql !== null),
  ),
  ...readTexts(read.tablePlansInDependencyOrder),
];

/** The SQL texts that concern all tables of a resource. */
const projectionTexts = (read: ResourceReadPlan): string[] => [
  ...readTexts(read.descriptorProjectionPlansInOrder),
  ...readTexts(read.documentReferenceLookup ? [read.documentReferenceLookup] : []),
];

/** Invariant 2 of one text. */
export function sqlTextFindings(sql: string): string[] {
  const faults = [
    /[\r\t]/.test(sql) && 'has a carriage return or a tab',
    sql.split('\n').some((line) => /\s$/.test(line)) && 'has trailing white space',
    !sql.endsWith('\n;\n') && 'does not end with a line of its own for the semicolon',
    sql.split('\n').filter((line) => line === ';').length !== 1 && 'has not exactly one line with a semicolon',
  ];
  return faults.filter((fault) => fault !== false);
}

function writeTableFindings(dialect: SqlDialect, plan: TableWritePlan, rules: InvariantRules): string[] {
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

  const values = bound.filter((name) => !names(key).includes(name));
  findings.equal(6, updateSql === null, rules.isArray(tableModel) || values.length === 0, 'no update');
  findings.equal(6, deleteByParentSql === null, !rules.isDeletedByParent(tableModel), 'no delete');

  const parents = rules.parentColumns(tableModel);
  const parameterOf = (name: string) => `@${parameters[bound.indexOf(name)]}`;
  const predicates = (columns: readonly string[]) =>
    columns.map((name, index) => `${index === 0 ? '' : 'AND '}(${quote(name)} = ${parameterOf(name)})`);
  if (deleteByParentSql !== null)
    findings.equal(
      7,
      listBetween(deleteByParentSql, /^WHERE$/, /^;$/),
      predicates(parents),
      'predicates of the delete',
    );

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

  const { collectionMergePlan: merge, collectionKeyPreallocationPlan: preallocation } = plan;
  const isMerged = rules.merges && rules.isArray(tableModel);
  findings.equal(8, [merge !== null, preallocation !== null], [isMerged, isMerged], 'plans of a collection');
  if (merge) {
    const { rowIdentity, rootLocator, parentLocator, semanticIdentity } = tableModel.identity;
    const structural = [...new Set([...rowIdentity, ...rootLocator, ...parentLocator])];
    const set = bound.filter((name) => !structural.includes(name));
    findings.equal(8, set.length + structural.length, bound.length, 'set columns and structural columns');
    findings.equal(
      8,
      listBetween(merge.updateByStableRowIdentitySql, /^SET$/, /^WHERE$/),
      set.map((name) => `${quote(name)} = ${parameterOf(name)}`),
      'columns of the merge update',
    );
    for (const sql of [merge.updateByStableRowIdentitySql, merge.deleteByStableRowIdentitySql])
      findings.equal(8, listBetween(sql, /^WHERE$/, /^;$/), predicates(rowIdentity), 'predicates by row identity');
    const nameAt = (index: number) => bound[index];
    findings.equal(8, merge.compareBindingIndexesInOrder.map(nameAt), set, 'compared bindings');
    findings.equal(8, [nameAt(merge.stableRowIdentityBindingIndex)], rowIdentity, 'row identity');
    findings.equal(8, columnBindings[merge.ordinalBindingIndex]?.column.kind, 'Ordinal', 'position');
    findings.equal(
      8,
      merge.semanticIdentityBindings.map(({ relativePath, bindingIndex }) => [
        relativePath.canonical,
        nameAt(bindingIndex),
      ]),
      semanticIdentity.map(({ relativePath, column }) => [relativePath.canonical, column]),
      'semantic identity',
    );
    findings.equal(
      8,
      preallocation && [preallocation.column, nameAt(preallocation.bindingIndex)],
      [...rowIdentity, ...rowIdentity],
      'reserved id',
    );
  }

  const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = plan.bulkInsertBatching;
  findings.equal(9, parametersPerRow, bound.length, 'parameters per row');
  findings.equal(9, maxParametersPerCommand, dialect === 'pgsql' ? 65535 : 2098, 'parameters of a command');
  const fits = (rows: number) => rows <= 1000 && rows * parametersPerRow <= maxParametersPerCommand;
  findings.check(
    9,
    maxRowsPerBatch >= 1 && fits(maxRowsPerBatch) && !fits(maxRowsPerBatch + 1),
    `${maxRowsPerBatch} rows`,
  );

  const precomputed = columnBindings.flatMap(({ source }, index) => (source.kind === 'precomputed' ? [index] : []));
  const produced = [
    ...(preallocation ? [preallocation.bindingIndex] : []),
    ...keyUnificationPlans.flatMap(({ canonicalBindingIndex, membersInOrder }) => [
      canonicalBindingIndex,
      ...membersInOrder.flatMap((member) => (member.presenceIsSynthetic ? [member.presenceBindingIndex] : [])),
    ]),
  ];
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

function hydrationFindings(dialect: SqlDialect, plan: TableReadPlan, rules: InvariantRules): string[] {
  const { tableModel, selectByKeysetSql, selectBySingleDocumentSql } = plan;
  const findings = new Findings(tableText(tableModel));
  const { quote } = dialectRules[dialect];
  const alias = tableModel.jsonScope.canonical === '$' ? 'r' : 't';
  const list = (columns: readonly string[], end: string) => columns.map((name) => `${alias}.${quote(name)}${end}`);
  const selected = names(rules.selected(tableModel));
  const order = rules.order(tableModel);
  findings.equal(12, names(plan.selectListColumnsInOrder), selected, 'columns of the select list');
  findings.equal(12, plan.orderByColumnsInOrder, order, 'columns of the order');
  findings.equal(12, selectBySingleDocumentSql !== null, rules.merges, 'text for one document');
  for (const sql of [selectByKeysetSql, selectBySingleDocumentSql ?? selectByKeysetSql]) {
    findings.equal(12, listBetween(sql, /^SELECT$/, /^FROM /), list(selected, ''), 'select list');
    findings.equal(12, listBetween(sql, /^ORDER BY$/, /^;$/), list(order, ' ASC'), 'order');
  }
  return findings.list;
}

function projectionFindings(dialect: SqlDialect, read: ResourceReadPlan, rules: InvariantRules): string[] {
  const findings = new Findings(resourceLabel(read.model.resourceKey));
  const tables = new Map(read.model.tablesInDependencyOrder.map((table) => [tableText(table), table]));
  const columnAt = (table: Table['table'], ordinal: number): Column | undefined => {
    const owner = tables.get(tableText({ table }));
    return owner && rules.selected(owner)[ordinal];
  };
  const points = (table: Table['table'], ordinal: number, path: string) =>
    findings.equal(
      13,
      columnAt(table, ordinal)?.sourcePath?.canonical,
      path,
      `ordinal ${ordinal} of ${tableText({ table })}`,
    );
  for (const { table, bindingsInOrder } of read.referenceIdentityProjectionPlansInDependencyOrder) {
    for (const binding of bindingsInOrder) {
      points(table, binding.fkColumnOrdinal, binding.referenceObjectPath.canonical);
      for (const { referenceJsonPath, columnOrdinal, scalarType } of binding.identityFieldOrdinalsInOrder) {
        points(table, columnOrdinal, referenceJsonPath.canonical);
        findings.equal(13, scalarType, columnAt(table, columnOrdinal)?.scalarType, `type of ordinal ${columnOrdinal}`);
      }
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
  const countArms = (what: string, text: string, due: number) => {
    const arms = text.match(/^ {8}SELECT .*$/gm) ?? [];
    findings.equal(14, arms.length, due, `arms of the ${what}`);
    findings.equal(14, (text.match(/^ {8}UNION$/gm) ?? []).length, Math.max(0, due - 1), `unions of the ${what}`);
    findings.equal(14, text.includes('DISTINCT'), due === 1, `DISTINCT of the ${what}`);
  };
  const tableOf = (place: string) => place.split('\n')[0];
  const due = rules.hasArmPerTable(dialect) ? new Set([...stored].map(tableOf)).size : stored.size;
  for (const text of readTexts(read.descriptorProjectionPlansInOrder)) countArms('descriptor projection', text, due);
  const owners = new Set(read.model.documentReferenceBindings.map(tableText));
  findings.equal(14, read.documentReferenceLookup !== null, rules.merges && owners.size > 0, 'look-up of documents');
  for (const text of readTexts(read.documentReferenceLookup ? [read.documentReferenceLookup] : []))
    countArms('look-up', text, owners.size);
  return findings.list;
}

/** Invariants 2 to 14 of the plans of one resource. */
export function planFindings(
  dialect: SqlDialect,
  write: ResourceWritePlan,
  read: ResourceReadPlan,
  version: MappingVersion = 'v1',
): string[] {
  const rules = invariantRules[version];
  const texts = [...tableTexts(write, read), ...projectionTexts(read)];
  return [
    ...texts.flatMap((sql) => sqlTextFindings(sql).map((fault) => `2: ${fault}: ${sql}`)),
    ...write.tablePlansInDependencyOrder.flatMap((plan) => writeTableFindings(dialect, plan, rules)),
    ...read.tablePlansInDependencyOrder.flatMap((plan) => hydrationFindings(dialect, plan, rules)),
    ...projectionFindings(dialect, read, rules),
  ];
}

/**
 * Converts a text of one dialect to the other: brackets for quotes, and the sign of the temporary table (invariant 15).
 */
export const asSqlServer = (sql: string) => sql.replaceAll('"page"', '"#page"').replace(/"([^"\]]*)"/g, '[$1]');

/**
 * Invariant 15: the texts of a model in both dialects. Only a model for PostgreSQL has names that fit both dialects;
 * statements over several tables are equal only in the first generation.
 */
export function dialectFindings(mappingSet: MappingSet): string[] {
  const { dialect: own, relationalMappingVersion: version } = mappingSet.key;
  if (own !== 'pgsql') return [];
  return mappingSet.model.resources
    .filter(({ storageKind }) => storageKind === 'RelationalTables')
    .flatMap((model) => {
      const [pgsql, mssql] = (['pgsql', 'mssql'] as const).map((dialect) => {
        const read = compileReadPlan(dialect, model, version);
        const texts = tableTexts(compileWritePlan(dialect, model, version), read);
        return invariantRules[version].merges ? texts : [...texts, ...projectionTexts(read)];
      });
      return (pgsql ?? []).flatMap((sql, index) =>
        asSqlServer(sql) === mssql?.[index] ? [] : [`15: ${resourceLabel(model.resourceKey)}: ${sql}`],
      );
    });
}

/** Invariant 17: the manifest of a mapping set. */
export function manifestFindings(mappingSet: MappingSet, text = mappingSetManifestText([mappingSet])): string[] {
  const findings = new Findings(mappingSet.key.dialect);
  interface CheckedEntry {
    readonly resource: { readonly project_name: string; readonly resource_name: string };
    readonly write_plan: unknown;
    readonly read_plan: unknown;
  }
  const sets: readonly { readonly resources: readonly CheckedEntry[] }[] = JSON.parse(text).mapping_sets;
  findings.equal(17, sets.length, 1, 'mapping sets');
  const entries = new Map(
    (sets[0]?.resources ?? []).map((entry) => [
      `${entry.resource.project_name}:${entry.resource.resource_name}`,
      entry,
    ]),
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

/** All invariants that the plans of a single mapping set can show: 2 to 15, and 17. */
export function mappingSetFindings(mappingSet: MappingSet): string[] {
  return [
    ...[...mappingSet.writePlansByResource].flatMap(([label, write]) => {
      const read = mappingSet.readPlansByResource.get(label);
      const { dialect, relationalMappingVersion: version } = mappingSet.key;
      return read ? planFindings(dialect, write, read, version) : [`17: ${label} has no read plan`];
    }),
    ...dialectFindings(mappingSet),
    ...manifestFindings(mappingSet),
  ];
}
