import type { EffectiveSchemaInfo, EffectiveSchemaManifest } from '@dms/api-schema';
import {
  type Bodies,
  type CheckExpression,
  type ColumnDefinition,
  type ConstraintDefinition,
  type DatabaseDefinition,
  defineDatabase,
  type ExpressionLeaves,
  type ForeignKey,
  type IndexDefinition,
  type LogicalTrigger,
  type OwnerRole,
  type RoutineDefinition,
  type Sequence,
  type TableDefinition,
  type ViewDefinition,
} from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { type PlainSql, type QualifiedName, SqlWriter, trusted } from '@dms/sql';
import { expressionLeaves } from './expression-leaves.ts';
import { renderBodies } from './render-bodies.ts';
import { makeRenderer } from './render-script.ts';
import type { ScriptRenderer, WayToMake } from './script-renderer.ts';

/** A statement of the script, or the statements of one trigger, in the exact text of the script. */
interface NamedStatement {
  readonly kind: 'table' | 'constraint' | 'foreignKey' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly text: string;
}

/** The part of the script that creates a table or view with everything that belongs to it. */
interface ScriptPart {
  readonly schema: string;
  readonly name: string;
  readonly statements: readonly NamedStatement[];
}

/**
 * The parts of the script, table by table, for people who look at a single table. Each text occurs in the script
 * exactly (design 13 §1).
 */
export function scriptParts(model: RelationalModelSet, inventory: Inventory): ScriptPart[] {
  const definition = defineDatabase(model, inventory);
  const bodies = renderBodies(definition);
  const written = makeWriter(definition, bodies);
  const ofTable = (table: TableDefinition): NamedStatement[] => [
    { kind: 'table', name: table.name, text: written((renderer) => renderer.table(table)) },
    ...(table.addedConstraints.length === 0
      ? []
      : [
          {
            kind: 'constraint',
            name: table.name,
            text: written((renderer) => renderer.addedConstraints(table)),
          } as const,
        ]),
    ...table.foreignKeys.map((key) => {
      return {
        kind: 'foreignKey',
        name: key.name,
        text: written((renderer) => renderer.foreignKey(table, key)),
      } as const;
    }),
    ...[...table.indexes, ...table.modelIndexes].map((index) => {
      return { kind: 'index', name: index.name, text: written((renderer) => renderer.index(table, index)) } as const;
    }),
    ...table.triggers.map((trigger) => {
      return {
        kind: 'trigger',
        name: trigger.name,
        text: written((renderer) => renderer.trigger(table, trigger)),
      } as const;
    }),
  ];
  return [
    ...definition.tables.map((table) => ({ schema: table.schema, name: table.name, statements: ofTable(table) })),
    ...definition.views.map((view) => {
      const text = written((renderer) => renderer.view(view));
      return { schema: view.schema, name: view.name, statements: [{ kind: 'view', name: view.name, text } as const] };
    }),
  ];
}

/** Renders one object separately. */
function makeWriter({ dialect }: DatabaseDefinition, bodies: Bodies) {
  return (render: (renderer: ScriptRenderer) => void): string => {
    const writer = new SqlWriter();
    const renderer = makeRenderer(dialect, writer, bodies);
    render(renderer);
    return renderer.framedPart(writer.text());
  };
}

/**
 * The statements that create the objects of a definition, each separately and without a guard, because the objects do
 * not exist yet.
 */
export interface ObjectStatements {
  /** How the dialect renders the leaves of an expression. */
  readonly leaves: ExpressionLeaves;
  schema(name: string): PlainSql;
  extension(name: string): PlainSql;
  sequence(sequence: Sequence): PlainSql;
  routine(routine: RoutineDefinition): PlainSql;
  /** The table with its primary key and the constraints inside CREATE TABLE; other constraints are not included. */
  table(table: TableDefinition): PlainSql;
  /** A column in the form that ADD requires. */
  column(column: ColumnDefinition): PlainSql;
  /** The statement that adds a column's default to an existing column; null if it has none. */
  columnDefault(column: ColumnDefinition): PlainSql | null;
  expression(expression: CheckExpression): PlainSql;
  primaryKey(table: TableDefinition): PlainSql;
  constraint(table: TableDefinition, constraint: ConstraintDefinition, way?: WayToMake): PlainSql;
  foreignKey(table: TableDefinition, key: ForeignKey, way?: WayToMake): PlainSql;
  index(table: TableDefinition, index: IndexDefinition, way?: WayToMake): PlainSql;
  view(view: ViewDefinition): PlainSql;
  /** The triggers and the function with their body; existing ones are replaced. */
  trigger(table: TableDefinition, trigger: LogicalTrigger): PlainSql;
  /** The privileges of the role that owns functions, and the privileges that are revoked from everybody else. */
  rights(role: OwnerRole): PlainSql;
  /** Revokes the right to execute a function of that role from everybody else. */
  closed(role: OwnerRole, routine: QualifiedName): PlainSql;
  /** Inserts the missing rows of resource keys. */
  resourceKeys(info: Pick<EffectiveSchemaManifest, 'resourceKeys'>): PlainSql;
  /** Inserts the fingerprint if its row is missing, and checks the contents of all seed tables. */
  fingerprint(info: EffectiveSchemaInfo): PlainSql;
}

/** The statements of a definition (design 06, 07). Throws the `DDL_*` codes. */
export function objectStatements({ dialect }: Pick<DatabaseDefinition, 'dialect'>, bodies: Bodies): ObjectStatements {
  const unguarded = (writer: SqlWriter) => makeRenderer(dialect, writer, bodies, false);
  const written = (render: (writer: SqlWriter) => void) => {
    const writer = new SqlWriter();
    render(writer);
    return trusted(writer.text().trim());
  };
  const object = (render: (renderer: ScriptRenderer) => void) => written((writer) => render(unguarded(writer)));
  const plain = unguarded(new SqlWriter());
  const { seed } = plain;
  return {
    leaves: expressionLeaves[dialect],
    schema: (name) => object((each) => each.schema(name)),
    extension: (name) => object((each) => each.extension(name)),
    sequence: (sequence) => object((each) => each.sequence(sequence)),
    routine: (routine) => object((each) => each.routine(routine)),
    table: (table) => object((each) => each.table(table)),
    column: (column) => plain.columnText(column),
    columnDefault: (column) => column.default && plain.defaultClause(column, column.default),
    expression: (expression) => plain.expression(expression),
    primaryKey: (table) => object((each) => each.primaryKey(table)),
    constraint: (table, constraint, way) => object((each) => each.constraint(table, constraint, way)),
    foreignKey: (table, key, way) => object((each) => each.foreignKey(table, key, way)),
    index: (table, index, way) => object((each) => each.index(table, index, way)),
    view: (view) => object((each) => each.view(view)),
    trigger: (table, trigger) => object((each) => each.trigger(table, trigger)),
    rights: (role) => object((each) => each.grantRights(role)),
    closed: (role, routine) => object((each) => each.closeFunction(role, routine)),
    resourceKeys: (info) => written((writer) => seed.insertResourceKeys(writer, info)),
    fingerprint: (info) =>
      written((writer) => {
        if (info.resourceKeys.length > 0) seed.validateResourceKeys(writer, info);
        seed.insertEffectiveSchema(writer, info);
        seed.validateEffectiveSchema(writer, info);
        if (info.schemaComponents.length === 0) return;
        seed.insertComponents(writer, info);
        seed.validateComponents(writer, info);
      }),
  };
}
