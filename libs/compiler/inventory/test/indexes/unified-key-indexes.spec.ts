import { dialects } from '@dms/sql';
import { build, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../derived.ts';
import { indexLines } from '../inventory-lookup.ts';

const { descriptor, descriptorPath, object, project, reference, resource, string, uri } = build;

const surveyDocument = project('Ed-Fi', [
  descriptor('QuestionFormDescriptor'),
  resource('Survey', {
    identityJsonPaths: ['$.namespace', '$.surveyIdentifier'],
    jsonSchemaForInsert: object({ namespace: string(255), surveyIdentifier: string() }, [
      'namespace',
      'surveyIdentifier',
    ]),
  }),
  resource('SurveySection', {
    identityJsonPaths: ['$.surveyReference.namespace', '$.surveyReference.surveyIdentifier', '$.surveySectionTitle'],
    documentPathsMapping: {
      Survey: reference('Ed-Fi:Survey', [
        ['$.namespace', '$.surveyReference.namespace'],
        ['$.surveyIdentifier', '$.surveyReference.surveyIdentifier'],
      ]),
    },
    jsonSchemaForInsert: object(
      {
        surveyReference: object({ namespace: string(255), surveyIdentifier: string() }, [
          'namespace',
          'surveyIdentifier',
        ]),
        surveySectionTitle: string(255),
      },
      ['surveyReference', 'surveySectionTitle'],
    ),
  }),
  resource('SurveyQuestion', {
    identityJsonPaths: ['$.questionCode', '$.surveyReference.namespace', '$.surveyReference.surveyIdentifier'],
    equalityConstraints: [
      { sourceJsonPath: '$.surveyReference.namespace', targetJsonPath: '$.surveySectionReference.namespace' },
      {
        sourceJsonPath: '$.surveyReference.surveyIdentifier',
        targetJsonPath: '$.surveySectionReference.surveyIdentifier',
      },
    ],
    documentPathsMapping: {
      QuestionForm: descriptorPath('Ed-Fi:QuestionFormDescriptor', '$.questionFormDescriptor'),
      Survey: reference('Ed-Fi:Survey', [
        ['$.namespace', '$.surveyReference.namespace'],
        ['$.surveyIdentifier', '$.surveyReference.surveyIdentifier'],
      ]),
      SurveySection: reference(
        'Ed-Fi:SurveySection',
        [
          ['$.surveyReference.namespace', '$.surveySectionReference.namespace'],
          ['$.surveyReference.surveyIdentifier', '$.surveySectionReference.surveyIdentifier'],
          ['$.surveySectionTitle', '$.surveySectionReference.surveySectionTitle'],
        ],
        false,
      ),
    },
    jsonSchemaForInsert: object(
      {
        questionCode: string(),
        questionFormDescriptor: uri(),
        surveyReference: object({ namespace: string(255), surveyIdentifier: string() }, [
          'namespace',
          'surveyIdentifier',
        ]),
        surveySectionReference: object(
          { namespace: string(255), surveyIdentifier: string(), surveySectionTitle: string(255) },
          ['namespace', 'surveyIdentifier', 'surveySectionTitle'],
        ),
      },
      ['questionCode', 'questionFormDescriptor', 'surveyReference'],
    ),
  }),
]);

describe('the indexes of key-unified references', () => {
  it.each(dialects)(
    'are two, with different document ids before the shared canonical columns, in %s (case 8)',
    (dialect) => {
      const { inventory } = derive(dialect, surveyDocument);
      const support = inventory.indexes.filter(
        ({ table, kind }) => table.name === 'SurveyQuestion' && kind === 'ForeignKeySupport',
      );
      const lists = support.map(({ keyColumns }) => keyColumns);
      expect(lists).toHaveLength(3);
      expect(lists).toEqual(
        expect.arrayContaining([
          [
            'SurveySection_DocumentId',
            'Namespace_Unified',
            'SurveyIdentifier_Unified',
            'SurveySection_SurveySectionTitle',
          ],
          ['Survey_DocumentId', 'Namespace_Unified', 'SurveyIdentifier_Unified'],
          ['QuestionFormDescriptor_DescriptorId'],
        ]),
      );
      expect(indexLines(inventory, 'edfi.SurveyQuestion')).toContain(
        'UniqueConstraint UX_SurveyQuestion_NK (QuestionCode, Survey_DocumentId)',
      );
    },
  );

  it('are named by the canonical columns; only pgsql has to shorten the name (§6)', () => {
    const names = (dialect: (typeof dialects)[number]) =>
      derive(dialect, surveyDocument).inventory.indexes.map(({ name }) => name);
    expect(names('pgsql')).toContain('IX_SurveyQuestion_Survey_DocumentId_Namespace_Unifie_c282b98d87');
    expect(names('mssql')).toContain('IX_SurveyQuestion_Survey_DocumentId_Namespace_Unified_SurveyIdentifier_Unified');
  });

  it('are made of what the foreign keys hold: no alias is in a support index', () => {
    const { model, inventory } = derive('mssql', surveyDocument);
    const aliases = tableOf(model, 'edfi.SurveyQuestion')
      .columns.filter(({ storage }) => storage.kind === 'UnifiedAlias')
      .map(({ name }) => name);
    expect(aliases).toEqual(expect.arrayContaining(['Survey_Namespace', 'SurveySection_Namespace']));
    const support = inventory.indexes.filter(
      ({ table, kind }) => table.name === 'SurveyQuestion' && kind === 'ForeignKeySupport',
    );
    const indexed = support.flatMap(({ keyColumns }) => keyColumns);
    expect(indexed.filter((column) => aliases.includes(column))).toEqual([]);
  });
});
