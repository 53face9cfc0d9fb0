import { modelIndex, qualified } from '@dms/model';
import { build, edFi, extension, failureOf, isExtensionTable, modelOf, school } from '@dms/testing';

const { array, descriptor, ext, extensionOf, integer, object, resource, string } = build;

/** `Contact` with addresses, their terms, and phones inside an inlined object. */
export const contact = (members: build.JsonRecord = {}) =>
  resource('Contact', {
    identityJsonPaths: ['$.contactId'],
    jsonSchemaForInsert: object(
      {
        contactId: integer(),
        addresses: array(object({ city: string(), terms: array(object({ note: string() })) })),
        reach: object({ phones: array(object({ digits: string() })) }),
      },
      ['contactId'],
    ),
    ...members,
  });

export const extended = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}, name = 'Contact') =>
  extensionOf(name, { jsonSchemaForInsert, ...members });

/** The schema of an extension of the root. */
export const below = (properties: build.JsonRecord, required: readonly string[] = [], key = 'sample') =>
  object({ _ext: ext(key, object(properties, required)) });

export const setOf = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}) => [
  edFi([contact(), school, descriptor('KindDescriptor')]),
  extension([extended(jsonSchemaForInsert, members)]),
];

export const extensionTables = (model: ReturnType<typeof modelOf>) =>
  modelIndex(model)
    .allTables.filter(({ table }) => isExtensionTable(table))
    .map(({ table }) => [
      table.jsonScope.canonical,
      qualified(table.table),
      table.key.columns.map(({ name }) => name).join(', '),
      ...table.constraints.flatMap((key) =>
        key.kind === 'ForeignKey'
          ? [
              `${key.name} (${key.columns.join(', ')}) -> ${qualified(key.targetTable)} (${key.targetColumns.join(', ')})`,
            ]
          : [],
      ),
    ]);

export const failing = (jsonSchemaForInsert: build.JsonRecord, members: build.JsonRecord = {}) =>
  failureOf(() => modelOf(setOf(jsonSchemaForInsert, members)));
