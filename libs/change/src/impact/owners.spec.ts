import { deriveInventory } from '@dms/inventory';
import { modelV2, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { Difference } from '../drift/difference.ts';
import { ownerOfDifference, ownersOfSet } from './owners.ts';
import { triggersOfSet } from './trigger-facts.ts';

describe('who owns what differs (design 09 §4.4)', () => {
  const model = modelV2([ownSchema('district'), ownSchema('transport')], 'pgsql', { strict: true });
  const inventory = deriveInventory(model);
  const owners = ownersOfSet(model, inventory, triggersOfSet(model, inventory));
  const ownerOf = (object: Difference['object'], ...path: readonly string[]) =>
    ownerOfDifference({ object, path, change: 'missing', severity: 'error' } as Difference, owners, owners).label;

  it.each<[string, Difference['object'], readonly string[], string]>([
    ['a table', 'table', ['edfi.Student'], 'Ed-Fi:Student'],
    ['a table of an extension', 'column', ['transport.SchoolExtensionBusStop', 'StopName'], 'Transport:School'],
    ['an identity table', 'table', ['edfi.EducationOrganizationIdentity'], 'Ed-Fi:EducationOrganization'],
    ['tracked changes of a resource', 'column', ['tracked_changes_edfi.Student', 'OldStudentUniqueId'], 'Ed-Fi:Student'],
    ['tracked changes of an extension', 'table', ['tracked_changes_transport.StudentBusRide'], 'Transport:StudentBusRide'],
    ['the schema of tracked changes', 'schema', ['tracked_changes_transport'], 'Transport'],
    ['tracked changes of all descriptors', 'table', ['tracked_changes_edfi.Descriptor'], '(core)'],
    ['the function of a trigger', 'function', ['edfi.TF_TR_Student_Stamp()'], 'Ed-Fi:Student'],
    ['a view of authorization', 'view', ['auth.EducationOrganizationIdToStudentDocumentId'], '(auth)'],
    ['a table of the core', 'table', ['dms.Document'], '(core)'],
  ])('%s', (_, object, path, owner) => {
    expect(ownerOf(object, ...path)).toBe(owner);
  });
});
