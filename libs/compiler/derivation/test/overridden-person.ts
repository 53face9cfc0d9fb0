import { build, fields, type modelOf, schoolReference, tableOf } from '@dms/testing';

const { array, integer, object, resource, string } = build;

export const overrides = (nameOverrides: build.JsonRecord): build.JsonRecord => ({ relational: { nameOverrides } });

/** `Person` with addresses and their periods, and a school. */
export const person = (relational: build.Json = null, more: build.JsonRecord = {}) =>
  resource('Person', {
    documentPathsMapping: { School: schoolReference(false) },
    relational,
    jsonSchemaForInsert: object({
      firstName: string(),
      lastName: string(),
      profile: object({ address: object({ street: string() }) }),
      schoolReference: fields({ schoolId: integer() }),
      addresses: array(object({ city: string(), periods: array(object({ beginDate: string() })) })),
      ...more,
    }),
  });

export const keyOf = (model: ReturnType<typeof modelOf>, table: string) =>
  tableOf(model, table).key.columns.map(({ name }) => name);
