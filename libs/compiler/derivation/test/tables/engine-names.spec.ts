import { dialects, type SqlDialect } from '@dms/sql';
import { build, codesOf, failureOf, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';

const { object, project, resource, string } = build;

const named = (endpoint: string) => schemaSet(project('Core', [resource('Thing')], { endpoint }));
const notesOf = (endpoint: string, dialect: SqlDialect) =>
  deriveModel(named(endpoint), dialect).notes.map(({ code, class: kind, details }) => ({ code, kind, details }));

describe('a project in a schema of the engine (design 03 §2.1)', () => {
  it.each<[SqlDialect, string, string, string]>([
    ['mssql', 'dbo', 'dbo', 'dbo'],
    ['mssql', 'sys', 'sys', 'sys'],
    ['mssql', 'SYS', 'sys', 'sys'],
    ['mssql', 'INFORMATION_SCHEMA', 'informationschema', 'INFORMATION_SCHEMA'],
    ['mssql', 'guest', 'guest', 'guest'],
    ['mssql', 'db_owner', 'dbowner', 'db_owner'],
    ['mssql', 'db-accessadmin', 'dbaccessadmin', 'db_accessadmin'],
    ['mssql', 'db_securityadmin', 'dbsecurityadmin', 'db_securityadmin'],
    ['mssql', 'db_ddladmin', 'dbddladmin', 'db_ddladmin'],
    ['mssql', 'db_backupoperator', 'dbbackupoperator', 'db_backupoperator'],
    ['mssql', 'db_datareader', 'dbdatareader', 'db_datareader'],
    ['mssql', 'db_datawriter', 'dbdatawriter', 'db_datawriter'],
    ['mssql', 'db_denydatareader', 'dbdenydatareader', 'db_denydatareader'],
    ['mssql', 'db_denydatawriter', 'dbdenydatawriter', 'db_denydatawriter'],
    ['pgsql', 'information-schema', 'informationschema', 'information_schema'],
    ['pgsql', 'pg_catalog', 'pgcatalog', 'pg_catalog'],
    ['pgsql', 'pg-toast', 'pgtoast', 'pg_toast'],
    ['pgsql', 'Public', 'public', 'public'],
  ])('is PHYSICAL_SCHEMA_RESERVED in %s: %s', (engine, endpoint, schema, kept) => {
    const error = failureOf(() => deriveModel(named(endpoint), engine));
    expect(codesOf(error)).toEqual(['PHYSICAL_SCHEMA_RESERVED']);
    expect(error.diagnostics[0].details).toEqual({ project: 'Core', endpoint, schema, engine });
    for (const part of ['Core', `"${endpoint}"`, `"${schema}"`, engine, kept]) expect(error.message).toContain(part);
  });

  it.each<[SqlDialect, string]>([
    ['pgsql', 'sys'],
    ['pgsql', 'guest'],
    ['pgsql', 'db_owner'],
    ['pgsql', 'pgschool'],
    ['pgsql', 'dbo'],
    ['mssql', 'pg_catalog'],
    ['mssql', 'public'],
    ['mssql', 'system'],
  ])('is only what that engine keeps: %s takes %s without a word', (dialect, endpoint) => {
    expect(notesOf(endpoint, dialect)).toEqual([]);
  });

  it('is reported with every project that is in one', () => {
    const set = schemaSet(
      project('Core', [], { endpoint: 'guest' }),
      project('More', [], { endpoint: 'sys', isExtension: true }),
      project('Fine', [], { endpoint: 'fine', isExtension: true }),
    );
    const error = failureOf(() => deriveModel(set, 'mssql'));
    expect(error.diagnostics.map(({ details }) => details.project)).toEqual(['Core', 'More']);
  });
});

describe('a name that loses letters', () => {
  it.each([
    ['日本', 'p'],
    ['é-fi', 'fi'],
    ['school٣', 'school'],
  ])('of the schema is NAME_LETTERS_LOST: %s gives %s', (original, result) => {
    for (const dialect of dialects)
      expect(notesOf(original, dialect)).toEqual([
        {
          code: 'NAME_LETTERS_LOST',
          kind: 'W',
          details: { what: 'schema', original, result, label: 'Core', project: 'Core' },
        },
      ]);
  });

  it.each(['ed-fi', '---', 'ed_fi 2', 'a–b'])('of the schema stays as it is: %s', (endpoint) => {
    for (const dialect of dialects) expect(notesOf(endpoint, dialect)).toEqual([]);
  });

  it('of a table is one too, where the table is named after the resource', () => {
    const set = (overridden: boolean) =>
      schemaSet(
        project('Core', [
          resource('𝒳Thing', overridden ? { relational: { rootTableNameOverride: 'Mended' } } : {}),
          resource('日本'),
          resource('Plain😀'),
        ]),
      );
    const details = { what: 'table', original: '𝒳Thing', result: 'Thing', label: 'Core:𝒳Thing' };
    for (const dialect of dialects) {
      expect(deriveModel(set(false), dialect).notes).toMatchObject([{ code: 'NAME_LETTERS_LOST', details }]);
      expect(deriveModel(set(true), dialect).notes).toEqual([]);
    }
  });
});

describe('names that differ in case alone (design 03 §8.2)', () => {
  const collisionsIn = (set: ReturnType<typeof schemaSet>) => {
    const error = failureOf(() => deriveModel(set, 'mssql'));
    expect(codesOf(error)).toEqual(['NAME_COLLISION']);
    const collisions = error.diagnostics[0].details.collisions as unknown as {
      kind: string;
      location: string;
      name: string;
      sources: string[];
    }[];
    return collisions.map(({ kind, location, name, sources }) => [kind, location, name, sources.length]);
  };

  it('are two tables in PostgreSQL, and a NAME_COLLISION in SQL Server', () => {
    const set = schemaSet(project('Core', [resource('PartB'), resource('Partb')], { endpoint: 'core' }));
    expect(() => deriveModel(set, 'pgsql')).not.toThrow();
    expect(collisionsIn(set)).toContainEqual(['table', "schema 'core'", 'PartB', 2]);
  });

  it.each([
    ['Straße', 'Strasse'],
    ['School', 'Ｓｃｈｏｏｌ'],
  ])('are %s and %s too, which the collations of SQL Server take for equal', (one, other) => {
    const set = schemaSet(project('Core', [resource(one), resource(other)], { endpoint: 'core' }));
    expect(() => deriveModel(set, 'pgsql')).not.toThrow();
    expect(collisionsIn(set)).toContainEqual(['table', "schema 'core'", expect.any(String), 2]);
  });

  it('are two columns in PostgreSQL, and a NAME_COLLISION in SQL Server', () => {
    const jsonSchemaForInsert = object({ widgetId: string(), codeID: string(), codeId: string() }, ['widgetId']);
    const set = schemaSet(project('Core', [resource('Part', { jsonSchemaForInsert })], { endpoint: 'core' }));
    expect(() => deriveModel(set, 'pgsql')).not.toThrow();
    expect(collisionsIn(set)).toEqual([['column', "table 'core.Part'", 'CodeID', 2]]);
  });

  it('are fine in different schemas', () => {
    const set = schemaSet(
      project('Core', [resource('PartB')], { endpoint: 'core' }),
      project('More', [resource('Partb')], { endpoint: 'more', isExtension: true }),
    );
    for (const dialect of dialects) expect(() => deriveModel(set, dialect)).not.toThrow();
  });
});

describe('labels of resources that differ in case alone (design 03 §8.4)', () => {
  it('are two resources in PostgreSQL, and RESOURCE_KEY_DUPLICATE in SQL Server', () => {
    const set = schemaSet(
      project('Core', [resource('Part')], { endpoint: 'core' }),
      project('CORE', [resource('part')], { endpoint: 'more', isExtension: true }),
      project('core', [resource('Other')], { endpoint: 'third', isExtension: true }),
    );
    expect(() => deriveModel(set, 'pgsql')).not.toThrow();
    const error = failureOf(() => deriveModel(set, 'mssql'));
    expect(error.diagnostics.map(({ code, details }) => [code, details])).toEqual([
      ['RESOURCE_KEY_DUPLICATE', { resource: 'CORE:part', locations: ['CORE:part', 'Core:Part'], engine: 'mssql' }],
    ]);
  });
});
