import type { Inventory } from '@dms/inventory';
import { core, mustExist } from '@dms/model';
import type { PlainSql, SqlDialect } from '@dms/sql';
import type { BehaviourSession } from './behaviour-session.ts';

/*
 * The tables of schema `dms` as the design describes them (design 06 §4, 16 §2), written a second time: the emitter
 * derives both the script and its catalog from its own description, so neither can test the other.
 */

/** The type of a column; `?` means nullable. */
type CoreColumnType =
  `${'id' | 'small' | 'uuid' | 'instant' | 'date' | 'bool' | 'json' | 'hash32' | `text(${number})`}${'' | '?'}`;

/** A foreign key with one column, which has the same name in the target. */
export interface CoreReference {
  readonly name: string;
  readonly column: string;
  readonly target: 'Document' | 'EffectiveSchema' | 'ResourceKey';
}

interface CoreCheck {
  readonly name: string;
  readonly column: string;
  readonly refused: readonly string[];
  /** Absent if both dialects have it. */
  readonly only?: SqlDialect;
}

/** A table of schema `dms`. */
export interface CoreTableFacts {
  readonly name: string;
  /** Columns that a statement can update. */
  readonly columns: Readonly<Record<string, CoreColumnType>>;
  /** Unique constraints of tables that can have several rows, by name. */
  readonly uniques?: Readonly<Record<string, readonly string[]>>;
  readonly references?: readonly CoreReference[];
  /** Checks that no other check of behaviour tries, and values that they refuse. */
  readonly checks?: readonly CoreCheck[];
  /** The column with the document or resource key of a row; null if every row is tried. */
  readonly rowColumn: 'DocumentId' | 'ResourceKeyId' | null;
}

const reference = (name: string, column: string, target: CoreReference['target']): CoreReference => ({
  name,
  column,
  target,
});

/** The foreign key from a table to the document of a row; the id of a document cannot be updated. */
export const documentReference = (table: string): CoreReference =>
  reference(`FK_${table}_Document`, 'DocumentId', 'Document');

/** The foreign key from a table to the resource key of a row. */
export const resourceKeyReference = (table: string): CoreReference =>
  reference(`FK_${table}_ResourceKey`, 'ResourceKeyId', 'ResourceKey');

/** The part of `dms.Descriptor` that all generations have. */
export const descriptorFacts = {
  name: 'Descriptor',
  columns: {
    DocumentId: 'id',
    Namespace: 'text(255)',
    CodeValue: 'text(50)',
    ShortDescription: 'text(75)',
    Description: 'text(1024)?',
    EffectiveBeginDate: 'date?',
    EffectiveEndDate: 'date?',
    Discriminator: 'text(128)',
    Uri: 'text(306)',
  },
  uniques: { UX_Descriptor_Uri_Discriminator: ['Uri', 'Discriminator'] },
  references: [documentReference('Descriptor')],
  rowColumn: 'DocumentId',
} as const satisfies CoreTableFacts;

/** The number of characters that a column can hold; null if it has no texts. */
export function textLength(type: string): number | null {
  const length = /\d+(?=\))/.exec(type)?.[0];
  return length === undefined ? null : Number(length);
}

/** The numbers of characters that the texts of a descriptor can have (design 06 §2.1, 16 §2.2). */
export const descriptorLengths: ReadonlyMap<string, number> = new Map(
  Object.entries(descriptorFacts.columns).flatMap(([column, type]) => {
    const length = textLength(type);
    return length === null ? [] : [[column, length] as const];
  }),
);

/**
 * The number of characters that a text of a descriptor can have if it may be recorded: the record of a key can have
 * less room than the descriptor (design 15a §4).
 */
export function recordedLength({ trackedChangeTables }: Inventory, column: string): number {
  const length = mustExist(descriptorLengths.get(column), `the length of ${column}`);
  const table = trackedChangeTables.find(({ kind }) => kind === 'SharedDescriptor');
  const value = table?.valueColumns.find(({ oldColumn }) => oldColumn === `Old${column}`);
  return Math.min(length, value?.scalarType.maxLength ?? length);
}

/** The part of `dms.Document` that all generations have; its id cannot be updated. */
export const documentFacts = {
  name: 'Document',
  columns: {
    DocumentUuid: 'uuid',
    ResourceKeyId: 'small',
    ContentVersion: 'id',
    IdentityVersion: 'id',
    ContentLastModifiedAt: 'instant',
    IdentityLastModifiedAt: 'instant',
    CreatedAt: 'instant',
  },
  uniques: { UX_Document_DocumentUuid: ['DocumentUuid'] },
  references: [resourceKeyReference('Document')],
  rowColumn: 'DocumentId',
} as const satisfies CoreTableFacts;

/** The part of `dms.DocumentCache` that all generations have. */
export const documentCacheFacts = {
  name: 'DocumentCache',
  columns: {
    DocumentId: 'id',
    DocumentUuid: 'uuid',
    ProjectName: 'text(256)',
    ResourceName: 'text(256)',
    ResourceVersion: 'text(32)',
    LastModifiedAt: 'instant',
    DocumentJson: 'json',
    ComputedAt: 'instant',
  },
  references: [documentReference('DocumentCache')],
  rowColumn: 'DocumentId',
} as const satisfies CoreTableFacts;

export const effectiveSchemaFacts: CoreTableFacts = {
  name: 'EffectiveSchema',
  columns: {
    EffectiveSchemaSingletonId: 'small',
    ApiSchemaFormatVersion: 'text(64)',
    EffectiveSchemaHash: 'text(64)',
    ResourceKeyCount: 'small',
    ResourceKeySeedHash: 'hash32',
    AppliedAt: 'instant',
  },
  checks: [
    {
      name: 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
      column: 'ApiSchemaFormatVersion',
      refused: ['', '   '],
    },
    {
      name: 'CK_EffectiveSchema_ResourceKeySeedHash_Length',
      column: 'ResourceKeySeedHash',
      refused: [31, 33].map((length) => `\\x${'00'.repeat(length)}`),
      // in SQL Server the type has the length
      only: 'pgsql',
    },
  ],
  rowColumn: null,
};

export const resourceKeyFacts: CoreTableFacts = {
  name: 'ResourceKey',
  columns: {
    ResourceKeyId: 'small',
    ProjectName: 'text(256)',
    ResourceName: 'text(256)',
    ResourceVersion: 'text(32)',
  },
  uniques: { UX_ResourceKey_ProjectName_ResourceName: ['ProjectName', 'ResourceName'] },
  rowColumn: 'ResourceKeyId',
};

export const schemaComponentFacts: CoreTableFacts = {
  name: 'SchemaComponent',
  columns: {
    EffectiveSchemaHash: 'text(64)',
    ProjectEndpointName: 'text(128)',
    ProjectName: 'text(256)',
    ProjectVersion: 'text(32)',
    IsExtensionProject: 'bool',
  },
  references: [reference('FK_SchemaComponent_EffectiveSchemaHash', 'EffectiveSchemaHash', 'EffectiveSchema')],
  rowColumn: null,
};

/** Rows of core tables as the checks insert them, by column. */
export interface CoreRows {
  /** A row of `dms.Descriptor`. */
  descriptor(documentId: number, resourceKeyId: number, codeValue: string): ReadonlyMap<string, string>;
  /** A row of `dms.DocumentCache` without the columns that repeat the document. */
  cache(json: string): ReadonlyMap<string, string>;
}

/** With a capital letter, a point, a combining mark and a blank: a copy could lose them or what follows. */
const namespace = 'uri://Verification.org/e\u0301 ';

/** The values of a row of `dms.Descriptor` that all generations have. */
export const commonDescriptor = (documentId: number, codeValue: string): ReadonlyMap<string, string> =>
  new Map([
    ['DocumentId', String(documentId)],
    ['Namespace', namespace],
    ['CodeValue', codeValue],
    ['ShortDescription', codeValue],
    ['Discriminator', 'Verification'],
    ['Uri', `${namespace}#${codeValue}`],
  ]);

/** The values of a row of `dms.DocumentCache` that all generations have. */
export const commonCache = (json: string): ReadonlyMap<string, string> =>
  new Map([
    ['ProjectName', 'Verification'],
    ['ResourceName', 'Verification'],
    ['ResourceVersion', '1.0.0'],
    ['LastModifiedAt', '2024-01-01T00:00:00Z'],
    ['DocumentJson', json],
  ]);

/** The same rows, with descriptors whose keys can be recorded. */
export const recordable = (rows: CoreRows, inventory: Inventory): CoreRows => ({
  ...rows,
  descriptor(documentId, resourceKeyId, codeValue) {
    const row = rows.descriptor(documentId, resourceKeyId, codeValue);
    const cut = (column: string) =>
      mustExist(row.get(column), `the ${column} of a descriptor`).slice(0, recordedLength(inventory, column));
    const [own, code] = [cut('Namespace'), cut('CodeValue')];
    return new Map([...row, ['Namespace', own], ['CodeValue', code], ['Uri', `${own}#${code}`]]);
  },
});

/** Inserts the cached form of a document, with its UUID. */
export function cacheInsert(session: BehaviourSession, rows: CoreRows, documentId: number, json: string): PlainSql {
  const { sql, literal } = session.rules;
  const own = literal(documentId);
  return session.insertText(
    core.documentCache,
    rows.cache(json),
    new Map([
      ['DocumentId', own],
      ['DocumentUuid', sql`(SELECT "DocumentUuid" FROM ${core.document} WHERE "DocumentId" = ${own})`],
    ]),
  );
}
