import { readFileSync } from 'node:fs';
import { mappingVersions } from '@dms/api-schema';
import { DocumentFolder } from '@dms/loading';
import type { MappingVersion } from '@dms/model';
import { hasSharedData, isThorough, once, propertyTimeout, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { comparedDatabase } from '../dumped.ts';
import { databaseOfSamples, expectLoadsAs, type PublishedSamples, withSession } from '../published-samples.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import { storedIn, translatedFrom } from './translated-documents.ts';
import { translated } from './translated-sets.ts';

/*
 * From 5.2 with TPDM to 6.1 in place: the database is a fresh one with the translated documents (design 12 §15).
 * `npm run search -- upgrade-translations` takes the published samples too, 20,000 documents.
 */

const rules = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('../../../translation/data/ed-fi-5.2-to-6.1.json', import.meta.url), 'utf8'));

const standards: Readonly<Record<MappingVersion, () => unknown>> = {
  v1: () => readSharedJson('inputs', 'ds-5.2-core.json'),
  v2: () => readSharedJson('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'),
};

describe.runIf(hasSharedData).each<MappingVersion>(isThorough ? mappingVersions : ['v2'])(
  'from 5.2 with TPDM to 6.1 in place, in %s (needs the shared conformance data, in v1 DMS_PROPERTY_RUNS above 1)',
  (version) => {
    const sets = once(() => {
      const before = compiled(
        [standards[version](), readSharedJson('inputs', 'tpdm-1.1-extension.json')],
        'pgsql',
        version,
      );
      const after = compiled([readSharedJson('inputs', 'ds-6.1-core.json')], 'pgsql', version);
      return { before, after, translation: translated(before, after, rules()) };
    });
    const samples: readonly PublishedSamples[] = isThorough ? ['none', 'all'] : ['none'];

    it.each(samples)(
      'becomes what a fresh database with the translated documents is, with generated documents and of the published ones %s',
      async (published) => {
        const { before, after, translation } = sets();
        // nothing is published for the extension
        const database = await databaseOfSamples(before, { hasGenerated: true, published });
        try {
          await withSession(database, async (connection) => {
            const stored = await storedIn(connection, before);
            const { rejected, documents } = await translatedFrom(sets(), stored);
            const kept: string[] = [];
            const rejects = {
              add: async (_: unknown, { uuid }: { readonly uuid: string | null }) => void kept.push(uuid ?? ''),
              finish: async () => undefined,
            };
            const upgraded = await applyUpgrade(connection, before, after, { translation, rejects });
            expect(upgraded).toMatchObject({ outcome: 'upgraded', documents: documents.length });
            expect(kept).toEqual([...new Set(rejected.map(({ uuid }) => uuid))]);
            if (version === 'v2') expect(await wrongMirrors(connection, after)).toEqual([]);
            await expectLoadsAs(await comparedDatabase(connection, after), after, (folder) =>
              DocumentFolder.write(folder, after.model, async (output) => {
                for (const { resource, document } of documents) await output.add(resource, document);
              }),
            );
          });
        } finally {
          await database.drop();
        }
      },
      propertyTimeout(300_000),
    );
  },
);
