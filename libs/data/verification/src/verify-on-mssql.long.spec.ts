import { parseTarget } from '@dms/databases';
import { type MainGeneration, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ownInput } from '../test/inputs.ts';
import { serverOnPostgres } from '../test/mssql/server-on-postgres.ts';
import { allPassed, stepsOf } from '../test/report-steps.ts';
import { verifyScript } from './index.ts';

/*
 * Whole verifications over a driver that answers as SQL Server does: with its numbers and words, the label and the
 * statement around them, and without savepoints. PostgreSQL does the work, so the bodies that are tried are those of the
 * script for PostgreSQL. `sent-texts.long.spec.ts` and `mssql-server.long.spec.ts` check the statements as T-SQL.
 */

const { target } = parseTarget('mssql://sa:geheim7@h:1444/d', 'mssql');
const patience = 900_000;

/** The steps of a verification, and what it found; `change` is made to the script that PostgreSQL runs. */
async function verified(version: MainGeneration, change: (script: string) => string = (script) => script) {
  const input = await ownInput('mssql', version);
  const pgsql = await ownInput('pgsql', version);
  const server = await serverOnPostgres(input, { ...pgsql, script: change(pgsql.script) });
  try {
    const report = await verifyScript(target, input, { load: server.driver.load, retryDelays: [] });
    expect(server.untranslated).toEqual([]);
    const { tablesSkipped } = report.behaviour;
    return { steps: stepsOf(report), found: report.diagnostics.map(({ message }) => message), tablesSkipped };
  } finally {
    await server.close();
  }
}

describe.each(usualGenerations())('a verification of %s on SQL Server', (version) => {
  it(
    'passes every step, and leaves no table out',
    async () => {
      expect(await verified(version)).toEqual({ steps: allPassed, found: [], tablesSkipped: [] });
    },
    patience,
  );
});

describe('a verification of v2 on SQL Server', () => {
  it(
    'finds a trigger that refuses in other words',
    async () => {
      const { steps, found } = await verified('v2', (script) => {
        const changed = script.replace('diverges from the owning', 'is not that of the owning');
        expect(changed).not.toBe(script);
        return changed;
      });
      expect(steps).toContain('core-behaviour failed');
      expect(found.join('\n')).toMatch(/^C15 dms\.Descriptor of another resource: expected 50000 /m);
    },
    patience,
  );
});
