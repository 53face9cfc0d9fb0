import type { Catalog, CatalogTable } from '@dms/catalog';

export const hash = 'a'.repeat(64);

/** A table with only the given members. */
export const table = (schema: string, name: string, more: Partial<CatalogTable> = {}): CatalogTable => ({
  schema,
  name,
  storage: 'ordinary',
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  triggers: [],
  ...more,
});

export const column = {
  type: 'bigint',
  nullable: false,
  identity: null,
  default: null,
  generated: null,
  collation: null,
} as const;
const index = { unique: false, columns: ['a'], include: [], predicate: null, plain: true, valid: true } as const;
const trigger = {
  timing: 'AFTER',
  level: 'ROW',
  events: ['INSERT'],
  updateOf: [],
  oldTable: null,
  newTable: null,
  when: null,
  enabled: true,
  function: null,
  body: null,
} as const;
const key = {
  columns: ['a'],
  target: { schema: 'dms', table: 'Document' },
  targetColumns: ['b'],
  onDelete: 'CASCADE',
  onUpdate: 'NO ACTION',
  deferrable: false,
  validated: true,
} as const;

/** A catalog in which each member occurs once with its usual value and once with another one. */
export const catalogOfEverything: Catalog = {
  dialect: 'mssql',
  mappingVersion: 'v2',
  schemas: ['dms', 'edfi'],
  extensions: [{ name: 'pgcrypto', schema: 'public' }],
  sequences: [
    { schema: 'dms', name: 'S', type: 'bigint', start: '1', increment: '1', min: '-5', max: '9', cycle: false },
  ],
  tables: [
    table('edfi', 'T', {
      columns: [
        { ...column, name: 'a' },
        {
          name: 'b',
          type: 'varchar(5)',
          nullable: true,
          identity: 'always',
          default: 'now()',
          generated: { expression: '"a"', stored: true },
          collation: 'C',
        },
        { ...column, name: 'c', generated: { expression: '"a"', stored: false } },
      ],
      primaryKey: { name: 'PK_T', columns: ['a', 'b'], clustered: true },
      uniques: [{ name: 'UX_T', columns: ['b'], clustered: false }],
      foreignKeys: [
        { ...key, name: 'FK_A' },
        { ...key, name: 'FK_B', deferrable: true, validated: false, onUpdate: 'CASCADE' },
      ],
      checks: [
        { name: 'CK_A', expression: '"a" = 1', validated: true },
        { name: 'CK_B', expression: `"a" = 'x'`, validated: false },
      ],
      indexes: [
        { ...index, name: 'IX_A' },
        {
          name: 'IX_B',
          unique: true,
          columns: ['a', 'b'],
          include: ['c'],
          predicate: '"a" > 0',
          plain: false,
          valid: false,
        },
      ],
      triggers: [
        { ...trigger, name: 'TR_A' },
        {
          name: 'TR_B',
          timing: 'BEFORE',
          level: 'STATEMENT',
          events: ['INSERT', 'UPDATE'],
          updateOf: ['a'],
          oldTable: 'o',
          newTable: 'n',
          when: 'OLD."a" IS DISTINCT FROM NEW."a"',
          enabled: false,
          function: 'edfi.F',
          body: hash,
        },
      ],
    }),
  ],
  views: [{ schema: 'edfi', name: 'V', columns: [{ name: 'a', type: 'bigint' }], body: hash }],
  functions: [
    {
      schema: 'dms',
      name: 'f',
      arguments: 'x uuid',
      result: 'uuid',
      language: 'plpgsql',
      volatility: 'immutable',
      strict: true,
      securityDefiner: false,
      settings: [],
      owner: null,
      publicExecute: true,
      body: hash,
    },
    {
      schema: 'dms',
      name: 'g',
      arguments: '',
      result: 'trigger',
      language: 'plpgsql',
      volatility: 'volatile',
      strict: false,
      securityDefiner: true,
      settings: ['search_path=pg_catalog'],
      owner: 'keeper',
      publicExecute: false,
      body: hash,
    },
  ],
  tableTypes: [],
  roles: [
    { name: 'keeper', attributes: ['INHERIT', 'LOGIN'], memberOf: ['others'] },
    { name: 'locked', attributes: [], memberOf: [] },
  ],
  grants: [{ kind: 'table', schema: 'dms', name: 'T', grantee: 'keeper', privileges: ['INSERT', 'SELECT'] }],
  fingerprint: {
    formatVersion: '1.0.0',
    effectiveSchemaHash: hash,
    resourceKeyCount: 1,
    resourceKeySeedHash: hash,
    components: [
      { projectEndpointName: 'ed-fi', projectName: 'Ed-Fi', projectVersion: '5.0.0', isExtensionProject: false },
    ],
    resourceKeys: [{ id: 1, projectName: 'Ed-Fi', resourceName: 'T', resourceVersion: '5.0.0' }],
  },
};
