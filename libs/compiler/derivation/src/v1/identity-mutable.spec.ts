import { build, hasSharedData } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52, tpdm } from '../../test/data-standard.ts';
import { draftBefore } from '../../test/drafts.ts';
import {
  a,
  b,
  documentsOf,
  optional,
  type PropagatingResource,
  plain,
  s,
  to,
  x,
} from '../../test/propagating-resources.ts';
import { identityMutableResources } from './identity-mutable.ts';

type MutableDocuments = readonly build.JsonRecord[];

describe('which resources are identity-mutable (design 11 §1)', () => {
  const mutableIn = (...documents: MutableDocuments) =>
    [...identityMutableResources(draftBefore(undefined, documents))].sort();
  const mutableOf = (resources: readonly PropagatingResource[]) => mutableIn(...documentsOf(resources));

  it('the flagged ones, and all whose identity holds a reference to one, over any number of steps', () => {
    const resources = [
      a,
      b,
      { name: 'C', references: [to('B')] },
      { name: 'D', references: [plain('A'), optional('B')] },
      { name: 'E', references: [to('D')] },
    ];
    expect(mutableOf(resources)).toEqual(['Core:A', 'Core:B', 'Core:C']);
  });

  it('an abstract resource with such a member, and what has it in its identity, but no other member', () => {
    const resources = [
      x,
      s,
      { name: 'T', memberOf: 'X' },
      { name: 'R', references: [to('X')] },
      { name: 'Y', isAbstract: true },
      { name: 'U', memberOf: 'Y' },
    ];
    expect(mutableOf(resources)).toEqual(['Core:R', 'Core:S', 'Core:X']);
  });

  it('a circle of identities adds nothing by itself', () => {
    const resources = [x, { name: 'T', memberOf: 'X', references: [to('R')] }, { name: 'R', references: [to('X')] }];
    expect(mutableOf(resources)).toEqual([]);
    const flagged = [
      x,
      { name: 'T', memberOf: 'X', references: [to('R')], flag: true },
      { name: 'R', references: [to('X')] },
    ];
    expect(mutableOf(flagged)).toEqual(['Core:R', 'Core:T', 'Core:X']);
  });

  it('never a descriptor', () => {
    const core = build.project('Core', [build.descriptor('ColorDescriptor', { allowIdentityUpdates: true })]);
    expect(mutableIn(core)).toEqual([]);
  });

  it.runIf(hasSharedData)('fifteen in the data standard 5.2, with TPDM too (needs the shared conformance data)', () => {
    const flagged = [
      'ClassPeriod',
      'Grade',
      'GradebookEntry',
      'Location',
      'Section',
      'Session',
      'StudentSchoolAssociation',
      'StudentSectionAssociation',
    ];
    const added = [
      'CourseOffering',
      'SectionAttendanceTakenEvent',
      'StaffSectionAssociation',
      'StudentGradebookEntry',
      'StudentSchoolAttendanceEvent',
      'StudentSectionAttendanceEvent',
      'SurveySectionAssociation',
    ];
    const expected = [...flagged, ...added].map((name) => `Ed-Fi:${name}`).sort();
    expect(mutableIn(core52())).toEqual(expected);
    expect(mutableIn(core52(), tpdm())).toEqual(expected);
  });
});
