import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { parseTarget } from '@dms/databases';
import { deriveMapping } from '@dms/ods';
import { hasSharedData, isThorough, type MainGeneration, serverUrl, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOf } from '../test/inputs.ts';
import { stepsOf } from '../test/report-steps.ts';
import { verifyScript } from './index.ts';
import { verificationSteps } from './verification-report.ts';

/*
 * Every step passes for the published data standards: `npm run search -- verify-data-standards`. It takes minutes, so
 * the usual test run leaves it out.
 */

interface Published {
  readonly files: readonly string[];
  readonly documents: number;
  readonly tables: number;
}

const standards: Readonly<Record<string, Published>> = {
  '5.2 with TPDM': {
    files: ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'],
    documents: 153,
    tables: 509,
  },
  '6.1': { files: ['ds-6.1-core.json'], documents: 192, tables: 603 },
};

const cases = Object.keys(standards).flatMap((name) =>
  (['v1', 'v2'] as const).map((version): [string, MainGeneration] => [name, version]),
);

describe.runIf(hasSharedData && isThorough)(
  'scripts of data standards (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    it.each(cases)('%s in %s pass every step: every table is filled', async (name, version) => {
      const { files, documents, tables } = standards[name] as Published;
      const paths = files.map((file) => sharedFile('inputs', file));
      const set = buildEffectiveSchema(await loadApiSchemaFiles(paths.map((file) => ({ file }))), {
        mappingVersion: version,
      });
      const { target } = parseTarget(await serverUrl(), 'pgsql');
      const input = { ...(await inputOf(paths, 'pgsql', version)), ods: deriveMapping(set).mapping };
      const report = await verifyScript(target, input, { everyShape: true });
      expect([stepsOf(report), report.diagnostics]).toEqual([verificationSteps.map((step) => `${step} passed`), []]);
      const { documents: made, tablesFilled, failures } = report.behaviour;
      expect({ made, tablesFilled, failures }).toEqual({ made: documents, tablesFilled: tables, failures: [] });
      expect(report.documents).toMatchObject({ resources: documents, skipped: [], failures: [] });
    });
  },
);
