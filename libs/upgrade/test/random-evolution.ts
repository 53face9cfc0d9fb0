import { build } from '@dms/testing';
import { simple } from './schools.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are changed as they are
type Editable = any;

/** Objects of an insert schema that hold values, with their paths. */
function objectsOf(schema: Editable, path = '$'): { readonly schema: Editable; readonly path: string }[] {
  const own = schema?.properties ? [{ schema, path }] : [];
  const inner = Object.entries(schema?.properties ?? {}).flatMap(([name, property]: [string, Editable]) =>
    property.type === 'array' ? objectsOf(property.items, `${path}.${name}[*]`) : objectsOf(property, `${path}.${name}`),
  );
  return [...own, ...inner];
}

const pick = <Item>(items: readonly Item[], next: () => number): Item | undefined => items[Math.floor(next() * items.length)];

/** Values that nothing else depends on: changing one changes nothing else. */
function plainValues(resource: Editable) {
  const spoken = JSON.stringify([
    resource.identityJsonPaths,
    resource.equalityConstraints,
    resource.arrayUniquenessConstraints,
    resource.decimalPropertyValidationInfos,
    resource.relational ?? null,
    Object.values(resource.documentPathsMapping).filter((entry: Editable) => entry.isReference),
  ]);
  return objectsOf(resource.jsonSchemaForInsert).flatMap(({ schema, path }) =>
    Object.entries(schema.properties).flatMap(([name, property]: [string, Editable]) =>
      ['string', 'integer', 'boolean'].includes(property.type) && !spoken.includes(`"${path}.${name}"`)
        ? [{ schema, name, property, path: `${path}.${name}` }]
        : [],
    ),
  );
}

/** The ways in which a resource may change; each does what it can, or nothing. */
const changes: readonly ((resource: Editable, next: () => number) => void)[] = [
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
    const [name, added] = pick<readonly [string, Editable]>(
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
      Object.values(resource.documentPathsMapping).some((entry: Editable) =>
        (entry.referenceJsonPaths ?? []).some(
          ({ referenceJsonPath }: Editable) => referenceJsonPath.startsWith(`${place.path}.`) && place.path !== '$',
        ),
      );
    if (place && !isReference) place.schema.properties[name] = added;
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
    if (value) resource.relational = { nameOverrides: { ...resource.relational?.nameOverrides, [value.path]: 'Renamed' } };
  },
];

const mostAttempts = 30;

/** An object or collection of an insert schema that no reference owns. */
function structures(resource: Editable) {
  const inReferences = Object.values(resource.documentPathsMapping).flatMap((entry: Editable) =>
    (entry.referenceJsonPaths ?? []).map(({ referenceJsonPath }: Editable) => referenceJsonPath as string),
  );
  return objectsOf(resource.jsonSchemaForInsert).flatMap(({ schema, path }) =>
    Object.entries(schema.properties).flatMap(([name, property]: [string, Editable]) => {
      const own = `${path}.${name}`;
      const isPlain = property.type === 'array' || property.type === 'object';
      return isPlain && name !== '_ext' && !inReferences.some((each) => each.startsWith(`${own}.`))
        ? [{ schema, name, property }]
        : [];
    }),
  );
}

/** The ways in which only the JSON schema of a resource may change, so that no table sees it (design 12 §3.8). */
const ruleChanges: readonly ((resource: Editable, next: () => number) => void)[] = [
  (resource, next) => {
    const place = pick(structures(resource), next);
    if (place) place.schema.required = [...new Set([...(place.schema.required ?? []), place.name])];
  },
  (resource, next) => {
    const value = pick(
      plainValues(resource).filter(({ property }) => property.type === 'string'),
      next,
    );
    const rule = pick(
      [{ pattern: '^[a-mA-M]' }, { pattern: '.' }, { minLength: 6 }, { minLength: 1 }, { format: 'email' }],
      next,
    );
    if (value) Object.assign(value.property, rule);
  },
  (resource, next) => {
    const value = pick(
      plainValues(resource).filter(({ property }) => property.type === 'integer'),
      next,
    );
    const rule = pick([{ maximum: 500 }, { minimum: 2 }, { exclusiveMaximum: 2_147_483_648 }, { multipleOf: 2 }], next);
    if (value) Object.assign(value.property, rule);
  },
  (resource, next) => {
    const list = pick(
      structures(resource).filter(({ property }) => property.type === 'array'),
      next,
    );
    const rule = pick([{ minItems: 1 }, { minItems: 2 }, { maxItems: 1 }, { uniqueItems: true }], next);
    if (list) Object.assign(list.property, rule);
  },
  (resource, next) => {
    resource.jsonSchemaForInsert.minProperties = 1 + Math.floor(next() * 6);
  },
];

/** A set after a few random changes of rules that only the JSON schemas have, and sometimes of others. */
export function withRules(documents: readonly unknown[], next: () => number): unknown[] {
  const later = (next() < 0.5 ? structuredClone(documents) : evolved(documents, next)) as Editable[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as Editable[]);
  const changed = all.filter(({ isDescriptor }) => !isDescriptor);
  for (let count = 0; count < 3; count += 1) {
    const resource = pick(changed, next);
    const change = pick(ruleChanges, next);
    if (resource && change) change(resource, next);
  }
  return later;
}

/** A set after a few random changes. */
export function evolved(documents: readonly unknown[], next: () => number): unknown[] {
  const later = structuredClone(documents) as Editable[];
  const all = later.flatMap(({ projectSchema }) => Object.values(projectSchema.resourceSchemas) as Editable[]);
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
