import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { UriFolding } from './catalog-rules.ts';
import { generations } from './generations.ts';

/** What the objects of a generation need from the server and the database (design 09 §1.5, 22 §1.1). */
export interface NeedsOfServer {
  /** Null if the collation of the database folds URIs. */
  readonly uriFolding: UriFolding | null;
  /** The collation of the texts of identities; null for that of the database. */
  readonly identityCollation: Readonly<Record<SqlDialect, string | null>>;
  /** The names of the extensions of PostgreSQL. */
  readonly extensions: readonly string[];
}

/** The needs of a generation. */
export function needsOfServer(version: MappingVersion): NeedsOfServer {
  const { uriFolding, identityCollation, objects } = generations[version];
  return { uriFolding, identityCollation, extensions: objects.pgsql.extensions.map(({ name }) => name) };
}
