import { describe, expect, it } from 'vitest';
import { releasedAndNow } from '../../test/upgrade-sets.ts';
import { verifyUpgrade } from './verify-upgrade.ts';

describe('an upgrade of the schemas of this repository', () => {
  it.each(['pgsql', 'mssql'] as const)(
    'is proven on %s',
    async (dialect) => {
      const [before, after] = releasedAndNow(dialect);
      const { plan, documents } = await verifyUpgrade(before, after);
      expect(plan.verdict).toBe('rewritten');
      expect(documents === null).toBe(dialect === 'mssql');
      if (documents !== null) expect(documents).toBeGreaterThan(60);
    },
    60_000,
  );
});
