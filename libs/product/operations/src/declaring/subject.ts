import { mappingVersions } from '@dms/api-schema';
import { connectionForms } from '@dms/databases';
import type * as z from 'zod/mini';
import { defaultConcurrency } from '../fleet/run-fleet.ts';
import type { ArtifactSource, DatabaseSource, MappingSetSource, SchemaSource } from '../sources/source.ts';
import {
  choice,
  count,
  dialect,
  dialectList,
  factsOf,
  inputFile,
  optionGroups,
  type Shape,
  text,
  texts,
} from './option.ts';

/** The source of an operation, by the options that name it. */
export interface Sources {
  readonly none: undefined;
  /** ApiSchema files. */
  readonly schemas: SchemaSource;
  /** Artifacts. */
  readonly artifacts: ArtifactSource;
  /** ApiSchema files, or artifacts. */
  readonly set: DatabaseSource;
  /** ApiSchema files, or artifacts; optional. */
  readonly possibleSet: DatabaseSource | undefined;
  /** ApiSchema files, artifacts or a pack. */
  readonly plans: MappingSetSource;
}

/**
 * How a run gets its dialect: `one` is named or the only one of the source, `open` is left to the operation, or
 * `several`.
 */
interface DialectUse {
  readonly use: 'one' | 'open' | 'several';
  readonly option: z.ZodMiniType;
}

/** The subject of an operation, from which its options follow. */
export interface Subject<Kind extends keyof Sources = keyof Sources> {
  readonly source: Kind;
  /**
   * Whether a `dms.json` can name the source and the databases: `usual` is also the one of the current folder, `named`
   * only one that is given.
   */
  readonly config?: 'usual' | 'named';
  readonly dialect?: DialectUse;
  /** The database of the operation: an existing one, an optional one, or one that the operation makes and drops. */
  readonly connection?: 'needed' | 'possible' | 'temporary';
  /** Whether the operation works on a fleet; these of its options cannot be given then. */
  readonly fleet?: { readonly conflicts: readonly string[] };
}

/** What an operation takes from a `dms.json`, by the kind of its source. */
const takenFromConfig = (source: keyof Sources): string =>
  source === 'none'
    ? 'names the databases'
    : source === 'artifacts'
      ? 'names the folder of the artifacts'
      : 'names the schemas, dialects and databases';

function configText({ source, config }: Subject): string {
  const usual = config === 'usual' ? ' (default: the dms.json of the current folder)' : '';
  return `a dms.json, or its folder: ${takenFromConfig(source)}${usual}`;
}

/** The `dms.json` as an argument or an option; one that names the schemas leaves no room for others. */
const configFile = (metavariable: string, worksOn: Subject) =>
  text(metavariable, configText(worksOn), {
    group: 'source',
    conflicts: 'schema' in sourceShapes[worksOn.source] ? ['schema'] : [],
  });

const byDefault = (source: string) => dialect(`pgsql or mssql (default: the dialect of the ${source})`);

/** The usual ways in which a run gets its dialects. */
export const dialectUses = {
  ofConnection: { use: 'one', option: dialect('pgsql or mssql (default: what the connection text shows)') },
  ofSource: {
    use: 'one',
    option: byDefault('artifacts, the dms.json or the fleet if they have only one, otherwise of the connection'),
  },
  ofSet: {
    use: 'one',
    option: byDefault('artifacts or the dms.json if they have only one, otherwise of the connection'),
  },
  ofArtifacts: {
    use: 'open',
    option: byDefault('artifacts if they have only one, otherwise of the connection, otherwise pgsql'),
  },
  ofPlans: {
    use: 'open',
    option: byDefault('artifacts or the pack if they have only one, otherwise of the connection, otherwise pgsql'),
  },
} as const satisfies Readonly<Record<string, DialectUse>>;

/** The option for several dialects, with the default of the run. */
export const severalDialects = (usual: string, how = 'pgsql, mssql, or both as in pgsql,mssql ('): DialectUse => ({
  use: 'several',
  option: dialectList(`${how}default: ${usual})`),
});

/**
 * A schema set that a `dms.json` can name, in a database or in each database of a fleet; `conflicts` cannot be given
 * with a fleet.
 */
export const setInDatabases = (...conflicts: readonly string[]) =>
  ({
    source: 'set',
    config: 'usual',
    dialect: dialectUses.ofSource,
    connection: 'needed',
    fleet: { conflicts },
  }) as const;

/** A schema set that a `dms.json` can name, with scripts for some of its dialects. */
export const scriptsOfSet = {
  source: 'set',
  config: 'usual',
  dialect: severalDialects('the dialects of the source'),
} as const;

const schemaText =
  'ApiSchema files, or folders with one, core and extensions, in any order; patterns (*, **), and - for the standard input (repeatable)';

const schemaFiles = (...conflicts: readonly string[]) => texts('<file...>', schemaText, { group: 'source', conflicts });

const versionText =
  'generation of the mapping that turns the schemas into a database (default: as in the dms.json, else v1)';
const artifactsText = 'folder of artifacts, as emit writes it';

const mappingVersion = (...conflicts: readonly string[]) =>
  choice('<version>', versionText, mappingVersions, { group: 'source', conflicts });

const setShape = {
  schema: schemaFiles('artifacts'),
  mappingVersion: mappingVersion('artifacts'),
  artifacts: text('<dir>', artifactsText, { group: 'source' }),
};

/** The options that name a source, by its kind. */
const sourceShapes = {
  none: {},
  schemas: { schema: schemaFiles(), mappingVersion: mappingVersion() },
  artifacts: { artifacts: text('<dir>', artifactsText, { group: 'source' }) },
  set: setShape,
  possibleSet: setShape,
  plans: {
    ...setShape,
    pack: inputFile('<file>', 'mapping pack, as pack build writes it', {
      group: 'source',
      conflicts: ['schema', 'artifacts', 'mappingVersion'],
    }),
  },
} as const satisfies Readonly<Record<keyof Sources, Shape>>;

/** The names of the options for a connection. */
export const connectionNames = ['connection', 'connectionEnv', 'connectionFile'] as const;

/** The options that name the database; the first given one counts (design 09 §1.1). */
const connectionShape = ({ connection }: Pick<Subject, 'connection'>) => {
  const forms = connectionForms({ lasting: connection !== 'temporary' });
  const group = 'database';
  return {
    connection: text('<text>', `the database: ${forms}; a password in it can be seen in process lists`, { group }),
    connectionEnv: text('<NAME>', 'environment variable that holds the connection text', { group }),
    connectionFile: text('<path>', 'file that holds the connection text', { group }),
  };
};

const ofFleet = { group: 'fleet', needs: [['fleet']] } as const;
const one = (n: string, description: string) => count(n, description, ofFleet);

const fleetOption = (conflicts: readonly string[]) =>
  text('<file>', 'many databases: a fleet.json, or a dms.json with databases.fleet', {
    group: 'fleet',
    conflicts: [...connectionNames, ...conflicts],
  });

/** The options of work on many databases (design 18 §2). */
const fleetShape = ({ conflicts }: NonNullable<Subject['fleet']>) => ({
  fleet: fleetOption(conflicts),
  ...fleetLimits,
});

/** The options that are meaningful only with a fleet. */
export const fleetLimits = {
  only: texts('<name...>', 'databases of the fleet, by name or by label as in year=2026 (repeatable)', ofFleet),
  concurrency: one('<n>', `databases at the same time (default: ${defaultConcurrency})`),
  concurrencyPerServer: one('<n>', 'databases of one server at the same time'),
  canary: one('<n>', 'databases that come first; the others follow when all of these have succeeded'),
  maxFailures: one('<n>', 'start no further database after this many failures'),
};

interface OperationShape {
  readonly worksOn: Subject;
  readonly arguments: Shape;
  readonly options: Shape;
}

/** Whether a `dms.json` is an option: an operation with other arguments would confuse it with them. */
const takesConfigByOption = (operation: Pick<OperationShape, 'worksOn' | 'arguments'>): boolean =>
  operation.worksOn.config !== undefined && Object.keys(operation.arguments).length > 0;

/** All positional arguments of an operation, in their order. */
export function allArguments(operation: Pick<OperationShape, 'worksOn' | 'arguments'>): Shape {
  const { worksOn } = operation;
  if (worksOn.config === undefined || takesConfigByOption(operation)) return operation.arguments;
  return { config: configFile('[config]', worksOn) };
}

/** All options of an operation, ordered by group. */
export function allOptions(operation: OperationShape): Shape {
  const { worksOn, options } = operation;
  const config = takesConfigByOption(operation) ? { config: configFile('<file>', worksOn) } : {};
  const all = Object.entries({ ...config, ...subjectShape(worksOn), ...options });
  return Object.fromEntries(
    optionGroups.flatMap((group) => all.filter(([, option]) => factsOf(option).group === group)),
  );
}

/** The options that follow from the subject of an operation. */
export function subjectShape({ source, dialect: chosen, connection, fleet }: Subject): Shape {
  return {
    ...sourceShapes[source],
    ...(chosen === undefined ? {} : { dialect: chosen.option }),
    ...(connection === undefined ? {} : connectionShape({ connection })),
    ...(fleet === undefined ? {} : fleetShape(fleet)),
  };
}
