import { diffCatalogs } from '@dms/catalog';
import { databaseEngines, liveCatalog, ownScriptedSet, type ScriptedSet, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, rolledBack, singleValue } from '../../test/sql-session.ts';

/* A database that the script of `v2-natural` makes (design 22 §2). */

describe.each(databaseEngines())('a database without referential ids on $name', ({ openProvisioned }) => {
  let set: ScriptedSet;
  let database: TestDatabase;

  beforeAll(async () => {
    set = await ownScriptedSet('pgsql', 'v2-natural');
    database = await openProvisioned(set.script);
  });

  afterAll(() => database.close());

  const keyOf = (resource: string) =>
    `(SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${resource}')`;

  /** A document of a resource, whose id is the last one. */
  const document = (resource: string) =>
    `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), ${keyOf(resource)})`;

  const last = `(SELECT max("DocumentId") FROM dms."Document")`;

  const descriptor = (uri: string, resource = 'GradeLevelDescriptor', key = resource) => {
    const [namespace, codeValue] = uri.split('#');
    return `${document(resource)};
      INSERT INTO dms."Descriptor" ("DocumentId", "ResourceKeyId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
      VALUES (${last}, ${keyOf(key)}, '${namespace}', '${codeValue}', 'a', '${resource}', '${uri}')`;
  };

  const district = (id: number) => `${document('LocalEducationAgency')};
    INSERT INTO edfi."LocalEducationAgency" ("DocumentId", "LocalEducationAgencyId", "NameOfInstitution")
    VALUES (${last}, ${id}, 'All')`;

  const refusal = (...statements: readonly string[]) =>
    rolledBack(database, async () => {
      for (const statement of statements.slice(0, -1)) await database.exec(statement);
      return (await failureOf(database, statements.at(-1) ?? '')).message;
    });

  it('has the desired catalog', async () => {
    const { catalog } = await liveCatalog(database);
    expect(catalog.mappingVersion).toBe('v2-natural');
    expect(diffCatalogs(set.catalog, catalog).differences).toEqual([]);
  });

  it('is provisioned again by the same script', async () => {
    await rolledBack(database, async () => {
      await database.exec(set.script);
      const { catalog } = await liveCatalog(database);
      expect(diffCatalogs(set.catalog, catalog).differences).toEqual([]);
    });
  });

  it('shows another index over the URI as a difference', async () => {
    await rolledBack(database, async () => {
      const name = 'UX_Descriptor_UriLowered_ResourceKeyId';
      await database.exec(`DROP INDEX dms."${name}";
        CREATE UNIQUE INDEX "${name}" ON dms."Descriptor" (lower("Uri" COLLATE "C"), "ResourceKeyId")`);
      const { catalog } = await liveCatalog(database);
      expect(diffCatalogs(set.catalog, catalog).differences).toMatchObject([{ object: 'index', field: 'columns' }]);
    });
  });

  it('has one descriptor of a resource for a URI, whatever its case', async () => {
    const uri = 'uri://ed-fi.org/GradeLevelDescriptor#First';
    expect(await refusal(descriptor(uri), descriptor(uri.toUpperCase()))).toContain(
      'UX_Descriptor_UriLowered_ResourceKeyId',
    );
  });

  it('refuses a descriptor with another resource key than its document', async () => {
    const uri = 'uri://ed-fi.org/GradeLevelDescriptor#First';
    const wrong = descriptor(uri, 'GradeLevelDescriptor', 'School');
    expect(await refusal(wrong)).toContain('FK_Descriptor_DocumentResourceKey');
    const changed = `UPDATE dms."Descriptor" SET "ResourceKeyId" = ${keyOf('School')}`;
    expect(await refusal(descriptor(uri), changed)).toContain('FK_Descriptor_DocumentResourceKey');
  });

  it('stamps the document of a descriptor only for another value, and records its deletion', async () => {
    await rolledBack(database, async () => {
      await database.exec(descriptor('uri://ed-fi.org/GradeLevelDescriptor#First'));
      const version = async () =>
        Number(await singleValue(database, `SELECT max("ContentVersion") FROM dms."Document"`));
      const before = await version();
      await database.exec(`UPDATE dms."Descriptor" SET "ShortDescription" = 'a'`);
      expect(await version()).toBe(before);
      await database.exec(`UPDATE dms."Descriptor" SET "ShortDescription" = 'b'`);
      expect(await version()).toBeGreaterThan(before);
      await database.exec(`DELETE FROM dms."Descriptor"; DELETE FROM dms."Document"`);
      const deleted = 'SELECT "OldCodeValue", "Discriminator" FROM tracked_changes_edfi."Descriptor"';
      expect(await database.query(deleted)).toEqual([{ OldCodeValue: 'First', Discriminator: 'GradeLevelDescriptor' }]);
    });
  });

  it('names the resource of a member in its abstract row and in the view', async () => {
    await rolledBack(database, async () => {
      await database.exec(district(7));
      const columns = '"DocumentId", "EducationOrganizationId", "ResourceKeyId", "Discriminator"';
      const rows = await database.query(`SELECT ${columns} FROM edfi."EducationOrganizationIdentity"`);
      expect(await database.query(`SELECT ${columns} FROM edfi."EducationOrganization_View"`)).toEqual(rows);
      const [key] = await database.query(`SELECT ${keyOf('LocalEducationAgency')} AS id`);
      expect(rows).toMatchObject([
        { EducationOrganizationId: 7, ResourceKeyId: key?.id, Discriminator: 'Ed-Fi:LocalEducationAgency' },
      ]);
      await database.exec(`DELETE FROM edfi."LocalEducationAgency"; DELETE FROM dms."Document"`);
      expect(await database.query('SELECT 1 FROM edfi."EducationOrganizationIdentity"')).toEqual([]);
    });
    const abstractKey = 'FK_EducationOrganizationIdentity_DocumentResourceKey';
    const wrong = `UPDATE edfi."EducationOrganizationIdentity" SET "ResourceKeyId" = ${keyOf('School')}`;
    expect(await refusal(district(7), wrong)).toContain(abstractKey);
    const inserted = `INSERT INTO edfi."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId", "ResourceKeyId", "Discriminator")
      VALUES (${last}, 7, ${keyOf('School')}, 'Ed-Fi:School')`;
    expect(await refusal(document('LocalEducationAgency'), inserted)).toContain(abstractKey);
  });

  it('refuses the identity of another member', async () => {
    const school = `${document('School')};
      INSERT INTO edfi."School" ("DocumentId", "SchoolId", "NameOfInstitution") VALUES (${last}, 7, 'One')`;
    expect(await refusal(district(7), school)).toContain('UX_EducationOrganizationIdentity_NK');
  });

  it('renames the abstract row and the rows that refer to it with a member', async () => {
    await rolledBack(database, async () => {
      const employment = 'edfi."StaffEducationOrganizationEmploymentAssociation"';
      await database.exec(`${district(7)};
        ${document('Staff')};
        INSERT INTO edfi."Staff" ("DocumentId", "StaffUniqueId", "FirstName", "LastSurname") VALUES (${last}, 'a', 'A', 'B');
        ${descriptor('uri://ed-fi.org/EmploymentStatusDescriptor#Some', 'EmploymentStatusDescriptor')};
        ${document('StaffEducationOrganizationEmploymentAssociation')};
        INSERT INTO ${employment} ("DocumentId", "HireDate", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId", "Staff_DocumentId", "Staff_StaffUniqueId", "EmploymentStatusDescriptor_DescriptorId")
        SELECT ${last}, '2024-01-01', i."DocumentId", 7, s."DocumentId", 'a', d."DocumentId"
        FROM edfi."EducationOrganizationIdentity" AS i, edfi."Staff" AS s, dms."Descriptor" AS d;
        UPDATE edfi."LocalEducationAgency" SET "LocalEducationAgencyId" = 8`);
      const columns = '"DocumentId", "EducationOrganizationId", "ResourceKeyId", "Discriminator"';
      const rows = await database.query(`SELECT ${columns} FROM edfi."EducationOrganizationIdentity"`);
      const key = await singleValue(database, `SELECT ${keyOf('LocalEducationAgency')}`);
      expect(rows).toMatchObject([
        { EducationOrganizationId: 8, ResourceKeyId: key, Discriminator: 'Ed-Fi:LocalEducationAgency' },
      ]);
      expect(await database.query(`SELECT ${columns} FROM edfi."EducationOrganization_View"`)).toEqual(rows);
      const referring = `SELECT "EducationOrganization_EducationOrganizationId" FROM ${employment}`;
      expect(await singleValue(database, referring)).toBe(8);
    });
  });

  it.each([['v2', 'v2-natural'] as const])('is refused by the script of %s', async (version) => {
    const other = await ownScriptedSet('pgsql', version);
    const otherShape =
      'belongs to another shape of schema dms. Move the database with dms-ddl upgrade, or drop and recreate it.';
    expect(await refusal(other.script)).toContain(`UX_Document_DocumentId_ResourceKeyId ${otherShape}`);
    const fresh = await openProvisioned(other.script);
    try {
      const { message } = await rolledBack(fresh, () => failureOf(fresh, set.script));
      expect(message).toContain(`The table ReferentialIdentity ${otherShape}`);
    } finally {
      await fresh.close();
    }
  });
});
