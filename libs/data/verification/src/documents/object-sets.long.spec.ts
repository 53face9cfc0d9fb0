import { buildEffectiveSchema, coreFirst } from '@dms/api-schema';
import { type Connection, parseTarget } from '@dms/databases';
import { applyViews, deriveMapping, type OdsMapping, reportingScript, tableLabel, usualOptions } from '@dms/ods';
import { trusted } from '@dms/sql';
import { type MainGeneration, objectSet, propertyRuns, seedOfRun, serverEngine, serverUrl } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { walkedColumns, walkedRows } from '../../test/walked-rows.ts';
import { verifyScript } from '../index.ts';
import { writeFittedDocuments } from './document-round-trips.ts';

/*
 * Random sets of objects in objects without values of their own, all parts optional, with references that share columns
 * of an ODS: they pass, and the rows of each view are those of a walk over the documents. `npm run search --
 * views-of-objects` tries 300 sets.
 */

/** Sets whose views are compared, and sets that are verified, in each generation. */
const usual = { compared: 3, verified: 1 };

function inputOf(seed: number, version: MainGeneration) {
  const schemas = objectSet(seed);
  const files = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const set = buildEffectiveSchema(coreFirst(files), { mappingVersion: version });
  return { schemas, input: { ...inputOfDocuments(schemas, 'pgsql', version), ods: deriveMapping(set).mapping } };
}

/** The rows of each view as sorted texts, in the form of the walk. */
async function shownRows(
  connection: Connection,
  { tables }: OdsMapping,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rowsOf = async (view: string) =>
    (
      await connection.query<{ row: Record<string, unknown> }>(
        trusted(`SELECT to_jsonb(v) AS row FROM edfi."${view}" v`),
      )
    ).map(({ row }) => row);
  const uris = new Map((await rowsOf('descriptor')).map((row) => [row.descriptorid, String(row.uri).toLowerCase()]));
  const students = new Map((await rowsOf('student')).map((row) => [row.studentusi, row.studentuniqueid]));
  const shown = new Map<string, readonly string[]>();
  for (const table of tables) {
    if (table.kind === 'descriptor' || table.kind === 'descriptorBase') continue;
    const rows = await connection.query<{ row: Record<string, unknown> }>(
      trusted(`SELECT to_jsonb(v) AS row FROM "${table.schema}"."${table.pgsqlName.toLowerCase()}" v`),
    );
    const texts = rows.map(({ row }) =>
      JSON.stringify(
        walkedColumns(table).map(({ pgsqlName, content }) => {
          const value = row[pgsqlName.toLowerCase()] ?? null;
          if (value === null) return null;
          if (content.kind === 'descriptor') return uris.get(value) ?? `no descriptor ${value}`;
          return String(content.kind === 'usi' ? (students.get(value) ?? `nobody ${value}`) : value);
        }),
      ),
    );
    shown.set(tableLabel(table), texts.sort());
  }
  return shown;
}

/** The tables whose rows differ from those of the walk. */
async function differences(seed: number, version: MainGeneration): Promise<readonly string[]> {
  const { schemas, input } = inputOf(seed, version);
  const { connection, close } = await serverEngine.open(input.script);
  try {
    const { refused, written } = await writeFittedDocuments(
      connection,
      input.model,
      input.inventory,
      (_, document) => document,
    );
    await applyViews(connection, reportingScript(input.ods, input.model, usualOptions));
    const shown = await shownRows(connection, input.ods);
    const walked = walkedRows(input.ods, schemas, written);
    const wrong = [...walked].flatMap(([table, rows]) => {
      const found = shown.get(table) ?? [];
      if (JSON.stringify(found) === JSON.stringify(rows)) return [];
      const [missing] = rows.filter((row) => !found.includes(row));
      const [added] = found.filter((row) => !rows.includes(row));
      return [`seed ${seed}: ${table} has ${found.length} rows, the walk ${rows.length}: ${missing} / ${added}`];
    });
    return [...refused.map((text) => `seed ${seed}: ${text}`), ...wrong];
  } finally {
    await close();
  }
}

describe.each(['v1', 'v2'] as const)('random sets of objects in %s', (version) => {
  const first = seedOfRun();

  it('have the rows of a walk over the documents', async () => {
    const found: string[] = [];
    for (let seed = first; seed < first + propertyRuns(usual.compared); seed += 1)
      found.push(...(await differences(seed, version)));
    expect(found).toEqual([]);
  });

  it('pass', async () => {
    const { target } = parseTarget(await serverUrl(), 'pgsql');
    const failed: string[] = [];
    for (let seed = first; seed < first + propertyRuns(usual.verified); seed += 1) {
      const { diagnostics } = await verifyScript(target, inputOf(seed, version).input, { documents: 1 });
      failed.push(...diagnostics.map(({ code, message }) => `seed ${seed}: ${code} ${message}`));
    }
    expect(failed).toEqual([]);
  });
});
