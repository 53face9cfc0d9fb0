import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { givenScript } from '@dms/sql';
import { countBy, dumpedTexts, hasSharedData, isThorough, readSharedJson, sharedFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, compiled, type LoadableSet, server } from '../../test/bench.ts';
import { dumpDocuments } from '../dumping/dump-documents.ts';
import { withSourceDocuments } from './input-documents.ts';
import { loadDocuments } from './load-documents.ts';
import type { LoadReject } from './load-report.ts';

const samples = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));

/** The content of the files, counted with another XML parser. */
const counts = { descriptors: 3322, documents: 16_513, resources: 80 };

/** The cause of a reject: the missing resources or members, or the code. */
function causeOf({ resource, diagnostics }: LoadReject): string {
  const missing = diagnostics.flatMap(({ code, where, details }) => {
    if (code === 'DOCUMENT_REFERENCE_UNRESOLVED') return [String(details.target)];
    return code === 'DOCUMENT_VALUE_MISSING' ? [String(where.path)] : [];
  });
  return missing.length === diagnostics.length
    ? `${resource} needs ${[...new Set(missing)].sort().join(', ')}`
    : `${resource} ${diagnostics[0].code}`;
}

/** Interchanges have no school years. An API has them from the beginning. */
const schoolYear = { schoolYear: 2022, schoolYearDescription: '2021-2022', currentSchoolYear: true };

describe.runIf(hasSharedData && isThorough)(
  'the published samples of the data standard 5.2 (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    let scratch: string;
    let set: LoadableSet;
    let bench: Bench;
    beforeAll(async () => {
      scratch = mkdtempSync(path.join(tmpdir(), 'dms-samples-spec-'));
      set = compiled([readSharedJson('inputs', 'ds-5.2-core.json')]);
      bench = await server.open(set.script);
    });
    afterAll(async () => {
      await bench.close();
      rmSync(scratch, { recursive: true, force: true });
    });

    const load = async (paths: readonly string[], isBulk = false) => {
      const rejects: LoadReject[] = [];
      const warnings: string[] = [];
      const { total } = await loadDocuments([bench.connection, await bench.open()], set.plans, paths, {
        isContinued: true,
        bulk: isBulk ? await bench.open({ forCopies: true }) : undefined,
        schemas: set.schemas,
        onReject: (reject) => void rejects.push(reject),
        onDiagnostic: ({ message }) => void warnings.push(message),
      });
      return { total, rejects, warnings };
    };
    const dump = async (name: string) => {
      await dumpDocuments(bench.connection, set.plans, path.join(scratch, name));
      return dumpedTexts(path.join(scratch, name));
    };

    it('are read without a problem', async () => {
      const rejects: LoadReject[] = [];
      const onReject = async (reject: LoadReject) => void rejects.push(reject);
      const { model } = set.plans.mappingSet;
      const read = await withSourceDocuments(model, samples, { onReject }, async ({ documents }) => {
        const resources: string[] = [];
        for await (const { resource } of documents) resources.push(resource);
        return resources;
      });
      const descriptors = read.filter((resource) => resource.endsWith('Descriptor')).length;
      const resources = new Set(read.filter((resource) => !resource.endsWith('Descriptor'))).size;
      expect({ documents: read.length - descriptors, descriptors, resources }).toEqual(counts);
      expect(rejects).toEqual([]);
    });

    it('load except for their own mistakes, and a dump of them loads again, in bulk', async () => {
      const years = path.join(scratch, 'school-years.jsonl');
      writeFileSync(years, JSON.stringify({ resource: 'Ed-Fi:SchoolYearType', document: schoolYear }));
      const first = await load([years, ...samples]);
      expect(first.warnings).toEqual([]);
      expect(first.total.inserted).toBe(counts.descriptors + counts.documents + 1 - first.rejects.length);
      expect(countBy(first.rejects, causeOf)).toEqual({
        // their associations of students are not among the published files: 160
        'Ed-Fi:StudentAssessmentRegistration needs Ed-Fi:StudentEducationOrganizationAssociation, Ed-Fi:StudentSchoolAssociation': 40,
        'Ed-Fi:StudentAssessmentRegistrationBatteryPartAssociation needs Ed-Fi:StudentAssessmentRegistration': 120,
        // the schema requires all members of a choice, contact, staff and student; with the documents that refer to
        // these: 132
        'Ed-Fi:SurveyResponse needs $.contactReference, $.staffReference': 4,
        'Ed-Fi:SurveyResponse needs $.contactReference, $.staffReference, $.studentReference': 8,
        'Ed-Fi:SurveyQuestionResponse needs Ed-Fi:SurveyResponse': 60,
        'Ed-Fi:SurveyResponseEducationOrganizationTargetAssociation needs Ed-Fi:SurveyResponse': 12,
        'Ed-Fi:SurveyResponseStaffTargetAssociation needs Ed-Fi:SurveyResponse': 12,
        'Ed-Fi:SurveySectionResponse needs Ed-Fi:SurveyResponse': 12,
        'Ed-Fi:SurveySectionResponseEducationOrganizationTargetAssociation needs Ed-Fi:SurveySectionResponse': 12,
        'Ed-Fi:SurveySectionResponseStaffTargetAssociation needs Ed-Fi:SurveySectionResponse': 12,
        // the files have two documents with this identity
        'Ed-Fi:AssessmentAdministration DOCUMENT_EXISTS': 1,
        'Ed-Fi:CourseOffering DOCUMENT_EXISTS': 1,
      });
      const before = await dump('first');
      await bench.connection.execute(givenScript('TRUNCATE TABLE dms."Document" CASCADE'));
      const second = await load([path.join(scratch, 'first')], true);
      expect(second.rejects).toEqual([]);
      expect(second.total).toEqual({ ...first.total, rejected: 0 });
      expect(await dump('second')).toEqual(before);
    });
  },
);
