import { isPathPrefix, type JsonPath, propertyNames } from '@dms/api-schema';
import { compareOrdinal, sha256Hex } from '@dms/files';
import { mustExist, pascalCase, pascalCaseAll, singularize } from '@dms/model';
import type { DraftColumn, DraftTable } from '../../draft/draft-table.ts';
import type { DraftBinding } from '../../draft/model-draft.ts';
import { failResource } from '../../input/resource-entry.ts';

/** The references of a table by their paths. */
export type ReferenceSites = ReadonlyMap<string, DraftBinding>;

function firstHexDigits(text: string): string {
  return sha256Hex(text).slice(0, 8);
}

/** The first name that `existing` does not have: base and suffix, then the form with a hash, then numbered forms. */
function freeName(
  label: string,
  existing: ReadonlySet<string>,
  baseName: string,
  suffix: string,
  hashed: (number: number | undefined) => string,
): string {
  const plain = baseName + suffix;
  if (!existing.has(plain)) return plain;
  if (!existing.has(hashed(undefined))) return hashed(undefined);
  for (let number = 2; number <= existing.size + 2; number += 1) {
    if (!existing.has(hashed(number))) return hashed(number);
  }
  return failResource('KU_NAME_EXHAUSTED', label, `no free name like ${plain} is left`, undefined, { baseName });
}

/**
 * The base token of a class: from the first member's path below its reference object or table scope, never from its
 * column name (design 04 §8.2).
 */
export function canonicalBaseToken(
  label: string,
  table: DraftTable,
  first: DraftColumn,
  sites: ReferenceSites,
): string {
  const path = first.sourcePath as JsonPath;
  const prefix = sites.get(path.canonical)?.referenceObjectPath ?? table.scope;
  if (!isPathPrefix(prefix, path)) {
    failResource(
      'KU_PREFIX_MISMATCH',
      label,
      `table ${table.qualified}: ${prefix.canonical} is not a beginning of ${path.canonical}`,
      path.canonical,
    );
  }
  const relative = path.segments.slice(prefix.segments.length);
  if (relative.some((segment) => segment.kind === 'anyElement')) {
    failResource(
      'KU_WILDCARD_IN_MEMBER',
      label,
      `table ${table.qualified}: ${path.canonical} crosses an array below ${prefix.canonical}`,
      path.canonical,
    );
  }
  if (relative.length > 0) return pascalCaseAll(propertyNames(relative));
  const last = propertyNames(prefix.segments).at(-1);
  if (last === undefined)
    return failResource(
      'KU_NO_BASE_TOKEN',
      label,
      `table ${table.qualified}: ${path.canonical} has no property to name a column with`,
      path.canonical,
    );
  return pascalCase(singularize(last));
}

/** The path of a member of a class. */
export const memberPath = ({ name, sourcePath }: DraftColumn): string =>
  mustExist(sourcePath, `the path of ${name}`).canonical;

/** The name of the canonical column of a class (design 04 §8.3); `existing` are all names in the table so far. */
export function canonicalColumnName(
  label: string,
  baseToken: string,
  members: readonly DraftColumn[],
  existing: ReadonlySet<string>,
): string {
  const suffix = members[0]?.kind === 'DescriptorFk' ? '_Unified_DescriptorId' : '_Unified';
  const paths = members.map(memberPath).sort(compareOrdinal);
  return freeName(label, existing, baseToken, suffix, (number) => {
    const hash = firstHexDigits(`key-unification-canonical-name:v1\n${paths.join('\n')}`);
    return `${baseToken}_U${hash}${number === undefined ? '' : `_${number}`}${suffix}`;
  });
}

/** Name of the presence flag of an optional member outside references (design 04 §9.2). */
export function presenceFlagName(label: string, member: DraftColumn, existing: ReadonlySet<string>): string {
  return freeName(label, existing, member.name, '_Present', (number) => {
    const hash = firstHexDigits(`key-unification-presence-name:v1\n${memberPath(member)}`);
    return `${member.name}_U${hash}${number === undefined ? '' : `_${number}`}_Present`;
  });
}
