import { type Catalog, catalogText, normalExpression } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { dialectRules, dialects, limitIdentifier, type SqlDialect } from '@dms/sql';
import {
  hasSharedData,
  ownProjects,
  ownSchemaFile,
  readSharedJson,
  type ScriptedSet,
  scriptedFiles,
  sharedFile,
} from '@dms/testing';
import { compareBy, sha256Hex } from '@dms/values';
import { describe, expect, it } from 'vitest';

/*
 * The catalogs of `v2-natural` differ from those of `v2` in exactly the entries of the vectors of design 22, which
 * another program derived from the artifacts of `v2`.
 */

type DifferingObject = Readonly<Record<string, unknown>> & {
  readonly op: string;
  readonly kind: string;
  readonly object: string;
};
type JsonMembers = Readonly<Record<string, unknown>>;

interface CatalogVectors {
  readonly count: number;
  readonly sha256: string;
  readonly entries?: readonly DifferingObject[];
}

const files: Readonly<Record<string, () => readonly string[]>> = {
  'district-transport': () => ownProjects.v2.map(ownSchemaFile),
  polymorphic: () => [sharedFile('fixtures-v2', 'polymorphic', 'inputs', 'ApiSchema.json')],
  'ds-5.2': () => [sharedFile('inputs', 'ds-5.2-core.later.json')],
};

/** The objects of a catalog file by kind and name; those of a table below it. */
function objectsOf(
  catalog: Catalog,
): Map<
  string,
  { readonly kind: string; readonly object: string; readonly value: JsonMembers; readonly owner?: string }
> {
  const file = JSON.parse(catalogText(catalog));
  const found = new Map<string, { kind: string; object: string; value: JsonMembers; owner?: string }>();
  const add = (kind: string, object: string, value: JsonMembers, owner?: string) =>
    found.set(`${kind} ${object}`, { kind, object, value, ...(owner === undefined ? {} : { owner }) });
  for (const each of file.extensions) add('extension', each.name, each);
  for (const each of file.functions) add('function', `${each.schema}.${each.name}`, each);
  for (const each of file.table_types) add('tableType', `${each.schema}.${each.name}`, each);
  for (const each of file.views) add('view', `${each.schema}.${each.name}`, each);
  for (const table of file.tables) {
    const name = `${table.schema}.${table.name}`;
    add('table', name, table);
    const parts = {
      column: 'columns',
      unique: 'uniques',
      foreignKey: 'foreign_keys',
      index: 'indexes',
      trigger: 'triggers',
    };
    for (const [kind, member] of Object.entries(parts))
      for (const part of table[member]) add(kind, `${name}.${part.name}`, part, name);
  }
  return found;
}

/** The resource keys that the bodies of abstract identities write, by the name of the trigger or its function. */
const writtenKeys = ({ triggers }: Inventory) =>
  new Map(
    triggers.flatMap((trigger): [string, unknown][] =>
      trigger.kind === 'AbstractIdentityMaintenance'
        ? [
            [trigger.name, trigger.resourceKeyIdValue],
            [limitIdentifier(dialectRules.pgsql, `TF_${trigger.name}`), trigger.resourceKeyIdValue],
          ]
        : [],
    ),
  );

const armKeys = ({ abstractUnionViews }: RelationalModelSet, object: string) =>
  abstractUnionViews
    .filter(({ view }) => `${view.schema}.${view.name}` === object)
    .flatMap(({ unionArms }) =>
      unionArms.flatMap(({ projections }) =>
        projections.flatMap((projection) => (projection.kind === 'SmallintLiteral' ? [projection.value] : [])),
      ),
    );

const namesOf = ({ columns }: JsonMembers) => (columns as readonly JsonMembers[]).map(({ name }) => name);

/** A column without what the server decides, with the expression as the server prints it. */
function addedColumn({ nullable, generated, ...rest }: JsonMembers): JsonMembers {
  if (generated === undefined) return { ...rest, nullable };
  const { expression, ...others } = generated as { readonly expression: string };
  const printed = 'LOWER([Uri])';
  return {
    ...rest,
    generated: { ...others, expression: expression === normalExpression(printed) ? printed : expression },
  };
}

function entriesBetween(before: ScriptedSet, after: ScriptedSet): DifferingObject[] {
  const [earlier, later] = [objectsOf(before.catalog), objectsOf(after.catalog)];
  const keys = writtenKeys(after.inventory);
  const entries: DifferingObject[] = [];
  const isWhole = (found: typeof earlier, owner: string | undefined) =>
    owner === undefined || found.has(`table ${owner}`);
  for (const [name, { kind, object, value, owner }] of earlier) {
    if (later.has(name) || !isWhole(later, owner)) continue;
    const kept = { trigger: ['name'], function: ['arguments'] }[kind];
    const shown = kept ? Object.fromEntries(kept.map((member) => [member, value[member]])) : value;
    entries.push({ op: 'drop', kind, object, before: shown });
  }
  for (const [name, { kind, object, value, owner }] of later) {
    const old = earlier.get(name);
    if (old === undefined) {
      if (!isWhole(earlier, owner)) continue;
      const columns = owner === undefined ? [] : namesOf(later.get(`table ${owner}`)?.value ?? {});
      const at = columns.indexOf(value.name as string);
      const isKey = value.name === 'ResourceKeyId';
      const place =
        kind === 'column' ? { position: isKey ? `before ${columns[at + 1]}` : `after ${columns[at - 1]}` } : {};
      entries.push({ op: 'add', kind, object, after: kind === 'column' ? addedColumn(value) : value, ...place });
      continue;
    }
    if (kind === 'table' || JSON.stringify(old.value) === JSON.stringify(value)) continue;
    const change = { op: 'change', kind, object };
    if (kind === 'view')
      entries.push({
        ...change,
        before: { columns: namesOf(old.value) },
        after: { columns: namesOf(value) },
        resourceKeyIds: armKeys(after.model, object),
      });
    else if (kind === 'column') {
      const { collation, generated, ...same } = value;
      expect({ ...same, generated }, object).toEqual({ ...old.value, generated: old.value.generated });
      const computed = generated === undefined ? {} : { computed: true };
      entries.push({ ...change, after: { collation }, nullable: value.nullable, type: value.type, ...computed });
    } else {
      expect({ ...value, body: null }, object).toEqual({ ...old.value, body: null });
      const resourceKeyId = keys.get(object.slice(object.lastIndexOf('.') + 1));
      entries.push(
        resourceKeyId === undefined
          ? { ...change, what: 'body: no check of ResourceKeyId' }
          : { ...change, what: 'body: inserts ResourceKeyId', resourceKeyId },
      );
    }
  }
  return entries.sort(
    compareBy(
      ({ op }) => op,
      ({ kind }) => kind,
      ({ object }) => object,
    ),
  );
}

/** JSON with the members sorted by name. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, member]) => member !== undefined)
            .sort(compareBy(([name]) => name))
            .map(([name, member]) => [name, sorted(member)]),
        )
      : value;

describe.runIf(hasSharedData)('catalogs without referential ids (needs the shared vectors)', () => {
  it.each(Object.keys(files).flatMap((set) => dialects.map((dialect): [string, SqlDialect] => [set, dialect])))(
    '%s differs from v2 in the entries of the vectors, in %s',
    async (set, dialect) => {
      const vectors: CatalogVectors = readSharedJson('design', 'vectors', 'natural', `${set}.${dialect}.json`);
      const schemas = files[set]?.() ?? [];
      const found = entriesBetween(
        await scriptedFiles(schemas, dialect, 'v2'),
        await scriptedFiles(schemas, dialect, 'v2-natural'),
      ).map(sorted);
      if (vectors.entries) expect(found).toEqual(vectors.entries);
      expect([found.length, sha256Hex(JSON.stringify(found))]).toEqual([vectors.count, vectors.sha256]);
    },
  );
});
