import { isPathPrefix, type JsonPath, resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { isInteger, logicalKinds } from '@dms/sql';
import { core } from '../core-objects.ts';
import { qualified } from '../full-names.ts';
import type { DbTableName, ForeignKeyConstraint, RelationalModelSet, ResourceModel, Table } from '../model.ts';
import { InspectedModel, isDescriptorTable, referenceKeys, sameList, uniques } from './inspected-model.ts';

/**
 * 12: both sides of a key have the same number of columns with equal kinds and digits; integers may have different
 * widths only in keys to abstract identity tables.
 */
export function keyTypes(inspected: InspectedModel): string[] {
  const lengths = inspected.index.allTables.flatMap(({ table }) =>
    inspected.index
      .foreignKeysOf(table)
      .flatMap(({ name, columns, targetColumns }) =>
        columns.length === targetColumns.length && columns.length > 0
          ? []
          : [`12 ${name}: column counts differ or are zero`],
      ),
  );
  const kinds = typePairs(inspected).flatMap(({ key, local, target }) => {
    if (local === target) return [];
    const isTolerated = isIntegerPair(local, target) && inspected.abstractTables.has(qualified(key.targetTable));
    return isTolerated ? [] : [`12 ${key.name}: ${local} refers to ${target}`];
  });
  return [...lengths, ...kinds];
}

function typePairs(
  inspected: InspectedModel,
): { key: ForeignKeyConstraint; table: Table; local: string; target: string }[] {
  return inspected.index.allTables.flatMap(({ table }) =>
    inspected.index.foreignKeysOf(table).flatMap((key) => {
      const targetTable = inspected.index.table(key.targetTable)?.table;
      // SQL Server refuses a key between decimals of different digits
      const kindOf = (owner: Table | undefined, name: string) => {
        const column = owner && inspected.index.columnOf(owner, name);
        if (column?.kind === 'ResourceKeyId') return column.kind;
        const { kind, decimal = null } = column?.scalarType ?? { kind: 'missing' };
        return decimal === null ? kind : `${kind}(${decimal.precision},${decimal.scale})`;
      };
      return key.columns.map((column, index) => ({
        key,
        table,
        local: kindOf(table, column),
        target: isCoreTable(key.targetTable)
          ? kindOfCore(key.targetColumns[index])
          : kindOf(targetTable, key.targetColumns[index] ?? ''),
      }));
    }),
  );
}

/** The document ids of `dms.Document` and `dms.Descriptor`, and the resource keys of documents. */
const kindOfCore = (column: string | undefined) => (column === 'ResourceKeyId' ? column : 'Int64');

/** The tables of the core schema that keys of a model reference by document id. */
const isCoreTable = (table: DbTableName) => isDescriptorTable(table) || qualified(table) === qualified(core.document);

const integers: ReadonlySet<string> = new Set(logicalKinds.filter(isInteger));

const isIntegerPair = (local: string, target: string) =>
  local !== target && [local, target].every((kind) => integers.has(kind));

/**
 * The keys to abstract identity tables whose integers differ in width, as `name: local → target`; invariant 12 requires
 * this list.
 */
export function integerWidthDifferences(model: RelationalModelSet): string[] {
  const inspected = new InspectedModel(model);
  return typePairs(inspected)
    .filter(({ local, target }) => isIntegerPair(local, target))
    .map(({ key, local, target }) => `${key.name}: ${local} → ${target}`);
}

/**
 * 13: keys contain only stored columns without presence flags on both sides; in core tables only `DocumentId` and, by
 * the rules of the generation, the resource key of a document can be referenced.
 */
export function storedKeyColumns(inspected: InspectedModel): string[] {
  const reasonAgainst = (table: Table | undefined, name: string): string | undefined => {
    const column = table && inspected.index.columnOf(table, name);
    if (!column) return 'missing';
    if (column.storage.kind !== 'Stored') return 'an alias';
    if (column.sourcePath !== null || table.keyUnificationClasses.length === 0) return undefined;
    const isGate = table.columns.some(
      ({ storage }) => storage.kind === 'UnifiedAlias' && storage.presenceColumn === name,
    );
    return isGate ? 'a presence column' : undefined;
  };
  const reasonAgainstTarget = ({ targetTable }: ForeignKeyConstraint, name: string): string | undefined => {
    if (!isCoreTable(targetTable)) return reasonAgainst(inspected.index.table(targetTable)?.table, name);
    return inspected.rows.documentKey.includes(name) ? undefined : 'missing';
  };
  const finding = (key: ForeignKeyConstraint, name: string, reason: string | undefined): string[] =>
    reason === undefined ? [] : [`13 ${key.name}: ${name} is ${reason}`];
  return inspected.index.allTables.flatMap(({ table }) =>
    inspected.index
      .foreignKeysOf(table)
      .flatMap((key) => [
        ...key.columns.flatMap((name) => finding(key, name, reasonAgainst(table, name))),
        ...key.targetColumns.flatMap((name) => finding(key, name, reasonAgainstTarget(key, name))),
      ]),
  );
}

/** 14: one key to `dms.Descriptor` per stored descriptor column, none elsewhere. */
export function descriptorForeignKeys(inspected: InspectedModel): string[] {
  const toDescriptor = (table: Table) =>
    inspected.index.foreignKeysOf(table).filter(({ targetTable }) => isDescriptorTable(targetTable));
  const resourceTables = inspected.index.tables.flatMap(({ table }) => {
    const keys = toDescriptor(table);
    const counts = table.columns.flatMap(({ name, kind, storage }) => {
      if (kind !== 'DescriptorFk') return [];
      const expected = storage.kind === 'Stored' ? 1 : 0;
      const actual = keys.filter(({ columns }) => sameList(columns, [name])).length;
      return actual === expected
        ? []
        : [`14 ${qualified(table.table)}.${name}: ${actual} descriptor keys instead of ${expected}`];
    });
    const strays = keys.filter(
      ({ columns: [column, ...others] }) =>
        column === undefined || others.length > 0 || inspected.index.columnOf(table, column)?.kind !== 'DescriptorFk',
    );
    return [...counts, ...strays.map(({ name }) => `14 ${name}: not over one descriptor column`)];
  });
  const abstractTables = inspected.model.abstractIdentityTables.flatMap(({ table }) =>
    toDescriptor(table).map(({ name }) => `14 ${name}: an identity table refers to ${qualified(core.descriptor)}`),
  );
  return [...resourceTables, ...abstractTables];
}

/** 15: a table has exactly one key with a cascading delete, the structural key. */
export function deleteActions(inspected: InspectedModel): string[] {
  const cascades = (table: Table) =>
    inspected.index
      .foreignKeysOf(table)
      .filter(({ onDelete }) => onDelete === 'Cascade')
      .map(
        ({ columns, targetTable, targetColumns }) =>
          `${columns.join(', ')} → ${qualified(targetTable)}(${targetColumns.join(', ')})`,
      );
  const check = (table: Table, expected: string) => {
    const actual = cascades(table);
    return sameList(actual, [expected])
      ? []
      : [`15 ${qualified(table.table)}: onDelete Cascade on [${actual.join('; ')}] instead of [${expected}]`];
  };
  const documentKey = inspected.rows.documentKey.join(', ');
  return [
    ...inspected.index.tables.flatMap(({ resource, table }) => check(table, structuralKey(inspected, resource, table))),
    ...inspected.model.abstractIdentityTables.flatMap(({ table }) =>
      check(table, `${documentKey} → ${qualified(core.document)}(${documentKey})`),
    ),
  ];
}

/** The key from a table to the table of its parent rows, as `columns → table`. */
function structuralKey({ rows }: InspectedModel, resource: ResourceModel, table: Table): string {
  const { jsonScope } = table;
  if (jsonScope.canonical === '$') return `DocumentId → ${qualified(core.document)}(DocumentId)`;
  const to = (parent: Table | undefined) => {
    if (!parent) return 'no table';
    const { columns, targetColumns } = rows.parentKey(table, parent);
    return `${columns.join(', ')} → ${qualified(parent.table)}(${targetColumns.join(', ')})`;
  };
  const tables = resource.tablesInDependencyOrder;
  if (/\._ext\.[^.[]+$/.test(jsonScope.canonical)) {
    const baseScope = alignedBaseScope(jsonScope);
    return to(tables.find((candidate) => candidate.jsonScope.canonical === baseScope));
  }
  const holders = tables
    .filter(
      (candidate) =>
        candidate !== table &&
        isPathPrefix(candidate.jsonScope, jsonScope) &&
        candidate.table.schema === table.table.schema,
    )
    .sort((a, b) => b.jsonScope.segments.length - a.jsonScope.segments.length);
  return to(holders[0]);
}

/** The base scope of an extension site: without a leading `_ext.k`, up to its last `[*]`. */
function alignedBaseScope(scope: JsonPath): string {
  const site = scope.canonical.slice(0, scope.canonical.lastIndexOf('._ext.'));
  const withoutPrefix = site.replace(/^\$\._ext\.[^.[]+/, '$');
  const end = withoutPrefix.lastIndexOf('[*]');
  return end < 0 ? '$' : withoutPrefix.slice(0, end + 3);
}

/** 9: every document FK column has one binding and is the first column of one foreign key. */
export function documentForeignKeys(inspected: InspectedModel): string[] {
  return inspected.index.tables.flatMap(({ table }) =>
    table.columns
      .filter(({ kind }) => kind === 'DocumentFk')
      .flatMap(({ name }) => {
        const bindings = inspected.index.bindingsOn(table).filter(({ fkColumn }) => fkColumn === name).length;
        const keys = inspected.index
          .foreignKeysOf(table)
          .filter(({ columns }) => columns.includes(name) && inspected.rows.referenceColumn(columns) === name).length;
        return [
          ...(bindings === 1 ? [] : [`9 ${qualified(table.table)}.${name}: ${bindings} bindings`]),
          ...(keys === 1 ? [] : [`9 ${qualified(table.table)}.${name}: leads ${keys} foreign keys`]),
        ];
      }),
  );
}

/**
 * 10: the columns of a reference are all nullable or all not; its all-or-none check has them in the target's identity
 * order.
 */
export function bindings(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) =>
    resource.documentReferenceBindings.flatMap(({ table: tableName, fkColumn, identityBindings, targetResource }) => {
      const place = () => `10 ${qualified(tableName)}.${fkColumn}`;
      const table = inspected.index.table(tableName)?.table;
      const columns = [fkColumn, ...identityBindings.map(({ column }) => column)].map(
        (name) => table && inspected.index.columnOf(table, name),
      );
      if (!table || columns.some((column) => column === undefined))
        return [`${place()}: a column of the binding is missing`];
      const faults: string[] = [];
      if (columns[0]?.kind !== 'DocumentFk') faults.push(`${place()}: not a DocumentFk`);
      if (columns.some((column) => column?.isNullable !== columns[0]?.isNullable))
        faults.push(`${place()}: its columns differ in nullability`);
      const checks = table.constraints.flatMap((constraint) =>
        constraint.kind === 'AllOrNoneNullability' && constraint.fkColumn === fkColumn ? [constraint] : [],
      );
      const byPath = new Map(
        identityBindings.map(({ identityJsonPath, column }) => [identityJsonPath.canonical, column]),
      );
      const expected = (inspected.identityPaths.get(resourceLabel(targetResource)) ?? []).map(
        (path) => byPath.get(path) ?? `? ${path}`,
      );
      if (expected.length !== identityBindings.length)
        faults.push(`${place()}: ${counted(identityBindings.length, 'column')} for ${expected.length} identity paths`);
      const [check] = checks;
      if (checks.length !== 1 || !check || !sameList(check.dependentColumns, expected))
        faults.push(`${place()}: no single all-or-none check over ${expected.join(', ')}`);
      return faults;
    }),
  );
}

/** 11: the target columns of a reference key are unique. */
export function targetKeys(inspected: InspectedModel): string[] {
  return referenceKeys(inspected).flatMap(({ table, key }) => {
    const target = inspected.index.table(key.targetTable)?.table;
    if (!target) return [`11 ${key.name}: its target ${qualified(key.targetTable)} is not a table of the model`];
    if (inspected.isTargetUnique(table, key, target)) return [];
    return [`11 ${key.name}: ${qualified(key.targetTable)}(${key.targetColumns.join(', ')}) is not unique`];
  });
}

/** 18: a root table has exactly one reference key if a reference to it exists, otherwise none. */
export function referencedKeys(inspected: InspectedModel): string[] {
  const referenced = new Set(referenceKeys(inspected).map(({ key }) => qualified(key.targetTable)));
  return inspected.index.tables.flatMap(({ key, table, isRoot }) => {
    const expected = isRoot && referenced.has(key) ? 1 : 0;
    const actual = uniques(table).filter(
      ({ columns }) => inspected.rows.referenceColumn(columns) === 'DocumentId' && columns.length > 1,
    ).length;
    return actual === expected ? [] : [`18 ${key}: ${actual} reference keys instead of ${expected}`];
  });
}
