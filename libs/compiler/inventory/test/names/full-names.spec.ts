import type { RelationalModelSet } from '@dms/model';
import { once, shortName, shortNameIn, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { derive } from '../derived.ts';
import { dialectFindings } from '../dialect-invariants.ts';
import { handMadeModel } from '../hand-made.ts';
import { triggerNames, triggerOf } from '../inventory-lookup.ts';
import { longNamed, longProperty, longRoot, longTarget } from '../long-names.ts';

const pascal = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

describe('the identifiers of a model with long names', () => {
  const pgsql = once(() => derive('pgsql', ...longNamed));
  const mssql = once(() => derive('mssql', ...longNamed));

  it('are shortened everywhere in pgsql and nowhere in mssql', () => {
    expect(mssql().model.shortenedNames).toEqual([]);
    expect(dialectFindings(pgsql().inventory, mssql().inventory)).toEqual([]);
    const { indexes, triggers } = pgsql().inventory;
    const names = JSON.stringify([indexes, triggers]).match(/"[A-Za-z0-9_]{64,}"/g) ?? [];
    // only names of resources stay long: they are not identifiers
    expect(new Set(names)).toEqual(new Set([`"${longTarget}"`, `"${longRoot}"`]));
  });

  it('are found in the model: tables and columns of all entries exist under these names', () => {
    for (const { table, keyColumns, kind } of pgsql().inventory.indexes) {
      if (kind === 'Explicit') continue;
      const columns = tableOf(pgsql().model, `${table.schema}.${table.name}`).columns.map(({ name }) => name);
      expect(keyColumns.filter((name) => !columns.includes(name))).toEqual([]);
    }
    const elements = triggerOf(pgsql().inventory, `edfi.${shortName(longRoot)}`, 'ReferentialIdentityMaintenance');
    expect(elements.identityElements.map(({ column }) => column)).toEqual([
      shortName(`SupportingTargetThatTheParticipationOfTheStudentIsReportedTo_${pascal(longProperty)}`),
      shortName('KindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor_DescriptorId'),
    ]);
  });

  it('are the keys of stamps: the document id is known by its role, whatever its name', () => {
    for (const [dialect, { model, inventory }] of [['pgsql', pgsql()] as const, ['mssql', mssql()] as const]) {
      const documentId = shortNameIn(dialect, `${longRoot}_DocumentId`);
      expect(documentId.endsWith('_DocumentId')).toBe(dialect === 'mssql');
      for (const end of ['Period', 'PeriodDetail']) {
        const table = `edfi.${shortNameIn(dialect, longRoot + end)}`;
        const roles = tableOf(model, table).key.columns.map(({ role }) => role);
        expect(roles).toEqual(['DocumentId', ...(end === 'Period' ? [] : ['ParentOrdinal']), 'Ordinal']);
        expect(triggerOf(inventory, table, 'DocumentStamping').keyColumns).toEqual([documentId]);
      }
    }
  });

  it('do not make the names of indexes: these come from the full names of table and columns', () => {
    const columns = [
      'SupportingTargetThatTheParticipationOfTheStudentIsReportedTo_DocumentId',
      'AccommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent_Unified',
    ];
    const full = `IX_${longRoot}_${columns.join('_')}`;
    for (const [dialect, { inventory }] of [['pgsql', pgsql()] as const, ['mssql', mssql()] as const]) {
      const index = inventory.indexes.find(({ name }) => name === shortNameIn(dialect, full));
      expect(index?.keyColumns).toEqual(columns.map((name) => shortNameIn(dialect, name)));
      expect(index?.table.name).toBe(shortNameIn(dialect, longRoot));
    }
    // shortening a name made of shortened names would give another name
    const [short, ...shortColumns] = [longRoot, ...columns].map((name) => shortName(name));
    expect(shortName(full)).not.toBe(shortName(`IX_${short}_${shortColumns.join('_')}`));
  });

  it('do not make the names of triggers: these come from the full name of the table', () => {
    const names = triggerNames(pgsql().inventory).map((line) => line.split(' ')[1]);
    for (const full of [
      `TR_${longRoot}_Stamp`,
      `TR_${longRoot}_ReferentialIdentity`,
      `TR_${longRoot}Period_Stamp`,
      `TR_${longRoot}PeriodDetail_Stamp`,
      `TR_${longRoot}Extension_Stamp`,
      `TR_${longRoot}ExtensionMark_Stamp`,
      `TR_${longTarget}_AbstractIdentity`,
      `TR_${longTarget}_AuthHierarchy_Insert`,
    ])
      expect(names).toContain(shortName(full));
  });

  it('do not make the name of a fallback trigger, where mssql shortens the name of its table', () => {
    const full = 'Receiver'.repeat(17);
    const name = shortNameIn('mssql', full);
    const table = { schema: 'edfi', name };
    const model: RelationalModelSet = {
      ...handMadeModel('mssql', { name, columns: ['Parent_DocumentId', 'Parent_Id'] }),
      shortenedNames: [{ kind: 'table', schema: 'edfi', table: null, name, fullName: full }],
      propagationFallbacks: [
        {
          targetTable: table,
          receiverTable: table,
          receiverFkColumn: 'Parent_DocumentId',
          columnMappings: [{ sourceColumn: 'Id', targetColumn: 'Parent_Id' }],
        },
      ],
    };
    expect(name).not.toBe(full);
    expect(triggerOf(deriveInventory(model), `edfi.${name}`, 'IdentityPropagationFallback').name).toBe(
      shortNameIn('mssql', `TR_${full}_PropagateIdentity`),
    );
  });

  it('leave the key column of a child recognizable as a document id by its full name', () => {
    const stamp = triggerOf(pgsql().inventory, `edfi.${shortName(`${longRoot}PeriodDetail`)}`, 'DocumentStamping');
    expect(stamp.keyColumns).toEqual([shortName(`${longRoot}_DocumentId`)]);
    expect(stamp.keyColumns[0]).not.toContain('_DocumentId');
  });

  it('are shortened in the projection: the canonical column of an alias', () => {
    const stamp = triggerOf(pgsql().inventory, `edfi.${shortName(longRoot)}`, 'DocumentStamping');
    expect(stamp.identityProjectionColumns).toEqual([
      shortName('AccommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent_Unified'),
      shortName('KindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor_DescriptorId'),
    ]);
  });

  it('are shortened in the hierarchy, the entity name is not', () => {
    expect(pgsql().inventory.authEdOrgHierarchy).toEqual({
      entities: [
        {
          entityName: longTarget,
          table: { schema: 'edfi', name: shortName(longTarget) },
          identityColumn: shortName(pascal(longProperty)),
          parentFks: [
            {
              denormalizedParentIdColumn: shortName(
                'SupportingEducationOrganizationThatTheTargetDependsUpon_EducationOrganizationIdThatIsUniqueAmongAll',
              ),
            },
          ],
        },
      ],
    });
  });

  it('leave the index of the hierarchy alone', () => {
    const explicit = pgsql().inventory.indexes.filter(({ kind }) => kind === 'Explicit');
    expect(explicit.map(({ name }) => name)).toEqual(['IX_EducationOrganizationIdToEducationOrganizationId_Target']);
    expect(explicit[0]?.name).toHaveLength(58);
  });
});
