import { handMadeCatalogs } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { Catalog } from './catalog.ts';
import { catalogText } from './catalog-text.ts';
import { plainRoutine } from './definition/routines.ts';

const { catalogOfEverything, column, hash, table } = handMadeCatalogs;

/* The text of catalog.<dialect>.json (design 09a §1.2). */

const empty: Catalog = {
  dialect: 'pgsql',
  mappingVersion: 'v1',
  schemas: [],
  extensions: [],
  sequences: [],
  tables: [],
  views: [],
  functions: [],
  tableTypes: [],
  roles: [],
  grants: [],
  fingerprint: null,
};

describe('catalog text', () => {
  it('of an empty catalog', () => {
    expect(catalogText(empty)).toBe(`{
  "catalog_format": 1,
  "dialect": "pgsql",
  "schemas": [],
  "extensions": [],
  "sequences": [],
  "tables": [],
  "views": [],
  "functions": [],
  "table_types": [],
  "fingerprint": null
}
`);
  });

  it('of a catalog with every member: order, names, one line per object', () => {
    expect(catalogText(catalogOfEverything)).toBe(`{
  "catalog_format": 2,
  "dialect": "mssql",
  "schemas": ["dms", "edfi"],
  "extensions": [
    { "name": "pgcrypto", "schema": "public" }
  ],
  "sequences": [
    { "schema": "dms", "name": "S", "type": "bigint", "start": "1", "increment": "1", "min": "-5", "max": "9", "cycle": false }
  ],
  "tables": [
    {
      "schema": "edfi",
      "name": "T",
      "columns": [
        { "name": "a", "type": "bigint", "nullable": false },
        { "name": "b", "type": "varchar(5)", "nullable": true, "identity": "always", "default": "now()", "generated": { "expression": "\\"a\\"" }, "collation": "C" },
        { "name": "c", "type": "bigint", "nullable": false, "generated": { "expression": "\\"a\\"", "stored": false } }
      ],
      "primary_key": { "name": "PK_T", "columns": ["a", "b"], "clustered": true },
      "uniques": [
        { "name": "UX_T", "columns": ["b"], "clustered": false }
      ],
      "foreign_keys": [
        { "name": "FK_A", "columns": ["a"], "target": "dms.Document", "target_columns": ["b"], "on_delete": "CASCADE", "on_update": "NO ACTION" },
        { "name": "FK_B", "columns": ["a"], "target": "dms.Document", "target_columns": ["b"], "on_delete": "CASCADE", "on_update": "CASCADE", "deferrable": true, "validated": false }
      ],
      "checks": [
        { "name": "CK_A", "expression": "\\"a\\" = 1" },
        { "name": "CK_B", "expression": "\\"a\\" = 'x'", "validated": false }
      ],
      "indexes": [
        { "name": "IX_A", "unique": false, "columns": ["a"] },
        { "name": "IX_B", "unique": true, "columns": ["a", "b"], "include": ["c"], "predicate": "\\"a\\" > 0", "plain": false, "valid": false }
      ],
      "triggers": [
        { "name": "TR_A", "timing": "AFTER", "level": "ROW", "events": ["INSERT"] },
        { "name": "TR_B", "timing": "BEFORE", "level": "STATEMENT", "events": ["INSERT", "UPDATE"], "update_of": ["a"], "old_table": "o", "new_table": "n", "when": "OLD.\\"a\\" IS DISTINCT FROM NEW.\\"a\\"", "enabled": false, "function": "edfi.F", "body": "${hash}" }
      ]
    }
  ],
  "views": [
    {
      "schema": "edfi",
      "name": "V",
      "columns": [
        { "name": "a", "type": "bigint" }
      ],
      "body": "${hash}"
    }
  ],
  "functions": [
    { "schema": "dms", "name": "f", "arguments": "x uuid", "result": "uuid", "language": "plpgsql", "volatility": "immutable", "strict": true, "body": "${hash}" },
    { "schema": "dms", "name": "g", "arguments": "", "result": "trigger", "language": "plpgsql", "volatility": "volatile", "strict": false, "security_definer": true, "settings": ["search_path=pg_catalog"], "owner": "keeper", "public_execute": false, "body": "${hash}" }
  ],
  "table_types": [],
  "roles": [
    { "name": "keeper", "attributes": ["INHERIT", "LOGIN"], "member_of": ["others"] },
    { "name": "locked", "attributes": [] }
  ],
  "grants": [
    { "kind": "table", "schema": "dms", "name": "T", "grantee": "keeper", "privileges": ["INSERT", "SELECT"] }
  ],
  "fingerprint": {
    "format_version": "1.0.0",
    "effective_schema_hash": "${hash}",
    "resource_key_count": 1,
    "resource_key_seed_hash": "${hash}",
    "components": [
      { "project_endpoint_name": "ed-fi", "project_name": "Ed-Fi", "project_version": "5.0.0", "is_extension_project": false }
    ],
    "resource_keys": [
      { "id": 1, "project_name": "Ed-Fi", "resource_name": "T", "resource_version": "5.0.0" }
    ]
  }
}
`);
  });

  it('names a storage that is not the usual one', () => {
    const text = catalogText({ ...empty, tables: [table('edfi', 'T', { storage: 'unlogged' }), table('edfi', 'U')] });
    expect(text.match(/"storage"/g)).toHaveLength(1);
    expect(JSON.parse(text).tables.map((entry: { storage?: string }) => entry.storage)).toEqual([
      'unlogged',
      undefined,
    ]);
    expect(Object.keys(JSON.parse(text).tables[0]).slice(0, 3)).toEqual(['schema', 'name', 'storage']);
  });

  it('writes null where nothing is usual: a table without primary key, a routine without volatility', () => {
    const routine = {
      schema: 'dms',
      name: 'f',
      arguments: '',
      result: 'int',
      language: 'tsql',
      volatility: null,
      strict: null,
      securityDefiner: false,
      settings: [],
      owner: null,
      publicExecute: true,
      body: hash,
    };
    const parsed = JSON.parse(catalogText({ ...empty, tables: [table('a', 'T')], functions: [routine] }));
    expect(parsed.tables[0].primary_key).toBeNull();
    expect(parsed.functions[0]).toMatchObject({ volatility: null, strict: null });
  });

  it('keeps the order of objects, which is that of the catalog', () => {
    const names = ['b', 'B', 'a', '_', 'Z'];
    const parsed = JSON.parse(catalogText({ ...empty, tables: names.map((name) => table('edfi', name)) }));
    expect(parsed.tables.map((entry: { name: string }) => entry.name)).toEqual(names);
  });

  it('keeps the order of overloads that differ in their arguments', () => {
    const routine = {
      ...plainRoutine,
      schema: 'dms',
      name: 'f',
      result: '',
      language: '',
      volatility: null,
      strict: null,
      body: hash,
    } as const;
    const functions = ['a int', 'b int'].map((args) => ({ ...routine, arguments: args }));
    expect(
      JSON.parse(catalogText({ ...empty, functions })).functions.map((entry: { arguments: string }) => entry.arguments),
    ).toEqual(['a int', 'b int']);
  });

  it('keeps the order of columns and key columns', () => {
    const columns = ['z', 'a', 'm'].map((name) => ({ ...column, name }));
    const parsed = JSON.parse(
      catalogText({
        ...empty,
        tables: [table('a', 'T', { columns, primaryKey: { name: 'PK', columns: ['z', 'a'], clustered: null } })],
      }),
    );
    expect(parsed.tables[0].columns.map((entry: { name: string }) => entry.name)).toEqual(['z', 'a', 'm']);
    expect(parsed.tables[0].primary_key).toEqual({ name: 'PK', columns: ['z', 'a'] });
  });

  it('escapes names as JSON does', () => {
    const name = `a"b\\c\u2028é`;
    expect(JSON.parse(catalogText({ ...empty, tables: [table('s', name)] })).tables[0].name).toBe(name);
  });
});
