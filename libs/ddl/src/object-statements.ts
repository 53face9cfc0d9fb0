import type { EffectiveSchemaInfo, EffectiveSchemaManifest } from '@dms/api-schema';
import type {
  Bodies,
  ColumnDefinition,
  ConstraintDefinition,
  DatabaseDefinition,
  Expression,
  ExpressionLeaves,
  ForeignKey,
  Index,
  LogicalTrigger,
  OwnerRole,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  ViewDefinition,
} from '@dms/catalog';
import { SqlWriter } from '@dms/sql';
import { scriptDialects } from './render-script.ts';
import type { ScriptRenderer } from './script-renderer.ts';

/**
 * The statements that create the objects of a definition, each separately and without a guard, because the objects do
 * not exist yet.
 */
export interface ObjectStatements {
  /** How the dialect renders the leaves of an expression. */
  readonly leaves: ExpressionLeaves;
  schema(name: string): string;
  extension(name: string): string;
  sequence(sequence: Sequence): string;
  routine(routine: RoutineDefinition): string;
  /** The table with its primary key and the constraints inside CREATE TABLE; other constraints are not included. */
  table(table: TableDefinition): string;
  /** A column in the form of ADD. */
  column(column: ColumnDefinition): string;
  /** The statement that adds a column's default to an existing column; null if it has none. */
  columnDefault(column: ColumnDefinition): string | null;
  expression(expression: Expression): string;
  primaryKey(table: TableDefinition): string;
  constraint(table: TableDefinition, constraint: ConstraintDefinition): string;
  foreignKey(table: TableDefinition, key: ForeignKey): string;
  index(table: TableDefinition, index: Index): string;
  view(view: ViewDefinition): string;
  /** The triggers and the function with their body; existing ones are replaced. */
  trigger(table: TableDefinition, trigger: LogicalTrigger): string;
  /** The privileges of the role that owns functions, and what is revoked from everybody else. */
  rights(role: OwnerRole): string;
  /** Inserts the missing rows of resource keys. */
  resourceKeys(info: Pick<EffectiveSchemaManifest, 'resourceKeys'>): string;
  /** Inserts the fingerprint if its row is missing, and checks the contents of all seed tables. */
  fingerprint(info: EffectiveSchemaInfo): string;
}

/** The statements of a definition (design 06, 07). Throws the `DDL_*` codes. */
export function objectStatements({ dialect }: Pick<DatabaseDefinition, 'dialect'>, bodies: Bodies): ObjectStatements {
  const { seed, renderer } = scriptDialects[dialect];
  const unguarded = (writer: SqlWriter) => renderer(writer, bodies, false);
  const text = (render: (writer: SqlWriter) => void) => {
    const writer = new SqlWriter();
    render(writer);
    return writer.text().trim();
  };
  const object = (render: (renderer: ScriptRenderer) => void) => text((writer) => render(unguarded(writer)));
  const plain = unguarded(new SqlWriter());
  return {
    leaves: plain.leaves,
    schema: (name) => object((each) => each.schema(name)),
    extension: (name) => object((each) => each.extension(name)),
    sequence: (sequence) => object((each) => each.sequence(sequence)),
    routine: (routine) => object((each) => each.routine(routine)),
    table: (table) => object((each) => each.table(table)),
    column: (column) => plain.columnText(column),
    columnDefault: (column) => column.default && plain.defaultClause(column, column.default),
    expression: (expression) => plain.expression(expression),
    primaryKey: (table) => object((each) => each.primaryKey(table)),
    constraint: (table, constraint) => object((each) => each.constraint(table, constraint)),
    foreignKey: (table, key) => object((each) => each.foreignKey(table, key)),
    index: (table, index) => object((each) => each.index(table, index)),
    view: (view) => object((each) => each.view(view)),
    trigger: (table, trigger) => object((each) => each.trigger(table, trigger)),
    rights: (role) => object((each) => each.grantRights(role)),
    resourceKeys: (info) => text((writer) => seed.insertResourceKeys(writer, info)),
    fingerprint: (info) =>
      text((writer) => {
        if (info.resourceKeys.length > 0) seed.validateResourceKeys(writer, info);
        seed.insertEffectiveSchema(writer, info);
        seed.validateEffectiveSchema(writer, info);
        if (info.schemaComponents.length === 0) return;
        seed.insertComponents(writer, info);
        seed.validateComponents(writer, info);
      }),
  };
}
