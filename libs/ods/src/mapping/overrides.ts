import type { EffectiveSchemaSet } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { decodeUtf8 } from '@dms/files';
import { type QualifiedResourceName, readShape } from '@dms/model';
import * as z from 'zod/mini';
import { type LeafOverride, type LeafOverrides, shippedOverrides } from './shipped-overrides.ts';

/** The overrides of a schema set. */
export interface OdsOverrides {
  of(resource: QualifiedResourceName, leafName: string): LeafOverride | undefined;
  /** Whether facts about the version of the project are shipped. */
  knows(projectName: string): boolean;
}

const overridesFormat = z.record(
  z.string(),
  z.strictObject({
    role: z.optional(z.string()),
    type: z.optional(z.enum(['year', 'decimal'])),
    notNull: z.optional(z.boolean()),
  }),
);

/** Reads a file of overrides. Throws `ODS_OVERRIDES_INVALID`. */
export function readOverrides(bytes: Uint8Array, file: string): LeafOverrides {
  const invalid = (reason: string): never => {
    const text = `${file} does not hold ODS overrides: ${reason}. An entry is "<Resource>|<key of documentPathsMapping>": { "role" | "type" | "notNull": … }.`;
    return fail('ODS_OVERRIDES_INVALID', text, { file }, { reason });
  };
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes, file));
  } catch {
    return invalid('it is not JSON');
  }
  const read = readShape(overridesFormat, json);
  return 'found' in read ? invalid(read.found) : read.value;
}

/** The overrides that are shipped for the published projects of a set, and those of a user, which count first. */
export function overridesFor(set: EffectiveSchemaSet, own: LeafOverrides = {}): OdsOverrides {
  const shipped = new Map(
    set.projects.map(({ projectName, projectVersion }) => [
      projectName,
      shippedOverrides[`${projectName} ${projectVersion}`],
    ]),
  );
  return {
    of({ projectName, resourceName }, leafName) {
      const name = `${resourceName}|${leafName}`;
      const known = shipped.get(projectName)?.[name];
      const mine = own[name];
      // most leaves have at most one, which needs no copy
      return mine === undefined ? known : { ...known, ...mine };
    },
    knows: (projectName) => shipped.get(projectName) !== undefined,
  };
}
