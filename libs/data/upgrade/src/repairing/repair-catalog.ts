import { type Catalog, diffByOrigin, diffText } from '@dms/catalog';
import {
  type Connection,
  introspectHere,
  keptDuring,
  type LockedOptions,
  lockedTransaction,
  run,
} from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { shapeRefusal } from '../applying/shape-refusal.ts';
import { type CatalogRepair, planRepair, type RepairedSet } from './plan-repair.ts';

interface RepairOptions extends Pick<LockedOptions, 'signal' | 'onWaiting'> {
  /** The catalog that the service's own tool makes from the schema set; null if it makes none. */
  readonly service: () => Promise<Catalog | null>;
  /** How many milliseconds a statement waits for a lock. */
  readonly lock?: number | undefined;
}

/**
 * Gives a database the objects of its schema set that hold no rows, in one transaction under the provisioning lock
 * (design 09a §2.6). Everything is rolled back if a difference that was to be repaired is still there. A database of
 * another version of the mapping is never repaired. Throws `GATE_OTHER_GENERATION`, `VERIFY_CATALOG_DIFFERS`,
 * `PROVISION_LOCKED`, `DB_*`.
 */
export function repairCatalog(
  connection: Connection,
  set: RepairedSet,
  options: RepairOptions,
): Promise<CatalogRepair> {
  const { service, lock, signal, onWaiting } = options;
  const limits = { signal };
  return lockedTransaction(
    connection,
    async () => {
      const { catalog } = await introspectHere(connection, limits);
      const shape = shapeRefusal(connection, catalog, set.model);
      if (shape !== null)
        fail('GATE_OTHER_GENERATION', shape.text, {}, { stored: shape.stored, expected: shape.expected });
      const { diff } = await diffByOrigin(set.catalog, catalog, service);
      const repair = planRepair(set, catalog, diff);
      if (repair.statements.length === 0) return repair;
      // the states of triggers and the options of views are among the differences
      const keeps = (word: string) => word.endsWith('comment') || word.startsWith('index ');
      await keptDuring(connection, { schemas: set.catalog.schemas, keeps }, limits, async () => {
        for (const statement of repair.statements) await run(connection, statement, limits);
      });
      const { catalog: after } = await introspectHere(connection, limits);
      const judged = await diffByOrigin(set.catalog, after, service);
      const [first] = planRepair(set, after, judged.diff).repaired;
      if (first !== undefined) {
        const text = `${connection.label}: after the repair the database would still differ from the schema set, so nothing was changed.\n${diffText(after, judged.diff)}`;
        fail('VERIFY_CATALOG_DIFFERS', text, {}, { label: connection.label });
      }
      return repair;
    },
    { signal, onWaiting, ...(lock === undefined ? {} : { limits: { lock } }) },
  );
}
