import { compareBy } from '@dms/canonical-json';
import { type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { connected, type DatabaseOptions, withTarget } from '../databases/with-database.ts';
import type { DatabaseEntry } from '../sources/database-entry-format.ts';
import type { Fleet, FleetList } from './check-fleet.ts';
import { databaseLabels, databaseName, labelsOfPattern, literalsOfPattern } from './fleet-format.ts';

/** Where the connection of a database is configured; what a task on one database takes. */
export type DatabasePlace = Pick<
  DatabaseOptions,
  'dialect' | 'sources' | 'environment' | 'folder' | 'projectFile' | 'projectPath' | 'database'
>;

/** The ODS whose documents a database of a fleet gets (design 18 §7). */
export interface FleetOds {
  readonly place: Omit<DatabasePlace, 'dialect' | 'database'>;
  /** Only what has changed after this version. */
  readonly since: bigint | undefined;
}

/** One database of a fleet. */
export interface FleetDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly place: DatabasePlace;
  /** Only listed databases have one. */
  readonly ods?: FleetOds;
}

/** What is needed to look up the databases of a fleet. */
export interface FleetSurroundings extends Pick<DatabaseOptions, 'environment' | 'folder' | 'signal'> {}

type ListOf<Kind extends FleetList['kind']> = Extract<FleetList, { readonly kind: Kind }>;

/** What was found in a fleet, before its names are checked. */
interface Found extends FleetDatabase {
  /** What it was made from, for messages. */
  readonly origin: string;
}

function listed({ databases }: ListOf<'listed'>, fleet: Fleet, surroundings: FleetSurroundings): Found[] {
  const { dialect, file, listPointer } = fleet;
  const { environment, folder } = surroundings;
  return databases.map(({ name, labels, place, ods }, index) => {
    const origin = `${listPointer}/${index}`;
    const placeOf = (project: DatabaseEntry, projectPath: string) => ({
      ...{ environment, folder, sources: { project }, projectFile: file, projectPath },
    });
    const since = ods?.since === undefined ? undefined : BigInt(ods.since);
    return {
      ...{ name, labels, origin, place: { dialect, ...placeOf(place, origin) } },
      ...(ods === undefined ? {} : { ods: { place: placeOf(ods.place, `${origin}/ods`), since } }),
    };
  });
}

/** Greedy: `{district}_{year}` reads `NEW_YORK_2026` as the year 2026 of NEW_YORK. */
function patternOf(pattern: string): RegExp {
  const literals = literalsOfPattern(pattern).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literals.join('([A-Za-z0-9_.-]+)')}$`);
}

function ofVariables({ pattern }: ListOf<'variables'>, { dialect }: Fleet, surroundings: FleetSurroundings): Found[] {
  const { environment, folder } = surroundings;
  const labels = labelsOfPattern(pattern);
  const expression = patternOf(pattern);
  return Object.keys(environment)
    .flatMap((variable): Found[] => {
      const values = expression.exec(variable)?.slice(1);
      if (values === undefined) return [];
      return [
        {
          name: values.join('-'),
          labels: Object.fromEntries(labels.map((label, index) => [label, mustExist(values[index], `the label ${label}`)])),
          origin: `the variable ${variable}`,
          place: { dialect, environment, folder, sources: { connectionEnv: variable } },
        },
      ];
    })
    .sort(compareBy(({ name }) => name));
}

/** The text of a column; none where it is NULL. */
const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value));

async function ofQuery(
  { sql, catalog, server }: ListOf<'query'>,
  fleet: Fleet,
  surroundings: FleetSurroundings,
): Promise<Found[]> {
  const { dialect, file: projectFile, pointer } = fleet;
  const { environment, folder, signal } = surroundings;
  const place = (member: 'catalog' | 'server', project: ListOf<'query'>['catalog']): DatabasePlace => ({
    ...{ dialect, environment, folder, sources: { project } },
    ...{ projectFile, projectPath: `${pointer}/query/${member}` },
  });
  const { rows } = await withTarget({ ...place('catalog', catalog), signal }, 'check', (target) =>
    connected(target, { signal }, async (connection) => {
      await connection.begin();
      try {
        return { rows: await connection.query(sql, [], { signal }), diagnostics: [] };
      } finally {
        // a query that changes something has no lasting effect
        await connection.rollback();
      }
    }),
  );
  const ofServer = server === null ? place('catalog', catalog) : place('server', server);
  return rows.map((row, index) => {
    const { name, database, ...others } = row;
    const labels = Object.entries(others).flatMap(([label, value]) =>
      textOf(value) === '' ? [] : [[label, textOf(value)] as const],
    );
    return {
      name: textOf(name),
      labels: Object.fromEntries(labels),
      origin: `row ${index + 1} of the query`,
      place: { ...ofServer, database: textOf(database) === '' ? textOf(name) : textOf(database) },
    };
  });
}

/** What is wrong with names and labels that were looked up; those of a list were checked with the file. */
function entryProblems(found: readonly Found[], { file }: Fleet): Diagnostic[] {
  const first = new Map<string, string>();
  const report = (origin: string, name: string, fault: string) =>
    diagnostic('FLEET_ENTRY_INVALID', `${file}: ${origin} ${fault}`, { file }, { name, origin });
  return found.flatMap(({ name, labels, origin }) => {
    const [wrong] = databaseName.safeParse(name).error?.issues ?? [];
    if (wrong) return [report(origin, name, `gives the name ${JSON.stringify(name)}; expected ${wrong.message}.`)];
    const [label] = databaseLabels.safeParse(labels).error?.issues ?? [];
    if (label) return [report(origin, name, `gives a label that cannot be used: ${label.path.join('.')}. Correct it.`)];
    const other = first.get(name);
    if (other !== undefined)
      return [report(origin, name, `gives the name ${JSON.stringify(name)}, which is also the name of ${other}. Rename one.`)];
    first.set(name, origin);
    return [];
  });
}

/**
 * The databases of a fleet: in the order of a list or of the rows of a query; from variables, by name. A query is sent to its
 * catalog database (design 18 §1). Throws `FLEET_ENTRY_INVALID`, `FLEET_EMPTY` and, of the catalog, the `DB_*` codes.
 */
export async function fleetDatabases(fleet: Fleet, surroundings: FleetSurroundings): Promise<readonly FleetDatabase[]> {
  const found = await lookedUp(fleet, surroundings);
  failIfAny(entryProblems(found, fleet));
  if (found.length === 0) {
    const text = `${fleet.file}: the fleet has no databases. List them, or check the pattern or the query.`;
    failIfAny([diagnostic('FLEET_EMPTY', text, { file: fleet.file })]);
  }
  return found.map(({ origin: _, ...database }) => database);
}

function lookedUp(fleet: Fleet, surroundings: FleetSurroundings): Found[] | Promise<Found[]> {
  const { list } = fleet;
  switch (list.kind) {
    case 'listed':
      return listed(list, fleet, surroundings);
    case 'variables':
      return ofVariables(list, fleet, surroundings);
    case 'query':
      return ofQuery(list, fleet, surroundings);
  }
}
