import type { ReferentialIdentityTrigger } from '@dms/inventory';
import { core, type IdentityBlock } from '@dms/model';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityBlocks, identityText, namePartsOf, referentialIdNamespace } from '../identity-name.ts';
import { enclosed, indented } from '../statement-lines.ts';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { bodyLines, byKey, collectChangedDocuments, descriptorTable, literal, q, qualified } from './body-text.ts';

/**
 * Removes the trailing zeros of a text with a decimal point: zeros become blanks, the blanks on the right are cut, and
 * the others become zeros again.
 */
export function trimmedZeros(text: string): string {
  const zerosCut = `REPLACE(RTRIM(REPLACE(${text}, N'0', N' ')), N' ', N'0')`;
  return `REPLACE(RTRIM(REPLACE(${zerosCut}, N'.', N' ')), N' ', N'.')`;
}

const integerText = (value: string) => `CAST(${value} AS nvarchar(20))`;

/** The texts of all kinds but times; dates have no infinity. */
export const valueTexts: Omit<IdentityTexts, 'Time'> = {
  Descriptor: (id) => `(SELECT LOWER(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${id})`,
  String: (value) => value,
  Int32: integerText,
  Int64: integerText,
  Boolean: (value) => `CASE WHEN ${value} = 1 THEN ${literal('true')} ELSE ${literal('false')} END`,
  Decimal: (value, { decimal }) => {
    const text = `CAST(${value} AS nvarchar(50))`;
    return decimal?.scale === 0 ? text : trimmedZeros(text);
  },
  Date: (value) => `CONVERT(nvarchar(10), ${value}, 23)`,
  DateTime: (value) => `CONVERT(nvarchar(19), ${value}, 126) + ${literal('Z')}`,
};

const referentialIdentity = qualified(core.referentialIdentity);
const uuidv5 = qualified(core.uuidv5);

const document = q('DocumentId');

/**
 * Deletes the rows of all documents and blocks before any insert, because documents may swap identities. A new document
 * has no rows yet, except one whose root row was deleted by hand and is inserted again.
 */
function deleteRows(blocks: readonly IdentityBlock[]): string[] {
  const keys = blocks.map(({ resourceKeyId }) => resourceKeyId);
  const present = [
    'FROM @documents AS c',
    byKey(referentialIdentity, 'r', 'DocumentId', `c.${document}`),
    `WHERE r.${q('ResourceKeyId')} IN (${keys.join(', ')})`,
  ];
  return [
    'IF EXISTS (',
    ...indented(['SELECT 1', ...present]),
    ')',
    ...indented(['DELETE r', ...enclosed('', present, ';')]),
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

/** The referential id of a block of the row `t`, on one line. */
export const referentialId = (block: IdentityBlock, texts: IdentityTexts): string =>
  `${uuidv5}(CAST(${literal(referentialIdNamespace)} AS uniqueidentifier), ${nameText(block, texts).join(' ')})`;

/** Inserts the rows of one resource key; `from` selects the rows of its table, with the alias `t`. */
export function insertRows(block: IdentityBlock, from: readonly string[], texts: IdentityTexts): string[] {
  return [
    `INSERT INTO ${referentialIdentity} (${q('ReferentialId')}, ${document}, ${q('ResourceKeyId')})`,
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

/**
 * Keeps the hashed identity of documents, own and superclass, in step with their root rows (design 07 §9.2).
 *
 * @param guard leaves statements that cannot change it
 */
export function referentialIdentityBody(
  { trigger, table }: TriggerSource<ReferentialIdentityTrigger>,
  texts: IdentityTexts,
  guard: readonly string[] = [],
): string[] {
  const projection = trigger.identityProjectionColumns.map((name) => columnOf(table, name));
  const blocks = identityBlocks(trigger);
  const from = ['FROM @documents AS c', byKey(qualified(table), 't', 'DocumentId', `c.${document}`)];
  return bodyLines(
    guard,
    collectChangedDocuments(projection),
    deleteRows(blocks),
    ...blocks.map((block) => insertRows(block, from, texts)),
  );
}
