import { core, coreV2, mustExist, qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import { effectOn, effectOnNone, type StatementEffect, type StatementKind } from '../hazards/statement-effect.ts';
import { columnStatements } from '../kinds/column-statements.ts';
import { deleteTrackedRows } from '../kinds/columns.ts';
import { addKeys, dropKeys } from '../kinds/constraints.ts';
import { computeAbstractIdentities, computeHierarchy, computeReferentialIds } from '../kinds/derived-rows.ts';
import { rewriteDiscriminators } from '../kinds/discriminators.ts';
import { deleteDocuments, rewriteResourceKeys } from '../kinds/resources.ts';
import {
  createSchemasAndExtensions,
  createSequences,
  createTables,
  dropSchemas,
  dropTables,
  renameTables,
} from '../kinds/tables.ts';
import { createRoutines, createTriggers, dropFunctions, dropTriggers, restoreRights } from '../kinds/triggers.ts';
import { createViews, dropViews } from '../kinds/views.ts';
import type { UpgradeCheck, UpgradeItem, UpgradeLoss, UpgradeQuery, UpgradeStatement } from '../plan/upgrade-plan.ts';
import { PreparationPlanner } from '../preparing/preparing.ts';
import { NameChanges } from './name-changes.ts';
import { type ScriptParts, StatementList } from './script-parts.ts';
import type { ScriptCheck } from './upgrade-dialect.ts';

/** The queries that come before the first change. */
interface ScriptQueries {
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeLoss[];
  /** The effects of these queries. */
  readonly checkEffects: readonly StatementEffect[];
}

/** The statements between the preflight and the end of a script, in order (design 12 §5). */
export function upgradeStatements(
  given: Omit<ScriptParts, 'preparing'>,
  queries: ScriptQueries,
  written: ReadonlySet<string> = new Set(),
): readonly UpgradeStatement[] {
  const parts: ScriptParts = { ...given, preparing: new PreparationPlanner({ ...given, written }) };
  const out = new StatementList();
  checkRows(parts, queries, out);
  dropTriggers(parts, out);
  dropFunctions(parts, out);
  dropViews(parts, out);
  dropKeys(parts, out);
  changeTables(parts, out);
  rewriteResourceKeys(parts, out);
  rewriteDiscriminators(parts, out);
  addKeys(parts, out);
  createRoutines(parts, out);
  createViews(parts, out);
  createTriggers(parts, out);
  restoreRights(parts, out);
  computeAbstractIdentities(parts, out);
  computeReferentialIds(parts, out);
  computeHierarchy(parts, out);
  writeFingerprint(parts, out);
  return out.list;
}

function checkRows({ comparison: { dialect } }: ScriptParts, queries: ScriptQueries, out: StatementList): void {
  const { items, checks, losses, checkEffects } = queries;
  if (checks.length + losses.length === 0) return;
  const named = (list: readonly UpgradeQuery[]): ScriptCheck[] =>
    list.map(({ id, item, sql }) => ({ id, sql, text: items[item] ? itemText(items[item]) : '' }));
  const effects = checkEffects.length === 0 ? [effectOnNone('check rows')] : checkEffects;
  out.add('checks', qualified(core.document), effects, dialect.checks(named(checks), named(losses)));
}

/** All statements from the drop of removed tables to the later form of the columns (design 12 §5, steps 4 and 5). */
function changeTables(parts: ScriptParts, out: StatementList): void {
  const { comparison, keys } = parts;
  const { dialect, changes } = comparison;
  dropTables(parts, out);
  deleteDocuments(parts, out);
  deleteTrackedRows(parts, out);
  const columns = columnStatements(parts);
  columns.forEach(({ drops }, index) => {
    out.addMade('tables and names', mustExist(changes[index], 'the table of statements').pair.before.key, drops);
  });
  createSchemasAndExtensions(parts, out);
  const names = new NameChanges(comparison, keys);
  renameTables(names, out);
  dropSchemas(parts, out);
  for (const { table, names: renamings } of columns) out.addMade('tables and names', table, renamings);
  for (const { subject, sql, effects } of names.keyRenames()) out.add('tables and names', subject, effects, sql);
  createSequences(parts, out);
  createTables(parts, out);
  for (const { table, adds } of columns) out.addMade('columns', table, adds);
  for (const { table, moves } of columns) out.addMade('columns', table, moves);
  if (columns.some(({ moves, changes: last }) => moves.length > 0 || last.length > 0))
    out.add('columns', qualified(core.document), effectOnNone('run deferred checks'), ...dialect.settle());
  for (const { table, changes: last } of columns) out.addMade('columns', table, last);
}

function writeFingerprint({ comparison, statements }: ScriptParts, out: StatementList): void {
  const { before, after, dialect } = comparison;
  const isSame = before.info.effectiveSchemaHash === after.info.effectiveSchemaHash;
  if (isSame && out.list.length === 0) return;
  const cache = effectOn('delete rows', qualified(core.documentCache));
  out.add(
    'fingerprint',
    qualified(core.documentCache),
    cache,
    `DELETE FROM ${qualifiedName(dialect.rules, core.documentCache)};`,
  );
  const refilled: StatementEffect = {
    ...effectOn('insert rows', qualified(coreV2.documentProjectionWork)),
    rows: { table: qualified(core.document) },
  };
  const refill = generations[comparison.definition.mappingVersion].refillCache[dialect.name];
  out.add('fingerprint', qualified(core.documentCache), refilled, ...refill);
  // its components are deleted with it
  const schema = qualified(core.effectiveSchema);
  const gone = `DELETE FROM ${qualifiedName(dialect.rules, core.effectiveSchema)};`;
  const onBoth = (kind: StatementKind) =>
    [schema, qualified(core.schemaComponent)].map((table) => effectOn(kind, table));
  out.add('fingerprint', qualified(core.effectiveSchema), onBoth('delete rows'), gone);
  const written = statements.fingerprint(after.model.effectiveSchema);
  out.add('fingerprint', qualified(core.effectiveSchema), onBoth('insert rows'), written);
}

/** The text that names the item of a query. */
export const itemText = ({ change, path }: UpgradeItem) => `${change}: ${path.join('.')}`;
