import { fingerprintVersions, type MappingVersion } from '@dms/api-schema';
import { type LiveShape, shapeText } from '@dms/catalog';

/** A database whose schema `dms` has another shape than that of a schema set (design 16 §1.1). */
export interface OtherShape {
  /** The name of the shape that it has. */
  readonly stored: LiveShape['name'];
  readonly expected: MappingVersion;
  /** What is said of the database, without a subject: `was provisioned for version v1 of the mapping`. */
  readonly finding: string;
  /** Whether `dms-ddl upgrade` can move the database to the expected shape. */
  readonly canMove: boolean;
  readonly whatToDo: string;
}

/** How a database differs in shape from what a mapping version makes; null if it does not, or if it shows no shape. */
export function otherShape(shape: LiveShape | null, expected: MappingVersion): OtherShape | null {
  if (shape === null || shape.name === expected) return null;
  const { name: stored } = shape;
  if (stored === 'mixed')
    return {
      stored,
      expected,
      finding: `has a schema dms of no version of the mapping, whose shape is ${shapeText(shape)}`,
      canMove: false,
      whatToDo: 'Restore it from a backup, or provision a new one.',
    };
  const canMove = fingerprintVersions[stored] === fingerprintVersions[expected];
  return {
    stored,
    expected,
    finding: `was provisioned for version ${stored} of the mapping`,
    canMove,
    whatToDo: canMove
      ? 'Use a mapping set of its version, or move the database with dms-ddl upgrade.'
      : 'Use a mapping set of its version, or a new database.',
  };
}
