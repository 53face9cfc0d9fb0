import { documentSchemas } from '@dms/api-schema';
import { build, derive, schemaSetOf } from '@dms/testing';
import { canonicalText, isJsonArray, isJsonObject, type JsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { sampleDocuments } from './sample-documents.ts';

const { array, integer, number, object, project, reference, resource, string } = build;

const schemas = [
  project('Core', [
    resource('Room', {
      identityJsonPaths: ['$.code', '$.wing'],
      jsonSchemaForInsert: object(
        {
          code: string(20),
          wing: { ...string(10), enum: ['north', 'south', 'much too long for it'] },
          size: { ...integer(), enum: [7, 9] },
          doors: array(object({ kind: { ...string(10), const: 'wood' }, width: number() }, ['kind'])),
        },
        ['code', 'wing', 'size'],
      ),
      decimalPropertyValidationInfos: [{ path: '$.doors[*].width', totalDigits: 5, decimalPlaces: 1 }],
    }),
    resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      documentPathsMapping: {
        Room: reference('Core:Room', [
          ['$.code', '$.roomReference.code'],
          ['$.wing', '$.roomReference.wing'],
        ]),
      },
      jsonSchemaForInsert: object(
        {
          visitId: integer(),
          roomReference: object({ code: string(20), wing: { ...string(10), enum: ['south', 'west'] } }, [
            'code',
            'wing',
          ]),
        },
        ['visitId', 'roomReference'],
      ),
    }),
  ]),
];

it('a sample has the values that its schemas list, also those of references', () => {
  const seen = new Map<string, Set<string>>();
  const note = (name: string, value: unknown) =>
    seen.set(name, (seen.get(name) ?? new Set()).add(canonicalText(value as JsonValue)));
  const options = { documents: 60, seed: 3, schemas: documentSchemas(schemaSetOf('v1', schemas)) };
  for (const { resource, document } of sampleDocuments(derive('pgsql', schemas), options)) {
    if (resource === 'Core:Room') for (const name of ['wing', 'size']) note(name, document.get(name));
    const doors = document.get('doors');
    if (isJsonArray(doors)) for (const door of doors) if (isJsonObject(door)) note('kind', door.get('kind'));
    const room = document.get('roomReference');
    if (isJsonObject(room)) note('wing of a visit', room.get('wing'));
  }
  expect(new Map([...seen].map(([name, values]) => [name, [...values].sort()]))).toEqual(
    new Map([
      ['wing', ['"south"']],
      ['size', ['7', '9']],
      ['kind', ['"wood"']],
      ['wing of a visit', ['"south"']],
    ]),
  );
});
