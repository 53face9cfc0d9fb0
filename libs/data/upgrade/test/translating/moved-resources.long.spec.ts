import type { Connection } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { expectRenamed } from '../renamed.ts';
import { expectRenamedV2 } from '../renamed-v2.ts';
import { sessionForAll } from '../sessions.ts';
import { joinedSets } from './translated-sets.ts';

/* Resources that move into a project that both sets have (design 12a §6). */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const names = {
  label: (label: string) => label.replace(/^Preparation:/, 'Ed-Fi:'),
  document: <Document>(document: Document) => document,
};

describe('a project that joins another one', () => {
  it('keeps documents, uuids, versions and events, in the first generation', async () => {
    const { before, after, translation } = joinedSets('v1');
    const { plan } = await expectRenamed(connection, before, after, { ...names, translation });
    expect(plan.items.filter((item) => item.class === 'loss')).toEqual([]);
    expect(plan.items.some(({ change }) => change === 'table renamed')).toBe(true);
  });

  it('keeps rows, row ids, mirrors and tracked changes, in the second generation', async () => {
    const { before, after, translation } = joinedSets('v2');
    const { plan } = await expectRenamedV2(connection, before, after, { ...names, translation });
    expect(plan.items.filter((item) => item.class === 'loss')).toEqual([]);
  });
});
