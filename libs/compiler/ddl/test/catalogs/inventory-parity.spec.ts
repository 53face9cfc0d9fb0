import path from 'node:path';
import type { DbTrigger } from '@dms/inventory';
import { readScript } from '@dms/script-checks';
import { dialectRules, dialects, limitIdentifier, type SqlDialect } from '@dms/sql';
import { casesOfSpec, hasSharedData, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  type Emitted,
  type EmittedSet,
  emitCampusAndAthletics,
  emitDocuments,
  emitFiles,
  emitFolder,
} from '../emitted.ts';
import { readScenarioFile } from '../scenarios.ts';

/*
 * The scripts and the catalog create exactly the indexes and triggers of the inventory, each once; read from the text
 * of the scripts (design 05 §2.5, §3.3).
 */

const ownInputs = ['identity-values.json', 'hierarchy.json'].flatMap((file) =>
  Object.entries(readScenarioFile(path.resolve(import.meta.dirname, '../../scenarios', file)).inputs),
);

const published = 'ds-5.2 (needs the shared conformance data)';

const sets: Readonly<Record<string, () => Promise<EmittedSet>>> = {
  'campus and athletics': emitCampusAndAthletics,
  ...Object.fromEntries(ownInputs.map(([name, input]) => [name, async () => emitDocuments(input)])),
  ...(hasSharedData && {
    ...Object.fromEntries(
      ['minimal', 'nested', 'ext', 'polymorphic'].map((name) => [
        name,
        () => emitFolder(sharedFile('fixtures', name, 'inputs')),
      ]),
    ),
    [published]: () => emitFiles(sharedFile('inputs', 'ds-5.2-core.json')),
  }),
};

const coreIndexes = [
  'dms.Document IX_Document_ResourceKeyId_DocumentId (ResourceKeyId, DocumentId)',
  'dms.DocumentCache IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt (ProjectName, ResourceName, LastModifiedAt, DocumentId)',
  'dms.DocumentChangeEvent IX_DocumentChangeEvent_DocumentId (DocumentId)',
  'dms.DocumentChangeEvent IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion (ResourceKeyId, ChangeVersion, DocumentId)',
];

interface Statements {
  /** `schema.table name (columns) INCLUDE (columns)`, in the order of the script. */
  readonly indexes: readonly string[];
  /** `schema.table name EVENTS`. */
  readonly triggers: readonly string[];
}

const indexLine = (
  table: string,
  name: string,
  unique: boolean,
  columns: readonly string[],
  include: readonly string[],
) =>
  `${table} ${unique ? 'unique ' : ''}${name} (${columns.join(', ')})${include.length > 0 ? ` INCLUDE (${include.join(', ')})` : ''}`;

/** Names between quotes; no name contains a quote. */
const names = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '');

function pgsqlStatements(script: string): Statements {
  const index =
    /^CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?"([^"]+)" ON ("[^"]+"\."[^"]+") \(([^)]*)\)(?: INCLUDE \(([^)]*)\))?;$/gm;
  const trigger =
    /^CREATE OR REPLACE TRIGGER "([^"]+)"\nAFTER ([A-Z ]+) ON ("[^"]+"\."[^"]+")\n(?:REFERENCING ([A-Za-z_ ]+)\n)?FOR EACH (ROW|STATEMENT)\nEXECUTE FUNCTION "[^"]+"\."[^"]+"\(\);$/gm;
  const indexes = [...script.matchAll(index)];
  const triggers = [...script.matchAll(trigger)];
  // every statement of these kinds must have the form that was matched
  expect(indexes).toHaveLength(script.match(/\bCREATE\s+(UNIQUE\s+)?INDEX\b/g)?.length ?? 0);
  expect(triggers).toHaveLength(script.match(/\bTRIGGER\b/g)?.length ?? 0);
  return {
    indexes: indexes.map(([, unique, name = '', table = '', columns = '', include = '']) =>
      indexLine(names(table).join('.'), name, unique !== undefined, names(columns), names(include)),
    ),
    triggers: triggers.map(([, name, events = '', table = '', rows = '', level = '']) =>
      `${names(table).join('.')} ${name} ${events.replaceAll(' OR ', ', ')} ${level} ${rows}`.trim(),
    ),
  };
}

function mssqlStatements(text: string): Statements {
  const script = readScript(text);
  const indexes = [...script.tables.values()].flatMap((table) =>
    table.indexes.map(({ name, unique, columns, include }) => indexLine(table.name, name, unique, columns, include)),
  );
  expect(indexes).toHaveLength(text.match(/\bCREATE\s+(UNIQUE\s+)?INDEX\b/g)?.length ?? 0);
  const triggers = script.modules.filter(({ kind }) => kind === 'TRIGGER');
  expect(triggers).toHaveLength(text.match(/\bTRIGGER\b/g)?.length ?? 0);
  return {
    indexes,
    triggers: triggers.map(
      ({ name, table, events }) => `${table} ${name.slice(name.indexOf('.') + 1)} ${events.join(', ')}`,
    ),
  };
}

const transitionTables: Readonly<Record<string, string>> = {
  INSERT: 'NEW TABLE AS new_rows',
  UPDATE: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
  DELETE: 'OLD TABLE AS old_rows',
};

const suffixOf = (event: string) => `_${event[0]}${event.slice(1).toLowerCase()}`;

/** The triggers of SQL Server by the table of design 07 §8.1; they have the names of the inventory. */
function mssqlTriggers(trigger: DbTrigger): string[] {
  switch (trigger.kind) {
    case 'DocumentStamping':
      return [
        `${trigger.name} ${trigger.identityProjectionColumns.length > 0 ? 'UPDATE, DELETE' : 'INSERT, UPDATE, DELETE'}`,
      ];
    case 'ReferentialIdentityMaintenance':
    case 'AbstractIdentityMaintenance':
      return [`${trigger.name} INSERT, UPDATE`];
    case 'IdentityPropagationFallback':
      return [`${trigger.name} UPDATE`];
    case 'AuthHierarchyMaintenance':
      if (trigger.triggerEvent === 'Insert' && trigger.entity.parentFks.length === 0)
        return [`${trigger.name} INSERT, UPDATE`];
      return [`${trigger.name} ${trigger.triggerEvent.toUpperCase()}`];
  }
}

/** The triggers of PostgreSQL: a statement trigger per event, except for two kinds of row triggers. */
function pgsqlTriggers(trigger: DbTrigger): string[] {
  const perStatement = (event: string, name = trigger.name + suffixOf(event)) =>
    `${limitIdentifier(dialectRules.pgsql, name)} ${event} STATEMENT ${transitionTables[event]}`;
  switch (trigger.kind) {
    case 'DocumentStamping':
      if (trigger.identityProjectionColumns.length === 0)
        return ['INSERT', 'UPDATE', 'DELETE'].map((event) => perStatement(event));
      return [perStatement('UPDATE'), `${limitIdentifier(dialectRules.pgsql, `${trigger.name}_Delete`)} DELETE ROW`];
    case 'ReferentialIdentityMaintenance':
      return [perStatement('INSERT'), perStatement('UPDATE')];
    case 'AbstractIdentityMaintenance':
      return [`${trigger.name} INSERT, UPDATE ROW`];
    case 'IdentityPropagationFallback':
      throw new Error('no propagation trigger on PostgreSQL');
    case 'AuthHierarchyMaintenance': {
      const own = perStatement(trigger.triggerEvent.toUpperCase(), trigger.name);
      if (trigger.triggerEvent !== 'Insert' || trigger.entity.parentFks.length > 0) return [own];
      return [own, perStatement('UPDATE', `TR_${trigger.entity.entityName}_AuthHierarchy_Update`)];
    }
  }
}

const triggersOf = { pgsql: pgsqlTriggers, mssql: mssqlTriggers };

const journals = {
  pgsql: [
    `dms.Document TR_Document_Journal_Insert INSERT STATEMENT ${transitionTables.INSERT}`,
    `dms.Document TR_Document_Journal_Update UPDATE STATEMENT ${transitionTables.UPDATE}`,
  ],
  mssql: ['dms.Document TR_Document_Journal INSERT, UPDATE'],
};

/** The expected statements for the inventory. */
function wanted({ inventory }: Emitted, dialect: SqlDialect): Statements {
  return {
    indexes: inventory.indexes
      .filter(({ kind }) => kind === 'ForeignKeySupport' || kind === 'Explicit')
      .map(({ table, name, isUnique, keyColumns, includeColumns }) =>
        indexLine(`${table.schema}.${table.name}`, name, isUnique, keyColumns, includeColumns),
      ),
    triggers: inventory.triggers.flatMap((trigger) =>
      triggersOf[dialect](trigger).map((text) => `${trigger.table.schema}.${trigger.table.name} ${text}`),
    ),
  };
}

const sorted = (list: readonly string[]) => [...list].sort();

const small = Object.keys(sets).filter((name) => name !== published);

describe.each(casesOfSpec(small, [published]))('%s', (name) => {
  it.runIf(Object.hasOwn(sets, name)).each(dialects)('%s: script, catalog and inventory agree', async (dialect) => {
    const emitted = (await sets[name]!()).in(dialect);
    const found = dialect === 'pgsql' ? pgsqlStatements(emitted.script) : mssqlStatements(emitted.script);
    const { indexes, triggers } = wanted(emitted, dialect);
    const journal = journals[dialect];
    expect(sorted(found.indexes)).toEqual(sorted([...coreIndexes, ...indexes]));
    expect(sorted(found.triggers)).toEqual(sorted([...journal, ...triggers]));
    // the triggers of the model stand in the order of the inventory
    expect(found.triggers.slice(journal.length)).toEqual(triggers);

    const tables = emitted.catalog.tables.filter(({ schema }) => schema !== 'dms');
    const inCatalog = tables.flatMap((table) =>
      table.indexes.map(({ name: index, unique, columns, include }) =>
        indexLine(`${table.schema}.${table.name}`, index, unique, columns, include),
      ),
    );
    expect(sorted(inCatalog)).toEqual(sorted(indexes));
    const catalogTriggers = tables.flatMap((table) =>
      table.triggers.map(({ name: trigger, events, level, oldTable, newTable }) => {
        const rows = [
          ...(oldTable ? [`OLD TABLE AS ${oldTable}`] : []),
          ...(newTable ? [`NEW TABLE AS ${newTable}`] : []),
        ];
        const form = dialect === 'pgsql' ? ` ${level} ${rows.join(' ')}`.trimEnd() : '';
        return `${table.schema}.${table.name} ${trigger} ${events.join(', ')}${form}`;
      }),
    );
    expect(sorted(catalogTriggers)).toEqual(sorted(triggers));
  });
});
