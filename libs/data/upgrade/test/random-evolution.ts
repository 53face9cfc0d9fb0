import { build } from '@dms/testing';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import { simple } from './schools.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are changed as they are
type EditableObject = any;

/** Objects of an insert schema that hold values, with their paths. */
function objectsOf(schema: EditableObject, path = '$'): { readonly schema: EditableObject; readonly path: string }[] {
  const own = schema?.properties ? [{ schema, path }] : [];
  const inner = Object.entries(schema?.properties ?? {}).flatMap(([name, property]: [string, EditableObject]) =>
    property.type === 'array'
      ? objectsOf(property.items, `${path}.${name}[*]`)
      : objectsOf(property, `${path}.${name}`),
  );
  return [...own, ...inner];
}

const pick = <Item>(items: readonly Item[], next: () => number): Item | undefined =>
  items[Math.floor(next() * items.length)];

/** Values that nothing else depends on: changing one changes nothing else. */
function plainValues(resource: EditableObject) {
  const spoken = JSON.stringify([
    resource.identityJsonPaths,
    resource.equalityConstraints,
    resource.arrayUniquenessConstraints,
    resource.decimalPropertyValidationInfos,
    resource.relational ?? null,
    Object.values(resource.documentPathsMapping).filter((entry: EditableObject) => entry.isReference),
  ]);
  return objectsOf(resource.jsonSchemaForInsert).flatMap(({ schema, path }) =>
    Object.entries(schema.properties).flatMap(([name, property]: [string, EditableObject]) =>
      ['string', 'integer', 'boolean'].includes(property.type) && !spoken.includes(`"${path}.${name}"`)
        ? [{ schema, name, property, path: `${path}.${name}` }]
        : [],
    ),
  );
}

/** Makes a value distinguish the items around it. */
function distinguish(resource: EditableObject, path: string): void {
  resource.arrayUniquenessConstraints = [...resource.arrayUniquenessConstraints, { paths: [path] }];
}

/** The ways in which a resource may change; each makes its change if it can. */
const changes: readonly ((resource: EditableObject, next: () => number) => void)[] = [
  (resource) => {
    resource.equalityConstraints = resource.equalityConstraints.slice(1);
  },
  (resource) => {
    resource.equalityConstraints = [];
  },
  (resource) => {
    resource.arrayUniquenessConstraints = [];
  },
  (resource, next) => {
    const place = pick(
      objectsOf(resource.jsonSchemaForInsert).filter(({ path }) => !/Reference$|\._ext$/.test(path)),
      next,
    );
    const [name, added] = pick<readonly [string, EditableObject]>(
      [
        ['zzText', build.string(20)],
        ['zzNumber', build.integer()],
        ['zzFlag', build.boolean()],
        ['zzList', build.array(build.object({ zzItem: build.string(10) }, ['zzItem']))],
      ],
      next,
    ) ?? ['zzText', build.string(20)];
    const isReference =
      place &&
      Object.values(resource.documentPathsMapping).some((entry: EditableObject) =>
        (entry.referenceJsonPaths ?? []).some(
          ({ referenceJsonPath }: EditableObject) =>
            referenceJsonPath.startsWith(`${place.path}.`) && place.path !== '$',
        ),
      );
    if (!place || isReference || name in place.schema.properties) return;
    place.schema.properties[name] = added;
    if (added.type === 'array') distinguish(resource, `${place.path}.${name}[*].zzItem`);
  },
  (resource, next) => {
    const value = pick(
      plainValues(resource).filter(({ property }) => property.type === 'string' && property.maxLength),
      next,
    );
    if (value) value.property.maxLength += 7;
  },
  (resource, next) => {
    const value = pick(
      plainValues(resource).filter(({ property }) => property.type === 'integer'),
      next,
    );
    if (value) value.property.format = 'int64';
  },
  (resource, next) => {
    const value = pick(plainValues(resource), next);
    if (value) value.schema.required = [...new Set([...(value.schema.required ?? []), value.name])];
  },
  (resource, next) => {
    const value = pick(plainValues(resource), next);
    if (value) value.schema.required = (value.schema.required ?? []).filter((name: string) => name !== value.name);
  },
  (resource, next) => {
    const value = pick(
      plainValues(resource).filter(({ path }) => /^\$\.\w+$/.test(path)),
      next,
    );
    if (value)
      resource.relational = { nameOverrides: { ...resource.relational?.nameOverrides, [value.path]: 'Renamed' } };
  },
  // whether keys may change decides how keys that refer to them are made
  (resource) => {
    resource.allowIdentityUpdates = !resource.allowIdentityUpdates;
  },
];

/** Removes a value, or gives it a type of another family: values that can be converted are kept, others are lost. */
function withOtherValue(resource: EditableObject, next: () => number): void {
  const value = pick(plainValues(resource), next);
  if (!value) return;
  const { schema, name, path, property } = value;
  const lists = ['numericJsonPaths', 'booleanJsonPaths'];
  const without = (list: EditableObject) => (list ?? []).filter((each: unknown) => each !== path);
  for (const list of lists) if (resource[list]) resource[list] = without(resource[list]);
  if (next() < 0.5) {
    delete schema.properties[name];
    if (schema.required) schema.required = schema.required.filter((each: string) => each !== name);
    for (const [key, entry] of Object.entries(resource.documentPathsMapping) as [string, EditableObject][])
      if (entry.path === path) delete resource.documentPathsMapping[key];
  } else if (property.type === 'string') {
    schema.properties[name] = build.integer();
    if (resource.numericJsonPaths) resource.numericJsonPaths = [...resource.numericJsonPaths, path];
  } else schema.properties[name] = build.string(30);
}

/** A set in which a few values are removed or get another type. */
export function withOtherValues(documents: readonly unknown[], next: () => number): unknown[] {
  const later = structuredClone(documents) as EditableObject[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as EditableObject[]);
  for (let count = Math.floor(next() * 4); count > 0; count -= 1) {
    const resource = pick(
      all.filter(({ isDescriptor }) => !isDescriptor),
      next,
    );
    if (resource) withOtherValue(resource, next);
  }
  return later;
}

const mostAttempts = 30;

/** An object or collection of an insert schema that no reference owns. */
function structures(resource: EditableObject) {
  const inReferences = Object.values(resource.documentPathsMapping).flatMap((entry: EditableObject) =>
    (entry.referenceJsonPaths ?? []).map(({ referenceJsonPath }: EditableObject) => referenceJsonPath as string),
  );
  return objectsOf(resource.jsonSchemaForInsert).flatMap(({ schema, path }) =>
    Object.entries(schema.properties).flatMap(([name, property]: [string, EditableObject]) => {
      const own = `${path}.${name}`;
      const isPlain = property.type === 'array' || property.type === 'object';
      return isPlain && name !== '_ext' && !inReferences.some((each) => each.startsWith(`${own}.`))
        ? [{ schema, name, property }]
        : [];
    }),
  );
}

/** Values of documents, by resource name and path. */
export type SeenValues = ReadonlyMap<string, readonly unknown[]>;

/** Scalars at any place: in identities, in references and in extensions too. */
function allValues(name: string, resource: EditableObject, types: readonly string[]) {
  return objectsOf(resource.jsonSchemaForInsert).flatMap(({ schema, path }) =>
    Object.entries(schema.properties).flatMap(([member, property]: [string, EditableObject]) =>
      types.includes(property.type) && !path.endsWith('.link')
        ? [{ property, path: `${path}.${member}`, place: `${name} ${path}.${member}` }]
        : [],
    ),
  );
}

interface RuleChange {
  readonly name: string;
  readonly resource: EditableObject;
  readonly next: () => number;
  readonly seen: SeenValues;
}

const lists = (resource: EditableObject) => structures(resource).filter(({ property }) => property.type === 'array');
const withoutIndexes = (path: string) => path.replace(/\[\*\]/g, '');

/** Rules of values; documents break some of them. */
const textRules = [
  ...[{ pattern: '^[a-mA-M]' }, { pattern: '.' }, { pattern: '[02468]' }, { minLength: 6 }, { minLength: 1 }],
  ...[{ format: 'email' }, { format: 'uri' }, { format: 'ipv4' }],
];
const numberRules = [
  ...[
    { maximum: 500 },
    { maximum: 3_000_000_000 },
    { minimum: 2 },
    { minimum: -1e18 },
    { exclusiveMaximum: 2_147_483_648 },
  ],
  ...[{ exclusiveMinimum: 1 }, { multipleOf: 2 }, { multipleOf: 1 }],
];
const listRules = [{ minItems: 1 }, { minItems: 2 }, { maxItems: 1 }, { maxItems: 9 }, { uniqueItems: true }];
const ruleKeywords = new Set(
  [...textRules, ...numberRules, ...listRules, { const: 0, not: 0, enum: 0 }].flatMap((rule) => Object.keys(rule)),
);

/** Adds a rule, unless no value could obey it together with the existing rules (design 01 §2.7). */
function addRule(schema: EditableObject, rule: EditableObject): void {
  const all = { ...schema, ...rule };
  const isPossible = !(
    all.minLength > all.maxLength ||
    all.minItems > all.maxItems ||
    all.minProperties > all.maxProperties
  );
  if (isPossible) Object.assign(schema, rule);
}

/** The ways in which only the JSON schema of a resource may change, so that no table changes (design 12 §3.8). */
const ruleChanges: readonly ((change: RuleChange) => void)[] = [
  ({ resource, next }) => {
    const place = pick(structures(resource), next);
    if (place) place.schema.required = [...new Set([...(place.schema.required ?? []), place.name])];
  },
  ({ resource, next }) => {
    const place = pick(structures(resource), next);
    if (place) place.schema.required = (place.schema.required ?? []).filter((name: string) => name !== place.name);
  },
  // a structure that no document can have yet, sometimes required
  ({ resource, next }) => {
    const inItems = objectsOf(resource.jsonSchemaForInsert).filter(
      ({ path }) => path.endsWith('[*]') && !path.includes('._ext.'),
    );
    const { schema, path } = pick([{ schema: resource.jsonSchemaForInsert, path: '$' }, ...inItems], next) ?? {};
    if (!schema?.properties || 'zzNew' in schema.properties) return;
    const inner = build.object({ zzIn: build.string(10) }, ['zzIn']);
    const isList = next() < 0.5;
    schema.properties.zzNew = isList ? build.array(inner) : inner;
    if (isList) distinguish(resource, `${path}.zzNew[*].zzIn`);
    if (next() < 0.5) schema.required = [...(schema.required ?? []), 'zzNew'];
  },
  ({ name, resource, next }) => {
    const value = pick(allValues(name, resource, ['string']), next);
    if (value) addRule(value.property, pick(textRules, next));
  },
  ({ name, resource, next }) => {
    const value = pick(allValues(name, resource, ['integer', 'number']), next);
    if (value) Object.assign(value.property, pick(numberRules, next));
  },
  // a rule that allows one or two of the documents' values, or all values but one
  ({ name, resource, next, seen }) => {
    const all = allValues(name, resource, ['string', 'integer', 'boolean']).filter(({ place }) => seen.has(place));
    const value = pick(all, next);
    const known = (value && seen.get(value.place)) ?? [];
    const one = pick(known, next);
    const other = pick(known, next);
    const rules = [{ const: one }, { not: { const: one } }, { enum: [...new Set([one, other])] }];
    if (value) Object.assign(value.property, pick(rules, next));
  },
  ({ resource, next }) => {
    const list = pick(lists(resource), next);
    if (list) addRule(list.property, pick(listRules, next));
  },
  ({ resource, next }) => {
    const { schema } = pick(objectsOf(resource.jsonSchemaForInsert), next) ?? {};
    if (schema) addRule(schema, next() < 0.7 ? { minProperties: 1 + Math.floor(next() * 6) } : { maxProperties: 4 });
  },
  // a member that another member requires
  ({ resource, next }) => {
    const { schema } = pick(objectsOf(resource.jsonSchemaForInsert), next) ?? {};
    const names = Object.keys(schema?.properties ?? {});
    const one = pick(names, next);
    const other = pick(names, next);
    if (one !== undefined && other !== undefined) schema.dependentRequired = { [one]: [other] };
  },
  // values that must be equal: of one row, or of different tables
  ({ name, resource, next }) => {
    const values = allValues(name, resource, ['string', 'integer']);
    const source = pick(values, next);
    const target = pick(
      values.filter(
        ({ path, property }) =>
          path !== source?.path &&
          property.type === source?.property.type &&
          property.maxLength === source?.property.maxLength,
      ),
      next,
    );
    if (source && target)
      resource.equalityConstraints = [
        ...resource.equalityConstraints,
        { sourceJsonPath: source.path, targetJsonPath: target.path },
      ];
  },
  // items that are distinguished by other values, or by none
  ({ name, resource, next }) => {
    const inItems = allValues(name, resource, ['string', 'integer']).filter(({ path }) => /\[\*\]/.test(path));
    const value = pick(inItems, next);
    if (!value) return;
    const scope = value.path.slice(0, value.path.lastIndexOf('[*]') + '[*]'.length);
    const others = resource.arrayUniquenessConstraints.filter(
      (each: EditableObject) =>
        !JSON.stringify(each).includes(withoutIndexes(scope).slice(2)) && !JSON.stringify(each).includes(scope),
    );
    resource.arrayUniquenessConstraints = next() < 0.7 ? [...others, { paths: [value.path] }] : others;
  },
  // a property loses its rules
  ({ name, resource, next }) => {
    const places = [
      ...allValues(name, resource, ['string', 'integer', 'number', 'boolean']).map(({ property }) => property),
      ...structures(resource).map(({ property }) => property),
    ].filter((property) => Object.keys(property).some((keyword) => ruleKeywords.has(keyword)));
    const property = pick(places, next);
    if (property) for (const keyword of Object.keys(property)) if (ruleKeywords.has(keyword)) delete property[keyword];
  },
];

/** The scopes whose items a constraint distinguishes. */
function distinguishedScopes(constraints: readonly EditableObject[], base = '$'): readonly string[] {
  return constraints.flatMap((constraint) => {
    const { basePath, paths, nestedConstraints = [] } = Array.isArray(constraint) ? { paths: constraint } : constraint;
    const scope = basePath === undefined ? base : `${base}${basePath.slice(1)}`;
    const own = paths
      .map((path: string) => `${scope}${path.slice(1)}`)
      .map((path: string) => path.slice(0, path.lastIndexOf('[*]') + 3));
    return [...own, ...distinguishedScopes(nestedConstraints, scope)];
  });
}

/**
 * A set in which something distinguishes the items of every collection, as the second generation requires (design 15
 * §7.4).
 */
export function distinguished(documents: readonly unknown[]): unknown[] {
  const later = structuredClone(documents) as EditableObject[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as EditableObject[]);
  const done = new Set(
    all.flatMap(({ resourceName, arrayUniquenessConstraints }) =>
      distinguishedScopes(arrayUniquenessConstraints).map((scope) => `${resourceName} ${scope}`),
    ),
  );
  for (const resource of all) {
    const items = objectsOf(resource.jsonSchemaForInsert).filter(({ path }) => path.endsWith('[*]'));
    for (const { schema, path } of items) {
      const isCompanion = Object.keys(schema.properties).every((name) => name === '_ext');
      if (isCompanion || done.has(`${resource.resourceName} ${path}`)) continue;
      schema.properties.zzKey = build.string(12);
      schema.required = [...(schema.required ?? []), 'zzKey'];
      distinguish(resource, `${path}.zzKey`);
    }
  }
  return later;
}

const rulesAtOnce = 3;

/**
 * A set after a few random changes of rules that only the JSON schemas have, also of descriptors; in half of the cases,
 * after other changes too. Values come from `seen`.
 */
export function withRules(documents: readonly unknown[], next: () => number, seen: SeenValues = new Map()): unknown[] {
  const later = (next() < 0.5 ? structuredClone(documents) : evolved(documents, next)) as EditableObject[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as EditableObject[]);
  const descriptors = all.filter(({ isDescriptor }) => isDescriptor);
  const others = all.filter(({ isDescriptor }) => !isDescriptor);
  for (let count = 0; count < rulesAtOnce; count += 1) {
    const resource = pick(descriptors.length > 0 && next() < 0.1 ? descriptors : others, next);
    const change = pick(ruleChanges, next);
    if (resource && change) change({ name: resource.resourceName, resource, next, seen });
  }
  return later;
}

/** The values that documents have, by resource name and path. */
export function seenValues(
  written: readonly { readonly resource: string; readonly document: JsonObject }[],
): SeenValues {
  const found = new Map<string, Set<unknown>>();
  const visit = (value: JsonValue, place: string): void => {
    if (isJsonObject(value)) for (const [name, member] of value) visit(member, `${place}.${name}`);
    else if (isJsonArray(value)) for (const item of value) visit(item, `${place}[*]`);
    else if (value !== null) {
      const values = found.get(place) ?? new Set();
      found.set(place, values.add(value instanceof JsonNumber ? Number(value.lexeme) : value));
    }
  };
  for (const { resource, document } of written) visit(document, `${resource.split(':')[1]} $`);
  return new Map([...found].map(([place, values]) => [place, [...values]]));
}

/** A set after a few random changes. */
export function evolved(documents: readonly unknown[], next: () => number): unknown[] {
  const later = structuredClone(documents) as EditableObject[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as EditableObject[]);
  let missing = 1 + Math.floor(next() * 3);
  for (let attempt = 0; attempt < mostAttempts && missing > 0; attempt += 1) {
    const resource = pick(
      all.filter(({ isDescriptor }) => !isDescriptor),
      next,
    );
    const change = pick(changes, next);
    if (!resource || !change) continue;
    const earlier = JSON.stringify(resource);
    change(resource, next);
    if (JSON.stringify(resource) !== earlier) missing -= 1;
  }
  const choice = next();
  if (choice < 0.2 && later.length > 1) later.pop();
  else if (choice < 0.5) {
    const { endpoint, schema } = simple(choice < 0.35 ? 'Aaa' : 'Zzz');
    later[0].projectSchema.resourceSchemas[endpoint] = schema;
  }
  return later;
}
