import { invalidArtifact, readJsonArtifact } from '@dms/model';
import { listText } from '@dms/values';
import * as z from 'zod/mini';
import { columnFormat, tableKinds, tableNameFormat, typeFormat } from '../mapping/mapping-file.ts';
import {
  type EarlierArm,
  type EarlierCondition,
  type EarlierExpression,
  type EarlierMapping,
  lossReasons,
} from './earlier-mapping.ts';

/* `earlier-mapping.json` (design 21 §3): the places of the earlier set's rows and columns in the later set. */

const format = 1;

const text = z.string();
const texts = z.array(text);

const literal = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['text', 'number']), text }),
  z.object({ kind: z.literal('boolean'), is: z.boolean() }),
  z.object({ kind: z.literal('descriptor'), discriminator: text, uri: text }),
]);

const expression: z.ZodMiniType<EarlierExpression> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('column'), alias: text, column: text }),
    z.object({ kind: z.literal('coalesce'), of: z.array(expression) }),
    z.object({ kind: z.literal('text'), text }),
    z.object({ kind: z.literal('null') }),
    z.object({ kind: z.literal('where'), present: expression, of: expression }),
    z.object({
      kind: z.literal('values'),
      of: expression,
      cases: z.array(z.object({ later: literal, earlier: literal })),
      others: z.enum(['null', 'stay']),
    }),
    z.object({ kind: z.literal('codeValue'), of: expression, discriminator: text }),
    z.object({ kind: z.literal('cast'), of: expression, from: z.enum(['text', 'other']), to: typeFormat }),
    z.object({
      kind: z.literal('first'),
      table: tableNameFormat,
      on: z.array(pair),
      column: text,
      order: texts,
      isPresent: z.boolean(),
    }),
  ]),
);

const isNullable = z.optional(z.boolean());

const pair = z.object({ column: text, value: expression, isNullable });

const join = z.object({ kind: z.enum(['left', 'inner']), table: tableNameFormat, alias: text, on: z.array(pair) });

const condition: z.ZodMiniType<EarlierCondition> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('present'),
      of: z.array(expression),
      rows: z.array(
        z.object({ rows: z.object(rows), on: z.array(z.object({ there: expression, here: expression, isNullable })) }),
      ),
    }),
    z.object({ kind: z.literal('oneOf'), value: expression, texts }),
    z.object({
      kind: z.literal('first'),
      table: tableNameFormat,
      on: z.array(pair),
      order: z.array(pair),
      present: texts,
    }),
  ]),
);

const rows = { table: tableNameFormat, alias: text, joins: z.array(join), where: z.array(condition) };

const arm: z.ZodMiniType<EarlierArm> = z.object({ ...rows, columns: z.array(expression) });

const table = z.object({
  schema: text,
  name: text,
  pgsqlName: text,
  kind: z.enum(tableKinds),
  key: texts,
  columns: z.array(columnFormat),
  arms: z.array(arm),
});

const loss = z.object({
  place: text,
  reason: z.enum(lossReasons),
  rule: text,
  also: z.optional(texts),
  values: z.optional(texts),
  descriptor: z.optional(text),
  tables: texts,
});

const mappingFile = z.object({
  earlierMappingFormat: z.literal(format),
  before: text,
  after: text,
  translation: text,
  versions: z.record(text, text),
  notGivenBack: z.array(loss),
  tables: z.array(table),
});

/** The text of `earlier-mapping.json`: one table or loss per line. */
export function earlierMappingText(mapping: EarlierMapping): string {
  const { before, after, translation, versions, notGivenBack, tables } = mapping;
  return listText({ earlierMappingFormat: format, before, after, translation, versions, notGivenBack, tables });
}

/** Reads `earlier-mapping.json`. Throws `MODEL_FILE_INVALID`, also if the file leads to another schema set. */
export function readEarlierMapping(bytes: Uint8Array, file: string, effectiveSchemaHash: string): EarlierMapping {
  const expected = `mapping of an earlier set of format ${format}`;
  const read = readJsonArtifact(mappingFile, Buffer.from(bytes).toString('utf8'), file, expected);
  const { earlierMappingFormat, ...mapping } = read;
  if (mapping.after !== effectiveSchemaHash)
    invalidArtifact(file, expected, 'after must be that of effective-schema.manifest.json');
  return mapping;
}
