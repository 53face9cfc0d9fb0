import type { MappingVersion } from '@dms/api-schema';

/**
 * A write to measure, on the tables of the data standard 5.2. Loops run in the server, so that the client does not
 * count.
 */
export interface WriteCase {
  readonly title: string;
  /** Statements that insert the rows that the case needs, run before in a separate session. */
  readonly ground: readonly string[];
  /** Statements that run first in the same session, so that one-time work of a session is not measured. */
  readonly warmUp: readonly string[];
  readonly statement: string;
}

/** Drops every trigger of the script. */
export const dropTriggers = `DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.of_table);
    END LOOP;
END $$`;

/** The differences between the generations. */
export interface GenerationWrites {
  /** The name of the counter besides the time, and its query. */
  readonly counted: string;
  readonly countQuery: string;
  /** Columns of `dms.Descriptor` that only this generation has, with their values. */
  readonly descriptorColumns: Readonly<Record<string, string>>;
  /** The statements that remove the document `student`, in the order in which a server sends them. */
  readonly removal: readonly string[];
}

const removeDocument = 'DELETE FROM dms."Document" WHERE "DocumentId" = student;';

const writesV2: GenerationWrites = {
  counted: 'versions',
  countQuery: 'SELECT last_value AS count FROM dms."ChangeVersionSequence"',
  descriptorColumns: { ResourceKeyId: 'bench.resource_key(kind)' },
  removal: ['DELETE FROM edfi."Student" WHERE "DocumentId" = student;', removeDocument],
};

export const generationWrites: Readonly<Record<MappingVersion, GenerationWrites>> = {
  v1: {
    counted: 'events',
    countQuery: 'SELECT count(*) FROM dms."DocumentChangeEvent"',
    descriptorColumns: {},
    removal: [removeDocument],
  },
  v2: writesV2,
  'v2-natural': writesV2,
};

const descriptors = ['VisaDescriptor', 'OtherNameTypeDescriptor'];

/**
 * Statements that prepare the cases, one transaction each: descriptors, students, and procedures that write documents.
 */
export function prepare(scale: number, { descriptorColumns, removal }: GenerationWrites): string[] {
  const more = {
    names: Object.keys(descriptorColumns).map((name) => `, "${name}"`),
    values: Object.values(descriptorColumns).map((value) => `, ${value}`),
  };
  const students = Math.ceil(5000 * scale);
  return [
    'CREATE SCHEMA bench',
    `CREATE FUNCTION bench.resource_key(name text) RETURNS smallint LANGUAGE sql STABLE AS $$
      SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ProjectName" = 'Ed-Fi' AND "ResourceName" = name
    $$`,
    `CREATE TABLE bench.code (kind text, position integer, id bigint, PRIMARY KEY (kind, position))`,
    ...descriptors.map(
      (kind) => `WITH made AS (
          INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId")
          SELECT gen_random_uuid(), bench.resource_key('${kind}') FROM generate_series(1, 20)
          RETURNING "DocumentId"
        )
        INSERT INTO bench.code SELECT '${kind}', row_number() OVER (ORDER BY "DocumentId"), "DocumentId" FROM made`,
    ),
    `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri"${more.names.join('')})
      SELECT id, 'uri://bench', 'Code ' || position, 'Code ' || position, kind, 'uri://bench/' || kind || '#Code ' || position${more.values.join('')}
      FROM bench.code`,
    `CREATE TABLE bench.student (position integer PRIMARY KEY, id bigint)`,
    `WITH made AS (
        INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId")
        SELECT gen_random_uuid(), bench.resource_key('Student') FROM generate_series(1, ${students})
        RETURNING "DocumentId"
      )
      INSERT INTO bench.student SELECT row_number() OVER (ORDER BY "DocumentId"), "DocumentId" FROM made`,
    `INSERT INTO edfi."Student" ("DocumentId", "StudentUniqueId", "FirstName", "LastSurname", "BirthDate")
      SELECT id, 'known ' || position, 'First', 'Last', DATE '2014-05-06' FROM bench.student`,
    `CREATE PROCEDURE bench.replace_visas(first integer, last integer) LANGUAGE plpgsql AS $$
      DECLARE student bigint;
      BEGIN
          FOR position_ IN first..last LOOP
              SELECT id INTO student FROM bench.student WHERE position = position_;
              DELETE FROM edfi."StudentVisa" WHERE "Student_DocumentId" = student;
              INSERT INTO edfi."StudentVisa" ("Student_DocumentId", "Ordinal", "VisaDescriptor_DescriptorId")
              SELECT student, position, id FROM bench.code WHERE kind = 'VisaDescriptor';
              COMMIT;
          END LOOP;
      END $$`,
    `CREATE PROCEDURE bench.add_students(prefix text, count_ integer) LANGUAGE plpgsql AS $$
      DECLARE
          student bigint;
          key smallint := bench.resource_key('Student');
          visa bigint := (SELECT id FROM bench.code WHERE kind = 'VisaDescriptor' AND position = 1);
          name_type bigint := (SELECT id FROM bench.code WHERE kind = 'OtherNameTypeDescriptor' AND position = 1);
      BEGIN
          FOR number IN 1..count_ LOOP
              INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), key)
              RETURNING "DocumentId" INTO student;
              INSERT INTO edfi."Student" ("DocumentId", "StudentUniqueId", "FirstName", "LastSurname", "BirthDate")
              VALUES (student, prefix || number, 'First', 'Last', DATE '2014-05-06');
              INSERT INTO edfi."StudentVisa" ("Student_DocumentId", "Ordinal", "VisaDescriptor_DescriptorId")
              VALUES (student, 0, visa);
              INSERT INTO edfi."StudentOtherName" ("Student_DocumentId", "Ordinal", "OtherNameTypeDescriptor_DescriptorId", "FirstName", "LastSurname")
              VALUES (student, 0, name_type, 'First', 'Last');
              INSERT INTO edfi."StudentIdentificationDocument" ("Student_DocumentId", "Ordinal", "DocumentTitle")
              VALUES (student, 0, 'Passport');
              COMMIT;
          END LOOP;
      END $$`,
    `CREATE PROCEDURE bench.update_students(first integer, last integer) LANGUAGE plpgsql AS $$
      DECLARE
          student bigint;
          visa bigint := (SELECT id FROM bench.code WHERE kind = 'VisaDescriptor' AND position = 1);
      BEGIN
          FOR position_ IN first..last LOOP
              SELECT id INTO student FROM bench.student WHERE position = position_;
              UPDATE edfi."Student" SET "FirstName" = 'Other' WHERE "DocumentId" = student;
              DELETE FROM edfi."StudentVisa" WHERE "Student_DocumentId" = student;
              DELETE FROM edfi."StudentIdentificationDocument" WHERE "Student_DocumentId" = student;
              DELETE FROM edfi."StudentPersonalIdentificationDocument" WHERE "Student_DocumentId" = student;
              INSERT INTO edfi."StudentVisa" ("Student_DocumentId", "Ordinal", "VisaDescriptor_DescriptorId")
              VALUES (student, 0, visa);
              COMMIT;
          END LOOP;
      END $$`,
    `CREATE PROCEDURE bench.remove_students(prefix text, first integer, last integer) LANGUAGE plpgsql AS $$
      DECLARE student bigint;
      BEGIN
          FOR number IN first..last LOOP
              SELECT "DocumentId" INTO student FROM edfi."Student" WHERE "StudentUniqueId" = prefix || number;
              ${removal.join('\n              ')}
              COMMIT;
          END LOOP;
      END $$`,
  ];
}

const updateOfNames = (where: string) => `UPDATE edfi."StudentOtherName" SET "FirstName" = "FirstName" || '!' ${where}`;

/** The cases of the table in design 07 §8.3, ordered so that each finds the rows that it needs. */
export function writeCases(scale: number): WriteCase[] {
  const times = Math.ceil(2000 * scale);
  const removed = Math.ceil(500 * scale);
  const rows = Math.ceil(5000 * scale) * 20;
  return [
    {
      title: `${rows} child rows, one statement`,
      ground: [],
      warmUp: [],
      statement: `INSERT INTO edfi."StudentOtherName" ("Student_DocumentId", "Ordinal", "OtherNameTypeDescriptor_DescriptorId", "FirstName", "LastSurname")
        SELECT student.id, code.position, code.id, 'First', 'Last'
        FROM bench.student CROSS JOIN bench.code
        WHERE code.kind = 'OtherNameTypeDescriptor'
        ORDER BY student.id, code.position`,
    },
    ...[
      { session: 'fresh session', warmUp: [] },
      {
        session: 'session that updated one row before',
        warmUp: [updateOfNames('WHERE "Ordinal" = 1 AND "Student_DocumentId" = (SELECT min(id) FROM bench.student)')],
      },
    ].map(({ session, warmUp }) => ({
      title: `update of ${rows / 20} child rows, ${session}`,
      ground: [],
      warmUp,
      statement: updateOfNames('WHERE "Ordinal" = 1'),
    })),
    {
      title: `replace 20 child rows, ${times} transactions`,
      ground: [`CALL bench.replace_visas(1, ${times})`],
      warmUp: [`CALL bench.replace_visas(1, 50)`],
      statement: `CALL bench.replace_visas(1, ${times})`,
    },
    {
      title: `new document with 3 child tables, ${times} transactions`,
      ground: [],
      warmUp: [`CALL bench.add_students('warm ', 20)`],
      statement: `CALL bench.add_students('new ', ${times})`,
    },
    {
      title: `update of a document, ${times} transactions`,
      ground: [],
      warmUp: [`CALL bench.update_students(1, 20)`],
      statement: `CALL bench.update_students(1, ${times})`,
    },
    {
      title: `delete of a document, ${removed} transactions`,
      ground: [`CALL bench.add_students('gone ', ${removed})`],
      warmUp: [`CALL bench.remove_students('gone ', 1, 10)`],
      statement: `CALL bench.remove_students('gone ', 11, ${removed})`,
    },
  ];
}
