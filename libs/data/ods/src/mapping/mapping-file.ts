import { type DetailValue, diagnostic } from '@dms/diagnostics';
import { invalidArtifact, readJsonArtifact } from '@dms/model';
import { listText } from '@dms/values';
import * as z from 'zod/mini';
import type { DerivedMapping } from './derive-mapping.ts';
import { fixedColumns, mappingNotes } from './ods-mapping.ts';

const format = 2;

const text = z.string();
const texts = z.array(text);
const resource = z.object({ projectName: text, resourceName: text });
export const tableNameFormat = z.object({ schema: text, name: text });

export const typeFormat = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('string'), maxLength: z.int() }),
  z.object({ kind: z.literal('decimal'), precision: z.int(), scale: z.int() }),
  z.object({ kind: z.enum(['boolean', 'int', 'bigint', 'smallint', 'money', 'date', 'time', 'timestamp', 'uuid']) }),
]);

const pathContents = [
  z.object({ kind: z.literal('value') }),
  z.object({ kind: z.enum(['descriptor', 'usi']), resource }),
] as const;

const content = z.discriminatedUnion('kind', [
  ...pathContents,
  z.object({ kind: z.literal('descriptorColumn') }),
  z.object({ kind: z.literal('fixed'), column: z.enum(fixedColumns) }),
]);

const pathContent = z.discriminatedUnion('kind', pathContents);

const sharingPath = z.object({ path: text, content: pathContent, type: typeFormat, isRequired: z.boolean() });

const source = z.object({
  resource,
  scope: text,
  paths: z.record(text, texts),
  sharing: z.optional(z.record(text, z.array(sharingPath))),
});

export const tableKinds = [
  'root',
  'base',
  'subclass',
  'schoolYear',
  'collection',
  'common',
  'extension',
  'descriptor',
  'descriptorBase',
] as const;

export const columnFormat = z.object({
  name: text,
  pgsqlName: text,
  content,
  type: typeFormat,
  isNullable: z.boolean(),
  isGuessed: z.optional(z.literal(true)),
});

const table = z.object({
  schema: text,
  name: text,
  pgsqlName: text,
  kind: z.enum(tableKinds),
  parent: z.nullable(tableNameFormat),
  columns: z.array(columnFormat),
  key: texts,
  foreignKeys: z.array(z.object({ columns: texts, targetTable: tableNameFormat, targetColumns: texts })),
  sources: z.array(source),
});

/** A note of the derivation, without the file: names of files do not belong in an artifact. */
const note = z.object({
  code: z.enum(mappingNotes),
  message: text,
  where: z.object({ resource: z.optional(text) }),
  details: z.record(text, z.custom<DetailValue>()),
});

const mappingFile = z.object({
  odsMappingFormat: z.literal(format),
  effectiveSchemaHash: text,
  notes: z.array(note),
  tables: z.array(table),
});

/** The text of `ods-mapping.json`: one note or table per line (design 19 §5.9). */
export function mappingText({ mapping: { effectiveSchemaHash, tables }, notes }: DerivedMapping): string {
  const kept = notes.map(({ code, message, where, details }) => ({ code, message, where, details }));
  return listText({ odsMappingFormat: format, effectiveSchemaHash, notes: kept, tables });
}

/** Reads `ods-mapping.json`. Throws `MODEL_FILE_INVALID`, also if the file belongs to another schema set. */
export function readMapping(bytes: Uint8Array, file: string, effectiveSchemaHash: string): DerivedMapping {
  const expected = `ODS mapping of format ${format}`;
  const read = readJsonArtifact(mappingFile, Buffer.from(bytes).toString('utf8'), file, expected);
  const { odsMappingFormat, notes, ...mapping } = read;
  if (mapping.effectiveSchemaHash !== effectiveSchemaHash)
    invalidArtifact(file, expected, 'effectiveSchemaHash must be that of effective-schema.manifest.json');
  return {
    mapping,
    notes: notes.map(({ code, message, where, details }) => diagnostic(code, message, where, details)),
  };
}
