import { connected, type DatabaseOptions, rolledBack, rowsOf, withTarget } from '@dms/databases';
import { alternatives, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { Since } from '@dms/ods';
import { givenScript } from '@dms/sql';
import { compareBy } from '@dms/values';
import { type DatabaseEntry, onePerKind, type PlacedMistake } from '../sources/config-file.ts';
import type { Fleet, FleetList } from './check-fleet.ts';
import {
  databaseLabels,
  databaseName,
  labelsOfPattern,
  variableMatcher,
  variableName,
  variableOfPattern,
  versionPattern,
} from './fleet-format.ts';

/** Where the connection of a database is configured, as a task on one database takes it. */
export type DatabasePlace = Pick<
  DatabaseOptions,
  'dialect' | 'sources' | 'environment' | 'folder' | 'projectFile' | 'projectPath' | 'database'
>;

/** The ODS that a database of a fleet gets its documents from (design 18 §7). */
interface FleetOds {
  readonly place: Omit<DatabasePlace, 'dialect'>;
  readonly since: FleetVersion | undefined;
}

/** The version after which changes are read. */
interface FleetVersion {
  readonly version: Since;
  /** The origin of the version, for messages: a JSON pointer, a variable, a row. */
  readonly origin: string;
}

/** One database of a fleet. */
export interface FleetDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly place: DatabasePlace;
  readonly ods?: FleetOds;
  /** Advice for the message that the database has no ODS. */
  readonly odsAdvice: string;
}

/** The context in which the databases of a fleet are looked up. */
interface FleetSurroundings extends Pick<DatabaseOptions, 'environment' | 'folder' | 'signal'> {}

/** A version as text, with its origin. */
interface WrittenVersion {
  readonly text: string | undefined;
  readonly origin: string;
}

/**
 * The databases of a fleet, in the order of its list or of the rows of its query; those of variables are sorted by
 * name. A query is sent to its catalog database (design 18 §1). Throws `FLEET_ENTRY_INVALID`, `FLEET_EMPTY` and, of the
 * catalog, the `DB_*` codes.
 */
export async function fleetDatabases(fleet: Fleet, surroundings: FleetSurroundings): Promise<readonly FleetDatabase[]> {
  const found = await lookedUp(fleet, surroundings);
  failIfAny(entryDiagnostics(found, fleet));
  if (found.length === 0) {
    const text = 'The fleet has no databases. List them, or check the pattern or the query.';
    failIfAny([diagnostic('FLEET_EMPTY', text, { file: fleet.file })]);
  }
  return found.map(({ origin: _, since: __, ...database }) => database);
}

/** A database of a fleet, before its name is checked. */
interface ListedEntry extends FleetDatabase {
  /** The origin of the entry, for messages. */
  readonly origin: string;
  /** The version after which its ODS is read, if a variable or a row gives one. */
  readonly since?: WrittenVersion;
}

function lookedUp(fleet: Fleet, surroundings: FleetSurroundings): ListedEntry[] | Promise<ListedEntry[]> {
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

type ListOf<Kind extends FleetList['kind']> = Extract<FleetList, { readonly kind: Kind }>;

function listed({ databases }: ListOf<'listed'>, fleet: Fleet, surroundings: FleetSurroundings): ListedEntry[] {
  const { dialect, file, listPointer } = fleet;
  const { environment, folder } = surroundings;
  return databases.map(({ name, labels, place, ods }, index) => {
    const origin = `${listPointer}/${index}`;
    const placeOf = (project: DatabaseEntry, projectPath: string) => ({
      environment,
      folder,
      sources: { project },
      projectFile: file,
      projectPath,
    });
    const odsOrigin = `${origin}/ods`;
    return {
      name,
      labels,
      origin,
      place: { dialect, ...placeOf(place, origin) },
      ...(ods === undefined
        ? {}
        : {
            ods: {
              place: placeOf(ods.place, odsOrigin),
              since: versionOf({ text: ods.since, origin: `${odsOrigin}/since` }),
            },
          }),
      odsAdvice: 'Add "ods" to its entry',
    };
  });
}

/** Undefined if the text is not a version, which `entryDiagnostics` reports. */
const versionOf = ({ text, origin }: WrittenVersion): FleetVersion | undefined =>
  text !== undefined && versionPattern.test(text)
    ? { version: text === 'last' ? text : BigInt(text), origin }
    : undefined;

function ofVariables(
  { pattern, ods }: ListOf<'variables'>,
  { dialect }: Fleet,
  surroundings: FleetSurroundings,
): ListedEntry[] {
  const { environment, folder } = surroundings;
  const names = labelsOfPattern(pattern);
  const valuesOf = variableMatcher(pattern);
  const written = new Map(Object.keys(environment).map((variable) => [variableName(variable), variable]));
  /** The variable of a pattern, as the environment writes it. */
  const variableFor = (ofPattern: string, labels: Readonly<Record<string, string>>) => {
    const variable = variableOfPattern(ofPattern, labels);
    return written.get(variableName(variable)) ?? variable;
  };
  const matches = Object.keys(environment).flatMap((variable) => {
    const values = valuesOf(variable);
    if (values === null) return [];
    const labels = Object.fromEntries(
      values.map((value, index) => [mustExist(names[index], 'the label of a pattern'), value]),
    );
    const odsVariable = ods === null ? null : variableFor(ods.pattern, labels);
    const sinceVariable = ods === null || ods.since === null ? null : variableFor(ods.since, labels);
    return [{ variable, name: values.join('-'), labels, odsVariable, sinceVariable }];
  });
  // the pattern of the databases may also match the variables of their ODSs
  const taken = new Set(matches.flatMap(({ odsVariable, sinceVariable }) => [odsVariable, sinceVariable]));
  return matches
    .filter(({ variable }) => !taken.has(variable))
    .map(({ variable, name, labels, odsVariable, sinceVariable }): ListedEntry => {
      const placeOf = (connectionEnv: string) => ({ environment, folder, sources: { connectionEnv } });
      const origin = `the variable ${variable}`;
      const found = { name, labels, origin, place: { dialect, ...placeOf(variable) } };
      if (odsVariable === null) return { ...found, odsAdvice: 'Add "ods" with a pattern of variables to the fleet' };
      const odsAdvice = `Set the variable ${odsVariable}`;
      if (!environment[odsVariable]) return { ...found, odsAdvice };
      const text = (sinceVariable === null ? '' : environment[sinceVariable]) || undefined;
      const since = { text, origin: `the variable ${sinceVariable}` };
      return { ...found, odsAdvice, since, ods: { place: placeOf(odsVariable), since: versionOf(since) } };
    })
    .sort(compareBy(({ name }) => name));
}

/** Whether a value of `--only` selects a database: by its name, or by a label with its value. */
function matches(selector: string, { name, labels }: FleetDatabase): boolean {
  const split = selector.indexOf('=');
  return split < 0 ? name === selector : labels[selector.slice(0, split)] === selector.slice(split + 1);
}

async function ofQuery(
  { sql, catalog, server, odsServer }: ListOf<'query'>,
  fleet: Fleet,
  surroundings: FleetSurroundings,
): Promise<ListedEntry[]> {
  const { dialect, file: projectFile, pointer } = fleet;
  const { environment, folder, signal } = surroundings;
  const place = (member: 'catalog' | 'server' | 'odsServer', project: ListOf<'query'>['catalog']): DatabasePlace => ({
    dialect,
    environment,
    folder,
    sources: { project },
    projectFile,
    projectPath: `${pointer}/query/${member}`,
  });
  const { rows } = await withTarget({ ...place('catalog', catalog), signal }, 'check', (target) =>
    connected(target, { signal }, async (connection) => {
      // SQL Server has no read-only transaction: a rollback undoes changes there
      const rows = await rolledBack(connection, () => rowsOf(connection, givenScript(sql), { signal }), 'reading');
      return { rows, diagnostics: [] };
    }),
  );
  const ofServer = server === null ? place('catalog', catalog) : place('server', server);
  const { dialect: _, ...ofOdsServer } = odsServer === null ? ofServer : place('odsServer', odsServer);
  return rows.map((row, index) => {
    const { name, database, ods, since, ...others } = row;
    const origin = `row ${index + 1} of the query`;
    const labels = Object.entries(others).flatMap(([label, value]) =>
      textOf(value) === '' ? [] : [[label, textOf(value)] as const],
    );
    const version = { text: textOf(since) || undefined, origin: `"since" of ${origin}` };
    const odsPlace = { ...ofOdsServer, database: textOf(ods) };
    return {
      name: textOf(name),
      labels: Object.fromEntries(labels),
      origin,
      place: { ...ofServer, database: textOf(database) === '' ? textOf(name) : textOf(database) },
      since: version,
      ...(textOf(ods) === '' ? {} : { ods: { place: odsPlace, since: versionOf(version) } }),
      odsAdvice: 'Give its row the column "ods", with the name of the database',
    };
  });
}

/** The text of a column; empty if it is NULL. */
const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value));

/** The errors of names and labels that were looked up, one per kind; those of a list are checked with the file. */
function entryDiagnostics(found: readonly ListedEntry[], { file }: Fleet): Diagnostic[] {
  const first = new Map<string, string>();
  const mistake = (kind: string, origin: string, name: string, fault: string): PlacedMistake => ({
    kind,
    place: origin,
    diagnostic: diagnostic('FLEET_ENTRY_INVALID', `${file}: ${origin} ${fault}`, { file }, { name, origin }),
  });
  const mistakes = found.flatMap(({ name, labels, origin, ods, since }): readonly PlacedMistake[] => {
    const [wrong] = databaseName.safeParse(name).error?.issues ?? [];
    if (wrong) {
      const fault =
        name === ''
          ? `gives no name; add a column "name" to the query, with ${wrong.message}.`
          : `gives the name ${JSON.stringify(name)}; expected ${wrong.message}.`;
      return [mistake('name', origin, name, fault)];
    }
    const [label] = databaseLabels.safeParse(labels).error?.issues ?? [];
    if (label) {
      const named = label.path.join('.');
      return [mistake(`label ${named}`, origin, name, `gives a label that cannot be used: ${named}. Correct it.`)];
    }
    if (since?.text !== undefined && versionOf(since) === undefined) {
      const fault = `gives the version ${JSON.stringify(since.text)} of an ODS; expected up to 18 digits, or last. Correct it.`;
      return [mistake('version', since.origin, name, fault)];
    }
    if (since?.text !== undefined && ods === undefined) {
      const fault = 'gives the version of an ODS, but names no ODS. Name it, or leave out the version.';
      return [mistake('version alone', since.origin, name, fault)];
    }
    const other = first.get(name);
    if (other !== undefined) {
      const fault = `gives the name ${JSON.stringify(name)}, which is also the name of ${other}. Rename one.`;
      return [mistake(`shared ${name}`, origin, name, fault)];
    }
    first.set(name, origin);
    return [];
  });
  return onePerKind(mistakes);
}

/**
 * The databases that any of the names and labels (`year=2026`) selects, in the order of the fleet; all databases
 * without a selector. Throws `FLEET_SELECTION_EMPTY` for each selector that selects nothing.
 */
export function selectDatabases(
  databases: readonly FleetDatabase[],
  only: readonly string[] = [],
): readonly FleetDatabase[] {
  if (only.length === 0) return databases;
  failIfAny(
    only
      .filter((selector) => !databases.some((database) => matches(selector, database)))
      .map((selector) => {
        const text = `No database of the fleet has the name or the label ${JSON.stringify(selector)}${alternatives(selector, known(databases, selector))}`;
        return diagnostic('FLEET_SELECTION_EMPTY', text, {}, { selector });
      }),
  );
  return databases.filter((database) => only.some((selector) => matches(selector, database)));
}

function known(databases: readonly FleetDatabase[], selector: string): readonly string[] {
  if (!selector.includes('=')) return databases.map(({ name }) => name);
  return databases.flatMap(({ labels }) => Object.entries(labels).map(([label, value]) => `${label}=${value}`));
}
