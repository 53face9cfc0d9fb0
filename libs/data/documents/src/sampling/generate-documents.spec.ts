import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';
import {
  build,
  derive,
  hasSharedData,
  modelOf,
  ownSchema,
  propertyRuns,
  readSharedJson,
  schemaSets,
} from '@dms/testing';
import { canonicalText } from '@dms/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnosticsOf, inRow, relational, rowsOf, valuesAt, Written } from '../../test/sampling/one-world.ts';
import { type GeneratedDocuments, generateDocuments } from './sample-documents.ts';

const own = () => derive('pgsql', [ownSchema('campus'), ownSchema('athletics')]);

/** Checks documents in order, then their replacements. */
function expectOneWorld(model: RelationalModelSet, { descriptors, documents }: GeneratedDocuments): void {
  const written = new Written(model);
  const faults: string[] = [];
  for (const { resource, document, replacement } of documents) {
    faults.push(...diagnosticsOf(written, resource, document));
    // a replacement, too, refers only to documents before its own: removed in reverse order, no document is in use
    if (replacement) faults.push(...diagnosticsOf(written, resource, replacement));
    if (!written.add(resource, document)) faults.push(`${resource} is there already`);
  }
  const all = canonicalText(documents.flatMap(({ document, replacement }) => [document, replacement]));
  const uris = new Set(
    descriptors.map(({ document }) => `${document.get('namespace')}#${document.get('codeValue')}`.toLowerCase()),
  );
  for (const [text] of all.matchAll(/uri:[^"]*/g))
    if (!uris.has(text.toLowerCase())) faults.push(`${text} is not there`);
  expect(faults).toEqual([]);
}

const sets = [
  { name: 'the campus and athletics schemas', isThere: true, model: own },
  {
    name: 'the data standard 5.2 (needs the shared conformance data)',
    isThere: hasSharedData,
    model: () => derive('pgsql', [readSharedJson('inputs', 'ds-5.2-core.json')]),
  },
];

describe.each(sets.filter(({ isThere }) => isThere))('documents of $name', ({ model: make }) => {
  const model = make();
  const generated = generateDocuments(model, 5);

  it('are there for every resource, in every shape', () => {
    expect(generated.skipped).toEqual([]);
    const shapes = new Map<string, string[]>();
    for (const { resource, shape } of generated.documents)
      if (shape !== 'target') shapes.set(resource, [...(shapes.get(resource) ?? []), shape]);
    expect([...shapes.keys()]).toEqual(relational(model).map(({ resourceKey }) => resourceLabel(resourceKey)));
    for (const list of shapes.values()) expect(list).toEqual(['full', 'minimal', 'random', 'random', 'random']);
  });

  it('belong to one world', () => expectOneWorld(model, generated));

  it('are full with every member and two elements in every array, minimal without anything that may be absent', () => {
    for (const { resource, shape, document } of generated.documents) {
      const { tablesInDependencyOrder } = new Written(model).model(resource);
      for (const table of tablesInDependencyOrder) {
        const rows = rowsOf(document, table);
        const depth = table.jsonScope.segments.filter(({ kind }) => kind === 'anyElement').length;
        if (shape === 'full') expect(rows.length, `${resource} ${table.jsonScope.canonical}`).toBe(2 ** depth);
        if (shape === 'minimal' && table.jsonScope.canonical !== '$') expect(rows).toEqual([]);
        for (const { sourcePath, isNullable } of table.columns) {
          if (!sourcePath) continue;
          const found = rows.filter((row) => inRow(row, table, sourcePath) !== undefined).length;
          if (shape === 'full') expect(found, `${resource} ${sourcePath.canonical}`).toBe(rows.length);
          if (shape === 'minimal' && isNullable) expect(found, `${resource} ${sourcePath.canonical}`).toBe(0);
        }
      }
    }
  });

  it('have replacements of the same identity and the next shape', () => {
    const written = new Written(model);
    for (const { resource, shape, document, replacement } of generated.documents) {
      if (shape === 'target') {
        expect(replacement).toBeNull();
        continue;
      }
      if (!replacement) throw new Error(`${resource} has no replacement`);
      for (const {
        identityJsonPath: { segments },
      } of written.model(resource).identityElements)
        expect(canonicalText(valuesAt(replacement, segments))).toBe(canonicalText(valuesAt(document, segments)));
    }
  });
});

describe('generation', () => {
  it('depends on model and seed alone', () => {
    const text = (seed: number) => {
      const { descriptors, documents } = generateDocuments(own(), seed, { random: 1 });
      return canonicalText([...descriptors, ...documents].map(({ document }) => document));
    };
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
  });

  it('names what cannot be made: a resource that requires itself', () => {
    const model = modelOf(
      [
        build.project('Ed-Fi', [
          build.resource('Knot', {
            identityJsonPaths: ['$.knotId'],
            documentPathsMapping: {
              Other: build.reference('Ed-Fi:Knot', [['$.knotId', '$.otherReference.knotId']], true),
            },
            jsonSchemaForInsert: build.object(
              { knotId: build.integer(), otherReference: build.object({ knotId: build.integer() }, ['knotId']) },
              ['knotId', 'otherReference'],
            ),
          }),
          build.resource('Rope', {
            identityJsonPaths: ['$.ropeId'],
            documentPathsMapping: {
              Knot: build.reference('Ed-Fi:Knot', [['$.knotId', '$.knotReference.knotId']], false),
            },
            jsonSchemaForInsert: build.object(
              { ropeId: build.integer(), knotReference: build.object({ knotId: build.integer() }, ['knotId']) },
              ['ropeId'],
            ),
          }),
        ]),
      ],
      'pgsql',
    );
    const { documents, skipped } = generateDocuments(model, 1, { random: 0 });
    expect(skipped.map(({ resource, shape }) => `${resource} ${shape}`)).toEqual([
      'Ed-Fi:Knot full',
      'Ed-Fi:Knot minimal',
    ]);
    expect(skipped[0]?.reason).toContain('Ed-Fi:Knot requires itself');
    // optional members are left out
    expect(documents.map(({ resource, document }) => [resource, [...document.keys()]])).toEqual([
      ['Ed-Fi:Rope', ['ropeId']],
      ['Ed-Fi:Rope', ['ropeId']],
    ]);
  });

  it('names documents whose values fit all places that must have them', () => {
    const code = (name: string, maxLength: number) => ({ [name]: build.string(maxLength) });
    const toPlace = (object: string, isRequired: boolean) =>
      build.reference('Ed-Fi:Place', [['$.placeCode', `${object}.placeCode`]], isRequired);
    const place = { placeReference: build.object(code('placeCode', 60), ['placeCode']) };
    const model = modelOf(
      [
        build.project('Ed-Fi', [
          build.resource('Place', {
            identityJsonPaths: ['$.placeCode'],
            jsonSchemaForInsert: build.object(code('placeCode', 60), ['placeCode']),
          }),
          build.resource('Visit', {
            identityJsonPaths: ['$.visitId'],
            documentPathsMapping: { Place: toPlace('$.placeReference', true) },
            equalityConstraints: [
              { sourceJsonPath: '$.marks[*].letter', targetJsonPath: '$.placeReference.placeCode' },
            ],
            jsonSchemaForInsert: build.object(
              {
                visitId: build.integer(),
                ...place,
                marks: build.array(build.object({ ...code('letter', 1), ...code('note', 20) }, ['letter'])),
              },
              ['visitId', 'placeReference'],
            ),
          }),
        ]),
      ],
      'pgsql',
    );
    const generated = generateDocuments(model, 1, { random: 40 });
    expectOneWorld(model, generated);
    const marked = generated.documents.filter(({ document }) => document.has('marks'));
    const letters = marked.flatMap(({ document }) => [...canonicalText(document).matchAll(/"letter":"(\w*)"/g)]);
    expect(letters.length).toBeGreaterThan(10);
    expect(letters.filter(([, letter]) => letter?.length !== 1)).toEqual([]);
  });

  it('repeats no item that lacks the member that others have with its value', () => {
    const course = build.resource('Course', {
      identityJsonPaths: ['$.courseCode'],
      documentPathsMapping: {
        Next: build.reference('Ed-Fi:Course', [['$.courseCode', '$.steps[*].nextReference.courseCode']], false),
      },
      arrayUniquenessConstraints: [{ paths: ['$.steps[*].label'] }],
      equalityConstraints: [
        { sourceJsonPath: '$.steps[*].label', targetJsonPath: '$.steps[*].nextReference.courseCode' },
      ],
      jsonSchemaForInsert: build.object(
        {
          courseCode: build.string(20),
          steps: build.array(
            build.object({
              label: build.string(20),
              nextReference: build.object({ courseCode: build.string(20) }, ['courseCode']),
              note: build.string(20),
            }),
          ),
        },
        ['courseCode'],
      ),
    });
    const model = modelOf([build.project('Ed-Fi', [course])], 'pgsql');
    for (const seed of [0, 1, 2, 3]) expectOneWorld(model, generateDocuments(model, seed, { random: 20 }));
  });

  it('has one world for any schema set', () => {
    let made = 0;
    let clashes = 0;
    // reasons that lie in the schemas, for any documents
    const isOfSchemas = /requires itself: |has no members that a reference can name$/;
    fc.assert(
      fc.property(schemaSets(), fc.nat(), (documents, seed) => {
        const model = derive('pgsql', documents);
        const generated = generateDocuments(model, seed, { random: 2 });
        expectOneWorld(model, generated);
        made += generated.documents.length;
        clashes += generated.skipped.filter(({ reason }) => !isOfSchemas.test(reason)).length;
      }),
      { numRuns: Math.max(10, propertyRuns(25)) },
    );
    expect(made).toBeGreaterThan(clashes);
  });
});
