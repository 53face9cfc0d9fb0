import { marksOfOtherShapes, marksOfShape } from '@dms/catalog';
import type { MappingVersion } from '@dms/model';
import { dialectOf, group, type PlainLines, type SqlDialect } from '@dms/sql';
import { traceConditions as mssql } from './v2/mssql/guards.ts';
import { traceConditions as pgsql } from './v2/pgsql/guards.ts';
import { placeOfMark, type TracePlace } from './v2/singletons.ts';

const conditions: Readonly<Record<SqlDialect, (place: TracePlace) => PlainLines>> = {
  pgsql: (place) => pgsql[place.kind](place),
  mssql: (place) => group(mssql[place.kind](place)),
};

/**
 * The condition that schema `dms` of a database has the shape of a generation (design 16 §1.1): one mark per line, joined
 * by `AND`. Marks of other shapes that a preparation makes are not asked for. Null if no other generation has its fingerprint version.
 */
export function shapeCondition(version: MappingVersion, dialect: SqlDialect): PlainLines | null {
  const own = marksOfShape(version);
  if (own.length === 0) return null;
  const { lines } = dialectOf[dialect];
  const has = conditions[dialect];
  const parts = [
    ...own.map((mark) => has(placeOfMark(mark))),
    ...marksOfOtherShapes(version).flatMap((mark) => (mark.isPrepared ? [] : [lines`NOT ${has(placeOfMark(mark))}`])),
  ];
  return group(...parts.map((part, index) => (index === 0 ? part : lines`AND ${part}`)));
}
