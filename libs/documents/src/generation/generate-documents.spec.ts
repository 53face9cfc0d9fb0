import { resourceLabel } from '@dms/api-schema';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import type { RelationalModelSet, ResourceModel, Table } from '@dms/model';
import { build, derive, hasSharedData, modelOf, ownSchema, propertyRuns, readSharedJson, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GeneratedDocuments, generateDocuments } from './generate-documents.ts';

const own = () => derive('pgsql', [ownSchema('campus'), ownSchema('athletics')]);

/** Everything at a path, through all elements. */
function valuesAt(document: JsonValue, segments: ResourceModel['identityJsonPaths'][number]['segments']): JsonValue[] {
  let nodes: JsonValue[] = [document];
  for (const segment of segments) {
    nodes = nodes.flatMap((node) => {
      if (segment.kind === 'anyElement') return isJsonArray(node) ? [...node] : [];
      const member = isJsonObject(node) ? node.get(segment.name) : undefined;
      return member === undefined ? [] : [member];
    });
  }
  return nodes;
}

const relational = (model: RelationalModelSet) =>
  model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');

/** Identities by the paths of a target, with those of members of abstract resources. */
class Written {
  private readonly keys = new Set<string>();
  private readonly resources: ReadonlyMap<string, ResourceModel>;
  private readonly abstractPaths: ReadonlyMap<string, readonly string[]>;

  constructor(model: RelationalModelSet) {
    this.resources = new Map(relational(model).map((resource) => [resourceLabel(resource.resourceKey), resource]));
    this.abstractPaths = new Map(
      model.abstractIdentityTables.map(({ resourceKey, table }) => [
        resourceLabel(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ]),
    );
  }

  model(label: string): ResourceModel {
    const found = this.resources.get(label);
    if (!found) throw new Error(label);
    return found;
  }

  private key(label: string, values: ReadonlyMap<string, JsonValue>): string {
    return canonicalText([label, ...[...values].sort(([a], [b]) => (a < b ? -1 : 1)).flat()]).toLowerCase();
  }

  has(label: string, values: ReadonlyMap<string, JsonValue>): boolean {
    return this.keys.has(this.key(label, values));
  }

  /** False when there is one of the same identity. */
  add(label: string, document: JsonObject): boolean {
    const { identityJsonPaths, superclass } = this.model(label);
    const identity = new Map(identityJsonPaths.map((path) => [path.canonical, valuesAt(document, path.segments)[0] ?? null]));
    const keys = [this.key(label, identity)];
    if (superclass) {
      const name = resourceLabel(superclass.resource);
      const inherited = (this.abstractPaths.get(name) ?? []).map((path): [string, JsonValue] => {
        const ownPath = path === superclass.identityJsonPath?.canonical ? identityJsonPaths[0]?.canonical : path;
        return [path, identity.get(ownPath ?? '') ?? null];
      });
      keys.push(this.key(name, new Map(inherited)));
    }
    const isNew = keys.every((key) => !this.keys.has(key));
    for (const key of keys) this.keys.add(key);
    return isNew;
  }
}

/** The objects of a document at the scope of a table. */
const rowsOf = (document: JsonObject, { jsonScope }: Table) => valuesAt(document, jsonScope.segments);

/** What a reference object, or a member of a row, holds below a row. */
function inRow(row: JsonValue, table: Table, path: ResourceModel['identityJsonPaths'][number]): JsonValue | undefined {
  return valuesAt(row, path.segments.slice(table.jsonScope.segments.length))[0];
}

/** What a document breaks of the model. */
function faultsOf(written: Written, label: string, document: JsonObject): string[] {
  const faults: string[] = [];
  const { tablesInDependencyOrder, documentReferenceBindings } = written.model(label);
  for (const table of tablesInDependencyOrder) {
    const keys = new Set<string>();
    for (const row of rowsOf(document, table)) {
      for (const { sourcePath, isNullable } of table.columns) {
        if (sourcePath && !isNullable && inRow(row, table, sourcePath) === undefined)
          faults.push(`${label} ${sourcePath.canonical} is missing`);
      }
      for (const { memberPathColumns, canonicalColumn } of table.keyUnificationClasses) {
        const values = memberPathColumns.flatMap((name) => {
          const path = table.columns.find((column) => column.name === name)?.sourcePath;
          const value = path ? inRow(row, table, path) : undefined;
          return value === undefined ? [] : [canonicalText(value)];
        });
        if (new Set(values).size > 1) faults.push(`${label} ${canonicalColumn} has ${values.join(' and ')}`);
      }
      for (const binding of documentReferenceBindings.filter((each) => each.table.name === table.table.name)) {
        if (inRow(row, table, binding.referenceObjectPath) === undefined) continue;
        const values = binding.identityBindings.map(({ identityJsonPath, referenceJsonPath }): [string, JsonValue] => [
          identityJsonPath.canonical,
          inRow(row, table, referenceJsonPath) ?? null,
        ]);
        if (!written.has(resourceLabel(binding.targetResource), new Map(values)))
          faults.push(`${label} ${binding.referenceObjectPath.canonical} names nothing: ${canonicalText(values.flat())}`);
      }
      const text = canonicalText(row);
      if (table.jsonScope.canonical.endsWith('[*]') && !isJsonObject(row)) {
        if (keys.has(text)) faults.push(`${label} ${table.jsonScope.canonical} repeats ${text}`);
        keys.add(text);
      }
    }
  }
  return faults;
}

/** Checks documents in order, then their replacements. */
function expectOneWorld(model: RelationalModelSet, { descriptors, documents }: GeneratedDocuments): void {
  const written = new Written(model);
  const faults: string[] = [];
  for (const { resource, document, replacement } of documents) {
    faults.push(...faultsOf(written, resource, document));
    // a replacement, too, names only what stands before its document: removed in reverse order, nothing is in use
    if (replacement) faults.push(...faultsOf(written, resource, replacement));
    if (!written.add(resource, document)) faults.push(`${resource} is there already`);
  }
  const all = canonicalText(documents.flatMap(({ document, replacement }) => [document, replacement]));
  const uris = new Set(
    descriptors.map(({ document }) => `${document.get('namespace')}#${document.get('codeValue')}`.toLowerCase()),
  );
  for (const [text] of all.matchAll(/uri:[^"]*/g)) if (!uris.has(text.toLowerCase())) faults.push(`${text} is not there`);
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
      for (const { segments } of written.model(resource).identityJsonPaths)
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
            documentPathsMapping: { Other: build.reference('Ed-Fi:Knot', [['$.knotId', '$.otherReference.knotId']], true) },
            jsonSchemaForInsert: build.object(
              { knotId: build.integer(), otherReference: build.object({ knotId: build.integer() }, ['knotId']) },
              ['knotId', 'otherReference'],
            ),
          }),
          build.resource('Rope', {
            identityJsonPaths: ['$.ropeId'],
            documentPathsMapping: { Knot: build.reference('Ed-Fi:Knot', [['$.knotId', '$.knotReference.knotId']], false) },
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
    expect(skipped.map(({ resource, shape }) => `${resource} ${shape}`)).toEqual(['Ed-Fi:Knot full', 'Ed-Fi:Knot minimal']);
    expect(skipped[0]?.reason).toContain('Ed-Fi:Knot requires itself');
    // what may be absent is left out
    expect(documents.map(({ resource, document }) => [resource, [...document.keys()]])).toEqual([
      ['Ed-Fi:Rope', ['ropeId']],
      ['Ed-Fi:Rope', ['ropeId']],
    ]);
  });

  it('has one world for any schema set', () => {
    let [made, impossible] = [0, 0];
    fc.assert(
      fc.property(schemaSets(), fc.nat(), (documents, seed) => {
        const model = derive('pgsql', documents);
        const generated = generateDocuments(model, seed, { random: 2 });
        expectOneWorld(model, generated);
        made += generated.documents.length;
        impossible += generated.skipped.length;
      }),
      { numRuns: propertyRuns(25) },
    );
    expect(made).toBeGreaterThan(impossible);
  });
});
