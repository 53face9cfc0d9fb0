import { compareBy, compareOrdinal } from '@dms/canonical-json';
import {
  type AbstractUnionView,
  bindingOrder,
  type Column,
  type ColumnBinding,
  type ColumnMapping,
  constraintOrder,
  type DbTableName,
  type DocumentReferenceBinding,
  edgeSourceOrder,
  type KeyUnificationDiagnostics,
  orderColumns,
  type PropagationFallback,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
  type TableConstraint,
  tableOrder,
} from '@dms/model';
import type { DraftColumn, DraftConstraint, DraftTable } from '../draft/draft-table.ts';
import type { DraftAbstractResource, DraftResource, ModelDraft } from '../draft/model-draft.ts';
import { superclassOf } from '../input/resource-input.ts';
import { FinalNames } from './final-names.ts';

/** Builds the immutable model of a draft: final identifiers everywhere, canonical order everywhere. */
class ModelBuilder {
  private readonly names: FinalNames;
  private readonly draft: ModelDraft;

  constructor(draft: ModelDraft) {
    this.draft = draft;
    this.names = new FinalNames(draft.rules);
  }

  build(): RelationalModelSet {
    const { draft, names } = this;
    const projects = draft.entries.projects.map((project) => ({
      ...project,
      physicalSchema: names.schema(project.physicalSchema),
    }));
    const resources = [...draft.resources.values()]
      .map((resource) => this.resource(resource))
      .sort(
        compareBy(
          ({ resourceKey }) => resourceKey.projectName,
          ({ resourceKey }) => resourceKey.resourceName,
        ),
      );
    const abstracts = [...draft.abstracts.values()].sort(
      compareBy(
        ({ resourceKey }) => resourceKey.projectName,
        ({ resourceKey }) => resourceKey.resourceName,
      ),
    );
    return {
      effectiveSchema: draft.set.info,
      dialect: draft.rules.name,
      projects,
      resources,
      // their columns and constraints keep the order of 03 §9.3
      abstractIdentityTables: abstracts.map(({ resourceKey, table }) => ({ resourceKey, table: this.table(table) })),
      abstractUnionViews: abstracts.map((abstract) => this.view(abstract)),
      propagationFallbacks: this.fallbacks(),
      shortenedNames: names.list(),
    };
  }

  private columns(table: DraftTable, columns: readonly string[]): string[] {
    return columns.map((name) => this.names.column(table.table, name));
  }

  private binding({ table, column }: ColumnBinding): ColumnBinding {
    return { table: this.names.table(table), column: this.names.column(table, column) };
  }

  private column(table: DraftTable, column: DraftColumn): Column {
    const { kind, scalarType, isNullable, sourcePath, targetResource, storage } = column;
    const name = (full: string) => this.names.column(table.table, full);
    return {
      name: name(column.name),
      kind,
      scalarType,
      isNullable,
      sourcePath,
      targetResource,
      storage:
        storage.kind === 'Stored'
          ? storage
          : {
              kind: 'UnifiedAlias',
              canonicalColumn: name(storage.canonicalColumn),
              presenceColumn: storage.presenceColumn === null ? null : name(storage.presenceColumn),
            },
      isWritable: storage.kind === 'Stored',
    };
  }

  private constraint(table: DraftTable, constraint: DraftConstraint): TableConstraint {
    switch (constraint.kind) {
      case 'Unique':
        return { ...constraint, columns: this.columns(table, constraint.columns) };
      case 'ForeignKey':
        return {
          ...constraint,
          columns: this.columns(table, constraint.columns),
          targetTable: this.names.table(constraint.targetTable),
          targetColumns: constraint.targetColumns.map((name) => this.names.column(constraint.targetTable, name)),
        };
      case 'AllOrNoneNullability':
        return {
          ...constraint,
          fkColumn: this.names.column(table.table, constraint.fkColumn),
          dependentColumns: this.columns(table, constraint.dependentColumns),
        };
      case 'NullOrTrue':
        return { ...constraint, column: this.names.column(table.table, constraint.column) };
    }
  }

  private table(table: DraftTable): Table {
    return {
      table: this.names.table(table.table),
      jsonScope: table.scope,
      key: {
        constraintName: table.primaryKeyName,
        columns: table.keyColumns.map(({ name, kind }) => ({ name: this.names.column(table.table, name), kind })),
      },
      columns: [...table.columns.values()].map((column) => this.column(table, column)),
      constraints: table.constraints.map((constraint) => this.constraint(table, constraint)),
      keyUnificationClasses: table.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
        canonicalColumn: this.names.column(table.table, canonicalColumn),
        memberPathColumns: this.columns(table, memberPathColumns),
      })),
    };
  }

  private bindings(resource: DraftResource): { binding: DocumentReferenceBinding; table: DraftTable }[] {
    return resource.bindings.map(
      ({ isIdentityComponent, referenceObjectPath, table, fkColumn, targetResource, identityBindings }) => ({
        table,
        binding: {
          isIdentityComponent,
          referenceObjectPath,
          table: this.names.table(table.table),
          fkColumn: this.names.column(table.table, fkColumn),
          targetResource,
          identityBindings: identityBindings.map((binding) => ({
            ...binding,
            column: this.names.column(table.table, binding.column),
          })),
        },
      }),
    );
  }

  private resource(resource: DraftResource): ResourceModel {
    const { input, entry } = resource;
    const superclass = superclassOf(input) ?? null;
    const bindings = this.bindings(resource);
    const groupsByTable = new Map<DraftTable, { fkColumn: string; identityColumns: string[] }[]>();
    for (const { binding, table } of bindings) {
      const groups = groupsByTable.get(table) ?? [];
      groups.push({ fkColumn: binding.fkColumn, identityColumns: binding.identityBindings.map(({ column }) => column) });
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
      naturalKey: { columns: resource.isSharedDescriptor ? [] : this.columns(resource.root, resource.naturalKey) },
      identityJsonPaths: resource.isSharedDescriptor ? [] : input.identityJsonPaths,
      superclass: superclass && { resource: superclass, identityJsonPath: input.superclassIdentityJsonPath ?? null },
      documentReferenceBindings: bindings.map(({ binding }) => binding).sort(bindingOrder),
      descriptorEdgeSources: resource.edgeSources
        .map(({ isIdentityComponent, descriptorValuePath, table, fkColumn, descriptorResource }) => ({
          isIdentityComponent,
          descriptorValuePath,
          table: this.names.table(table.table),
          fkColumn: this.names.column(table.table, fkColumn),
          descriptorResource,
        }))
        .sort(edgeSourceOrder),
      descriptorFkDeduplications: resource.descriptorFkDeduplications
        .map(({ table, storageColumn, bindingColumns }) => ({
          table: this.names.table(table.table),
          storageColumn: this.names.column(table.table, storageColumn),
          bindingColumns: this.columns(table, bindingColumns).sort(compareOrdinal),
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
      keyUnificationDiagnostics: this.diagnostics(resource.keyUnificationDiagnostics),
      extensionSites: resource.extensionSites,
      descriptorMetadata: resource.descriptorMetadata,
    };
  }

  private diagnostics(report: KeyUnificationDiagnostics): KeyUnificationDiagnostics {
    return {
      ...report,
      applied: report.applied.map((entry) => ({
        endpointAPath: entry.endpointAPath,
        endpointBPath: entry.endpointBPath,
        table: this.names.table(entry.table),
        endpointAColumn: this.names.column(entry.table, entry.endpointAColumn),
        endpointBColumn: this.names.column(entry.table, entry.endpointBColumn),
        canonicalColumn: this.names.column(entry.table, entry.canonicalColumn),
      })),
      redundant: report.redundant.map((entry) => ({ ...entry, binding: this.binding(entry.binding) })),
      ignored: report.ignored.map((entry) => ({
        ...entry,
        endpointABinding: this.binding(entry.endpointABinding),
        endpointBBinding: this.binding(entry.endpointBBinding),
      })),
    };
  }

  private view({ view, members, table }: DraftAbstractResource): AbstractUnionView {
    return {
      resourceKey: view.resourceKey,
      view: this.names.table(view.view),
      outputColumns: view.outputColumns.map((column) => ({ ...column, name: this.names.column(view.view, column.name) })),
      unionArms: view.unionArms.map((arm, index) => ({
        ...arm,
        fromTable: this.names.table(arm.fromTable),
        projections: arm.projections.map((projection) =>
          projection.kind === 'StringLiteral'
            ? projection
            : {
                ...projection,
                column: this.names.column(members[index]?.resource.root.table ?? table.table, projection.column),
              },
        ),
      })),
    };
  }

  private fallbacks(): PropagationFallback[] {
    const mapped = this.draft.fallbacks.map(({ target, receiver, receiverFkColumn, columnMappings }) => ({
      targetTable: this.names.table(target.table),
      receiverTable: this.names.table(receiver.table),
      receiverFkColumn: this.names.column(receiver.table, receiverFkColumn),
      columnMappings: columnMappings.map(
        (mapping): ColumnMapping => ({
          sourceColumn: this.names.column(target.table, mapping.sourceColumn),
          targetColumn: this.names.column(receiver.table, mapping.targetColumn),
        }),
      ),
    }));
    return mapped.sort(
      compareBy<{ targetTable: DbTableName }>(
        ({ targetTable }) => targetTable.schema,
        ({ targetTable }) => targetTable.name,
      ),
    );
  }
}

/** Applies final identifiers and canonical order to a finished draft (design 02 §13, 03 §6.4). */
export function buildModel(draft: ModelDraft): RelationalModelSet {
  return new ModelBuilder(draft).build();
}
