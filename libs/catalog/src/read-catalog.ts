import { readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Catalog } from './catalog.ts';
import { catalogFile } from './catalog-format.ts';
import { catalogFormats } from './catalog-formats.ts';

/** Reads `catalog.<dialect>.json` (design 09 §3.2). Throws `MODEL_FILE_INVALID`. */
export function readCatalog(text: string, file: string, dialect: SqlDialect): Catalog {
  return readArtifact(catalogFile, text, file, dialect, `catalog file of format ${catalogFormats.join(' or ')}`);
}
