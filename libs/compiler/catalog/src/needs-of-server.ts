import type { MappingVersion } from '@dms/model';
import type { CatalogRules } from './catalog-rules.ts';
import { generations } from './generations.ts';

/** What the objects of a generation need from the server and the database (design 09 §1.5, 22 §1.1). */
export interface NeedsOfServer extends Pick<CatalogRules, 'uriFolding' | 'identityCollation'> {
  /** The names of the extensions of PostgreSQL. */
  readonly extensions: readonly string[];
}

/** The needs of a generation. */
export function needsOfServer(version: MappingVersion): NeedsOfServer {
  const { uriFolding, identityCollation, objects } = generations[version];
  return { uriFolding, identityCollation, extensions: objects.pgsql.extensions.map(({ name }) => name) };
}
