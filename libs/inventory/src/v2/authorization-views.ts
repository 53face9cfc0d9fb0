import { authSchema, type DbTableName, type RelationalModelSet } from '@dms/model';
import { authColumns, authTable } from '../auth-table.ts';
import type { AuthView, AuthViewArm, AuthViewJoin, TrackedChangeTable } from '../inventory.ts';
import { authorizationResources } from './authorization-indexes.ts';
import { coreResource } from './core-project.ts';

/*
 * The views of schema `auth` (design 15a §5, 16 §9). Their content is constant, because it names the associations of the data
 * standard.
 */

const resourceTable = (name: string): DbTableName => ({ schema: 'edfi', name });
const trackedTable = (name: string): DbTableName => ({ schema: 'tracked_changes_edfi', name });

/** An association, the columns of its organization or person, and its alias in a view. */
interface Association {
  readonly alias: string;
  readonly table: DbTableName;
  /** The join column. */
  readonly key: string;
}

const now = (alias: string, name: string, key: string): Association => ({ alias, table: resourceTable(name), key });

/** The deleted rows, and rows with earlier values. */
const before = ({ alias, table, key }: Association): Association => ({
  alias: `${alias}_tc`,
  table: trackedTable(table.name),
  key: `Old${key}`,
});

const organizationId = 'EducationOrganization_EducationOrganizationId';
const ssa = now('ssa', 'StudentSchoolAssociation', 'SchoolId_Unified');
const sca = now('sca', 'StudentContactAssociation', 'Student_DocumentId');
const seoaa = now('seoaa', 'StaffEducationOrganizationAssignmentAssociation', organizationId);
const seoea = now('seoea', 'StaffEducationOrganizationEmploymentAssociation', organizationId);
const seora = now('seora', 'StudentEducationOrganizationResponsibilityAssociation', organizationId);

const hierarchy = { alias: 'edOrg', table: authTable };

function join(leftAlias: string, leftColumn: string, { alias, table, key }: Association): AuthViewJoin {
  return { alias, table, on: [{ leftAlias, leftColumn, rightAlias: alias, rightColumn: key }] };
}

const isPast = ({ alias }: Association) => alias.endsWith('_tc');

/** From the hierarchy over one or two associations to a person. */
function arm(person: string, first: Association, second?: Association): AuthViewArm {
  const last = second ?? first;
  const column = isPast(last) ? `Old${person}` : person;
  const joins = [join(hierarchy.alias, authColumns.target, first)];
  // contacts belong to students, who belong to organizations
  if (second) joins.push(join(first.alias, isPast(first) ? 'OldStudent_DocumentId' : 'Student_DocumentId', second));
  return {
    source: hierarchy,
    outputColumns: [
      { alias: hierarchy.alias, column: authColumns.source, outputName: null },
      { alias: last.alias, column, outputName: column === person ? null : person },
    ],
    joins,
  };
}

/** Everything of another view. */
function whole(alias: string, name: string, person: string): AuthViewArm {
  return {
    source: { alias, table: { schema: authSchema, name } },
    outputColumns: [
      { alias, column: authColumns.source, outputName: null },
      { alias, column: person, outputName: null },
    ],
    joins: [],
  };
}

const names = {
  contact: 'EducationOrganizationIdToContactDocumentId',
  staff: 'EducationOrganizationIdToStaffDocumentId',
  student: 'EducationOrganizationIdToStudentDocumentId',
  responsibility: 'EducationOrganizationIdToStudentDocumentIdThroughResponsibility',
} as const;

const [contactId, staffId, studentId] = ['Contact_DocumentId', 'Staff_DocumentId', 'Student_DocumentId'];

const view = (
  name: string,
  includesDeletes: boolean,
  armsSetOperator: AuthView['armsSetOperator'],
  arms: readonly AuthViewArm[],
): AuthView => ({ view: { schema: authSchema, name }, includesDeletes, armsSetOperator, arms });

const peopleViews: readonly AuthView[] = [
  view(names.contact, false, 'NONE', [arm(contactId, ssa, sca)]),
  view(names.staff, false, 'UNION_ALL', [arm(staffId, seoaa), arm(staffId, seoea)]),
  view(names.student, false, 'NONE', [arm(studentId, ssa)]),
  view(names.responsibility, false, 'NONE', [arm(studentId, seora)]),
];

const viewsWithDeletes: readonly AuthView[] = [
  view('EducationOrganizationIdToContactDocumentIdIncludingDeletes', true, 'UNION', [
    whole('edOrgToContact', names.contact, contactId),
    arm(contactId, ssa, before(sca)),
    arm(contactId, before(ssa), sca),
    arm(contactId, before(ssa), before(sca)),
  ]),
  view('EducationOrganizationIdToStaffDocumentIdIncludingDeletes', true, 'UNION', [
    whole('edOrgToStaff', names.staff, staffId),
    arm(staffId, before(seoaa)),
    arm(staffId, before(seoea)),
  ]),
  view('EducationOrganizationIdToStudentDocumentIdDeletedResponsibility', true, 'UNION', [
    whole('edOrgToStudentResp', names.responsibility, studentId),
    arm(studentId, before(seora)),
  ]),
  view('EducationOrganizationIdToStudentDocumentIdIncludingDeletes', true, 'UNION', [
    whole('edOrgToStudent', names.student, studentId),
    arm(studentId, before(ssa)),
  ]),
];

/** The views of a model with the associations, and the views with deleted rows if the model tracks their changes (design 15a §5). */
export function authorizationViews(
  model: RelationalModelSet,
  trackedTables: readonly TrackedChangeTable[],
): readonly AuthView[] {
  if (!authorizationResources.every((name) => coreResource(model, name))) return [];
  const tracked = new Set(trackedTables.map(({ table }) => `${table.schema}.${table.name}`));
  const tracksAll = [ssa, sca, seoaa, seoea, seora].every(({ table }) => tracked.has(`tracked_changes_edfi.${table.name}`));
  return tracksAll ? [...peopleViews, ...viewsWithDeletes] : peopleViews;
}
