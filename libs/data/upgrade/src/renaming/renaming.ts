import { fail } from '@dms/diagnostics';
import { type LaterNames, laterNames, type PlaceName, placeName, placeNotation } from '@dms/translation';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { type ComparedSet, placesOf } from '../comparing/compared-set.ts';

/**
 * The names that the objects of the earlier set have in the later set. Objects without a rename keep their names
 * (design 12 §11).
 */
export interface Renaming extends LaterNames {
  /** The renames that were asked for. */
  readonly renames: readonly Rename[];
}

export const noRenaming: Renaming = {
  renames: [],
  project: (name) => name,
  resource: (label) => label,
  path: (_resource, path) => path,
};

/** The names that result from renames, whether they can be made or not (design 12 §11). */
export function renamingOf(before: ComparedSet, after: ComparedSet, renames: readonly Rename[]): Renaming {
  if (renames.length === 0 && !changesEndpoints(before, after)) return noRenaming;
  const moves = renames.map((rename) => ({
    before: parseObjectName(rename.before),
    after: parseObjectName(rename.after),
  }));
  return { renames, ...laterNames(moves, placesOf(before), placesOf(after)) };
}

/** Whether a project that stays has another endpoint name; members of `_ext` are named after it. */
function changesEndpoints({ model: before }: ComparedSet, { model: after }: ComparedSet): boolean {
  const later = new Map(after.projects.map((project) => [project.projectName, project.projectEndpointName]));
  return before.projects.some(
    ({ projectName, projectEndpointName }) => (later.get(projectName) ?? projectEndpointName) !== projectEndpointName,
  );
}

/** The name of an object in the earlier set and its name in the later set, as a user writes them (design 12 §11). */
export interface Rename {
  readonly before: string;
  readonly after: string;
}

/** Reads the name of an object. Throws `UPGRADE_RENAME_INVALID`. */
export function parseObjectName(text: string): PlaceName {
  const name = placeName(text);
  if (name !== undefined) return name;
  const message = `${JSON.stringify(text)} does not name an object of a schema set; write ${placeNotation}.`;
  return fail('UPGRADE_RENAME_INVALID', message, {}, { text });
}

/** Reads a rename, `<before>=<after>`. Throws `UPGRADE_RENAME_INVALID`. */
export function parseRename(text: string): Rename {
  const [before = '', after, ...rest] = text.split('=');
  if (after === undefined || rest.length > 0) {
    const message = `${JSON.stringify(text)} is not a rename; write <before>=<after>, each as ${placeNotation}.`;
    fail('UPGRADE_RENAME_INVALID', message, {}, { text });
  }
  parseObjectName(before);
  parseObjectName(after);
  return { before, after };
}

export const renameText = ({ before, after }: Rename) => `${before}=${after}`;

/** The option that asks for a rename, quoted so that any shell accepts it. */
export const renameOption = (rename: Rename) => `--rename '${renameText(rename)}'`;

/** An object or an array under construction; the tag distinguishes it from JSON objects, which are maps too. */
class Branch extends Map<string, Branch | JsonValue> {}

/**
 * Converts a document of the earlier set to the later set: each value moves to the path that it has there (design 12
 * §11).
 */
export function renamedDocument(names: Pick<LaterNames, 'path'>, resource: string, document: JsonObject): JsonObject {
  const root = new Branch();
  for (const { path, positions, value } of leaves(document, '$', [])) {
    const rest = [...positions];
    const later = names.path(resource, path);
    const steps = later
      .split(/(?=\[\*\])|\./)
      .slice(1)
      .map((step) => (step === '[*]' ? `[${rest.shift()}]` : step));
    let branch = root;
    for (const step of steps.slice(0, -1)) {
      const next = branch.get(step);
      if (next instanceof Branch) branch = next;
      else {
        const made = new Branch();
        branch.set(step, made);
        branch = made;
      }
    }
    const last = steps.at(-1);
    // a document without members is a single leaf
    if (last !== undefined) branch.set(last, value);
  }
  return grown(root) as JsonObject;
}

/** A value of a document without parts, with its path and the positions of the array elements along the path. */
interface RenamedLeaf {
  readonly path: string;
  readonly positions: readonly number[];
  readonly value: JsonValue;
}

function leaves(value: JsonValue, path: string, positions: readonly number[]): RenamedLeaf[] {
  if (!isEmpty(value) && isJsonObject(value))
    return [...value].flatMap(([name, member]) => leaves(member, `${path}.${name}`, positions));
  if (!isEmpty(value) && isJsonArray(value))
    return value.flatMap((element, index) => leaves(element, `${path}[*]`, [...positions, index]));
  return [{ path, positions, value }];
}

const isEmpty = (value: JsonValue) =>
  isJsonObject(value) ? value.size === 0 : isJsonArray(value) && value.length === 0;

function grown(branch: Branch): JsonValue {
  const entries = [...branch].map(([name, part]): [string, JsonValue] => [
    name,
    part instanceof Branch ? grown(part) : part,
  ]);
  const isArray = entries.length > 0 && entries.every(([name]) => name.startsWith('['));
  return isArray ? entries.map(([, element]) => element) : new Map(entries);
}
