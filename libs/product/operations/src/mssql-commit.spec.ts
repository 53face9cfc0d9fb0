import { parseTarget, provision } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import { deriveInventory } from '@dms/inventory';
import { ownSchema, provisionedMssql, schemaSetOf } from '@dms/testing';
import { expect, it } from 'vitest';

/* A connection that breaks while SQL Server commits a provisioning: the tool reads how that ended (design 09 §2.7). */

const { model } = deriveModel(schemaSetOf('v1', [ownSchema('campus')]), 'mssql', { strict: false });
const { script, catalog } = emitDdl(model, deriveInventory(model));
const info = model.effectiveSchema;

async function provisioned(point: 'before' | 'after') {
  const recorded = provisionedMssql({ info, catalog, script }, undefined, () => recorded.done.includes('commit'));
  recorded.breaks = (line) => (line === 'commit' && !recorded.done.includes('commit') ? point : null);
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const options = { load: recorded.load, retryDelays: [], verify: false };
  return provision(target, { info, script, catalog, scriptSha256: null }, options).then(
    ({ warnings }) => warnings.map(({ code }) => code),
    (error: unknown) => {
      if (!(error instanceof DmsError)) throw error;
      expect(error.message).not.toContain('Nothing was changed');
      return [error.code, error.diagnostics[0].details.state];
    },
  );
}

it('finds the database complete after a COMMIT whose answer was lost', async () => {
  expect(await provisioned('after')).toEqual(['PROVISION_COMMIT_CONFIRMED']);
});

it('says that it is unknown, and what it found, after a COMMIT that was lost', async () => {
  expect(await provisioned('before')).toEqual(['PROVISION_COMMIT_UNKNOWN', 'empty']);
});
