import { needsOfServer } from '@dms/catalog';
import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/**
 * The collation that a database must have for a move between two generations, which changes the collation of no column
 * (design 22 §7); null if any will do.
 */
export function collationOfMove(from: MappingVersion, to: MappingVersion, dialect: SqlDialect): string | null {
  const earlier = needsOfServer(from).identityCollation[dialect];
  const later = needsOfServer(to).identityCollation[dialect];
  return earlier === later ? null : (earlier ?? later);
}

/** Why a move is refused in a database with another collation; the message has the collation after it. */
export const refusedCollation = (wanted: string) =>
  `columns of keys need the collation ${wanted}, and a move changes no collation. Load the documents into a new database instead. The collation of the database is `;
