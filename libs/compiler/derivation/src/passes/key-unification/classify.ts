import { type JsonPath, resourceLabel } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { compareBy, compareOrdinal } from '@dms/values';
import type { DraftColumn, DraftTable } from '../../draft/draft-table.ts';
import type { DraftResource, DraftUnificationReport } from '../../draft/model-draft.ts';
import type { EqualityConstraint } from '../../input/constraints.ts';
import { failResource } from '../../input/resource-entry.ts';

/** An undirected edge between two columns of a table that must hold the same value. */
export interface EqualityEdge {
  readonly a: DraftColumn;
  readonly b: DraftColumn;
}

/** An applied constraint before the canonical column of its class is known; `a` is the smaller path. */
type AppliedConstraint = Omit<DraftUnificationReport['applied'][number], 'canonicalColumn'>;

/** The result of classification: edges per table and the report, still without canonical columns. */
export interface Classification {
  readonly edges: Map<DraftTable, EqualityEdge[]>;
  readonly applied: AppliedConstraint[];
  readonly redundant: DraftUnificationReport['redundant'][number][];
  readonly ignored: DraftUnificationReport['ignored'][number][];
  readonly skipped: DraftUnificationReport['skipped'][number][];
}

/**
 * A reference path that feeds several columns, because the target's identity holds the value more than once (04 §5.2).
 */
interface GroupedReferenceField {
  readonly table: DraftTable;
  readonly path: string;
  readonly columns: readonly DraftColumn[];
}

/** The reference paths of a resource that feed several columns of one reference. */
export function groupedReferenceFields(resource: DraftResource): GroupedReferenceField[] {
  const groups = new Map<string, GroupedReferenceField>();
  for (const binding of resource.bindings) {
    const byPath = new Map<string, DraftColumn[]>();
    for (const { referenceJsonPath, column } of binding.identityBindings) {
      const columns = byPath.get(referenceJsonPath.canonical) ?? [];
      if (!columns.includes(column)) columns.push(column);
      byPath.set(referenceJsonPath.canonical, columns);
    }
    for (const [path, columns] of byPath) {
      if (columns.length < 2) continue;
      const key = [
        binding.referenceObjectPath.canonical,
        binding.table.qualified,
        binding.fkColumn.name,
        resourceLabel(binding.targetResource),
        path,
        ...columns.map(({ name }) => name).sort(),
      ].join('\n');
      groups.set(key, { table: binding.table, path, columns });
    }
  }
  return [...groups.values()];
}

/**
 * Sorts every constraint into applied, redundant, ignored or skipped, and adds the implicit edges (design 04 §5, §6).
 */
export function classifyConstraints(
  resource: DraftResource,
  constraints: readonly EqualityConstraint[],
  diagnostics: DiagnosticCollector,
): Classification {
  const classifier = new ConstraintClassifier(resource);
  diagnostics.forEach(constraints, (constraint) => classifier.classify(constraint));
  classifier.addImplicitEdges();
  return classifier.result;
}

interface Candidate {
  readonly table: DraftTable;
  readonly column: DraftColumn;
}

class ConstraintClassifier {
  readonly result: Classification = { edges: new Map(), applied: [], redundant: [], ignored: [], skipped: [] };
  private readonly candidatesByPath = new Map<string, Candidate[]>();
  private readonly groups: readonly GroupedReferenceField[];
  private readonly resource: DraftResource;

  constructor(resource: DraftResource) {
    this.resource = resource;
    this.groups = groupedReferenceFields(resource);
    for (const table of resource.tables) {
      for (const column of table.columns.values()) {
        if (!column.sourcePath) continue;
        const list = this.candidatesByPath.get(column.sourcePath.canonical) ?? [];
        list.push({ table, column });
        this.candidatesByPath.set(column.sourcePath.canonical, list);
      }
    }
  }

  classify({ source, target }: EqualityConstraint): void {
    const sourceCandidates = this.candidates(source);
    const targetCandidates = this.candidates(target);
    const [sourceFirst] = sourceCandidates;
    const [targetFirst] = targetCandidates;
    if (!sourceFirst || !targetFirst) {
      const unresolvedEndpoint = sourceFirst ? 'target' : targetFirst ? 'source' : 'both';
      this.result.skipped.push({ sourcePath: source, targetPath: target, unresolvedEndpoint });
      return;
    }
    this.checkKinds(source, sourceCandidates);
    this.checkKinds(target, targetCandidates);
    this.checkGroup(source, sourceCandidates);
    this.checkGroup(target, targetCandidates);
    const isSwapped = source.canonical > target.canonical;
    const [a, b] = isSwapped ? [target, source] : [source, target];
    const [aCandidates, bCandidates] = isSwapped
      ? [targetCandidates, sourceCandidates]
      : [sourceCandidates, targetCandidates];
    const [aFirst, bFirst] = isSwapped ? [targetFirst, sourceFirst] : [sourceFirst, targetFirst];
    if (aFirst.table !== bFirst.table) {
      this.result.ignored.push({
        endpointAPath: a,
        endpointBPath: b,
        reason: 'cross_table',
        endpointABinding: aFirst,
        endpointBBinding: bFirst,
      });
    } else if (sameColumns(aCandidates, bCandidates)) {
      this.result.redundant.push({ endpointAPath: a, endpointBPath: b, binding: aFirst });
    } else this.apply(aFirst.table, a, b, aCandidates, bCandidates);
  }

  /** One edge and one entry per pair of columns, regardless of the order in the pair. */
  private apply(
    table: DraftTable,
    a: JsonPath,
    b: JsonPath,
    aCandidates: readonly Candidate[],
    bCandidates: readonly Candidate[],
  ): void {
    const seen = new Set<string>();
    for (const { column: aColumn } of aCandidates) {
      for (const { column: bColumn } of bCandidates) {
        const pair = [aColumn.name, bColumn.name].sort().join('\n');
        if (aColumn === bColumn || seen.has(pair)) continue;
        seen.add(pair);
        this.addEdge(table, aColumn, bColumn);
        this.result.applied.push({
          table,
          endpointAPath: a,
          endpointBPath: b,
          endpointAColumn: aColumn,
          endpointBColumn: bColumn,
        });
      }
    }
  }

  /**
   * The value of a grouped field occurs once in the document, so its columns are one class, even without a constraint.
   */
  addImplicitEdges(): void {
    for (const { table, columns } of this.groups) {
      const [first, ...others] = columns;
      for (const other of others) this.addEdge(table, first ?? other, other);
    }
  }

  private addEdge(table: DraftTable, a: DraftColumn, b: DraftColumn): void {
    const edges = this.result.edges.get(table);
    if (edges) edges.push({ a, b });
    else this.result.edges.set(table, [{ a, b }]);
  }

  private candidates(path: JsonPath): Candidate[] {
    const candidates = [...(this.candidatesByPath.get(path.canonical) ?? [])].sort(
      compareBy(
        ({ table }) => table.table.schema,
        ({ table }) => table.table.name,
        ({ table }) => table.scope.canonical,
        ({ column }) => column.name,
      ),
    );
    if (new Set(candidates.map(({ table }) => table)).size > 1) this.ambiguous(path, candidates);
    return candidates;
  }

  private checkKinds(path: JsonPath, candidates: readonly Candidate[]): void {
    const wrong = candidates.find(({ column }) => column.kind !== 'Scalar' && column.kind !== 'DescriptorFk');
    if (!wrong) return;
    const text = `the equality constraint on ${path.canonical} names the column ${wrong.table.qualified}.${wrong.column.name} of kind ${wrong.column.kind}; only values can be equal`;
    failResource('KU_ENDPOINT_KIND', this.resource.label, text, path.canonical, {
      column: wrong.column.name,
      kind: wrong.column.kind,
    });
  }

  private checkGroup(path: JsonPath, candidates: readonly Candidate[]): void {
    if (candidates.length < 2) return;
    const columns = new Set(candidates.map(({ column }) => column));
    const matching = this.groups.filter(
      (group) =>
        group.path === path.canonical &&
        group.table === candidates[0]?.table &&
        group.columns.length === columns.size &&
        group.columns.every((column) => columns.has(column)),
    );
    if (matching.length !== 1) this.ambiguous(path, candidates);
  }

  private ambiguous(path: JsonPath, candidates: readonly Candidate[]): never {
    const bindings = candidates
      .map(({ table, column }) => `${table.qualified}[${table.scope.canonical}].${column.name}`)
      .sort(compareOrdinal);
    const text = `the equality constraint on ${path.canonical} is ambiguous: it could mean ${bindings.join(' or ')}`;
    failResource('KU_ENDPOINT_AMBIGUOUS', this.resource.label, text, path.canonical, { bindings });
  }
}

function sameColumns(a: readonly Candidate[], b: readonly Candidate[]): boolean {
  return a.length === b.length && a.every((candidate, index) => candidate.column === b[index]?.column);
}
