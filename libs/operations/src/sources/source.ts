import { stat } from 'node:fs/promises';
import { type DocumentSchemas, defaultMappingVersion, type EffectiveSchemaManifest } from '@dms/api-schema';
import { type Catalog, hasServiceSet, serviceCatalog } from '@dms/catalog';
import type { DdlManifest } from '@dms/ddl';
import { type Diagnostic, DmsError, fail } from '@dms/diagnostics';
import type { DocumentDesign } from '@dms/documents';
import { readInput } from '@dms/files';
import { type MappingVersion, mustExist, type RelationalModelSet } from '@dms/model';
import type { DerivedMapping } from '@dms/ods';
import { checkPackLength, type Pack, readPack } from '@dms/packs';
import { compileMappingSet, type MappingSet, type MappingSetKey } from '@dms/plans';
import { inDialectOrder, dialects as known, type SqlDialect } from '@dms/sql';
import {
  catalogFormat,
  ddlManifestFormat,
  documentSchemasFormat,
  inventoryFormat,
  manifestFormat,
  modelFormat,
  odsMappingFormat,
  scriptFormat,
} from '../engine/artifact-formats.ts';
import { type ArtifactReader, runStep } from '../engine/step.ts';
import { dialectsOfArtifacts, folderStore, type MemoryStore, memoryStore, targetFor } from '../engine/stores.ts';
import { deriveInventoryStep } from '../steps/derive-inventory.ts';
import { deriveModelStep, type SchemasOfSet } from '../steps/derive-model.ts';
import { deriveOdsMappingStep, readOdsOverrides } from '../steps/derive-ods-mapping.ts';
import { emitDdlStep } from '../steps/emit-scripts.ts';
import { readSchemas, type SchemaInput } from './schema-input.ts';

/** ApiSchema files, in any order, and the generation of the mapping. */
export interface SchemaSource {
  readonly kind: 'schemas';
  readonly files: readonly SchemaInput[];
  /** `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
}

/** Artifacts in a folder. */
export interface ArtifactSource {
  readonly kind: 'artifacts';
  readonly folder: string;
  /** Whether the run is for one of several dialects; then it ignores the manifest of all scripts (design 10 §6.3). */
  readonly isOneOfSeveral?: boolean;
  /** Whether a task of Nx reads them; then a message about a missing file names the target that writes it. */
  readonly isOfTask?: boolean;
}

/** The description of a database: ApiSchema files or artifacts. */
export type DatabaseSource = SchemaSource | ArtifactSource;

/** The source of a mapping set: compiled from ApiSchema files or from artifacts, or read from a pack. */
export type MappingSetSource = DatabaseSource | { readonly kind: 'pack'; readonly file: string };

/** Called before each part of the work, with its name. */
type OnProgress = ((part: string) => void) | undefined;

const readingArtifacts = 'read artifacts';

const isMissing = (error: unknown) => error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND';

/** The artifacts of a dialect in a folder; by default, of the first dialect with files. */
export async function ofDialect<Result>(
  dialect: SqlDialect | undefined,
  read: (dialect: SqlDialect) => Promise<Result>,
): Promise<Result> {
  let missing: unknown;
  for (const each of dialect === undefined ? known : [dialect]) {
    try {
      return await read(each);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // report the missing file of the first dialect
      missing ??= error;
    }
  }
  throw missing;
}

/** The dialects of a source; all dialects if a folder has none, so that the error names the first missing file. */
export async function dialectsOf(source: DatabaseSource): Promise<readonly SqlDialect[]> {
  if (source.kind === 'schemas') return known;
  const present = await dialectsOfArtifacts(source.folder);
  return present.length > 0 ? present : known;
}

/** The dialects of a run: those that were named, otherwise those of its source; `pgsql` before `mssql`. */
export async function chosenDialects(
  source: DatabaseSource,
  named: readonly SqlDialect[] | undefined,
): Promise<readonly SqlDialect[]> {
  return inDialectOrder(named ?? (await dialectsOf(source)));
}

/** Reads artifacts of a folder that is not changed meanwhile. */
async function fromFolder<Held>(
  { folder, isOfTask = false }: ArtifactSource,
  read: (store: ArtifactReader) => Promise<Held>,
): Promise<Held> {
  const store = folderStore(folder, [], isOfTask ? targetFor : undefined);
  const held = await read(store);
  await store.checkUnchanged();
  return held;
}

async function storeOfModels(
  { files, mappingVersion = defaultMappingVersion }: SchemaSource,
  dialects: readonly SqlDialect[],
  onProgress: OnProgress,
): Promise<{ readonly store: MemoryStore; readonly schemas: SchemasOfSet }> {
  onProgress?.('load');
  const schemas = { ...(await readSchemas(files)), mappingVersion };
  const store = memoryStore();
  await runStep(deriveModelStep, { dialects, store, onProgress }, () => schemas);
  return { store, schemas };
}

/** Compiles ApiSchemas in memory into the artifacts that a database needs. */
export async function storeOfSchemas(
  source: SchemaSource,
  dialects: readonly SqlDialect[],
  onProgress?: (part: string) => void,
): Promise<MemoryStore> {
  return (await storeOfScripts(source, dialects, onProgress)).store;
}

async function storeOfScripts(
  source: SchemaSource,
  dialects: readonly SqlDialect[],
  onProgress: OnProgress,
): Promise<{ readonly store: MemoryStore; readonly schemas: SchemasOfSet }> {
  const { store, schemas } = await storeOfModels(source, dialects, onProgress);
  const run = { dialects, store, onProgress };
  await runStep(deriveInventoryStep, run, () => undefined);
  await runStep(emitDdlStep, run, () => undefined);
  return { store, schemas };
}

/** The same with the mapping of an ODS. */
export async function storeForVerification(
  source: SchemaSource,
  dialects: readonly SqlDialect[],
  onProgress?: (part: string) => void,
): Promise<MemoryStore> {
  const { store, schemas } = await storeOfScripts(source, dialects, onProgress);
  await runStep(deriveOdsMappingStep, { dialects, store, onProgress }, () => schemas);
  return store;
}

/** The artifacts from which a database of one dialect is created, and with which it is compared. */
export interface DatabaseDesign {
  readonly info: EffectiveSchemaManifest;
  readonly script: string;
  /** The hash of the normalized script, if a manifest has it. */
  readonly scriptSha256: string | null;
  readonly catalog: Catalog;
  /** The catalog that the service's own tool makes from the schema set (design 09 §4.5); null if it makes none. */
  readonly service: () => Promise<Catalog | null>;
}

/** A store with the artifacts of a database. */
type DesignStore = ArtifactReader<'effectiveSchemaManifest' | 'script' | 'catalog' | 'inventory' | 'ddlManifest'>;

/** The manifest of scripts is optional in a folder. */
async function manifestOfScripts(store: DesignStore): Promise<DdlManifest | null> {
  try {
    return await store.read(ddlManifestFormat);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function stale(found: string): never {
  return fail('PROVISION_INPUT_STALE', `${found}. Emit the artifacts again.`);
}

/**
 * The artifacts for the database of one dialect, which must belong to one schema set.
 *
 * @param isOneOfSeveral whether the run is for one of several dialects: the manifest of all scripts is then no part of
 * it. One that is there was left by a run for all, as a run that comes from the cache of Nx removes no file (design 10
 * §6.3). Of which set the script is it says itself: it refuses a database of another (design 06 §6.1)
 */
export async function designIn(
  store: DesignStore,
  dialect: SqlDialect,
  isOneOfSeveral = false,
): Promise<DatabaseDesign> {
  const info = await store.read(manifestFormat);
  const script = await store.read(scriptFormat, dialect);
  const catalog = await store.read(catalogFormat, dialect);
  const manifest = isOneOfSeveral ? null : await manifestOfScripts(store);
  const service = async () =>
    hasServiceSet(catalog) ? serviceCatalog(catalog, await store.read(inventoryFormat, dialect)) : null;
  const { effectiveSchemaHash } = info;
  const isOther = (name: string) => stale(`${name} is of another schema set than effective-schema.manifest.json`);
  if (catalog.fingerprint?.effectiveSchemaHash !== effectiveSchemaHash) isOther(`catalog.${dialect}.json`);
  if (!script.includes(effectiveSchemaHash)) isOther(`${dialect}.sql`);
  if (manifest === null) return { info, script, scriptSha256: null, catalog, service };
  if (manifest.effectiveSchemaHash !== effectiveSchemaHash) isOther('ddl.manifest.json');
  const entry = manifest.scripts.find((each) => each.dialect === dialect);
  if (entry === undefined) return stale(`ddl.manifest.json does not list the script ${dialect}.sql`);
  return { info, script, scriptSha256: entry.normalizedSha256, catalog, service };
}

export interface DatabaseDesignOptions {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
  readonly onProgress?: OnProgress;
}

/**
 * The artifacts for the database of a source (design 09 §2.1, step 2): read from a folder, where they must belong to
 * one schema set, or compiled from schemas in memory.
 */
export function databaseDesign(options: DatabaseDesignOptions): Promise<DatabaseDesign> {
  const { source, dialect } = options;
  const isOneOfSeveral = source.kind === 'artifacts' && source.isOneOfSeveral;
  return readSource(options, (store) => designIn(store, dialect, isOneOfSeveral));
}

/** Reads artifacts of a source, in one dialect. */
export async function readSource<Held>(
  { source, dialect, onProgress }: DatabaseDesignOptions,
  read: (store: ArtifactReader) => Promise<Held>,
): Promise<Held> {
  if (source.kind === 'schemas') return read(await storeOfSchemas(source, [dialect], onProgress));
  onProgress?.(readingArtifacts);
  return fromFolder(source, read);
}

async function documentDesignIn(
  store: ArtifactReader,
  dialect: SqlDialect,
  withSchemas: boolean,
): Promise<DocumentDesign> {
  const info = await store.read(manifestFormat);
  const model = await store.read(modelFormat, dialect);
  const inventory = await store.read(inventoryFormat, dialect);
  return { info, model, inventory, schemas: withSchemas ? await store.read(documentSchemasFormat) : null };
}

/**
 * The model and inventory of a source: read from artifacts, or compiled from schemas in memory. The dialect defaults to
 * that of the artifacts, `pgsql` if they have both.
 */
export async function documentDesign(
  source: DatabaseSource,
  dialect?: SqlDialect,
  onProgress?: (part: string) => void,
  withSchemas = false,
): Promise<DocumentDesign> {
  if (source.kind === 'schemas') {
    const made = dialect ?? 'pgsql';
    return documentDesignIn(await storeOfSchemas(source, [made], onProgress), made, withSchemas);
  }
  onProgress?.(readingArtifacts);
  return ofDialect(dialect, (each) => fromFolder(source, (store) => documentDesignIn(store, each, withSchemas)));
}

/** What reporting views are made from (design 19 §6). */
export interface ReportingDesigns {
  readonly info: EffectiveSchemaManifest;
  readonly mapping: DerivedMapping['mapping'];
  /** About the mapping, without the files of its resources. */
  readonly notes: DerivedMapping['notes'];
  /** One for each dialect of the run. */
  readonly models: readonly RelationalModelSet[];
  /** The schemas that an API checks documents with (design 14 §1.1), if requested; otherwise null. */
  readonly schemas: DocumentSchemas | null;
  /** The notes with the files of their resources, where these are known; those about models are of no interest here. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportingDesignOptions {
  readonly source: DatabaseSource;
  /** A file of ODS overrides, for schemas. */
  readonly odsOverrides?: string | undefined;
  readonly dialects: readonly SqlDialect[];
  readonly withSchemas?: boolean | undefined;
  readonly onProgress?: OnProgress;
}

/**
 * The mapping of an ODS, and the models whose tables its views select from: read from artifacts, or derived from
 * schemas. Throws `INPUT_*`, `MODEL_FILE_INVALID`, `ODS_*` and the codes of `derive-model`.
 */
export async function reportingDesigns({
  source,
  odsOverrides,
  dialects,
  withSchemas = false,
  onProgress,
}: ReportingDesignOptions): Promise<ReportingDesigns> {
  const read = async (store: ArtifactReader, located?: readonly Diagnostic[]): Promise<ReportingDesigns> => {
    const models = [];
    for (const dialect of dialects) models.push(await store.read(modelFormat, dialect));
    const info = await store.read(manifestFormat);
    const { mapping, notes } = await store.read(odsMappingFormat);
    const documentSchemas = withSchemas ? await store.read(documentSchemasFormat) : null;
    return { info, mapping, notes, models, schemas: documentSchemas, diagnostics: located ?? notes };
  };
  if (source.kind === 'artifacts') {
    onProgress?.(readingArtifacts);
    return fromFolder(source, (store) => read(store));
  }
  const { store, schemas } = await storeOfModels(source, dialects, onProgress);
  onProgress?.('derive-ods-mapping');
  const overrides = await readOdsOverrides(odsOverrides);
  const notes = await runStep(deriveOdsMappingStep, { dialects, store, onProgress }, () => ({ ...schemas, overrides }));
  return read(store, notes);
}

/** What comments are made from (design 13 §8). */
export interface CommentDesigns {
  readonly info: EffectiveSchemaManifest;
  readonly schemas: DocumentSchemas;
  /** One for each dialect of the run. */
  readonly models: readonly RelationalModelSet[];
}

/**
 * The definitions of a schema set, and the models whose tables have them: read from artifacts, or derived from schemas.
 */
export async function commentDesigns(
  source: DatabaseSource,
  dialects: readonly SqlDialect[],
  onProgress?: OnProgress,
): Promise<CommentDesigns> {
  const read = async (store: ArtifactReader): Promise<CommentDesigns> => {
    const models = [];
    for (const dialect of dialects) models.push(await store.read(modelFormat, dialect));
    return { info: await store.read(manifestFormat), schemas: await store.read(documentSchemasFormat), models };
  };
  if (source.kind === 'schemas') return read((await storeOfModels(source, dialects, onProgress)).store);
  onProgress?.(readingArtifacts);
  return fromFolder(source, read);
}

/** The mapping sets of ApiSchema files or of a folder of artifacts, for the dialects in their order. */
export async function compiledMappingSets(
  source: DatabaseSource,
  dialects: readonly SqlDialect[],
  onProgress?: (part: string) => void,
): Promise<MappingSet[]> {
  const modelsIn = async (store: ArtifactReader) => {
    const models = [];
    for (const dialect of dialects) models.push(await store.read(modelFormat, dialect));
    return models;
  };
  if (source.kind === 'artifacts') onProgress?.(readingArtifacts);
  const models =
    source.kind === 'artifacts'
      ? await fromFolder(source, modelsIn)
      : await modelsIn((await storeOfModels(source, dialects, onProgress)).store);
  return models.map(compileMappingSet);
}

/** Reads the file of a pack. Throws `INPUT_FILE_*` and the `PACK_*` code of the first check that fails. */
export async function readPackFile(file: string, expected: Partial<MappingSetKey> = {}): Promise<Pack> {
  // If the size cannot be determined, reading fails too and reports why.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  checkPackLength(file, size);
  return readPack(await readInput(file), file, { expected });
}

export interface MappingSetOptions {
  readonly source: MappingSetSource;
  /** By default the dialect of the artifacts or the pack, `pgsql` if the source has both. */
  readonly dialect?: SqlDialect | undefined;
  readonly onProgress?: OnProgress;
}

/**
 * The mapping set of a source, to execute its plans. If it comes from a pack, its model has only the parts in the pack
 * (design 08 §12.3). Throws `INPUT_*`, `MODEL_FILE_INVALID`, `PACK_*` and the codes of the steps.
 */
export async function openMappingSet({ source, dialect, onProgress }: MappingSetOptions): Promise<MappingSet> {
  if (source.kind === 'pack') {
    onProgress?.('read the pack');
    return (await readPackFile(source.file, dialect === undefined ? {} : { dialect })).mappingSet;
  }
  const compiled = async (each: SqlDialect) =>
    mustExist((await compiledMappingSets(source, [each], onProgress))[0], each);
  return source.kind === 'artifacts' ? ofDialect(dialect, compiled) : compiled(dialect ?? 'pgsql');
}
