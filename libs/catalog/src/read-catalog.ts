import { defaultMappingVersion } from '@dms/api-schema';
import { type ArtifactKind, readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';
import { type Catalog, camelObject, catalogMembers, transformed } from './catalog.ts';
import { catalogFormats, generationOfFormat } from './catalog-formats.ts';

/** The format number of the file, read as the generation that writes it. */
const format = transformed(z.number(), (number, { issues }) => {
  const version = generationOfFormat(number);
  if (version === undefined)
    issues.push({ code: 'custom', input: number, message: `expected ${catalogFormats.join(' or ')}` });
  return version ?? defaultMappingVersion;
});

/** The shape of `catalog.<dialect>.json` (design 09 §3.2), and how to read it back into a catalog. */
const catalogFile = transformed(
  camelObject({ catalog_format: format, ...catalogMembers }),
  ({ catalogFormat, ...rest }) => ({
    ...rest,
    mappingVersion: catalogFormat,
  }),
);

const kind: ArtifactKind = { name: 'catalog file', member: 'catalog_format', formats: catalogFormats };

/** Reads `catalog.<dialect>.json` (design 09 §3.2). Throws `MODEL_FILE_INVALID`. */
export function readCatalog(text: string, file: string, dialect: SqlDialect): Catalog {
  return readArtifact(catalogFile, text, file, dialect, kind);
}
