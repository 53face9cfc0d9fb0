import { type JsonObject, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { type CheckedApiSchema, sharedDescriptorNotes } from './effective-schema/check-schema-set.ts';

/** A project with resources; a resource whose name ends in `Descriptor` is a descriptor. */
function project(projectName: string, ...names: readonly string[]): CheckedApiSchema {
  const resources = names.map((name) => [name, { resourceName: name, isDescriptor: name.endsWith('Descriptor') }]);
  return {
    file: `${projectName}.json`,
    source: projectName,
    apiSchemaVersion: '1.0.0',
    projectEndpointName: projectName.toLowerCase(),
    projectName,
    projectVersion: '1.0.0',
    isExtensionProject: true,
    projectSchema: new Map(),
    resourceSchemas: toJsonValue(Object.fromEntries(resources)) as JsonObject,
    abstractResources: new Map(),
  };
}

const told = (...schemas: readonly CheckedApiSchema[]) =>
  sharedDescriptorNotes(schemas).map(({ code, class: kind, details }) => [code, kind, details.resources]);

it.each([
  [[project('A', 'SportDescriptor'), project('B', 'SportDescriptor')], [['A:SportDescriptor', 'B:SportDescriptor']]],
  [
    [
      project('B', 'XDescriptor', 'YDescriptor'),
      project('C', 'YDescriptor'),
      project('A', 'YDescriptor', 'XDescriptor'),
    ],
    [
      ['A:XDescriptor', 'B:XDescriptor'],
      ['A:YDescriptor', 'B:YDescriptor', 'C:YDescriptor'],
    ],
  ],
  [[project('A', 'Sport'), project('B', 'Sport')], []],
  [[project('A', 'SportDescriptor'), project('B', 'sportDescriptor')], []],
])('descriptors with the same name in several projects are noted (%#)', (schemas, labels) => {
  expect(told(...schemas)).toEqual(labels.map((each) => ['DESCRIPTOR_NAME_SHARED', 'N', each]));
});
