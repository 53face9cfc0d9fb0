import type { AbstractIdentityTrigger } from '@dms/inventory';
import { textOf } from '@dms/sql';
import { expect, it } from 'vitest';
import { abstractIdentityRule } from './abstract-identities.ts';

/* Schools are members of organizations; the query and the program make the same row of one. */

const trigger = (resourceKeyIdValue?: number) =>
  ({
    kind: 'AbstractIdentityMaintenance',
    table: { schema: 'campus', name: 'School' },
    targetTable: { schema: 'campus', name: 'Organization' },
    targetColumnMappings: [{ sourceColumn: 'SchoolId', targetColumn: 'OrganizationId' }],
    ...(resourceKeyIdValue === undefined ? {} : { resourceKeyIdValue }),
    discriminatorValue: 'Campus:School',
  }) as unknown as AbstractIdentityTrigger;

it.each([
  { member: trigger(), key: {}, values: ['t."SchoolId"', "'Campus:School'"] },
  { member: trigger(4), key: { ResourceKeyId: '4' }, values: ['t."SchoolId"', '4', "'Campus:School'"] },
])('a school requires its id and what all schools share: $values', ({ member, key, values }) => {
  const rule = abstractIdentityRule(member.targetTable, [member], new Set(), 'pgsql');
  const [arm] = rule.expected.arms;
  const row = arm?.row({ DocumentId: '7', SchoolId: '255', Name: 'A' });
  expect(arm?.columns).toEqual(['DocumentId', 'SchoolId']);
  expect(row).toEqual({ DocumentId: '7', OrganizationId: '255', ...key, Discriminator: 'Campus:School' });
  expect(arm?.values.map(textOf)).toEqual(values);
  // the program names the columns whose values the query has, in the same order
  expect(Object.keys(row ?? {})).toEqual([...rule.key, ...rule.values.map(({ column }) => column)]);
});
