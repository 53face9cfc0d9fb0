import { readFileSync } from 'node:fs';
import path from 'node:path';
import { resourceLabel } from '@dms/api-schema';
import { full, minimal, some } from '@dms/documents';
import type { ResourceModel } from '@dms/model';
import type { TableWritePlan } from '@dms/plans';
import { build, databaseEngines, random, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleDocument } from '../test/plain-world.ts';
import { compileSchemas, PlanDatabase, type SchemaDocument } from '../test/plan-database.ts';
import { run, writeDocument } from '../test/plan-executor.ts';
import { below, documentRows, type Json, type JsonObject, scopeNodes, valueAt, WriteRefused } from '../test/plan-rows.ts';

// What the metadata of write plans makes of single rows (design 08 §6.10, §6.11, 04 §13).

const fixture = (name: string): SchemaDocument =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/schemas', name, 'ApiSchema.json'), 'utf8'));

const { boolean, descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

/** One resource for each shape of a class: two scalars, two descriptors, a scalar and a part of a reference. */
const pairs = project('Ed-Fi', [
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
      { pairId: integer(), a: integer(), b: integer(), firstDescriptor: uri(), secondDescriptor: uri(), isOpen: boolean() },
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
]) as unknown as SchemaDocument;

const own = compileSchemas([fixture('campus'), fixture('athletics')]);
const small = compileSchemas([pairs]);

/** The refusal of a document; fails when it is written. */
async function refusalOf(action: () => Promise<void>): Promise<WriteRefused> {
  try {
    await action();
  } catch (error) {
    if (error instanceof WriteRefused) return error;
    throw error;
  }
  throw new Error('the document was written');
}

/** A copy of a document in which one value of a class differs from another; undefined when the row has not two of them. */
function withConflict(
  database: PlanDatabase,
  model: ResourceModel,
  plan: TableWritePlan,
  classIndex: number,
  document: JsonObject,
): JsonObject | undefined {
  const { jsonScope } = plan.tableModel;
  const copy = structuredClone(document);
  const members = plan.keyUnificationPlans[classIndex]?.membersInOrder ?? [];
  const referenceOf = (memberPathColumn: string) =>
    model.documentReferenceBindings.find(
      ({ table, identityBindings }) =>
        table.name === plan.tableModel.table.name && identityBindings.some(({ column }) => column === memberPathColumn),
    );
  for (const { node } of scopeNodes(copy, jsonScope)) {
    const present = members.filter(({ relativePath }) => valueAt(node, relativePath) !== undefined);
    const [first] = present;
    const last = present.findLast((member) => {
      const binding = referenceOf(member.memberPathColumn);
      return member !== first && (!binding || binding !== referenceOf(first?.memberPathColumn ?? ''));
    });
    if (!first || !last) continue;
    const parent = (at: typeof last.relativePath): JsonObject =>
      valueAt(node, { canonical: at.canonical, segments: at.segments.slice(0, -1) }) as JsonObject;
    const nameAt = (at: typeof last.relativePath) => {
      const segment = at.segments.at(-1);
      if (segment?.kind !== 'property') throw new Error(`${at.canonical} is no member`);
      return segment.name;
    };
    const binding = referenceOf(last.memberPathColumn);
    if (!binding) {
      const value = valueAt(node, last.relativePath);
      parent(last.relativePath)[nameAt(last.relativePath)] = typeof value === 'number' ? value + 1 : `${value}x`;
      return copy;
    }
    const other = database.world.create(resourceLabel(binding.targetResource), minimal);
    for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
      const inside = below(jsonScope, referenceJsonPath);
      parent(inside)[nameAt(inside)] = other.identity.get(identityJsonPath.canonical) as Json;
    }
    return copy;
  }
  return undefined;
}

describe.each(databaseEngines)('rows on $name', ({ open }) => {
  let connection: TestDatabase;
  let database: PlanDatabase;
  const next = random(3);

  describe('of the campus and athletics schemas', () => {
    beforeAll(async () => {
      connection = await open();
      await connection.exec(own.script);
      database = new PlanDatabase(own, connection, next);
    });
    afterAll(() => connection.close());

    it('unified values that differ are refused before any SQL, for every class', async () => {
      const refused: string[] = [];
      for (const model of own.mappingSet.model.resources) {
        const label = resourceLabel(model.resourceKey);
        const plans = own.mappingSet.writePlansByResource.get(label)?.tablePlansInDependencyOrder ?? [];
        for (const plan of plans) {
          for (const [index, { canonicalColumn }] of plan.keyUnificationPlans.entries()) {
            const sample = database.world.create(label, full);
            const changed = withConflict(database, model, plan, index, sample.document);
            await database.writeNew();
            if (!changed) continue;
            const before = database.commands;
            const refusal = await refusalOf(() => database.replace(sample, changed));
            expect(refusal.code, refusal.message).toBe('KU_WRITE_CONFLICT');
            expect(refusal.message).toContain(plan.tableModel.table.name);
            expect(database.commands).toBe(before);
            expect((await database.read([sample])).get(sample)).toEqual(sample.document);
            refused.push(`${plan.tableModel.table.name}.${canonicalColumn}`);
          }
        }
      }
      // the classes of the schemas with members that a document can spell apart
      const classes = own.mappingSet.model.resources.flatMap(({ keyUnificationDiagnostics: { applied } }) => applied);
      expect(new Set(refused).size).toBe(
        new Set(classes.map(({ table, canonicalColumn }) => `${table.name}.${canonicalColumn}`)).size,
      );
    });

    it('the sample documents hold classes with several values, with one, and with none', () => {
      const seen = new Set<string>();
      for (const [label, { tablePlansInDependencyOrder }] of own.mappingSet.writePlansByResource) {
        for (let round = 0; round < 4; round += 1) {
          const { document } = database.world.create(label, some(next));
          for (const { tableModel, keyUnificationPlans } of tablePlansInDependencyOrder) {
            for (const { node } of scopeNodes(document, tableModel.jsonScope)) {
              for (const { membersInOrder } of keyUnificationPlans) {
                const count = membersInOrder.filter(({ relativePath }) => valueAt(node, relativePath) !== undefined).length;
                const isGrouped = new Set(membersInOrder.map(({ relativePath }) => relativePath.canonical)).size === 1;
                if (!isGrouped) seen.add(count === 0 ? 'none' : count === 1 ? 'one' : 'several');
              }
            }
          }
        }
      }
      expect([...seen].sort()).toEqual(['none', 'one', 'several']);
    });

    it('a collection of 2500 elements is inserted in three commands', async () => {
      const sample = database.world.create('Campus:Calendar', minimal);
      await database.writeNew();
      const weeks = Array.from({ length: 2500 }, (_, index) => ({
        weekLabel: `week ${index}`,
        beginsOn: '2024-01-01',
        endsOn: '2024-01-07',
        instructionalDays: index,
      }));
      const document: JsonObject = { ...sample.document, weeks };
      const plans = database.writePlan('Campus:Calendar').tablePlansInDependencyOrder;
      const before = database.commands;
      await database.replace(sample, document);
      // BEGIN, the root, a delete per other table, three inserts, COMMIT
      expect(database.commands - before).toBe(1 + 1 + (plans.length - 1) + 3 + 1);
      expect((await database.read([sample])).get(sample)).toEqual(document);
    });

    it('the row of a root extension may also be updated in place', async () => {
      const sample = database.world.create('Campus:School', full);
      await database.writeNew();
      const changed = structuredClone(sample.document);
      const athletics = (changed._ext as JsonObject).athletics as JsonObject;
      athletics.mascotName = 'Otter';
      delete athletics.hasStadium;
      const rows = documentRows(database.writePlan('Campus:School'), database.idOf(sample), changed, database.lookup);
      const [row] = rows.find(({ plan }) => plan.tableModel.jsonScope.canonical === '$._ext.athletics')?.rows ?? [];
      const plan = rows.find(({ plan: { tableModel } }) => tableModel.jsonScope.canonical === '$._ext.athletics')?.plan;
      if (!plan?.updateSql || !row) throw new Error('a root extension has an update');
      await run(database.session, plan.updateSql, plan, row);
      expect((await database.read([sample])).get(sample)).toEqual(changed);
    });

    it('references and descriptors that name nothing are refused before any SQL', async () => {
      const sample = database.world.create('Campus:Section', full);
      await database.writeNew();
      const lost: JsonObject = { ...sample.document, examLocationReference: { classroomCode: 'nowhere', schoolId: 1 } };
      const before = database.commands;
      expect((await refusalOf(() => database.replace(sample, lost))).message).toContain('$.examLocationReference');
      const [assignment] = sample.document.staffAssignments as JsonObject[];
      const unknown: JsonObject = {
        ...sample.document,
        staffAssignments: [{ ...assignment, staffRoleDescriptor: 'uri://elsewhere#Unknown' }],
      };
      expect((await refusalOf(() => database.replace(sample, unknown))).message).toContain('uri://elsewhere#Unknown');
      expect(database.commands).toBe(before);
    });

    it('a descriptor is found in any case, and read back as it is stored', async () => {
      const sample = database.world.create('Campus:School', full);
      await database.writeNew();
      const folded: JsonObject = JSON.parse(
        JSON.stringify(sample.document).replace(/uri:\/\/[^"]*/g, (text) => text.toUpperCase()),
      );
      expect(folded).not.toEqual(sample.document);
      const expected = structuredClone(sample.document);
      await database.replace(sample, folded);
      expect((await database.read([sample])).get(sample)).toEqual(expected);
    });
  });

  describe('of single classes', () => {
    let pair: SampleDocument;
    let plan: SampleDocument;

    beforeAll(async () => {
      connection = await open();
      await connection.exec(small.script);
      database = new PlanDatabase(small, connection, next);
      pair = database.world.create('Ed-Fi:Pair', minimal);
      plan = database.world.create('Ed-Fi:Plan', minimal);
      database.world.create('Ed-Fi:Term', minimal, new Map([['$.code', 'fall']]));
      database.world.create('Ed-Fi:Term', minimal, new Map([['$.code', 'spring']]));
      await database.writeNew();
    });
    afterAll(() => connection.close());

    /** Flag of a, flag of b, canonical value, a, b: what the row of the pair holds. */
    async function pairRow(): Promise<unknown[]> {
      const [{ tableModel }] = database.writePlan('Ed-Fi:Pair').tablePlansInDependencyOrder as [TableWritePlan];
      const at = (source: string) => tableModel.columns.find(({ sourcePath }) => sourcePath?.canonical === source);
      const [a, b] = [at('$.a'), at('$.b')];
      if (a?.storage.kind !== 'UnifiedAlias' || b?.storage.kind !== 'UnifiedAlias') throw new Error('a and b are aliases');
      const names = [a.storage.presenceColumn, b.storage.presenceColumn, a.storage.canonicalColumn, a.name, b.name];
      const list = names.map((name) => `"${name}"`).join(', ');
      const [row] = await connection.queryRows(`SELECT ${list} FROM edfi."Pair" WHERE "DocumentId" = $1`, [
        database.idOf(pair),
      ]);
      return row ?? [];
    }

    // the outcomes of design 04 §13.3
    it.each<[string, JsonObject, readonly unknown[]]>([
      ['neither', {}, [null, null, null, null, null]],
      ['a', { a: 5 }, [true, null, 5, 5, null]],
      ['b', { b: 5 }, [null, true, 5, null, 5]],
      ['both', { a: 5, b: 5 }, [true, true, 5, 5, 5]],
      ['a, and b as JSON null', { a: 5, b: null }, [true, null, 5, 5, null]],
    ])('two optional places: %s', async (_, values, expected) => {
      const { pairId = 0 } = pair.document;
      await database.replace(pair, { pairId, ...values });
      expect(await pairRow()).toEqual(expected);
    });

    it('two optional places with two values', async () => {
      const { pairId = 0 } = pair.document;
      await database.replace(pair, { pairId, a: 5, b: 5 });
      const before = database.commands;
      const refusal = await refusalOf(() => database.replace(pair, { pairId, a: 5, b: 6 }));
      expect(refusal).toMatchObject({ code: 'KU_WRITE_CONFLICT' });
      expect(refusal.message).toMatch(/\$\.a and \$\.b/);
      expect(database.commands).toBe(before);
      expect(await pairRow()).toEqual([true, true, 5, 5, 5]);
    });

    it('a value that is no scalar', async () => {
      const { pairId = 0 } = pair.document;
      expect(await refusalOf(() => database.replace(pair, { pairId, b: { x: 1 } }))).toMatchObject({
        code: 'KU_WRITE_NOT_SCALAR',
      });
    });

    it('descriptors are compared by document, not by spelling', async () => {
      const { pairId = 0 } = pair.document;
      const [one, same, other] = ['#One', '#ONE', '#Other'].map((code) => `uri://Sample.Org/KindDescriptor${code}`) as [
        string,
        string,
        string,
      ];
      await database.replace(pair, {
        pairId,
        firstDescriptor: one,
        secondDescriptor: same.toLowerCase().replace('kinddescriptor', 'KindDescriptor'),
      });
      expect((await database.read([pair])).get(pair)).toEqual({ pairId, firstDescriptor: one, secondDescriptor: one });
      await database.addDescriptors({ other });
      expect(
        await refusalOf(() => database.replace(pair, { pairId, firstDescriptor: one, secondDescriptor: other })),
      ).toMatchObject({ code: 'KU_WRITE_CONFLICT' });
      expect(
        await refusalOf(() => database.replace(pair, { pairId, secondDescriptor: 'uri://elsewhere#Unknown' })),
      ).toMatchObject({ code: 'KU_WRITE_DESCRIPTOR' });
    });

    it('a scalar and a part of a reference', async () => {
      const { planId = 0, needed = 0 } = plan.document;
      for (const document of [
        { planId, needed, code: 'fall', termReference: { code: 'fall' } },
        { planId, needed, termReference: { code: 'spring' } },
        { planId, needed, code: 'neither' },
        { planId, needed },
        { planId, needed, other: needed },
      ]) {
        await database.replace(plan, document);
        expect((await database.read([plan])).get(plan)).toEqual(document);
      }
      const differing = { planId, needed, code: 'fall', termReference: { code: 'spring' } };
      expect(await refusalOf(() => database.replace(plan, differing))).toMatchObject({ code: 'KU_WRITE_CONFLICT' });
    });

    it('a required member that is missing, and a reference without its value', async () => {
      const { planId = 0, needed = 0 } = plan.document;
      expect(await refusalOf(() => database.replace(plan, { planId }))).toMatchObject({ code: 'KU_WRITE_REQUIRED' });
      // even a server that resolves such a reference must not send the row
      const lenient = { ...database.lookup, document: () => 1 };
      const incomplete = { planId, needed, termReference: { note: 'no code' } };
      const write = () =>
        writeDocument(database.session, database.writePlan('Ed-Fi:Plan'), database.idOf(plan), incomplete, lenient, {
          replaces: true,
        });
      const before = database.commands;
      expect(await refusalOf(write)).toMatchObject({ code: 'KU_WRITE_GATE' });
      expect(database.commands).toBe(before);
    });
  });
});
