import { edFi, extension, fields, subclassOf } from '../models/document-parts.ts';
import * as build from '../schema-builder.ts';
import { random } from './random-schemas.ts';

/*
 * Random schema sets in which objects in objects have no values of their own, all parts may be absent, and several
 * references share columns of an ODS.
 */

const { boolean, date, descriptor, descriptorPath, integer, object, reference, resource, scalarPath, string } = build;

/** The parts of a resource that grow with its members. */
class Members {
  readonly mapping: Record<string, build.JsonRecord> = {};
  readonly equalities: build.JsonRecord[] = [];
  private readonly chance: () => number;
  private readonly targets: readonly SharedTarget[];
  private last = 0;

  constructor(chance: () => number, targets: readonly SharedTarget[]) {
    this.chance = chance;
    this.targets = targets;
  }

  private upTo = (count: number) => Math.floor(this.chance() * (count + 1));

  private next(): number {
    this.last += 1;
    return this.last;
  }

  private scalars(key: string, path: string, count: number): SchemaProperties {
    const types = [string(9), boolean(), integer(), date()];
    const entries = Array.from({ length: count }, () => {
      const number = this.next();
      this.mapping[`${key}F${number}`] = scalarPath(`${path}.f${number}`);
      return [`f${number}`, types[this.upTo(types.length - 1)] ?? string(9)] as const;
    });
    return Object.fromEntries(entries);
  }

  /** References to some of the targets, some of which are required; those in `taken` are there already. */
  private references(key: string, path: string, required: string[], taken: readonly string[]): SchemaProperties {
    const chosen = this.targets.filter(({ name }) => !taken.includes(name) && this.chance() < 0.4);
    const sharing = chosen.filter(({ shares }) => shares);
    for (const [index, { member }] of sharing.entries()) {
      const other = sharing[index + 1];
      if (other === undefined || this.chance() >= 0.3) continue;
      this.equalities.push({
        sourceJsonPath: `${path}.${member}.k`,
        targetJsonPath: `${path}.${other.member}.k`,
      });
    }
    return Object.fromEntries(
      chosen.map((target) => {
        if (this.chance() < 0.4) required.push(target.member);
        this.mapping[`${key}${target.name}`] = referenceTo(target, path, required.includes(target.member));
        return [target.member, fields(target.fields)];
      }),
    );
  }

  /** The members of an object at a path; `depth` counts the objects and arrays around it. */
  object(key: string, path: string, depth: number, taken: readonly string[] = []): Filled {
    const required: string[] = [];
    // most inner objects have no values of their own
    const isBare = depth > 0 && this.chance() < 0.5;
    const properties: Record<string, build.JsonRecord> = {
      ...(isBare ? {} : this.scalars(key, path, this.upTo(2))),
      ...(isBare ? {} : this.references(key, path, required, taken)),
    };
    const unique: build.JsonRecord[] = [];
    if (!isBare && this.chance() < 0.3) {
      const name = `kind${this.next()}Descriptor`;
      this.mapping[`${key}${name.charAt(0).toUpperCase()}${name.slice(1)}`] = descriptorPath(
        'Ed-Fi:KindDescriptor',
        `${path}.${name}`,
      );
      properties[name] = string(306);
    }
    const objects = depth < 3 ? this.upTo(2) : 0;
    for (let count = 0; count < objects; count += 1) {
      const number = this.next();
      const inner = this.object(`${key}Obj${number}.`, `${path}.obj${number}`, depth + 1);
      if (Object.keys(inner.properties).length === 0) continue;
      properties[`obj${number}`] = object(inner.properties, inner.required);
      unique.push(...inner.unique);
    }
    if (depth < 3 && !path.includes('[*]') && this.chance() < 0.5) {
      const number = this.next();
      const scope = `${path}.item${number}s[*]`;
      const inner = this.object(`${key}Item${number}.`, scope, depth + 1);
      this.mapping[`${key}Item${number}.N${number}`] = scalarPath(`${scope}.n${number}`);
      properties[`item${number}s`] = build.array(
        object({ [`n${number}`]: string(9), ...inner.properties }, [`n${number}`, ...inner.required]),
      );
      unique.push({ paths: [`${scope}.n${number}`] }, ...inner.unique);
    }
    if (isBare && Object.keys(properties).length === 0) Object.assign(properties, this.scalars(key, path, 1));
    return { properties, required, unique };
  }
}

type SchemaProperties = Readonly<Record<string, build.JsonRecord>>;

interface Filled {
  readonly properties: SchemaProperties;
  readonly required: readonly string[];
  readonly unique: readonly build.JsonRecord[];
}

interface SharedTarget {
  readonly name: string;
  readonly member: string;
  readonly pairs: readonly (readonly [identityPath: string, name: string])[];
  readonly fields: build.JsonRecord;
  /** Whether its key has the column K. */
  readonly shares: boolean;
}

const targets: readonly SharedTarget[] = [
  { name: 'A', member: 'aReference', pairs: [['$.k', 'k']], fields: { k: string(20) }, shares: true },
  ...['B', 'C'].map((name) => {
    const own = `${name.toLowerCase()}n`;
    return {
      name,
      member: `${name.toLowerCase()}Reference`,
      pairs: [
        ['$.aReference.k', 'k'],
        [`$.${own}`, own],
      ] as const,
      fields: { k: string(20), [own]: string(9) },
      shares: true,
    };
  }),
  {
    name: 'Student',
    member: 'studentReference',
    pairs: [['$.studentUniqueId', 'studentUniqueId']],
    fields: { studentUniqueId: string(32) },
    shares: false,
  },
];

const referenceTo = ({ name, member, pairs }: SharedTarget, path: string, isRequired: boolean) =>
  reference(
    `Ed-Fi:${name}`,
    pairs.map(([identityPath, last]) => [identityPath, `${path}.${member}.${last}`]),
    isRequired,
  );

/** Files say the roles of references: the current format. */
const current = (built: build.BuiltResource): build.BuiltResource => ({
  ...built,
  schema: { ...built.schema, securableElements: {} },
});

const [toA] = targets as readonly [SharedTarget];

function targetResources(): build.BuiltResource[] {
  const a = resource('A', {
    identityJsonPaths: ['$.k'],
    documentPathsMapping: { K: scalarPath('$.k') },
    jsonSchemaForInsert: fields({ k: string(20) }),
  });
  const ofA = ['B', 'C'].map((name) => {
    const own = `${name.toLowerCase()}n`;
    return resource(name, {
      identityJsonPaths: ['$.aReference.k', `$.${own}`],
      documentPathsMapping: { A: referenceTo(toA, '$', true), [`${name}n`]: scalarPath(`$.${own}`) },
      jsonSchemaForInsert: fields({ aReference: fields({ k: string(20) }), [own]: string(9) }),
    });
  });
  const student = resource('Student', {
    identityJsonPaths: ['$.studentUniqueId'],
    documentPathsMapping: { StudentUniqueId: scalarPath('$.studentUniqueId') },
    jsonSchemaForInsert: fields({ studentUniqueId: string(32) }),
  });
  return [descriptor('KindDescriptor'), a, ...ofA, student];
}

/** A schema set, reproducible by seed. */
export function objectSet(seed: number): readonly build.JsonRecord[] {
  const chance = random(seed);
  const thing = (name: string) => {
    const members = new Members(chance, targets);
    const hasParent = chance() < 0.3;
    const { properties, required, unique } = members.object('', '$', 0, hasParent ? ['A'] : []);
    return resource(name, {
      identityJsonPaths: ['$.id', ...(hasParent ? ['$.aReference.k'] : [])],
      documentPathsMapping: {
        Id: scalarPath('$.id'),
        ...(hasParent ? { A: referenceTo(toA, '$', true) } : {}),
        ...members.mapping,
      },
      equalityConstraints: members.equalities,
      arrayUniquenessConstraints: unique,
      jsonSchemaForInsert: object(
        { id: string(9), ...(hasParent ? { aReference: fields({ k: string(20) }) } : {}), ...properties },
        ['id', ...required, ...(hasParent ? ['aReference'] : [])],
      ),
    });
  };
  const resources = [thing('Thing'), ...(chance() < 0.5 ? [thing('Other')] : [])];
  const isFamily = chance() < 0.3;
  const shared = new Members(chance, []);
  const common = shared.object('', '$', 0);
  const members = ['Hall', 'Field'].map((name) => {
    const own = `${name.toLowerCase()}Id`;
    return resource(name, {
      ...subclassOf('Ed-Fi:Place', '$.placeId'),
      identityJsonPaths: [`$.${own}`],
      documentPathsMapping: {
        [`${name}Id`]: scalarPath(`$.${own}`),
        ...shared.mapping,
        [`Own.${name}Size`]: scalarPath(`$.own.${name.toLowerCase()}Size`),
      },
      arrayUniquenessConstraints: common.unique,
      jsonSchemaForInsert: object(
        { [own]: integer(), own: object({ [`${name.toLowerCase()}Size`]: string(9) }), ...common.properties },
        [own, ...common.required],
      ),
    });
  });
  const core = edFi([...targetResources(), ...resources, ...(isFamily ? members : [])].map(current), {
    abstractResources: isFamily ? { Place: { identityJsonPaths: ['$.placeId'] } } : {},
  });
  if (chance() < 0.5) return [core];
  const sites = objectPaths(resources[0]?.schema.jsonSchemaForInsert as build.JsonRecord, '$').filter(
    (path) => path === '$' || chance() < 0.5,
  );
  return [core, addedTo('Thing', sites)];
}

/** The paths of the document, of its objects and items, and of the objects in these. */
function objectPaths(schema: build.JsonRecord, path: string): string[] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, build.JsonRecord>);
  const inner = properties.flatMap(([name, member]) => {
    if (name.startsWith('obj')) return objectPaths(member, `${path}.${name}`);
    if (name.startsWith('item')) return objectPaths(member.items as build.JsonRecord, `${path}.${name}[*]`);
    return [];
  });
  return [path, ...inner];
}

/** An extension with a value at one object of each row. */
function addedTo(name: string, sites: readonly string[]): build.JsonRecord {
  const rowOf = (path: string) => path.slice(0, path.lastIndexOf('[*]') + 1);
  const chosen = [...new Map(sites.map((site) => [rowOf(site), site])).values()];
  const mapping: Record<string, build.JsonRecord> = {};
  const root: Tree = new Map();
  for (const [index, site] of chosen.entries()) {
    const steps = site.split('.').slice(1);
    const key = steps
      .map((step) => `${step.charAt(0).toUpperCase()}${step.slice(1).replace(/s\[\*\]$/, '')}.`)
      .join('');
    mapping[`${key}Added${index}`] = scalarPath(`${site}._ext.sample.added${index}`);
    let tree = root;
    for (const step of steps) {
      const inner: Tree = tree.get(step) ?? new Map();
      tree.set(step, inner);
      tree = inner;
    }
    tree.set(`_ext${index}`, new Map());
  }
  const schemaOf = (tree: Tree): build.JsonRecord =>
    object(
      Object.fromEntries(
        [...tree].map(([step, inner]): [string, build.JsonRecord] => {
          if (step.startsWith('_ext')) {
            return ['_ext', build.ext('sample', object({ [`added${step.slice('_ext'.length)}`]: string(9) }))];
          }
          const isArray = step.endsWith('[*]');
          return [step.replace('[*]', ''), isArray ? build.array(schemaOf(inner)) : schemaOf(inner)];
        }),
      ),
    );
  return extension(
    [build.extensionOf(name, { documentPathsMapping: mapping, jsonSchemaForInsert: schemaOf(root) })].map(current),
  );
}

interface Tree extends Map<string, Tree> {}
