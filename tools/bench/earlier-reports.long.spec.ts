import type { Connection } from '@dms/databases';
import { applyViews, earlierScript, reportingScript, usualOptions } from '@dms/ods';
import { givenScript, trusted } from '@dms/sql';
import { hasSharedData, isThorough, mainGenerations, serverEngine } from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  type EarlierSet,
  given,
  replaceDocuments,
  type Surrogates,
  surrogatesOf,
} from '../../libs/data/ods/test/earlier-views.ts';
import { publishedMove } from '../../libs/data/ods/test/published-earlier.ts';
import { districtDocuments } from './district-documents.ts';
import { reportQueries } from './report-queries.ts';

/*
 * SQL written for 5.2 returns the same rows before and after the move to 6.1, without any change: the queries of the
 * benchmark, and the scripts of docs/reporting.md.
 */

/** Objects that report scripts create in an ODS: a map of descriptors, a materialized view, a copy. */
const scripts = [
  `CREATE SCHEMA analytics;
CREATE TABLE analytics.DescriptorMap (Constant varchar(50) PRIMARY KEY, DescriptorId int NOT NULL);
INSERT INTO analytics.DescriptorMap SELECT 'Grade.' || CodeValue, DescriptorId FROM edfi.Descriptor WHERE Discriminator = 'edfi.GradeLevelDescriptor';
CREATE MATERIALIZED VIEW analytics.enrolment AS SELECT StudentUSI, SchoolId, EntryDate, ExitWithdrawDate FROM edfi.StudentSchoolAssociation;
CREATE INDEX ON analytics.enrolment (SchoolId);
CREATE TABLE analytics.Student AS SELECT * FROM edfi.Student`,
];

const queries = [
  ...reportQueries,
  { name: 'the map of descriptors', text: 'SELECT Constant, DescriptorId FROM analytics.DescriptorMap' },
  { name: 'the materialized view', text: 'SELECT * FROM analytics.enrolment' },
  { name: 'the copy', text: 'SELECT * FROM analytics.Student' },
  {
    name: 'students with their grade level',
    text: `SELECT s.StudentUniqueId, s.LastSurname, ssa.EntryDate, o.NameOfInstitution, d.CodeValue AS GradeLevel
FROM edfi.StudentSchoolAssociation ssa
JOIN edfi.Student s ON s.StudentUSI = ssa.StudentUSI
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = ssa.SchoolId
JOIN edfi.Descriptor d ON d.DescriptorId = ssa.EntryGradeLevelDescriptorId
WHERE ssa.ExitWithdrawDate IS NULL
ORDER BY s.StudentUniqueId`,
  },
];

/**
 * The rows of a query as texts, with the values behind surrogate numbers; without document ids and times of changes.
 */
async function rowsOf(connection: Connection, text: string, { uris, persons }: Surrogates): Promise<readonly string[]> {
  const students = persons.get('Ed-Fi:Student');
  const rows = await connection.query<{ row: Record<string, unknown> }>(
    trusted(`SELECT to_jsonb(q) AS row FROM (${text}) q`),
  );
  const told = ([name, value]: [string, unknown]): unknown => {
    if (value === null) return null;
    if (name === 'id' || name === 'createdate' || name === 'lastmodifieddate') return '';
    if (name === 'max' && /^\d{4}-\d\d-\d\dT/.test(String(value))) return '';
    if (name === 'studentusi') return students?.get(String(value)) ?? `nobody ${value}`;
    return name.endsWith('descriptorid') ? (uris.get(String(value)) ?? `no descriptor ${value}`) : value;
  };
  return rows.map(({ row }) => JSON.stringify(Object.entries(row).map(told))).sort();
}

// published-earlier.long.spec.ts compares all rows of the views that these queries read
it.skipIf(!hasSharedData || !isThorough).each(mainGenerations)(
  'reports of 5.2 have the same rows on 6.1, in %s (needs the shared data and DMS_PROPERTY_RUNS above 1)',
  async (version) => {
    const { before, after, translation, earlier } = publishedMove(version);
    const carried = await carriedDocuments(translation, before, districtDocuments(12_000).map(given));
    const [own, later] = await Promise.all([serverEngine.open(before.script), serverEngine.open(after.script)]);
    const rows = async (connection: Connection, surrogates: Surrogates) => {
      for (const script of scripts) await connection.execute(givenScript(script));
      const found: Record<string, readonly string[]> = {};
      for (const { name, text } of queries) found[name] = await rowsOf(connection, text, surrogates);
      return found;
    };
    const known = (connection: Connection, set: EarlierSet) => surrogatesOf(connection, set);
    try {
      await replaceDocuments(own.connection, before.plans, carried.earlier);
      await applyViews(own.connection, before.reporting);
      const expected = await rows(own.connection, await known(own.connection, before));
      // the views of 6.1 get other schemas, because the reports use those of 5.2
      await replaceDocuments(later.connection, after.plans, carried.later);
      await applyViews(later.connection, after.reporting);
      const surrogates = await known(later.connection, after);
      const options = { ...usualOptions, schemaSuffix: '_61' };
      await applyViews(later.connection, reportingScript(after.mapping, after.model, options));
      const chosen = { suffix: '', changeColumns: false, exactTypes: false, descriptorTable: false, grants: [] };
      await applyViews(
        later.connection,
        earlierScript(earlier, { mapping: after.mapping, model: after.model, options }, chosen),
      );
      const found = await rows(later.connection, surrogates);
      for (const { name } of queries) expect([name, found[name]]).toEqual([name, expected[name]]);
      const empty = queries.filter(({ name }) => expected[name]?.length === 0);
      expect(empty.map(({ name }) => name)).toEqual([]);
    } finally {
      await own.close();
      await later.close();
    }
  },
);
