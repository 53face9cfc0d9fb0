import { type Catalog, shapeOfCatalog } from '@dms/catalog';
import { type Connection, type OtherShape, otherShape } from '@dms/databases';
import type { RelationalModelSet } from '@dms/model';

/** Why work with the artifacts of a set must not change a database, and the shapes. */
interface ShapeRefusal extends Pick<OtherShape, 'stored' | 'expected'> {
  readonly text: string;
}

/** The refusal of a database with another shape than that of a set (design 16 §1.1); null if it has the shape. */
export function shapeRefusal(
  { label }: Pick<Connection, 'label'>,
  catalog: Catalog,
  { effectiveSchema }: Pick<RelationalModelSet, 'effectiveSchema'>,
): ShapeRefusal | null {
  const other = otherShape(shapeOfCatalog(catalog), effectiveSchema.relationalMappingVersion);
  if (other === null) return null;
  const { stored, expected, finding, whatToDo } = other;
  const text = `${label}: the database ${finding}, and these artifacts are for ${expected}. Nothing was changed. ${whatToDo}`;
  return { stored, expected, text };
}
