import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { Bodies, DatabaseDefinition, TableDefinition } from '@dms/catalog';
import { coreSchema } from '@dms/model';
import { dialectOf, type SqlDialect, SqlWriter, trusted } from '@dms/sql';
import { bySchemaAndName } from '@dms/values';
import type { DdlGeneration } from './ddl-generation.ts';
import { generations } from './generations.ts';
import { MssqlRenderer } from './mssql/mssql-renderer.ts';
import { PgsqlRenderer } from './pgsql/pgsql-renderer.ts';
import type { ScriptRenderer } from './script-renderer.ts';
import { assertSeedValues } from './seed-values.ts';

const renderers: Readonly<Record<SqlDialect, typeof PgsqlRenderer | typeof MssqlRenderer>> = {
  pgsql: PgsqlRenderer,
  mssql: MssqlRenderer,
};

/** Creates the renderer of a dialect, which writes statements to `writer`. */
export const makeRenderer = (
  dialect: SqlDialect,
  writer: SqlWriter,
  bodies: Bodies,
  isGuarded = true,
): ScriptRenderer => new renderers[dialect](writer, bodies, isGuarded);

/** Comments are the same in both dialects. */
const { sql, literal } = dialectOf.pgsql;

const ruleLine = sql`-- ==========================================================`;

/** The header of a phase. A phase has the same number in all scripts; a script that lacks a phase skips its number. */
function phase(writer: SqlWriter, number: number, title: string): void {
  writer.write(ruleLine, sql`-- Phase ${literal(number)}: ${trusted(title)}`, ruleLine).blank();
}

/** Calls `render` for each object of all tables, by table schema, table name and object name. */
function forEachObject<Item>(
  tables: readonly TableDefinition[],
  items: (table: TableDefinition) => readonly Item[],
  render: (table: TableDefinition, item: Item) => void,
): void {
  const sorted = [...tables].sort(bySchemaAndName);
  for (const table of sorted) for (const item of items(table)) render(table, item);
}

/** Segment B: the objects of schema `dms`, a constant per dialect (design 06 §2.2). */
function renderCore(
  writer: SqlWriter,
  renderer: ScriptRenderer,
  definition: DatabaseDefinition,
  { titles, script }: DdlGeneration,
): void {
  const tables = definition.tables.filter(({ group }) => group === 'core');
  phase(writer, 1, 'Schemas');
  renderer.schema(coreSchema);
  writer.blank();
  if (definition.extensions.length > 0) {
    phase(writer, 2, 'Extensions');
    for (const { name } of definition.extensions) renderer.extension(name);
  }
  phase(writer, 3, 'Sequences');
  for (const sequence of definition.sequences) renderer.sequence(sequence);
  phase(writer, 4, titles.functions);
  for (const type of definition.tableTypes) renderer.tableType(type);
  for (const routine of definition.routines) renderer.routine(routine);
  phase(writer, 5, 'Tables (PK/UNIQUE/CHECK only, no cross-table FKs)');
  for (const table of tables) {
    renderer.table(table);
    renderer.addedConstraints(table);
  }
  phase(writer, 6, 'Foreign Keys');
  for (const table of tables) for (const key of table.foreignKeys) renderer.foreignKey(table, key);
  phase(writer, 7, 'Indexes');
  for (const table of tables) for (const index of table.indexes) renderer.index(table, index);
  phase(writer, 8, 'Triggers');
  renderer.openTriggers();
  script[definition.dialect].dropEarlierTriggers(writer);
  const { ownerRole } = definition;
  if (ownerRole) renderer.createOwnerRole(ownerRole);
  for (const table of tables) for (const trigger of table.triggers) renderer.trigger(table, trigger);
  if (!ownerRole) return;
  phase(writer, 9, 'Security and Grants');
  renderer.grantRights(ownerRole);
}

/** Segment C: the objects that follow from the model (design 07 §2). A phase without an object has no header. */
function renderModel(writer: SqlWriter, renderer: ScriptRenderer, definition: DatabaseDefinition): void {
  const tables = definition.tables.filter(({ group }) => group !== 'core');
  const { schemas, views } = definition;
  if (schemas.length > 0) {
    phase(writer, 10, 'Model Schemas');
    for (const schema of schemas) renderer.schema(schema);
    writer.blank();
  }
  if (tables.length > 0) phase(writer, 11, 'Model Tables');
  for (const table of tables) renderer.table(table);
  if (tables.some(({ foreignKeys }) => foreignKeys.length > 0)) phase(writer, 12, 'Model Foreign Keys');
  for (const table of tables) for (const key of table.foreignKeys) renderer.foreignKey(table, key);
  const all = definition.tables;
  const indexesOf = (table: TableDefinition) => (table.group === 'core' ? table.modelIndexes : table.indexes);
  if (all.some((table) => indexesOf(table).length > 0)) phase(writer, 13, 'Model Indexes');
  forEachObject(all, indexesOf, renderer.index.bind(renderer));
  if (views.length > 0) phase(writer, 14, 'Model Views');
  for (const view of views) renderer.view(view);
  const hasTriggers = tables.some(({ triggers }) => triggers.length > 0);
  if (!hasTriggers) {
    if (views.length > 0) renderer.closeViews();
    return;
  }
  renderer.openTriggers();
  phase(writer, 15, 'Model Triggers');
  forEachObject(tables, (table) => table.triggers, renderer.trigger.bind(renderer));
}

/** Segment D: the rows with the fingerprint, and their validation (design 06 §6). */
function renderSeed(
  writer: SqlWriter,
  { script }: DdlGeneration,
  dialect: SqlDialect,
  { seed }: ScriptRenderer,
  info: EffectiveSchemaInfo,
): void {
  phase(writer, 16, 'Seed Data (insert-if-missing + validation)');
  script[dialect].seedSingletons(writer);
  if (info.resourceKeys.length > 0) {
    writer.write(sql`-- ResourceKey seed inserts (insert-if-missing)`);
    seed.insertResourceKeys(writer, info);
    writer.write(sql`-- ResourceKey full-table validation (count + content)`);
    seed.validateResourceKeys(writer, info);
  }
  writer.write(sql`-- EffectiveSchema singleton insert-if-missing`);
  seed.insertEffectiveSchema(writer, info);
  writer.write(sql`-- EffectiveSchema validation (ApiSchemaFormatVersion + ResourceKeyCount + ResourceKeySeedHash)`);
  seed.validateEffectiveSchema(writer, info);
  if (info.schemaComponents.length === 0) return;
  writer.write(sql`-- SchemaComponent seed inserts (insert-if-missing)`);
  seed.insertComponents(writer, info);
  writer.write(sql`-- SchemaComponent exact-match validation (count + content)`);
  seed.validateComponents(writer, info);
}

/**
 * The complete provisioning script of a definition with its bodies: preflight, core, model, seeds (design 06 §2.1).
 * Throws the `DDL_*` codes.
 */
export function renderScript(definition: DatabaseDefinition, bodies: Bodies, info: EffectiveSchemaInfo): string {
  assertSeedValues(info);
  const { dialect, mappingVersion, ownerRole } = definition;
  const generation = generations[mappingVersion];
  const writer = new SqlWriter();
  const renderer = makeRenderer(dialect, writer, bodies);
  phase(writer, 0, generation.titles.guards);
  generation.script[dialect].guards(writer, { effectiveSchemaHash: info.effectiveSchemaHash, ownerRole });
  renderCore(writer, renderer, definition, generation);
  renderModel(writer, renderer, definition);
  renderSeed(writer, generation, dialect, renderer, info);
  return dialectOf[dialect].scriptText(renderer.framed(writer.text()));
}
