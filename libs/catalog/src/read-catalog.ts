import { type ArtifactKind, readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Catalog } from './catalog.ts';
import { catalogFile } from './catalog-format.ts';
import { catalogFormats } from './catalog-formats.ts';

const kind: ArtifactKind = { name: 'catalog file', member: 'catalog_format', formats: catalogFormats };

/** Reads `catalog.<dialect>.json` (design 09 §3.2). Throws `MODEL_FILE_INVALID`. */
export function readCatalog(text: string, file: string, dialect: SqlDialect): Catalog {
  return readArtifact(catalogFile, text, file, dialect, kind);
}
