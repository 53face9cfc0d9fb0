import type { MappingVersion } from '@dms/model';
import type { UriFolding } from './catalog-rules.ts';
import { generations } from './generations.ts';

/** What the objects of a generation need from the server and the database (design 09 §1.5, 22 §1.1). */
export interface NeedsOfServer {
  /** Null if the collation of the database folds URIs. */
  readonly uriFolding: UriFolding | null;
  /** The names of the extensions of PostgreSQL. */
  readonly extensions: readonly string[];
}

/** The needs of a generation. */
export function needsOfServer(version: MappingVersion): NeedsOfServer {
  const { uriFolding, objects } = generations[version];
  return { uriFolding, extensions: objects.pgsql.extensions.map(({ name }) => name) };
}
