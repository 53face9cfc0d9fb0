import { byResource } from '@dms/api-schema';
import {
  type AbstractUnionView,
  bindingOrder,
  type Column,
  type ColumnBinding,
  type ColumnMapping,
  constraintOrder,
  type DocumentReferenceBinding,
  edgeSourceOrder,
  type FinalName,
  isWrittenByTriggers,
  type KeyUnificationDiagnostics,
  mustExist,
  orderColumns,
  type PropagationFallback,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
  type TableConstraint,
  tableOrder,
} from '@dms/model';
import type { DialectRules } from '@dms/sql';
import { compareBy, compareOrdinal } from '@dms/values';
import { type DraftColumn, type DraftTable, descriptorTable, documentTable } from '../draft/draft-table.ts';
import {
  allTables,
  type DraftAbstractResource,
  type DraftResource,
  type DraftUnificationReport,
  type FinishedDraft,
} from '../draft/model-draft.ts';
import { superclassOf } from '../input/resource-input.ts';
import type { DecidedConstraint } from './decided-constraints.ts';
import type { DialectDecisions } from './dialect-decisions.ts';
import { FinalNames } from './final-names.ts';

/** Applies the decisions of a dialect, final names and canonical order to a finished draft (design 02 §13, 03 §6.4). */
export function assembleModel(
  draft: FinishedDraft,
  rules: DialectRules,
  decisions: DialectDecisions,
): RelationalModelSet {
  return new ModelAssembler(draft, rules, decisions).build();
}

/**
 * Assembles the immutable model from a draft and the decisions of a dialect, with final names and canonical order
 * everywhere.
 */
class ModelAssembler {
  private readonly names: FinalNames;
  private readonly draft: FinishedDraft;
  private readonly rules: DialectRules;
  private readonly decisions: DialectDecisions;

  constructor(draft: FinishedDraft, rules: DialectRules, decisions: DialectDecisions) {
    this.draft = draft;
    this.rules = rules;
    this.decisions = decisions;
    this.names = new FinalNames(rules);
    for (const table of [documentTable, descriptorTable, ...allTables(draft)]) this.names.nameColumns(table);
  }

  build(): RelationalModelSet {
    const { draft, names } = this;
    const projects = draft.entries.projects.map((project) => ({
      ...project,
      physicalSchema: names.schema(project.physicalSchema),
    }));
    const resources = [...draft.resources.values()]
      .map((resource) => this.resource(resource))
      .sort(byResource(({ resourceKey }) => resourceKey));
    const abstracts = [...draft.abstracts.values()].sort(byResource(({ resourceKey }) => resourceKey));
    return {
      effectiveSchema: draft.set.info,
      dialect: this.rules.name,
      projects,
      resources,
      // the columns and constraints of abstract identity tables keep the order of 03 §9.3
      abstractIdentityTables: abstracts.map(({ resourceKey, table }) => ({ resourceKey, table: this.table(table) })),
      abstractUnionViews: abstracts.map((abstract) => this.view(abstract)),
      propagationFallbacks: this.fallbacks(),
      shortenedNames: names.list(),
    };
  }

  private columns(columns: readonly DraftColumn[]): FinalName[] {
    return columns.map((column) => this.names.column(column));
  }

  private binding({ table, column }: { readonly table: DraftTable; readonly column: DraftColumn }): ColumnBinding {
    return { table: this.names.table(table.table), column: this.names.column(column) };
  }

  private column(column: DraftColumn): Column {
    const { kind, isNullable, sourcePath, targetResource, storage } = column;
    return {
      name: this.names.column(column),
      kind,
      scalarType: typeOf(column),
      isNullable,
      sourcePath,
      targetResource,
      storage:
        storage.kind === 'Stored'
          ? storage
          : {
              kind: 'UnifiedAlias',
              canonicalColumn: this.names.column(storage.canonical),
              presenceColumn: storage.presence && this.names.column(storage.presence),
            },
      isWritable: storage.kind === 'Stored' && !isWrittenByTriggers(kind),
    };
  }

  private constraint({ constraint, name: { final: name }, onUpdate, deferrable }: DecidedConstraint): TableConstraint {
    switch (constraint.kind) {
      case 'Unique':
        return { kind: 'Unique', name, columns: this.columns(constraint.columns) };
      case 'ForeignKey':
        return {
          kind: 'ForeignKey',
          name,
          columns: this.columns(constraint.columns),
          targetTable: this.names.table(constraint.target.table),
          targetColumns: this.columns(constraint.targetColumns),
          onDelete: constraint.onDelete,
          onUpdate,
          deferrable,
        };
      case 'AllOrNoneNullability':
        return {
          kind: 'AllOrNoneNullability',
          name,
          fkColumn: this.names.column(constraint.fkColumn),
          dependentColumns: this.columns(constraint.dependentColumns),
        };
      case 'NullOrTrue':
        return { kind: 'NullOrTrue', name, column: this.names.column(constraint.column) };
    }
  }

  private table(table: DraftTable): Table {
    const decided = this.decisions.constraints.get(table);
    if (!decided) throw new Error(`${table.qualified} is not a table of the draft`);
    return {
      table: this.names.table(table.table),
      jsonScope: table.scope,
      key: {
        constraintName: decided.primaryKey.final,
        columns: table.keyColumns.map(({ column, role }) => ({
          name: this.names.column(column),
          kind: column.kind,
          role,
        })),
      },
      identity: {
        tableKind: table.kind,
        rowIdentity: this.columns(table.rowIdentity),
        rootLocator: this.columns(table.rootLocator),
        parentLocator: this.columns(table.parentLocator),
        semanticIdentity: table.semanticIdentity.map(({ relativePath, column }) => ({
          relativePath,
          column: this.names.column(column),
        })),
        semanticIdentitySource: table.semanticIdentitySource,
      },
      columns: [...table.columns.values()].map((column) => this.column(column)),
      constraints: decided.constraints.map((constraint) => this.constraint(constraint)),
      keyUnificationClasses: table.keyUnificationClasses.map(({ canonical, members }) => ({
        canonicalColumn: this.names.column(canonical),
        memberPathColumns: this.columns(members),
      })),
    };
  }

  private bindings(resource: DraftResource): { binding: DocumentReferenceBinding; table: DraftTable }[] {
    return resource.bindings.map((bound) => ({
      table: bound.table,
      binding: {
        isIdentityComponent: bound.isIdentityComponent,
        isRequired: bound.isRequired,
        isRoleNamed: bound.isRoleNamed,
        referenceObjectPath: bound.referenceObjectPath,
        table: this.names.table(bound.table.table),
        fkColumn: this.names.column(bound.fkColumn),
        targetResource: bound.targetResource,
        identityBindings: bound.identityBindings.map((part) => ({ ...part, column: this.names.column(part.column) })),
      },
    }));
  }

  private resource(resource: DraftResource): ResourceModel {
    const { input, entry } = resource;
    const superclass = superclassOf(input) ?? null;
    const bindings = this.bindings(resource);
    const groupsByTable = new Map<DraftTable, { fkColumn: string; identityColumns: string[] }[]>();
    for (const { binding, table } of bindings) {
      const groups = groupsByTable.get(table) ?? [];
      groups.push({
        fkColumn: binding.fkColumn,
        identityColumns: binding.identityBindings.map(({ column }) => column),
      });
      groupsByTable.set(table, groups);
    }
    const tables = resource.tables.map((draftTable) => {
      const table = this.table(draftTable);
      return {
        ...table,
        columns: orderColumns(
          `${table.table.schema}.${table.table.name} (${resource.label})`,
          table.key,
          table.columns,
          groupsByTable.get(draftTable) ?? [],
        ),
        constraints: [...table.constraints].sort(constraintOrder),
      };
    });
    return {
      resourceKey: resource.resourceKey,
      physicalSchema: this.names.schema(entry.project.physicalSchema),
      storageKind: resource.isSharedDescriptor ? 'SharedDescriptorTable' : 'RelationalTables',
      tablesInDependencyOrder: tables.sort(tableOrder),
      naturalKey: { columns: resource.isSharedDescriptor ? [] : this.columns(resource.naturalKey) },
      identityElements: resource.identity.map(({ path, column }) => ({
        column: this.names.column(column),
        identityJsonPath: path,
        scalarType: mustExist(column.scalarType, `the type of ${resource.label} ${path.canonical}`),
        isDescriptor: column.kind === 'DescriptorFk',
      })),
      superclass: superclass && { resource: superclass, identityJsonPath: input.superclassIdentityJsonPath ?? null },
      documentReferenceBindings: bindings.map(({ binding }) => binding).sort(bindingOrder),
      descriptorEdgeSources: resource.edgeSources
        .map((edge) => ({
          isIdentityComponent: edge.isIdentityComponent,
          isRequired: edge.isRequired,
          isRoleNamed: edge.isRoleNamed,
          descriptorValuePath: edge.descriptorValuePath,
          table: this.names.table(edge.table.table),
          fkColumn: this.names.column(edge.fkColumn),
          descriptorResource: edge.descriptorResource,
        }))
        .sort(edgeSourceOrder),
      descriptorFkDeduplications: resource.descriptorFkDeduplications
        .map(({ table, storageColumn, bindingColumns }) => ({
          table: this.names.table(table.table),
          storageColumn: this.names.column(storageColumn),
          bindingColumns: this.columns(bindingColumns).sort(compareOrdinal),
        }))
        .sort(
          compareBy(
            ({ table }) => table.schema,
            ({ table }) => table.name,
            ({ storageColumn }) => storageColumn,
            ({ bindingColumns }) => bindingColumns.join('|'),
          ),
        ),
      decimalPrecisionFallbacks: [...resource.decimalPrecisionFallbacks].sort(
        compareBy(
          ({ sourcePath }) => sourcePath.canonical,
          ({ reason }) => reason,
        ),
      ),
      keyUnificationDiagnostics: this.diagnostics(resource.keyUnification),
      extensionSites: resource.extensionSites,
      descriptorMetadata: resource.descriptorMetadata,
      securableElements: input.members.securableElements,
      queryFieldMapping: input.members.queryFieldMapping,
      descriptorTexts: input.members.descriptorTexts,
    };
  }

  private diagnostics({ applied, redundant, ignored, skipped }: DraftUnificationReport): KeyUnificationDiagnostics {
    return {
      applied: applied.map((entry) => ({
        endpointAPath: entry.endpointAPath,
        endpointBPath: entry.endpointBPath,
        table: this.names.table(entry.table.table),
        endpointAColumn: this.names.column(entry.endpointAColumn),
        endpointBColumn: this.names.column(entry.endpointBColumn),
        canonicalColumn: this.names.column(entry.canonicalColumn),
      })),
      redundant: redundant.map((entry) => ({ ...entry, binding: this.binding(entry.binding) })),
      ignored: ignored.map((entry) => ({
        ...entry,
        endpointABinding: this.binding(entry.endpointABinding),
        endpointBBinding: this.binding(entry.endpointBBinding),
      })),
      ignoredByReason: ignored.length > 0 ? [{ reason: 'cross_table', count: ignored.length }] : [],
      skipped,
    };
  }

  /** The union view: the columns of the identity table, selected from the roots of all members (design 03 §9.4). */
  private view({ resourceKey, view, members, table }: DraftAbstractResource): AbstractUnionView {
    const columns = [...table.columns.values()];
    const hasResourceKey = columns.some(({ kind }) => kind === 'ResourceKeyId');
    return {
      resourceKey,
      view: this.names.table(view),
      outputColumns: columns.map((column) => ({
        name: this.names.viewColumn(view, column.name),
        scalarType: typeOf(column),
        sourcePath: column.sourcePath,
        targetResource: column.targetResource,
        isDescriptorReference: column.kind === 'DescriptorFk',
      })),
      unionArms: members.map(({ resource, mappings }) => ({
        concreteMember: resource.resourceKey,
        fromTable: this.names.table(resource.root.table),
        projections: [
          ...[resource.root.documentId, ...mappings.map(({ source }) => source)].map((column) => ({
            kind: 'SourceColumn' as const,
            column: this.names.column(column),
          })),
          ...(hasResourceKey ? [{ kind: 'SmallintLiteral' as const, value: resource.resourceKey.id }] : []),
          { kind: 'StringLiteral', value: resource.label },
        ],
      })),
    };
  }

  private fallbacks(): PropagationFallback[] {
    return this.decisions.propagation.fallbacks
      .map(({ key, target, receiver, pairs }) => ({
        targetTable: this.names.table(target.table),
        receiverTable: this.names.table(receiver.table),
        receiverFkColumn: this.names.column(key.binding.fkColumn),
        columnMappings: pairs.map(
          (pair): ColumnMapping => ({
            sourceColumn: this.names.column(pair.source),
            targetColumn: this.names.column(pair.target),
          }),
        ),
      }))
      .sort(
        compareBy(
          ({ targetTable }) => targetTable.schema,
          ({ targetTable }) => targetTable.name,
        ),
      );
  }
}

/** The type of a column in the model; the kind of a resource key implies it. */
const typeOf = ({ kind, scalarType }: Pick<DraftColumn, 'kind' | 'scalarType'>) =>
  kind === 'ResourceKeyId' ? null : scalarType;
