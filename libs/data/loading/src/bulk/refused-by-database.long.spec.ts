import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { givenScript } from '@dms/sql';
import { inTurn, ownSchema, ownSchemasV2 } from '@dms/testing';
import { jsonText } from '@dms/values';
import { afterAll, describe, expect, it } from 'vitest';
import { compiled, type LoadableSet, ownSet, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';

/*
 * Documents that only the database refuses, in every way in which it can: plain and bulk loads report the same
 * documents in the same order with the same messages, and store all others.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-refused-by-database-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

interface RefusedWrites {
  readonly name: string;
  readonly set: () => LoadableSet;
  readonly table: string;
  readonly column: string;
  readonly unit: (id: number, name: string) => object;
  readonly school: (id: number, unit: number, name: string) => object;
  /** A table below schools, and its column with a text. */
  readonly below: string;
}

const generations: readonly RefusedWrites[] = [
  {
    name: 'the first generation',
    set: ownSet,
    table: 'campus."District"',
    column: '"DistrictName"',
    unit: (districtId, districtName) => ({ resource: 'Campus:District', document: { districtId, districtName } }),
    school: (schoolId, districtId, schoolName) => ({
      resource: 'Campus:School',
      document: { schoolId, schoolName, districtReference: { districtId } },
    }),
    below: 'campus."School"',
  },
  {
    name: 'the second generation',
    set: () => compiled(ownSchemasV2.map(ownSchema), 'v2'),
    table: 'edfi."LocalEducationAgency"',
    column: '"NameOfInstitution"',
    unit: (localEducationAgencyId, nameOfInstitution) => ({
      resource: 'Ed-Fi:LocalEducationAgency',
      document: { localEducationAgencyId, nameOfInstitution },
    }),
    school: (schoolId, localEducationAgencyId, nameOfInstitution) => ({
      resource: 'Ed-Fi:School',
      document: {
        schoolId,
        nameOfInstitution,
        gradeLevels: [],
        localEducationAgencyReference: { localEducationAgencyId },
      },
    }),
    below: 'edfi."School"',
  },
];

interface Refusal {
  readonly name: string;
  /** The objects that somebody has added to the table of units. */
  readonly objects: (table: string, column: string) => string;
  /** The names of units, by number; a few are bad. */
  readonly nameOf: (id: number) => string;
}

const isBad = (id: number) => id % 97 === 7;
const names = (bad: string) => (id: number) => (isBad(id) ? bad : `Unit ${id}`);

const raising = (when: string, condition: string) => (table: string, column: string) =>
  `
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ${condition.replaceAll('NAME', column)} THEN RAISE EXCEPTION 'refused'; END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER refuse ${when.replace('PLACE', table)} EXECUTE FUNCTION public.refuse()`;

const failures: readonly Refusal[] = [
  {
    name: 'a trigger before a row',
    objects: (table, column) =>
      raising('BEFORE INSERT ON PLACE FOR EACH ROW', "NEW.NAME = 'bad'")(table, column).replace(
        'RETURN NULL',
        'RETURN NEW',
      ),
    nameOf: names('bad'),
  },
  {
    name: 'a trigger after a row',
    objects: raising('AFTER INSERT ON PLACE FOR EACH ROW', "NEW.NAME = 'bad'"),
    nameOf: names('bad'),
  },
  {
    name: 'a trigger after a statement',
    objects: raising(
      'AFTER INSERT ON PLACE REFERENCING NEW TABLE AS added FOR EACH STATEMENT',
      "EXISTS (SELECT FROM added WHERE NAME = 'bad')",
    ),
    nameOf: names('bad'),
  },
  {
    name: 'a check',
    objects: (table, column) => `ALTER TABLE ${table} ADD CONSTRAINT "Mine" CHECK (${column} <> 'bad')`,
    nameOf: names('bad'),
  },
  {
    name: 'a unique key',
    objects: (table, column) => `ALTER TABLE ${table} ADD CONSTRAINT "Mine" UNIQUE (${column})`,
    nameOf: names('the same'),
  },
  {
    name: 'an exclusion',
    objects: (table, column) => `ALTER TABLE ${table} ADD CONSTRAINT "Mine" EXCLUDE USING btree (${column} WITH =)`,
    nameOf: names('the same'),
  },
  {
    name: 'a foreign key',
    objects: (table, column) => `CREATE TABLE public.allowed (name varchar PRIMARY KEY);
INSERT INTO public.allowed SELECT 'Unit ' || i FROM generate_series(1, 5000) i;
ALTER TABLE ${table} ADD CONSTRAINT "Mine" FOREIGN KEY (${column}) REFERENCES public.allowed`,
    nameOf: names('bad'),
  },
  {
    name: 'a failing expression of an index',
    objects: (table, column) => `CREATE INDEX mine ON ${table} ((1 / (CASE ${column} WHEN 'bad' THEN 0 ELSE 1 END)))`,
    nameOf: names('bad'),
  },
];

describe.each(generations)('documents that the database refuses, in $name', (generation) => {
  const { set, table, column, unit, school, below } = generation;

  it.each(inTurn(generations, generation, failures))(
    'by $name, are found by every load',
    async ({ objects, nameOf }) => {
      const own = set();
      const target = new BulkTarget(await server.open(own.script), own);
      try {
        await target.bench.connection.execute(givenScript(objects(table, column)));
        await target.bench.connection.execute(
          givenScript(`ALTER TABLE ${below} ADD CONSTRAINT "Odd" CHECK ("SchoolId" <> 1000050)`),
        );
        const count = 700;
        const ids = Array.from({ length: count }, (_, index) => index + 1);
        // some schools name a refused unit, and one is refused itself
        const schools = ids.slice(0, 60).map((id) => school(1_000_000 + id, id, 'x'));
        const file = files.records('units.jsonl', ...ids.map((id) => unit(id, nameOf(id))), ...schools);
        const load = async (isBulk: boolean) => {
          await target.empty();
          const { rejects, summary } = await target.load([file], isBulk);
          const told = rejects.map(({ line, resource, document, diagnostics }) =>
            // the numbers of rows in the DETAIL of a key may differ
            JSON.stringify({
              line,
              resource,
              document: jsonText(document),
              diagnostics: diagnostics.map(({ code }) => code),
            }),
          );
          const words = rejects.map(({ diagnostics: [{ message }] }) =>
            message.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ''),
          );
          return { told, words, summary, rows: await target.rows() };
        };
        const plain = await load(false);
        const bulk = await load(true);
        expect(bulk.told).toEqual(plain.told);
        expect(bulk.words).toEqual(plain.words);
        expect(bulk.summary.total).toEqual(plain.summary.total);
        expect(bulk.rows).toEqual(plain.rows);
        const bad = ids.filter(isBad).filter((id) => nameOf(id) !== 'the same' || id !== 7);
        const orphans = bad.filter((id) => id <= 60);
        const lines = [...bad, ...[...orphans, 50].sort((a, b) => a - b).map((id) => count + id)];
        expect(plain.told.map((text) => (JSON.parse(text) as { line: number }).line)).toEqual(lines);
        expect(plain.summary.total).toMatchObject({ inserted: count + 60 - lines.length, rejected: lines.length });
      } finally {
        await target.bench.close();
      }
    },
  );
});
