import type { ForeignKeyConstraint, TableConstraint } from '@dms/model';
import { type build, propertyRuns, type SchemaSetOptions, schemaSets } from '@dms/testing';
import * as fc from 'fast-check';

export type Documents = readonly build.JsonRecord[];

/** A model or its notes as JSON text, paths as their canonical texts. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, part) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return part !== null && typeof part === 'object' && 'canonical' in part && 'segments' in part
      ? part.canonical
      : part;
  });
}

export const isForeignKey = (constraint: TableConstraint): constraint is ForeignKeyConstraint =>
  constraint.kind === 'ForeignKey';

/** Runs `property` for random sets; `runs` is their usual number. */
export function forSets(
  runs: number,
  options: SchemaSetOptions,
  property: (documents: Documents, seed: number) => void,
): void {
  fc.assert(fc.property(schemaSets(options), fc.nat(), property), { numRuns: propertyRuns(runs) });
}
