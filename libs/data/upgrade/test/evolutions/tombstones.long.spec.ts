import type { Connection } from '@dms/databases';
import { counted, DmsError } from '@dms/diagnostics';
import { givenScript } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { contentsOf } from '../bench.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { sessionForEach } from '../sessions.ts';
import { expectUpgradedV2, provisioned } from '../upgraded-v2.ts';
import { trackedRows, writeTrackedRows } from '../written-rows.ts';

/* Recorded deletes and key changes of a resource whose identity gets another member (design 12 §10). */

const name = 'a reference that becomes part of the identity';
const evolution = evolutions[name];
if (!evolution) throw new Error(`there is no evolution ${name}`);
const [before, after] = evolutionPair(evolution, 'v2');
const table = 'tracked_changes_core.Booking';

describe('recorded deletes that lack a new member of the identity', () => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  /** A database in which only recorded changes of documents that are gone are in the way. */
  const given = async (session: Connection) => {
    await provisioned(session, before, contentsOf(before.model));
    await evolution.prepare?.(session);
    await writeTrackedRows(session, before);
  };

  it('stop the upgrade, which says what they are and how to go on', async () => {
    await given(connection);
    const rows = (await trackedRows(connection, before)).get(table)?.length ?? 0;
    expect(rows).toBeGreaterThan(0);
    const error = await applyUpgrade(connection, before, after).catch((thrown: unknown) => thrown);
    if (!(error instanceof DmsError)) throw new Error('nothing was refused', { cause: error });
    expect([...new Set(error.diagnostics.map(({ code }) => code))]).toEqual(['UPGRADE_ROWS_OBJECT']);
    const { message } = error.diagnostics[0];
    expect(message).toContain(`Core:Booking: required column added: ${table}.`);
    expect(message).toContain(counted(rows, 'row has no value', 'rows have no value'));
    expect(message).toContain('They are recorded deletes and key changes of documents, which do not have this value: ');
    expect(message).toContain(`permit their loss with --allow-loss ${table}; clients of the change feed`);
    expect(message).not.toContain('Change them');
  });

  it.each([table, 'Core.Booking'])('are dropped with a permission for %s, and no others', async (permission) => {
    const { losses, plan } = await expectUpgradedDropping(permission);
    expect(losses.map(({ item, count }) => [item.change, item.path[0], count > 0])).toEqual([
      ['tracked changes dropped', table, true],
    ]);
    expect(plan.verdict).toBe('loss');
    expect((await trackedRows(connection, after)).get(table)).toEqual([]);
    const others = [...(await trackedRows(connection, after))].filter(([each]) => each !== table);
    expect(others.some(([, list]) => list.length > 0)).toBe(true);
  });

  const expectUpgradedDropping = async (permission: string) => {
    await given(connection);
    return applyUpgrade(connection, before, after, { allowLoss: [permission] });
  };

  it('are listed as a loss in the plan only where it is permitted', () => {
    const tracked = (allowLoss: readonly string[]) =>
      planUpgrade(before, after, { allowLoss })
        .items.filter(({ path }) => path[0] === table && path[1]?.startsWith('Old'))
        .map(({ class: itemClass, change }) => `${itemClass} ${change}`);
    expect([...new Set(tracked([]))]).toEqual(['checked required column added']);
    expect([...new Set(tracked([table]))]).toEqual(['loss tracked changes dropped']);
  });

  it('that are not there need no permission', async () => {
    const prepare = async (session: Connection) => {
      await evolution.prepare?.(session);
      await session.execute(givenScript('DELETE FROM tracked_changes_core."Booking"'));
    };
    const later = evolution.prepare ? null : undefined;
    expect((await expectUpgradedV2(connection, before, after, { prepare, later })).losses).toEqual([]);
  });
});
