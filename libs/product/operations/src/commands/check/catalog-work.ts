import { repairDecisions } from '@dms/catalog';
import { catalogRepairRefused, type Drift } from '@dms/checking';
import type { Connection } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import { type CatalogRepair, planRepair, type RepairedSet, type RepairState, repairCatalog } from '@dms/upgrade';
import type { Context } from '../../declaring/operation.ts';
import type { DatabaseDesign } from '../../sources/source.ts';

/** The findings of a check, and the repair of the catalog. */
export interface CheckedDatabase extends Drift {
  /** Null if there is nothing to repair, or nothing that this set can repair. */
  readonly repair: { readonly plan: CatalogRepair; readonly state: RepairState } | null;
}

/** A database during a check, before a repair of its catalog. */
export interface DifferingDatabase {
  readonly connection: Connection;
  readonly drift: Drift;
  readonly service: DatabaseDesign['service'];
  readonly context: Context;
  /** How long a statement of the repair waits for its locks, in milliseconds. */
  readonly lock: number | undefined;
  repairedSet(): Promise<RepairedSet>;
  /** Compares the database again. */
  compare(): Promise<Drift>;
  /** Called when the catalog is repaired. */
  onRepaired(): void;
}

/** What a check does about a catalog that differs from its set. */
export interface CatalogWork {
  /** Whether the options ask for a repair. */
  readonly isAsked: boolean;
  /** Works on the database, and returns its findings after that. */
  work(database: DifferingDatabase, set: RepairedSet, plan: CatalogRepair): Promise<CheckedDatabase>;
}

/** Says that the catalog can be repaired. */
export const toldRepair: CatalogWork = {
  isAsked: false,
  work: async ({ drift }, _, plan) => ({ ...drift, repair: { plan, state: 'told' } }),
};

/** Prints the statements of the repair. */
export const plannedRepair: CatalogWork = {
  isAsked: true,
  work: async ({ drift }, _, plan) => ({ ...drift, repair: { plan, state: 'planned' } }),
};

/** Repairs the catalog, and compares the database again. */
export const doneRepair: CatalogWork = {
  isAsked: true,
  async work(database, set, plan) {
    if (plan.statements.length === 0) return plannedRepair.work(database, set, plan);
    const { connection, service, lock, compare, onRepaired } = database;
    const { signal, onProgress, onWaiting } = database.context;
    onProgress?.('repair catalog');
    const done = await repairCatalog(connection, set, { service, signal, onWaiting, lock });
    onRepaired();
    return { ...(await compare()), repair: { plan: done, state: 'done' } };
  },
};

/** Does the work on a database that was compared, if this set can repair it; otherwise the work is refused. */
export async function withCatalogWork(
  database: DifferingDatabase,
  { isAsked, work }: CatalogWork,
): Promise<CheckedDatabase> {
  const { connection, drift, repairedSet } = database;
  if (!mayBeRepaired(drift)) {
    const refused = isAsked ? catalogRepairRefused(connection.label, drift) : undefined;
    const failures: readonly Diagnostic[] = refused === undefined ? drift.failures : [...drift.failures, refused];
    return { ...drift, failures, repair: null };
  }
  const set = await repairedSet();
  return work(database, set, planRepair(set, drift.catalog, drift.diff));
}

/**
 * Whether a database of the set can be repaired: it differs from the set, its shape is that of the set, and its triggers
 * and functions are ours.
 */
const mayBeRepaired = ({ catalog, effectiveSchemaHash, otherShape, maker, diff }: Drift): boolean =>
  otherShape === null &&
  catalog.fingerprint?.effectiveSchemaHash === effectiveSchemaHash &&
  maker.kind !== 'service' &&
  maker.kind !== 'mixed' &&
  repairDecisions(diff).length > 0;
