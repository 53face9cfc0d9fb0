import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { createProvisionedDatabase, ownSchemaFile, someOf } from '@dms/testing';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openPlans } from '../../../../../fixtures/clients/typescript/client.ts';
import { identityText, type Json, parse, referentialId } from '../../../../../fixtures/clients/typescript/values.ts';
import { ran } from '../ran.ts';
import { ownSets, testDocuments, testRefusals } from './client-tests.ts';
import { openTypeScriptClient } from './typescript-client.ts';

testDocuments(openTypeScriptClient, someOf(ownSets, 3));
testRefusals(openTypeScriptClient);

describe.each(someOf(mappingVersions, 2))('the client in TypeScript on %s', (version) => {
  it('finds documents page by page, and asks first whose database it is', async () => {
    const output = mkdtempSync(path.join(tmpdir(), 'dms-client-pages-'));
    const emit = ['emit', '--schema', ownSchemaFile('district'), '--mapping-version', version, '--dialect', 'pgsql'];
    await ran([...emit, '--output', output]);
    const database = await createProvisionedDatabase(readFileSync(path.join(output, 'pgsql.sql'), 'utf8'));
    const connection = new pg.Client(database.url);
    await connection.connect();
    try {
      const file = path.join(output, 'plans.pgsql.json');
      const client = await openPlans(file, connection);
      const agencies = [5, 3, 9, 7, 1].map((id) => ({ localEducationAgencyId: id, nameOfInstitution: `Agency ${id}` }));
      for (const agency of agencies) await client.write('Ed-Fi:LocalEducationAgency', JSON.stringify(agency));
      const found: unknown[] = [];
      let after: string | null = '0';
      const sizes: number[] = [];
      while (after !== null) {
        const page: Awaited<ReturnType<typeof client.query>> = await client.query(
          'Ed-Fi:LocalEducationAgency',
          {},
          2,
          after,
        );
        sizes.push(page.documents.length);
        found.push(...page.documents.map((text) => JSON.parse(text)));
        after = page.next;
      }
      expect([sizes, found]).toEqual([[2, 2, 1], agencies]);
      const nine = parse('{"id":9}').id as Json;
      const asked = await client.query('Ed-Fi:LocalEducationAgency', { localEducationAgencyId: nine }, 2);
      expect(asked.documents.map((text) => JSON.parse(text))).toEqual([agencies[2]]);
      const text = readFileSync(file, 'utf8');
      const hash: string = JSON.parse(text).mappingSetKey.effectiveSchemaHash;
      const other = path.join(output, 'other.json');
      writeFileSync(other, text.replace(hash, '0'.repeat(64)));
      await expect(openPlans(other, connection)).rejects.toThrow(`the database has the fingerprint ${hash}`);
    } finally {
      await connection.end();
      await database.drop();
      rmSync(output, { recursive: true });
    }
  });
});

interface Vector {
  readonly about: string;
  readonly resource: { readonly projectName: string; readonly resourceName: string };
  readonly parts: readonly { readonly path: string; readonly form: string; readonly value: string }[];
  readonly text: string;
  readonly referentialId: string;
}

const clients = path.resolve(import.meta.dirname, '../../../../../fixtures/clients');
const vectors: readonly Vector[] = JSON.parse(readFileSync(path.join(clients, 'identities.json'), 'utf8'));

describe('the client in TypeScript makes the identity of', () => {
  const rules = {
    emptyExtensionsHaveRows: true,
    keepsSecondFractions: true,
    absentValuesAreEqual: false,
    endsOfTime: {},
  };
  it.each(vectors)('$about', ({ resource: { projectName, resourceName }, parts, text, referentialId: id }) => {
    const raw = ['integer', 'decimal', 'boolean'];
    const elements = parts.map(({ path: at, form, value }) => {
      const { json } = parse(`{"json":${raw.includes(form) ? value : JSON.stringify(value)}}`);
      return `${at}=${identityText(json as Json, { path: at, form }, rules)}`;
    });
    expect(`${projectName}${resourceName}${elements.join('#')}`).toBe(text);
    expect(referentialId('edf1edf1-3df1-3df1-3df1-3df1edf1edf1', text)).toBe(id);
  });
});
