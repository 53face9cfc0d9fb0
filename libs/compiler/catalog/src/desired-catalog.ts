import { coreSchema } from '@dms/model';
import { canonicalSqlText, type SqlDialect } from '@dms/sql';
import { byName, bySchemaAndName, compareOrdinal, sha256Hex } from '@dms/values';
import type { Catalog, CatalogColumn, CatalogKey, CatalogTable, Check, Routine, Trigger, View } from './catalog.ts';
import { viewColumnType } from './definition/core-tables.ts';
import type {
  ColumnDefinition,
  DatabaseDefinition,
  LogicalTrigger,
  RoutineDefinition,
  TableDefinition,
  ViewDefinition,
} from './definition/definition.ts';
import { triggerRoutine } from './definition/routines.ts';
import { type DialectFacts, dialectFacts } from './dialect-facts.ts';
import { normalForm } from './expression.ts';

/** The texts of a definition that are compared as a whole, in the form that the engine stores (design 09a §1.5). */
export interface Bodies {
  readonly routines: ReadonlyMap<RoutineDefinition, string>;
  readonly triggers: ReadonlyMap<LogicalTrigger, string>;
  readonly views: ReadonlyMap<ViewDefinition, string>;
}

function hashBody<Definition extends { readonly name: string }>(
  bodies: ReadonlyMap<Definition, string>,
  definition: Definition,
  asKept: (text: string) => string = (text) => text,
): string {
  const body = bodies.get(definition);
  if (body === undefined) throw new Error(`${definition.name} has no body`);
  return bodyHash(asKept(body));
}

const recordedType = ({ recordedTypes }: DialectFacts, type: string) => recordedTypes[type] ?? type;

function catalogColumn(facts: DialectFacts, column: ColumnDefinition): CatalogColumn {
  const { name, type, nullable, isIdentity, generated, isVirtual = false } = column;
  return {
    name,
    type: recordedType(facts, type),
    nullable,
    identity: isIdentity ? 'always' : null,
    default: column.default && normalForm(column.default),
    generated: generated && { expression: normalForm(generated), stored: !isVirtual },
    collation: column.collation,
  };
}

function catalogTriggers(logical: LogicalTrigger, bodies: Bodies): Trigger[] {
  const { function: routine } = logical;
  return logical.triggers.map((trigger) => ({
    ...trigger,
    when: null,
    enabled: true,
    function: routine && `${routine.schema}.${routine.name}`,
    body: routine ? null : hashBody(bodies.triggers, logical),
  }));
}

function catalogTable(facts: DialectFacts, table: TableDefinition, bodies: Bodies): CatalogTable {
  const { schema, name, columns, primaryKey, foreignKeys, indexes, modelIndexes, triggers } = table;
  const uniques: CatalogKey[] = [];
  const checks: Check[] = [];
  for (const constraint of [...table.inlineConstraints, ...table.addedConstraints]) {
    if (constraint.kind === 'unique')
      uniques.push({ name: constraint.name, columns: constraint.columns, clustered: constraint.clustered });
    else checks.push({ name: constraint.name, expression: normalForm(constraint.condition), validated: true });
  }
  return {
    schema,
    name,
    storage: 'ordinary',
    columns: columns.map((column) => catalogColumn(facts, column)),
    primaryKey: { name: primaryKey.name, columns: primaryKey.columns, clustered: primaryKey.clustered },
    uniques: uniques.sort(byName),
    foreignKeys,
    checks: checks.sort(byName),
    indexes: [...indexes.map(({ expressions: _, ...index }) => index), ...modelIndexes].sort(byName),
    triggers: triggers.flatMap((trigger) => catalogTriggers(trigger, bodies)).sort(byName),
  };
}

function catalogView(dialect: SqlDialect, view: ViewDefinition, bodies: Bodies): View {
  const { schema, name, outputColumns } = view;
  return {
    schema,
    name,
    columns: outputColumns.map((column) => ({
      name: column.name,
      type: recordedType(dialectFacts[dialect], viewColumnType(dialect, column)),
    })),
    body: hashBody(bodies.views, view, dialectFacts[dialect].viewText),
  };
}

/** The special members of a function that a role owns. */
const ownedRoutine = (owner: string) =>
  ({ securityDefiner: true, settings: ['search_path=pg_catalog'], owner, publicExecute: false }) as const;

function catalogFunctions({ routines, tables }: DatabaseDefinition, bodies: Bodies): Routine[] {
  const functions = routines.map((routine): Routine => {
    const { kind: _, ...facts } = routine;
    return { ...facts, body: hashBody(bodies.routines, routine) };
  });
  for (const trigger of tables.flatMap(({ triggers }) => triggers)) {
    if (!trigger.function) continue;
    const { schema, name, owner } = trigger.function;
    functions.push({
      schema,
      name,
      ...triggerRoutine,
      ...(owner === null ? {} : ownedRoutine(owner)),
      body: hashBody(bodies.triggers, trigger),
    });
  }
  return functions.sort(bySchemaAndName);
}

/** The catalog that a database with this definition must have (design 09a §1.1). */
export function desiredCatalog(definition: DatabaseDefinition, bodies: Bodies): Catalog {
  const { dialect, mappingVersion, schemas, extensions, sequences, tables, tableTypes, views, ownerRole, fingerprint } =
    definition;
  const facts = dialectFacts[dialect];
  return {
    dialect,
    mappingVersion,
    schemas: [coreSchema, ...schemas].sort(compareOrdinal),
    extensions,
    sequences,
    tables: tables.map((table) => catalogTable(facts, table, bodies)).sort(bySchemaAndName),
    views: views.map((view) => catalogView(dialect, view, bodies)).sort(bySchemaAndName),
    functions: catalogFunctions(definition, bodies),
    tableTypes,
    roles: ownerRole ? [{ name: ownerRole.name, attributes: ownerRole.attributes, memberOf: ownerRole.memberOf }] : [],
    grants: ownerRole?.grants ?? [],
    fingerprint,
  };
}

/**
 * The hash by which two catalogs compare a body: line ends are unified; blanks at line ends and white space around the
 * whole text are removed (09a §1.5).
 */
export function bodyHash(text: string): string {
  return sha256Hex(canonicalSqlText(text).trim());
}
