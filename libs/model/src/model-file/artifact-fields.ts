import { parseJsonPath } from '@dms/api-schema';
import { dialects } from '@dms/sql';
import * as z from 'zod';

/** Shapes that several artifacts share (design 02 §15.1, 05 §8.1). */

export const jsonPath = z.string().transform((text, context) => {
  const parsed = parseJsonPath(text);
  if ('path' in parsed) return parsed.path;
  context.addIssue({ code: 'custom', message: `no JSONPath: ${text}` });
  return z.NEVER;
});

const text = z.string();

export const dialect = z.enum(dialects);
export const tableName = z.object({ schema: text, name: text });
export const columnMappings = z.array(z.object({ sourceColumn: text, targetColumn: text }));

export const scalarType = z.object({
  kind: z.enum(['String', 'Int32', 'Int64', 'Decimal', 'Boolean', 'Date', 'DateTime', 'Time']),
  maxLength: z.number().int().nullable(),
  decimal: z.object({ precision: z.number().int(), scale: z.number().int() }).nullable(),
});
