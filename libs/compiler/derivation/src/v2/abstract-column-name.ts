import { type JsonPath, propertyNames } from '@dms/api-schema';
import { listOfNames } from '@dms/diagnostics';
import { pascalCaseAll } from '@dms/model';
import { compareOrdinal, groupBy } from '@dms/values';
import type { IdentityPathMember } from '../draft/draft-rules.ts';
import { failResource } from '../input/resource-entry.ts';
import { descriptorColumn } from '../naming/constraint-name.ts';
import { representativePart } from './representative-part.ts';

/**
 * The column name of an abstract identity path: the name that the members' references give it without overrides,
 * otherwise the path itself (design 15 §8.1). Throws `ABSTRACT_BINDING_MIXED` if only some members have a reference for
 * it, and `ABSTRACT_NAME_AMBIGUOUS` if the names differ.
 */
export function abstractColumnName(
  abstract: string,
  path: JsonPath,
  members: readonly IdentityPathMember[],
  isDescriptor: boolean,
): { readonly name: string; readonly defaultName: string } {
  const referring = members.filter(({ parts }) => parts.length > 0);
  const others = members.filter(({ parts }) => parts.length === 0);
  if (referring.length === 0) {
    const plain = pascalCaseAll(propertyNames(path.segments));
    const name = isDescriptor && plain !== '' ? descriptorColumn(plain) : plain;
    return { name, defaultName: name };
  }
  if (others.length > 0) {
    const labels = others.map(({ label }) => label).sort(compareOrdinal);
    const text = `the identity path ${path.canonical} is part of a reference in some members, but not in ${listOfNames(labels)}`;
    failResource('ABSTRACT_BINDING_MIXED', abstract, text, path.canonical, { members: labels });
  }
  const named = referring.map((member) => ({ label: member.label, name: chooseName(abstract, path, member) }));
  const names = [...new Set(named.map(({ name }) => name))];
  const [name = ''] = names;
  if (names.length > 1) ambiguous(abstract, path, named);
  return { name, defaultName: name };
}

/** The name that the reference of a member gives the column. */
function chooseName(abstract: string, path: JsonPath, { label, parts }: IdentityPathMember): string {
  const representative = representativePart(parts, ({ isFieldMatched }) => isFieldMatched);
  if (!representative) throw new Error(`${label} has no reference for ${path.canonical}`);
  const names = [...new Set(parts.map(({ defaultName }) => defaultName))].sort(compareOrdinal);
  if (names.length > 1 && !representative.isFieldMatched)
    ambiguous(
      abstract,
      path,
      names.map((name) => ({ name, label })),
    );
  return representative.defaultName;
}

/** A name that a member gives the column of a path. */
interface GivenName {
  readonly name: string;
  readonly label: string;
}

/** The maximum number of members in a line of a message. */
const listed = 5;

function ambiguous(abstract: string, path: JsonPath, given: readonly GivenName[]): never {
  const lines = [...groupBy(given, ({ name }) => name)].map(([name, members]) => {
    const labels = members.map(({ label }) => label).sort(compareOrdinal);
    const others = labels.length > listed ? `, … (${labels.length} in all)` : '';
    return `  ${name}, by ${labels.slice(0, listed).join(', ')}${others}`;
  });
  const text = [
    `the identity path ${path.canonical} would give one column several names:`,
    ...lines.sort(compareOrdinal),
    'All members must use one mapping key for it, as in later ApiSchema files of the same version of the standard. Take a later file, or the first generation (--mapping-version v1, in dms.json "mappingVersion": "v1")',
  ].join('\n');
  const names = given.map(({ name, label }) => `${name} (${label})`).sort(compareOrdinal);
  return failResource('ABSTRACT_NAME_AMBIGUOUS', abstract, text, path.canonical, { names });
}
