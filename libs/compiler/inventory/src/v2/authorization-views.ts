import { authSchema, type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import { authColumns, authTable } from '../hierarchy.ts';
import type { AuthView, AuthViewArm, AuthViewJoin, TrackedChangeTable } from '../inventory.ts';
import { associationNames, coreResource, hasAllAssociations } from './resource-tables.ts';

/*
 * The views of schema `auth` (design 15a §5, 16 §9). Their names and columns are constant, because they name the
 * associations of the data standard.
 */

/** An association with the column by which it is joined, and its alias in a view. */
interface Association {
  readonly alias: string;
  readonly resource: string;
  readonly key: string;
  /** Whether it represents deleted rows, and rows with earlier values. */
  readonly isPast: boolean;
}

const now = (alias: string, resource: string, key: string): Association => ({ alias, resource, key, isPast: false });

const before = ({ alias, resource, key }: Association): Association => ({
  alias: `${alias}_tc`,
  resource,
  key: `Old${key}`,
  isPast: true,
});

const organizationId = 'EducationOrganization_EducationOrganizationId';
const ssa = now('ssa', 'StudentSchoolAssociation', 'SchoolId_Unified');
const sca = now('sca', 'StudentContactAssociation', 'Student_DocumentId');
const seoaa = now('seoaa', 'StaffEducationOrganizationAssignmentAssociation', organizationId);
const seoea = now('seoea', 'StaffEducationOrganizationEmploymentAssociation', organizationId);
const seora = now('seora', 'StudentEducationOrganizationResponsibilityAssociation', organizationId);

/** An arm before it is checked that the model has its tables and columns. */
type ArmDraft =
  | {
      readonly kind: 'associations';
      readonly person: string;
      readonly first: Association;
      readonly second: Association | null;
    }
  | { readonly kind: 'view'; readonly alias: string; readonly name: string; readonly person: string };

interface ViewDraft {
  readonly name: string;
  readonly includesDeletes: boolean;
  readonly setOperator: 'UNION' | 'UNION_ALL';
  readonly arms: readonly ArmDraft[];
}

/** An arm from the hierarchy over one or two associations to a person. */
const arm = (person: string, first: Association, second: Association | null = null): ArmDraft => {
  return { kind: 'associations', person, first, second };
};

/** An arm with all rows of another view. */
const whole = (alias: string, name: string, person: string): ArmDraft => ({ kind: 'view', alias, name, person });

const names = {
  contact: 'EducationOrganizationIdToContactDocumentId',
  staff: 'EducationOrganizationIdToStaffDocumentId',
  student: 'EducationOrganizationIdToStudentDocumentId',
  responsibility: 'EducationOrganizationIdToStudentDocumentIdThroughResponsibility',
} as const;

const contactId = 'Contact_DocumentId';
const staffId = 'Staff_DocumentId';
const studentId = 'Student_DocumentId';

const current = (name: string, ...arms: readonly ArmDraft[]): ViewDraft => {
  return { name, includesDeletes: false, setOperator: 'UNION_ALL', arms };
};

const withDeletes = (name: string, ...arms: readonly ArmDraft[]): ViewDraft => {
  return { name, includesDeletes: true, setOperator: 'UNION', arms };
};

const peopleViews: readonly ViewDraft[] = [
  current(names.contact, arm(contactId, ssa, sca)),
  current(names.staff, arm(staffId, seoaa), arm(staffId, seoea)),
  current(names.student, arm(studentId, ssa)),
  current(names.responsibility, arm(studentId, seora)),
];

const viewsWithDeletes: readonly ViewDraft[] = [
  withDeletes(
    'EducationOrganizationIdToContactDocumentIdIncludingDeletes',
    whole('edOrgToContact', names.contact, contactId),
    arm(contactId, ssa, before(sca)),
    arm(contactId, before(ssa), sca),
    arm(contactId, before(ssa), before(sca)),
  ),
  withDeletes(
    'EducationOrganizationIdToStaffDocumentIdIncludingDeletes',
    whole('edOrgToStaff', names.staff, staffId),
    arm(staffId, before(seoaa)),
    arm(staffId, before(seoea)),
  ),
  withDeletes(
    'EducationOrganizationIdToStudentDocumentIdDeletedResponsibility',
    whole('edOrgToStudentResp', names.responsibility, studentId),
    arm(studentId, before(seora)),
  ),
  withDeletes(
    'EducationOrganizationIdToStudentDocumentIdIncludingDeletes',
    whole('edOrgToStudent', names.student, studentId),
    arm(studentId, before(ssa)),
  ),
];

/**
 * The views of a model with the associations, and the views with deleted rows if the model tracks their changes (design
 * 15a §5). An arm is omitted if the model lacks its columns, and a view if it has no arms.
 */
export function authorizationViews(
  model: RelationalModelSet,
  trackedTables: readonly TrackedChangeTable[],
): readonly AuthView[] {
  if (!hasAllAssociations(model)) return [];
  const tables = new AssociationTables(model, trackedTables);
  const made = new Set<string>();
  return [...peopleViews, ...(tables.areTracked ? viewsWithDeletes : [])].flatMap(
    ({ name, includesDeletes, setOperator, arms }): AuthView[] => {
      const found = arms.flatMap((draft) => makeArm(draft, tables, made) ?? []);
      if (found.length === 0) return [];
      made.add(name);
      const armsSetOperator = found.length === 1 ? 'NONE' : setOperator;
      return [{ view: { schema: authSchema, name } as DbTableName, includesDeletes, armsSetOperator, arms: found }];
    },
  );
}

/** The tables and columns that a model has for the associations. */
class AssociationTables {
  private readonly columns = new Map<string, { readonly table: DbTableName; readonly names: ReadonlySet<string> }>();

  constructor(model: RelationalModelSet, trackedTables: readonly TrackedChangeTable[]) {
    const tracked = new Map(trackedTables.map((table) => [qualified(table.sourceTable), table]));
    for (const name of associationNames) {
      const root = coreResource(model, name)?.tablesInDependencyOrder[0];
      if (!root) continue;
      this.columns.set(name, { table: root.table, names: new Set(root.columns.map((column) => column.name)) });
      const past = tracked.get(qualified(root.table));
      if (past)
        this.columns.set(`past ${name}`, {
          table: past.table,
          names: new Set(past.valueColumns.map(({ oldColumn }) => oldColumn)),
        });
    }
  }

  private of({ resource, isPast }: Association) {
    return this.columns.get(isPast ? `past ${resource}` : resource);
  }

  /** Whether the changes of all associations are tracked in the schema of the data standard. */
  get areTracked(): boolean {
    return associationNames.every((name) => this.columns.get(`past ${name}`)?.table.schema === 'tracked_changes_edfi');
  }

  /** The name of a column of an association: of its current value, or of its earlier value. */
  columnOf(association: Association, column: string): string | undefined {
    const name = association.isPast ? `Old${column}` : column;
    return this.of(association)?.names.has(name) ? name : undefined;
  }

  join(leftAlias: string, leftColumn: string, association: Association): AuthViewJoin | undefined {
    const { alias, key } = association;
    const found = this.of(association);
    if (!found?.names.has(key)) return undefined;
    return { alias, table: found.table, on: [{ leftAlias, leftColumn, rightAlias: alias, rightColumn: key }] };
  }
}

const hierarchy = { alias: 'edOrg', table: authTable };

/** An arm of a view; undefined if a table or column is missing. */
function makeArm(draft: ArmDraft, tables: AssociationTables, views: ReadonlySet<string>): AuthViewArm | undefined {
  const { person } = draft;
  if (draft.kind === 'view') {
    const { alias, name } = draft;
    if (!views.has(name)) return undefined;
    return {
      source: { alias, table: { schema: authSchema, name } as DbTableName },
      outputColumns: [authColumns.source, person].map((column) => ({ alias, column, outputName: null })),
      joins: [],
    };
  }
  const { first, second } = draft;
  const last = second ?? first;
  const column = tables.columnOf(last, person);
  const joins = [tables.join(hierarchy.alias, authColumns.target, first)];
  // contacts belong to students, and students to organizations
  const student = second && tables.columnOf(first, studentId);
  if (second) joins.push(student ? tables.join(first.alias, student, second) : undefined);
  const found = joins.flatMap((join) => join ?? []);
  if (column === undefined || found.length < joins.length) return undefined;
  return {
    source: hierarchy,
    outputColumns: [
      { alias: hierarchy.alias, column: authColumns.source, outputName: null },
      { alias: last.alias, column, outputName: column === person ? null : person },
    ],
    joins: found,
  };
}
