import { core, type IdentityBlock, namePartsOf, referentialIdNamespace } from '@dms/model';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityText, identityTextsOf } from '../identity-name.ts';
import { enclosed, indented } from '../statement-lines.ts';
import { descriptorTable, literal, q, qualified } from './body-text.ts';

/** The texts of all kinds; dates have no infinity. */
export const valueTexts: IdentityTexts = {
  ...identityTextsOf('mssql'),
  Descriptor: (id) => `(SELECT LOWER(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${id})`,
};

const document = q('DocumentId');

export const referentialIdentityTable = qualified(core.referentialIdentity);
const uuidv5 = qualified(core.uuidv5);

/** Inserts the rows of one resource key; `from` selects the rows of its table, with the alias `t`. */
export function insertRows(block: IdentityBlock, from: readonly string[], texts: IdentityTexts): string[] {
  return [
    `INSERT INTO ${referentialIdentityTable} (${q('ReferentialId')}, ${document}, ${q('ResourceKeyId')})`,
    'SELECT',
    ...indented([
      `${uuidv5}(`,
      ...indented([`CAST(${literal(referentialIdNamespace)} AS uniqueidentifier),`, ...nameText(block, texts)]),
      '),',
      `t.${document},`,
      `${block.resourceKeyId}`,
    ]),
    ...enclosed('', from, ';'),
  ];
}

/** The name, one part per line. */
function nameText(block: IdentityBlock, texts: IdentityTexts): string[] {
  const parts = namePartsOf(block).map((part, index) => {
    if (part.kind === 'value') return identityText(part.element, `t.${q(part.element.column)}`, texts);
    // the first literal makes the concatenation nvarchar(max), which cannot be cut at 4000 characters
    return index === 0 ? `CAST(${literal(part.text)} AS nvarchar(max))` : literal(part.text);
  });
  return parts.map((part, index) => (index === 0 ? part : `+ ${part}`));
}

/**
 * `dms.uuidv5` from its parameters on: the name as UTF-8, hashed after the namespace in network order (design 06 §5.1).
 */
export function uuidv5Definition(): string[] {
  return [
    '(@namespace_uuid uniqueidentifier, @name_text nvarchar(max))',
    'RETURNS uniqueidentifier',
    'WITH SCHEMABINDING',
    'AS',
    'BEGIN',
    '    DECLARE @namespace binary(16) = CAST(@namespace_uuid AS binary(16));',
    '    DECLARE @name varbinary(max) = CAST(CAST(@name_text COLLATE Latin1_General_100_CI_AS_SC_UTF8 AS varchar(max)) AS varbinary(max));',
    `    DECLARE @hash binary(16) = SUBSTRING(HASHBYTES(${literal('SHA1')}, ${networkOrder('@namespace')} + @name), 1, 16);`,
    '    DECLARE @uuid binary(16) = SUBSTRING(@hash, 1, 6)',
    `        + ${maskedByte(7, 15, 80)} + SUBSTRING(@hash, 8, 1)`,
    `        + ${maskedByte(9, 63, 128)} + SUBSTRING(@hash, 10, 7);`,
    `    RETURN CAST(CAST(${networkOrder('@uuid')} AS binary(16)) AS uniqueidentifier);`,
    'END;',
  ];
}

/** Reorders the first eight of sixteen bytes; a `uniqueidentifier` stores its first three groups little-endian. */
function networkOrder(bytes: string): string {
  const byte = (position: number) => `SUBSTRING(${bytes}, ${position}, 1)`;
  return [...[4, 3, 2, 1, 6, 5, 8, 7].map(byte), `SUBSTRING(${bytes}, 9, 8)`].join(' + ');
}

const maskedByte = (position: number, mask: number, bits: number) =>
  `CAST((CAST(SUBSTRING(@hash, ${position}, 1) AS int) & ${mask}) | ${bits} AS binary(1))`;
