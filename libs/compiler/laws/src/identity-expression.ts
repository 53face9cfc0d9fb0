import {
  core,
  type IdentityBlock,
  type IdentityElement,
  namePartsOf,
  referentialIdNamespace,
  type ScalarType,
} from '@dms/model';
import {
  dialectOf,
  empty,
  foldCollation,
  group,
  join,
  kindFacts,
  type Lines,
  type PlainSql,
  type SqlDialect,
  textOf,
  trusted,
} from '@dms/sql';

/*
 * Referential ids as the database computes them for many rows at once, equal in both dialects and independent of
 * session settings (design 07 §9.2). A row of the root table is called `t`.
 */

/** The text of a value in a hashed name, if it differs from that of its kind; `type` has the limits of the value. */
export type IdentityValues = Readonly<Partial<Record<ScalarType['kind'], (value: string, type: ScalarType) => string>>>;

interface HashedNameTexts {
  readonly lower: PlainSql;
  readonly uuid: PlainSql;
  /** The name from its first text and the value after it, the second text and its value and so on, one part per line. */
  name(parts: readonly (readonly [text: string, value: PlainSql])[]): readonly PlainSql[];
  /**
   * A URI in lower case as programs write it, letter by letter, whatever the collation of the database (design 14a
   * §4.2). The one letter that becomes two is replaced first.
   */
  clientUri(uri: PlainSql): PlainSql;
  /** A URI in lower case as the database writes it, to be compared with {@link clientUri}. */
  storedUri(uri: PlainSql): PlainSql;
}

const { sql: pgsql, id: pgsqlId, literal: pgsqlLiteral } = dialectOf.pgsql;
const { sql: mssql, literal: mssqlLiteral, exact } = dialectOf.mssql;

export const identityTexts: Readonly<Record<SqlDialect, HashedNameTexts>> = {
  pgsql: {
    lower: pgsql`pg_catalog.lower`,
    uuid: pgsql`pg_catalog.uuid`,
    name: (parts) =>
      parts.map(([text, value], index) =>
        index === 0 ? pgsql`${pgsqlLiteral(text)} || ${value}` : pgsql`|| ${pgsqlLiteral(text)} || ${value}`,
      ),
    clientUri: (uri) =>
      pgsql`pg_catalog.lower(pg_catalog.replace(${uri}, ${pgsqlLiteral('\u0130')}, ${pgsqlLiteral('i\u0307')}) COLLATE ${pgsqlId(foldCollation.pgsql)})`,
    storedUri: (uri) => pgsql`pg_catalog.lower(${uri})`,
  },
  mssql: {
    lower: mssql`LOWER`,
    uuid: mssql`uniqueidentifier`,
    name: (parts) =>
      parts.flatMap(([text, value], index) => [
        // the first literal makes the concatenation nvarchar(max), which cannot be cut at 4000 characters
        index === 0 ? mssql`CAST(${mssqlLiteral(text)} AS nvarchar(max))` : mssql`+ ${mssqlLiteral(text)}`,
        mssql`+ ${value}`,
      ]),
    clientUri: (uri) =>
      mssql`LOWER(REPLACE(${exact(uri)}, ${mssqlLiteral('\u0130')}, ${mssqlLiteral('i\u0307')}) COLLATE ${trusted(foldCollation.mssql)})`,
    storedUri: (uri) => mssql`LOWER(${uri} COLLATE DATABASE_DEFAULT)`,
  },
};

/** Whether the database lower-cases a URI differently from programs. */
export function otherLetterCase(dialect: SqlDialect, uri: PlainSql): PlainSql {
  const { sql, exact } = dialectOf[dialect];
  const { clientUri, storedUri } = identityTexts[dialect];
  return sql`${exact(storedUri(uri))} <> ${exact(clientUri(uri))}`;
}

/** The name that is hashed for a row `t`, on one line. */
export const hashedNameOf = (block: IdentityBlock, dialect: SqlDialect, values: IdentityValues): PlainSql =>
  join(nameLines(block, dialect, values), ' ');

/** The name of a block, one part per line. */
function nameLines(block: IdentityBlock, dialect: SqlDialect, values: IdentityValues): readonly PlainSql[] {
  const { sql, id } = dialectOf[dialect];
  const { lower, name } = identityTexts[dialect];
  const textOfValue = ({ column, scalarType, isDescriptor }: IdentityElement) => {
    const value = sql`t.${id(column)}`;
    if (isDescriptor)
      return sql`(SELECT ${lower}(d."Uri") FROM ${core.descriptor} AS d WHERE d."DocumentId" = ${value})`;
    const text = values[scalarType.kind] ?? kindFacts[scalarType.kind][dialect].identityText;
    return trusted(text(textOf(value), scalarType));
  };
  const parts: [string, PlainSql][] = [];
  let before = '';
  for (const part of namePartsOf(block))
    if (part.kind === 'text') before = part.text;
    else parts.push([before, textOfValue(part.element)]);
  return name(parts);
}

function namespaceIn(dialect: SqlDialect): PlainSql {
  const { cast, literal } = dialectOf[dialect];
  return cast(literal(referentialIdNamespace), identityTexts[dialect].uuid);
}

/** The referential id of a block for a row `t`, on one line. */
export function referentialIdOf(block: IdentityBlock, dialect: SqlDialect, values: IdentityValues): PlainSql {
  const name = hashedNameOf(block, dialect, values);
  return dialectOf[dialect].sql`${core.uuidv5}(${namespaceIn(dialect)}, ${name})`;
}

/**
 * Inserts the referential ids of a block for all rows of a table, or only for the rows `t` that meet a condition; none
 * may exist yet.
 */
export function referentialIdInsertion(
  block: IdentityBlock,
  table: { readonly schema: string; readonly name: string },
  dialect: SqlDialect,
  values: IdentityValues,
  condition: PlainSql | null = null,
): Lines<PlainSql> {
  const { sql, lines, literal } = dialectOf[dialect];
  const where = condition === null ? empty : sql` WHERE ${condition}`;
  return lines`
    INSERT INTO ${core.referentialIdentity} ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT
        ${core.uuidv5}(
            ${namespaceIn(dialect)},
            ${group(...nameLines(block, dialect, values))}
        ),
        t."DocumentId",
        ${literal(block.resourceKeyId)}
    FROM ${table} AS t${where};`;
}
