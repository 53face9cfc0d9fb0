import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { append, type Diagnostic, DmsError, fail, shellWord } from '@dms/diagnostics';
import { isThere, type NewFile, readInput, removeFiles, replaceFiles, type WrittenFile } from '@dms/files';
import { type MappingVersion, mustExist } from '@dms/model';
import type { EarlierMapping, OdsMapping } from '@dms/ods';
import { dialects, inDialectOrder, type SqlDialect } from '@dms/sql';
import { expectNoPointer, sha256Hex, withLineFeeds } from '@dms/values';
import { isSchemaFile } from '../sources/schema-file-name.ts';
import {
  type ArtifactFormat,
  type ArtifactValues,
  ddlManifestFormat,
  earlierMappingFormat,
  manifestFormat,
  odsMappingFormat,
  type ReadableArtifact,
} from './artifact-formats.ts';
import { holdsForeign } from './output-folder.ts';
import { type AnyStep, type ArtifactReader, type ArtifactStore, type Content, runStep } from './step.ts';
import {
  artifact,
  artifactFile,
  artifactsOf,
  emitSteps,
  filesOf,
  filesOfAllDialects,
  markerFiles,
  type StepName,
  setSteps,
} from './step-table.ts';

/** A file that a step has written. */
export type Artifact = WrittenFile;

export interface MemoryStore extends ArtifactStore {
  /** The content of a made file; the first call for a file makes it. */
  contentOf(file: string): Promise<string | Uint8Array>;
}

/** A store that passes values from one step to the next, and collects the contents of files. */
export function memoryStore(): MemoryStore {
  const files = new Map<string, Content>();
  const values = new Map<string, () => unknown>();
  async function contentOf(file: string): Promise<string | Uint8Array> {
    const content = await madeContent(mustExist(files.get(file), file));
    files.set(file, content);
    return content;
  }
  return {
    contentOf,
    async read<Name extends ReadableArtifact>(format: ArtifactFormat<Name>, dialect?: SqlDialect) {
      const file = artifactFile(format.artifact, dialect);
      const value = values.get(file);
      if (value === undefined)
        throw new Error(`${file} was not made; ${artifact(format.artifact).writer} comes first.`);
      // the entry of an artifact was stored as its `Made`, which has a value of this type
      return value() as ArtifactValues[Name];
    },
    async hashOf(name, dialect) {
      return sha256Hex(await contentOf(artifactFile(name, dialect)));
    },
    async clear() {},
    async abandon() {},
    async keep(_step, made) {
      for (const entry of made) {
        const file = artifactFile(entry.artifact, entry.dialect);
        files.set(file, entry.content);
        // the value is read only if a later step asks for it
        if ('value' in entry) values.set(file, () => entry.value);
      }
    },
  };
}

const madeContent = async (content: Content) => (typeof content === 'function' ? content() : content);

interface FolderStore extends ArtifactStore {
  readonly folder: string;
  /** The written files, in the order in which they were made. */
  readonly artifacts: readonly Artifact[];
  /**
   * Throws `INPUT_FILE_UNREADABLE` if the files read so far do not belong to one set, because another run replaced some
   * of them.
   */
  checkUnchanged(): Promise<void>;
}

/** Advice for a missing file, by the step that writes it, and its dialect. */
type Remedy = (writer: StepName, dialect: SqlDialect | undefined) => string;

/** The advice in a task of Nx. */
export const targetFor: Remedy = (writer, dialect) =>
  `run the target ${writer} first${dialect === undefined ? '' : `, for ${dialect}`}`;

interface FolderStoreOptions {
  /** Dialects whose files stay unchanged, even during a concurrent run for them. */
  readonly keptDialects?: readonly SqlDialect[] | undefined;
  /** Advice for a missing file; by default, to run the command that writes it. */
  readonly remedy?: Remedy | undefined;
}

/**
 * Reads and writes the artifacts of one folder. A missing artifact or folder is `INPUT_FILE_NOT_FOUND`, and the message
 * says what writes it. An artifact that another run replaces meanwhile is `INPUT_FILE_UNREADABLE`, and one of another
 * generation than those that were read `MODEL_FILE_INVALID`.
 */
export function folderStore(folder: string, { keptDialects = [], remedy }: FolderStoreOptions = {}): FolderStore {
  const artifacts: Artifact[] = [];
  const readFiles = new Map<string, { readonly bytes: Buffer; readonly value: unknown }>();
  let first: NamedGeneration | undefined;
  // Git may have checked the files out with other line ends than those that were written
  const bytesOf = async (name: ReadableArtifact, file: string, dialect?: SqlDialect) => {
    if (remedy === undefined) expectArtifacts(folder);
    // the step may have run for another dialect
    const { writer, of } = artifact(name);
    const advice = () => (remedy ?? commandFor(folder))(writer, of === 'dialect' ? dialect : undefined);
    const bytes = await readInput(file, file, advice);
    expectNoPointer(bytes, file);
    return withLineFeeds(bytes);
  };
  async function read<Name extends ReadableArtifact>(
    format: ArtifactFormat<Name>,
    dialect?: SqlDialect,
  ): Promise<ArtifactValues[Name]> {
    const file = path.join(folder, artifactFile(format.artifact, dialect));
    const before = readFiles.get(file);
    if (before) return before.value as ArtifactValues[Name];
    // read first: if the manifest is unchanged at the end, it did not change in between
    if (format.artifact !== manifestFormat.artifact) await read(manifestFormat);
    const bytes = await bytesOf(format.artifact, file, dialect);
    const value = await format.parse({ bytes, file, dialect, read, hashOf });
    const version = format.generationOf?.(value) ?? null;
    if (version !== null) {
      first ??= { file, version };
      expectSameGeneration(first, { file, version });
    }
    readFiles.set(file, { bytes, value });
    return value;
  }
  async function hashOf(name: ReadableArtifact, dialect: SqlDialect): Promise<string> {
    const file = path.join(folder, artifactFile(name, dialect));
    return sha256Hex(readFiles.get(file)?.bytes ?? (await bytesOf(name, file, dialect)));
  }
  // A run that replaces the set removes its manifest first. So if the manifest is unchanged, everything that was read
  // belongs to one set.
  async function checkUnchanged(): Promise<void> {
    const file = path.join(folder, artifactFile(manifestFormat.artifact));
    const before = readFiles.get(file);
    if (!before || before.bytes.equals(await bytesOf(manifestFormat.artifact, file))) return;
    const message = `${file} was replaced while it was read; run it again when the other run is done.`;
    fail('INPUT_FILE_UNREADABLE', message, { file }, { path: file, cause: 'replaced' });
  }
  // two runs that keep each other's dialect must not remove each other's staging folders
  const writer = (step: StepName) => [step, ...keptDialects.map((dialect) => `without-${dialect}`)].join('-');
  return {
    folder,
    artifacts,
    read,
    hashOf,
    checkUnchanged,
    async clear(step) {
      const { cleared: earlier, markers } = stepFiles(step, keptDialects);
      await removeFiles(folder, { earlier, markers });
    },
    async abandon(step) {
      // keep files that concurrent runs need
      if (keptDialects.length === 0)
        await removeFiles(folder, { earlier: stepFiles(step, keptDialects).lasting, markers: [] });
    },
    async keep(step, made) {
      await checkUnchanged();
      const { cleared: earlier, markers, lasting, dropped } = stepFiles(step, keptDialects);
      const files: NewFile[] = [];
      for (const { artifact: name, dialect, content } of made)
        files.push({ name: artifactFile(name, dialect), content: await madeContent(content) });
      const together = files.filter(({ name }) => !lasting.includes(name) && !dropped.includes(name));
      const sets = [together, ...files.filter(({ name }) => lasting.includes(name)).map((file) => [file])];
      for (const set of sets.filter(({ length }) => length > 0)) {
        const old = set === together ? { earlier, markers } : { earlier: [], markers: [] };
        append(artifacts, await replaceFiles(folder, { writer: writer(step), files: set, ...old }));
      }
    },
  };
}

/** A file that names its generation. */
interface NamedGeneration {
  readonly file: string;
  readonly version: MappingVersion;
}

/** All files of a set must belong to the same generation; the hash in them does not show it (design 22 §1). */
function expectSameGeneration(first: NamedGeneration, { file, version }: NamedGeneration): void {
  if (version === first.version) return;
  const reason = `its mapping version is ${version}, and that of ${path.basename(first.file)} is ${first.version}`;
  fail('MODEL_FILE_INVALID', `${file}: ${reason}; emit the artifacts again.`, { file }, { reason });
}

/** The advice on a command line. */
const commandFor =
  (folder: string): Remedy =>
  (writer, dialect) => {
    const further = writer === 'derive-earlier-mapping' ? ' --earlier … --earlier-translation …' : '';
    return `${emitInto(folder)}${further} writes it${dialect === undefined ? '' : `, unless --dialect leaves out ${dialect}`}`;
  };

/** The files of a step, by how a run treats them. */
interface StepFiles {
  /** Files that are removed before the step works, and then written together. */
  readonly cleared: readonly string[];
  /** The files in `cleared` that mark the others as complete. */
  readonly markers: readonly string[];
  /** Files that concurrent runs may need: a new file replaces the old one directly, so that none is ever missing. */
  readonly lasting: readonly string[];
  /** Files that are removed and not written. */
  readonly dropped: readonly string[];
}

/**
 * The files of a step, for a run that leaves the files of `keptDialects` unchanged, even during a concurrent run for
 * these (design 10 §6.3). Files of the set are the same for both runs, so they are kept. Files of all dialects of a run
 * would be incomplete after either run, so they are removed. A normalized schema has no dialect, and every run of its
 * set needs it.
 */
function stepFiles(step: StepName, keptDialects: readonly SqlDialect[]): StepFiles {
  const ofDialects = dialects.filter((dialect) => !keptDialects.includes(dialect));
  const isShared = step === 'normalize-schema' || keptDialects.length > 0;
  const ofAll = filesOfAllDialects([step]);
  const lasting = isShared ? artifactsOf(step, []).filter((name) => !ofAll.includes(name)) : [];
  const isCleared = (name: string) => !lasting.includes(name);
  return {
    cleared: artifactsOf(step, ofDialects).filter(isCleared),
    markers: markerFiles([step]).filter(isCleared),
    lasting,
    dropped: keptDialects.length > 0 ? ofAll : [],
  };
}

/** Reads the artifacts of an earlier release from a folder that a member of `dms.json` names; no step writes there. */
export function earlierStore(folder: string, member: 'baseline' | 'upgradeFrom'): ArtifactReader {
  return folderStore(folder, {
    remedy: () => `put the artifacts of an earlier release into the folder that /${member} of dms.json names`,
  });
}

/** The mapping of an ODS in a folder; undefined if `emit` left it out. */
export async function readOdsMapping(
  store: Pick<ArtifactReader<'odsMapping'>, 'read'>,
): Promise<OdsMapping | undefined> {
  return (await ifThere(() => store.read(odsMappingFormat)))?.mapping;
}

/** Reads an optional artifact; undefined if it is missing. */
async function ifThere<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The mapping from the tables of an earlier set to those of a folder; undefined if `emit` was given none. */
export async function readEarlierSet(
  store: Pick<ArtifactReader<'earlierMapping'>, 'read'>,
): Promise<EarlierMapping | undefined> {
  return ifThere(() => store.read(earlierMappingFormat));
}

/**
 * The command that writes artifacts of schemas into a folder; into another one if this folder holds other files, among
 * which `emit` writes nothing.
 */
function emitInto(folder: string): string {
  if (!holdsForeign(folder, new Set(filesOf(setSteps, dialects))))
    return `dms-ddl emit --schema … --output ${shellWord(folder)}`;
  const schemas = readdirSync(folder).some(isSchemaFile) ? shellWord(folder) : '…';
  return `dms-ddl emit --schema ${schemas} --output <another folder>`;
}

/**
 * Fails for a missing folder of artifacts: `INPUT_FILE_NOT_FOUND`.
 *
 * @param command the command that writes it; by default `emit`
 */
export function expectArtifacts(folder: string, command?: string): void {
  if (isThere(folder)) return;
  const text = `The folder ${folder} does not exist; ${command ?? emitInto(folder)} writes it.`;
  fail('INPUT_FILE_NOT_FOUND', text, { file: folder }, { path: folder });
}

/** Fails for an existing folder without artifacts of any dialect: `INPUT_FILE_NOT_FOUND`. */
export function expectAnyArtifact(folder: string): void {
  if (!isThere(folder)) return;
  const text = `The folder ${folder} has no artifacts of a dialect; ${emitInto(folder)} writes them.`;
  fail('INPUT_FILE_NOT_FOUND', text, { file: folder }, { path: folder });
}

/**
 * The dialects of the artifacts in a folder, `pgsql` before `mssql`. Empty for an unreadable folder: reading an
 * artifact then reports why.
 */
export async function dialectsOfArtifacts(folder: string): Promise<readonly SqlDialect[]> {
  const present = new Set<string>(await readdir(folder).catch(() => []));
  const shared = new Set(filesOf(emitSteps, []));
  return dialects.filter((dialect) =>
    filesOf(emitSteps, [dialect]).some((name) => present.has(name) && !shared.has(name)),
  );
}

/**
 * The dialects that artifacts have scripts for: those of the manifest of scripts or, where a run for one of several
 * dialects has left no manifest (design 10 §6.3), those of the files in the folder. Throws the codes of reading the
 * manifest.
 */
export async function dialectsOfScripts({
  folder,
  read,
}: Pick<FolderStore, 'folder' | 'read'>): Promise<readonly SqlDialect[]> {
  const found = await dialectsOfArtifacts(folder);
  const manifest = () => read(ddlManifestFormat);
  const { scripts } = (found.length > 0 ? await ifThere(manifest) : await manifest()) ?? {};
  return scripts === undefined ? found : inDialectOrder(scripts.map(({ dialect }) => dialect));
}

export interface FolderStepOptions {
  /** The folder of the mapping set, with the artifacts that the step reads and writes. */
  readonly outputDirectory: string;
  /** The dialects of this run, in any order. */
  readonly dialects: readonly SqlDialect[];
  /** Further dialects of the mapping set, whose files are not changed. */
  readonly keptDialects?: readonly SqlDialect[] | undefined;
}

export interface StepResult {
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs one step on the files of a folder, like a task of Nx. It removes its earlier outputs first, in any case, and
 * then writes all new ones or none. A run that keeps a dialect touches only the files of its own dialects (design 10
 * §6.3). Throws the codes of the step, `INPUT_FILE_*`, `INPUT_TOO_LARGE` and `OUTPUT_*`.
 */
export async function stepInFolder<Inputs>(
  step: AnyStep<Inputs>,
  { outputDirectory, dialects, keptDialects = [] }: FolderStepOptions,
  inputs: () => Inputs | Promise<Inputs>,
): Promise<StepResult> {
  const chosen = inDialectOrder(dialects);
  const store = folderStore(outputDirectory, {
    keptDialects: keptDialects.filter((dialect) => !chosen.includes(dialect)),
    remedy: targetFor,
  });
  const diagnostics = await runStep(step, { dialects: chosen, store }, inputs);
  return { artifacts: store.artifacts, diagnostics };
}
