import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import type { DocumentLeaf } from '@dms/model';
import { trusted } from '@dms/sql';
import { build, type DatabaseOfSpec, provisionedEngines, serverEngine } from '@dms/testing';
import { canonicalText, isJsonObject, JsonNumber, type JsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, named, ownSet, seedDescriptors } from '../test/bench.ts';
import { checkDocument, type DocumentStore, openDocuments } from './index.ts';
import { generateDocuments } from './sampling/sample-documents.ts';

// Effects of the metadata of write plans on single rows (design 08 §6.10, §6.11, 04 §13).

const { descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

/** One resource for each shape of a class: two scalars, two descriptors, a scalar and a part of a reference. */
const pairs = compiled([
  project('Ed-Fi', [
    descriptor('KindDescriptor'),
    resource('Pair', {
      identityJsonPaths: ['$.pairId'],
      documentPathsMapping: {
        A: build.scalarPath('$.a'),
        B: build.scalarPath('$.b'),
        First: descriptorPath('Ed-Fi:KindDescriptor', '$.firstDescriptor'),
        Second: descriptorPath('Ed-Fi:KindDescriptor', '$.secondDescriptor'),
      },
      equalityConstraints: [
        { sourceJsonPath: '$.a', targetJsonPath: '$.b' },
        { sourceJsonPath: '$.firstDescriptor', targetJsonPath: '$.secondDescriptor' },
      ],
      jsonSchemaForInsert: object(
        { pairId: integer(), a: integer(), b: integer(), firstDescriptor: uri(), secondDescriptor: uri() },
        ['pairId'],
      ),
    }),
    resource('Term', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string(20) }, ['code']) }),
    resource('Plan', {
      identityJsonPaths: ['$.planId'],
      documentPathsMapping: {
        Code: build.scalarPath('$.code'),
        Needed: build.scalarPath('$.needed'),
        Other: build.scalarPath('$.other'),
        Term: reference('Ed-Fi:Term', [['$.code', '$.termReference.code']], false),
      },
      equalityConstraints: [
        { sourceJsonPath: '$.code', targetJsonPath: '$.termReference.code' },
        { sourceJsonPath: '$.needed', targetJsonPath: '$.other' },
      ],
      jsonSchemaForInsert: object(
        {
          planId: integer(),
          code: string(20),
          needed: integer(),
          other: integer(),
          termReference: object({ code: string(20) }, ['code']),
        },
        ['planId', 'needed'],
      ),
    }),
  ]),
]);

const pair = named('Ed-Fi:Pair');
const plan = named('Ed-Fi:Plan');

async function codesOf(action: Promise<unknown>): Promise<string[]> {
  try {
    await action;
    return [];
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

describe.each(provisionedEngines())('rows on $name', ({ open }) => {
  let database: DatabaseOfSpec;
  let store: DocumentStore;

  beforeAll(async () => {
    database = await open(pairs.script);
    store = openDocuments(database.connection, pairs.plans);
    const resource = 'Ed-Fi:KindDescriptor';
    const uris = ['One', 'Other'].map((code) => ({ resource, uri: `uri://Sample.Org/KindDescriptor#${code}` }));
    await seedDescriptors(database.connection, pairs.plans, uris);
    for (const code of ['fall', 'spring']) await store.upsert(named('Ed-Fi:Term'), toJsonValue({ code }));
  });

  afterAll(() => database.close());

  /** The row of the pair: flag of a, flag of b, canonical value, a, b. */
  async function pairRow(): Promise<unknown[]> {
    const { columns } = pairs.plans.of(pair).shape.tables[0]!.table;
    const at = (source: string) => columns.find(({ sourcePath }) => sourcePath?.canonical === source);
    const a = at('$.a');
    const b = at('$.b');
    if (a?.storage.kind !== 'UnifiedAlias' || b?.storage.kind !== 'UnifiedAlias')
      throw new Error('a and b are aliases');
    const names = [a.storage.presenceColumn, b.storage.presenceColumn, a.storage.canonicalColumn, a.name, b.name];
    const [row] = await database.connection.query(
      trusted(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM edfi."Pair"`),
    );
    return names.map((name) => row?.[name ?? '']);
  }

  // the outcomes of design 04 §13.3
  it.each<[string, object, readonly unknown[]]>([
    ['neither', {}, [null, null, null, null, null]],
    ['a', { a: 5 }, [true, null, 5, 5, null]],
    ['b', { b: 5 }, [null, true, 5, null, 5]],
    ['both', { a: 5, b: 5 }, [true, true, 5, 5, 5]],
    ['a, and b as JSON null', { a: 5, b: null }, [true, null, 5, 5, null]],
  ])('two optional places: %s', async (_, values, expected) => {
    await store.upsert(pair, toJsonValue({ pairId: 1, ...values }));
    expect(await pairRow()).toEqual(expected);
  });

  it('two optional places with two values, or with one that is none', async () => {
    await store.upsert(pair, toJsonValue({ pairId: 1, a: 5, b: 5 }));
    const write = (values: object) => codesOf(store.upsert(pair, toJsonValue({ pairId: 1, ...values })));
    expect(await write({ a: 5, b: 6 })).toEqual(['DOCUMENT_UNIFICATION_CONFLICT']);
    expect(await write({ b: { x: 1 } })).toEqual(['DOCUMENT_VALUE_INVALID']);
    expect(await pairRow()).toEqual([true, true, 5, 5, 5]);
  });

  it('descriptors are compared by document, not by spelling', async () => {
    const [one, same, other] = ['One', 'ONE', 'Other'].map((code) => `uri://Sample.Org/KindDescriptor#${code}`);
    const write = (firstDescriptor: unknown, secondDescriptor: unknown) =>
      store.upsert(pair, toJsonValue({ pairId: 1, firstDescriptor, secondDescriptor }));
    const { uuid } = await write(one, same?.toLowerCase());
    const [found] = await store.read([uuid]);
    expect(canonicalText(found!.document)).toBe(
      canonicalText(toJsonValue({ pairId: 1, firstDescriptor: one, secondDescriptor: one })),
    );
    expect(await codesOf(write(one, other))).toEqual(['DOCUMENT_UNIFICATION_CONFLICT']);
    expect(await codesOf(write(null, 'uri://elsewhere#Unknown'))).toEqual(['DOCUMENT_REFERENCE_UNRESOLVED']);
  });

  it('a scalar and a part of a reference', async () => {
    for (const document of [
      { planId: 1, needed: 2, code: 'fall', termReference: { code: 'fall' } },
      { planId: 1, needed: 2, termReference: { code: 'spring' } },
      { planId: 1, needed: 2, code: 'neither' },
      { planId: 1, needed: 2 },
      { planId: 1, needed: 2, other: 2 },
    ]) {
      const { uuid } = await store.upsert(plan, toJsonValue(document));
      const [found] = await store.read([uuid]);
      expect(canonicalText(found!.document)).toBe(canonicalText(toJsonValue(document)));
    }
    const write = (document: object) => codesOf(store.upsert(plan, toJsonValue({ planId: 1, ...document })));
    expect(await write({ needed: 2, code: 'fall', termReference: { code: 'spring' } })).toEqual([
      'DOCUMENT_UNIFICATION_CONFLICT',
    ]);
    expect(await write({})).toEqual(['DOCUMENT_VALUE_MISSING']);
    expect(await write({ needed: 2, termReference: {} })).toEqual(['DOCUMENT_REFERENCE_INCOMPLETE']);
  });
});

describe('inserts', () => {
  it('a collection of 2500 elements takes three of them', async () => {
    const { plans, script } = ownSet();
    const database = await serverEngine.open(script);
    try {
      const texts: string[] = [];
      const connection: Connection = {
        ...database.connection,
        queryAll: (statements, limits) => {
          texts.push(...statements.map(({ pieces }) => pieces.join('?')));
          return database.connection.queryAll(statements, limits);
        },
      };
      const store = openDocuments(connection, plans);
      const contactNumbers = Array.from({ length: 2500 }, (_, index) => ({ phoneNumber: `${index}` }));
      const document = { staffUniqueId: 's', familyName: 'f', givenName: 'g', isActive: true, contactNumbers };
      const { uuid } = await store.upsert(named('Campus:Staff'), toJsonValue(document));
      expect(texts.filter((text) => text.startsWith('INSERT INTO "campus"."StaffPhone"'))).toHaveLength(3);
      const [found] = await store.read([uuid]);
      expect(canonicalText(found!.document)).toBe(canonicalText(toJsonValue(document)));
    } finally {
      await database.close();
    }
  });
});

/** A copy of a document with another value at the place of a leaf of the root; undefined if it has none. */
function changedAt(document: JsonObject, { path }: DocumentLeaf): JsonObject | undefined {
  const names = path.split('.').slice(1);
  const change = (node: JsonValue | undefined, depth: number): JsonValue | undefined => {
    if (depth < names.length) {
      if (!isJsonObject(node)) return undefined;
      const inner = change(node.get(names[depth] ?? ''), depth + 1);
      return inner === undefined ? undefined : new Map([...node, [names[depth] ?? '', inner]]);
    }
    if (node instanceof JsonNumber) return new JsonNumber(String(BigInt(node.lexeme) + 1n));
    return typeof node === 'string' ? `${node.slice(0, -1)}~` : undefined;
  };
  const changed = change(document, 0);
  return isJsonObject(changed) ? changed : undefined;
}

describe('every class of the schemas of this repository', () => {
  it('values that differ are refused with both paths', () => {
    const { plans } = ownSet();
    const { documents } = generateDocuments(plans.mappingSet.model, 5, { random: 0 });
    const refused = new Set<string>();
    for (const { resource: label, document, shape } of documents) {
      if (shape !== 'full') continue;
      const { shape: resourceShape, write } = plans.of(named(label));
      const [root] = resourceShape.tables;
      for (const { membersInOrder, canonicalColumn } of write.tablePlansInDependencyOrder[0]!.keyUnificationPlans) {
        const leaves = membersInOrder.flatMap(
          ({ memberPathColumn }) =>
            root!.leaves.find(({ columns }) => columns.some(({ name }) => name === memberPathColumn)) ?? [],
        );
        const last = leaves.at(-1);
        const changed = new Set(leaves).size > 1 && last ? changedAt(document, last) : undefined;
        if (!changed) continue;
        const { diagnostics } = checkDocument(plans, named(label), changed);
        const conflicts = diagnostics.filter(({ code }) => code === 'DOCUMENT_UNIFICATION_CONFLICT');
        expect(
          conflicts.map(({ where }) => where.path),
          `${label} ${canonicalColumn}`,
        ).toContain(last?.path);
        refused.add(`${label} ${canonicalColumn}`);
      }
    }
    const applied = plans.mappingSet.model.resources.flatMap(
      ({ keyUnificationDiagnostics }) => keyUnificationDiagnostics.applied,
    );
    expect(refused.size).toBe(
      new Set(applied.map(({ table, canonicalColumn }) => `${table.name} ${canonicalColumn}`)).size,
    );
  });
});
