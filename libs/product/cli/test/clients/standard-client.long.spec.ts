import { hasSharedData, sharedFile } from '@dms/testing';
import { describe } from 'vitest';
import { testDocuments } from './client-tests.ts';
import { openTypeScriptClient } from './typescript-client.ts';

describe.skipIf(!hasSharedData)('the data standard 5.2 (needs the shared conformance data)', () => {
  testDocuments(openTypeScriptClient, [
    { name: '5.2', version: 'v1', schemas: [sharedFile('inputs', 'ds-5.2-core.json')] },
    { name: '5.2', version: 'v2', schemas: [sharedFile('inputs', 'ds-5.2-core.later.json')] },
  ]);
});
