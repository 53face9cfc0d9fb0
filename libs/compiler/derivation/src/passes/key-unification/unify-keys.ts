import { isPathPrefix, type JsonPath, propertyNames, resourceLabel } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { mustExist, pascalCase, pascalCaseAll, singularize } from '@dms/model';
import { byName, compareBy, compareOrdinal, sha256Hex, Unions } from '@dms/values';
import { type DraftColumn, type DraftTable, type DraftUnificationClass, storageOf } from '../../draft/draft-table.ts';
import type { DraftBinding, DraftResource, DraftUnificationReport, ModelDraft } from '../../draft/model-draft.ts';
import type { EqualityConstraint } from '../../input/constraints.ts';
import { entryOrder, failResource } from '../../input/resource-entry.ts';
import { booleanType, typeText } from '../../input/scalar-type.ts';
import { type Classification, classifyConstraints, type EqualityEdge, groupedReferenceFields } from './classify.ts';

/**
 * Gives columns of a table that hold equal values one stored column, and makes them generated aliases of it (design
 * 04). Only this pass creates aliases. Adds canonical columns, presence flags, their checks and the report per
 * resource.
 */
export function unifyKeys(draft: ModelDraft): void {
  draft.diagnostics.forEach(draft.resources.values(), (resource) => unifyResource(resource, draft.diagnostics));
}

function unifyResource(resource: DraftResource, diagnostics: DiagnosticCollector): void {
  const constraints = collectEqualityConstraints(resource);
  if (constraints.length === 0 && groupedReferenceFields(resource).length === 0) return;
  const classified = classifyConstraints(resource, constraints, diagnostics);
  diagnostics.forEach(resource.tables, (table) => {
    const edges = classified.edges.get(table);
    if (!edges) return;
    const sites = referenceSites(resource, table);
    const classes = buildClasses(resource.label, table, edges, diagnostics).map((members) =>
      unifyClass(resource, table, members, sites),
    );
    table.keyUnificationClasses = classes
      .map(({ unified }) => unified)
      .sort(compareBy(({ canonical }) => canonical.name));
    const flags = classes.flatMap((unified) => unified.flags).sort(byName);
    for (const column of flags) table.addConstraint({ kind: 'NullOrTrue', column });
  });
  resource.keyUnification = report(classified);
}

function referenceSites(resource: DraftResource, table: DraftTable): ReferenceSites {
  const sites = new Map<string, DraftBinding>();
  for (const binding of resource.bindings) {
    if (binding.table !== table) continue;
    for (const { referenceJsonPath } of binding.identityBindings) {
      const path = referenceJsonPath.canonical;
      const other = sites.get(path);
      if (other && other.referenceObjectPath.canonical !== binding.referenceObjectPath.canonical) {
        failResource(
          'KU_PATH_IN_TWO_REFERENCES',
          resource.label,
          `${path} of table ${table.qualified} belongs to two references`,
          path,
        );
      }
      sites.set(path, binding);
    }
  }
  return sites;
}

/**
 * Builds one class of a table: a stored canonical column, the required presence flags, and aliases that replace the
 * members.
 */
function unifyClass(
  { label }: DraftResource,
  table: DraftTable,
  members: readonly DraftColumn[],
  sites: ReferenceSites,
): { readonly unified: DraftUnificationClass; readonly flags: readonly DraftColumn[] } {
  const first = members[0] as DraftColumn;
  const names = new Set<string>(table.columns.keys());
  const addColumn = (
    name: string,
    facts: Pick<DraftColumn, 'kind' | 'scalarType' | 'isNullable' | 'targetResource'>,
  ) => {
    names.add(name);
    const origin = { defaultName: name, label, path: table.scope.canonical };
    return table.addColumn({ name, ...facts, sourcePath: null, storage: { kind: 'Stored' }, origin });
  };
  const canonical = addColumn(
    canonicalColumnName(label, canonicalBaseToken(label, table, first, sites), members, names),
    {
      kind: first.kind,
      scalarType: first.scalarType,
      isNullable: members.every((member) => member.isNullable),
      targetResource: first.targetResource,
    },
  );
  const flags: DraftColumn[] = [];
  for (const member of members) {
    const site = sites.get(memberPath(member));
    let presence = site?.fkColumn ?? null;
    if (!site && member.isNullable) {
      const name = presenceFlagName(label, member, names);
      presence = addColumn(name, { kind: 'Scalar', scalarType: booleanType, isNullable: true, targetResource: null });
      flags.push(presence);
    }
    member.storage = { kind: 'UnifiedAlias', canonical, presence };
  }
  return { unified: { canonical, members }, flags };
}

/** The path of a member of a class. */
const memberPath = ({ name, sourcePath }: DraftColumn): string =>
  mustExist(sourcePath, `the path of ${name}`).canonical;

/** Sorts the report of a resource: by paths, then by tables and columns in full names. */
function report(classified: Classification): DraftUnificationReport {
  return {
    applied: classified.applied
      .map((entry) => ({ ...entry, canonicalColumn: storageOf(entry.endpointAColumn) }))
      .sort(
        compareBy(
          (entry) => entry.endpointAPath.canonical,
          (entry) => entry.endpointBPath.canonical,
          (entry) => entry.table.table.schema,
          (entry) => entry.table.table.name,
          (entry) => entry.endpointAColumn.name,
          (entry) => entry.endpointBColumn.name,
        ),
      ),
    redundant: [...classified.redundant].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.binding.table.table.schema,
        (entry) => entry.binding.table.table.name,
        (entry) => entry.binding.column.name,
      ),
    ),
    ignored: [...classified.ignored].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.reason,
        (entry) => entry.endpointABinding.table.table.schema,
        (entry) => entry.endpointABinding.table.table.name,
        (entry) => entry.endpointABinding.column.name,
        (entry) => entry.endpointBBinding.table.table.schema,
        (entry) => entry.endpointBBinding.table.table.name,
        (entry) => entry.endpointBBinding.column.name,
      ),
    ),
    skipped: [...classified.skipped].sort(
      compareBy(
        (entry) => entry.sourcePath.canonical,
        (entry) => entry.targetPath.canonical,
        (entry) => entry.unresolvedEndpoint,
      ),
    ),
  };
}

/** The checked classes of a table, with members by path, then name (design 04 §7). */
export function buildClasses(
  label: string,
  table: DraftTable,
  edges: readonly EqualityEdge[],
  diagnostics: DiagnosticCollector,
): DraftColumn[][] {
  return components(edges).flatMap((columns) => {
    const members = columns.sort(compareBy(memberPath, (member) => member.name));
    return (
      diagnostics.attempt(() => {
        checkCompatible(label, table, members);
        return [members];
      }) ?? []
    );
  });
}

/**
 * The connected components of a table's equality edges, each sorted by name, in the order in which names are assigned.
 */
function components(edges: readonly EqualityEdge[]): DraftColumn[][] {
  const unions = new Unions<DraftColumn>();
  for (const { a, b } of edges) unions.join(a, b);
  return unions.groups
    .map((columns) => columns.toSorted(byName))
    .sort(compareBy(([first]) => mustExist(first, 'a column of a class').name));
}

/** Two decimals may differ because a reference has the digits of its target, and the other property has none. */
const adviceOn = (...members: readonly DraftColumn[]): string =>
  members.every(({ scalarType }) => scalarType?.kind === 'Decimal')
    ? '; give both properties the same digits in decimalPropertyValidationInfos'
    : '';

/** All members must agree with the first (design 04 §7.1). */
function checkCompatible(label: string, table: DraftTable, members: readonly DraftColumn[]): void {
  const first = members[0] as DraftColumn;
  const at = (member: DraftColumn) => `${member.name} (${memberPath(member)})`;
  const report = (code: Parameters<typeof failResource>[0], member: DraftColumn, reason: string) => {
    const text = `the columns ${at(first)} and ${at(member)} of table ${table.qualified} must hold the same value, but ${reason}`;
    failResource(code, label, text, memberPath(member), {
      table: table.qualified,
      columns: [first.name, member.name],
      paths: [first, member].map(memberPath),
    });
  };
  for (const member of members) {
    if (member.kind !== 'Scalar' && member.kind !== 'DescriptorFk')
      report('KU_MEMBER_KIND', member, `${member.name} is a ${member.kind}`);
  }
  for (const member of members)
    if (member.kind !== first.kind) report('KU_MIXED_KINDS', member, `they are ${first.kind} and ${member.kind}`);
  for (const member of members) {
    if (first.kind === 'Scalar' && typeText(member.scalarType) !== typeText(first.scalarType))
      report(
        'KU_SCALAR_TYPE_MISMATCH',
        member,
        `their types are ${typeText(first.scalarType)} and ${typeText(member.scalarType)}${adviceOn(first, member)}`,
      );
  }
  if (first.kind !== 'DescriptorFk') return;
  for (const member of members) {
    if (!member.targetResource || !first.targetResource)
      report('KU_DESCRIPTOR_TARGET_MISSING', member, 'one has no descriptor resource');
    else if (resourceLabel(member.targetResource) !== resourceLabel(first.targetResource)) {
      report(
        'KU_DESCRIPTOR_TARGET_MISMATCH',
        member,
        `they are ${resourceLabel(first.targetResource)} and ${resourceLabel(member.targetResource)}`,
      );
    }
  }
}

/**
 * The equality constraints of a resource and its extensions as one list in resource order; of equal undirected pairs
 * only the first is kept (design 04 §4).
 */
export function collectEqualityConstraints(resource: DraftResource): EqualityConstraint[] {
  const inputs = [resource.input, ...resource.extensions].sort((a, b) => entryOrder(a.entry, b.entry));
  const seen = new Set<string>();
  return inputs
    .flatMap(({ equalityConstraints }) => equalityConstraints)
    .filter(({ source, target }) => {
      const pair = [source.canonical, target.canonical].sort().join('\n');
      if (seen.has(pair)) return false;
      seen.add(pair);
      return true;
    });
}

/** The references of a table by their paths. */
type ReferenceSites = ReadonlyMap<string, DraftBinding>;

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

/** The first name that `existing` lacks: base and suffix, then the form with a hash, then numbered forms. */
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

function firstHexDigits(text: string): string {
  return sha256Hex(text).slice(0, 8);
}

/** Name of the presence flag of an optional member outside references (design 04 §9.2). */
export function presenceFlagName(label: string, member: DraftColumn, existing: ReadonlySet<string>): string {
  return freeName(label, existing, member.name, '_Present', (number) => {
    const hash = firstHexDigits(`key-unification-presence-name:v1\n${memberPath(member)}`);
    return `${member.name}_U${hash}${number === undefined ? '' : `_${number}`}_Present`;
  });
}
