import type { Connection, Row } from '@dms/databases';
import { modelIndex, mustExist } from '@dms/model';
import {
  describeMappingSet,
  documentRulesOf,
  type NaturalKeysDescription,
  type ProbeKeyColumn,
  type ValueBinding,
} from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { groupBy, type JsonObject } from '@dms/values';
import { expect } from 'vitest';
import type { CheckedDocument, CheckedRow } from '../src/checking/checked-document.ts';
import { checkDocument, type DocumentPlans } from '../src/index.ts';
import type { DocumentTableShape } from '../src/resource-shape.ts';
import { named } from './bench.ts';

/* The statements of natural keys against real rows of the second generation, which has hashes to compare with. */

interface WrittenDocument {
  readonly resource: string;
  readonly document: JsonObject;
  readonly uuid: string;
}

/** Sends a statement of a plan, whose parameters have names, to PostgreSQL. */
function ask(connection: Connection, text: string, parameters: Readonly<Record<string, unknown>>) {
  const names = [...new Set([...text.matchAll(/@(\w+)/g)].map(([, name = '']) => name))];
  const sql = text.replaceAll(/@(\w+)/g, (_, name: string) => `$${names.indexOf(name) + 1}`);
  return connection.query(
    trusted(sql),
    names.map((name) => parameters[name]),
  );
}

/** The parameters of a statement that finds many keys. */
const sent = (keys: readonly (readonly unknown[])[]) => ({
  ordinals: keys.map((_, index) => index),
  ...Object.fromEntries((keys[0] ?? []).map((_, column) => [`k${column}`, keys.map((key) => key[column])])),
});

/** The document of each key, in the order of the keys; several documents of one key are a failure. */
function byOrdinal(rows: readonly Row[], count: number): readonly (Row | undefined)[] {
  const found = new Map(rows.map((row) => [Number(row.Ordinal), row]));
  expect(found.size).toBe(rows.length);
  return Array.from({ length: count }, (_, index) => found.get(index));
}

/**
 * Expects that the statements of natural keys find the document that the hash of the identity names: of each reference
 * its target, of each document itself, of each descriptor its row. Changes nothing.
 */
export async function expectProbesFind(
  connection: Connection,
  plans: DocumentPlans,
  documents: readonly WrittenDocument[],
): Promise<void> {
  if (connection.dialect !== 'pgsql') return;
  const rules = { documents: documentRulesOf('v2'), core: naturalCore };
  const description = describeMappingSet(plans.mappingSet, rules);
  const keys = mustExist(description.naturalKeys, 'the natural keys');
  await connection.begin();
  try {
    // the column that the tables of abstract resources get
    for (const { table } of plans.mappingSet.model.abstractIdentityTables) {
      const name = `"${table.table.schema}"."${table.table.name}"`;
      await connection.execute(
        givenScript(
          `ALTER TABLE ${name} ADD COLUMN "ResourceKeyId" smallint; UPDATE ${name} AS t SET "ResourceKeyId" = d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId"`,
        ),
      );
    }
    const rows = await connection.query(
      trusted('SELECT "ReferentialId"::text AS id, "DocumentId"::text AS document FROM dms."ReferentialIdentity"'),
    );
    const hashes = new Map(rows.map(({ id, document }) => [String(id), String(document)]));
    const checked = documents.map(({ resource, document, uuid }) => ({
      resource,
      uuid,
      document: mustExist(checkDocument(plans, named(resource), document).document, resource),
    }));
    for (const [resource, same] of groupBy(checked, (each) => each.resource))
      await expectOwn(connection, plans, keys, resource, same, hashes);
    await expectTargets(
      connection,
      keys,
      checked.map(({ document }) => document),
      hashes,
    );
    await expectDescriptors(
      connection,
      mustExist(
        description.coreStatements.find(({ name }) => name === 'findDescriptors'),
        'findDescriptors',
      ).sql,
    );
  } finally {
    await connection.rollback();
  }
}

const naturalCore = {
  storesReferentialIds: false,
  descriptorsRepeatResourceKey: true,
  descriptorsAreStamped: true,
  rowsHaveIds: true,
  deletesRootsFirst: true,
};

/** A value in the form that the database stores. */
function stored(value: unknown, binding: ValueBinding): unknown {
  const ends =
    binding.kind === 'scalar' ? documentRulesOf('v2').values.endsOfTime.pgsql[binding.scalarType.kind] : null;
  return ends?.get(String(value)) ?? value;
}

const leafAt = ({ leaves }: DocumentTableShape, path: string) =>
  mustExist(
    leaves.find((leaf) => leaf.path === path),
    path,
  );

async function expectOwn(
  connection: Connection,
  plans: DocumentPlans,
  { byResource }: NaturalKeysDescription,
  resource: string,
  documents: readonly { readonly uuid: string; readonly document: CheckedDocument }[],
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  const own = mustExist(byResource.get(resource)?.own, resource);
  const { shape } = plans.of(named(resource));
  const table = mustExist(shape.tables[0], resource);
  const bindings = mustExist(modelIndex(plans.mappingSet.model).resources.get(resource), resource);
  const idOf = (hash: string | undefined) => mustExist(hashes.get(hash ?? ''), `the document of ${hash}`);
  const flat = ({ identityJsonPaths, binding }: ProbeKeyColumn, row: CheckedRow): unknown => {
    if (binding.kind === 'documentReference') {
      const { fkColumn } = mustExist(bindings.documentReferenceBindings[binding.bindingIndex], resource);
      const reference = mustExist(
        table.references.find((each) => each.binding.fkColumn === fkColumn),
        fkColumn,
      );
      return idOf(row.references[reference.index]);
    }
    const { slot } = leafAt(table, identityJsonPaths[0]?.canonical ?? '');
    return binding.kind === 'descriptor' ? idOf(row.descriptors[slot]) : stored(row.values[slot], binding);
  };
  const rowOf = ({ rows }: CheckedDocument) => mustExist(rows[0]?.[0], resource);
  const keys = documents.map(({ document }) => own.probe.keyColumns.map((column) => flat(column, rowOf(document))));
  for (const sql of [own.findSql, own.lockSql]) {
    const found = byOrdinal(await ask(connection, sql, sent(keys)), keys.length);
    expect(
      found.map((row) => row?.DocumentUuid),
      resource,
    ).toEqual(documents.map(({ uuid }) => uuid));
  }
  for (const { document, uuid } of documents) {
    const parameters = own.captureParameters.map(({ name, paths, binding }) => {
      const { slot } = leafAt(table, mustExist(paths[0], name));
      return [name, stored(rowOf(document).values[slot], binding)];
    });
    const found = await ask(connection, own.captureSql, Object.fromEntries(parameters));
    expect(
      found.map(({ DocumentUuid }) => DocumentUuid),
      resource,
    ).toEqual([uuid]);
  }
}

async function expectTargets(
  connection: Connection,
  { byResource }: NaturalKeysDescription,
  documents: readonly CheckedDocument[],
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  const sought = documents.flatMap(({ plans, rows }) =>
    plans.shape.tables.flatMap((table) =>
      (rows[table.index] ?? []).flatMap((row) =>
        table.references.flatMap(({ index, binding, parts }) => {
          const hash = row.references[index];
          const { projectName, resourceName } = binding.targetResource;
          const partAt = (path: string) =>
            row.values[
              mustExist(
                parts.find(({ identityPaths }) => identityPaths.includes(path)),
                path,
              ).leaf.slot
            ];
          return hash === undefined ? [] : [{ label: `${projectName}:${resourceName}`, hash, partAt }];
        }),
      ),
    ),
  );
  for (const [label, same] of groupBy(sought, (each) => each.label)) {
    const target = mustExist(byResource.get(label)?.target, label);
    const keys = same.map(({ partAt }) =>
      target.probe.keyColumns.map(({ identityJsonPaths, binding }) =>
        stored(partAt(identityJsonPaths[0]?.canonical ?? ''), binding),
      ),
    );
    const found = byOrdinal(await ask(connection, target.findSql, sent(keys)), keys.length);
    expect(
      found.map((row) => String(row?.DocumentId)),
      label,
    ).toEqual(same.map(({ hash }) => hashes.get(hash)));
    const selected = Object.keys(found[0] ?? {}).includes('ResourceKeyId');
    expect(selected, label).toBe(target.probe.kind === 'abstract');
  }
}

/** A URI in another case names the same descriptor, but not as a descriptor of another resource. */
async function expectDescriptors(connection: Connection, sql: string): Promise<void> {
  const rows = await connection.query(
    trusted(
      'SELECT "Uri" AS uri, "ResourceKeyId" AS key, "DocumentId"::text AS document FROM dms."Descriptor" ORDER BY "DocumentId"',
    ),
  );
  expect(rows.length).toBeGreaterThan(0);
  const keys = rows.flatMap(({ uri, key }) => {
    const text = String(uri);
    return [
      [text, key],
      [text.toUpperCase(), key],
      [text, 0],
    ];
  });
  const found = byOrdinal(await ask(connection, sql, sent(keys)), keys.length);
  expect(found.map((row) => row && String(row.DocumentId))).toEqual(
    rows.flatMap(({ document }) => [document, document, undefined]),
  );
}
