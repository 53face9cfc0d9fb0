import { build, failureOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { compiled } from '../bench.ts';
import { type EditableSet, schools, simple } from '../schools.ts';

const { integer, object, reference, string } = build;

/** The codes and messages (without the option) that refuse renames between the schools and an edited copy. */
function refused(
  edit: (set: EditableSet) => void,
  ...renames: readonly string[]
): readonly (readonly [string, string])[] {
  const before = schools();
  const after = schools();
  edit(after);
  const sets = [compiled(before.documents), compiled(after.documents)] as const;
  const { diagnostics } = failureOf(() => planUpgrade(...sets, { renames: renames.map(parseRename) }));
  return diagnostics.map(({ code, message }) => [code, message]);
}

const alias = (set: EditableSet) => {
  set.properties('schools').alias = string(30);
  delete set.properties('schools').nickname;
};

const toAlias = 'Core:School.$.nickname=Core:School.$.alias';

describe('a malformed rename', () => {
  it.each([
    ['Core:School.$.nickname', 'is not a rename; write <before>=<after>'],
    ['a=b=c', 'is not a rename; write <before>=<after>'],
    ['=Core:School', '"" does not name an object of a schema set'],
    ['Core:School=', '"" does not name an object of a schema set'],
    ['Core:=Core:School', '"Core:" does not name an object of a schema set'],
    ['Core:School=Core:Campus:Main', '"Core:Campus:Main" does not name an object of a schema set'],
  ])('%s', (text, expected) => {
    const { code, diagnostics } = failureOf(() => parseRename(text));
    expect([code, diagnostics[0].message]).toEqual(['UPGRADE_RENAME_INVALID', expect.stringContaining(expected)]);
  });
});

describe('a rename of an object that does not exist', () => {
  it.each([
    [
      'Core:School.$.nicknam=Core:School.$.alias',
      'the earlier set has nothing called Core:School.$.nicknam; did you mean "Core:School.$.nickname"',
    ],
    [
      'Core:School.$.nickname=Core:School.$.allias',
      'the later set has nothing called Core:School.$.allias; did you mean "Core:School.$.alias"',
    ],
    ['Core:Schol=Core:School', 'the earlier set has nothing called Core:Schol; did you mean "Core:School"'],
    ['Extra=Sports', 'the later set has nothing called Sports'],
    // a member of a reference has no name of its own: it follows the identity of the school
    [
      'Core:Room.$.schoolReference.schoolId=Core:Room.$.schoolReference.siteId',
      'the earlier set has nothing called Core:Room.$.schoolReference.schoolId',
    ],
  ])('%s', (rename, expected) => {
    expect(refused(alias, rename)).toContainEqual([
      'UPGRADE_RENAME_UNKNOWN',
      expect.stringContaining(`--rename ${rename}: ${expected}`),
    ]);
  });
});

describe('an ambiguous rename', () => {
  const two = (set: EditableSet) => {
    set.properties('schools').second = string(30);
    alias(set);
  };

  it('gives one object two names', () => {
    expect(refused(two, toAlias, 'Core:School.$.nickname=Core:School.$.second')).toEqual([
      ['UPGRADE_RENAME_AMBIGUOUS', expect.stringContaining('also names Core:School.$.nickname of the earlier set')],
    ]);
  });

  it('gives two objects one name', () => {
    const edit = (set: EditableSet) => {
      delete set.properties('schools').label;
      set.required('schools').splice(0, 2, 'schoolId');
      alias(set);
    };
    expect(refused(edit, toAlias, 'Core:School.$.label=Core:School.$.alias')).toEqual([
      ['UPGRADE_RENAME_AMBIGUOUS', expect.stringContaining('also names Core:School.$.alias of the later set')],
    ]);
  });

  it('starts from an object that both sets have', () => {
    const edit = (set: EditableSet) => {
      set.properties('schools').alias = string(30);
    };
    expect(refused(edit, toAlias)).toEqual([
      ['UPGRADE_RENAME_AMBIGUOUS', expect.stringContaining('the later set also has Core:School.$.nickname;')],
    ]);
    expect(refused((set) => set.add(simple('Hall')), 'Core:Room=Core:Hall')).toEqual([
      ['UPGRADE_RENAME_AMBIGUOUS', expect.stringContaining('the later set also has Core:Room;')],
    ]);
  });

  it('ends at an object that both sets have', () => {
    const edit = (set: EditableSet) => {
      delete set.properties('bookings').one;
    };
    expect(refused(edit, 'Core:Booking.$.one=Core:Booking.$.two')).toEqual([
      [
        'UPGRADE_RENAME_AMBIGUOUS',
        expect.stringContaining('Core:Booking.$.two of the earlier set is called Core:Booking.$.two in the later set'),
      ],
    ]);
  });

  it('stays within one schema set', () => {
    expect(refused(() => {}, 'Core:Booking.$.one=Core:Booking.$.two')).toEqual([
      ['UPGRADE_RENAME_AMBIGUOUS', expect.stringContaining('both sets are the same schema set')],
    ]);
  });

  it('is not one that is merely given twice', () => {
    const before = schools();
    const after = schools();
    alias(after);
    const renames = [toAlias, toAlias].map(parseRename);
    const plan = planUpgrade(compiled(before.documents), compiled(after.documents), { renames });
    expect(plan.renaming.renames).toEqual([{ before: 'Core:School.$.nickname', after: 'Core:School.$.alias' }]);
  });
});

describe('a rename that changes nothing', () => {
  const toSeat = 'Core:School.$.seats=Core:School.$.seat';
  const seat = (set: EditableSet) => {
    set.properties('schools').seat = integer();
    delete set.properties('schools').seats;
  };
  const asSpace = (set: EditableSet) => {
    set.resource('rooms').resourceName = 'Space';
    set.mapping('sections').Room.resourceName = 'Space';
  };

  it.each<readonly [string, (set: EditableSet) => void, readonly string[], string, string]>([
    [
      'is similar to one that would',
      seat,
      [],
      'Core:School.$.label=Core:School.$.label',
      `; did you mean "${toSeat}"?`,
    ],
    ['is not similar to one that would', seat, [], 'Extra=Extra', `; perhaps renamed: "${toSeat}".`],
    ['is the only one that there can be', (set) => set.add(simple('Hall')), [], 'Core:Room=Core:Room', '.'],
    ['is beside one that does', seat, [toSeat], 'Core:School.$.label=Core:School.$.label', '.'],
    ['follows from another one', asSpace, ['Core:Room=Core:Space'], 'Core:Room.$.floor=Core:Space.$.floor', '.'],
  ])('%s', (_name, edit, others, rename, nearest) => {
    const text = `--rename ${rename}: it has that name without this rename, which changes nothing${nearest}`;
    expect(refused(edit, ...others, rename)).toEqual([['UPGRADE_RENAME_UNUSED', text]]);
  });
});

describe('a rename between different things', () => {
  const differing = (edit: (set: EditableSet) => void, rename: string, expected: string) =>
    expect(refused(edit, rename)).toEqual([
      ['UPGRADE_RENAME_DIFFERS', expect.stringContaining(`--rename ${rename}: ${expected}`)],
    ]);

  it('of another kind', () => {
    const edit = (set: EditableSet) => {
      alias(set);
      set.add(build.descriptor('HallDescriptor'));
      delete set.core.resourceSchemas.bookings;
    };
    differing(edit, 'Core:School.$.nickname=Core:School', 'a path cannot become a resource');
    differing(edit, 'Core:Booking=Core:HallDescriptor', 'a resource cannot become a descriptor.');
    differing(
      (set) => {
        delete set.properties('schools').nickname;
        set.properties('schools').nicknames = build.array(object({ nickname: string(30) }, ['nickname']));
      },
      'Core:School.$.nickname=Core:School.$.nicknames[*]',
      'a property cannot become a collection.',
    );
  });

  it('fails if the new type cannot hold the values', () => {
    const edit = (set: EditableSet) => {
      delete set.properties('schools').nickname;
      set.properties('schools').alias = integer();
    };
    differing(edit, toAlias, 'values of type varchar(30) have no unique form in type integer.');
  });

  it('with another target', () => {
    const edit = (set: EditableSet) => {
      delete set.properties('schools').districtReference;
      delete set.mapping('schools').District;
      set.properties('schools').roomReference = object({ roomCode: string(20), schoolId: integer() }, [
        'roomCode',
        'schoolId',
      ]);
      set.mapping('schools').Room = reference(
        'Core:Room',
        [
          ['$.roomCode', '$.roomReference.roomCode'],
          ['$.schoolReference.schoolId', '$.roomReference.schoolId'],
        ],
        false,
      );
    };
    const rename = 'Core:School.$.districtReference=Core:School.$.roomReference';
    differing(edit, rename, 'it refers to documents of Core:District, and cannot refer to documents of Core:Room.');
  });

  it('in another place', () => {
    const inMeeting = (set: EditableSet) => {
      delete set.properties('sections').title;
      set.properties('sections').meetings.items.properties.heading = string(30);
    };
    const rename = 'Core:Section.$.title=Core:Section.$.meetings[*].heading';
    differing(inMeeting, rename, 'in the later set it belongs to $ of Core, not to $.meetings[*] of Core.');
    const inBooking = (set: EditableSet) => {
      delete set.properties('sections').title;
      set.properties('bookings').title = string(30);
    };
    const other = 'Core:Section.$.title=Core:Booking.$.title';
    differing(inBooking, other, 'a path stays in its resource, which is Core:Section in the later set.');
    const inExtension = (set: EditableSet) => {
      delete set.core.resourceSchemas.bookings;
      set.add(simple('Booking'), 'extra');
    };
    differing(
      inExtension,
      'Core:Booking=Extra:Booking',
      'a resource stays in its project, which is Core in the later set.',
    );
  });
});
