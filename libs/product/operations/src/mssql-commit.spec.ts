import { openDatabase, parseTarget, provision } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import { deriveInventory } from '@dms/inventory';
import { empty, textOf } from '@dms/sql';
import { type BreakPoint, provisionedAnswers, provisionedMssql, RecordedMssql, schemaSetOf } from '@dms/testing';
import { planUpgrade, upgradeDatabase } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { ownSets } from '../test/own-sets.ts';

/*
 * A connection that breaks while SQL Server commits: the tool reads the outcome of the commit (design 09 §2.7, 12 §7).
 */

const compiled = (side: 'before' | 'after') => {
  const { model } = deriveModel(schemaSetOf('v1', ownSets.v1[side]), 'mssql', { strict: false });
  const inventory = deriveInventory(model);
  const { script, catalog } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: new Map() };
};
const before = compiled('before');
const after = compiled('after');

const { target } = parseTarget('mssql://sa@h/d', 'mssql');
if (target.kind !== 'server') throw new Error('a server was named');
const server = target;

const leavesOpen = 'it may have been done';

/**
 * The codes of the warnings of a run; or of its error the code, the state, and whether it says that nothing was changed.
 * What was found out is not left open.
 */
const saidBy = (run: Promise<readonly { readonly code: string; readonly message: string }[]>) =>
  run.then(
    (warnings) => {
      for (const { message } of warnings) expect(message).not.toContain(leavesOpen);
      return warnings.map(({ code }) => code);
    },
    (error: unknown) => {
      if (!(error instanceof DmsError)) throw error;
      const { state } = error.diagnostics[0].details;
      expect(error.message.includes(leavesOpen)).toBe(error.code === 'PROVISION_COMMIT_UNKNOWN' && state === 'unknown');
      if (state === 'unknown') expect(error.message).toContain('may have been done');
      return [error.code, error.diagnostics[0].details.state, error.message.includes('othing was changed')];
    },
  );

describe('a provisioning', () => {
  async function provisioned(point: BreakPoint) {
    const { info, script, catalog } = before;
    const recorded = provisionedMssql(before, undefined, () => recorded.done.includes('commit'));
    recorded.breaks = (line) => (line === 'commit' && !recorded.done.includes('commit') ? point : null);
    const options = { load: recorded.load, retryDelays: [], verify: false };
    return saidBy(
      provision(server, { info, script, catalog, scriptSha256: null }, options).then(({ warnings }) => warnings),
    );
  }

  it('finds the database complete after a COMMIT whose answer was lost', async () => {
    expect(await provisioned('after')).toEqual(['PROVISION_COMMIT_CONFIRMED']);
  });

  it('says that it is unknown, and what it found, after a COMMIT that was lost', async () => {
    expect(await provisioned('before')).toEqual(['PROVISION_COMMIT_UNKNOWN', 'empty', false]);
  });
});

describe('an upgrade', () => {
  const last =
    textOf(planUpgrade(before, after).statements.at(-1)?.sql ?? empty)
      .split('\nGO\n')
      .at(-1) ?? '';

  /** A server whose database changes in the transaction of the upgrade, and stays changed if it was committed. */
  function upgradable(): RecordedMssql {
    const answers = { before: provisionedAnswers(before), after: provisionedAnswers(after) };
    const isUpgraded = () => {
      const { sent, done } = recorded;
      const own = sent.slice(sent.findLastIndex((line) => line.startsWith('begin')));
      return done.includes('commit') || own.includes(`batch ${last}`);
    };
    const recorded: RecordedMssql = new RecordedMssql((text, parameters) =>
      answers[isUpgraded() ? 'after' : 'before'](text, parameters),
    );
    return recorded;
  }

  /** Breaks the connection at the COMMIT; with `isGone`, also refuses further connections. */
  async function upgraded(point: BreakPoint | null, isGone = false) {
    const recorded = upgradable();
    let isBroken = false;
    recorded.breaks = (line) => {
      if (line !== 'commit' || isBroken) return null;
      isBroken = true;
      return point;
    };
    const open: typeof openDatabase = async (each, options) => {
      if (isBroken && isGone) throw new Error('the server is gone');
      return openDatabase(each, { ...options, load: recorded.load });
    };
    const said = await saidBy(
      upgradeDatabase(server, before, after, { open }).then(({ diagnostics }) =>
        // the recording keeps no history
        diagnostics.filter(({ code }) => code !== 'UPGRADE_NOT_RECORDED'),
      ),
    );
    expect(isBroken).toBe(true);
    return said;
  }

  it('says nothing of a COMMIT that was answered', async () => {
    expect(await upgraded(null)).toEqual([]);
  });

  it('finds the database upgraded after a COMMIT whose answer was lost', async () => {
    expect(await upgraded('after')).toEqual(['UPGRADE_COMMIT_CONFIRMED']);
  });

  it.each(['before', 'during'] as const)(
    'says that it found the earlier set after a COMMIT that was lost %s',
    async (point) => {
      expect(await upgraded(point)).toEqual(['UPGRADE_COMMIT_UNKNOWN', 'before', true]);
    },
  );

  it('does not say that nothing was changed where nobody can be asked', async () => {
    expect(await upgraded('after', true)).toEqual(['UPGRADE_COMMIT_UNKNOWN', 'unknown', false]);
  });
});
