import { core, coreV2, qualified } from '@dms/model';
import { columnOperations } from '../kinds/column-operations.ts';
import { lostTrackedChanges } from '../kinds/columns.ts';
import { abstractIdentityOperations, hierarchyOperations, referentialIdOperations } from '../kinds/derived-rows.ts';
import { discriminatorOperations } from '../kinds/discriminators.ts';
import { addedKeys, droppedKeys } from '../kinds/key-operations.ts';
import { removedResources, resourceKeyOperations } from '../kinds/resources.ts';
import { schemaOperations, tableOperations } from '../kinds/tables.ts';
import { routineOperations, triggerOperations } from '../kinds/triggers.ts';
import { viewOperations } from '../kinds/views.ts';
import { present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import { placeOf } from '../ops/order.ts';
import type { UpgradeCheck, UpgradeItem, UpgradeLoss, UpgradeQuery } from '../plan/upgrade-plan.ts';
import { NameChanges } from './name-changes.ts';
import type { ScriptParts } from './script-parts.ts';
import type { ScriptedCheck } from './upgrade-dialect.ts';

/** The queries that come before the first change. */
interface ScriptQueries {
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeLoss[];
  /** `schema.name`, in the earlier set, of the tables that the queries read. */
  readonly scanned: readonly string[];
}

/** Everything that an upgrade does between the preflight and the end (design 12 §5). */
export function upgradeOperations(parts: ScriptParts, queries: ScriptQueries): readonly UpgradeOperation[] {
  const names = new NameChanges(parts.comparison, parts.keys, parts.found);
  const made = [
    ...checkedRows(queries),
    ...triggerOperations(parts),
    ...routineOperations(parts),
    ...viewOperations(parts),
    ...droppedKeys(parts),
    ...tableOperations(parts),
    ...removedResources(parts),
    ...lostTrackedChanges(parts),
    ...columnOperations(parts),
    ...schemaOperations(parts),
    ...names.moves(),
    ...names.renames(),
    ...names.keyRenames(),
    ...resourceKeyOperations(parts),
    ...discriminatorOperations(parts),
    ...abstractIdentityOperations(parts),
    ...referentialIdOperations(parts),
    ...hierarchyOperations(parts),
  ];
  const added = addedKeys(parts);
  const all = [...made, ...(added.some(() => made.some(isBeforeKeys)) ? [settledKeys] : []), ...added];
  return [...all, ...writtenFingerprint(parts, all.length > 0)];
}

const settledKeys: UpgradeOperation = { op: 'settleKeys', subject: qualified(core.document), on: [], for: [] };

/** Whether an operation may leave checks that wait for the end, before keys are added. */
const isBeforeKeys = ({ op }: UpgradeOperation) => op !== 'checkRows' && placeOf(op).rank < placeOf('settleKeys').rank;

function checkedRows({ items, checks, losses, scanned }: ScriptQueries): readonly UpgradeOperation[] {
  if (checks.length + losses.length === 0) return [];
  const named = (list: readonly UpgradeQuery[]): ScriptedCheck[] =>
    list.map(({ id, item, sql }) => ({ id, sql, text: items[item] ? itemText(items[item]) : '' }));
  const subject = qualified(core.document);
  return [
    { op: 'checkRows', subject, on: scanned.map(present), for: [], checks: named(checks), losses: named(losses) },
  ];
}

/** The cache is emptied, and the fingerprint written anew, unless nothing changes. */
function writtenFingerprint({ comparison }: ScriptParts, isChanged: boolean): readonly UpgradeOperation[] {
  const { before, after } = comparison;
  if (before.info.effectiveSchemaHash === after.info.effectiveSchemaHash && !isChanged) return [];
  const cache = qualified(core.documentCache);
  const schema = qualified(core.effectiveSchema);
  // its components are deleted with it
  const on = [schema, qualified(core.schemaComponent)].map(present);
  const made = { for: [] };
  return [
    { op: 'emptyCache', subject: cache, on: [present(cache)], ...made, table: core.documentCache },
    {
      op: 'refillCache',
      subject: cache,
      on: [present(qualified(coreV2.documentProjectionWork))],
      ...made,
      table: coreV2.documentProjectionWork,
      rows: { table: qualified(core.document) },
    },
    { op: 'deleteFingerprint', subject: schema, on, ...made, table: core.effectiveSchema },
    { op: 'writeFingerprint', subject: schema, on, ...made, info: after.model.effectiveSchema },
  ];
}

/** The text that names the item of a query. */
export const itemText = ({ change, path }: UpgradeItem) => `${change}: ${path.join('.')}`;
