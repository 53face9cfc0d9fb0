import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generationPurposes, type MappingVersion, mappingVersions } from '@dms/api-schema';
import {
  counted,
  type Diagnostic,
  DmsError,
  diagnostic,
  fail,
  listOfNames,
  listWith,
  shellWord,
} from '@dms/diagnostics';
import { expectEmptyFolder, fileName, newFolder, outputError } from '@dms/files';
import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { groupBy } from '@dms/values';
import { compile } from '../build-steps/emit-artifacts.ts';
import { fileOperation } from '../declaring/operation.ts';
import { output, paths, required } from '../declaring/option.ts';
import { emitSteps } from '../incremental-build/step-table.ts';
import { memoryStore } from '../incremental-build/stores.ts';
import { type FoundSchema, type FoundSchemas, findSchemas } from '../sources/find-schemas.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { commandsOfLine, nextLines } from '../sources/mapping-set/next-steps.ts';

/** A found file, with its fit for each generation. */
interface JudgedSchema extends FoundSchema {
  readonly fits: FitsByGeneration;
  /** Each mistake once, whatever number of generations refuse the file because of it. */
  readonly mistakes: readonly SchemaMistake[];
}

/** What a file has to be refused for. */
interface SchemaMistake extends Diagnostic {
  /** The generations that refuse the file because of it; left out if all do. */
  readonly generations?: readonly MappingVersion[];
}

/** The generations with their users, as parts of a sentence. */
const purposes = mappingVersions.map((version) => `${version} (${generationPurposes[version]})`);

const shownReasons = 3;

/** The lines of a diagnostic, without the file, which the line above names. */
const reasonLines = ({ code, message }: Diagnostic) => `${code} ${message}`.split('\n').map((line) => `    ${line}`);

function fitLine({ fits, mistakes }: JudgedSchema, version: MappingVersion): string {
  const fit = fits[version];
  if (fit.kind === 'open') return `  ${version}: open, because ${fit.because}`;
  if (fit.kind === 'fits') return `  ${version}: fits`;
  const count = mistakes.filter(({ generations }) => generations?.includes(version) ?? true).length;
  return `  ${version}: does not fit, because of ${counted(count, 'mistake')}`;
}

/** The mistakes of a file, by the generations that they concern. */
function mistakeLines(mistakes: readonly SchemaMistake[]): string[] {
  const groups = groupBy(mistakes, ({ generations = mappingVersions }) => generations.join(' '));
  return [...groups.values()].flatMap((group) => {
    const { generations } = mustExist(group[0], 'a mistake');
    const more = group.length - shownReasons;
    const [version] = generations ?? mappingVersions;
    return [
      `  Mistakes for ${generations === undefined ? 'every generation' : listWith('and', generations)}:`,
      ...group.slice(0, shownReasons).flatMap(reasonLines),
      ...(more > 0 ? [`    and ${more} more, which emit --mapping-version ${version} lists`] : []),
    ];
  });
}

/** The description of a file. */
function schemaLines(judged: JudgedSchema): string[] {
  const { project, version, isExtension, format, standard, file, mistakes } = judged;
  return [
    `${project} ${version}, ${isExtension ? 'an extension' : 'a core'}, format ${format}: ${file}`,
    ...(standard === null ? [] : [`  ${isExtension ? 'made for data standard' : 'data standard'} ${standard}`]),
    ...mappingVersions.map((each) => fitLine(judged, each)),
    ...mistakeLines(mistakes),
  ];
}

/** Reports whether the extensions of a set fit its core; empty if there is no core or no extension. */
function extensionLines(judged: readonly JudgedSchema[]): string[] {
  const [core] = judged.filter(({ isExtension }) => !isExtension);
  const extensions = judged.filter(({ isExtension }) => isExtension);
  if (core === undefined || extensions.length === 0) return [];
  const kindsOf = ({ fits }: JudgedSchema) => mappingVersions.map((version) => fits[version].kind);
  const named = (some: readonly JudgedSchema[]) =>
    some.map(({ project, version }) => `${project} ${version}`).join(', ');
  const fitting = extensions.filter((each) => kindsOf(each).includes('fits'));
  const refused = extensions.filter((each) => !kindsOf(each).includes('fits') && kindsOf(each).includes('refused'));
  const target = `the core ${core.project} ${core.version}`;
  return [
    ...(fitting.length === 0 ? [] : [`Extensions that fit ${target}: ${named(fitting)}`]),
    ...(refused.length === 0 ? [] : [`Extensions that do not fit ${target}: ${named(refused)}`]),
  ];
}

const setLines = (judged: readonly JudgedSchema[]) => [...judged.flatMap(schemaLines), ...extensionLines(judged)];

function leftOut(file: string, written: string | undefined): Diagnostic {
  const text =
    written === undefined
      ? `${file} has an older format and is left out; dms-ddl convert writes a file to use.`
      : `${file} has an older format and is not in the ${mappingSetFile}; convert it: dms-ddl convert ${shellWord(written)} --output converted`;
  return diagnostic('INPUT_LEGACY_LEFT_OUT', text, { file });
}

/**
 * Finds the ApiSchema files of packages, reports the generations that each suits, and copies them on request. Throws
 * the codes of `findSchemas`, `INPUT_VALUE_UNSAFE`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const schemas = fileOperation({
  name: 'schemas',
  group: 'compile',
  summary: 'find the ApiSchema files of packages',
  description:
    'Finds the ApiSchema files in NuGet packages (.nupkg), npm packages (.tgz) and folders. Of each it says the project, version, format and data standard, and ' +
    `whether it suits ${listWith('and', purposes)}. It also says whether extensions fit the core. With --output it writes the files and a dms.json that names them. Of folders ` +
    'alone it prints that dms.json. Two versions of one project are an error: name one.',
  examples: ['schemas EdFi.DataStandard52.ApiSchema.nupkg EdFi.TPDM.ApiSchema.nupkg --output schemas', 'emit schemas'],
  worksOn: { source: 'none' },
  arguments: {
    places: required(paths('<place...>', 'packages, folders with ApiSchema files at any depth, or ApiSchema files')),
  },
  options: {
    output: output('<dir>', 'folder for the ApiSchema files and a dms.json that names them; new or empty'),
  },
  async run({ options }, { onHint, onNotice, onProgress }) {
    const { places, output: folder } = options;
    onProgress?.('read the schemas');
    const found = await findSchemas(places);
    const judged = await judgedSchemas(found, onProgress);
    const written = folder === undefined ? undefined : await writeSchemas(folder, found);
    const isPacked = [...found.schemas.map(({ file }) => file), ...found.older].some(found.isPacked);
    const isSet = folder === undefined && !isPacked;
    // the result is then a `dms.json` for a file, so the report goes to the notices
    if (isSet) for (const line of setLines(judged)) onNotice?.(line);
    else if (folder === undefined) onHint?.('--output <dir> writes these files, and a dms.json that names them.');
    return {
      schemas: judged,
      older: found.older,
      written,
      set: setOf(written?.files ?? found.schemas.map(({ file }) => file)),
      isSet,
      diagnostics: found.older.map((file, index) => leftOut(file, written?.older[index])),
    };
  },
  resultKind: ({ options }) => (options.output === undefined ? 'answer' : 'done'),
  lines({ schemas: judged, written, set, isSet }, { options: { output: folder }, program }) {
    if (isSet) return JSON.stringify(set, null, 2).split('\n');
    const lines = setLines(judged);
    if (written === undefined) return lines;
    const files = [...written.files, ...written.older, ...(written.config === null ? [] : [written.config])];
    const next = written.config === null ? [] : nextLines(commandsOfLine(folder, program));
    return [...lines, ...files.map((file) => `Written: ${file}`), ...next];
  },
  value: ({ schemas: judged, older, written, set }) => ({
    set,
    schemas: judged,
    older,
    ...(written === undefined ? {} : { files: [...written.files, ...written.older], config: written.config }),
  }),
});

/** The files that were written into a folder. */
interface WrittenSchemas {
  /** The place of each schema, in the order of the schemas. */
  readonly files: readonly string[];
  /** The places of files in the older format. */
  readonly older: readonly string[];
  /** The `dms.json`; null if there is no schema of the current format to name. */
  readonly config: string | null;
}

/** The place of a file in the new folder: its own name in the folder of its project. */
function placeOf({ file, endpoint, project }: Pick<FoundSchema, 'file' | 'endpoint' | 'project'>): string {
  const base = file.split(/[/\\]/).at(-1) ?? '';
  const where = { file };
  return path.join(fileName(endpoint, `The endpoint of ${project}`, where), fileName(base, 'The file', where));
}

const withSlashes = (file: string) => file.replaceAll('\\', '/');

/** The value of a `dms.json` that names these files, with defaults for everything else. */
export const setOf = (schemas: readonly string[]) => ({ schemas: schemas.map(withSlashes) });

const textOf = (schemas: readonly string[]) => `${JSON.stringify(setOf(schemas), null, 2)}\n`;

/** Reports a failure of the system with the place that people know. */
const writing = (target: string, work: () => Promise<void>): Promise<void> =>
  work().catch((error: unknown) => {
    throw outputError(error, target);
  });

/** Refuses two files with one place, ignoring letter case. */
function checkPlaces(places: readonly string[], files: readonly string[]): void {
  const known = new Map<string, string>();
  places.forEach((place, index) => {
    const file = mustExist(files[index], 'a file');
    const other = known.get(place.toLowerCase());
    if (other !== undefined) {
      const text = `${other} and ${file} would both be written to ${place}; name one of them only.`;
      fail('CONFIG_SCHEMA_DUPLICATE', text, { file }, { paths: [other, file], project: place });
    }
    known.set(place.toLowerCase(), file);
  });
}

/**
 * Copies the files byte for byte into a new folder, each into a folder named after its project, with a `dms.json` that
 * names the files of the current format. Writes everything, or leaves the folder as it was. Throws `INPUT_VALUE_UNSAFE`
 * for an endpoint that cannot be the name of a folder, `CONFIG_SCHEMA_DUPLICATE`, `DDL_OUTPUT_NOT_EMPTY` and
 * `OUTPUT_*`.
 */
async function writeSchemas(folder: string, found: FoundSchemas): Promise<WrittenSchemas> {
  const { schemas, older } = found;
  const files = schemas.map(placeOf);
  const olderFiles = older.map((file, index) =>
    placeOf({ file, endpoint: index === 0 ? 'older-format' : `older-format-${index + 1}`, project: file }),
  );
  const sources = [...schemas.map(({ file }) => file), ...older];
  checkPlaces([...files, ...olderFiles], sources);
  await expectEmptyFolder(folder);
  const { place, keep, discard } = await newFolder(folder);
  try {
    for (const [index, file] of [...files, ...olderFiles].entries()) {
      const target = path.join(place, file);
      const bytes = await found.bytesOf(mustExist(sources[index], file));
      await writing(path.join(folder, file), async () => {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, bytes);
      });
    }
    // a `dms.json` without a schema would be invalid
    if (files.length > 0) await writing(folder, () => writeFile(path.join(place, mappingSetFile), textOf(files)));
    await keep(mappingSetFile);
  } finally {
    discard();
  }
  const inFolder = (file: string) => path.join(folder, file);
  return {
    files: files.map(inFolder),
    older: olderFiles.map(inFolder),
    config: files.length > 0 ? inFolder(mappingSetFile) : null,
  };
}

/** Whether a file suits a generation, together with the other files that were found. Its mistakes stand beside it. */
export type Fit =
  | { readonly kind: 'fits' }
  | { readonly kind: 'refused' }
  /** It depends on another file. */
  | { readonly kind: 'open'; readonly because: string };

/** The fit of a file, by generation. */
type FitsByGeneration = Readonly<Record<MappingVersion, Fit>>;

type OnCheckProgress = ((part: string) => void) | undefined;

/** All errors that `emit` would report for a set, in all dialects. */
async function diagnosticsIn(
  { documents }: FoundSchemas,
  mappingVersion: MappingVersion,
  onProgress: OnCheckProgress,
): Promise<readonly Diagnostic[]> {
  onProgress?.(`compile as ${mappingVersion}`);
  try {
    await compile({ documents, mappingVersion }, new Set(emitSteps), { dialects, store: memoryStore() });
    return [];
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
}

/**
 * Compiles the files as `emit` would, in each generation, and reports for each file whether it can be used, and its
 * mistakes. Nothing is written. An error without a file is attributed to the core.
 */
async function judgedSchemas(found: FoundSchemas, onProgress?: OnCheckProgress): Promise<readonly JudgedSchema[]> {
  const { schemas } = found;
  const byVersion = (fit: (version: MappingVersion) => Fit) =>
    Object.fromEntries(mappingVersions.map((version) => [version, fit(version)])) as FitsByGeneration;
  const [core] = schemas.filter(({ isExtension }) => !isExtension);
  if (core === undefined) {
    const fits = byVersion(() => ({
      kind: 'open',
      because: 'an extension shows only beside its core; name the core too',
    }));
    return schemas.map((schema) => ({ ...schema, fits, mistakes: [] }));
  }
  const fileOf = ({ where }: Diagnostic) => where.file ?? core.file;
  const refusals: { readonly version: MappingVersion; readonly error: Diagnostic }[] = [];
  for (const version of mappingVersions)
    for (const error of await diagnosticsIn(found, version, onProgress)) refusals.push({ version, error });
  const mistakes = groupBy(distinctMistakes(refusals), fileOf);
  const refused = groupBy(refusals, ({ version }) => version);
  const fitOf = (file: string, version: MappingVersion): Fit => {
    const files = [...new Set((refused.get(version) ?? []).map(({ error }) => fileOf(error)))];
    if (files.includes(file)) return { kind: 'refused' };
    if (files.length === 0) return { kind: 'fits' };
    return { kind: 'open', because: `it shows when ${listOfNames(files)} fits` };
  };
  return schemas.map((schema) => ({
    ...schema,
    fits: byVersion((version) => fitOf(schema.file, version)),
    mistakes: mistakes.get(schema.file) ?? [],
  }));
}

/** Each mistake once, with the generations that report it. */
function distinctMistakes(
  refusals: readonly { readonly version: MappingVersion; readonly error: Diagnostic }[],
): readonly SchemaMistake[] {
  const same = groupBy(refusals, ({ error: { code, message, where } }) => JSON.stringify([code, message, where]));
  return [...same.values()].map((group) => {
    const { error } = mustExist(group[0], 'a mistake');
    const generations = [...new Set(group.map(({ version }) => version))];
    return generations.length === mappingVersions.length ? error : { ...error, generations };
  });
}
