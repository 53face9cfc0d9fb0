import { hasSharedData, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { explored, exploredV2 } from '../../test/compiled-set.ts';
import { partySet } from '../../test/party-set.ts';
import { propagationSet } from '../../test/propagation-set.ts';
import { standard } from '../../test/test-sets.ts';
import { lookUp, type ModelLookup } from '../model-lookup.ts';
import { derivationNotes } from '../set-overview.ts';
import { type ChangeNode, type IdentityChange, identityChangeOf } from './identity-change.ts';
import { phraseText } from './phrase.ts';

/** The tree as lines: how each table is reached. */
function lines(node: ChangeNode, depth = 0): string[] {
  const own = `${'  '.repeat(depth)}${node.table.table.table.name} ${node.edge?.kind ?? 'start'}${node.changesIdentity ? ' identity' : ''}`;
  return [own, ...node.children.flatMap((child) => lines(child, depth + 1))];
}

function changeOf(lookup: ModelLookup, label: string): IdentityChange {
  const change = identityChangeOf(lookup, label);
  if (!change) throw new Error(`${label} has no table`);
  return change;
}

describe('a change of identity', () => {
  const pgsql = lookUp(explored('pgsql', propagationSet()));
  const mssql = lookUp(explored('mssql', propagationSet()));

  it('goes over cascading keys; a table that refers to itself is reached again', () => {
    const { root, tables, referentialIds, refusingTables } = changeOf(pgsql, 'Ed-Fi:A');
    expect(lines(root)).toEqual(['A start identity', '  A cascade identity', '  B cascade identity']);
    expect(tables.map(({ address }) => address.name)).toEqual(['A', 'B']);
    expect(referentialIds).toEqual(['Ed-Fi:A', 'Ed-Fi:B']);
    expect(refusingTables).toEqual([]);
  });

  it('goes over a trigger where a key cannot cascade', () => {
    expect(lines(changeOf(mssql, 'Ed-Fi:A').root).sort()).toEqual([
      '  A fallback identity',
      '  B cascade identity',
      'A start identity',
    ]);
    expect(derivationNotes(mssql).map(({ topic }) => topic)).toEqual(['Propagation by trigger']);
    expect(phraseText(derivationNotes(mssql)[0]?.text ?? [])).toContain('ParentA_DocumentId');
    expect(derivationNotes(pgsql)).toEqual([]);
  });

  it('is refused by keys that do not cascade, and ends there', () => {
    const { root, tables, refusingTables } = changeOf(pgsql, 'Ed-Fi:C');
    expect(lines(root)).toEqual(['C start identity', '  D refused']);
    expect(tables.map(({ address }) => address.name)).toEqual(['C']);
    expect(refusingTables.map(({ address }) => address.name)).toEqual(['D']);
  });

  it('is refused by a key of which another key updates only a part of the columns', () => {
    const { root, refusingTables } = changeOf(lookUp(explored('pgsql', partySet())), 'Ed-Fi:Person');
    expect(lines(root)).toEqual([
      'Person start identity',
      '  PartyIdentity abstract identity',
      '    Ticket cascade',
      '  Ticket refused',
    ]);
    expect(refusingTables.map(({ address }) => address.name)).toEqual(['Ticket']);
  });

  it('goes the same way where no referential ids are stored', () => {
    const documents = [ownSchema('district'), ownSchema('transport')];
    const natural = lookUp(exploredV2('pgsql', documents, 'v2-natural'));
    const hashed = lookUp(exploredV2('pgsql', documents));
    const changes = hashed.resources
      .map(({ label }) => label)
      .flatMap((label) => (identityChangeOf(hashed, label) ? [label] : []));
    expect(changes.filter((label) => lines(changeOf(hashed, label).root).length > 1)).not.toEqual([]);
    for (const label of changes) {
      const { root, referentialIds } = changeOf(natural, label);
      expect(lines(root), label).toEqual(lines(changeOf(hashed, label).root));
      expect(referentialIds).toEqual([]);
    }
  });

  it('names the triggers that act', () => {
    const { effects } = changeOf(pgsql, 'Ed-Fi:A').root;
    expect(effects.map(({ name }) => name)).toEqual(['TR_A_ReferentialIdentity', 'TR_A_Stamp']);
  });
});

describe.runIf(hasSharedData)('the standard 5.2 (needs the shared conformance data)', () => {
  // design 11 §1
  const mutable = [
    'ClassPeriod',
    'CourseOffering',
    'Grade',
    'GradebookEntry',
    'Location',
    'Section',
    'SectionAttendanceTakenEvent',
    'Session',
    'StaffSectionAssociation',
    'StudentGradebookEntry',
    'StudentSchoolAssociation',
    'StudentSchoolAttendanceEvent',
    'StudentSectionAssociation',
    'StudentSectionAttendanceEvent',
    'SurveySectionAssociation',
  ];

  // the row has its student twice: in this reference, which is not part of the identity, and in one whose target cannot
  // change with it
  const refusing: Readonly<Record<string, readonly string[]>> = {
    StudentSchoolAssociation: ['StudentAssessmentRegistrationBatteryPartAssociation'],
  };

  it.each(['pgsql', 'mssql'] as const)(
    'identities that may change are refused in one place only, and a change reaches every cascade to a concrete resource (%s)',
    (dialect) => {
      const lookup = lookUp(explored(dialect, standard()));
      const used = new Set<string>();
      const collect = (node: ChangeNode) => {
        if (node.edge?.kind === 'cascade') used.add(node.edge.key.name);
        node.children.forEach(collect);
      };
      for (const name of mutable) {
        const change = changeOf(lookup, `Ed-Fi:${name}`);
        expect(change.refusingTables.map(({ address }) => address.name)).toEqual(refusing[name] ?? []);
        collect(change.root);
      }
      const cascades = lookup.tables
        .filter(({ owner }) => owner.kind === 'resource')
        .flatMap(({ incoming }) =>
          incoming.filter(({ key }) => key.onUpdate === 'Cascade').map(({ key }) => `${key.name}`),
        );
      expect([...used].sort()).toEqual(cascades.sort());
      expect(cascades).toHaveLength(22);
    },
  );

  it('a school is refused on SQL Server by every key to it, and goes over the abstract identity on PostgreSQL', () => {
    const pgsql = lookUp(explored('pgsql', standard()));
    const mssql = lookUp(explored('mssql', standard()));
    expect(changeOf(mssql, 'Ed-Fi:School').tables.map(({ address }) => address.name)).toEqual([
      'School',
      'EducationOrganizationIdentity',
    ]);
    const change = changeOf(pgsql, 'Ed-Fi:School');
    expect(change.root.children[0]?.edge?.kind).toBe('abstract');
    expect(change.resources).toContain('Ed-Fi:Cohort');
  });
});
