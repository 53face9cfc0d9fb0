import { core, type IdentityBlock, namePartsOf, referentialIdNamespace } from '@dms/model';
import { dialectOf, group, join, type PlainLines, type PlainSql } from '@dms/sql';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityText, identityTextsOf } from '../identity-name.ts';

const { sql, lines, id, literal } = dialectOf.mssql;

/** The texts of all kinds; dates have no infinity. */
export const valueTexts: IdentityTexts = {
  ...identityTextsOf('mssql'),
  Descriptor: (document) =>
    sql`(SELECT LOWER(d."Uri") FROM ${core.descriptor} AS d WHERE d."DocumentId" = ${document})`,
};

const namespace = sql`CAST(${literal(referentialIdNamespace)} AS uniqueidentifier)`;

/** Inserts the rows of one resource key; `from` selects the rows of its table, with the alias `t`. */
export const insertRows = (block: IdentityBlock, from: PlainSql | PlainLines, texts: IdentityTexts) => lines`
  INSERT INTO ${core.referentialIdentity} ("ReferentialId", "DocumentId", "ResourceKeyId")
  SELECT
      ${core.uuidv5}(
          ${namespace},
          ${nameParts(block, texts)}
      ),
      t."DocumentId",
      ${literal(block.resourceKeyId)}
  ${from};`;

/** The name, one part per line. */
const nameParts = (block: IdentityBlock, texts: IdentityTexts): PlainLines =>
  group(
    ...namePartsOf(block).map((part, index) => {
      const text =
        part.kind === 'value'
          ? identityText(part.element, sql`t.${id(part.element.column)}`, texts)
          : literal(part.text);
      if (index > 0) return sql`+ ${text}`;
      // the first literal makes the concatenation nvarchar(max), which cannot be cut at 4000 characters
      return part.kind === 'value' ? text : sql`CAST(${text} AS nvarchar(max))`;
    }),
  );

/** Reorders the first eight of sixteen bytes; a `uniqueidentifier` stores its first three groups little-endian. */
function networkOrder(bytes: PlainSql): PlainSql {
  const byte = (position: number) => sql`SUBSTRING(${bytes}, ${literal(position)}, 1)`;
  return join([...[4, 3, 2, 1, 6, 5, 8, 7].map(byte), sql`SUBSTRING(${bytes}, 9, 8)`], ' + ');
}

/**
 * `dms.uuidv5` from its parameters on: the name as UTF-8, hashed after the namespace in network order (design 06 §5.1).
 */
export const uuidv5Definition = lines`
  (@namespace_uuid uniqueidentifier, @name_text nvarchar(max))
  RETURNS uniqueidentifier
  WITH SCHEMABINDING
  AS
  BEGIN
      DECLARE @namespace binary(16) = CAST(@namespace_uuid AS binary(16));
      DECLARE @name varbinary(max) = CAST(CAST(@name_text COLLATE Latin1_General_100_CI_AS_SC_UTF8 AS varchar(max)) AS varbinary(max));
      DECLARE @hash binary(16) = SUBSTRING(HASHBYTES(N'SHA1', ${networkOrder(sql`@namespace`)} + @name), 1, 16);
      DECLARE @uuid binary(16) = SUBSTRING(@hash, 1, 6)
          + CAST((CAST(SUBSTRING(@hash, 7, 1) AS int) & 15) | 80 AS binary(1)) + SUBSTRING(@hash, 8, 1)
          + CAST((CAST(SUBSTRING(@hash, 9, 1) AS int) & 63) | 128 AS binary(1)) + SUBSTRING(@hash, 10, 7);
      RETURN CAST(CAST(${networkOrder(sql`@uuid`)} AS binary(16)) AS uniqueidentifier);
  END;`;
