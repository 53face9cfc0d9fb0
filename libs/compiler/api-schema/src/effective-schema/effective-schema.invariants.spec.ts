import { createHash } from 'node:crypto';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJson,
  toJsonValue,
} from '@dms/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshot } from '../../test/snapshot.ts';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  type EffectiveSchemaInfo,
  effectiveSchemaManifestText,
  normalizedSchemaText,
  readEffectiveSchemaManifest,
} from '../index.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const ordinal = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

interface SchemaResource {
  readonly name: string;
  readonly kind: 'concrete' | 'abstract' | 'extension';
}

interface ProjectFacts {
  readonly endpoint: string;
  readonly name: string;
  readonly version: string;
  readonly resources: readonly SchemaResource[];
  readonly extra: unknown;
}

const name = fc.oneof(
  fc.constantFrom(
    'Widget',
    'widget',
    'Wídget',
    'Apple2',
    'AppleX',
    '__proto__',
    'constructor',
    '10',
    '9',
    "O'Brien & Co",
    'A B',
    '漢',
    '😀',
    '～',
  ),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/),
);
const resource: fc.Arbitrary<SchemaResource> = fc.record({
  name,
  kind: fc.constantFrom('concrete', 'concrete', 'abstract', 'extension'),
});
const project: fc.Arbitrary<ProjectFacts> = fc.record({
  endpoint: fc.stringMatching(/^[A-Za-z_][a-z0-9_-]{0,4}$/),
  name,
  version: fc.constantFrom('1.0.0', '5.2.0', 'x'),
  resources: fc.uniqueArray(resource, { selector: (any) => any.name, maxLength: 5 }),
  extra: fc.jsonValue({ maxDepth: 3 }),
});
/** Facts of a set: the first project is the core; endpoints and project names are all different. */
const facts = fc.uniqueArray(project, {
  minLength: 1,
  maxLength: 4,
  comparator: (a, b) => a.endpoint === b.endpoint || a.name === b.name,
});

function members(...list: [string, unknown][]): Map<string, JsonValue> {
  return new Map(list.map(([key, value]) => [key, toJsonValue(value)]));
}

function documentOf(any: ProjectFacts, index: number): ApiSchemaDocument {
  const resourceSchemas = any.resources
    .filter(({ kind }) => kind !== 'abstract')
    .map(({ name: resourceName, kind }, at): [string, JsonValue] => [
      `e${at}`,
      toJsonValue({ resourceName, isResourceExtension: kind === 'extension', identityJsonPaths: [], extra: any.extra }),
    ]);
  const abstractResources = any.resources
    .filter(({ kind }) => kind === 'abstract')
    .map(({ name: key }): [string, JsonValue] => [key, toJsonValue({ identityJsonPaths: ['$.a'] })]);
  const projectSchema = members(
    ['projectName', any.name],
    ['projectEndpointName', any.endpoint],
    ['projectVersion', any.version],
    ['isExtensionProject', index > 0],
    ['extra', any.extra],
    ['resourceSchemas', new Map(resourceSchemas)],
    ['abstractResources', new Map(abstractResources)],
  );
  return {
    file: `${index}.json`,
    root: new Map<string, JsonValue>([
      ['apiSchemaVersion', '1.0.0'],
      ['projectSchema', projectSchema],
    ]),
  };
}

const set = facts.map((list) => ({ facts: list, documents: list.map(documentOf) }));
const infoOf = (documents: readonly ApiSchemaDocument[]): EffectiveSchemaInfo => buildEffectiveSchema(documents).info;
const projectSchemaOf = ({ root }: ApiSchemaDocument) => (root as JsonObject).get('projectSchema') as JsonObject;
const withProject = ({ file, root }: ApiSchemaDocument, projectSchema: JsonValue): ApiSchemaDocument => ({
  file,
  root: new Map([...(root as JsonObject), ['projectSchema', projectSchema]]),
});

/** The document with OpenAPI payloads at the three places that are stripped. */
function withOpenApi(
  document: ApiSchemaDocument,
  base: JsonValue,
  fragments: JsonValue,
  fragment: JsonValue,
): ApiSchemaDocument {
  const schema = projectSchemaOf(document);
  const add = (entries: JsonValue | undefined, member: string, payload: JsonValue) =>
    new Map(
      [...(entries as JsonObject)].map(([key, entry]) => [key, new Map([...(entry as JsonObject), [member, payload]])]),
    );
  return withProject(
    document,
    new Map<string, JsonValue>([
      ...schema,
      ['openApiBaseDocuments', base],
      ['resourceSchemas', add(schema.get('resourceSchemas'), 'openApiFragments', fragments)],
      ['abstractResources', add(schema.get('abstractResources'), 'openApiFragment', fragment)],
    ]),
  );
}

/** Numbers from which a test draws its free choices, repeated from the start when they are used up. */
const choices = fc.array(fc.nat(999), { minLength: 1, maxLength: 60 }).map((numbers) => {
  let at = 0;
  return (below: number) => Number(numbers[at++ % numbers.length]) % below;
});

/** A JSON text of the value with members in any order, any white space and any letters escaped. */
function messyText(value: JsonValue, choose: (below: number) => number): string {
  const blank = () => ['', '', ' ', '\t', '\n', '\r\n', '  \r\n\t'][choose(7)] ?? '';
  const string = (text: string) => {
    let out = '"';
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      const mustEscape = unit < 0x20 || unit === 0x22 || unit === 0x5c;
      out += mustEscape || choose(4) === 0 ? `\\u${unit.toString(16).padStart(4, '0')}` : text.charAt(index);
    }
    return `${out}"`;
  };
  const write = (any: JsonValue): string => {
    if (typeof any === 'string') return string(any);
    if (any instanceof JsonNumber) return any.lexeme;
    if (isJsonArray(any)) return `[${blank()}${any.map((element) => write(element) + blank()).join(`,${blank()}`)}]`;
    if (isJsonObject(any)) {
      const shuffled = [...any].map((member) => ({ member, rank: choose(99) })).sort((a, b) => a.rank - b.rank);
      return `{${blank()}${shuffled.map(({ member: [key, entry] }) => `${string(key)}${blank()}:${blank()}${write(entry)}${blank()}`).join(`,${blank()}`)}}`;
    }
    return String(any);
  };
  return blank() + write(value) + blank();
}

/** The value with an additional member `added` in its `at`-th object, counted from the outside in. */
function withMember(value: JsonValue, at: number, added: readonly [string, JsonValue]): JsonValue {
  let left = at;
  const visit = (any: JsonValue): JsonValue => {
    if (isJsonArray(any)) return any.map(visit);
    if (!isJsonObject(any)) return any;
    const isHere = left === 0;
    left -= 1;
    const copy = new Map<string, JsonValue>([...any].map(([key, member]) => [key, visit(member)]));
    if (isHere) copy.set(...added);
    return copy;
  };
  return visit(value);
}

function countObjects(value: JsonValue): number {
  if (isJsonArray(value)) return value.reduce((sum: number, element) => sum + countObjects(element), 0);
  if (!isJsonObject(value)) return 0;
  return 1 + [...value.values()].reduce((sum: number, member) => sum + countObjects(member), 0);
}

describe('for all sets of files', () => {
  it('member order, white space, line ends and escapes of the text change nothing', () => {
    fc.assert(
      fc.property(set, choices, ({ documents }, choose) => {
        const messy = documents.map(({ file, root }) => ({ file, root: parseJson(messyText(root, choose), file) }));
        expect(infoOf(messy)).toEqual(infoOf(documents));
        expect(messy.map(normalizedSchemaText)).toEqual(documents.map(normalizedSchemaText));
      }),
    );
  });

  it('exchanging two different elements of an array changes the hash of the project', () => {
    const distinct = fc.uniqueArray(fc.jsonValue({ maxDepth: 1 }), {
      minLength: 2,
      maxLength: 5,
      selector: (any) => JSON.stringify(any),
    });
    fc.assert(
      fc.property(set, distinct, fc.nat(), fc.nat(), ({ documents }, elements, one, other) => {
        const [first, ...rest] = documents;
        if (!first) return;
        const i = one % elements.length;
        const j = (i + 1 + (other % (elements.length - 1))) % elements.length;
        const exchanged = elements.map((element, index) =>
          index === i ? elements[j] : index === j ? elements[i] : element,
        );
        const [before, after] = [elements, exchanged].map((domains) =>
          infoOf([
            withProject(first, new Map([...projectSchemaOf(first), ['domains', toJsonValue(domains)]])),
            ...rest,
          ]),
        );
        expect(after?.effectiveSchemaHash).not.toBe(before?.effectiveSchemaHash);
      }),
    );
  });

  it('the order of the files changes neither hash, keys, components nor manifest', () => {
    const permuted = set.chain(({ documents }) =>
      fc.tuple(fc.constant(documents), fc.shuffledSubarray(documents, { minLength: documents.length })),
    );
    fc.assert(
      fc.property(permuted, ([documents, shuffled]) => {
        expect(infoOf(shuffled)).toEqual(infoOf(documents));
        expect(effectiveSchemaManifestText(infoOf(shuffled))).toBe(effectiveSchemaManifestText(infoOf(documents)));
      }),
    );
  });

  it('OpenAPI payloads at the three places change nothing', () => {
    const payload = fc.jsonValue({ maxDepth: 2 }).map(toJsonValue);
    fc.assert(
      fc.property(set, payload, payload, payload, ({ documents }, base, fragments, fragment) => {
        const withText = documents.map((document) => withOpenApi(document, base, fragments, fragment));
        expect(infoOf(withText)).toEqual(infoOf(documents));
        expect(withText.map(normalizedSchemaText)).toEqual(documents.map(normalizedSchemaText));
      }),
    );
  });

  it('a member added at any other place changes the hash of that project alone, and the effective hash', () => {
    // a value that is valid in every place, also as an entry of resourceSchemas or abstractResources
    const added = ['an added member', toJsonValue({ resourceName: 'Added', isResourceExtension: true })] as const;
    fc.assert(
      fc.property(set, fc.nat(), fc.nat(), ({ documents }, which, where) => {
        const changed = documents.map((document, index) => {
          if (index !== which % documents.length) return document;
          const schema = projectSchemaOf(document);
          return withProject(document, withMember(schema, where % countObjects(schema), added));
        });
        const endpoint = String(
          projectSchemaOf(documents[which % documents.length] as ApiSchemaDocument).get('projectEndpointName'),
        );
        const before = infoOf(documents);
        const after = infoOf(changed);
        expect(after.effectiveSchemaHash).not.toBe(before.effectiveSchemaHash);
        after.schemaComponents.forEach((component, index) => {
          const isSame = component.projectHash === before.schemaComponents[index]?.projectHash;
          expect(isSame).toBe(component.projectEndpointName !== endpoint);
        });
      }),
    );
  });

  it('the effective hash is a function of the five fields of each component', () => {
    fc.assert(
      fc.property(set, ({ documents }) => {
        const info = infoOf(documents);
        const lines = info.schemaComponents.map((component) =>
          [
            component.projectEndpointName,
            component.projectName,
            component.projectVersion,
            component.isExtensionProject ? 'true' : 'false',
            component.projectHash,
          ].join('|'),
        );
        const head = ['dms-effective-schema-hash:v1', 'relationalMappingVersion=v1', 'apiSchemaFormatVersion=1.0.0'];
        expect(info.effectiveSchemaHash).toBe(sha256([...head, ...lines].join('\n')));
      }),
    );
  });

  it('the seed hash is a function of project name, resource name and version of each resource with a key', () => {
    fc.assert(
      fc.property(set, ({ facts: list, documents }) => {
        const rows = list
          .flatMap((any) =>
            any.resources
              .filter(({ kind }) => kind !== 'extension')
              .map((entry) => [any.name, entry.name, any.version] as const),
          )
          .sort((a, b) => ordinal(a[0], b[0]) || ordinal(a[1], b[1]));
        const lines = rows.map((row, index) => `${index + 1}|${row.join('|')}\n`);
        expect(hex(infoOf(documents).resourceKeySeedHash)).toBe(sha256(`resource-key-seed-hash:v1\n${lines.join('')}`));
      }),
    );
  });

  it('resource keys are 1…n, strictly ascending by project and resource name, one per resource that is not an extension', () => {
    fc.assert(
      fc.property(set, ({ facts: list, documents }) => {
        const { resourceKeys, resourceKeyCount } = infoOf(documents);
        expect(resourceKeys.map(({ id }) => id)).toEqual(resourceKeys.map((_key, index) => index + 1));
        expect(resourceKeyCount).toBe(resourceKeys.length);
        resourceKeys.slice(1).forEach((key, index) => {
          const before = resourceKeys[index];
          if (!before) throw new Error('every key but the first has one before it');
          expect(ordinal(before.projectName, key.projectName) || ordinal(before.resourceName, key.resourceName)).toBe(
            -1,
          );
        });
        const expected = list.flatMap((any) =>
          any.resources
            .filter(({ kind }) => kind !== 'extension')
            .map((entry) => JSON.stringify([any.name, entry.name, any.version, entry.kind === 'abstract'])),
        );
        const actual = resourceKeys.map((key) =>
          JSON.stringify([key.projectName, key.resourceName, key.resourceVersion, key.isAbstract]),
        );
        expect(actual.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('components are strictly ascending by endpoint name, one per file, in the order of the projects', () => {
    fc.assert(
      fc.property(set, ({ facts: list, documents }) => {
        const { info, projects } = buildEffectiveSchema(documents);
        const endpoints = info.schemaComponents.map(({ projectEndpointName }) => projectEndpointName);
        expect(endpoints).toEqual(list.map(({ endpoint }) => endpoint).sort(ordinal));
        expect(projects.map(({ projectEndpointName }) => projectEndpointName)).toEqual(endpoints);
        info.schemaComponents.forEach(({ projectHash, ...component }, index) => {
          const { projectSchema, ...project } = projects[index] ?? { projectSchema: undefined };
          expect(component).toEqual(project);
          expect(projectHash).toMatch(/^[0-9a-f]{64}$/);
          expect(projectSchema).toBeDefined();
        });
      }),
    );
  });

  it('building changes no input, and building twice gives the same bytes', () => {
    fc.assert(
      fc.property(set, ({ documents: plain }) => {
        const documents = plain.map((document) => withOpenApi(document, null, 'text', []));
        const before = documents.map(({ root }) => snapshot(root));
        const first = effectiveSchemaManifestText(infoOf(documents));
        documents.forEach(normalizedSchemaText);
        expect(documents.map(({ root }) => snapshot(root))).toEqual(before);
        expect(effectiveSchemaManifestText(infoOf(documents))).toBe(first);
      }),
    );
  });

  it('the manifest has bytes 0x20–0x7E and LF only, ends with one LF and parses back to the values in memory', () => {
    fc.assert(
      fc.property(set, ({ documents }) => {
        const info = infoOf(documents);
        const text = effectiveSchemaManifestText(info);
        expect(text).toMatch(/^[\x20-\x7e\n]*[\x20-\x7e]\n$/);
        const parsed = JSON.parse(text);
        expect(parsed.resource_key_seed_hash).toBe(hex(info.resourceKeySeedHash));
        const read = readEffectiveSchemaManifest(new TextEncoder().encode(text), 'a.json');
        const { relationalMappingVersion: fingerprintVersion, ...facts } = info;
        expect({ ...read, resourceKeySeedHash: hex(read.resourceKeySeedHash) }).toEqual({
          ...facts,
          fingerprintVersion,
          resourceKeySeedHash: hex(info.resourceKeySeedHash),
          resourceKeys: info.resourceKeys.map(({ isAbstract, ...key }) => key),
        });
      }),
    );
  });
});
