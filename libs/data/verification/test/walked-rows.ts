import type { OdsColumn, OdsMapping, OdsTable } from '@dms/ods';
import { tableLabel } from '@dms/ods';
import type { build } from '@dms/testing';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue, toJsonValue } from '@dms/values';

/*
 * The rows of ODS tables, from documents: a walk by the sentences of design 19 §5.3 and §6.1, without queries and
 * without the model. Of the mapping it takes the names, and the scope and the paths of each resource.
 */

export interface WalkedDocument {
  readonly resource: string;
  readonly document: JsonObject;
}

type WalkedSource = OdsTable['sources'][number];

/** The schema of a resource and of what extensions add, as far as the walk needs it. */
interface WalkedDocuments {
  readonly identity: ReadonlySet<string>;
  /** The leaves in the order of their keys, with their paths: of a reference, those of its parts. */
  readonly leaves: readonly { readonly path: string; readonly parts: readonly string[] }[];
  readonly schemas: readonly JsonObject[];
  isEqual(a: string, b: string): boolean;
}

const objectAt = (value: JsonValue | undefined, name: string): JsonObject => {
  const member = isJsonObject(value) ? value.get(name) : undefined;
  return isJsonObject(member) ? member : new Map();
};
const listAt = (value: JsonObject, name: string): readonly JsonValue[] => {
  const member = value.get(name);
  return isJsonArray(member) ? member : [];
};

function factsOf(documents: readonly build.JsonRecord[], resource: string): WalkedDocuments {
  const [project, name] = resource.split(':');
  const all = documents.flatMap((document) => {
    const schema = objectAt(toJsonValue(document), 'projectSchema');
    const isOwn = schema.get('projectName') === project;
    return [...objectAt(schema, 'resourceSchemas').values()].flatMap((each) => {
      if (!isJsonObject(each) || each.get('resourceName') !== name) return [];
      return isOwn || each.get('isResourceExtension') === true ? [each] : [];
    });
  });
  const leaves = all.flatMap((each) =>
    [...objectAt(each, 'documentPathsMapping')]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, entry]) => {
        const pairs = isJsonObject(entry) ? listAt(entry, 'referenceJsonPaths') : [];
        const parts = pairs.flatMap((pair) => (isJsonObject(pair) ? [String(pair.get('referenceJsonPath'))] : []));
        const own = isJsonObject(entry) ? String(entry.get('path')) : '';
        const [first] = parts;
        return first === undefined
          ? { path: own, parts: [own] }
          : { path: first.slice(0, first.lastIndexOf('.')), parts };
      }),
  );
  const groups = new Map<string, string>();
  const leader = (path: string): string => {
    const next = groups.get(path);
    return next === undefined ? path : leader(next);
  };
  for (const each of all)
    for (const constraint of listAt(each, 'equalityConstraints')) {
      if (!isJsonObject(constraint)) continue;
      const [a, b] = [
        leader(String(constraint.get('sourceJsonPath'))),
        leader(String(constraint.get('targetJsonPath'))),
      ];
      if (a !== b) groups.set(a, b);
    }
  return {
    identity: new Set(all.flatMap((each) => listAt(each, 'identityJsonPaths').map(String))),
    leaves,
    schemas: all.map((each) => objectAt(each, 'jsonSchemaForInsert')),
    isEqual: (a, b) => leader(a) === leader(b),
  };
}

/** Whether the object that holds a member requires it. */
function isRequired({ schemas }: WalkedDocuments, path: string): boolean {
  return schemas.some((root) => {
    let schema: JsonObject = root;
    let found = false;
    for (const step of path.split('.').slice(1)) {
      const name = step.replace('[*]', '');
      found = listAt(schema, 'required').includes(name);
      schema = objectAt(objectAt(schema, 'properties'), name);
      if (step.endsWith('[*]')) schema = objectAt(schema, 'items');
    }
    return found;
  });
}

/** The item of each array around a row, by its scope. */
type WalkedPlace = ReadonlyMap<string, JsonValue>;

const valueIn = (value: JsonValue | undefined, names: readonly string[]): JsonValue | undefined =>
  names.reduce<JsonValue | undefined>((each, name) => (isJsonObject(each) ? each.get(name) : undefined), value);

function valueAt(frame: WalkedPlace, path: string): JsonValue | undefined {
  const end = path.lastIndexOf('[*]');
  const scope = end < 0 ? '$' : path.slice(0, end + '[*]'.length);
  const rest = path.slice(scope.length);
  return valueIn(
    frame.get(scope),
    rest.split('.').filter((name) => name !== ''),
  );
}

const hasContent = (value: JsonValue | undefined): boolean =>
  isJsonObject(value)
    ? [...value.values()].some(hasContent)
    : isJsonArray(value)
      ? value.some(hasContent)
      : value !== undefined && value !== null;

/** The rows of a scope: each document, each item, each object in which something is. */
function framesOf(document: JsonObject, scope: string): readonly WalkedPlace[] {
  let frames: readonly WalkedPlace[] = [new Map([['$', document as JsonValue]])];
  const parts = scope.split('[*]');
  for (let count = 1; count < parts.length; count += 1) {
    const path = parts.slice(0, count).join('[*]');
    frames = frames.flatMap((frame) => {
      const items = valueAt(frame, path);
      return isJsonArray(items) ? items.map((item): WalkedPlace => new Map([...frame, [`${path}[*]`, item]])) : [];
    });
  }
  if (scope === '$' || scope.endsWith('[*]')) return frames;
  return frames.filter((frame) => hasContent(valueAt(frame, scope)));
}

/** The path whose value a column has: that of the enclosing key, else the one that a row lacks least easily. */
function chosenPath(facts: WalkedDocuments, { scope }: WalkedSource, paths: readonly string[]): string | undefined {
  const isOwn = (path: string) => path === scope || path.startsWith(`${scope}.`);
  const ofKey = paths.filter((path) => (scope === '$' ? facts.identity.has(path) : !isOwn(path)));
  if (ofKey.length > 0) return ofKey.find((path) => facts.identity.has(path)) ?? ofKey[0];
  const leaves = facts.leaves.filter(({ parts }) => parts.some((path) => paths.includes(path)));
  const rank = (leaf: string) => {
    if (!isRequired(facts, leaf)) return 2;
    const steps = leaf.slice(scope.length + 1).split('.');
    const around = steps.slice(0, -1).map((_, index) => [scope, ...steps.slice(0, index + 1)].join('.'));
    return around.every((path) => isRequired(facts, path)) ? 0 : 1;
  };
  const [best] = leaves
    .map((leaf, index) => ({ leaf, index, rank: rank(leaf.path) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  return best?.leaf.parts.find((path) => paths.includes(path));
}

const textOf = (value: JsonValue | undefined, { content }: OdsColumn): string | null => {
  if (value === undefined || value === null) return null;
  const text = value instanceof JsonNumber ? value.lexeme : String(value);
  return content.kind === 'descriptor' ? text.toLowerCase() : text;
};

/** The columns that the walk fills: those that hold values of documents. */
export const walkedColumns = ({ columns }: OdsTable) =>
  columns.filter(({ content: { kind } }) => kind === 'value' || kind === 'descriptor' || kind === 'usi');

/** The rows of each table that has documents, as sorted texts; persons by their unique ids, descriptors by their URIs. */
export function walkedRows(
  { tables }: OdsMapping,
  schemas: readonly build.JsonRecord[],
  documents: readonly WalkedDocument[],
): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  for (const table of tables) {
    if (table.kind === 'descriptor' || table.kind === 'descriptorBase') continue;
    const own = table.sources.flatMap((source) => {
      const label = `${source.resource.projectName}:${source.resource.resourceName}`;
      const facts = factsOf(schemas, label);
      const columns = walkedColumns(table).map((column) => {
        const paths = [
          ...(source.paths[column.name] ?? []),
          ...(source.sharing?.[column.name] ?? []).map(({ path }) => path),
        ];
        const chosen = chosenPath(facts, source, paths);
        return { column, paths: paths.filter((path) => chosen !== undefined && facts.isEqual(path, chosen)) };
      });
      return documents
        .filter(({ resource }) => resource === label)
        .flatMap(({ document }) => framesOf(document, source.scope))
        .map((frame) =>
          JSON.stringify(
            columns.map(({ column, paths }) => {
              const found = paths.map((path) => textOf(valueAt(frame, path), column));
              return found.find((text) => text !== null) ?? null;
            }),
          ),
        );
    });
    rows.set(tableLabel(table), own.sort());
  }
  return rows;
}
