import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { isThorough } from '@dms/testing';
import { describe } from 'vitest';
import { clientOfProcess } from './client-process.ts';
import { type OpenClient, ownSets, testDocuments, testRefusals } from './client-tests.ts';

/* The reference client in Python, which uses `plans.pgsql.json` and psycopg 3 alone. */

const program = path.resolve(import.meta.dirname, '../../../../../fixtures/clients/python/client.py');

/** A Python that has the driver: that of the path, or that of the system. */
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import sys, psycopg; sys.exit(psycopg.__version__ < "3")']).status === 0,
);

const open: OpenClient = async (artifacts, url) =>
  clientOfProcess(
    spawn(python ?? '', [program, path.join(artifacts, 'plans.pgsql.json')], {
      env: { ...process.env, CLIENT_DB: url },
    }),
  );

describe.skipIf(python === undefined)('the client in Python (needs python3 with psycopg 3)', () => {
  testDocuments(open, isThorough ? ownSets : ownSets.slice(1, 2));
  testRefusals(open);
});
