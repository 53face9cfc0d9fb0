import { parseJsonPath } from '@dms/api-schema';
import { dialects } from '@dms/sql';
import * as z from 'zod/mini';

/** Shapes that several artifacts share (design 02 §15.1, 05 §8.1). */

export const jsonPath = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const parsed = parseJsonPath(text);
    if ('path' in parsed) return parsed.path;
    issues.push({ code: 'custom', input: text, message: `no JSONPath: ${text}` });
    return z.NEVER;
  }),
);

const text = z.string();

export const dialect = z.enum(dialects);
export const tableName = z.object({ schema: text, name: text });
export const columnMappings = z.array(z.object({ sourceColumn: text, targetColumn: text }));

export const scalarType = z.object({
  kind: z.enum(['String', 'Int32', 'Int64', 'Decimal', 'Boolean', 'Date', 'DateTime', 'Time']),
  maxLength: z.nullable(z.int()),
  decimal: z.nullable(z.object({ precision: z.int(), scale: z.int() })),
});
