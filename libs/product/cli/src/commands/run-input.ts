import path from 'node:path';
import { isThere, statsAt } from '@dms/files';
import {
  dialectOfSources,
  dialectsOfArtifacts,
  expectAnyArtifact,
  expectReadableText,
  type FleetOptions,
  isConnectionText,
  type MappingSetSource,
  type MappingVersion,
  type Operation,
  type Place,
  type SchemaInput,
  type Sources,
  type SqlDialect,
  type StandaloneMappingSet,
  subjectShape,
  writtenOption,
} from '@dms/operations';
import type { Command } from 'commander';

/** The options that follow from the `worksOn` of an operation, as commander returns them. */
export interface SubjectValues {
  readonly config?: string;
  readonly schema?: readonly SchemaInput[];
  readonly artifacts?: string;
  readonly pack?: string;
  readonly mappingVersion?: MappingVersion;
  readonly dialect?: SqlDialect | readonly SqlDialect[];
  readonly connection?: string;
  readonly connectionEnv?: string;
  readonly connectionFile?: string;
  readonly fleet?: string;
  readonly only?: readonly string[];
  readonly concurrency?: number;
  readonly concurrencyPerServer?: number;
  readonly canary?: number;
  readonly maxFailures?: number;
}

const configFile = 'dms.json';

/**
 * The `dms.json` to use: the named file, the one in a named folder, or the one in the current folder if no option names
 * a source.
 */
export function configPath({ config, schema, artifacts, pack }: SubjectValues): string | undefined {
  if (config === undefined)
    return (schema ?? artifacts ?? pack) === undefined && isThere(configFile) ? configFile : undefined;
  const inFolder = path.join(config, configFile);
  return statsAt(config)?.isDirectory() && isThere(inFolder) ? inFolder : config;
}

/** Whether a command reads the `dms.json` of the current folder. */
const readsUsualConfig = ({ source, config }: Operation['worksOn'], values: SubjectValues): boolean =>
  // one that needs it for its databases alone does not read it if they are named
  config === 'usual' && (source !== 'none' || !(namesConnection(values) || values.fleet !== undefined));

/** Refuses a connection in place of a `dms.json`. It is not shown, because it may contain a password. */
export function expectNoConnection({ config }: SubjectValues, command: Command): void {
  if (config !== undefined && isConnectionText(config))
    command.error('error: the argument is a connection, not a dms.json; use an option to give a connection');
}

/** Reads the `dms.json` of a command; undefined if there is none. Throws the codes of `readMappingSet`. */
export async function findConfig(
  { worksOn }: Pick<Operation, 'worksOn'>,
  values: SubjectValues,
): Promise<StandaloneMappingSet | undefined> {
  if (worksOn.config === undefined || (values.config === undefined && !readsUsualConfig(worksOn, values)))
    return undefined;
  const config = configPath(values);
  if (config === undefined) return undefined;
  const { readMappingSet } = await import('../options/read-config.ts');
  return readMappingSet(config);
}

const quoted = (names: readonly string[], shape: ReturnType<typeof subjectShape>) =>
  names.flatMap((name) => (shape[name] === undefined ? [] : [`'${writtenOption(name, shape[name])}'`]));

/** The source that the options or a `dms.json` name; undefined if none is named, or the operation has none. */
export function requestedSource(
  { worksOn }: Pick<Operation, 'worksOn'>,
  { schema, artifacts, pack, ...values }: SubjectValues,
  set: StandaloneMappingSet | undefined,
): Sources[keyof Sources] {
  if (worksOn.source === 'none') return undefined;
  const ofSet = set?.choosesVersion ? set.mappingVersion : undefined;
  const mappingVersion = values.mappingVersion ?? ofSet;
  if (pack !== undefined) return { kind: 'pack', file: pack };
  const folder = artifacts ?? (worksOn.source === 'artifacts' ? set?.outputDirectory : undefined);
  if (folder !== undefined) return { kind: 'artifacts', folder };
  const files = schema ?? set?.schemas;
  return files === undefined ? undefined : { kind: 'schemas', files, mappingVersion };
}

/** The text about a missing source, if an operation needs one and nothing names it. */
export function missingSource(
  operation: Pick<Operation, 'worksOn'>,
  values: SubjectValues,
  set: StandaloneMappingSet | undefined,
): string | undefined {
  const { worksOn } = operation;
  const { source, config } = worksOn;
  if (source === 'none' || source === 'possibleSet') return undefined;
  if (requestedSource(operation, values, set) !== undefined) return undefined;
  const flags = quoted(['schema', 'artifacts', 'pack'], subjectShape(worksOn));
  if (flags.length === 1) return `a dms.json or option ${flags[0]} must be given`;
  const named = `${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}`;
  return `one of ${config === undefined ? '' : 'a dms.json and '}the options ${named} must be given`;
}

/** The values that determine the dialect of a run. */
interface DialectHints {
  readonly named?: SqlDialect | undefined;
  readonly source?: MappingSetSource | undefined;
  readonly set?: StandaloneMappingSet | undefined;
  /** The place of the database that the options name; absent if they name none. */
  readonly place?: Place | undefined;
}

/** The dialects of a source or a `dms.json`; empty if neither shows any. */
const knownOf = async ({ source, set }: DialectHints): Promise<readonly SqlDialect[]> =>
  source?.kind === 'artifacts' ? dialectsOfArtifacts(source.folder) : (set?.dialects ?? []);

/** The only dialect of several, or the only one whose database a `dms.json` names. */
function onlyDialect(known: readonly SqlDialect[], set: StandaloneMappingSet | undefined): SqlDialect | undefined {
  const [only, ...others] = known.length > 1 ? known.filter((each) => set?.databases[each] !== undefined) : known;
  return others.length === 0 ? only : undefined;
}

/** The dialect that the connection text shows, unless the source has exactly one; `known` are those of the source. */
function shownDialect({ source, place }: DialectHints, known: readonly SqlDialect[]): SqlDialect | undefined {
  const shown = place && dialectOfSources(place);
  // without artifacts, the folder is the error
  if (shown === undefined || (known.length === 0 && source?.kind === 'artifacts')) return undefined;
  return known.length === 0 || (known.length > 1 && known.includes(shown)) ? shown : undefined;
}

/** The shown dialect, for an operation with a default dialect; undefined if no option names a database. */
export const connectedDialect = async (hints: DialectHints): Promise<SqlDialect | undefined> =>
  hints.place === undefined ? undefined : shownDialect(hints, await knownOf(hints));

/** The dialect of a `dms.json`, for an operation with a default dialect; undefined if it has several. */
export const configuredDialect = ({ source, set }: DialectHints): SqlDialect | undefined =>
  set === undefined || source?.kind === 'artifacts' ? undefined : onlyDialect(set.dialects, set);

/** The dialect of a run on one database, or the text about a missing option if nothing determines it. */
export async function foundDialect(
  hints: DialectHints,
): Promise<{ readonly dialect?: SqlDialect; readonly missing?: string }> {
  const { named, source, set } = hints;
  if (named !== undefined) return { dialect: named };
  const known = await knownOf(hints);
  const shown = shownDialect(hints, known);
  if (shown !== undefined) return { dialect: shown };
  // without artifacts, the folder is the error, not the dialect
  if (source?.kind === 'artifacts' && known.length === 0) expectAnyArtifact(source.folder);
  const only = onlyDialect(known, set);
  if (only !== undefined) return { dialect: only };
  if (hints.place !== undefined) expectReadableText(hints.place);
  const reason = known.length > 1 ? `: there are ${known.join(' and ')}` : '';
  return { missing: `required option '--dialect <name>' not specified${reason}` };
}

/** Whether an option names a database. */
export const namesConnection = ({ connection, connectionEnv, connectionFile }: SubjectValues): boolean =>
  [connection, connectionEnv, connectionFile].some((option) => option !== undefined);

/**
 * The places to look for the database of a dialect: the options first, then the `dms.json`. Only the named variable is
 * read from the environment.
 */
export function placeOf(
  { connection, connectionEnv, connectionFile }: SubjectValues,
  set: StandaloneMappingSet | undefined,
  dialect?: SqlDialect,
): Place {
  const project = dialect === undefined ? undefined : set?.databases[dialect];
  return {
    sources: { connection, connectionEnv, connectionFile, ...(project === undefined ? {} : { project }) },
    environment: process.env,
    folder: set?.workspace ?? process.cwd(),
    ...(set === undefined ? {} : { projectFile: set.file }),
  };
}

/** The same places if an option names a database; otherwise undefined. */
export const namedPlace = (values: SubjectValues, set: StandaloneMappingSet | undefined): Place | undefined =>
  namesConnection(values) ? placeOf(values, set) : undefined;

/** Whether the database of an operation can be that of a `dms.json`, which names one for each dialect. */
export const takesDatabaseOfConfig = ({ config, dialect }: Operation['worksOn']): boolean =>
  config !== undefined && dialect !== undefined;

/** The text about a missing database, if an operation needs one and nothing names it. */
export function missingPlace(
  { worksOn }: Pick<Operation, 'worksOn'>,
  values: SubjectValues,
  set: StandaloneMappingSet | undefined,
  dialect: SqlDialect | undefined,
): string | undefined {
  const { sources } = placeOf(values, set, dialect);
  if (Object.values(sources).some((source) => source !== undefined)) return undefined;
  const member = takesDatabaseOfConfig(worksOn) ? `, or databases.${dialect ?? '<dialect>'} of a dms.json` : '';
  const [text, variable, file] = quoted(['connection', 'connectionEnv', 'connectionFile'], subjectShape(worksOn));
  return `name a database with one of the options ${text}, ${variable} and ${file}${member}`;
}

/** The fleet that the options name; undefined if they name none. */
export function requestedFleet(
  { worksOn }: Pick<Operation, 'worksOn'>,
  values: SubjectValues,
): Omit<FleetOptions, 'signal' | 'onProgress'> | undefined {
  const { fleet, only, concurrency, concurrencyPerServer, canary, maxFailures, dialect } = values;
  if (worksOn.fleet === undefined || fleet === undefined) return undefined;
  const ofFleet = typeof dialect === 'string' ? dialect : undefined;
  const limits = { only, concurrency, concurrencyPerServer, canary, maxFailures };
  return { file: fleet, ...limits, dialect: ofFleet, environment: process.env };
}
