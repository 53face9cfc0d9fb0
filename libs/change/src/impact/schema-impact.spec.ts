import { type Catalog, type CatalogTable, typeChange } from '@dms/catalog';
import { dialects } from '@dms/sql';
import { transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { ImpactChange, SchemaImpact } from './impact.ts';
import { schemaImpact } from './schema-impact.ts';

const { catalogOf, derive, tableOf } = transitSet;

/* Changes of a catalog one by one, each with its classes (design 09 §4.4). */

type Editable = { -readonly [Name in keyof Catalog]: Catalog[Name] };
// biome-ignore lint/suspicious/noExplicitAny: tests change what they need
type EditableTable = any;

const pgsql = { ...derive('pgsql'), catalog: catalogOf('pgsql') };
const mssql = { ...derive('mssql'), catalog: catalogOf('mssql') };
const sets = { pgsql, mssql };

interface Change {
  readonly dialect?: 'pgsql' | 'mssql';
  /** Makes the catalog after the change. */
  readonly edit: (catalog: Editable, table: (name: string) => EditableTable) => void;
  /** Makes the catalog before the change. */
  readonly given?: Change['edit'];
  /** Classes, object, name and what happened, of every change. */
  readonly expected: readonly string[];
}

function edited(catalog: Catalog, edit: Change['edit']): Catalog {
  const copy = structuredClone(catalog) as Editable;
  edit(copy, (name) => tableOf(copy, name) as EditableTable);
  return copy;
}

const brief = ({ classes, object, path, change, field }: ImpactChange) =>
  [...classes, object, path.join('.'), change, ...(field === undefined ? [] : [field])].join(' ');

const named = (table: EditableTable, list: keyof CatalogTable, name: string): EditableTable =>
  table[list].find((entry: { name: string }) => entry.name === name);

const without = (table: EditableTable, list: keyof CatalogTable, name: string): void => {
  table[list] = table[list].filter((entry: { name: string }) => entry.name !== name);
};

const column = { type: 'integer', nullable: false, identity: null, default: null, generated: null, collation: null };
const unique = { name: 'UX_More', columns: ['TripCode'], clustered: null };

const changes: Readonly<Record<string, Change>> = {
  'a column with a default is new': {
    edit: (_, table) => table('transit.Trip').columns.push({ ...column, name: 'Stars', default: '5' }),
    expected: ['A column transit.Trip.Stars added'],
  },
  'a computed column is new, on SQL Server not nullable': {
    dialect: 'mssql',
    edit: (_, table) => {
      table('transit.Trip').columns.push({ ...column, name: 'Copy', generated: { expression: '"TripCode"', stored: true } });
    },
    expected: ['A column transit.Trip.Copy added'],
  },
  'an identity column is new': {
    edit: (_, table) => table('transit.Trip').columns.push({ ...column, name: 'Number', identity: 'always' }),
    expected: ['A column transit.Trip.Number added'],
  },
  'a computed column is gone': {
    given: (_, table) => {
      table('transit.Trip').columns.push({ ...column, name: 'Copy', generated: { expression: '"TripCode"', stored: true } });
    },
    edit: (_, table) => without(table('transit.Trip'), 'columns', 'Copy'),
    expected: ['R column transit.Trip.Copy removed'],
  },
  'a computed column is computed otherwise': {
    given: (_, table) => {
      named(table('transit.Trip'), 'columns', 'TripCode').generated = { expression: 'a', stored: true };
    },
    edit: (_, table) => {
      named(table('transit.Trip'), 'columns', 'TripCode').generated = { expression: 'b', stored: true };
    },
    expected: ['M column transit.Trip.TripCode changed generated'],
  },
  'a default is new': {
    edit: (_, table) => {
      named(table('transit.Trip'), 'columns', 'TripCode').default = "'x'";
    },
    expected: ['A column transit.Trip.TripCode changed default'],
  },
  'a default is another one': {
    edit: (_, table) => {
      named(table('dms.Document'), 'columns', 'CreatedAt').default = 'other()';
    },
    expected: ['W column dms.Document.CreatedAt changed default'],
  },
  'a default is gone': {
    edit: (_, table) => {
      named(table('dms.Document'), 'columns', 'CreatedAt').default = null;
    },
    expected: ['W column dms.Document.CreatedAt changed default'],
  },
  'an identity is gone': {
    edit: (_, table) => {
      named(table('dms.Document'), 'columns', 'DocumentId').identity = null;
    },
    expected: ['M W column dms.Document.DocumentId changed identity'],
  },
  'columns are in another order': {
    edit: (_, table) => table('transit.Trip').columns.reverse(),
    expected: ['A columnOrder transit.Trip changed order'],
  },
  'the primary key has another column': {
    edit: (_, table) => table('transit.Trip').primaryKey.columns.push('TripCode'),
    expected: ['M W R primaryKey transit.Trip.PK_Trip changed columns'],
  },
  'the primary key has another name': {
    edit: (_, table) => {
      table('transit.Trip').primaryKey.name = 'PK_Other';
    },
    expected: ['A primaryKey transit.Trip.PK_Other changed name'],
  },
  'a unique is new': {
    edit: (_, table) => table('transit.Trip').uniques.push(unique),
    expected: ['M W unique transit.Trip.UX_More added'],
  },
  'a unique over the primary key and more is new, which refuses nothing': {
    edit: (_, table) => table('transit.Trip').uniques.push({ ...unique, columns: ['DocumentId', 'TripCode'] }),
    expected: ['A unique transit.Trip.UX_More added'],
  },
  'a unique has one column more': {
    given: (_, table) => table('transit.Trip').uniques.push(unique),
    edit: (_, table) => {
      named(table('transit.Trip'), 'uniques', 'UX_More').columns = ['TripCode', 'Line_LineNumber'];
    },
    expected: ['R unique transit.Trip.UX_More changed columns'],
  },
  'a unique has one column less': {
    given: (_, table) => table('transit.Trip').uniques.push({ ...unique, columns: ['TripCode', 'Line_LineNumber'] }),
    edit: (_, table) => {
      named(table('transit.Trip'), 'uniques', 'UX_More').columns = ['TripCode'];
    },
    expected: ['M W unique transit.Trip.UX_More changed columns'],
  },
  'a unique has other columns': {
    given: (_, table) => table('transit.Trip').uniques.push(unique),
    edit: (_, table) => {
      named(table('transit.Trip'), 'uniques', 'UX_More').columns = ['Line_LineNumber'];
    },
    expected: ['M W R unique transit.Trip.UX_More changed columns'],
  },
  'a unique is gone': {
    given: (_, table) => table('transit.Trip').uniques.push(unique),
    edit: (_, table) => without(table('transit.Trip'), 'uniques', 'UX_More'),
    expected: ['R unique transit.Trip.UX_More removed'],
  },
  'a unique, a foreign key, a check and an index have other names': {
    edit: (_, table) => {
      const { uniques, foreignKeys } = table('transit.Trip');
      const visit = table('transit.Visit');
      for (const part of [uniques[0], foreignKeys[0], visit.checks[0], visit.indexes[0]]) part.name = 'ZZ';
    },
    expected: [
      'A unique transit.Trip.UX_Trip_NK removed',
      'A unique transit.Trip.ZZ added',
      'A foreignKey transit.Trip.FK_Trip_Document removed',
      'A foreignKey transit.Trip.ZZ added',
      'A check transit.Visit.CK_Visit_Line_AllNone removed',
      'A check transit.Visit.ZZ added',
      'A index transit.Visit.IX_Visit_Line_DocumentId_LineNumber_Unified removed',
      'A index transit.Visit.ZZ added',
    ],
  },
  'a foreign key is gone': {
    edit: (_, table) => without(table('transit.Trip'), 'foreignKeys', 'FK_Trip_Document'),
    expected: ['A foreignKey transit.Trip.FK_Trip_Document removed'],
  },
  'a foreign key does otherwise on delete and on update, and is deferred': {
    edit: (_, table) => {
      const key = named(table('transit.Trip'), 'foreignKeys', 'FK_Trip_Document');
      Object.assign(key, { onDelete: 'SET NULL', onUpdate: 'SET NULL', deferrable: !key.deferrable });
    },
    expected: ['onDelete', 'onUpdate', 'deferrable'].map(
      (field) => `W foreignKey transit.Trip.FK_Trip_Document changed ${field}`,
    ),
  },
  'a foreign key refers to another table, and is not checked for what is there': {
    edit: (_, table) => {
      Object.assign(named(table('transit.Trip'), 'foreignKeys', 'FK_Trip_Document'), {
        target: { schema: 'dms', table: 'Other' },
        validated: false,
      });
    },
    expected: ['target', 'validated'].map((field) => `M W foreignKey transit.Trip.FK_Trip_Document changed ${field}`),
  },
  'a check is another one': {
    edit: (_, table) => {
      table('transit.Visit').checks[0].expression = '"x" = 1';
    },
    expected: ['M W check transit.Visit.CK_Visit_Line_AllNone changed expression'],
  },
  'a unique index is added': {
    edit: (_, table) => {
      const { indexes } = table('transit.Visit');
      indexes.push({ ...indexes[0], name: 'UX_Visit_Line', unique: true, columns: ['DocumentId'] });
    },
    expected: ['M W index transit.Visit.UX_Visit_Line added'],
  },
  'a unique index is removed': {
    given: (_, table) => {
      const { indexes } = table('transit.Visit');
      indexes.push({ ...indexes[0], name: 'UX_Visit_Line', unique: true, columns: ['DocumentId'] });
    },
    edit: (_, table) => without(table('transit.Visit'), 'indexes', 'UX_Visit_Line'),
    expected: ['R index transit.Visit.UX_Visit_Line removed'],
  },
  'an index is unique now': {
    edit: (_, table) => {
      table('transit.Visit').indexes[0].unique = true;
    },
    expected: ['M W index transit.Visit.IX_Visit_Line_DocumentId_LineNumber_Unified changed unique'],
  },
  'an index is unique no more, and has other columns': {
    given: (_, table) => {
      table('transit.Visit').indexes[0].unique = true;
    },
    edit: (_, table) => {
      Object.assign(table('transit.Visit').indexes[0], { unique: false, columns: ['DocumentId'] });
    },
    expected: [
      'R index transit.Visit.IX_Visit_Line_DocumentId_LineNumber_Unified changed unique',
      'A index transit.Visit.IX_Visit_Line_DocumentId_LineNumber_Unified changed columns',
    ],
  },
  'triggers of an existing table are gone': {
    dialect: 'mssql',
    edit: (_, table) => {
      table('transit.Stop').triggers = [];
    },
    expected: [
      'M trigger transit.Stop.TR_Stop_AbstractIdentity removed',
      'W trigger transit.Stop.TR_Stop_AuthHierarchy_Delete removed',
      'W trigger transit.Stop.TR_Stop_AuthHierarchy_Insert removed',
      'M trigger transit.Stop.TR_Stop_ReferentialIdentity removed',
      'W trigger transit.Stop.TR_Stop_Stamp removed',
    ],
  },
  'triggers of an existing table are new': {
    dialect: 'mssql',
    given: (_, table) => {
      table('transit.Stop').triggers = [];
    },
    edit: (_, table) => {
      table('transit.Stop').triggers = tableOf(mssql.catalog, 'transit.Stop').triggers;
    },
    expected: [
      'M trigger transit.Stop.TR_Stop_AbstractIdentity added',
      'W trigger transit.Stop.TR_Stop_AuthHierarchy_Delete added',
      'W trigger transit.Stop.TR_Stop_AuthHierarchy_Insert added',
      'M trigger transit.Stop.TR_Stop_ReferentialIdentity added',
      'W trigger transit.Stop.TR_Stop_Stamp added',
    ],
  },
  'bodies of functions are other ones': {
    edit: (catalog) => {
      const changed = ['uuidv5', 'TF_Document_Journal', 'TF_TR_Stop_Stamp', 'TF_TR_Stop_ReferentialIdentity'];
      catalog.functions = catalog.functions.map((entry) =>
        changed.includes(entry.name) ? { ...entry, body: 'f'.repeat(64) } : entry,
      );
    },
    expected: [
      'W function dms.TF_Document_Journal() changed body',
      'W function dms.uuidv5(namespace_uuid uuid, name_text text) changed body',
      'M function transit.TF_TR_Stop_ReferentialIdentity() changed body',
      'W function transit.TF_TR_Stop_Stamp() changed body',
    ],
  },
  'a view shows a column more': {
    edit: (catalog) => {
      catalog.views = catalog.views.map((view) => ({ ...view, columns: [...view.columns, { name: 'More', type: 'text' }] }));
    },
    expected: ['A view transit.EducationOrganization_View changed columns'],
  },
  'a view shows its columns in another order': {
    edit: (catalog) => {
      catalog.views = catalog.views.map((view) => ({ ...view, columns: [...view.columns].reverse() }));
    },
    expected: ['R view transit.EducationOrganization_View changed columns'],
  },
  'a view shows a column less': {
    edit: (catalog) => {
      catalog.views = catalog.views.map((view) => ({ ...view, columns: view.columns.slice(1) }));
    },
    expected: ['R view transit.EducationOrganization_View changed columns'],
  },
  'a view is gone': {
    edit: (catalog) => {
      catalog.views = [];
    },
    expected: ['R view transit.EducationOrganization_View removed'],
  },
  'a sequence counts otherwise': {
    edit: (catalog) => {
      catalog.sequences = catalog.sequences.map((entry) => ({ ...entry, increment: '2' }));
    },
    expected: ['W sequence dms.ChangeVersionSequence changed increment'],
  },
  'a schema, a sequence and an extension are new': {
    edit: (catalog) => {
      catalog.schemas = [...catalog.schemas, 'more'];
      catalog.extensions = [...catalog.extensions, { name: 'more', schema: 'public' }];
      catalog.sequences = [...catalog.sequences, ...catalog.sequences.map((entry) => ({ ...entry, name: 'More' }))];
    },
    expected: ['A schema more added', 'A extension more added', 'A sequence dms.More added'],
  },
  'a resource has another version': {
    edit: (catalog) => {
      const { fingerprint } = catalog;
      if (!fingerprint) return;
      const [first, ...others] = fingerprint.resourceKeys;
      catalog.fingerprint = { ...fingerprint, resourceKeys: [{ ...first!, resourceVersion: '9' }, ...others] };
    },
    expected: ['M seed dms.ResourceKey.1 changed resourceVersion'],
  },
};

const cases = Object.entries(changes).map(([name, change]) => ({ name, ...change }));

describe('the impact on a database', () => {
  it.each(cases)('when $name', ({ dialect = 'pgsql', given = () => {}, edit, expected }) => {
    const set = sets[dialect];
    const before = edited(set.catalog, given);
    const impact = schemaImpact({ ...set, catalog: before }, { ...set, catalog: edited(before, edit) });
    const found = impact.resources.flatMap(({ changes: all }) => all.map(brief));
    expect(found.sort()).toEqual([...expected].sort());
  });

  it.each(dialects)('of the same schemas is none on %s', (dialect) => {
    const impact = schemaImpact(sets[dialect], {
      ...sets[dialect],
      catalog: structuredClone(sets[dialect].catalog) as Catalog,
    });
    expect(impact).toMatchObject({ classes: [], resources: [], renames: [] });
  });

  it.each(dialects)('has a class for every object that comes, goes or is another one on %s', (dialect) => {
    const { catalog } = sets[dialect];
    const bare: Catalog = { ...catalog, schemas: [], extensions: [], sequences: [], tables: [], views: [], functions: [] };
    const emptied = edited(catalog, (copy, table) => {
      for (const { schema, name } of copy.tables) {
        const all = table(`${schema}.${name}`);
        for (const list of ['uniques', 'foreignKeys', 'checks', 'indexes', 'triggers']) all[list] = [];
        all.primaryKey = null;
        all.storage = 'unlogged';
        for (const entry of all.columns) Object.assign(entry, { type: 'other', nullable: !entry.nullable, collation: 'C' });
      }
    });
    for (const [before, after] of [
      [bare, catalog],
      [catalog, bare],
      [catalog, emptied],
      [emptied, catalog],
    ] as const) {
      const impact = schemaImpact({ ...sets[dialect], catalog: before }, { ...sets[dialect], catalog: after });
      const all = impact.resources.flatMap(({ changes: found }) => found);
      expect(all.length).toBeGreaterThan(20);
      expect(all.filter(({ classes }) => classes.length === 0)).toEqual([]);
    }
  });

  it('names the owner of every table, view and function', () => {
    const { catalog } = pgsql;
    const bare: Catalog = { ...catalog, schemas: [], extensions: [], sequences: [], tables: [], views: [], functions: [] };
    const { resources } = schemaImpact({ ...pgsql, catalog: bare }, pgsql);
    const owners = Object.fromEntries(
      resources.map(({ resource, changes: all }) => [resource, all.map(({ path }) => path[0])] as const),
    );
    expect(Object.keys(owners)).toEqual([
      '(auth)',
      '(core)',
      'Transit',
      'Transit:EducationOrganization',
      'Transit:Line',
      'Transit:Stop',
      'Transit:Trip',
      'Transit:Visit',
    ]);
    expect(owners['(auth)']).toEqual(['auth', 'auth.EducationOrganizationIdToEducationOrganizationId']);
    expect(owners.Transit).toEqual(['transit']);
    expect(owners['Transit:EducationOrganization']).toEqual([
      'transit.EducationOrganizationIdentity',
      'transit.EducationOrganization_View',
    ]);
    expect(owners['Transit:Stop']).toEqual(
      expect.arrayContaining(['transit.Stop', 'transit.StopBench', 'transit.TF_TR_StopBench_Stamp()']),
    );
    expect(owners['(core)']?.every((place) => place?.startsWith('dms') || place === 'pgcrypto')).toBe(true);
  });

  it('names the projects and versions of both sides', () => {
    const [project] = pgsql.model.projects;
    const earlier = { ...pgsql.model, projects: [{ ...project!, projectVersion: '0.9.0' }] };
    const { before, after } = schemaImpact({ ...pgsql, model: earlier }, pgsql);
    expect(before.projects).toEqual([{ projectName: 'Transit', projectVersion: '0.9.0' }]);
    expect(after.projects).toEqual([{ projectName: 'Transit', projectVersion: '1.0.0' }]);
  });

  it('names the entry of the inventory that triggers and their functions are made for, also where they are gone', () => {
    const bare = edited(pgsql.catalog, (catalog, table) => {
      table('transit.Stop').triggers = [];
      catalog.functions = [];
    });
    const places = (impact: SchemaImpact) =>
      Object.fromEntries(
        impact.resources.flatMap(({ changes: all }) =>
          all.map(({ path, trigger }) => [path.join('.'), trigger && `${trigger.table}.${trigger.name}`] as const),
        ),
      );
    const added = places(schemaImpact({ ...pgsql, catalog: bare }, pgsql));
    expect(added).toMatchObject({
      'transit.Stop.TR_Stop_Stamp_Update': 'transit.Stop.TR_Stop_Stamp',
      'transit.Stop.TR_Stop_Stamp_Delete': 'transit.Stop.TR_Stop_Stamp',
      'transit.TF_TR_Stop_Stamp()': 'transit.Stop.TR_Stop_Stamp',
      'dms.TF_Document_Journal()': 'dms.Document.TR_Document_Journal',
      'dms.uuidv5(namespace_uuid uuid, name_text text)': undefined,
    });
    const emptied = { ...pgsql, catalog: bare, inventory: { ...pgsql.inventory, triggers: [] } };
    expect(places(schemaImpact(pgsql, emptied))).toEqual(added);
  });
});

describe('a type', () => {
  it.each([
    ['varchar(5)', 'varchar(6)', 'widened'],
    ['varchar(6)', 'varchar(5)', 'narrowed'],
    ['varchar(6)', 'varchar', 'widened'],
    ['nvarchar(6)', 'nvarchar(max)', 'widened'],
    ['nvarchar(max)', 'nvarchar(6)', 'narrowed'],
    ['integer', 'bigint', 'widened'],
    ['int', 'bigint', 'widened'],
    ['bigint', 'int', 'narrowed'],
    ['numeric(9,2)', 'numeric(10,2)', 'widened'],
    ['numeric(9,2)', 'numeric(10,3)', 'widened'],
    ['numeric(9,2)', 'numeric(9,3)', 'other'],
    ['decimal(9,3)', 'decimal(9,2)', 'other'],
    ['numeric(9,3)', 'numeric(8,2)', 'narrowed'],
    ['numeric(9,3)', 'numeric', 'widened'],
    ['varchar(5)', 'integer', 'other'],
    ['date', 'timestamp with time zone', 'other'],
  ])('%s that becomes %s is %s', (before, after, expected) => {
    expect(typeChange(before, after)).toBe(expected);
  });
});
