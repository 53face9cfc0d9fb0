import type { Catalog, CatalogTable } from '@dms/catalog';
import type { QualifiedName } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { Comparison } from '../comparing/comparison.ts';
import { parameterCount, type StatementKind, type TouchedObject, touched } from '../ops/effect.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import type { UpgradeDialect } from '../script/upgrade-dialect.ts';
import type { MadeName, NameSpace, PlannedObjects } from './upgrade-plan.ts';

/*
 * The effects of a plan on the objects of a database, for comparison with the foreign objects there (design 12 §7.3).
 */

/** The objects that the statements of a plan touch, and the names that they need. */
export const plannedObjects = (comparison: Comparison, statements: readonly UpgradeStatement[]): PlannedObjects => ({
  touched: touchedBy(statements),
  made: madeNames(comparison),
});

/**
 * Statements that write rows while keys are dropped; some engines then cannot tell a subscriber which rows these are.
 */
const writes: Partial<Record<StatementKind, 'update' | 'delete'>> = {
  'update rows': 'update',
  'delete rows': 'delete',
};

/** The steps between the drop of the earlier keys and the making of the later ones. */
const withoutKeys: readonly UpgradeStatement['step'][] = ['drop keys', 'tables and names', 'columns', 'resource keys'];

function touchedBy(statements: readonly UpgradeStatement[]): readonly TouchedObject[] {
  const found = statements.flatMap(({ step, effects }) =>
    effects.flatMap(({ kind, table, touches }): readonly TouchedObject[] => {
      const how = withoutKeys.includes(step) ? writes[kind] : undefined;
      if (how === undefined || table === null || table.isNew) return touches;
      return [...touches, touched(how, 'relation', table.name)];
    }),
  );
  return [...new Map(found.map((each) => [touchedKey(each), each])).values()];
}

const touchedKey = ({ how, kind, schema, table, name, parameters }: TouchedObject): string =>
  JSON.stringify([how, kind, schema, table, name, parameters]);

/** The names that only the later set has. */
function madeNames(comparison: Comparison): readonly MadeName[] {
  const { before, after, dialect } = comparison;
  const known = new Set(namesInSchemas(before.catalog, dialect).map(nameKey));
  const ofSchemas = namesInSchemas(after.catalog, dialect).filter((each) => !known.has(nameKey(each)));
  return [...ofSchemas, ...namesInTables(comparison)].sort((left, right) => compareOrdinal(left.makes, right.makes));
}

/** The names of a set in the namespaces of its schemas. */
function namesInSchemas(
  { tables, views, sequences, functions }: Catalog,
  { indexNamesAreAloneIn }: UpgradeDialect,
): MadeName[] {
  const inSchema = (
    space: NameSpace,
    { schema, name }: QualifiedName,
    what: string,
    parameters: number | null = null,
  ): MadeName => ({ space, schema, table: null, name, parameters, makes: `${what}.${name}` });
  const relations = [
    ...tables.map((table) => inSchema('relation', table, `table ${table.schema}`)),
    ...views.map((view) => inSchema('relation', view, `view ${view.schema}`)),
  ];
  const ofTables = tables.flatMap((table) => {
    const { schema, name: of } = table;
    const named = (name: string) => inSchema('relation', { schema, name }, `index ${schema}.${of}`);
    return (indexNamesAreAloneIn === 'schema' ? indexNames(table) : keyNames(table)).map(named);
  });
  return [
    ...relations,
    ...ofTables,
    ...sequences.map((sequence) => inSchema('relation', sequence, `sequence ${sequence.schema}`)),
    // a table or view also has a type with its name
    ...relations.map((relation): MadeName => ({ ...relation, space: 'type' })),
    ...functions.map((routine) =>
      inSchema('function', routine, `function ${routine.schema}`, parameterCount(routine.arguments)),
    ),
  ];
}

const nameKey = ({ space, schema, table, name, parameters }: MadeName) =>
  JSON.stringify([space, schema, table, name, parameters]);

/** The columns, constraints and, where their names are unique in a table, indexes that are new in a table of both sets. */
function namesInTables({ changes, dialect: { indexNamesAreAloneIn } }: Comparison): MadeName[] {
  return changes.flatMap(({ pair: { before, after } }) => {
    const { schema, name: table } = before.catalog;
    const part = (space: NameSpace, name: string): MadeName => ({
      space,
      schema,
      table,
      name,
      parameters: null,
      makes: `${space} ${after.key}.${name}`,
    });
    const added = (space: NameSpace, namesOf: (side: CatalogTable) => readonly string[]) => {
      const there = new Set(namesOf(before.catalog));
      return namesOf(after.catalog).flatMap((name) => (there.has(name) ? [] : [part(space, name)]));
    };
    return [
      ...added('column', ({ columns }) => columns.map(({ name }) => name)),
      ...added('constraint', constraintNames),
      ...(indexNamesAreAloneIn === 'table' ? added('index', indexNames) : []),
    ];
  });
}

/** The names of the indexes of a table, including those of its keys. */
const indexNames = (table: CatalogTable) => [...keyNames(table), ...table.indexes.map(({ name }) => name)];

/** The names of the primary key and the unique keys of a table. */
const keyNames = ({ primaryKey, uniques }: CatalogTable) =>
  [...(primaryKey ? [primaryKey] : []), ...uniques].map(({ name }) => name);

const constraintNames = (table: CatalogTable) => [
  ...keyNames(table),
  ...[...table.foreignKeys, ...table.checks].map(({ name }) => name),
];

/** `core.Room.Floor` */
export const touchedText = ({ schema, table, name }: Omit<TouchedObject, 'how' | 'kind'>): string =>
  [schema, table, name].filter((part) => part !== null).join('.');

/** The own objects of a set: foreign objects may depend on them, and no foreign object holds their names. */
interface OwnObjects {
  /** Whether a relation, a function or a part of a table is of the set. */
  has(object: {
    readonly kind: string;
    readonly schema: string | null;
    readonly table: string | null;
    readonly name: string | null;
  }): boolean;
}

/** The objects of a catalog, by kind and name. */
export function ownObjects({ tables, views, sequences, functions }: Catalog): OwnObjects {
  const keys = new Set<string>();
  const add = (kind: string, schema: string, table: string | null, name: string | null) =>
    keys.add(ownKey(kind, schema, table, name));
  for (const relation of [...tables, ...views, ...sequences]) add('relation', relation.schema, relation.name, null);
  for (const { schema, name, arguments: list } of functions)
    add('function', schema, null, `${name}/${parameterCount(list)}`);
  for (const view of views) for (const { name } of view.columns) add('column', view.schema, view.name, name);
  for (const table of tables) {
    for (const { name } of table.columns) add('column', table.schema, table.name, name);
    for (const name of constraintNames(table)) {
      add('constraint', table.schema, table.name, name);
      add('index', table.schema, table.name, name);
    }
    for (const { name } of table.indexes) add('index', table.schema, table.name, name);
    for (const { name } of table.triggers) add('trigger', table.schema, table.name, name);
  }
  return { has: ({ kind, schema, table, name }) => keys.has(ownKey(kind, schema, table, name)) };
}

const ownKey = (...parts: readonly (string | null)[]) => JSON.stringify(parts);
