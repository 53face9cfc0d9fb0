import { planUpgrade, type UpgradeItem } from '@dms/change';
import type { Connection } from '@dms/databases';
import type { MappingVersion } from '@dms/model';
import { failureOf, shareOf } from '@dms/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiled, openOnServer } from '../test/bench.ts';
import { evolutionPair, evolutions } from '../test/evolutions.ts';
import { schools } from '../test/schools.ts';
import { expectUpgradedV2 } from '../test/upgraded-v2.ts';

const isTold = ({ class: itemClass, change }: UpgradeItem) =>
  itemClass !== 'free' || !/^(?:trigger|index|unique|check|foreign key|constraint) /.test(change);
const brief = ({ class: itemClass, change, path }: UpgradeItem) => [itemClass, change, ...path].join(' ');
const isTracked = (item: string) => item.includes('tracked_changes_');

/** Only the first generation has positions of enclosing rows. */
const isParentPosition = (item: string) => /column renamed \S+ (?!Ordinal)\w+Ordinal$/.test(item);

interface TrackedChanges {
  /** The items of tracked-change tables. */
  readonly items: readonly string[];
  readonly allowLoss?: readonly string[];
  /** Tracked-change tables that must be empty, because their rows lack a value that the later set requires. */
  readonly emptied?: readonly string[];
}

/** What an evolution means for the tables of tracked changes, where it means something (design 15a §4). */
const trackedChanges: Readonly<Record<string, TrackedChanges>> = {
  'a reference that shares a part, so that a column becomes an alias': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchoolId_Unified',
      'free column renamed tracked_changes_core.Section OldSchoolId_Unified',
    ],
  },
  'an equality of values that are equal': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchoolId_Unified',
      'free column renamed tracked_changes_core.Section OldSchoolId_Unified',
    ],
  },
  'an equality taken back': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchool_SchoolId',
      'free column renamed tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'the reference that shares a part removed again': {
    items: [
      'free column renamed tracked_changes_core.Section NewSchool_SchoolId',
      'free column renamed tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'a longer string in an identity that others copy': {
    items: ['free type wider tracked_changes_core.Room NewRoomCode', 'free type wider tracked_changes_core.Room OldRoomCode'],
  },
  'a wider integer that others copy': {
    items: [
      'free type wider tracked_changes_core.Booking NewSection_SchoolId',
      'free type wider tracked_changes_core.Booking OldSection_SchoolId',
      'free type wider tracked_changes_core.Room NewSchool_SchoolId',
      'free type wider tracked_changes_core.Room OldSchool_SchoolId',
      'free type wider tracked_changes_core.School NewSchoolId',
      'free type wider tracked_changes_core.School OldSchoolId',
      'free type wider tracked_changes_core.Section NewSchool_SchoolId',
      'free type wider tracked_changes_core.Section OldSchool_SchoolId',
    ],
  },
  'a resource that sorts first': {
    items: ['free table added tracked_changes_core.Absence'],
  },
  'a resource that sorts last': {
    items: ['free table added tracked_changes_extra.Zebra'],
  },
  'a new member of an abstract resource': {
    items: ['free table added tracked_changes_core.Network'],
  },
  'a root that takes the name which another one gives up': {
    items: ['free table renamed tracked_changes_core.School', 'free table renamed tracked_changes_core.Zzz'],
  },
  'a root that takes the name which a later one gives up': {
    items: ['free table renamed tracked_changes_core.Aaa', 'free table renamed tracked_changes_core.Section'],
  },
  'roots that swap names': {
    items: ['free table renamed tracked_changes_core.Room', 'free table renamed tracked_changes_core.Section'],
  },
  'roots whose names go in a circle of three, a collection below one of them': {
    items: [
      'free table renamed tracked_changes_core.Room',
      'free table renamed tracked_changes_core.School',
      'free table renamed tracked_changes_core.Section',
    ],
  },
  'another schema': {
    items: ['free table renamed tracked_changes_elsewhere.Volunteer'],
  },
  'the schema of another project, which goes on to a third': {
    items: ['free table renamed tracked_changes_more.Volunteer', 'free table renamed tracked_changes_third.Volunteer'],
  },
  'the same with the later one first': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_third.Volunteer'],
  },
  'schemas that change places': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_more.Volunteer'],
  },
  'the schema of another project, whose table gets another name in the same go': {
    items: ['free table renamed tracked_changes_extra.Volunteer', 'free table renamed tracked_changes_more.Helper'],
  },
  'a resource removed': {
    items: ['loss table removed tracked_changes_extra.Volunteer'],
  },
  'a resource removed that others come after': {
    items: ['loss table removed tracked_changes_core.Booking'],
  },
  'one more part of an identity, copied by others': {
    items: [
      'checked required column added tracked_changes_core.Room OldFloor',
      'free column added tracked_changes_core.Room NewFloor',
    ],
    emptied: ['tracked_changes_core."Room"'],
  },
  'a part of an identity less': {
    items: ['loss column removed tracked_changes_core.Room NewFloor', 'loss column removed tracked_changes_core.Room OldFloor'],
    allowLoss: ['tracked_changes_core.Room'],
  },
  'a reference that becomes part of the identity': {
    items: [
      'checked required column added tracked_changes_core.Booking OldSection_SchoolId',
      'checked required column added tracked_changes_core.Booking OldSection_SectionCode',
      'free column added tracked_changes_core.Booking NewSection_SchoolId',
      'free column added tracked_changes_core.Booking NewSection_SectionCode',
    ],
    emptied: ['tracked_changes_core."Booking"'],
  },
};

/* On a server, as in evolutions.spec.ts. */

describe('a database of the second generation', () => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await openOnServer();
  }, 60_000);
  afterEach(() => connection.close());

  it.each(shareOf(Object.entries(evolutions), 5))(
    'is upgraded: %s',
    async (name, evolution) => {
      const [before, after] = evolutionPair(evolution, 'v2');
      const tracked = trackedChanges[name] ?? { items: [] };
      const prepare = async (session: Connection) => {
        await evolution.prepare?.(session);
        for (const table of tracked.emptied ?? []) await session.execute(`DELETE FROM ${table}`);
      };
      const { plan } = await expectUpgradedV2(connection, before, after, {
        allowLoss: [...(evolution.allowLoss ?? []), ...(tracked.allowLoss ?? [])],
        prepare,
        later: evolution.prepare ? null : undefined,
      });
      const items = plan.items.filter((item) => isTold(item) && item.change !== 'resource key').map(brief);
      expect(items.filter((item) => !isTracked(item)).sort()).toEqual(
        evolution.items.filter((item) => !isParentPosition(item)).sort(),
      );
      expect(items.filter(isTracked).sort()).toEqual([...tracked.items].sort());
    },
    60_000,
  );
});

describe('sets of two generations', () => {
  it.each([
    ['v1', 'v2'],
    ['v2', 'v1'],
  ] as const)('are refused: %s to %s', (earlier, later) => {
    const of = (version: MappingVersion) => compiled(schools().documents, 'pgsql', version);
    const [problem] = failureOf(() => planUpgrade(of(earlier), of(later))).diagnostics;
    expect(problem.code).toBe('UPGRADE_OTHER_GENERATION');
    expect(problem.message).toContain(`mapping version ${earlier}, the later one of ${later}`);
  });
});
