import { needsOfServer } from '@dms/catalog';
import type { ComparedSet } from '../comparing/compared-set.ts';

/**
 * The collation of the database for which an upgrade is planned. The earlier catalog may name it; the default is the
 * collation of keys (design 22 §7.1). Null if neither set declares a collation.
 */
export function collationOfUpgrade(before: ComparedSet, after: ComparedSet): string | null {
  const { dialect } = after.catalog;
  const [earlier, later] = [before, after].map(
    ({ model }) => needsOfServer(model.effectiveSchema.relationalMappingVersion).identityCollation[dialect],
  );
  const declared = earlier ?? later ?? null;
  return declared === null ? null : (before.catalog.collation ?? after.catalog.collation ?? declared);
}

/** Why an upgrade is refused in a database with another collation; the message has that collation after it. */
export const refusedCollation = (wanted: string) =>
  `the upgrade was planned for a database with the collation ${wanted}. Name the collation of the database with --collation or with "collation" in dms.json, and plan again; it is `;
