import { describe, expect, it } from 'vitest';
import { a, b, optional, s, sameA, sameX, to, x } from '../../test/propagating-resources.ts';
import { derived } from '../../test/propagation-outcomes.ts';

describe('the report (design 11 §3.4)', () => {
  it('has a note per covered edge with the covering key', () => {
    const { notes } = derived([a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }], 'mssql');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({
      code: 'PROPAGATION_COVERED',
      class: 'N',
      where: { resource: 'Core:R', path: '$.bReference' },
      details: { receiver: 'core.R', target: 'core.B', key: 'FK_R_B_RefKey' },
    });
    expect(Object.values(notes[0]?.details ?? {})).toContain('FK_R_A_RefKey');
    expect(notes[0]?.message).toContain('FK_R_A_RefKey');
  });

  it.each([
    {
      reason: 'cycle',
      resources: [{ ...a, references: [optional('A', 'Parent')] }],
      receiver: 'core.A',
      target: 'core.A',
      key: 'FK_A_Parent_RefKey',
    },
    {
      reason: 'convergence',
      resources: [a, b, { name: 'R', references: [to('A'), to('B')] }],
      receiver: 'core.R',
      target: 'core.B',
      key: 'FK_R_B_RefKey',
    },
    {
      reason: 'late',
      resources: [x, s, { name: 'R', references: [to('S'), to('X')], equal: sameX }],
      receiver: 'core.R',
      target: 'core.XIdentity',
      key: 'FK_R_X_RefKey',
    },
  ])('has a note per fallback edge with its reason: $reason', ({ reason, resources, receiver, target, key }) => {
    const { notes } = derived(resources, 'mssql');
    const note = notes.find(({ details }) => details.key === key);
    expect(note).toMatchObject({
      code: 'PROPAGATION_FALLBACK',
      class: 'N',
      details: { receiver, target, key, reason },
    });
    expect(note?.message).toContain(key);
  });

  it('is empty where every edge cascades, and for PostgreSQL', () => {
    expect(derived([a, b], 'mssql').notes).toEqual([]);
    expect(derived([a, b, { name: 'R', references: [to('A'), to('B')] }], 'pgsql').notes).toEqual([]);
  });
});
