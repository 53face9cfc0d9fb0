import { stat } from 'node:fs/promises';
import {
  type DocumentSchemas,
  defaultMappingVersion,
  type EffectiveSchemaManifest,
  readSchemas,
  type SchemaInput,
  withGeneration,
} from '@dms/api-schema';
import { type Catalog, hasServiceSet, isScriptOfShape, serviceCatalog } from '@dms/catalog';
import type { DdlManifest } from '@dms/ddl';
import { type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import type { DocumentDesign } from '@dms/documents';
import { fileIdentity, readInput } from '@dms/files';
import { type MappingVersion, mustExist, type RelationalModelSet } from '@dms/model';
import type { DerivedMapping } from '@dms/ods';
import { checkPackLength, type Pack, readPack } from '@dms/packs';
import { compileMappingSet, type MappingSet, type MappingSetKey } from '@dms/plans';
import { inDialectOrder, dialects as known, type SqlDialect } from '@dms/sql';
import { deriveInventoryStep } from '../build-steps/derive-inventory.ts';
import { deriveModelStep, type SchemasOfSet } from '../build-steps/derive-model.ts';
import { deriveOdsMappingStep, readOdsOverrides } from '../build-steps/derive-ods-mapping.ts';
import { emitDdlStep } from '../build-steps/emit-ddl.ts';
import {
  catalogFormat,
  ddlManifestFormat,
  documentSchemasFormat,
  inventoryFormat,
  manifestFormat,
  modelFormat,
  odsMappingFormat,
  scriptFormat,
} from '../incremental-build/artifact-formats.ts';
import { type ArtifactReader, runStep } from '../incremental-build/step.ts';
import {
  dialectsOfArtifacts,
  folderStore,
  type MemoryStore,
  memoryStore,
  targetFor,
} from '../incremental-build/stores.ts';

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
  /** Whether the run is for one of several dialects; it then ignores the manifest of all scripts (design 10 §6.3). */
  readonly isOneOfSeveral?: boolean;
  /** Whether a task of Nx reads the artifacts; a message about a missing file then names the target that writes it. */
  readonly isOfTask?: boolean;
}

/** The artifacts of a folder; undefined if no folder is given. */
export function artifactsIn(folder: string): ArtifactSource;
export function artifactsIn(folder: string | undefined): ArtifactSource | undefined;
export function artifactsIn(folder: string | undefined): ArtifactSource | undefined {
  return folder === undefined ? undefined : { kind: 'artifacts', folder };
}

/** The description of a database: ApiSchema files or artifacts. */
export type DatabaseSource = SchemaSource | ArtifactSource;

/** The source of a mapping set: compiled from ApiSchema files or from artifacts, or read from a pack. */
export type MappingSetSource = DatabaseSource | { readonly kind: 'pack'; readonly file: string };

/** Called before each part of the work, with its name. */
type OnProgress = ((part: string) => void) | undefined;

const readingArtifacts = 'read artifacts';

/** Reads the artifacts of a dialect in a folder; by default those of the first dialect with files. */
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

const isMissing = (error: unknown) => error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND';

/** The dialects of a source; all dialects if a folder has none, so that the error names the first missing file. */
export async function dialectsOf(source: DatabaseSource): Promise<readonly SqlDialect[]> {
  if (source.kind === 'schemas') return known;
  const present = await dialectsOfArtifacts(source.folder);
  return present.length > 0 ? present : known;
}

/** The dialects of a run: the named ones, otherwise those of its source; `pgsql` before `mssql`. */
export async function chosenDialects(
  source: DatabaseSource,
  named: readonly SqlDialect[] | undefined,
): Promise<readonly SqlDialect[]> {
  return inDialectOrder(named ?? (await dialectsOf(source)));
}

/** How far schemas are compiled; each depth includes those before it. */
const depths = ['models', 'inventories', 'scripts', 'mapping'] as const;

type Depth = (typeof depths)[number];

/** The artifacts to read, for the dialects of a run. */
export interface Reading {
  readonly source: DatabaseSource;
  readonly dialects: readonly SqlDialect[];
  /** Only for schemas; `scripts` by default. */
  readonly depth?: Depth;
  readonly onProgress?: OnProgress;
}

/** Compiles ApiSchemas in memory. */
export async function compileSchemas(
  { files, mappingVersion = defaultMappingVersion }: SchemaSource,
  { dialects, depth = 'scripts', onProgress }: Omit<Reading, 'source'>,
): Promise<{ readonly store: MemoryStore; readonly schemas: SchemasOfSet }> {
  onProgress?.('load');
  const schemas = { ...(await readSchemas(files)), mappingVersion };
  const store = memoryStore();
  const run = { dialects, store, onProgress };
  await runStep(deriveModelStep, run, () => schemas);
  const has = (part: Depth) => depths.indexOf(part) <= depths.indexOf(depth);
  if (has('inventories')) await runStep(deriveInventoryStep, run, () => undefined);
  if (has('scripts')) await runStep(emitDdlStep, run, () => undefined);
  if (has('mapping')) await runStep(deriveOdsMappingStep, run, () => schemas);
  return { store, schemas };
}

/** Reads the artifacts of a source from a folder, which must not change meanwhile, or compiled from schemas. */
export async function readSource<Held>(
  { source, ...reading }: Reading,
  read: (store: ArtifactReader) => Promise<Held>,
): Promise<Held> {
  if (source.kind === 'schemas') return read((await compileSchemas(source, reading)).store);
  reading.onProgress?.(readingArtifacts);
  return fromFolder(source, read);
}

/** Reads the artifacts of a folder, which must not change meanwhile. */
async function fromFolder<Held>(
  { folder, isOfTask = false }: ArtifactSource,
  read: (store: ArtifactReader) => Promise<Held>,
): Promise<Held> {
  const store = folderStore(folder, { remedy: isOfTask ? targetFor : undefined });
  const held = await read(store);
  await store.checkUnchanged();
  return held;
}

/** The artifacts for creating a database of one dialect, and for comparing it. */
export interface DatabaseDesign {
  readonly info: EffectiveSchemaManifest;
  readonly script: string;
  /** The hash of the normalized script, if a manifest has it. */
  readonly scriptSha256: string | null;
  readonly catalog: Catalog;
  /** The catalog that the service's own tool makes for the schema set (design 09a §2.5); null if it makes none. */
  readonly service: () => Promise<Catalog | null>;
}

/** A store with the artifacts of a database. */
type DesignStore = ArtifactReader<'effectiveSchemaManifest' | 'script' | 'catalog' | 'inventory' | 'ddlManifest'>;

/**
 * The artifacts for the database of one dialect, which must belong to one schema set.
 *
 * @param ignoresManifest whether the run is for one of several dialects: the manifest of all scripts is then ignored. If
 * there is one, a run for all dialects has left it, because a run from the cache of Nx removes no file (design 10
 * §6.3). The script itself names its set, and refuses a database of another set (design 06 §6.1)
 */
export async function designIn(
  store: DesignStore,
  dialect: SqlDialect,
  ignoresManifest = false,
): Promise<DatabaseDesign> {
  const stored = await store.read(manifestFormat);
  const script = await store.read(scriptFormat, dialect);
  const catalog = await store.read(catalogFormat, dialect);
  const manifest = ignoresManifest ? null : await manifestOfScripts(store);
  const service = async () =>
    hasServiceSet(catalog) ? serviceCatalog(catalog, await store.read(inventoryFormat, dialect)) : null;
  const { effectiveSchemaHash } = stored;
  const isOther = (name: string) => stale(`${name} is of another schema set than effective-schema.manifest.json`);
  const info = withGeneration(stored, catalog.mappingVersion) ?? isOther(`catalog.${dialect}.json`);
  if (catalog.fingerprint?.effectiveSchemaHash !== effectiveSchemaHash) isOther(`catalog.${dialect}.json`);
  if (!script.includes(effectiveSchemaHash)) isOther(`${dialect}.sql`);
  if (!isScriptOfShape(script, info.relationalMappingVersion, dialect))
    stale(`${dialect}.sql makes another shape of schema dms than catalog.${dialect}.json`);
  if (manifest === null) return { info, script, scriptSha256: null, catalog, service };
  const isSame = manifest.relationalMappingVersion === info.relationalMappingVersion;
  if (manifest.effectiveSchemaHash !== effectiveSchemaHash || !isSame) isOther('ddl.manifest.json');
  const entry = manifest.scripts.find((each) => each.dialect === dialect);
  if (entry === undefined) return stale(`ddl.manifest.json does not list the script ${dialect}.sql`);
  return { info, script, scriptSha256: entry.normalizedSha256, catalog, service };
}

/** Reads the manifest of scripts, which is optional in a folder. */
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
 * The artifacts for the database of a source (design 09 §2.1, step 2): read from a folder, where they must belong to
 * one schema set, or compiled from schemas in memory.
 */
export function databaseDesign(
  source: DatabaseSource,
  dialect: SqlDialect,
  onProgress?: OnProgress,
): Promise<DatabaseDesign> {
  return readSource({ source, dialects: [dialect], onProgress }, (store) =>
    designIn(store, dialect, isOneOfSeveral(source)),
  );
}

/** Whether a run is for one of several dialects of a source. */
const isOneOfSeveral = (source: DatabaseSource): boolean =>
  source.kind === 'artifacts' && source.isOneOfSeveral === true;

/**
 * The model and inventory of a source: read from artifacts, or compiled from schemas in memory. The dialect defaults to
 * that of the artifacts, `pgsql` if they have both.
 */
export function documentDesign(
  source: DatabaseSource,
  dialect?: SqlDialect,
  onProgress?: OnProgress,
  withSchemas = false,
): Promise<DocumentDesign> {
  return inOneDialect(source, dialect, (each) =>
    readSource({ source, dialects: [each], depth: 'inventories', onProgress }, (store) =>
      documentsIn(store, each, withSchemas),
    ),
  );
}

/** A database, and the tables of its documents. */
export interface DatabaseWithDocuments {
  readonly design: DatabaseDesign;
  readonly documents: DocumentDesign;
}

/**
 * The artifacts of {@link databaseDesign} and {@link documentDesign}, which must belong to the same schema set and
 * generation.
 */
export const databaseWithDocuments = (
  { source, ...reading }: Pick<Reading, 'source' | 'onProgress'>,
  dialect: SqlDialect,
  withSchemas = false,
): Promise<DatabaseWithDocuments> =>
  readSource({ ...reading, source, dialects: [dialect] }, async (store) => ({
    design: await designIn(store, dialect, isOneOfSeveral(source)),
    documents: await documentsIn(store, dialect, withSchemas),
  }));

/** Reads in one dialect; by default in that of the artifacts, `pgsql` if they have both. */
const inOneDialect = <Held>(
  source: DatabaseSource,
  dialect: SqlDialect | undefined,
  read: (dialect: SqlDialect) => Promise<Held>,
): Promise<Held> => (source.kind === 'artifacts' ? ofDialect(dialect, read) : read(dialect ?? 'pgsql'));

const documentsIn = async (
  store: ArtifactReader,
  dialect: SqlDialect,
  withSchemas: boolean,
): Promise<DocumentDesign> => {
  const model = await store.read(modelFormat, dialect);
  const inventory = await store.read(inventoryFormat, dialect);
  const schemas = withSchemas ? await store.read(documentSchemasFormat) : null;
  return { info: model.effectiveSchema, model, inventory, schemas };
};

/** The sources of reporting views (design 19 §6). */
export interface ReportingDesigns {
  readonly info: EffectiveSchemaManifest;
  readonly mapping: DerivedMapping['mapping'];
  /** The notes about the mapping, without the files of its resources. */
  readonly notes: DerivedMapping['notes'];
  /** One for each dialect of the run. */
  readonly models: readonly RelationalModelSet[];
  /** The schemas against which an API checks documents (design 14 §1.1), if requested; otherwise null. */
  readonly schemas: DocumentSchemas | null;
  /**
   * The notes about the mapping, with the files of its resources if they are known; notes about models are left out.
   */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportingDesignOptions extends Reading {
  /** A file of ODS overrides; only for schemas. */
  readonly odsOverrides?: string | undefined;
  readonly withSchemas?: boolean | undefined;
}

/**
 * The mapping of an ODS, and the models whose tables its views select from: read from artifacts, or derived from
 * schemas. Throws `INPUT_*`, `MODEL_FILE_INVALID`, `ODS_*` and the codes of `derive-model`.
 */
export function reportingDesigns({
  withSchemas = false,
  ...options
}: ReportingDesignOptions): Promise<ReportingDesigns> {
  return readMapping(options, async (store) => ({
    ...(await modelsIn(store, options.dialects)),
    schemas: withSchemas ? await store.read(documentSchemasFormat) : null,
  }));
}

/** The mapping of an ODS, and other artifacts of its source; schemas are compiled once for both. */
async function readMapping<Held>(
  options: Omit<ReportingDesignOptions, 'withSchemas'>,
  read: (store: ArtifactReader) => Promise<Held>,
): Promise<Held & Pick<ReportingDesigns, 'mapping' | 'notes' | 'diagnostics'>> {
  const { source, odsOverrides, dialects, depth = 'models', onProgress } = options;
  const readAll = async (store: ArtifactReader, located?: readonly Diagnostic[]) => {
    const held = await read(store);
    const { mapping, notes } = await store.read(odsMappingFormat);
    return { ...held, mapping, notes, diagnostics: located ?? notes };
  };
  if (source.kind === 'artifacts') return readSource(options, (store) => readAll(store));
  const { store, notes } = await compileMapping(source, { odsOverrides, dialects, depth, onProgress });
  return readAll(store, notes);
}

/** The models of some dialects (at least one), and the effective schema that they name. */
export async function modelsIn(
  store: ArtifactReader,
  dialects: readonly SqlDialect[],
): Promise<{ readonly info: EffectiveSchemaManifest; readonly models: readonly RelationalModelSet[] }> {
  const models: RelationalModelSet[] = [];
  for (const dialect of dialects) models.push(await store.read(modelFormat, dialect));
  return { info: mustExist(models[0], 'the model of a dialect').effectiveSchema, models };
}

/** Compiles ApiSchemas in memory, and the mapping of an ODS; its notes name the files of resources. */
export async function compileMapping(
  source: SchemaSource,
  { odsOverrides, ...reading }: Omit<ReportingDesignOptions, 'source' | 'withSchemas'>,
): Promise<{ readonly store: MemoryStore; readonly notes: readonly Diagnostic[] }> {
  const { store, schemas } = await compileSchemas(source, reading);
  const { dialects, onProgress } = reading;
  onProgress?.(deriveOdsMappingStep.name);
  const overrides = await readOdsOverrides(odsOverrides);
  const notes = await runStep(deriveOdsMappingStep, { dialects, store, onProgress }, () => ({ ...schemas, overrides }));
  return { store, notes };
}

/** The facts of a schema set for a reader of an ODS. */
export type OdsDesign = Pick<ReportingDesigns, 'mapping' | 'diagnostics'>;

/** Like {@link documentDesign}, with the facts for a reader of an ODS. */
export const odsDocumentDesign = (
  source: DatabaseSource,
  dialect: SqlDialect | undefined,
  {
    odsOverrides,
    withSchemas = false,
    onProgress,
  }: Omit<ReportingDesignOptions, keyof Reading> & Pick<Reading, 'onProgress'>,
): Promise<{ readonly design: DocumentDesign; readonly ods: OdsDesign }> =>
  inOneDialect(source, dialect, async (each) => {
    const reading = {
      source,
      dialects: [each],
      depth: 'inventories',
      odsOverrides,
      onProgress,
    } as const;
    const { design, ...ods } = await readMapping(reading, async (store) => ({
      design: await documentsIn(store, each, withSchemas),
    }));
    return { design, ods };
  });

/** The catalog of a database, and the sources of its reporting views. */
export const catalogWithViews = (
  source: DatabaseSource,
  dialect: SqlDialect,
  onProgress?: OnProgress,
): Promise<Pick<DatabaseDesign, 'catalog'> & Pick<ReportingDesigns, 'mapping' | 'models'>> =>
  readMapping({ source, dialects: [dialect], depth: 'scripts', onProgress }, async (store) => ({
    catalog: (await designIn(store, dialect, isOneOfSeveral(source))).catalog,
    models: (await modelsIn(store, [dialect])).models,
  }));

/** The sources of comments (design 13 §8). */
interface CommentDesigns {
  readonly info: EffectiveSchemaManifest;
  readonly schemas: DocumentSchemas;
  /** One for each dialect of the run. */
  readonly models: readonly RelationalModelSet[];
}

/**
 * The definitions of a schema set, and the models of the tables that get them: read from artifacts, or derived from
 * schemas.
 */
export const commentDesigns = (reading: Reading): Promise<CommentDesigns> =>
  readSource({ ...reading, depth: 'models' }, async (store) => {
    return { ...(await modelsIn(store, reading.dialects)), schemas: await store.read(documentSchemasFormat) };
  });

/** The mapping sets of ApiSchema files or of a folder of artifacts, in the order of the dialects. */
export const compiledMappingSets = async (reading: Reading): Promise<MappingSet[]> =>
  (await readSource({ ...reading, depth: 'models' }, (store) => modelsIn(store, reading.dialects))).models.map(
    compileMappingSet,
  );

/** Reads the file of a pack. Throws `INPUT_FILE_*` and the `PACK_*` code of the first check that fails. */
export async function readPackFile(file: string, expected: Partial<MappingSetKey> = {}): Promise<Pack> {
  // If the size cannot be determined, reading fails too and reports why.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  checkPackLength(file, size);
  return readPack(await readInput(file), file, { expected });
}

/**
 * The mapping set of a source, to execute its plans; by default in the dialect of the artifacts or the pack, `pgsql` if
 * the source has both. If it comes from a pack, its model has only the parts that are in the pack (design 08 §12.3).
 * Throws `INPUT_*`, `MODEL_FILE_INVALID`, `PACK_*` and the codes of the steps.
 */
export async function openMappingSet(
  source: MappingSetSource,
  dialect?: SqlDialect,
  onProgress?: OnProgress,
): Promise<MappingSet> {
  if (source.kind === 'pack') {
    onProgress?.('read the pack');
    return (await readPackFile(source.file, dialect === undefined ? {} : { dialect })).mappingSet;
  }
  return inOneDialect(source, dialect, async (each) =>
    mustExist((await compiledMappingSets({ source, dialects: [each], onProgress }))[0], each),
  );
}

/**
 * `UPGRADE_SAME_FOLDER` if two paths lead to the same folder of artifacts: comparing them finds nothing, so a gate of a
 * pipeline would always be open.
 *
 * @param member the member of a `dms.json` that names the earlier folder; by default it is an option of a command
 */
export function sameFolder(before: string, after: string, member?: string): readonly Diagnostic[] {
  const identity = fileIdentity(before);
  if (identity === undefined || identity !== fileIdentity(after)) return [];
  const text = `${before} is the folder of the earlier artifacts and of the later ones, so nothing was compared. Name the artifacts of the earlier schemas ${member === undefined ? 'with --before' : `under "${member}" of dms.json`}.`;
  return [diagnostic('UPGRADE_SAME_FOLDER', text, { file: before }, { before, after })];
}

/**
 * `INPUT_SET_EMPTY` if no schema set of a run has a resource: the run would succeed and show nothing.
 *
 * @param what what there is nothing to do with, as the end of a sentence
 */
export function withoutResources(
  models: readonly { readonly resources: readonly unknown[] }[],
  what: string,
): readonly Diagnostic[] {
  if (models.some(({ resources }) => resources.length > 0)) return [];
  const text = `The schema set has no resource, so there is nothing to ${what}. Check which schemas it names.`;
  return [diagnostic('INPUT_SET_EMPTY', text)];
}
