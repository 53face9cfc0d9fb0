import path from 'node:path';
import { type Diagnostic, diagnostic, listOfNames, meantNames, mostExamples, nearNames } from '@dms/diagnostics';
import { nxPath } from './workspace-path.ts';

/*
 * What an entry of `schemas` names (design 10 §5). The plugin and the command line read the entries with this rule, so
 * that a `dms.json` means the same to both.
 */

/** A folder with ApiSchema files; all paths are relative to the workspace. */
export interface SchemaProjectFolder {
  readonly name: string;
  readonly root: string;
  /** Its ApiSchema files, in ordinal order; more than one is a mistake that the project reports. */
  readonly files: readonly string[];
}

/** The schema projects among which entries are looked up. */
export interface SchemaLookup<Project extends SchemaProjectFolder> {
  /** The project in a folder. */
  readonly at: (folder: string) => Project | undefined;
  /** All projects, for names and for suggestions; entries that are paths do not need them. */
  readonly all: () => readonly Project[];
}

/** The lookup among known projects. */
export function lookupAmong<Project extends SchemaProjectFolder>(projects: readonly Project[]): SchemaLookup<Project> {
  const byRoot = new Map(projects.map((project) => [project.root, project]));
  return { at: (folder) => byRoot.get(folder), all: () => projects };
}

/** The paths that an entry can mean, relative to the workspace: relative to the `dms.json`, then to the workspace. */
const placesOfEntry = (entry: string, mappingSetRoot: string): readonly string[] => [
  nxPath(entry, mappingSetRoot),
  nxPath(entry),
];

/**
 * The schema project of an entry: the one in a folder, or the one whose only ApiSchema file is the entry, relative to
 * the `dms.json`, then to the workspace; otherwise the one with this name.
 */
export function findSchemaProject<Project extends SchemaProjectFolder>(
  entry: string,
  mappingSetRoot: string,
  { at, all }: SchemaLookup<Project>,
): Project | undefined {
  for (const place of placesOfEntry(entry, mappingSetRoot)) {
    const inFolder = at(place);
    if (inFolder !== undefined) return inFolder;
    const ofFile = at(path.posix.dirname(place));
    if (ofFile?.files.length === 1 && ofFile.files[0] === place) return ofFile;
  }
  const [named, ...others] = all().filter(({ name }) => name === entry);
  return others.length === 0 ? named : undefined;
}

/** What the disk says about an entry that names no project. */
interface OnDisk {
  /** The diagnostic about an entry that names a folder in another spelling than the disk. */
  readonly spellingOf: (entry: string, pointer: string) => Diagnostic | undefined;
  /** Why a folder or a file is not a schema project; undefined if it does not exist. */
  readonly reasonAt: (place: string) => UnknownReason | undefined;
  /** Folders of schemas near a place that does not exist, also outside the workspace. */
  readonly foldersNear?: (place: string) => readonly string[];
}

/** The rest of the sentence `/schemas/0 names "x", …`. */
interface UnknownReason {
  readonly text: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** The entries with their projects, in the order written. */
interface ResolvedEntries<Project> {
  readonly resolved: readonly Project[];
  /** The position of each project in `schemas`. */
  readonly positions: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the project of every entry of `schemas`, in the order written. `diagnostics` has a `CONFIG_SCHEMA_UNKNOWN` for
 * each entry without a project, and a `CONFIG_SCHEMA_DUPLICATE` for each entry that repeats a project.
 *
 * An entry that names a folder in another spelling than the disk is a `CONFIG_PATH_SPELLING`.
 *
 * @param file the `dms.json`, relative to the workspace
 */
export function resolveSchemas<Project extends SchemaProjectFolder>(
  schemas: readonly string[],
  file: string,
  lookup: SchemaLookup<Project>,
  onDisk: OnDisk = { spellingOf: () => undefined, reasonAt: () => undefined },
): ResolvedEntries<Project> {
  const mappingSetRoot = path.posix.dirname(file);
  const positions = new Map<string, number>();
  const resolved: Project[] = [];
  const diagnostics: Diagnostic[] = [];
  schemas.forEach((entry, index) => {
    const where = { file, path: `/schemas/${index}` };
    const project = findSchemaProject(entry, mappingSetRoot, lookup);
    const misspelt = project === undefined ? onDisk.spellingOf(entry, where.path) : undefined;
    const earlier = project && positions.get(project.root);
    if (misspelt !== undefined) diagnostics.push(misspelt);
    else if (project === undefined) diagnostics.push(unknownSchema(entry, where, mappingSetRoot, lookup, onDisk));
    else if (earlier === undefined) {
      positions.set(project.root, index);
      resolved.push(project);
    } else {
      const message = `/schemas/${earlier} and ${where.path} both name the schema project ${project.name}; remove one of them.`;
      const details = { paths: [`/schemas/${earlier}`, where.path], project: project.name };
      diagnostics.push(diagnostic('CONFIG_SCHEMA_DUPLICATE', message, where, details));
    }
  });
  return { resolved, positions: [...positions.values()], diagnostics };
}

function unknownSchema<Project extends SchemaProjectFolder>(
  namedSchema: string,
  where: { readonly file: string; readonly path: string },
  mappingSetRoot: string,
  lookup: SchemaLookup<Project>,
  { reasonAt, foldersNear = () => [] }: OnDisk,
): Diagnostic {
  const asWritten = (place: string) => path.posix.relative(mappingSetRoot, place) || '.';
  const unknown = ({ text, details = {} }: UnknownReason, candidates: readonly string[]) =>
    diagnostic('CONFIG_SCHEMA_UNKNOWN', `${where.path} names ${JSON.stringify(namedSchema)}, ${text}`, where, {
      entry: namedSchema,
      candidates: candidates.slice(0, mostExamples),
      ...details,
    });
  const places = placesOfEntry(namedSchema, mappingSetRoot);
  for (const place of places) {
    const project = lookup.at(path.posix.dirname(place));
    if (project === undefined || !place.endsWith('.json')) continue;
    const [only, ...others] = project.files;
    if (others.length > 0 && project.files.includes(place)) {
      const folder = asWritten(path.posix.join(project.root, path.posix.basename(place, '.json')));
      const text = `one of several ApiSchema files of its folder: ${project.files.map((each) => path.posix.basename(each)).join(', ')}. Put each into a folder of its own, such as ${JSON.stringify(folder)}, and name the folder.`;
      return unknown({ text }, [folder]);
    }
    if (only !== undefined && others.length === 0) {
      const candidates = [asWritten(project.root)];
      return unknown({ text: `which is not the ApiSchema file of its folder${meantNames(candidates)}` }, candidates);
    }
  }
  const reason = places.map(reasonAt).find((found) => found !== undefined);
  if (reason !== undefined) return unknown(reason, []);
  // an entry that names a file is compared by its folder; long paths are near to many, so the nearest is meant
  const [place = namedSchema] = places;
  const folder = asWritten(place.endsWith('.json') ? path.posix.dirname(place) : place);
  const nearFolders = (roots: readonly string[]) =>
    nearNames(folder, new Set([...roots, ...foldersNear(place)].map(asWritten))).slice(0, 1);
  const all = lookup.all();
  const baseName = path.posix.basename(folder);
  const sameName = all.filter(({ root }) => path.posix.basename(root) === baseName).map(({ root }) => asWritten(root));
  const names = all.map(({ name }) => name);
  const nearNamed = nearNames(baseName, names);
  const near = nearNamed.length > 0 ? nearNamed : nearFolders(all.map(({ root }) => root));
  const candidates = sameName.length > 0 ? sameName : near.length > 0 ? near : names;
  const list = listOfNames(candidates);
  const advice =
    sameName.length > 1
      ? `. Several schema folders have that name; write one of ${list}.`
      : sameName.length === 1 || near.length > 0
        ? meantNames(candidates)
        : candidates.length > 0
          ? `. The schema projects are ${list}.`
          : '. There is no schema project in this workspace.';
  return unknown({ text: `which is neither a schema project nor its folder${advice}` }, candidates);
}
