-- ODS views of the schema set 78c1e43fa3cca513e08aa0eeb8347c96134a61a3945c48735c0202d395dbbb55, on those of the schema set 68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694.
-- Run it in one transaction: dms-ddl reporting apply --earlier, or psql --single-transaction --set ON_ERROR_STOP=1 --file reporting-earlier.pgsql.sql

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
        FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl reporting %'
    ) m WHERE m.kind = 'view' AND m.mark LIKE '%"68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694"%') THEN
        RAISE EXCEPTION 'The database has no reporting views of the schema set %', '68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694' USING HINT = 'Run dms-ddl reporting apply first.';
    END IF;
END
$$;

DO $$
DECLARE
    taken text;
    marked text;
BEGIN
    SELECT string_agg(o.name, ', ' ORDER BY o.name) INTO taken FROM (
        SELECT n.nspname || '.' || c.relname AS name, c.oid, n.nspname AS schema, c.relname AS object FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind NOT IN ('v', 'r') OR coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'dms-ddl earlier reporting %'
        UNION ALL SELECT n.nspname || '.' || t.typname, t.oid, n.nspname, t.typname FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0
    ) o WHERE (o.schema, o.object) IN (VALUES
        ('edfi_10', 'academicsubjectdescriptor'),
        ('edfi_10', 'addresstypedescriptor'),
        ('edfi_10', 'assessment'),
        ('edfi_10', 'assessmentacademicsubject'),
        ('edfi_10', 'assessmentreportingmethoddescriptor'),
        ('edfi_10', 'contacttypedescriptor'),
        ('edfi_10', 'descriptor'),
        ('edfi_10', 'gradeleveldescriptor'),
        ('edfi_10', 'identificationsystemdescriptor'),
        ('edfi_10', 'languagedescriptor'),
        ('edfi_10', 'languageusedescriptor'),
        ('edfi_10', 'racedescriptor'),
        ('edfi_10', 'school'),
        ('edfi_10', 'schoolgradelevel'),
        ('edfi_10', 'schoolidentificationcode'),
        ('edfi_10', 'schoolyeartype'),
        ('edfi_10', 'sexdescriptor'),
        ('edfi_10', 'student'),
        ('edfi_10', 'studentassessment'),
        ('edfi_10', 'studentassessmentscoreresult'),
        ('edfi_10', 'studenteducationorganizationassociation'),
        ('edfi_10', 'studenteducationorganizationassociationaddres'),
        ('edfi_10', 'studenteducationorganizationassociationaddresperiod'),
        ('edfi_10', 'studenteducationorganizationassociationlanguage'),
        ('edfi_10', 'studenteducationorganizationassociationlanguageuse'),
        ('edfi_10', 'studenteducationorganizationassociationrace'),
        ('preparation_10', 'candidate'),
        ('preparation_10', 'certificationroutedescriptor'),
        ('preparation_10', 'cohortkinddescriptor'),
        ('preparation_10', 'preparationprogram'),
        ('preparation_10', 'preparationprogramgradelevel'),
        ('preparation_10', 'schoolcohort'),
        ('preparation_10', 'schoolextension')
    );
    IF taken IS NOT NULL THEN
        RAISE EXCEPTION 'These names of views are taken: %', taken USING HINT = 'Put the views elsewhere with --earlier-suffix.';
    END IF;
    SELECT string_agg(format('%I.%I', m.schema, m.name), ', ') INTO marked FROM (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
        FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
    ) m WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
        LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
        WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid AND d.deptype = 'n'
        AND coalesce(w.ev_class, d.objid) <> m.oid);
    IF marked IS NOT NULL THEN EXECUTE 'DROP VIEW ' || marked; END IF;
END
$$;

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT m.oid::regclass AS view, 'RULE' AS kind, r.rulename AS name FROM (
            SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
            FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
    ) m JOIN pg_catalog.pg_rewrite r ON r.ev_class = m.oid WHERE m.kind = 'view' AND r.rulename <> '_RETURN'
        UNION ALL SELECT m.oid::regclass, 'TRIGGER', t.tgname FROM (
            SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
            FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
        ) m JOIN pg_catalog.pg_trigger t ON t.tgrelid = m.oid WHERE m.kind = 'view' AND NOT t.tgisinternal
    LOOP EXECUTE format('DROP %s %I ON %s', entry.kind, entry.name, entry.view); END LOOP;
    FOR entry IN SELECT m.oid::regclass AS view, d.adnum, a.attname FROM (
            SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
            FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
        ) m JOIN pg_catalog.pg_attrdef d ON d.adrelid = m.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE m.kind = 'view'
    LOOP EXECUTE format('ALTER VIEW %s ALTER COLUMN %I DROP DEFAULT', entry.view, entry.attname); END LOOP;
    FOR entry IN SELECT m.oid::regclass AS view FROM (
            SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
            FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
        ) m JOIN pg_catalog.pg_class c ON c.oid = m.oid WHERE m.kind = 'view' AND pg_catalog.pg_get_userbyid(c.relowner) <> current_user
    LOOP EXECUTE format('ALTER VIEW %s OWNER TO %I', entry.view, current_user); END LOOP;
END
$$;

DO $$
DECLARE
    entry record;
    inserted bigint;
BEGIN
    FOR entry IN
        SELECT d.statement FROM (
          SELECT 1 AS step, pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS statement
          FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgfoid IN (SELECT m.objoid FROM pg_catalog.pg_description m
            WHERE m.classoid = 'pg_catalog.pg_proc'::regclass AND m.description = 'dms-ddl earlier reporting function')
          UNION ALL SELECT 2, pg_catalog.format('DROP FUNCTION %s', m.objoid::pg_catalog.regprocedure) FROM (SELECT m.objoid FROM pg_catalog.pg_description m
            WHERE m.classoid = 'pg_catalog.pg_proc'::regclass AND m.description = 'dms-ddl earlier reporting function') m
        ) d ORDER BY d.step, d.statement
    LOOP EXECUTE entry.statement; END LOOP;
    FOR entry IN SELECT m.schema, m.name FROM (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
        FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
    ) m WHERE m.kind = 'table' AND NOT (false) LOOP
        EXECUTE format('SELECT count(*) FROM %I.%I WHERE descriptorid < 0', entry.schema, entry.name) INTO inserted;
        IF inserted > 0 THEN
            RAISE EXCEPTION 'The table %.% has % rows that were inserted into it', entry.schema, entry.name, inserted USING ERRCODE = 'dependent_objects_still_exist';
        END IF;
        EXECUTE format('DROP TABLE %I.%I', entry.schema, entry.name);
    END LOOP;
    FOR entry IN SELECT m.schema, m.name FROM (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
        FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
    ) m WHERE m.kind = 'view' AND false LOOP
        RAISE EXCEPTION 'Something depends on the view %.%, which is to be a table', entry.schema, entry.name USING ERRCODE = 'dependent_objects_still_exist';
    END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS "edfi_10";
COMMENT ON SCHEMA "edfi_10" IS 'dms-ddl reporting schema';
CREATE SCHEMA IF NOT EXISTS "preparation_10";
COMMENT ON SCHEMA "preparation_10" IS 'dms-ddl reporting schema';

CREATE OR REPLACE VIEW "edfi_10"."academicsubjectdescriptor" AS
SELECT
    r."academicsubjectdescriptorid" AS "academicsubjectdescriptorid"
FROM "edfi"."academicsubjectdescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."addresstypedescriptor" AS
SELECT
    r."addresstypedescriptorid" AS "addresstypedescriptorid"
FROM "edfi"."addresstypedescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."assessment" AS
SELECT
    r."assessmentidentifier" AS "assessmentidentifier",
    r."namespace" AS "namespace",
    r."assessmenttitle" AS "assessmenttitle",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."assessment" r;

-- Not given back: Ed-Fi:Assessment.$.academicSubjects[*].academicSubjectDescriptor: first; by moves[4]
CREATE OR REPLACE VIEW "edfi_10"."assessmentacademicsubject" AS
SELECT
    r."assessmentidentifier" AS "assessmentidentifier",
    r."namespace" AS "namespace",
    r."academicsubjectdescriptorid" AS "academicsubjectdescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."assessment" r;

CREATE OR REPLACE VIEW "edfi_10"."assessmentreportingmethoddescriptor" AS
SELECT
    r."assessmentreportingmethoddescriptorid" AS "assessmentreportingmethoddescriptorid"
FROM "edfi"."assessmentreportingmethoddescriptor" r;

-- Not given back: Ed-Fi:ContactTypeDescriptor: gone; by drops[0]
CREATE OR REPLACE VIEW "edfi_10"."contacttypedescriptor" AS
SELECT
    NULL::int AS "contacttypedescriptorid"
WHERE 1 = 0;

-- Not given back: Ed-Fi:ContactTypeDescriptor: gone; by drops[0]
CREATE OR REPLACE VIEW "edfi_10"."descriptor" AS
SELECT
    r."descriptorid" AS "descriptorid",
    r."namespace" AS "namespace",
    r."codevalue" AS "codevalue",
    r."shortdescription" AS "shortdescription",
    r."description" AS "description",
    r."priordescriptorid" AS "priordescriptorid",
    r."effectivebegindate" AS "effectivebegindate",
    r."effectiveenddate" AS "effectiveenddate",
    CASE r."discriminator" WHEN 'edfi.CertificationRouteDescriptor' THEN 'preparation.CertificationRouteDescriptor'::varchar(128) WHEN 'edfi.CohortKindDescriptor' THEN 'preparation.CohortKindDescriptor'::varchar(128) ELSE r."discriminator" END AS "discriminator",
    r."uri" AS "uri",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."descriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."gradeleveldescriptor" AS
SELECT
    r."gradeleveldescriptorid" AS "gradeleveldescriptorid"
FROM "edfi"."gradeleveldescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."identificationsystemdescriptor" AS
SELECT
    r."identificationsystemdescriptorid" AS "identificationsystemdescriptorid"
FROM "edfi"."identificationsystemdescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."languagedescriptor" AS
SELECT
    r."languagedescriptorid" AS "languagedescriptorid"
FROM "edfi"."languagedescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."languageusedescriptor" AS
SELECT
    r."languageusedescriptorid" AS "languageusedescriptorid"
FROM "edfi"."languageusedescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."racedescriptor" AS
SELECT
    r."racedescriptorid" AS "racedescriptorid"
FROM "edfi"."racedescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."school" AS
SELECT
    r."schoolid" AS "schoolid",
    r."nameofinstitution" AS "nameofinstitution",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."school" r;

CREATE OR REPLACE VIEW "edfi_10"."schoolgradelevel" AS
SELECT
    r."schoolid" AS "schoolid",
    r."gradeleveldescriptorid" AS "gradeleveldescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."schoolgradelevel" r;

CREATE OR REPLACE VIEW "edfi_10"."schoolidentificationcode" AS
SELECT
    r."educationorganizationid" AS "schoolid",
    r."identificationsystemdescriptorid" AS "identificationsystemdescriptorid",
    r."identificationcode" AS "identificationcode",
    r."createdate" AS "createdate"
FROM "edfi"."educationorganizationidentificationcode" r;

-- Not given back: Ed-Fi:SchoolYearType: made; by fills[0]
CREATE OR REPLACE VIEW "edfi_10"."schoolyeartype" AS
SELECT
    r."schoolyear" AS "schoolyear",
    r."schoolyeardescription" AS "schoolyeardescription",
    r."currentschoolyear" AS "currentschoolyear",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."schoolyeartype" r;

CREATE OR REPLACE VIEW "edfi_10"."sexdescriptor" AS
SELECT
    r."sexdescriptorid" AS "sexdescriptorid"
FROM "edfi"."sexdescriptor" r;

CREATE OR REPLACE VIEW "edfi_10"."student" AS
SELECT
    r."studentusi" AS "studentusi",
    r."birthdate" AS "birthdate",
    r."firstname" AS "firstname",
    r."lastsurname" AS "lastsurname",
    r."studentuniqueid" AS "studentuniqueid",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."student" r;

CREATE OR REPLACE VIEW "edfi_10"."studentassessment" AS
SELECT
    r."assessmentidentifier" AS "assessmentidentifier",
    r."namespace" AS "namespace",
    r."studentassessmentidentifier" AS "studentassessmentidentifier",
    r."studentusi" AS "studentusi",
    r."administrationdate" AS "administrationdate",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."studentassessment" r;

CREATE OR REPLACE VIEW "edfi_10"."studentassessmentscoreresult" AS
SELECT
    r."assessmentidentifier" AS "assessmentidentifier",
    r."namespace" AS "namespace",
    r."studentassessmentidentifier" AS "studentassessmentidentifier",
    r."studentusi" AS "studentusi",
    r."assessmentreportingmethoddescriptorid" AS "assessmentreportingmethoddescriptorid",
    r."result" AS "result",
    r."createdate" AS "createdate"
FROM "edfi"."studentassessmentscoreresult" r;

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociation" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r1."hispaniclatinoethnicity" AS "hispaniclatinoethnicity",
    r."loginid" AS "loginid",
    r1."sexdescriptorid" AS "sexdescriptorid",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."studenteducationorganizationassociation" r
LEFT JOIN "edfi"."studentdemographic" r1 ON r1."educationorganizationid" = r."educationorganizationid" AND r1."studentusi" = r."studentusi";

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociationaddres" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r."addresstypedescriptorid" AS "addresstypedescriptorid",
    r."city" AS "city",
    r."streetnumbername" AS "streetnumbername",
    r."createdate" AS "createdate"
FROM "edfi"."studentdirectoryaddres" r;

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociationaddresperiod" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r."addresstypedescriptorid" AS "addresstypedescriptorid",
    r."city" AS "city",
    r."streetnumbername" AS "streetnumbername",
    r."begindate" AS "begindate",
    r."enddate" AS "enddate",
    r."createdate" AS "createdate"
FROM "edfi"."studentdirectoryaddresperiod" r;

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociationlanguage" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r."languagedescriptorid" AS "languagedescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."studentdemographiclanguage" r;

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociationlanguageuse" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r."languagedescriptorid" AS "languagedescriptorid",
    r."languageusedescriptorid" AS "languageusedescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."studentdemographiclanguageuse" r;

CREATE OR REPLACE VIEW "edfi_10"."studenteducationorganizationassociationrace" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."studentusi" AS "studentusi",
    r."racedescriptorid" AS "racedescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."studentdemographicrace" r;

CREATE OR REPLACE VIEW "preparation_10"."candidate" AS
SELECT
    r."candidateidentifier" AS "candidateidentifier",
    CASE r."economicdisadvantagedescriptorid" WHEN (SELECT MIN(d."descriptorid") FROM "edfi"."descriptor" d WHERE d."discriminator" = 'edfi.EconomicDisadvantageDescriptor' AND LOWER(d."uri") = 'uri://ed-fi.org/economicdisadvantagedescriptor#yes') THEN true::boolean WHEN (SELECT MIN(d."descriptorid") FROM "edfi"."descriptor" d WHERE d."discriminator" = 'edfi.EconomicDisadvantageDescriptor' AND LOWER(d."uri") = 'uri://ed-fi.org/economicdisadvantagedescriptor#no') THEN false::boolean END AS "economicdisadvantaged",
    r."educationorganizationid" AS "educationorganizationid",
    r."firstname" AS "firstname",
    r."lastsurname" AS "lastsurname",
    r."programname" AS "programname",
    r."sexdescriptorid" AS "sexdescriptorid",
    r."tuitioncost" AS "tuitioncost",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."candidate" r;

CREATE OR REPLACE VIEW "preparation_10"."certificationroutedescriptor" AS
SELECT
    r."certificationroutedescriptorid" AS "certificationroutedescriptorid"
FROM "edfi"."certificationroutedescriptor" r;

CREATE OR REPLACE VIEW "preparation_10"."cohortkinddescriptor" AS
SELECT
    r."cohortkinddescriptorid" AS "cohortkinddescriptorid"
FROM "edfi"."cohortkinddescriptor" r;

CREATE OR REPLACE VIEW "preparation_10"."preparationprogram" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."programname" AS "programname",
    r."certificationroutedescriptorid" AS "certificationroutedescriptorid",
    NULL::varchar(128) AS "discriminator",
    r."createdate" AS "createdate",
    r."lastmodifieddate" AS "lastmodifieddate",
    r."id" AS "id"
FROM "edfi"."educatorpreparationprogram" r;

CREATE OR REPLACE VIEW "preparation_10"."preparationprogramgradelevel" AS
SELECT
    r."educationorganizationid" AS "educationorganizationid",
    r."programname" AS "programname",
    r."gradeleveldescriptorid" AS "gradeleveldescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."educatorpreparationprogramgradelevel" r;

CREATE OR REPLACE VIEW "preparation_10"."schoolcohort" AS
SELECT
    r."schoolid" AS "schoolid",
    r."cohortname" AS "cohortname",
    r."cohortkinddescriptorid" AS "cohortkinddescriptorid",
    r."createdate" AS "createdate"
FROM "edfi"."schoolcohort" r;

CREATE OR REPLACE VIEW "preparation_10"."schoolextension" AS
SELECT
    r."schoolid" AS "schoolid",
    r."trainsteachers" AS "trainsteachers",
    r."createdate" AS "createdate"
FROM "edfi"."school" r
WHERE (r."trainsteachers" IS NOT NULL OR EXISTS (SELECT 1 FROM "edfi"."schoolcohort" rx1 WHERE rx1."schoolid" = r."schoolid"));

DO $$
DECLARE
    view record;
    path text := current_setting('search_path');
BEGIN
    -- the database prints names in full only where no schema is searched
    PERFORM set_config('search_path', 'pg_catalog', true);
    FOR view IN SELECT m.schema, m.name, m.next, m.note, c.oid, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind FROM (VALUES
            ('edfi_10', 'academicsubjectdescriptor', 'edfi_10.addresstypedescriptor', NULL),
            ('edfi_10', 'addresstypedescriptor', 'edfi_10.assessment', NULL),
            ('edfi_10', 'assessment', 'edfi_10.assessmentacademicsubject', NULL),
            ('edfi_10', 'assessmentacademicsubject', 'edfi_10.assessmentreportingmethoddescriptor', '["Ed-Fi:Assessment.$.academicSubjects[*].academicSubjectDescriptor: first; by moves[4]"]'),
            ('edfi_10', 'assessmentreportingmethoddescriptor', 'edfi_10.contacttypedescriptor', NULL),
            ('edfi_10', 'contacttypedescriptor', 'edfi_10.descriptor', '["Ed-Fi:ContactTypeDescriptor: gone; by drops[0]"]'),
            ('edfi_10', 'descriptor', 'edfi_10.gradeleveldescriptor', '["Ed-Fi:ContactTypeDescriptor: gone; by drops[0]"]'),
            ('edfi_10', 'gradeleveldescriptor', 'edfi_10.identificationsystemdescriptor', NULL),
            ('edfi_10', 'identificationsystemdescriptor', 'edfi_10.languagedescriptor', NULL),
            ('edfi_10', 'languagedescriptor', 'edfi_10.languageusedescriptor', NULL),
            ('edfi_10', 'languageusedescriptor', 'edfi_10.racedescriptor', NULL),
            ('edfi_10', 'racedescriptor', 'edfi_10.school', NULL),
            ('edfi_10', 'school', 'edfi_10.schoolgradelevel', NULL),
            ('edfi_10', 'schoolgradelevel', 'edfi_10.schoolidentificationcode', NULL),
            ('edfi_10', 'schoolidentificationcode', 'edfi_10.schoolyeartype', NULL),
            ('edfi_10', 'schoolyeartype', 'edfi_10.sexdescriptor', '["Ed-Fi:SchoolYearType: made; by fills[0]"]'),
            ('edfi_10', 'sexdescriptor', 'edfi_10.student', NULL),
            ('edfi_10', 'student', 'edfi_10.studentassessment', NULL),
            ('edfi_10', 'studentassessment', 'edfi_10.studentassessmentscoreresult', NULL),
            ('edfi_10', 'studentassessmentscoreresult', 'edfi_10.studenteducationorganizationassociation', NULL),
            ('edfi_10', 'studenteducationorganizationassociation', 'edfi_10.studenteducationorganizationassociationaddres', NULL),
            ('edfi_10', 'studenteducationorganizationassociationaddres', 'edfi_10.studenteducationorganizationassociationaddresperiod', NULL),
            ('edfi_10', 'studenteducationorganizationassociationaddresperiod', 'edfi_10.studenteducationorganizationassociationlanguage', NULL),
            ('edfi_10', 'studenteducationorganizationassociationlanguage', 'edfi_10.studenteducationorganizationassociationlanguageuse', NULL),
            ('edfi_10', 'studenteducationorganizationassociationlanguageuse', 'edfi_10.studenteducationorganizationassociationrace', NULL),
            ('edfi_10', 'studenteducationorganizationassociationrace', 'preparation_10.candidate', NULL),
            ('preparation_10', 'candidate', 'preparation_10.certificationroutedescriptor', NULL),
            ('preparation_10', 'certificationroutedescriptor', 'preparation_10.cohortkinddescriptor', NULL),
            ('preparation_10', 'cohortkinddescriptor', 'preparation_10.preparationprogram', NULL),
            ('preparation_10', 'preparationprogram', 'preparation_10.preparationprogramgradelevel', NULL),
            ('preparation_10', 'preparationprogramgradelevel', 'preparation_10.schoolcohort', NULL),
            ('preparation_10', 'schoolcohort', 'preparation_10.schoolextension', NULL),
            ('preparation_10', 'schoolextension', 'edfi_10.academicsubjectdescriptor', NULL)
        ) AS m (schema, name, next, note) JOIN pg_namespace n ON n.nspname = m.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = m.name
    LOOP
        EXECUTE format('COMMENT ON %s %I.%I IS %L', view.kind, view.schema, view.name, 'dms-ddl earlier reporting ' || json_build_object(
            'set', '68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694'::text,
            'definition', (SELECT pg_catalog.md5(CASE k.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(k.oid) ELSE (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped)
  || coalesce((SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text || pg_get_functiondef(f.oid) || pg_get_userbyid(f.proowner), ';' ORDER BY t.tgname, t.tgrelid)
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid WHERE t.tgfoid IN (SELECT m.objoid FROM pg_catalog.pg_description m
    WHERE m.classoid = 'pg_catalog.pg_proc'::regclass AND m.description = 'dms-ddl earlier reporting function')), '') END || pg_get_userbyid(k.relowner) || ' ' || coalesce(array_to_string(k.reloptions, ','), '') || ' ' || k.relrowsecurity::text
  || coalesce((SELECT string_agg(pg_get_ruledef(r.oid) || r.ev_enabled::text, ';' ORDER BY r.rulename) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = k.oid AND (k.relkind <> 'v' OR r.rulename <> '_RETURN')), '')
  || coalesce((SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text, ';' ORDER BY t.tgname) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = k.oid AND NOT t.tgisinternal), '')
  || coalesce((SELECT string_agg(d.adnum || ' ' || pg_get_expr(d.adbin, d.adrelid), ';' ORDER BY d.adnum) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = k.oid), '')) FROM pg_catalog.pg_class k WHERE k.oid = view.oid),
            'views', 33,
            'name', view.schema || '.' || view.name,
            'next', view.next,
            'earlier', '{"set":"78c1e43fa3cca513e08aa0eeb8347c96134a61a3945c48735c0202d395dbbb55","translation":"1639297c9e46b17f54954a093f332ea94f9a303187f18d14db8eba1ed7722ab5"}'::json,
            'options', '{}'::json,
            'notGivenBack', coalesce(view.note, '[]')::json
        ));
    END LOOP;
    PERFORM set_config('search_path', path, true);
END
$$;

DO $$
DECLARE
    left_behind text;
BEGIN
    SELECT string_agg(m.schema || '.' || m.name, ', ' ORDER BY m.schema, m.name) INTO left_behind FROM (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
        FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE 'dms-ddl earlier reporting %'
    ) m WHERE (m.schema, m.name) NOT IN (VALUES
        ('edfi_10', 'academicsubjectdescriptor'),
        ('edfi_10', 'addresstypedescriptor'),
        ('edfi_10', 'assessment'),
        ('edfi_10', 'assessmentacademicsubject'),
        ('edfi_10', 'assessmentreportingmethoddescriptor'),
        ('edfi_10', 'contacttypedescriptor'),
        ('edfi_10', 'descriptor'),
        ('edfi_10', 'gradeleveldescriptor'),
        ('edfi_10', 'identificationsystemdescriptor'),
        ('edfi_10', 'languagedescriptor'),
        ('edfi_10', 'languageusedescriptor'),
        ('edfi_10', 'racedescriptor'),
        ('edfi_10', 'school'),
        ('edfi_10', 'schoolgradelevel'),
        ('edfi_10', 'schoolidentificationcode'),
        ('edfi_10', 'schoolyeartype'),
        ('edfi_10', 'sexdescriptor'),
        ('edfi_10', 'student'),
        ('edfi_10', 'studentassessment'),
        ('edfi_10', 'studentassessmentscoreresult'),
        ('edfi_10', 'studenteducationorganizationassociation'),
        ('edfi_10', 'studenteducationorganizationassociationaddres'),
        ('edfi_10', 'studenteducationorganizationassociationaddresperiod'),
        ('edfi_10', 'studenteducationorganizationassociationlanguage'),
        ('edfi_10', 'studenteducationorganizationassociationlanguageuse'),
        ('edfi_10', 'studenteducationorganizationassociationrace'),
        ('preparation_10', 'candidate'),
        ('preparation_10', 'certificationroutedescriptor'),
        ('preparation_10', 'cohortkinddescriptor'),
        ('preparation_10', 'preparationprogram'),
        ('preparation_10', 'preparationprogramgradelevel'),
        ('preparation_10', 'schoolcohort'),
        ('preparation_10', 'schoolextension')
    );
    IF left_behind IS NOT NULL THEN
        RAISE EXCEPTION 'Something depends on earlier views that this script does not have: %', left_behind USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
END
$$;
