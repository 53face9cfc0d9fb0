import { readFileSync } from 'node:fs';
import { breakingRelease, build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { reportedPlan } from '../../src/plan/reported-plan.ts';
import { upgradeReport, upgradeText } from '../../src/plan/upgrade-report.ts';
import { parseRename, renameText } from '../../src/renaming/renaming.ts';
import { compiled } from '../bench.ts';
import { documentsOf, type RenameEvolution, renameEvolutions } from '../rename-evolutions.ts';
import { type EditableSet, schools, simple } from '../schools.ts';

const { integer, string } = build;

function planOf(edit: (set: EditableSet) => void, ...renames: readonly string[]) {
  const before = schools();
  const after = schools();
  edit(after);
  return planUpgrade(compiled(before.documents), compiled(after.documents), { renames: renames.map(parseRename) });
}

const candidatesOf = (edit: (set: EditableSet) => void, ...renames: readonly string[]) =>
  planOf(edit, ...renames).candidates.map(renameText);

const replace =
  (endpoint: string, before: string, ...after: readonly string[]) =>
  (set: EditableSet) => {
    const properties = set.properties(endpoint);
    for (const name of after) properties[name] = properties[before];
    delete properties[before];
  };

describe('a rename is proposed', () => {
  it('but not made for a property with similar words; the report names the option', () => {
    const earlier = schools();
    const later = schools();
    replace('schools', 'nickname', 'shortNickname')(later);
    const sets = [compiled(earlier.documents), compiled(later.documents)] as const;
    const plan = planUpgrade(...sets);
    const reported = reportedPlan(...sets, plan);
    const before = 'Core:School.$.nickname';
    const after = 'Core:School.$.shortNickname';
    expect(plan.candidates).toEqual([{ before, after }]);
    expect(upgradeReport([reported])).toContain(
      `Perhaps renamed: ${before} is gone and ${after} is new. If so: --rename '${before}=${after}'`,
    );
    expect(JSON.parse(upgradeText(reported))).toMatchObject({ renames: [], rename_candidates: [{ before, after }] });
    expect(plan.verdict).toBe('loss');
    expect(plan.items.map(({ change }) => change)).not.toContain('column renamed');
  });

  it('for a name that differs in a few letters', () => {
    expect(candidatesOf(replace('rooms', 'floor', 'floors'))).toEqual(['Core:Room.$.floor=Core:Room.$.floors']);
  });

  it.each([['meetings', 'classMeetings', 'Core:Section.$.meetings[*]=Core:Section.$.classMeetings[*]']])(
    'for a collection, but not for its contents: %s',
    (before, after, expected) => {
      expect(candidatesOf(replace('sections', before, after))).toEqual([expected]);
    },
  );

  it('for a resource and, once it is renamed, for its contents', () => {
    const edit = (set: EditableSet) => {
      delete set.core.resourceSchemas.bookings;
      set.add(simple('RoomBooking'));
    };
    const given = (set: EditableSet) => {
      set.core.resourceSchemas.bookings = simple('Booking').schema;
    };
    const before = schools();
    const after = schools();
    given(before);
    edit(after);
    after.properties('roomBookings').note = string(20);
    before.properties('bookings').notes = string(20);
    const sets = [compiled(before.documents), compiled(after.documents)] as const;
    expect(planUpgrade(...sets).candidates.map(renameText)).toEqual(['Core:Booking=Core:RoomBooking']);
    const renames = [parseRename('Core:Booking=Core:RoomBooking')];
    expect(planUpgrade(...sets, { renames }).candidates.map(renameText)).toEqual([
      'Core:Booking.$.notes=Core:RoomBooking.$.note',
    ]);
  });

  it('for the members of an abstract resource, which follows them: all proposals are accepted together', () => {
    const shared = renameEvolutions['a part of an identity that an abstract resource shares'] as RenameEvolution;
    const [before, after] = documentsOf({ ...shared, text: { '"code"': '"codes"', '"$.code"': '"$.codes"' } });
    const sets = [compiled(before), compiled(after)] as const;
    const { candidates } = planUpgrade(...sets);
    expect(candidates.map(renameText)).toEqual([
      'Core:Lease.$.code=Core:Lease.$.codes',
      'Core:Permit.$.code=Core:Permit.$.codes',
      'Extra:Volunteer.$.code=Extra:Volunteer.$.codes',
    ]);
    const plan = planUpgrade(...sets, { renames: candidates });
    expect(plan).toMatchObject({ verdict: 'rewritten', candidates: [] });
  });

  it('for an extension, but not for its contents', () => {
    const evolution: RenameEvolution = {
      text: { '"Extra"': '"Extras"', '"extra"': '"extras"' },
      renames: [],
      verdict: 'loss',
      items: [],
    };
    const [before, after] = documentsOf(evolution);
    expect(planUpgrade(compiled(before), compiled(after)).candidates.map(renameText)).toEqual(['Extra=Extras']);
  });

  it('for an extension with another name and endpoint that declares the same', () => {
    const evolution: RenameEvolution = {
      text: { '"Extra"': '"Sports"', '"extra"': '"sports"' },
      renames: [],
      verdict: 'loss',
      items: [],
    };
    const [before, after] = documentsOf(evolution);
    const sets = [compiled(before), compiled(after)] as const;
    expect(planUpgrade(...sets).candidates.map(renameText)).toEqual(['Extra=Sports']);
    expect(planUpgrade(...sets, { renames: [parseRename('Extra=Sports')] }).candidates).toEqual([]);
  });
});

describe('no rename is proposed', () => {
  it('if two objects are new, or two are gone', () => {
    expect(candidatesOf(replace('schools', 'nickname', 'nickname1', 'nickname2'))).toEqual([]);
    const two = (set: EditableSet) => {
      const properties = set.properties('bookings');
      properties.three = integer();
      for (const name of ['one', 'two']) delete properties[name];
      properties.oneTwo = integer();
    };
    expect(candidatesOf(two)).toEqual([]);
  });

  it('if type, kind or place differ', () => {
    const typed = (set: EditableSet) => {
      set.properties('schools').nicknames = integer();
      delete set.properties('schools').nickname;
    };
    const placed = (set: EditableSet) => {
      set.properties('sections').meetings.items.properties.title = string(30);
      delete set.properties('sections').title;
    };
    expect([candidatesOf(typed), candidatesOf(placed)]).toEqual([[], []]);
  });

  it('for an extension that declares something else', () => {
    const evolution: RenameEvolution = {
      text: {
        '"Extra"': '"Sports"',
        '"extra"': '"sports"',
        '"awards"': '"fields"',
        '"motto"': '"goals"',
        '"Volunteer"': '"Team"',
      },
      renames: [],
      verdict: 'loss',
      items: [],
    };
    const [before, after] = documentsOf(evolution);
    expect(planUpgrade(compiled(before), compiled(after)).candidates).toEqual([]);
  });

  it('if long names have much in common, but what differs is not alike', () => {
    const before = schools();
    const after = schools();
    before.add(simple('StaffEducationOrganizationContactAssociation'));
    after.add(simple('StaffEducatorPreparationProgramAssociation'));
    expect(planUpgrade(compiled(before.documents), compiled(after.documents)).candidates).toEqual([]);
  });

  it('if names share only a word without meaning', () => {
    expect(candidatesOf(replace('schools', 'seats', 'telephone'))).toEqual([]);
    const evolution = renameEvolutions['a descriptor of a document'] as RenameEvolution;
    const [before, after] = documentsOf(evolution);
    expect(planUpgrade(compiled(before), compiled(after)).candidates).toEqual([]);
  });

  it('for an object that is already renamed', () => {
    const rename = 'Core:School.$.nickname=Core:School.$.shortNickname';
    expect(candidatesOf(replace('schools', 'nickname', 'shortNickname'), rename)).toEqual([]);
  });
});

describe('a move is proposed', () => {
  const setOf = (files: readonly string[]) => compiled(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  const organizations = 'Ed-Fi:StudentEducationOrganizationAssociation';

  it('for what a release takes to another project, resource or object, and no rename', () => {
    const sets = [setOf(breakingRelease.before), setOf(breakingRelease.after)] as const;
    const plan = planUpgrade(...sets);
    expect(plan.moves.map(renameText)).toEqual([
      'Ed-Fi:School.$._ext.preparation.cohorts[*]=Ed-Fi:School.$.cohorts[*]',
      'Ed-Fi:School.$._ext.preparation.trainsTeachers=Ed-Fi:School.$.trainsTeachers',
      `${organizations}.$.addresses[*]=Ed-Fi:StudentDirectory.$.addresses[*]`,
      `${organizations}.$.hispanicLatinoEthnicity=Ed-Fi:StudentDemographic.$.hispanicLatinoEthnicity`,
      `${organizations}.$.languages[*]=Ed-Fi:StudentDemographic.$.languages[*]`,
      `${organizations}.$.races[*]=Ed-Fi:StudentDemographic.$.races[*]`,
      `${organizations}.$.sexDescriptor=Ed-Fi:StudentDemographic.$.sexDescriptor`,
      'Preparation:Candidate=Ed-Fi:Candidate',
      'Preparation:CertificationRouteDescriptor=Ed-Fi:CertificationRouteDescriptor',
      'Preparation:CohortKindDescriptor=Ed-Fi:CohortKindDescriptor',
    ]);
    expect(plan.candidates).toEqual([]);
    expect(upgradeReport([reportedPlan(...sets, plan)])).toContain(
      'Perhaps moved: what is gone at one place may be new at another; an upgrade in place does not follow it, "moves" of a translation do',
    );
    expect(JSON.parse(upgradeText(reportedPlan(...sets, plan))).move_candidates).toHaveLength(10);
  });

  it('in the same set neither', () => {
    expect(planUpgrade(setOf(breakingRelease.after), setOf(breakingRelease.after)).moves).toEqual([]);
  });

  it('not for a name that two places have got', () => {
    const before = schools();
    const after = schools();
    before.properties('schools').motto = string(20);
    for (const name of ['RoomMotto', 'SchoolMotto']) {
      after.add(simple(name));
      after.properties(`${name.charAt(0).toLowerCase()}${name.slice(1)}s`).motto = string(20);
    }
    expect(planUpgrade(compiled(before.documents), compiled(after.documents)).moves).toEqual([]);
  });
});
