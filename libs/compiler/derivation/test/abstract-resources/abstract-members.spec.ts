import { qualified } from '@dms/model';
import {
  abstractResource,
  build,
  codesOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  keyed,
  modelOf,
  resourceOf,
  school,
  subclassOf,
  tableOf,
  uncheckedSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';
import { columnLines, constraintLines } from '../model-text.ts';

const { ext, extensionOf, integer, object, resource, string } = build;

const lecture = (name: string, type: build.JsonRecord = integer(), label = 'Ed-Fi:Event') =>
  keyed(name, { eventId: type }, subclassOf(label));

const abstractResources = { Event: abstractResource(['$.eventId']) };

const armsOf = (model: ReturnType<typeof modelOf>) =>
  model.abstractUnionViews.flatMap(({ unionArms }) =>
    unionArms.map(({ fromTable, projections }) => [
      qualified(fromTable),
      ...projections.map((projection) =>
        projection.kind === 'SourceColumn' ? projection.column : `'${projection.value}'`,
      ),
    ]),
  );

describe('abstract resources of a project (design 03 §9)', () => {
  it.each<[string, build.Json | undefined]>([
    ['absent', undefined],
    ['null', null],
    ['a text', 'Event'],
    ['an array', []],
  ])('are none where abstractResources is %s', (_, value) => {
    const document = JSON.parse(
      JSON.stringify(edFi([school], { members: { abstractResources: value as build.Json } })),
    );
    const { model } = deriveModel(uncheckedSet(document), 'pgsql');
    expect([model.abstractIdentityTables, model.abstractUnionViews]).toEqual([[], []]);
    expect(model.resources).toHaveLength(1);
  });

  it('have table and view in the schema of the project that declares them, also for members of another', () => {
    const model = modelOf([
      edFi([lecture('Talk', integer(), 'Sample:Event')]),
      extension([lecture('Game', integer('int64'), 'Sample:Event')], 'Sample', { abstractResources }),
    ]);
    expect(model.abstractUnionViews.map(({ view }) => qualified(view))).toEqual(['sample.Event_View']);
    expect(columnLines(tableOf(model, 'sample.EventIdentity'))).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'EventId Scalar Int64 NOT NULL $.eventId',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
    expect(armsOf(model)).toEqual([
      ['sample.Game', 'DocumentId', 'EventId', "'Sample:Game'"],
      ['edfi.Talk', 'DocumentId', 'EventId', "'Ed-Fi:Talk'"],
    ]);
  });

  it('name an identity column by all segments of its path, and keep columns and constraints in their order', () => {
    const paths = ['$.room.code', '$.eventId', '$.at.place.number'];
    const member = resource('Lecture', {
      ...subclassOf('Ed-Fi:Event'),
      identityJsonPaths: ['$.at.place.number', '$.eventId', '$.room.code'],
      jsonSchemaForInsert: fields({
        eventId: integer(),
        room: fields({ code: string(20) }),
        at: fields({ place: fields({ number: integer() }) }),
      }),
    });
    const model = modelOf([edFi([member], { abstractResources: { Event: abstractResource(paths) } })]);
    const table = tableOf(model, 'edfi.EventIdentity');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'RoomCode Scalar String(20) NOT NULL $.room.code',
      'EventId Scalar Int32 NOT NULL $.eventId',
      'AtPlaceNumber Scalar Int32 NOT NULL $.at.place.number',
      'Discriminator Scalar String(256) NOT NULL -',
    ]);
    expect(constraintLines(table)).toEqual([
      'Unique UX_EventIdentity_NK (RoomCode, EventId, AtPlaceNumber)',
      'Unique UX_EventIdentity_RefKey (DocumentId, RoomCode, EventId, AtPlaceNumber)',
      'ForeignKey FK_EventIdentity_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
    ]);
  });
});

describe('the members of an abstract resource (design 03 §9.1)', () => {
  it('are in ordinal order: upper case before lower case', () => {
    const names = ['c', 'Z', 'a', 'B'];
    const model = modelOf([
      edFi(
        names.map((name, index) => ({ ...lecture(name), endpoint: `r${index}` })),
        { abstractResources },
      ),
    ]);
    expect(armsOf(model).map(([from]) => from)).toEqual(['edfi.B', 'edfi.Z', 'edfi.A', 'edfi.C']);
  });

  it('are not resource extensions, even those that call themselves subclasses', () => {
    const schema = object({ eventId: integer(), _ext: ext('sample', object({ note: string() })) }, ['eventId']);
    const extended = extensionOf('Talk', {
      ...subclassOf('Ed-Fi:Event'),
      identityJsonPaths: ['$.eventId'],
      documentPathsMapping: { Id: build.scalarPath('$.eventId') },
      jsonSchemaForInsert: schema,
    });
    const model = modelOf([edFi([lecture('Talk')], { abstractResources }), extension([extended])]);
    expect(armsOf(model)).toEqual([['edfi.Talk', 'DocumentId', 'EventId', "'Ed-Fi:Talk'"]]);
  });

  it('do not count where a resource only names a superclass: isSubclass decides', () => {
    const named = keyed('Other', { eventId: integer() }, { ...subclassOf('Ed-Fi:Event'), isSubclass: false });
    const model = modelOf([edFi([lecture('Talk'), named], { abstractResources })]);
    expect(armsOf(model)).toHaveLength(1);
    expect(resourceOf(model, 'Ed-Fi:Other').superclass).toBeNull();
    const error = failureOf(() => modelOf([edFi([named], { abstractResources })]));
    expect(codesOf(error)).toEqual(['ABSTRACT_NO_MEMBERS']);
  });

  it('are each compared with what those before them have merged to: ABSTRACT_TYPE_CONFLICT names that type', () => {
    const members = [lecture('A'), lecture('B', integer('int64')), lecture('C', string(20)), lecture('D')];
    const error = failureOf(() => modelOf([edFi(members, { abstractResources })]));
    expect(codesOf(error)).toEqual(['ABSTRACT_TYPE_CONFLICT']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Event', 'Ed-Fi:C', '$.eventId', 'Int64', 'String(20)']);
  });

  it('keep the types of their own columns', () => {
    const model = modelOf([edFi([lecture('A', string(20)), lecture('B', string(60))], { abstractResources })]);
    const typeOf = (name: string) => columnLines(tableOf(model, name))[1];
    expect(['edfi.A', 'edfi.B', 'edfi.EventIdentity'].map(typeOf)).toEqual([
      'EventId Scalar String(20) NOT NULL $.eventId',
      'EventId Scalar String(60) NOT NULL $.eventId',
      'EventId Scalar String(60) NOT NULL $.eventId',
    ]);
  });
});
