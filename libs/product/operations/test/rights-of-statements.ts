import { splitBatches } from '@dms/sql';

/*
 * The rights that T-SQL texts need, as the documentation of each statement says ("Permissions"). The texts are those of
 * the product: names are quoted, and code that is compiled late is in a literal.
 */

/** A right on an object, on a schema (without a name) or on the database (without both). */
export interface StatementRight {
  readonly right: string;
  readonly place: string;
  readonly name: string;
}

const object = String.raw`\[(?<place>[^\]]+)\]\.\[(?<name>[^\]]+)\]`;

/** A right by the words before or around the name of its object. */
const forms: readonly (readonly [right: string, form: string])[] = [
  ['INSERT', String.raw`\bINSERT INTO ${object}`],
  ['INSERT', String.raw`\bMERGE (?:INTO )?${object}`],
  ['UPDATE', String.raw`\bUPDATE ${object}`],
  ['UPDATE', String.raw`\bNEXT VALUE FOR ${object}`],
  ['UPDATE', `@sequence_name = N'${object}`],
  ['DELETE', String.raw`\bDELETE FROM ${object}`],
  ['SELECT', String.raw`\b(?<!\bDELETE )(?:FROM|JOIN|USING) ${object}`],
  ['REFERENCES', String.raw`\bREFERENCES ${object}`],
  ['ALTER', String.raw`\b(?:CREATE|ALTER|DROP|TRUNCATE) TABLE (?:IF EXISTS )?${object}`],
  [
    'ALTER',
    String.raw`\b(?:CREATE|ALTER|DROP|CREATE OR ALTER) (?:SEQUENCE|VIEW|FUNCTION|TYPE|PROCEDURE|TRIGGER) (?:IF EXISTS )?${object}`,
  ],
  ['ALTER', String.raw`\bINDEX \[[^\]]+\] ON ${object}`],
  ['ALTER', String.raw`\bIDENTITY_INSERT ${object}`],
  ['ALTER', String.raw`\bTRIGGER \S+ ON ${object}`],
  ['ALTER', String.raw`\bsp_rename N'${object}`],
  ['CONTROL', String.raw`\bTRANSFER ${object}`],
];

/** The tables that a statement changes under another name: `UPDATE t … FROM [dms].[Document] AS t`. */
const byAlias = String.raw`\b(?<verb>UPDATE|DELETE) (?<alias>\w+) (?:SET|FROM)\b[^;]*?\b(?:FROM|JOIN) ${object}(?: WITH \([^)]*\))?(?: AS)? \k<alias>\b`;

const definitions = /\bsys\.(?:check_constraints|default_constraints|computed_columns|sql_modules)\b|OBJECT_DEFINITION/;

const creates = /^\s*CREATE (?:OR ALTER )?(?:VIEW|FUNCTION|TRIGGER|PROCEDURE)\b/;

/** The literals that hold code, without their quotes. */
function lateCode(text: string): string[] {
  const literals = text.matchAll(/(?:EXEC ?\(|sp_executesql |@statement nvarchar\(max\) = )N'((?:[^']|'')*)'/g);
  return [...literals].map(([, code = '']) => code.replaceAll("''", "'"));
}

/** The rights that a text of one or more batches needs; `functions` are those of the set, as `schema.name`. */
export function rightsOfText(text: string, functions: ReadonlySet<string>): readonly StatementRight[] {
  const found = new Map<string, StatementRight>();
  const add = (right: string, place: string, name: string) =>
    found.set(`${right} ${place}.${name}`, { right, place, name });
  const read = (batch: string) => {
    for (const code of lateCode(batch)) read(code);
    const plain = batch.replace(/--[^\n]*/g, '').replace(/\s+/g, ' ');
    // what is compiled later runs with the rights of its owner; its batch has no other statement
    const own = creates.test(plain) ? (plain.slice(0, 200).split(/ AS | RETURNS /)[0] ?? '') : plain;
    for (const [right, form] of forms)
      for (const { groups } of own.matchAll(new RegExp(form, 'g'))) add(right, groups?.place ?? '', groups?.name ?? '');
    for (const { groups } of own.matchAll(new RegExp(byAlias, 'g')))
      add(groups?.verb ?? '', groups?.place ?? '', groups?.name ?? '');
    for (const { groups } of own.matchAll(new RegExp(String.raw`${object}\(`, 'g')))
      if (functions.has(`${groups?.place}.${groups?.name}`)) add('EXECUTE', groups?.place ?? '', groups?.name ?? '');
    if (/\bCREATE SCHEMA\b/.test(own)) add('ALTER', '', '');
    if (definitions.test(own)) add('VIEW DEFINITION', '', '');
  };
  for (const { text: batch } of splitBatches(text)) read(batch);
  return [...found.values()];
}
