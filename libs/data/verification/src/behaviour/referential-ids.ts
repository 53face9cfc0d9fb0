import { derivedRows, identityBlocks } from '@dms/ddl';
import { finiteText } from '@dms/documents';
import type { Inventory, ReferentialIdentityTrigger } from '@dms/inventory';
import {
  referentialIdentityColumns as columns,
  core,
  type IdentityElement,
  namePartsOf,
  qualified,
  referentialIdNamespace,
} from '@dms/model';
import { kindFacts, pgsqlName } from '@dms/sql';
import type { ComparedSet } from '@dms/upgrade';
import { v5 } from 'uuid';
import type { RowText } from '../verification-dialect.ts';
import type { RowsOf } from './behaviour-session.ts';
import type { CoreChecks, CoreIdentities } from './core-checks.ts';
import { type CoreTableFacts, documentReference, type ReferentialRow, resourceKeyReference } from './core-tables.ts';
import type { IdentityRows } from './derived-rows.ts';
import { compareRows } from './failures.ts';

/** UUID version 5 of a name; the namespace is passed as bytes, because the package refuses ours as a text. */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** A number as text, or a time, without the zeros at the end of its fraction. */
export const withoutTrailingZeros = (text: string) =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '').replace(/^-0$/, '0') : text;

/** The differences between the generations in hashed names. */
export interface IdentityTexts {
  identityTime(shown: string): string;
  /** Whether an infinite date or date-time has a referential id. */
  readonly takesInfinity?: boolean;
  /** Whether an infinite date or date-time is hashed as the engine shows it, not as the moment that it represents. */
  readonly hashesInfinity?: boolean;
}

/**
 * The texts that the triggers of the service's own tool hash differently from ours (design 16 §6.4): `infinity` on
 * PostgreSQL, and times without their fraction on SQL Server.
 */
export const serviceTexts: IdentityTexts = {
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  hashesInfinity: true,
};

/**
 * The rows of `dms.ReferentialIdentity` that a row of a root table requires: its own and, for a subclass, the row of
 * the superclass. `uris` has the URIs of descriptors by document id.
 */
export function referentialRows(
  trigger: ReferentialIdentityTrigger,
  { documentId, values: row }: { readonly documentId: string; readonly values: RowText },
  uris: ReadonlyMap<string, string>,
  texts: IdentityTexts,
): ReferentialRow[] {
  return identityBlocks(trigger).map((block) => {
    const name = namePartsOf(block)
      .map((part) =>
        part.kind === 'text' ? part.text : valueText(part.element, row[part.element.column] ?? '', uris, texts),
      )
      .join('');
    return {
      referentialId: uuidOf(referentialIdNamespace, name),
      documentId,
      resourceKeyId: String(block.resourceKeyId),
    };
  });
}

/** The text of a value in a hashed name (design 07 §9.2), from the text that the engine shows. */
function valueText(
  { scalarType, isDescriptor }: IdentityElement,
  shown: string,
  uris: ReadonlyMap<string, string>,
  { identityTime, hashesInfinity = false }: IdentityTexts,
): string {
  if (isDescriptor) return (uris.get(shown) ?? '').toLowerCase();
  const form = kindFacts[scalarType.kind].textForm;
  if (hashesInfinity && isInfinite(shown) && form !== 'text') return shown;
  switch (form) {
    case 'text':
    case 'integer':
      return shown;
    case 'decimal':
      return withoutTrailingZeros(shown);
    case 'boolean':
      return shown === 'true' || shown === '1' ? 'true' : 'false';
    case 'date':
      return finiteText(shown, 'Date').slice(0, 'YYYY-MM-DD'.length);
    case 'time':
      return identityTime(shown);
    case 'dateTime':
      return `${finiteText(shown, 'DateTime').slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace(' ', 'T')}Z`;
  }
}

const isInfinite = (shown: string) => shown.endsWith('infinity');

/*
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, which triggers fill (design
 * 07 §9.2).
 */

const table = core.referentialIdentity;

export const referentialIdentityFacts: CoreTableFacts = {
  name: table.name,
  columns: { ReferentialId: 'uuid', DocumentId: 'id', ResourceKeyId: 'small' },
  uniques: { UX_ReferentialIdentity_DocumentId_ResourceKeyId: ['DocumentId', 'ResourceKeyId'] },
  references: [documentReference(table.name), resourceKeyReference(table.name)],
  rowColumn: 'DocumentId',
};

/** Names whose UUIDs are compared: the names of design 06 §5.1, except the longest, and one with letters that are easily lost. */
const hashedNames: readonly (readonly [namespace: string, name: string])[] = [
  ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'],
  ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://example.org/'],
  ['00000000-0000-0000-0000-000000000000', ''],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'x'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'hello world'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'Ed-FiSchool$.schoolId=255901'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'ß'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'café üñîçödé 学校 🏫'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'Ed-FiSchool$.name=a#b\u00a0c  d#$.code= '],
];

/** C11: the function that makes referential ids. */
async function hashes({ session, failures }: CoreChecks): Promise<void> {
  const compare = async (namespace: string, name: string | null, expected: string | null) => {
    const [row] = await session.query<{ id: string | null }>(
      `SELECT ${session.dialect.uuidCall(namespace, name)} AS id`,
    );
    failures.equal('C11', `${qualified(core.uuidv5)} of ${JSON.stringify(name)}`, expected, row?.id ?? null);
  };
  for (const [namespace, name] of hashedNames) await compare(namespace, name, uuidOf(namespace, name));
  await compare('00000000-0000-0000-0000-000000000000', null, null);
}

/** The table and function for referential ids in the core. */
export const storedCoreIdentities: CoreIdentities = {
  inserts: (session, { referentialId, documentId, resourceKeyId }) => [
    session.insertText(
      table,
      new Map([
        ['ReferentialId', referentialId],
        ['DocumentId', documentId],
        ['ResourceKeyId', resourceKeyId],
      ]),
    ),
  ],
  checkFunctions: (checks) => checks.failures.during('C11', qualified(core.uuidv5), () => hashes(checks)),
};

/** The rows of referential ids, which must equal the rows that the tool computes from the rows of documents. */
export function storedIdentityRows({ triggers: all }: Inventory, texts: IdentityTexts): IdentityRows {
  const triggers = all.filter((trigger) => trigger.kind === 'ReferentialIdentityMaintenance');
  const byTable = new Map(triggers.map((trigger) => [qualified(trigger.table), trigger]));
  const expected = (trigger: ReferentialIdentityTrigger, rowsOf: RowsOf, uris: ReadonlyMap<string, string>) =>
    rowsOf(trigger.table)
      .flatMap((row) => referentialRows(trigger, { documentId: row.DocumentId ?? '', values: row }, uris, texts))
      .map(rowText);
  const stored = (rowsOf: RowsOf): readonly ReferentialRow[] =>
    rowsOf(table).map((row) => ({
      referentialId: row.ReferentialId?.toLowerCase() ?? '',
      documentId: row.DocumentId ?? '',
      resourceKeyId: row.ResourceKeyId ?? '',
    }));
  return {
    takesInfinity: texts.takesInfinity ?? false,
    select(selected) {
      selected.add(core.descriptor, ['DocumentId', 'Uri']);
      selected.add(table, columns);
      for (const { table: root, identityElements, superclassAlias } of triggers) {
        const elements = [...identityElements, ...(superclassAlias?.identityElements ?? [])];
        selected.add(root, ['DocumentId', ...elements.map(({ column }) => column)]);
      }
    },
    check(rowsOf, place) {
      const uris = new Map(rowsOf(core.descriptor).map((row) => [row.DocumentId ?? '', row.Uri ?? '']));
      const wanted = triggers.flatMap((trigger) => expected(trigger, rowsOf, uris));
      compareRows(place, qualified(table), wanted, stored(rowsOf).map(rowText));
    },
    keptOf: (session, documentId) =>
      ['MIN', 'MAX'].map(
        (end) =>
          `(SELECT ${end}(CAST(${session.quote('ReferentialId')} AS varchar(36))) FROM ${session.table(table)} WHERE ${session.quote('DocumentId')} = ${documentId})`,
      ),
    selectOf: (selected, where) => selected.add(table, columns, where),
    checkOf(root, rowsOf, uris, place) {
      const trigger = byTable.get(qualified(root));
      if (!trigger) return;
      const own = new Set(rowsOf(root).map((row) => row.DocumentId ?? ''));
      const found = stored(rowsOf).filter(({ documentId }) => own.has(documentId));
      compareRows(place, qualified(table), expected(trigger, rowsOf, uris), found.map(rowText));
    },
  };
}

const rowText = ({ referentialId, documentId, resourceKeyId }: ReferentialRow) =>
  `${referentialId}, ${documentId}, ${resourceKeyId}`;

/** Derived rows in PostgreSQL: the query that reads them as `text`, and the statements that compute them again. */
export interface ComputedRows {
  readonly name: string;
  readonly sql: string;
  readonly statements: readonly string[];
}

/** The rows of `dms.ReferentialIdentity` that triggers fill, so not those of descriptors. */
export function computedReferentialIds({ model, inventory }: ComparedSet): readonly ComputedRows[] {
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, 'pgsql');
  const blocks = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'ReferentialIdentityMaintenance'
      ? identityBlocks(trigger).map((block) => ({ block, table: trigger.table }))
      : [],
  );
  if (blocks.length === 0) return [];
  const ids = new Set(blocks.map(({ block }) => block.resourceKeyId));
  const ofTriggers = `"ResourceKeyId" IN (${[...ids].join(', ')})`;
  const name = pgsqlName(core.referentialIdentity);
  return [
    {
      name,
      sql: `SELECT t::text AS text FROM ${name} AS t WHERE t.${ofTriggers} ORDER BY 1`,
      statements: [
        `DELETE FROM ${name} WHERE ${ofTriggers}`,
        ...blocks.map(({ block, table }) => texts.referentialIds(block, table)),
      ],
    },
  ];
}
