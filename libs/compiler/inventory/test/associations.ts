import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build, type Document, schemaSetV2 } from '@dms/testing';
import { deriveInventory } from '../src/index.ts';
import type { DbIndex, Inventory } from '../src/inventory.ts';

/* Resources that refer to others, for tests of references to people and organizations (design 15a). */

/** An object, or the items of an array, under construction. */
class Place {
  isArray = false;
  readonly children = new Map<string, Place>();
  private readonly scalars: Record<string, build.JsonRecord> = {};
  private readonly required = new Set<string>();

  /** Adds a scalar at a path such as `$.a.b[*].c`. Objects on the path are created, and required if the scalar is. */
  put(path: string, schema: build.JsonRecord, isRequired: boolean): void {
    const steps = path.slice(2).split('.');
    const last = steps.pop() as string;
    let place: Place = this;
    for (const step of steps) {
      const name = step.replace('[*]', '');
      const child = place.children.get(name) ?? new Place();
      place.children.set(name, child);
      if (isRequired) place.required.add(name);
      child.isArray ||= step.endsWith('[*]');
      place = child;
    }
    place.scalars[last] = schema;
    if (isRequired || place !== this) place.required.add(last);
  }

  get schema(): build.JsonRecord {
    const children = [...this.children].map(([name, child]) => [name, child.schema] as const);
    const schema = build.object({ ...this.scalars, ...Object.fromEntries(children) }, [...this.required]);
    return this.isArray ? build.array(schema) : schema;
  }
}

export interface TestedAssociation {
  /** Scalar types by path. */
  readonly values?: Readonly<Record<string, build.JsonRecord>>;
  /** References by mapping key: the label of the target, and the path for each of its identity paths. */
  readonly references?: Readonly<
    Record<
      string,
      { readonly to: string; readonly pairs: Readonly<Record<string, string>>; readonly isOptional?: boolean }
    >
  >;
  readonly descriptors?: Readonly<Record<string, readonly [path: string, label: string]>>;
  readonly identity: readonly string[];
  readonly members?: build.JsonRecord;
}

/** A resource with these values and references; parts of references are strings, unless `values` has their types. */
export function association(name: string, parts: TestedAssociation): build.BuiltResource {
  const { values = {}, references = {}, descriptors = {}, identity, members = {} } = parts;
  const root = new Place();
  for (const [path, schema] of Object.entries(values)) root.put(path, schema, identity.includes(path));
  for (const [path] of Object.values(descriptors)) root.put(path, build.uri(), identity.includes(path));
  for (const { pairs, isOptional = false } of Object.values(references))
    for (const path of Object.values(pairs)) root.put(path, values[path] ?? build.string(), !isOptional);
  return build.resource(name, {
    identityJsonPaths: identity,
    documentPathsMapping: {
      ...Object.fromEntries(
        Object.entries(references).map(([key, { to, pairs }]) => [key, build.reference(to, Object.entries(pairs))]),
      ),
      ...Object.fromEntries(
        Object.entries(descriptors).map(([key, [path, label]]) => [key, build.descriptorPath(label, path)]),
      ),
    },
    jsonSchemaForInsert: root.schema,
    ...members,
  });
}

/** A resource identified by one string. */
export const identified = (name: string, id: string, members: build.JsonRecord = {}): build.BuiltResource =>
  association(name, { values: { [`$.${id}`]: build.string() }, identity: [`$.${id}`], members });

export const student = identified('Student', 'studentUniqueId');
export const contact = identified('Contact', 'contactUniqueId');
export const staff = identified('Staff', 'staffUniqueId');
export const school = identified('School', 'schoolId');

/** References to these resources, by the path of the reference object. */
export const toStudent = (at = '$.studentReference', to = 'Ed-Fi:Student') => ({
  to,
  pairs: { '$.studentUniqueId': `${at}.studentUniqueId` },
});
export const toSchool = (at = '$.schoolReference') => ({
  to: 'Ed-Fi:School',
  pairs: { '$.schoolId': `${at}.schoolId` },
});

export const secured = (elements: build.JsonRecord): build.JsonRecord => ({ securableElements: elements });
export const organizations = (...paths: readonly string[]) =>
  paths.map((jsonPath) => ({ jsonPath, metaEdName: jsonPath.slice(jsonPath.lastIndexOf('.') + 1) }));

export interface DerivedV2 {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

/** Model and inventory of the second generation; not in strict mode by default. */
export function derivedV2(
  documents: readonly Document[],
  { dialect = 'pgsql', strict = false }: { readonly dialect?: SqlDialect; readonly strict?: boolean } = {},
): DerivedV2 {
  const { model } = deriveModel(schemaSetV2(...documents), dialect, { strict });
  return { model, inventory: deriveInventory(model, { strict }) };
}

/** The indexes for authorization as `schema.Table name (key) include (columns)`. */
export function authorizationLines({ indexes }: Inventory): string[] {
  const line = ({ table, name, keyColumns, includeColumns }: DbIndex) => {
    const include = includeColumns.length === 0 ? '' : ` include (${includeColumns.join(', ')})`;
    return `${table.schema}.${table.name} ${name} (${keyColumns.join(', ')})${include}`;
  };
  return indexes.filter(({ kind }) => kind === 'Authorization').map(line);
}
