import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, failureOf, schemaSet, uncheckedSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel, deriveModels } from '../derive-model.ts';

const { array, integer, object, string } = build;

const properties = (count: number, schema: build.JsonRecord) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, schema]));

const wide = (count: number, schema: build.JsonRecord = string(20)) =>
  build.resource('Wide', {
    identityJsonPaths: ['$.wideId'],
    jsonSchemaForInsert: object({ wideId: integer(), ...properties(count, schema) }, ['wideId']),
  });

const set = (resource: build.BuiltResource, version: MappingVersion = 'v1') => {
  const made = schemaSet(build.project('Ed', [resource]));
  return { ...made, info: { ...made.info, relationalMappingVersion: version } };
};

const findings = (resource: build.BuiltResource, dialect: SqlDialect, version: MappingVersion = 'v1') =>
  failureOf(() => deriveModel(set(resource, version), dialect)).diagnostics.map(({ code, where, details }) => [
    ...[code, where.resource, where.path],
    ...[details.dialect, details.what, details.count, details.limit, details.excess],
  ]);

describe.each(mappingVersions)('a table with more columns than an engine has: %s', (version) => {
  // the key; in the second generation also the content version and its time
  const structural = version === 'v1' ? 1 : 3;

  it.each([
    ['pgsql', 1600],
    ['mssql', 1024],
  ] as const)('is refused for %s, with the number that is too many', (dialect, limit) => {
    const fitting = limit - structural - 1;
    expect(() => deriveModel(set(wide(fitting), version), dialect)).not.toThrow();
    expect(findings(wide(fitting + 3), dialect, version)).toEqual([
      ['TABLE_LIMIT_EXCEEDED', 'Ed:Wide', '$', dialect, 'columns of a table', limit + 3, limit, 3],
    ]);
  });

  it('is refused for the dialects that were asked for only', () => {
    expect(() => deriveModels(set(wide(1200), version), ['pgsql'])).not.toThrow();
    const { diagnostics } = failureOf(() => deriveModels(set(wide(1200), version), dialects));
    expect(diagnostics.map(({ details }) => details.dialect)).toEqual(['mssql']);
  });

  it('is found in collections, with their paths, and together with other mistakes', () => {
    const items = object({ name: string(), ...properties(1100, string(5)) }, ['name']);
    const resource = build.resource('Deep', {
      identityJsonPaths: ['$.deepId'],
      arrayUniquenessConstraints: [{ paths: ['$.items[*].name'] }],
      jsonSchemaForInsert: object({ deepId: integer(), note: { type: 'string' }, items: array(items) }, ['deepId']),
    });
    expect(findings(resource, 'mssql', version).map(([code, , path]) => [code, path])).toEqual([
      ['STRING_MAX_LENGTH_MISSING', '$.note'],
      ['TABLE_LIMIT_EXCEEDED', '$.items[*]'],
    ]);
  });
});

describe('a row', () => {
  it('whose fixed values do not fit is refused by SQL Server when the table is made', () => {
    const [finding, ...others] = findings(wide(1020, integer('int64')), 'mssql');
    expect(others).toEqual([]);
    // 1,020 bytes, 8 of the key, 4 of the identity, and 6 + 128 of the engine
    expect(finding).toEqual([
      'TABLE_LIMIT_EXCEEDED',
      'Ed:Wide',
      '$',
      'mssql',
      'bytes of the fixed values of a row',
      8306,
      8060,
      246,
    ]);
  });

  it('that PostgreSQL would refuse is a warning, because the table can be made', () => {
    const { notes } = deriveModel(set(wide(1100, integer('int64'))), 'pgsql');
    expect(notes.map(({ code, class: kind, details }) => [code, kind, details.what])).toEqual([
      ['TABLE_LIMIT_POSSIBLE', 'W', 'bytes of a row'],
    ]);
    expect(deriveModel(set(wide(900, integer('int64'))), 'pgsql').notes).toEqual([]);
  });
});

describe('a key', () => {
  const keyed = (count: number, schema: build.JsonRecord) => {
    const names = Object.keys(properties(count, schema));
    return build.resource('Keyed', {
      identityJsonPaths: names.map((name) => `$.${name}`),
      jsonSchemaForInsert: object(properties(count, schema), names),
    });
  };

  it.each(dialects)('of more than 32 columns is refused: %s', (dialect) => {
    expect(() => deriveModel(set(keyed(32, integer())), dialect)).not.toThrow();
    expect(findings(keyed(33, integer()), dialect)).toEqual([
      ['TABLE_LIMIT_EXCEEDED', 'Ed:Keyed', '$', dialect, 'columns of a key', 33, 32, 1],
    ]);
  });

  it('of more than 1,700 bytes is a warning of SQL Server, which makes the table', () => {
    const warnings = (length: number, dialect: SqlDialect) => deriveModel(set(keyed(2, string(length))), dialect).notes;
    expect(warnings(425, 'mssql')).toEqual([]);
    expect(warnings(500, 'mssql').map(({ code, details }) => [code, details.what, details.count])).toEqual([
      ['TABLE_LIMIT_POSSIBLE', 'bytes of a key', 2000],
    ]);
  });

  it('of more than 2,704 bytes is a warning of PostgreSQL, with its columns and their widths', () => {
    const warnings = (count: number, schema: build.JsonRecord) => deriveModel(set(keyed(count, schema)), 'pgsql').notes;
    // 8 bytes for the entry; four for each letter, and four before the letters; up to four between two values
    expect(warnings(1, string(673))).toEqual([]);
    expect(warnings(1, string(674)).map(({ code, details }) => [code, details.count, details.excess])).toEqual([
      ['TABLE_LIMIT_POSSIBLE', 2708, 4],
    ]);
    expect(warnings(2, string(335))).toEqual([]);
    const [finding, ...others] = warnings(2, string(336));
    expect(others).toEqual([]);
    const columns = ['P0 varchar(336)', 'P1 varchar(336)'];
    expect(finding?.details).toMatchObject({ table: 'Keyed', columns, count: 2708, limit: 2704 });
    expect(finding?.message).toContain(
      'has the unique key UX_Keyed_NK (P0 varchar(336), P1 varchar(336)), whose values may take 2708 bytes, 4 more than the 2704 that pgsql stores in an index',
    );
  });
});

it('a set without such tables has no warning', () => {
  for (const dialect of dialects)
    expect(deriveModel(uncheckedSet(build.project('Ed', [wide(3)])), dialect).notes).toEqual([]);
});

describe('a decimal with more digits than an engine has', () => {
  const priced = (totalDigits: number) =>
    build.resource('Priced', {
      identityJsonPaths: ['$.pricedId'],
      decimalPropertyValidationInfos: [{ path: '$.price', totalDigits, decimalPlaces: 2 }],
      jsonSchemaForInsert: object({ pricedId: integer(), price: build.number() }, ['pricedId']),
    });

  it.each([
    ['mssql', 38],
    ['pgsql', 1000],
  ] as const)('is refused at its path: %s, %i', (dialect, limit) => {
    expect(() => deriveModel(set(priced(limit)), dialect)).not.toThrow();
    expect(findings(priced(limit + 1), dialect)).toEqual([
      ['TABLE_LIMIT_EXCEEDED', 'Ed:Priced', '$.price', dialect, 'digits of a decimal', limit + 1, limit, 1],
    ]);
  });

  it('is refused for the dialects that were asked for only', () => {
    expect(() => deriveModels(set(priced(39)), ['pgsql'])).not.toThrow();
  });
});

describe.each(mappingVersions)('a text of more than 4,000 letters: %s', (version) => {
  const noted = (maxLength: number, members: build.JsonRecord = {}) =>
    build.resource('Noted', {
      identityJsonPaths: ['$.notedId'],
      jsonSchemaForInsert: object({ notedId: integer(), note: string(maxLength) }, ['notedId', 'note']),
      ...members,
    });

  it('that is in no key is accepted by both', () => {
    expect(() => deriveModels(set(noted(4001), version), dialects)).not.toThrow();
  });

  it('in the identity is refused by SQL Server, which names its keys', () => {
    const keyed = (maxLength: number) => noted(maxLength, { identityJsonPaths: ['$.note'] });
    expect(() => deriveModels(set(keyed(4000), version), dialects)).not.toThrow();
    expect(() => deriveModels(set(keyed(4001), version), ['pgsql'])).not.toThrow();
    const { diagnostics } = failureOf(() => deriveModels(set(keyed(4001), version), dialects));
    expect(diagnostics.map(({ code, where, details }) => [code, where.path, details.dialect, details.column])).toEqual([
      ['TABLE_LIMIT_EXCEEDED', '$.note', 'mssql', 'Note'],
    ]);
    expect(diagnostics[0]?.details.keys).toContain('UX_Noted_NK');
    expect(diagnostics[0]?.message).toContain('has 4001 letters and is part of UX_Noted_NK');
  });
});

describe('foreign keys', () => {
  const described = (count: number) => {
    const names = Object.keys(properties(count, string(306)));
    return build.resource('Described', {
      identityJsonPaths: ['$.describedId'],
      documentPathsMapping: Object.fromEntries(
        names.map((name) => [name, build.descriptorPath('Ed:KindDescriptor', `$.${name}`)]),
      ),
      jsonSchemaForInsert: object({ describedId: integer(), ...properties(count, string(306)) }, ['describedId']),
    });
  };

  it('of a table are at most 253 on SQL Server, with that to the document', () => {
    const documents = (count: number) =>
      schemaSet(build.project('Ed', [described(count), build.descriptor('KindDescriptor')]));
    expect(() => deriveModel(documents(252), 'mssql')).not.toThrow();
    expect(() => deriveModel(documents(253), 'pgsql')).not.toThrow();
    const { diagnostics } = failureOf(() => deriveModel(documents(253), 'mssql'));
    expect(diagnostics.map(({ details }) => [details.what, details.count, details.limit])).toEqual([
      ['foreign keys of a table', 254, 253],
    ]);
  });

  it('that refer to a table are at most 253 on SQL Server if it refers to itself', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `Child${index}`);
    const pair = [['$.hubId', '$.hubReference.hubId']] as const;
    const referring = (name: string, id: string) =>
      build.resource(name, {
        identityJsonPaths: [`$.${id}`],
        documentPathsMapping: { Hub: build.reference('Ed:Hub', pair, false) },
        jsonSchemaForInsert: object({ [id]: integer(), hubReference: object({ hubId: integer() }) }, [id]),
      });
    const documents = (count: number) =>
      schemaSet(
        build.project('Ed', [referring('Hub', 'hubId'), ...names(count).map((name) => referring(name, 'ownId'))]),
      );
    expect(() => deriveModel(documents(252), 'mssql')).not.toThrow();
    const { diagnostics } = failureOf(() => deriveModel(documents(253), 'mssql'));
    expect(diagnostics.map(({ where, details }) => [where.resource, details.what, details.count])).toEqual([
      ['Ed:Hub', 'foreign keys that refer to a table which refers to itself', 254],
    ]);
  });
});
