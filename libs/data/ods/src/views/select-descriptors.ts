import { core, mustExist, type RelationalModelSet, type ResourceModel, type ScalarType } from '@dms/model';
import type { Moments } from '@dms/plans';
import { groupBy } from '@dms/values';
import { descriptorRows } from '../generations.ts';
import type { OdsTable } from '../mapping/ods-mapping.ts';
import { columnOf, rowAlias } from './row-tables.ts';
import { type Expression, finite, type Join, type SelectedColumn, type ViewArm, type ViewColumn } from './view.ts';

const int64: ScalarType = { kind: 'Int64', maxLength: null, decimal: null };
const documentAlias = 'd';

const date: ScalarType = { kind: 'Date', maxLength: null, decimal: null };
const none: SelectedColumn = { expression: { kind: 'null' }, physicalType: null };

const documentJoin: Join = {
  table: core.document,
  alias: documentAlias,
  on: [{ left: columnOf(rowAlias, 'DocumentId'), column: 'DocumentId' }],
};

/** The selects for rows of descriptors in one model (design 19 §6.5). */
interface DescriptorSelects {
  /** The rows of all descriptors, for the table `Descriptor`. */
  base(columns: readonly ViewColumn[]): ViewArm;
  /** The rows of one descriptor resource. */
  ofResource(table: OdsTable): ViewArm;
}

export function descriptorSelects(
  { effectiveSchema, resources }: RelationalModelSet,
  moments: Moments,
): DescriptorSelects {
  const { hasOwnVersion } = descriptorRows[effectiveSchema.relationalMappingVersion];
  const descriptors = resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  const byName = groupBy(descriptors, ({ resourceKey }) => resourceKey.resourceName);
  const versioned = (name: string) => columnOf(hasOwnVersion ? rowAlias : documentAlias, name);
  const day = (name: string): SelectedColumn => ({
    expression: finite(own(name).expression, date, moments),
    physicalType: null,
  });
  const from = { table: core.descriptor, alias: rowAlias };

  /** Whether two projects share a resource name, which is the discriminator of its rows. */
  const isShared = ({ resourceKey: { resourceName } }: ResourceModel) =>
    mustExist(byName.get(resourceName), `the descriptor ${resourceName}`).length > 1;

  /** `edfi.SportDescriptor`: the name with the schema of its project. Most descriptors are in one schema. */
  function discriminator(): SelectedColumn {
    const bySchema = [...groupBy(descriptors, ({ physicalSchema }) => physicalSchema)];
    const [most = ['', []], ...others] = bySchema.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
    const when = others.flatMap(([schema, members]) => {
      const shared = members.filter(isShared).map(({ resourceKey }) => resourceKey.id);
      const names = members.filter((each) => !isShared(each)).map(({ resourceKey }) => resourceKey.resourceName);
      const prefix = `${schema}.`;
      return [
        ...(names.length === 0 ? [] : [{ column: columnOf(rowAlias, 'Discriminator'), values: names, prefix }]),
        ...(shared.length === 0 ? [] : [{ column: versioned('ResourceKeyId'), values: shared, prefix }]),
      ];
    });
    const expression = {
      kind: 'prefixed',
      of: columnOf(rowAlias, 'Discriminator'),
      when,
      otherwise: `${most[0]}.`,
    } as const;
    return { expression, physicalType: null };
  }

  const selected: Readonly<Record<string, () => SelectedColumn>> = {
    DescriptorId: () => ({ ...own('DocumentId'), physicalType: int64 }),
    PriorDescriptorId: () => none,
    EffectiveBeginDate: () => day('EffectiveBeginDate'),
    EffectiveEndDate: () => day('EffectiveEndDate'),
    Discriminator: discriminator,
    CreateDate: () => utc(columnOf(documentAlias, 'CreatedAt')),
    LastModifiedDate: () => utc(versioned('ContentLastModifiedAt')),
    Id: () => ({ expression: columnOf(documentAlias, 'DocumentUuid'), physicalType: null }),
    ChangeVersion: () => ({ expression: versioned('ContentVersion'), physicalType: null }),
    AggregateId: () => ({ ...own('DocumentId'), physicalType: int64 }),
    AggregateData: () => none,
  };

  return {
    base: (columns) => ({
      from,
      joins: [documentJoin],
      where: [],
      columns: columns.map(({ name }) => selected[name]?.() ?? own(name)),
    }),
    ofResource({ name, sources: [source] }) {
      const found = (byName.get(name) ?? []).find(
        ({ resourceKey }) => resourceKey.projectName === source?.resource.projectName,
      );
      const resource = mustExist(found, `the descriptor ${name}`);
      const columns = [{ ...own('DocumentId'), physicalType: int64 }];
      const isOf = { kind: 'equals', left: columnOf(rowAlias, 'Discriminator'), value: name } as const;
      const isKey = { kind: 'equals', left: versioned('ResourceKeyId'), value: resource.resourceKey.id } as const;
      // rows cannot be written through a view with a join
      return { from, joins: [documentJoin], where: isShared(resource) ? [isOf, isKey] : [isOf], columns };
    },
  };
}
const own = (name: string): SelectedColumn => ({ expression: columnOf(rowAlias, name), physicalType: null });
const utc = (of: Expression): SelectedColumn => ({ expression: { kind: 'utc', of }, physicalType: null });
