import { core, type IdentityBlock, referentialIdentityColumns } from '@dms/model';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityText, namePartsOf, referentialIdNamespace } from '../identity-name.ts';
import { enclosed, indented } from '../statement-lines.ts';
import { descriptorTable, literal, q, qualified } from './body-text.ts';

/** The text that the type of a value makes of it. */
export const castText = (value: string) => `${value}::pg_catalog.text`;

/** The texts of all kinds but times; of dates, the texts of those in the calendar. */
export const valueTexts: Omit<IdentityTexts, 'Time'> = {
  Descriptor: (id) =>
    `(SELECT pg_catalog.lower(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${id})`,
  String: (value) => value,
  Int32: castText,
  Int64: castText,
  Boolean: castText,
  Decimal: (value, { decimal }) => castText(decimal?.scale === 0 ? value : `pg_catalog.trim_scale(${value})`),
  Date: (value) => `pg_catalog.to_char(${value}, ${literal('YYYY-MM-DD')})`,
  DateTime: (value) =>
    `pg_catalog.to_char(${value} AT TIME ZONE ${literal('UTC')}, ${literal('YYYY-MM-DD"T"HH24:MI:SS"Z"')})`,
};

export const referentialIdentityTable = qualified(core.referentialIdentity);
const uuidv5 = qualified(core.uuidv5);
const id = q('DocumentId');

/** The name string, one element per line. */
function nameLines(block: IdentityBlock, texts: IdentityTexts): string[] {
  const lines: string[] = [];
  for (const part of namePartsOf(block)) {
    if (part.kind === 'text') lines.push((lines.length > 0 ? '|| ' : '') + literal(part.text));
    else lines.push(`${lines.pop()} || ${identityText(part.element, `t.${q(part.element.column)}`, texts)}`);
  }
  return lines;
}

/** The referential id of a block of the row `t`, on one line. */
export const referentialId = (block: IdentityBlock, texts: IdentityTexts): string =>
  `${uuidv5}(${literal(referentialIdNamespace)}::pg_catalog.uuid, ${nameLines(block, texts).join(' ')})`;

/**
 * Inserts the rows of one resource key that `where` selects, with what follows it. Values come from the table, where a
 * nested statement may have changed them.
 */
export function insertRows(
  block: IdentityBlock,
  table: string,
  where: readonly string[],
  texts: IdentityTexts,
): string[] {
  return enclosed(
    '',
    [
      `INSERT INTO ${referentialIdentityTable} (${referentialIdentityColumns.map(q).join(', ')})`,
      'SELECT',
      ...indented([
        `${uuidv5}(`,
        ...indented([`${literal(referentialIdNamespace)}::pg_catalog.uuid,`, ...nameLines(block, texts)]),
        '),',
        `t.${id},`,
        String(block.resourceKeyId),
      ]),
      `FROM ${table} AS t`,
      ...where,
    ],
    ';',
  );
}
