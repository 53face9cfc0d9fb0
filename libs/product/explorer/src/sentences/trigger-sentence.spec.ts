import { triggerSentence } from '@dms/inventory';
import { dialects } from '@dms/sql';
import { ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { explored, exploredV2 } from '../../test/compiled-set.ts';
import { propagationSet } from '../../test/propagation-set.ts';
import { testSets } from '../../test/test-sets.ts';
import type { PlainTrigger } from '../explored-set.ts';
import { lookUp } from '../model-lookup.ts';
import { type Phrase, phraseText, type Term } from './phrase.ts';

const terms = (phrase: Phrase, kind: Term['term']) =>
  phrase.flatMap((piece) => (typeof piece !== 'string' && piece.term === kind ? [piece.text] : [])).sort();

interface ExpectedSentence {
  readonly column: readonly string[];
  readonly path?: readonly string[];
  readonly table?: readonly string[];
  readonly resource?: readonly string[];
  /** Words for the events of design 05 §3.3; `changes` is an update that changes a named column. */
  readonly event: readonly string[];
}

/** The terms that a sentence must have, and no others, from the entry of the inventory (design 05 §3.3). */
function expectedTerms(trigger: PlainTrigger): ExpectedSentence {
  const { keyColumns, identityProjectionColumns: projection } = trigger;
  switch (trigger.kind) {
    case 'DocumentStamping':
      return projection.length > 0
        ? { column: [...keyColumns, ...projection], event: ['updated', 'deleted', 'changes'] }
        : { column: keyColumns, event: ['inserted', 'updated', 'deleted'] };
    case 'ReferentialIdentityMaintenance': {
      const blocks = [trigger, ...(trigger.superclassAlias ? [trigger.superclassAlias] : [])];
      return {
        column: projection,
        path: blocks.flatMap(({ identityElements }) =>
          identityElements.map(({ identityJsonPath }) => identityJsonPath),
        ),
        resource: blocks.map(({ projectName, resourceName }) => `${projectName}:${resourceName}`),
        event: ['inserted', 'changes'],
      };
    }
    case 'AbstractIdentityMaintenance':
      return {
        column: [
          ...projection,
          ...trigger.targetColumnMappings.flatMap(({ sourceColumn, targetColumn }) => [sourceColumn, targetColumn]),
        ],
        table: [`${trigger.targetTable.schema}.${trigger.targetTable.name}`],
        event: ['inserted', 'changes'],
      };
    case 'IdentityPropagationFallback':
      return {
        column: [
          ...projection,
          ...trigger.referrerUpdates.flatMap(({ referrerFkColumn, targetColumnMappings }) => [
            referrerFkColumn,
            ...targetColumnMappings.flatMap(({ sourceColumn, targetColumn }) => [sourceColumn, targetColumn]),
          ]),
        ],
        table: trigger.referrerUpdates.map(({ referrerTable }) => `${referrerTable.schema}.${referrerTable.name}`),
        event: ['changes'],
      };
    case 'AuthHierarchyMaintenance': {
      const { identityColumn, parentFks } = trigger.entity;
      const event = { Insert: 'inserted', Update: 'updated', Delete: 'deleted' }[trigger.triggerEvent];
      return {
        column: [identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)],
        table: ['auth.EducationOrganizationIdToEducationOrganizationId'],
        event: trigger.triggerEvent === 'Insert' && parentFks.length === 0 ? [event, 'updated'] : [event],
      };
    }
  }
}

describe.each([...testSets(), ['propagation', propagationSet] as const])(
  'what triggers do, in sentences: %s',
  (_, documents) => {
    it.each(dialects)(
      'each names the columns, paths, tables, resources and events of its entry, and no others (%s)',
      (dialect) => {
        const { set, tables } = lookUp(explored(dialect, documents()));
        const shown = tables.flatMap(({ triggers }) => triggers);
        expect(shown.length).toBe(set.inventory.triggers.length);
        for (const trigger of shown) {
          const sentence = triggerSentence(trigger);
          const { column, path = [], table = [], resource = [], event } = expectedTerms(trigger);
          expect(
            {
              column: terms(sentence, 'column'),
              path: terms(sentence, 'path'),
              table: terms(sentence, 'table'),
              resource: terms(sentence, 'resource'),
              event: terms(sentence, 'event'),
            },
            trigger.name,
          ).toEqual({
            column: [...column].sort(),
            path: [...path].sort(),
            table: [...table].sort(),
            resource: [...resource].sort(),
            event: [...event].sort(),
          });
          if (trigger.kind === 'AbstractIdentityMaintenance')
            expect(sentence.join('')).toContain(trigger.discriminatorValue);
          if (trigger.kind === 'ReferentialIdentityMaintenance')
            expect(sentence).toContain(String(trigger.resourceKeyId));
        }
      },
    );
  },
);

describe('stamps of the second generation', () => {
  const { set } = lookUp(exploredV2('pgsql', [ownSchema('district'), ownSchema('transport')]));
  const sentence = (table: string) => {
    const found = set.inventory.triggers.find((each) => each.kind === 'DocumentStamping' && each.table.name === table)!;
    return phraseText(triggerSentence(found));
  };

  it('mirror the versions in the root, and track deletes and changes', () => {
    expect(sentence('Student')).toBe(
      'When a row is updated or deleted, gives the document in DocumentId a new ContentVersion; when StudentUniqueId changes, also a new IdentityVersion. Repeats its versions in edfi.Student. Notes documents that go and keys that change in tracked_changes_edfi.Student.',
    );
    expect(sentence('SchoolAddress')).toBe(
      'When a row is inserted, updated or deleted, gives the document in School_DocumentId a new ContentVersion. Repeats its versions in edfi.School.',
    );
  });
});
