import type { EffectiveSchemaManifest } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import type { DdlManifest } from '@dms/ddl';
import { DmsError, fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { catalogFormat, ddlManifestFormat, manifestFormat, scriptFormat } from './artifact-formats.ts';
import { deriveInventoryStep } from './derive-inventory.ts';
import { deriveModelStep } from './derive-model.ts';
import { emitDdlStep } from './emit-ddl.ts';
import { loadSchemas, type SchemaInput } from './schema-input.ts';
import { type ArtifactReader, runStep } from './step.ts';
import { folderStore, type MemoryStore, memoryStore } from './stores.ts';

/** Where it is said what a database should hold: in ApiSchemas, in any order, or in a folder of artifacts. */
export type DatabaseSource = { readonly kind: 'schemas'; readonly files: readonly SchemaInput[] } | ArtifactSource;

/** Artifacts in a folder. */
export interface ArtifactSource {
  readonly kind: 'artifacts';
  readonly folder: string;
  /** Whether the run is for one of several dialects: the manifest of all scripts is then no part of it (design 10 §6.3). */
  readonly isOneOfSeveral?: boolean;
}

/** What a database of one dialect is made from, and compared with. */
export interface DatabaseDesign {
  readonly info: EffectiveSchemaManifest;
  readonly script: string;
  /** Of the normalized script, where a manifest says it. */
  readonly scriptSha256: string | null;
  readonly catalog: Catalog;
}

export interface SourceOptions {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** A folder need not have the manifest of its scripts. */
async function manifestOfScripts(store: ArtifactReader): Promise<DdlManifest | null> {
  try {
    return await store.read(ddlManifestFormat);
  } catch (error) {
    if (error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND') return null;
    throw error;
  }
}

function stale(found: string): never {
  return fail('PROVISION_INPUT_STALE', `${found}. Emit the artifacts again.`);
}

/**
 * What the database of one dialect is made from, as artifacts say it, which must be of one schema set. Throws
 * `PROVISION_INPUT_STALE`, `MODEL_FILE_INVALID` and `INPUT_*`.
 *
 * @param isOneOfSeveral whether the run is for one of several dialects: the manifest of all scripts is then no part of it. One that
 *   is there was left by a run for all, as a run that comes from the cache of Nx removes no file (design 10 §6.3). Of which set the
 *   script is it says itself: it refuses a database of another (design 06 §6.1)
 */
export async function designIn(store: ArtifactReader, dialect: SqlDialect, isOneOfSeveral = false): Promise<DatabaseDesign> {
  const info = await store.read(manifestFormat);
  const script = await store.read(scriptFormat, dialect);
  const catalog = await store.read(catalogFormat, dialect);
  const manifest = isOneOfSeveral ? null : await manifestOfScripts(store);
  const { effectiveSchemaHash } = info;
  const isOther = (name: string) => stale(`${name} is of another schema set than effective-schema.manifest.json`);
  if (catalog.fingerprint?.effectiveSchemaHash !== effectiveSchemaHash) isOther(`catalog.${dialect}.json`);
  if (!script.includes(effectiveSchemaHash)) isOther(`${dialect}.sql`);
  if (manifest === null) return { info, script, scriptSha256: null, catalog };
  if (manifest.effectiveSchemaHash !== effectiveSchemaHash) isOther('ddl.manifest.json');
  const entry = manifest.scripts.find((each) => each.dialect === dialect);
  if (entry === undefined) return stale(`ddl.manifest.json does not list the script ${dialect}.sql`);
  return { info, script, scriptSha256: entry.normalizedSha256, catalog };
}

async function designInFolder(
  { folder, isOneOfSeveral = false }: ArtifactSource,
  dialect: SqlDialect,
): Promise<DatabaseDesign> {
  const store = folderStore(folder);
  const design = await designIn(store, dialect, isOneOfSeveral);
  await store.checkUnchanged();
  return design;
}

/** Makes of ApiSchemas what a database needs, in memory. Throws `INPUT_*` and the codes of the steps. */
export async function storeOfSchemas(
  files: readonly SchemaInput[],
  dialects: readonly SqlDialect[],
  onProgress?: (part: string) => void,
): Promise<MemoryStore> {
  onProgress?.('load');
  const documents = await loadSchemas(files);
  const store = memoryStore();
  const run = { dialects, store, onProgress };
  await runStep(deriveModelStep, run, () => documents);
  await runStep(deriveInventoryStep, run, () => undefined);
  await runStep(emitDdlStep, run, () => undefined);
  return store;
}

/**
 * What the database of a source is made from (design 09 §2.1, step 2): read from artifacts, which must be of one schema set, or
 * made from schemas in memory. Throws `PROVISION_INPUT_STALE`, `MODEL_FILE_INVALID`, `INPUT_*` and the codes of the steps.
 */
export async function databaseDesign({ source, ...options }: SourceOptions): Promise<DatabaseDesign> {
  const { dialect, onProgress } = options;
  if (source.kind === 'schemas') return designIn(await storeOfSchemas(source.files, [dialect], onProgress), dialect);
  onProgress?.('read artifacts');
  return designInFolder(source, dialect);
}
