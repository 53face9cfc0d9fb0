import { existsSync, readdirSync } from 'node:fs';
import { breakingRelease, hasSharedData, isThorough, sharedFile } from '@dms/testing';
import { describe } from 'vitest';
import { type ClientSet, testDocuments } from './client-tests.ts';
import { openTypeScriptClient } from './typescript-client.ts';

/** Fixtures that only a compiler of models accepts: a database or its views would need more. */
const parts = new Set(['v2 ext', 'v2 nested', 'v2 referential-identity']);

/** The published fixtures of a generation that have the catalog of a database. */
function fixturesOf(folder: string, version: 'v1' | 'v2'): readonly ClientSet[] {
  if (!hasSharedData || !isThorough) return [];
  const isWhole = (name: string) =>
    !parts.has(`${version} ${name}`) &&
    existsSync(sharedFile(folder, name, 'expected/catalog.pgsql.json')) &&
    existsSync(sharedFile(folder, name, 'inputs'));
  return readdirSync(sharedFile(folder))
    .filter(isWhole)
    .map((name) => ({
      name,
      version,
      schemas: readdirSync(sharedFile(folder, name, 'inputs')).map((file) => sharedFile(folder, name, 'inputs', file)),
    }));
}

const standards: readonly ClientSet[] = [
  { name: '5.2', version: 'v1', schemas: [sharedFile('inputs', 'ds-5.2-core.json')] },
  { name: '5.2', version: 'v2', schemas: [sharedFile('inputs', 'ds-5.2-core.later.json')] },
  { name: '5.2', version: 'v2-natural', schemas: [sharedFile('inputs', 'ds-5.2-core.later.json')] },
];

const released = (['v1', 'v2'] as const).map((version) => ({
  name: 'standard',
  version,
  schemas: breakingRelease.after,
}));

// `npm run search -- clients`; typescript-client.long.spec.ts runs the own sets, with every rule
describe.runIf(hasSharedData && isThorough)(
  'the published sets (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () =>
    testDocuments(openTypeScriptClient, [
      ...standards,
      ...released,
      ...fixturesOf('fixtures', 'v1'),
      ...fixturesOf('fixtures-v2', 'v2'),
    ]),
);
