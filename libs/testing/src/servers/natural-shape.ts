/**
 * Statements that give a PostgreSQL database of `v2` the marks of the next shape, `v2-natural`, one mark each (design 16
 * §1.1). The first also removes what writes referential ids, so that documents can still be written.
 */
export const naturalShape = [
  `DO $do$ DECLARE found record; BEGIN
  FOR found IN SELECT t.tgname AS name, t.tgrelid::regclass AS owner FROM pg_trigger AS t
    WHERE NOT t.tgisinternal AND t.tgname ^@ 'TR_' AND t.tgname LIKE '%\\_ReferentialIdentity' LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', found.name, found.owner);
  END LOOP;
  DROP TABLE dms."ReferentialIdentity";
END $do$`,
  'ALTER TABLE dms."Document" ADD CONSTRAINT "UX_Document_DocumentId_ResourceKeyId" UNIQUE ("DocumentId", "ResourceKeyId")',
  'CREATE UNIQUE INDEX "UX_Descriptor_UriLowered_ResourceKeyId" ON dms."Descriptor" (lower("Uri"), "ResourceKeyId")',
  `ALTER TABLE dms."Descriptor" ADD CONSTRAINT "FK_Descriptor_DocumentResourceKey" FOREIGN KEY ("DocumentId", "ResourceKeyId")
  REFERENCES dms."Document" ("DocumentId", "ResourceKeyId") ON DELETE CASCADE`,
] as const;
