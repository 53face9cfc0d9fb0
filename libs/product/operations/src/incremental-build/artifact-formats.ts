import {
  type DocumentSchemas,
  readDocumentSchemas,
  readEffectiveSchemaManifest,
  type StoredEffectiveSchema,
} from '@dms/api-schema';
import { type Catalog, coreTableColumns, readCatalog } from '@dms/catalog';
import { type DdlManifest, readDdlManifest } from '@dms/ddl';
import { fail } from '@dms/diagnostics';
import { type Inventory, readInventory, unknownColumn } from '@dms/inventory';
import { type MappingVersion, type RelationalModelSet, readModel } from '@dms/model';
import { type DerivedMapping, type EarlierMapping, readEarlierMapping, readMapping } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { decodeUtf8 } from '@dms/values';
import type { ArtifactName } from './step-table.ts';

/** The values of the artifacts that a later step reads. */
export interface ArtifactValues {
  readonly effectiveSchemaManifest: StoredEffectiveSchema;
  readonly documentSchemas: DocumentSchemas;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly script: string;
  readonly catalog: Catalog;
  readonly ddlManifest: DdlManifest;
  readonly odsMapping: DerivedMapping;
  readonly earlierMapping: EarlierMapping;
}

export type ReadableArtifact = keyof ArtifactValues & ArtifactName;

/** The bytes of an artifact, and the context for reading them. */
interface ArtifactBytes {
  readonly bytes: Buffer;
  /** The name of the file in messages. */
  readonly file: string;
  /** The dialect; undefined for artifacts that are not per dialect. */
  readonly dialect: SqlDialect | undefined;
  /** Another artifact of the same store. */
  read<Name extends ReadableArtifact>(
    format: ArtifactFormat<Name>,
    dialect?: SqlDialect,
  ): Promise<ArtifactValues[Name]>;
  /** The SHA-256 of another artifact of the same store, in lower-case hex. */
  hashOf(artifact: ReadableArtifact, dialect: SqlDialect): Promise<string>;
}

/** Reads a file back into a value. */
export interface ArtifactFormat<Name extends ReadableArtifact> {
  readonly artifact: Name;
  parse(source: ArtifactBytes): ArtifactValues[Name] | Promise<ArtifactValues[Name]>;
  /** The generation that a file names; null if it names none. Absent if no file of the format names one. */
  generationOf?(value: ArtifactValues[Name]): MappingVersion | null;
}

export const manifestFormat: ArtifactFormat<'effectiveSchemaManifest'> = {
  artifact: 'effectiveSchemaManifest',
  parse: ({ bytes, file }) => readEffectiveSchemaManifest(bytes, file),
};

export const documentSchemasFormat: ArtifactFormat<'documentSchemas'> = {
  artifact: 'documentSchemas',
  async parse({ bytes, file, read }) {
    return readDocumentSchemas(bytes, file, (await read(manifestFormat)).effectiveSchemaHash);
  },
};

export const modelFormat: ArtifactFormat<'model'> = {
  artifact: 'model',
  async parse({ bytes, file, dialect, read }) {
    return readModel(bytes.toString('utf8'), file, ofDialect(dialect), await read(manifestFormat));
  },
  generationOf: ({ effectiveSchema }) => effectiveSchema.relationalMappingVersion,
};

export const inventoryFormat: ArtifactFormat<'inventory'> = {
  artifact: 'inventory',
  async parse({ bytes, file, dialect, read, hashOf }) {
    const own = ofDialect(dialect);
    const inventory = readInventory(bytes.toString('utf8'), file, own, await hashOf('model', own));
    const model = await read(modelFormat, own);
    const unknown = unknownColumn(inventory, model, coreTableColumns(model.effectiveSchema.relationalMappingVersion));
    if (unknown === undefined) return inventory;
    const text = `${file} names ${unknown}, which the model beside it does not have; emit the artifacts again.`;
    return fail('MODEL_FILE_INVALID', text, { file }, { unknown });
  },
};

export const scriptFormat: ArtifactFormat<'script'> = {
  artifact: 'script',
  parse: ({ bytes, file }) => decodeUtf8(bytes, file),
};

export const catalogFormat: ArtifactFormat<'catalog'> = {
  artifact: 'catalog',
  parse: ({ bytes, file, dialect }) => readCatalog(decodeUtf8(bytes, file), file, ofDialect(dialect)),
  generationOf: ({ mappingVersion }) => mappingVersion,
};

export const ddlManifestFormat: ArtifactFormat<'ddlManifest'> = {
  artifact: 'ddlManifest',
  parse: ({ bytes, file }) => readDdlManifest(decodeUtf8(bytes, file), file),
};

export const odsMappingFormat: ArtifactFormat<'odsMapping'> = {
  artifact: 'odsMapping',
  async parse({ bytes, file, read }) {
    return readMapping(bytes, file, (await read(manifestFormat)).effectiveSchemaHash);
  },
};

export const earlierMappingFormat: ArtifactFormat<'earlierMapping'> = {
  artifact: 'earlierMapping',
  async parse({ bytes, file, read }) {
    return readEarlierMapping(bytes, file, (await read(manifestFormat)).effectiveSchemaHash);
  },
};

function ofDialect(dialect: SqlDialect | undefined): SqlDialect {
  if (dialect === undefined) throw new Error('This artifact is of a dialect.');
  return dialect;
}
