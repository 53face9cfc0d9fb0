import { build, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf, lines } from '../model-text.ts';

const withDescriptors = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [build.descriptor('SubjectDescriptor'), build.descriptor('KindDescriptor'), ...resources]);

const mapping = (entries: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(entries).map(([path, name]) => [`M ${path}`, build.descriptorPath(`Ed-Fi:${name}`, path)]),
  );

describe('the foreign keys to dms.Descriptor', () => {
  it('are one per descriptor column of every table, named after the column without its ending', () => {
    const thing = build.resource('Thing', {
      documentPathsMapping: mapping({
        '$.subjectDescriptor': 'SubjectDescriptor',
        '$.kindDescriptor': 'KindDescriptor',
        '$.kinds[*]': 'KindDescriptor',
        '$.rows[*].detail.kindDescriptor': 'KindDescriptor',
      }),
      jsonSchemaForInsert: build.object({
        subjectDescriptor: build.uri(),
        kindDescriptor: build.uri(),
        kinds: build.array(build.uri()),
        rows: build.array(build.object({ detail: build.object({ kindDescriptor: build.uri() }) })),
      }),
    });
    const model = modelOf([withDescriptors(thing)]);
    const keys = (name: string) =>
      constraintsOf(tableOf(model, name), 'ForeignKey').filter((line) => line.includes('dms.Descriptor'));
    expect(keys('edfi.Thing')).toEqual(
      lines(`
        ForeignKey FK_Thing_KindDescriptor (KindDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction
        ForeignKey FK_Thing_SubjectDescriptor (SubjectDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction`),
    );
    expect(keys('edfi.ThingKind')).toEqual([
      'ForeignKey FK_ThingKind_Kind (Kind_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    ]);
    expect(keys('edfi.ThingRow')).toEqual([
      'ForeignKey FK_ThingRow_DetailKindDescriptor (DetailKindDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    ]);
    expect(resourceOf(model, 'Ed-Fi:Thing').descriptorFkDeduplications).toEqual([]);
  });

  it('exist in extension tables too', () => {
    const base = build.resource('Thing', { jsonSchemaForInsert: build.object({}) });
    const extension = build.extensionOf('Thing', {
      documentPathsMapping: mapping({ '$._ext.sample.kindDescriptor': 'KindDescriptor' }),
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ kindDescriptor: build.uri() })) }),
    });
    const model = modelOf([withDescriptors(base), build.project('Sample', [extension], { isExtension: true })]);
    expect(constraintsOf(tableOf(model, 'sample.ThingExtension'), 'ForeignKey')).toEqual([
      'ForeignKey FK_ThingExtension_KindDescriptor (KindDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
      'ForeignKey FK_ThingExtension_Thing (DocumentId) -> edfi.Thing (DocumentId) Cascade/NoAction',
    ]);
  });

  it('are one for all columns that share a stored one, with a record of who shares it', () => {
    const thing = build.resource('Thing', {
      documentPathsMapping: mapping({
        '$.subjectDescriptor': 'SubjectDescriptor',
        '$.mainDescriptor': 'SubjectDescriptor',
        '$.otherDescriptor': 'SubjectDescriptor',
      }),
      equalityConstraints: [{ sourceJsonPath: '$.subjectDescriptor', targetJsonPath: '$.mainDescriptor' }],
      jsonSchemaForInsert: build.object(
        { subjectDescriptor: build.uri(), mainDescriptor: build.uri(), otherDescriptor: build.uri() },
        ['subjectDescriptor', 'mainDescriptor', 'otherDescriptor'],
      ),
    });
    const model = modelOf([withDescriptors(thing)]);
    const found = tableOf(model, 'edfi.Thing');
    expect(columnLines(found)).toEqual(
      lines(`
        DocumentId ParentKeyPart Int64 NOT NULL -
        MainDescriptor_Unified_DescriptorId DescriptorFk Int64 NOT NULL -
        MainDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.mainDescriptor = MainDescriptor_Unified_DescriptorId
        OtherDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.otherDescriptor
        SubjectDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.subjectDescriptor = MainDescriptor_Unified_DescriptorId`),
    );
    expect(constraintsOf(found, 'ForeignKey')).toEqual(
      lines(`
        ForeignKey FK_Thing_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction
        ForeignKey FK_Thing_MainDescriptor_Unified (MainDescriptor_Unified_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction
        ForeignKey FK_Thing_OtherDescriptor (OtherDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction`),
    );
    expect(resourceOf(model, 'Ed-Fi:Thing').descriptorFkDeduplications).toEqual([
      {
        table: { schema: 'edfi', name: 'Thing' },
        storageColumn: 'MainDescriptor_Unified_DescriptorId',
        bindingColumns: ['MainDescriptor_DescriptorId', 'SubjectDescriptor_DescriptorId'],
      },
    ]);
    // edge sources contain the path columns
    expect(resourceOf(model, 'Ed-Fi:Thing').descriptorEdgeSources.map(({ fkColumn }) => fkColumn)).toEqual([
      'MainDescriptor_DescriptorId',
      'OtherDescriptor_DescriptorId',
      'SubjectDescriptor_DescriptorId',
    ]);
  });
});
