-- ==========================================================
-- Phase 0: Preflight (fail fast on schema hash mismatch)
-- ==========================================================

-- Preflight: fail fast if database is provisioned for a different schema hash
DO $$
DECLARE
    stored_hash text;
BEGIN
    IF pg_catalog.to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN
        SELECT "EffectiveSchemaHash" INTO stored_hash
        FROM "dms"."EffectiveSchema"
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF stored_hash <> '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' THEN
            PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);
        END IF;
    END IF;
END $$;

DO $$
DECLARE
    stored_hash text;
BEGIN
    IF pg_catalog.to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN
        SELECT "EffectiveSchemaHash" INTO stored_hash
        FROM "dms"."EffectiveSchema"
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF stored_hash <> '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' THEN
            RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored_hash, '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf';
        END IF;
    END IF;
END $$;

-- ==========================================================
-- Phase 1: Schemas
-- ==========================================================

CREATE SCHEMA IF NOT EXISTS "dms";

-- ==========================================================
-- Phase 2: Extensions
-- ==========================================================

CREATE EXTENSION IF NOT EXISTS "pgcrypto";

-- ==========================================================
-- Phase 3: Sequences
-- ==========================================================

CREATE SEQUENCE IF NOT EXISTS "dms"."ChangeVersionSequence" START WITH 1;

-- ==========================================================
-- Phase 4: Functions
-- ==========================================================

DO $install$
DECLARE
    pgcrypto_schema name;
BEGIN
    PERFORM pg_catalog.set_config('quote_all_identifiers', 'off', true);
    SELECT n.nspname INTO pgcrypto_schema
    FROM pg_catalog.pg_extension AS e
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pgcrypto';
    EXECUTE pg_catalog.format($create$
CREATE OR REPLACE FUNCTION "dms"."uuidv5"(namespace_uuid uuid, name_text text)
RETURNS uuid
LANGUAGE plpgsql
IMMUTABLE STRICT PARALLEL SAFE
AS $uuidv5$
DECLARE
    hash pg_catalog.bytea;
BEGIN
    hash := %I.digest(pg_catalog.decode(pg_catalog.replace(namespace_uuid::pg_catalog.text, '-', ''), 'hex') || pg_catalog.convert_to(name_text, 'UTF8'), 'sha1');
    hash := substring(hash FROM 1 FOR 16);
    hash := pg_catalog.set_byte(hash, 6, (pg_catalog.get_byte(hash, 6) & 15) | 80);
    hash := pg_catalog.set_byte(hash, 8, (pg_catalog.get_byte(hash, 8) & 63) | 128);
    RETURN pg_catalog.encode(hash, 'hex')::pg_catalog.uuid;
END
$uuidv5$
$create$, pgcrypto_schema);
END
$install$;

-- ==========================================================
-- Phase 5: Tables (PK/UNIQUE/CHECK only, no cross-table FKs)
-- ==========================================================

CREATE TABLE IF NOT EXISTS "dms"."Descriptor"
(
    "DocumentId" bigint NOT NULL,
    "Namespace" varchar(255) NOT NULL,
    "CodeValue" varchar(50) NOT NULL,
    "ShortDescription" varchar(75) NOT NULL,
    "Description" varchar(1024) NULL,
    "EffectiveBeginDate" date NULL,
    "EffectiveEndDate" date NULL,
    "Discriminator" varchar(128) NOT NULL,
    "Uri" varchar(306) NOT NULL,
    CONSTRAINT "PK_Descriptor" PRIMARY KEY ("DocumentId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_Descriptor_Uri_Discriminator' AND conrelid = pg_catalog.to_regclass('"dms"."Descriptor"')
    ) THEN
        ALTER TABLE "dms"."Descriptor"
        ADD CONSTRAINT "UX_Descriptor_Uri_Discriminator" UNIQUE ("Uri", "Discriminator");
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."Document"
(
    "DocumentId" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    "DocumentUuid" uuid NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "ContentVersion" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
    "IdentityVersion" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "IdentityLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_Document" PRIMARY KEY ("DocumentId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_Document_DocumentUuid' AND conrelid = pg_catalog.to_regclass('"dms"."Document"')
    ) THEN
        ALTER TABLE "dms"."Document"
        ADD CONSTRAINT "UX_Document_DocumentUuid" UNIQUE ("DocumentUuid");
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."DocumentCache"
(
    "DocumentId" bigint NOT NULL,
    "DocumentUuid" uuid NOT NULL,
    "ProjectName" varchar(256) NOT NULL,
    "ResourceName" varchar(256) NOT NULL,
    "ResourceVersion" varchar(32) NOT NULL,
    "Etag" varchar(64) NOT NULL,
    "LastModifiedAt" timestamp with time zone NOT NULL,
    "DocumentJson" jsonb NOT NULL,
    "ComputedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_DocumentCache" PRIMARY KEY ("DocumentId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_DocumentCache_DocumentUuid' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentCache"')
    ) THEN
        ALTER TABLE "dms"."DocumentCache"
        ADD CONSTRAINT "UX_DocumentCache_DocumentUuid" UNIQUE ("DocumentUuid");
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_DocumentCache_JsonObject' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentCache"')
    ) THEN
        ALTER TABLE "dms"."DocumentCache"
        ADD CONSTRAINT "CK_DocumentCache_JsonObject" CHECK (pg_catalog.jsonb_typeof("DocumentJson") = 'object');
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."DocumentChangeEvent"
(
    "ChangeVersion" bigint NOT NULL,
    "DocumentId" bigint NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_DocumentChangeEvent" PRIMARY KEY ("ChangeVersion", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "dms"."EffectiveSchema"
(
    "EffectiveSchemaSingletonId" smallint NOT NULL,
    "ApiSchemaFormatVersion" varchar(64) NOT NULL,
    "EffectiveSchemaHash" varchar(64) NOT NULL,
    "ResourceKeyCount" smallint NOT NULL,
    "ResourceKeySeedHash" bytea NOT NULL,
    "AppliedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_EffectiveSchema" PRIMARY KEY ("EffectiveSchemaSingletonId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_Singleton' AND conrelid = pg_catalog.to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_Singleton" CHECK ("EffectiveSchemaSingletonId" = 1);
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank' AND conrelid = pg_catalog.to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank" CHECK (pg_catalog.btrim("ApiSchemaFormatVersion") <> '');
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_ResourceKeySeedHash_Length' AND conrelid = pg_catalog.to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_ResourceKeySeedHash_Length" CHECK (pg_catalog.octet_length("ResourceKeySeedHash") = 32);
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_EffectiveSchema_EffectiveSchemaHash' AND conrelid = pg_catalog.to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "UX_EffectiveSchema_EffectiveSchemaHash" UNIQUE ("EffectiveSchemaHash");
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."ReferentialIdentity"
(
    "ReferentialId" uuid NOT NULL,
    "DocumentId" bigint NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    CONSTRAINT "PK_ReferentialIdentity" PRIMARY KEY ("ReferentialId"),
    CONSTRAINT "UX_ReferentialIdentity_DocumentId_ResourceKeyId" UNIQUE ("DocumentId", "ResourceKeyId")
);

CREATE TABLE IF NOT EXISTS "dms"."ResourceKey"
(
    "ResourceKeyId" smallint NOT NULL,
    "ProjectName" varchar(256) NOT NULL,
    "ResourceName" varchar(256) NOT NULL,
    "ResourceVersion" varchar(32) NOT NULL,
    CONSTRAINT "PK_ResourceKey" PRIMARY KEY ("ResourceKeyId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_ResourceKey_ProjectName_ResourceName' AND conrelid = pg_catalog.to_regclass('"dms"."ResourceKey"')
    ) THEN
        ALTER TABLE "dms"."ResourceKey"
        ADD CONSTRAINT "UX_ResourceKey_ProjectName_ResourceName" UNIQUE ("ProjectName", "ResourceName");
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."SchemaComponent"
(
    "EffectiveSchemaHash" varchar(64) NOT NULL,
    "ProjectEndpointName" varchar(128) NOT NULL,
    "ProjectName" varchar(256) NOT NULL,
    "ProjectVersion" varchar(32) NOT NULL,
    "IsExtensionProject" boolean NOT NULL,
    CONSTRAINT "PK_SchemaComponent" PRIMARY KEY ("EffectiveSchemaHash", "ProjectEndpointName")
);

-- ==========================================================
-- Phase 6: Foreign Keys
-- ==========================================================

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Descriptor_Document' AND conrelid = pg_catalog.to_regclass('"dms"."Descriptor"')
    ) THEN
        ALTER TABLE "dms"."Descriptor"
        ADD CONSTRAINT "FK_Descriptor_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Document_ResourceKey' AND conrelid = pg_catalog.to_regclass('"dms"."Document"')
    ) THEN
        ALTER TABLE "dms"."Document"
        ADD CONSTRAINT "FK_Document_ResourceKey" FOREIGN KEY ("ResourceKeyId")
        REFERENCES "dms"."ResourceKey" ("ResourceKeyId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_DocumentCache_Document' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentCache"')
    ) THEN
        ALTER TABLE "dms"."DocumentCache"
        ADD CONSTRAINT "FK_DocumentCache_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_DocumentChangeEvent_Document' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentChangeEvent"')
    ) THEN
        ALTER TABLE "dms"."DocumentChangeEvent"
        ADD CONSTRAINT "FK_DocumentChangeEvent_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_DocumentChangeEvent_ResourceKey' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentChangeEvent"')
    ) THEN
        ALTER TABLE "dms"."DocumentChangeEvent"
        ADD CONSTRAINT "FK_DocumentChangeEvent_ResourceKey" FOREIGN KEY ("ResourceKeyId")
        REFERENCES "dms"."ResourceKey" ("ResourceKeyId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_ReferentialIdentity_Document' AND conrelid = pg_catalog.to_regclass('"dms"."ReferentialIdentity"')
    ) THEN
        ALTER TABLE "dms"."ReferentialIdentity"
        ADD CONSTRAINT "FK_ReferentialIdentity_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_ReferentialIdentity_ResourceKey' AND conrelid = pg_catalog.to_regclass('"dms"."ReferentialIdentity"')
    ) THEN
        ALTER TABLE "dms"."ReferentialIdentity"
        ADD CONSTRAINT "FK_ReferentialIdentity_ResourceKey" FOREIGN KEY ("ResourceKeyId")
        REFERENCES "dms"."ResourceKey" ("ResourceKeyId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchemaComponent_EffectiveSchemaHash' AND conrelid = pg_catalog.to_regclass('"dms"."SchemaComponent"')
    ) THEN
        ALTER TABLE "dms"."SchemaComponent"
        ADD CONSTRAINT "FK_SchemaComponent_EffectiveSchemaHash" FOREIGN KEY ("EffectiveSchemaHash")
        REFERENCES "dms"."EffectiveSchema" ("EffectiveSchemaHash")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

-- ==========================================================
-- Phase 7: Indexes
-- ==========================================================

CREATE INDEX IF NOT EXISTS "IX_Document_ResourceKeyId_DocumentId" ON "dms"."Document" ("ResourceKeyId", "DocumentId");

CREATE INDEX IF NOT EXISTS "IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt" ON "dms"."DocumentCache" ("ProjectName", "ResourceName", "LastModifiedAt", "DocumentId");

CREATE INDEX IF NOT EXISTS "IX_DocumentChangeEvent_DocumentId" ON "dms"."DocumentChangeEvent" ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion" ON "dms"."DocumentChangeEvent" ("ResourceKeyId", "ChangeVersion", "DocumentId");

-- ==========================================================
-- Phase 8: Triggers
-- ==========================================================

CREATE OR REPLACE FUNCTION "dms"."TF_Document_Journal"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "dms"."DocumentChangeEvent" (
            "ChangeVersion",
            "DocumentId",
            "ResourceKeyId",
            "CreatedAt"
        )
        SELECT
            n."ContentVersion",
            n."DocumentId",
            n."ResourceKeyId",
            pg_catalog.now()
        FROM new_rows AS n;
    ELSE
        INSERT INTO "dms"."DocumentChangeEvent" (
            "ChangeVersion",
            "DocumentId",
            "ResourceKeyId",
            "CreatedAt"
        )
        SELECT
            c."ContentVersion",
            c."DocumentId",
            c."ResourceKeyId",
            pg_catalog.now()
        FROM (
            SELECT
                n."ContentVersion",
                n."DocumentId",
                n."ResourceKeyId"
            FROM new_rows AS n
            EXCEPT ALL
            SELECT
                o."ContentVersion",
                o."DocumentId",
                o."ResourceKeyId"
            FROM old_rows AS o
        ) AS c;
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Document_Journal_Insert"
AFTER INSERT ON "dms"."Document"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "dms"."TF_Document_Journal"();
CREATE OR REPLACE TRIGGER "TR_Document_Journal_Update"
AFTER UPDATE ON "dms"."Document"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "dms"."TF_Document_Journal"();

-- ==========================================================
-- Phase 10: Model Schemas
-- ==========================================================

CREATE SCHEMA IF NOT EXISTS "athletics";
CREATE SCHEMA IF NOT EXISTS "campus";
CREATE SCHEMA IF NOT EXISTS "auth";

-- ==========================================================
-- Phase 11: Model Tables
-- ==========================================================

CREATE TABLE IF NOT EXISTS "athletics"."AthleticLeague"
(
    "DocumentId" bigint NOT NULL,
    "SanctioningDistrict_DocumentId" bigint NULL,
    "SanctioningDistrict_DistrictId" bigint NULL,
    "AthleticLeagueId" bigint NOT NULL,
    "LeagueName" varchar(90) NOT NULL,
    CONSTRAINT "PK_AthleticLeague" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_AthleticLeague_NK" UNIQUE ("AthleticLeagueId"),
    CONSTRAINT "UX_AthleticLeague_RefKey" UNIQUE ("DocumentId", "AthleticLeagueId"),
    CONSTRAINT "CK_AthleticLeague_SanctioningDistrict_AllNone" CHECK (("SanctioningDistrict_DocumentId" IS NULL AND "SanctioningDistrict_DistrictId" IS NULL) OR ("SanctioningDistrict_DocumentId" IS NOT NULL AND "SanctioningDistrict_DistrictId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."AthleticLeagueSeason"
(
    "AthleticLeague_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "BeginsOn" date NOT NULL,
    "EndsOn" date NULL,
    "EntryFee" numeric(9,2) NULL,
    "SeasonLabel" varchar(40) NOT NULL,
    CONSTRAINT "PK_AthleticLeagueSeason" PRIMARY KEY ("AthleticLeague_DocumentId", "Ordinal"),
    CONSTRAINT "UX_AthleticLeagueSeason_SeasonLabel_AthleticLeague_DocumentId" UNIQUE ("AthleticLeague_DocumentId", "SeasonLabel")
);

CREATE TABLE IF NOT EXISTS "athletics"."Team"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "AthleticLeague_DocumentId" bigint NULL,
    "AthleticLeague_AthleticLeagueId" bigint NULL,
    "HomeLocation_DocumentId" bigint NULL,
    "HomeLocation_ClassroomCode" varchar(60) NULL,
    "HomeLocation_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "HomeLocation_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "SportDescriptor_DescriptorId" bigint NOT NULL,
    "AverageScore" numeric(6,2) NULL,
    "TeamCode" varchar(30) NOT NULL,
    "TeamName" varchar(90) NOT NULL,
    CONSTRAINT "PK_Team" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Team_NK" UNIQUE ("School_DocumentId", "SportDescriptor_DescriptorId", "TeamCode"),
    CONSTRAINT "UX_Team_RefKey" UNIQUE ("DocumentId", "SchoolId_Unified", "SportDescriptor_DescriptorId", "TeamCode"),
    CONSTRAINT "CK_Team_AthleticLeague_AllNone" CHECK (("AthleticLeague_DocumentId" IS NULL AND "AthleticLeague_AthleticLeagueId" IS NULL) OR ("AthleticLeague_DocumentId" IS NOT NULL AND "AthleticLeague_AthleticLeagueId" IS NOT NULL)),
    CONSTRAINT "CK_Team_HomeLocation_AllNone" CHECK (("HomeLocation_DocumentId" IS NULL AND "HomeLocation_ClassroomCode" IS NULL AND "HomeLocation_SchoolId" IS NULL) OR ("HomeLocation_DocumentId" IS NOT NULL AND "HomeLocation_ClassroomCode" IS NOT NULL AND "HomeLocation_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_Team_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."TeamMatch"
(
    "Team_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "OpponentTeam_DocumentId" bigint NULL,
    "OpponentTeam_SchoolId" integer NULL,
    "OpponentTeam_SportDescriptor_DescriptorId" bigint NULL,
    "OpponentTeam_TeamCode" varchar(30) NULL,
    "HomeScore" numeric(5,1) NULL,
    "MatchNumber" integer NOT NULL,
    "OpponentScore" numeric(5,1) NULL,
    "PlayedAt" timestamp with time zone NOT NULL,
    CONSTRAINT "PK_TeamMatch" PRIMARY KEY ("Team_DocumentId", "Ordinal"),
    CONSTRAINT "UX_TeamMatch_MatchNumber_Team_DocumentId" UNIQUE ("Team_DocumentId", "MatchNumber"),
    CONSTRAINT "CK_TeamMatch_OpponentTeam_AllNone" CHECK (("OpponentTeam_DocumentId" IS NULL AND "OpponentTeam_SchoolId" IS NULL AND "OpponentTeam_SportDescriptor_DescriptorId" IS NULL AND "OpponentTeam_TeamCode" IS NULL) OR ("OpponentTeam_DocumentId" IS NOT NULL AND "OpponentTeam_SchoolId" IS NOT NULL AND "OpponentTeam_SportDescriptor_DescriptorId" IS NOT NULL AND "OpponentTeam_TeamCode" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."TeamMatchPeriod"
(
    "Team_DocumentId" bigint NOT NULL,
    "MatchOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "PeriodNumber" integer NOT NULL,
    "Points" integer NOT NULL,
    CONSTRAINT "PK_TeamMatchPeriod" PRIMARY KEY ("Team_DocumentId", "MatchOrdinal", "Ordinal"),
    CONSTRAINT "UX_TeamMatchPeriod_MatchOrdinal_PeriodNumber_Team_DocumentId" UNIQUE ("Team_DocumentId", "MatchOrdinal", "PeriodNumber")
);

CREATE TABLE IF NOT EXISTS "athletics"."TeamRosterEntry"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "StudentUniqueId_Unified" varchar(32) NOT NULL,
    "EligibilityEnrolment_DocumentId" bigint NULL,
    "EligibilityEnrolment_EntryDate" date NULL,
    "EligibilityEnrolment_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "EligibilityEnrolment_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "EligibilityEnrolment_StudentUniqueId" varchar(32) GENERATED ALWAYS AS (CASE WHEN "EligibilityEnrolment_DocumentId" IS NULL THEN NULL ELSE "StudentUniqueId_Unified" END) STORED,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) GENERATED ALWAYS AS (CASE WHEN "Student_DocumentId" IS NULL THEN NULL ELSE "StudentUniqueId_Unified" END) STORED,
    "Team_DocumentId" bigint NOT NULL,
    "Team_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Team_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Team_SportDescriptor_DescriptorId" bigint NOT NULL,
    "Team_TeamCode" varchar(30) NOT NULL,
    "IsCaptain" boolean NULL,
    "JerseyNumber" integer NOT NULL,
    "JoinedOn" date NOT NULL,
    "LeftOn" date NULL,
    CONSTRAINT "PK_TeamRosterEntry" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_TeamRosterEntry_NK" UNIQUE ("JerseyNumber", "Student_DocumentId", "Team_DocumentId"),
    CONSTRAINT "CK_TeamRosterEntry_EligibilityEnrolment_AllNone" CHECK (("EligibilityEnrolment_DocumentId" IS NULL AND "EligibilityEnrolment_EntryDate" IS NULL AND "EligibilityEnrolment_SchoolId" IS NULL AND "EligibilityEnrolment_StudentUniqueId" IS NULL) OR ("EligibilityEnrolment_DocumentId" IS NOT NULL AND "EligibilityEnrolment_EntryDate" IS NOT NULL AND "EligibilityEnrolment_SchoolId" IS NOT NULL AND "EligibilityEnrolment_StudentUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_TeamRosterEntry_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_TeamRosterEntry_Team_AllNone" CHECK (("Team_DocumentId" IS NULL AND "Team_SchoolId" IS NULL AND "Team_SportDescriptor_DescriptorId" IS NULL AND "Team_TeamCode" IS NULL) OR ("Team_DocumentId" IS NOT NULL AND "Team_SchoolId" IS NOT NULL AND "Team_SportDescriptor_DescriptorId" IS NOT NULL AND "Team_TeamCode" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."Assessment"
(
    "DocumentId" bigint NOT NULL,
    "SponsoringOrganization_DocumentId" bigint NULL,
    "SponsoringOrganization_EducationOrganizationId" bigint NULL,
    "SubjectDescriptor_DescriptorId" bigint NULL,
    "AssessmentIdentifier" varchar(60) NOT NULL,
    "AssessmentTitle" varchar(120) NOT NULL,
    "IsAdaptive" boolean NULL,
    "MaximumRawScore" numeric(15,5) NULL,
    "Namespace" varchar(255) NOT NULL,
    "RevisedOn" date NULL,
    "ScoringMethodName" varchar(60) NULL,
    "ScoringReviewedAt" timestamp with time zone NULL,
    CONSTRAINT "PK_Assessment" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Assessment_NK" UNIQUE ("AssessmentIdentifier", "Namespace"),
    CONSTRAINT "UX_Assessment_RefKey" UNIQUE ("DocumentId", "AssessmentIdentifier", "Namespace"),
    CONSTRAINT "CK_Assessment_SponsoringOrganization_AllNone" CHECK (("SponsoringOrganization_DocumentId" IS NULL AND "SponsoringOrganization_EducationOrganizationId" IS NULL) OR ("SponsoringOrganization_DocumentId" IS NOT NULL AND "SponsoringOrganization_EducationOrganizationId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."AssessmentGradeLevelDescriptor"
(
    "Assessment_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "GradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    CONSTRAINT "PK_AssessmentGradeLevelDescriptor" PRIMARY KEY ("Assessment_DocumentId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "campus"."AssessmentBand"
(
    "Assessment_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "BandCode" varchar(20) NOT NULL,
    "LowerBound" numeric(8,3) NOT NULL,
    "UpperBound" numeric(8,3) NULL,
    CONSTRAINT "PK_AssessmentBand" PRIMARY KEY ("Assessment_DocumentId", "Ordinal"),
    CONSTRAINT "UX_AssessmentBand_BandCode_Assessment_DocumentId" UNIQUE ("Assessment_DocumentId", "BandCode")
);

CREATE TABLE IF NOT EXISTS "campus"."AssessmentBandLabel"
(
    "Assessment_DocumentId" bigint NOT NULL,
    "BandOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "CultureCode" varchar(10) NOT NULL,
    "LabelText" varchar(100) NOT NULL,
    CONSTRAINT "PK_AssessmentBandLabel" PRIMARY KEY ("Assessment_DocumentId", "BandOrdinal", "Ordinal"),
    CONSTRAINT "UX_AssessmentBandLabel_BandOrdinal_CultureCode_Asses_144d746a90" UNIQUE ("Assessment_DocumentId", "BandOrdinal", "CultureCode")
);

CREATE TABLE IF NOT EXISTS "campus"."AssessmentItem"
(
    "DocumentId" bigint NOT NULL,
    "Assessment_DocumentId" bigint NOT NULL,
    "Assessment_AssessmentIdentifier" varchar(60) NOT NULL,
    "Assessment_Namespace" varchar(255) NOT NULL,
    "ExpectedDuration" varchar(30) NULL,
    "ItemCode" varchar(60) NOT NULL,
    "MaximumPoints" numeric(6,2) NULL,
    CONSTRAINT "PK_AssessmentItem" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_AssessmentItem_NK" UNIQUE ("Assessment_DocumentId", "ItemCode"),
    CONSTRAINT "UX_AssessmentItem_RefKey" UNIQUE ("DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace", "ItemCode"),
    CONSTRAINT "CK_AssessmentItem_Assessment_AllNone" CHECK (("Assessment_DocumentId" IS NULL AND "Assessment_AssessmentIdentifier" IS NULL AND "Assessment_Namespace" IS NULL) OR ("Assessment_DocumentId" IS NOT NULL AND "Assessment_AssessmentIdentifier" IS NOT NULL AND "Assessment_Namespace" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."AssessmentItemPossibleRespons"
(
    "AssessmentItem_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "IsCorrect" boolean NOT NULL,
    "ResponseValue" varchar(60) NOT NULL,
    "Sequence" integer NULL,
    CONSTRAINT "PK_AssessmentItemPossibleRespons" PRIMARY KEY ("AssessmentItem_DocumentId", "Ordinal"),
    CONSTRAINT "UX_AssessmentItemPossibleRespons_ResponseValue_Asses_0647092b48" UNIQUE ("AssessmentItem_DocumentId", "ResponseValue")
);

CREATE TABLE IF NOT EXISTS "campus"."Calendar"
(
    "DocumentId" bigint NOT NULL,
    "SchoolYear_DocumentId" bigint NOT NULL,
    "SchoolYear_SchoolYear" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer NOT NULL,
    "CalendarCode" varchar(60) NOT NULL,
    "IsPublished" boolean NULL,
    CONSTRAINT "PK_Calendar" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Calendar_NK" UNIQUE ("CalendarCode", "School_DocumentId", "SchoolYear_DocumentId"),
    CONSTRAINT "UX_Calendar_RefKey" UNIQUE ("DocumentId", "CalendarCode", "School_SchoolId", "SchoolYear_SchoolYear"),
    CONSTRAINT "CK_Calendar_SchoolYear_AllNone" CHECK (("SchoolYear_DocumentId" IS NULL AND "SchoolYear_SchoolYear" IS NULL) OR ("SchoolYear_DocumentId" IS NOT NULL AND "SchoolYear_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_Calendar_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."CalendarWeek"
(
    "Calendar_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "BeginsOn" date NOT NULL,
    "EndsOn" date NOT NULL,
    "InstructionalDays" integer NULL,
    "WeekLabel" varchar(40) NOT NULL,
    CONSTRAINT "PK_CalendarWeek" PRIMARY KEY ("Calendar_DocumentId", "Ordinal"),
    CONSTRAINT "UX_CalendarWeek_WeekLabel_Calendar_DocumentId" UNIQUE ("Calendar_DocumentId", "WeekLabel")
);

CREATE TABLE IF NOT EXISTS "campus"."CalendarDate"
(
    "DocumentId" bigint NOT NULL,
    "Calendar_DocumentId" bigint NOT NULL,
    "Calendar_CalendarCode" varchar(60) NOT NULL,
    "Calendar_SchoolId" integer NOT NULL,
    "Calendar_SchoolYear" integer NOT NULL,
    "EventDate" date NOT NULL,
    CONSTRAINT "PK_CalendarDate" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_CalendarDate_NK" UNIQUE ("Calendar_DocumentId", "EventDate"),
    CONSTRAINT "CK_CalendarDate_Calendar_AllNone" CHECK (("Calendar_DocumentId" IS NULL AND "Calendar_CalendarCode" IS NULL AND "Calendar_SchoolId" IS NULL AND "Calendar_SchoolYear" IS NULL) OR ("Calendar_DocumentId" IS NOT NULL AND "Calendar_CalendarCode" IS NOT NULL AND "Calendar_SchoolId" IS NOT NULL AND "Calendar_SchoolYear" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."CalendarDateCalendarEvent"
(
    "CalendarDate_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "CalendarDayKindDescriptor_DescriptorId" bigint NOT NULL,
    "Note" varchar(255) NULL,
    "SpanEndTime" time NULL,
    "SpanStartTime" time NULL,
    CONSTRAINT "PK_CalendarDateCalendarEvent" PRIMARY KEY ("CalendarDate_DocumentId", "Ordinal"),
    CONSTRAINT "UX_CalendarDateCalendarEvent_CalendarDate_DocumentId_7857f1ada3" UNIQUE ("CalendarDate_DocumentId", "CalendarDayKindDescriptor_DescriptorId")
);

CREATE TABLE IF NOT EXISTS "campus"."ClassPeriod"
(
    "DocumentId" bigint NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer NOT NULL,
    "AttendanceIsTaken" boolean NULL,
    "ClassPeriodName" varchar(60) NOT NULL,
    CONSTRAINT "PK_ClassPeriod" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_ClassPeriod_NK" UNIQUE ("ClassPeriodName", "School_DocumentId"),
    CONSTRAINT "UX_ClassPeriod_RefKey" UNIQUE ("DocumentId", "ClassPeriodName", "School_SchoolId"),
    CONSTRAINT "CK_ClassPeriod_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."ClassPeriodMeetingTime"
(
    "ClassPeriod_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "EndTime" time NOT NULL,
    "StartTime" time NOT NULL,
    "WeekdayNumber" integer NULL,
    CONSTRAINT "PK_ClassPeriodMeetingTime" PRIMARY KEY ("ClassPeriod_DocumentId", "Ordinal"),
    CONSTRAINT "UX_ClassPeriodMeetingTime_EndTime_StartTime_ClassPer_aca1477a4f" UNIQUE ("ClassPeriod_DocumentId", "EndTime", "StartTime")
);

CREATE TABLE IF NOT EXISTS "campus"."Course"
(
    "DocumentId" bigint NOT NULL,
    "EducationOrganization_DocumentId" bigint NOT NULL,
    "EducationOrganization_EducationOrganizationId" bigint NOT NULL,
    "SubjectDescriptor_DescriptorId" bigint NOT NULL,
    "CourseCode" varchar(60) NOT NULL,
    "CourseTitle" varchar(120) NOT NULL,
    "CreditValueConversionFactor" numeric(9,4) NULL,
    "CreditValueSchemeName" varchar(30) NULL,
    "Credits" numeric(6,2) NULL,
    CONSTRAINT "PK_Course" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Course_NK" UNIQUE ("CourseCode", "EducationOrganization_DocumentId"),
    CONSTRAINT "UX_Course_RefKey" UNIQUE ("DocumentId", "CourseCode", "EducationOrganization_EducationOrganizationId"),
    CONSTRAINT "CK_Course_EducationOrganization_AllNone" CHECK (("EducationOrganization_DocumentId" IS NULL AND "EducationOrganization_EducationOrganizationId" IS NULL) OR ("EducationOrganization_DocumentId" IS NOT NULL AND "EducationOrganization_EducationOrganizationId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."CourseOfferedGradeLevel"
(
    "Course_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "GradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    CONSTRAINT "PK_CourseOfferedGradeLevel" PRIMARY KEY ("Course_DocumentId", "Ordinal"),
    CONSTRAINT "UX_CourseOfferedGradeLevel_Course_DocumentId_GradeLe_7b50716683" UNIQUE ("Course_DocumentId", "GradeLevelDescriptor_DescriptorId")
);

CREATE TABLE IF NOT EXISTS "campus"."CoursePrerequisite"
(
    "Course_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "PrerequisiteCourse_DocumentId" bigint NULL,
    "PrerequisiteCourse_CourseCode" varchar(60) NULL,
    "PrerequisiteCourse_EducationOrganizationId" bigint NULL,
    CONSTRAINT "PK_CoursePrerequisite" PRIMARY KEY ("Course_DocumentId", "Ordinal"),
    CONSTRAINT "CK_CoursePrerequisite_PrerequisiteCourse_AllNone" CHECK (("PrerequisiteCourse_DocumentId" IS NULL AND "PrerequisiteCourse_CourseCode" IS NULL AND "PrerequisiteCourse_EducationOrganizationId" IS NULL) OR ("PrerequisiteCourse_DocumentId" IS NOT NULL AND "PrerequisiteCourse_CourseCode" IS NOT NULL AND "PrerequisiteCourse_EducationOrganizationId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."CourseOffering"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "Course_DocumentId" bigint NOT NULL,
    "Course_CourseCode" varchar(60) NOT NULL,
    "Course_EducationOrganizationId" bigint NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Session_DocumentId" bigint NOT NULL,
    "Session_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Session_SchoolYear" integer NOT NULL,
    "Session_SessionName" varchar(60) NOT NULL,
    "Session_TermDescriptor_DescriptorId" bigint NOT NULL,
    "LocalCourseCode" varchar(60) NOT NULL,
    "LocalCourseTitle" varchar(120) NULL,
    "PlannedMinutes" integer NULL,
    CONSTRAINT "PK_CourseOffering" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_CourseOffering_NK" UNIQUE ("LocalCourseCode", "School_DocumentId", "Session_DocumentId"),
    CONSTRAINT "UX_CourseOffering_RefKey" UNIQUE ("DocumentId", "LocalCourseCode", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_TermDescriptor_DescriptorId"),
    CONSTRAINT "CK_CourseOffering_Course_AllNone" CHECK (("Course_DocumentId" IS NULL AND "Course_CourseCode" IS NULL AND "Course_EducationOrganizationId" IS NULL) OR ("Course_DocumentId" IS NOT NULL AND "Course_CourseCode" IS NOT NULL AND "Course_EducationOrganizationId" IS NOT NULL)),
    CONSTRAINT "CK_CourseOffering_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_CourseOffering_Session_AllNone" CHECK (("Session_DocumentId" IS NULL AND "Session_SchoolId" IS NULL AND "Session_SchoolYear" IS NULL AND "Session_SessionName" IS NULL AND "Session_TermDescriptor_DescriptorId" IS NULL) OR ("Session_DocumentId" IS NOT NULL AND "Session_SchoolId" IS NOT NULL AND "Session_SchoolYear" IS NOT NULL AND "Session_SessionName" IS NOT NULL AND "Session_TermDescriptor_DescriptorId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."CourseOfferingFee"
(
    "CourseOffering_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "Amount" numeric(9,2) NOT NULL,
    "FeeName" varchar(60) NOT NULL,
    "IsRefundable" boolean NULL,
    CONSTRAINT "PK_CourseOfferingFee" PRIMARY KEY ("CourseOffering_DocumentId", "Ordinal"),
    CONSTRAINT "UX_CourseOfferingFee_FeeName_CourseOffering_DocumentId" UNIQUE ("CourseOffering_DocumentId", "FeeName")
);

CREATE TABLE IF NOT EXISTS "campus"."District"
(
    "DocumentId" bigint NOT NULL,
    "ParentDistrict_DocumentId" bigint NULL,
    "ParentDistrict_DistrictId" bigint NULL,
    "DistrictId" bigint NOT NULL,
    "DistrictName" varchar(90) NOT NULL,
    "FoundedOn" date NULL,
    "OfficeHoursByAppointmentOnly" boolean NULL,
    "OfficeHoursClosesAt" time NULL,
    "OfficeHoursOpensAt" time NULL,
    "WebAddress" varchar(255) NULL,
    CONSTRAINT "PK_District" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_District_NK" UNIQUE ("DistrictId"),
    CONSTRAINT "UX_District_RefKey" UNIQUE ("DocumentId", "DistrictId"),
    CONSTRAINT "CK_District_ParentDistrict_AllNone" CHECK (("ParentDistrict_DocumentId" IS NULL AND "ParentDistrict_DistrictId" IS NULL) OR ("ParentDistrict_DocumentId" IS NOT NULL AND "ParentDistrict_DistrictId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."DistrictPhoneNumber"
(
    "District_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "Extension" varchar(8) NULL,
    "IsPublic" boolean NULL,
    "PhoneNumber" varchar(24) NOT NULL,
    CONSTRAINT "PK_DistrictPhoneNumber" PRIMARY KEY ("District_DocumentId", "Ordinal"),
    CONSTRAINT "UX_DistrictPhoneNumber_PhoneNumber_District_DocumentId" UNIQUE ("District_DocumentId", "PhoneNumber")
);

CREATE TABLE IF NOT EXISTS "campus"."Location"
(
    "DocumentId" bigint NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer NOT NULL,
    "ClassroomCode" varchar(60) NOT NULL,
    "FloorArea" numeric(8,2) NULL,
    "MaximumSeats" integer NULL,
    "OptimalSeats" integer NULL,
    CONSTRAINT "PK_Location" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Location_NK" UNIQUE ("ClassroomCode", "School_DocumentId"),
    CONSTRAINT "UX_Location_RefKey" UNIQUE ("DocumentId", "ClassroomCode", "School_SchoolId"),
    CONSTRAINT "CK_Location_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."LocationEquipment"
(
    "Location_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "ItemName" varchar(60) NOT NULL,
    "Quantity" integer NOT NULL,
    CONSTRAINT "PK_LocationEquipment" PRIMARY KEY ("Location_DocumentId", "Ordinal"),
    CONSTRAINT "UX_LocationEquipment_ItemName_Location_DocumentId" UNIQUE ("Location_DocumentId", "ItemName")
);

CREATE TABLE IF NOT EXISTS "campus"."LocationEquipmentCheck"
(
    "Location_DocumentId" bigint NOT NULL,
    "EquipmentOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "CheckedOn" date NOT NULL,
    "Passed" boolean NOT NULL,
    CONSTRAINT "PK_LocationEquipmentCheck" PRIMARY KEY ("Location_DocumentId", "EquipmentOrdinal", "Ordinal"),
    CONSTRAINT "UX_LocationEquipmentCheck_CheckedOn_EquipmentOrdinal_84aa6d5043" UNIQUE ("Location_DocumentId", "EquipmentOrdinal", "CheckedOn")
);

CREATE TABLE IF NOT EXISTS "campus"."School"
(
    "DocumentId" bigint NOT NULL,
    "District_DocumentId" bigint NULL,
    "District_DistrictId" bigint NULL,
    "EnrolmentCapacity" integer NULL,
    "OpenedOn" date NULL,
    "SchoolId" integer NOT NULL,
    "SchoolName" varchar(90) NOT NULL,
    "WebAddress" varchar(255) NULL,
    CONSTRAINT "PK_School" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_School_NK" UNIQUE ("SchoolId"),
    CONSTRAINT "UX_School_RefKey" UNIQUE ("DocumentId", "SchoolId"),
    CONSTRAINT "CK_School_District_AllNone" CHECK (("District_DocumentId" IS NULL AND "District_DistrictId" IS NULL) OR ("District_DocumentId" IS NOT NULL AND "District_DistrictId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."SchoolExtension"
(
    "DocumentId" bigint NOT NULL,
    "AthleticLeague_DocumentId" bigint NULL,
    "AthleticLeague_AthleticLeagueId" bigint NULL,
    "PrimarySportDescriptor_DescriptorId" bigint NULL,
    "AthleticBudget" numeric(12,2) NULL,
    "HasStadium" boolean NULL,
    "MascotName" varchar(60) NULL,
    "ProgramFoundedOn" date NULL,
    CONSTRAINT "PK_SchoolExtension" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "CK_SchoolExtension_AthleticLeague_AllNone" CHECK (("AthleticLeague_DocumentId" IS NULL AND "AthleticLeague_AthleticLeagueId" IS NULL) OR ("AthleticLeague_DocumentId" IS NOT NULL AND "AthleticLeague_AthleticLeagueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."SchoolExtensionFacility"
(
    "School_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "FacilityName" varchar(80) NOT NULL,
    "SeatingCapacity" integer NULL,
    CONSTRAINT "PK_SchoolExtensionFacility" PRIMARY KEY ("School_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SchoolExtensionFacility_FacilityName_School_DocumentId" UNIQUE ("School_DocumentId", "FacilityName")
);

CREATE TABLE IF NOT EXISTS "campus"."SchoolAddress"
(
    "School_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "AddressKindDescriptor_DescriptorId" bigint NOT NULL,
    "City" varchar(40) NOT NULL,
    "GeoPositionIsEstimated" boolean NULL,
    "GeoPositionLatitude" numeric(9,6) NULL,
    "GeoPositionLongitude" numeric(9,6) NULL,
    "PostalCode" varchar(12) NULL,
    "Street" varchar(120) NOT NULL,
    CONSTRAINT "PK_SchoolAddress" PRIMARY KEY ("School_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SchoolAddress_City_Street_AddressKindDescriptor_D_ad56525d8b" UNIQUE ("School_DocumentId", "AddressKindDescriptor_DescriptorId", "City", "Street")
);

CREATE TABLE IF NOT EXISTS "campus"."SchoolGradeLevelDescriptor"
(
    "School_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "GradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    CONSTRAINT "PK_SchoolGradeLevelDescriptor" PRIMARY KEY ("School_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SchoolGradeLevelDescriptor_GradeLevelDescriptor_D_0bc16b4fdf" UNIQUE ("School_DocumentId", "GradeLevelDescriptor_DescriptorId")
);

CREATE TABLE IF NOT EXISTS "athletics"."SchoolExtensionFacilityInspection"
(
    "School_DocumentId" bigint NOT NULL,
    "FacilityOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "Inspector_DocumentId" bigint NOT NULL,
    "Inspector_StaffUniqueId" varchar(32) NOT NULL,
    "InspectedOn" date NOT NULL,
    "Passed" boolean NOT NULL,
    "RepairCost" numeric(9,2) NULL,
    CONSTRAINT "PK_SchoolExtensionFacilityInspection" PRIMARY KEY ("School_DocumentId", "FacilityOrdinal", "Ordinal"),
    CONSTRAINT "UX_SchoolExtensionFacilityInspection_FacilityOrdinal_9e0938e2b6" UNIQUE ("School_DocumentId", "FacilityOrdinal", "InspectedOn"),
    CONSTRAINT "CK_SchoolExtensionFacilityInspection_Inspector_AllNone" CHECK (("Inspector_DocumentId" IS NULL AND "Inspector_StaffUniqueId" IS NULL) OR ("Inspector_DocumentId" IS NOT NULL AND "Inspector_StaffUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
(
    "School_DocumentId" bigint NOT NULL,
    "FacilityOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "SupportedSportDescriptor_DescriptorId" bigint NOT NULL,
    CONSTRAINT "PK_SchoolExtensionFacilitySupportedSportDescriptor" PRIMARY KEY ("School_DocumentId", "FacilityOrdinal", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "campus"."SchoolAddressOccupancyPeriod"
(
    "School_DocumentId" bigint NOT NULL,
    "AddressOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "BeginsOn" date NOT NULL,
    "EndsOn" date NULL,
    CONSTRAINT "PK_SchoolAddressOccupancyPeriod" PRIMARY KEY ("School_DocumentId", "AddressOrdinal", "Ordinal"),
    CONSTRAINT "UX_SchoolAddressOccupancyPeriod_AddressOrdinal_Begin_8da62e47f0" UNIQUE ("School_DocumentId", "AddressOrdinal", "BeginsOn")
);

CREATE TABLE IF NOT EXISTS "campus"."SchoolYearType"
(
    "DocumentId" bigint NOT NULL,
    "CurrentSchoolYear" boolean NOT NULL,
    "SchoolYear" integer NOT NULL,
    "SchoolYearDescription" varchar(60) NOT NULL,
    CONSTRAINT "PK_SchoolYearType" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_SchoolYearType_NK" UNIQUE ("SchoolYear"),
    CONSTRAINT "UX_SchoolYearType_RefKey" UNIQUE ("DocumentId", "SchoolYear")
);

CREATE TABLE IF NOT EXISTS "campus"."Section"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "CourseOffering_DocumentId" bigint NOT NULL,
    "CourseOffering_LocalCourseCode" varchar(60) NOT NULL,
    "CourseOffering_SchoolReferenceSchoolId" integer GENERATED ALWAYS AS (CASE WHEN "CourseOffering_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "CourseOffering_SessionReferenceSchoolId" integer GENERATED ALWAYS AS (CASE WHEN "CourseOffering_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "CourseOffering_SchoolYear" integer NOT NULL,
    "CourseOffering_SessionName" varchar(60) NOT NULL,
    "CourseOffering_TermDescriptor_DescriptorId" bigint NOT NULL,
    "ExamLocation_DocumentId" bigint NULL,
    "ExamLocation_RoomCode" varchar(60) NULL,
    "ExamLocation_SchoolId" integer NULL,
    "Room_DocumentId" bigint NULL,
    "Room_ClassroomCode" varchar(60) NULL,
    "Room_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Room_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "AvailableCredits" numeric(6,3) NULL,
    "MaximumSeats" integer NULL,
    "SectionIdentifier" varchar(120) NOT NULL,
    CONSTRAINT "PK_Section" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Section_NK" UNIQUE ("CourseOffering_DocumentId", "SectionIdentifier"),
    CONSTRAINT "UX_Section_RefKey" UNIQUE ("DocumentId", "CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_TermDescriptor_DescriptorId", "SectionIdentifier"),
    CONSTRAINT "CK_Section_CourseOffering_AllNone" CHECK (("CourseOffering_DocumentId" IS NULL AND "CourseOffering_LocalCourseCode" IS NULL AND "CourseOffering_SchoolReferenceSchoolId" IS NULL AND "CourseOffering_SessionReferenceSchoolId" IS NULL AND "CourseOffering_SchoolYear" IS NULL AND "CourseOffering_SessionName" IS NULL AND "CourseOffering_TermDescriptor_DescriptorId" IS NULL) OR ("CourseOffering_DocumentId" IS NOT NULL AND "CourseOffering_LocalCourseCode" IS NOT NULL AND "CourseOffering_SchoolReferenceSchoolId" IS NOT NULL AND "CourseOffering_SessionReferenceSchoolId" IS NOT NULL AND "CourseOffering_SchoolYear" IS NOT NULL AND "CourseOffering_SessionName" IS NOT NULL AND "CourseOffering_TermDescriptor_DescriptorId" IS NOT NULL)),
    CONSTRAINT "CK_Section_ExamLocation_AllNone" CHECK (("ExamLocation_DocumentId" IS NULL AND "ExamLocation_RoomCode" IS NULL AND "ExamLocation_SchoolId" IS NULL) OR ("ExamLocation_DocumentId" IS NOT NULL AND "ExamLocation_RoomCode" IS NOT NULL AND "ExamLocation_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_Section_Room_AllNone" CHECK (("Room_DocumentId" IS NULL AND "Room_ClassroomCode" IS NULL AND "Room_SchoolId" IS NULL) OR ("Room_DocumentId" IS NOT NULL AND "Room_ClassroomCode" IS NOT NULL AND "Room_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."SectionClassPeriod"
(
    "Section_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "ClassPeriod_DocumentId" bigint NULL,
    "ClassPeriod_ClassPeriodName" varchar(60) NULL,
    "ClassPeriod_SchoolId" integer NULL,
    CONSTRAINT "PK_SectionClassPeriod" PRIMARY KEY ("Section_DocumentId", "Ordinal"),
    CONSTRAINT "CK_SectionClassPeriod_ClassPeriod_AllNone" CHECK (("ClassPeriod_DocumentId" IS NULL AND "ClassPeriod_ClassPeriodName" IS NULL AND "ClassPeriod_SchoolId" IS NULL) OR ("ClassPeriod_DocumentId" IS NOT NULL AND "ClassPeriod_ClassPeriodName" IS NOT NULL AND "ClassPeriod_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."SectionStaffAssignment"
(
    "Section_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "StaffAssignmentStaff_DocumentId" bigint NOT NULL,
    "StaffAssignmentStaff_StaffUniqueId" varchar(32) NOT NULL,
    "StaffRoleDescriptor_DescriptorId" bigint NOT NULL,
    "BeginsOn" date NULL,
    "EndsOn" date NULL,
    CONSTRAINT "PK_SectionStaffAssignment" PRIMARY KEY ("Section_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SectionStaffAssignment_Section_DocumentId_StaffAs_e236399cbc" UNIQUE ("Section_DocumentId", "StaffAssignmentStaff_DocumentId", "StaffRoleDescriptor_DescriptorId"),
    CONSTRAINT "CK_SectionStaffAssignment_StaffAssignmentStaff_AllNone" CHECK (("StaffAssignmentStaff_DocumentId" IS NULL AND "StaffAssignmentStaff_StaffUniqueId" IS NULL) OR ("StaffAssignmentStaff_DocumentId" IS NOT NULL AND "StaffAssignmentStaff_StaffUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."Session"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "SchoolYear_Unified" integer NOT NULL,
    "Calendar_DocumentId" bigint NULL,
    "Calendar_CalendarCode" varchar(60) NULL,
    "Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Calendar_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "SchoolYear_DocumentId" bigint NOT NULL,
    "SchoolYear_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "SchoolYear_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "TermDescriptor_DescriptorId" bigint NOT NULL,
    "BeginsOn" date NOT NULL,
    "EndsOn" date NOT NULL,
    "SessionName" varchar(60) NOT NULL,
    "TotalInstructionalDays" integer NULL,
    CONSTRAINT "PK_Session" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Session_NK" UNIQUE ("School_DocumentId", "SchoolYear_DocumentId", "SessionName", "TermDescriptor_DescriptorId"),
    CONSTRAINT "UX_Session_RefKey" UNIQUE ("DocumentId", "SchoolId_Unified", "SchoolYear_Unified", "SessionName", "TermDescriptor_DescriptorId"),
    CONSTRAINT "CK_Session_Calendar_AllNone" CHECK (("Calendar_DocumentId" IS NULL AND "Calendar_CalendarCode" IS NULL AND "Calendar_SchoolId" IS NULL AND "Calendar_SchoolYear" IS NULL) OR ("Calendar_DocumentId" IS NOT NULL AND "Calendar_CalendarCode" IS NOT NULL AND "Calendar_SchoolId" IS NOT NULL AND "Calendar_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_Session_SchoolYear_AllNone" CHECK (("SchoolYear_DocumentId" IS NULL AND "SchoolYear_SchoolYear" IS NULL) OR ("SchoolYear_DocumentId" IS NOT NULL AND "SchoolYear_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_Session_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."SessionBreak"
(
    "Session_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "BeginsOn" date NOT NULL,
    "BreakName" varchar(60) NOT NULL,
    "EndsOn" date NOT NULL,
    CONSTRAINT "PK_SessionBreak" PRIMARY KEY ("Session_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SessionBreak_BreakName_Session_DocumentId" UNIQUE ("Session_DocumentId", "BreakName")
);

CREATE TABLE IF NOT EXISTS "campus"."Staff"
(
    "DocumentId" bigint NOT NULL,
    "Supervisor_DocumentId" bigint NULL,
    "Supervisor_StaffUniqueId" varchar(32) NULL,
    "FamilyName" varchar(75) NOT NULL,
    "GivenName" varchar(75) NOT NULL,
    "HiredOn" date NULL,
    "HourlyRate" numeric(7,2) NULL,
    "IsActive" boolean NOT NULL,
    "LastSignedInAt" timestamp with time zone NULL,
    "PayrollNumber" bigint NULL,
    "PreferredStartTime" time NULL,
    "StaffUniqueId" varchar(32) NOT NULL,
    CONSTRAINT "PK_Staff" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Staff_NK" UNIQUE ("StaffUniqueId"),
    CONSTRAINT "UX_Staff_RefKey" UNIQUE ("DocumentId", "StaffUniqueId"),
    CONSTRAINT "CK_Staff_Supervisor_AllNone" CHECK (("Supervisor_DocumentId" IS NULL AND "Supervisor_StaffUniqueId" IS NULL) OR ("Supervisor_DocumentId" IS NOT NULL AND "Supervisor_StaffUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "athletics"."StaffExtension"
(
    "DocumentId" bigint NOT NULL,
    "CoachingSince" date NULL,
    CONSTRAINT "PK_StaffExtension" PRIMARY KEY ("DocumentId")
);

CREATE TABLE IF NOT EXISTS "athletics"."StaffExtensionCoachingLicence"
(
    "Staff_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "SportDescriptor_DescriptorId" bigint NOT NULL,
    "CertificationName" varchar(80) NOT NULL,
    "ExpiresOn" date NULL,
    "FeePaid" numeric(7,2) NULL,
    CONSTRAINT "PK_StaffExtensionCoachingLicence" PRIMARY KEY ("Staff_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StaffExtensionCoachingLicence_CertificationName_S_5f1b2d4ae0" UNIQUE ("Staff_DocumentId", "CertificationName", "SportDescriptor_DescriptorId")
);

CREATE TABLE IF NOT EXISTS "athletics"."StaffExtensionPhone"
(
    "Staff_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "HotlineTeam_DocumentId" bigint NULL,
    "HotlineTeam_SchoolId" integer NULL,
    "HotlineTeam_SportDescriptor_DescriptorId" bigint NULL,
    "HotlineTeam_TeamCode" varchar(30) NULL,
    "IsTeamHotline" boolean NULL,
    CONSTRAINT "PK_StaffExtensionPhone" PRIMARY KEY ("Staff_DocumentId", "Ordinal"),
    CONSTRAINT "CK_StaffExtensionPhone_HotlineTeam_AllNone" CHECK (("HotlineTeam_DocumentId" IS NULL AND "HotlineTeam_SchoolId" IS NULL AND "HotlineTeam_SportDescriptor_DescriptorId" IS NULL AND "HotlineTeam_TeamCode" IS NULL) OR ("HotlineTeam_DocumentId" IS NOT NULL AND "HotlineTeam_SchoolId" IS NOT NULL AND "HotlineTeam_SportDescriptor_DescriptorId" IS NOT NULL AND "HotlineTeam_TeamCode" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."StaffPhone"
(
    "Staff_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "Label" varchar(30) NULL,
    "PhoneNumber" varchar(24) NOT NULL,
    "TextCapable" boolean NULL,
    CONSTRAINT "PK_StaffPhone" PRIMARY KEY ("Staff_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StaffPhone_PhoneNumber_Staff_DocumentId" UNIQUE ("Staff_DocumentId", "PhoneNumber")
);

CREATE TABLE IF NOT EXISTS "athletics"."StaffExtensionPhoneCallWindow"
(
    "Staff_DocumentId" bigint NOT NULL,
    "PhoneOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "EndTime" time NOT NULL,
    "StartTime" time NOT NULL,
    CONSTRAINT "PK_StaffExtensionPhoneCallWindow" PRIMARY KEY ("Staff_DocumentId", "PhoneOrdinal", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "campus"."Student"
(
    "DocumentId" bigint NOT NULL,
    "BirthBirthCity" varchar(40) NULL,
    "BirthBirthDate" date NULL,
    "BirthMultipleBirth" boolean NULL,
    "FamilyName" varchar(75) NOT NULL,
    "GivenName" varchar(75) NOT NULL,
    "PreferredName" varchar(75) NULL,
    "StudentUniqueId" varchar(32) NOT NULL,
    CONSTRAINT "PK_Student" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Student_NK" UNIQUE ("StudentUniqueId"),
    CONSTRAINT "UX_Student_RefKey" UNIQUE ("DocumentId", "StudentUniqueId")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentIdentificationDocument"
(
    "Student_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "DocumentNumber" varchar(60) NOT NULL,
    "IssuingAuthority" varchar(60) NOT NULL,
    "ValidityExpiresOn" date NULL,
    "ValidityIssuedOn" date NULL,
    CONSTRAINT "PK_StudentIdentificationDocument" PRIMARY KEY ("Student_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StudentIdentificationDocument_DocumentNumber_Issu_a103b038b8" UNIQUE ("Student_DocumentId", "DocumentNumber", "IssuingAuthority")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentIdentificationDocumentRenewal"
(
    "Student_DocumentId" bigint NOT NULL,
    "IdentificationDocumentOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "Remark" varchar(255) NULL,
    "RenewedOn" date NOT NULL,
    CONSTRAINT "PK_StudentIdentificationDocumentRenewal" PRIMARY KEY ("Student_DocumentId", "IdentificationDocumentOrdinal", "Ordinal"),
    CONSTRAINT "UX_StudentIdentificationDocumentRenewal_Identificati_5573da10e2" UNIQUE ("Student_DocumentId", "IdentificationDocumentOrdinal", "RenewedOn")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentAssessment"
(
    "DocumentId" bigint NOT NULL,
    "Assessment_DocumentId" bigint NOT NULL,
    "Assessment_AssessmentIdentifier" varchar(60) NOT NULL,
    "Assessment_Namespace" varchar(255) NOT NULL,
    "ProctorStaff_DocumentId" bigint NULL,
    "ProctorStaff_StaffUniqueId" varchar(32) NULL,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "AdministeredAt" timestamp with time zone NOT NULL,
    "LocalStartTime" time NULL,
    "RetestNumber" integer NULL,
    "StudentAssessmentIdentifier" varchar(60) NOT NULL,
    CONSTRAINT "PK_StudentAssessment" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentAssessment_NK" UNIQUE ("Assessment_DocumentId", "StudentAssessmentIdentifier", "Student_DocumentId"),
    CONSTRAINT "CK_StudentAssessment_Assessment_AllNone" CHECK (("Assessment_DocumentId" IS NULL AND "Assessment_AssessmentIdentifier" IS NULL AND "Assessment_Namespace" IS NULL) OR ("Assessment_DocumentId" IS NOT NULL AND "Assessment_AssessmentIdentifier" IS NOT NULL AND "Assessment_Namespace" IS NOT NULL)),
    CONSTRAINT "CK_StudentAssessment_ProctorStaff_AllNone" CHECK (("ProctorStaff_DocumentId" IS NULL AND "ProctorStaff_StaffUniqueId" IS NULL) OR ("ProctorStaff_DocumentId" IS NOT NULL AND "ProctorStaff_StaffUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_StudentAssessment_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."StudentAssessmentItem"
(
    "StudentAssessment_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "Item_DocumentId" bigint NOT NULL,
    "Item_AssessmentIdentifier" varchar(60) NOT NULL,
    "Item_Namespace" varchar(255) NOT NULL,
    "Item_ItemCode" varchar(60) NOT NULL,
    "AwardedPoints" numeric(6,2) NULL,
    CONSTRAINT "PK_StudentAssessmentItem" PRIMARY KEY ("StudentAssessment_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StudentAssessmentItem_Item_DocumentId_StudentAsse_5455fbdea0" UNIQUE ("StudentAssessment_DocumentId", "Item_DocumentId"),
    CONSTRAINT "CK_StudentAssessmentItem_Item_AllNone" CHECK (("Item_DocumentId" IS NULL AND "Item_AssessmentIdentifier" IS NULL AND "Item_Namespace" IS NULL AND "Item_ItemCode" IS NULL) OR ("Item_DocumentId" IS NOT NULL AND "Item_AssessmentIdentifier" IS NOT NULL AND "Item_Namespace" IS NOT NULL AND "Item_ItemCode" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."StudentAssessmentScore"
(
    "StudentAssessment_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "Result" varchar(35) NOT NULL,
    "ScoreLabel" varchar(40) NOT NULL,
    CONSTRAINT "PK_StudentAssessmentScore" PRIMARY KEY ("StudentAssessment_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StudentAssessmentScore_ScoreLabel_StudentAssessme_cbcdadcd01" UNIQUE ("StudentAssessment_DocumentId", "ScoreLabel")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentAssessmentItemRespons"
(
    "StudentAssessment_DocumentId" bigint NOT NULL,
    "ItemOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "ResponseNumber" integer NOT NULL,
    "ResponseText" varchar(255) NULL,
    "SubmittedAt" timestamp with time zone NULL,
    CONSTRAINT "PK_StudentAssessmentItemRespons" PRIMARY KEY ("StudentAssessment_DocumentId", "ItemOrdinal", "Ordinal"),
    CONSTRAINT "UX_StudentAssessmentItemRespons_ItemOrdinal_Response_ac5c4530a1" UNIQUE ("StudentAssessment_DocumentId", "ItemOrdinal", "ResponseNumber")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentAssessmentScoreAdjustment"
(
    "StudentAssessment_DocumentId" bigint NOT NULL,
    "ScoreOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "AdjustedOn" date NOT NULL,
    "Delta" numeric(7,3) NOT NULL,
    "Reason" varchar(120) NOT NULL,
    CONSTRAINT "PK_StudentAssessmentScoreAdjustment" PRIMARY KEY ("StudentAssessment_DocumentId", "ScoreOrdinal", "Ordinal"),
    CONSTRAINT "UX_StudentAssessmentScoreAdjustment_AdjustedOn_Reaso_d6e6fd482f" UNIQUE ("StudentAssessment_DocumentId", "ScoreOrdinal", "AdjustedOn", "Reason")
);

CREATE TABLE IF NOT EXISTS "campus"."SchoolEnrolment"
(
    "DocumentId" bigint NOT NULL,
    "ClassOfYear_Present" boolean NULL,
    "ClassOfYear_Unified" integer NULL,
    "GraduationPlanCompletionYear_Present" boolean NULL,
    "SchoolId_Unified" integer NOT NULL,
    "SchoolYear_Unified" integer NULL,
    "Calendar_DocumentId" bigint NULL,
    "Calendar_CalendarCode" varchar(60) NULL,
    "Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Calendar_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "SchoolYear_DocumentId" bigint NULL,
    "SchoolYear_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "SchoolYear_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "EntryGradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    "ClassOfYear" integer GENERATED ALWAYS AS (CASE WHEN "ClassOfYear_Present" IS NULL THEN NULL ELSE "ClassOfYear_Unified" END) STORED,
    "EntryDate" date NOT NULL,
    "ExitDate" date NULL,
    "GraduationPlanCompletionYear" integer GENERATED ALWAYS AS (CASE WHEN "GraduationPlanCompletionYear_Present" IS NULL THEN NULL ELSE "ClassOfYear_Unified" END) STORED,
    "GraduationPlanPlanName" varchar(60) NULL,
    "GraduationPlanRequiredCredits" numeric(9,3) NULL,
    "IsPrimarySchool" boolean NULL,
    CONSTRAINT "PK_SchoolEnrolment" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_SchoolEnrolment_NK" UNIQUE ("EntryDate", "School_DocumentId", "Student_DocumentId"),
    CONSTRAINT "UX_SchoolEnrolment_RefKey" UNIQUE ("DocumentId", "EntryDate", "SchoolId_Unified", "Student_StudentUniqueId"),
    CONSTRAINT "CK_SchoolEnrolment_Calendar_AllNone" CHECK (("Calendar_DocumentId" IS NULL AND "Calendar_CalendarCode" IS NULL AND "Calendar_SchoolId" IS NULL AND "Calendar_SchoolYear" IS NULL) OR ("Calendar_DocumentId" IS NOT NULL AND "Calendar_CalendarCode" IS NOT NULL AND "Calendar_SchoolId" IS NOT NULL AND "Calendar_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_SchoolEnrolment_SchoolYear_AllNone" CHECK (("SchoolYear_DocumentId" IS NULL AND "SchoolYear_SchoolYear" IS NULL) OR ("SchoolYear_DocumentId" IS NOT NULL AND "SchoolYear_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_SchoolEnrolment_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_SchoolEnrolment_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_SchoolEnrolment_ClassOfYear_Present_NullOrTrue" CHECK ("ClassOfYear_Present" IS NULL OR "ClassOfYear_Present" = true),
    CONSTRAINT "CK_SchoolEnrolment_GraduationPlanCompletionYear_Pres_0c39b5d970" CHECK ("GraduationPlanCompletionYear_Present" IS NULL OR "GraduationPlanCompletionYear_Present" = true)
);

CREATE TABLE IF NOT EXISTS "campus"."StudentSectionAttendanceEvent"
(
    "DocumentId" bigint NOT NULL,
    "SchoolId_Unified" integer NOT NULL,
    "SchoolYear_Unified" integer NOT NULL,
    "SessionName_Unified" varchar(60) NOT NULL,
    "TermDescriptor_Unified_DescriptorId" bigint NOT NULL,
    "ReportingOrganization_DocumentId" bigint NULL,
    "ReportingOrganization_EducationOrganizationId" bigint NULL,
    "Section_DocumentId" bigint NOT NULL,
    "Section_LocalCourseCode" varchar(60) NOT NULL,
    "Section_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Section_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Section_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "Section_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "Section_SessionName" varchar(60) GENERATED ALWAYS AS (CASE WHEN "Section_DocumentId" IS NULL THEN NULL ELSE "SessionName_Unified" END) STORED,
    "Section_TermDescriptor_DescriptorId" bigint GENERATED ALWAYS AS (CASE WHEN "Section_DocumentId" IS NULL THEN NULL ELSE "TermDescriptor_Unified_DescriptorId" END) STORED,
    "Section_SectionIdentifier" varchar(120) NOT NULL,
    "Session_DocumentId" bigint NOT NULL,
    "Session_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Session_SchoolYear" integer GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified" END) STORED,
    "Session_SessionName" varchar(60) GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "SessionName_Unified" END) STORED,
    "Session_TermDescriptor_DescriptorId" bigint GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "TermDescriptor_Unified_DescriptorId" END) STORED,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "AttendanceOutcomeDescriptor_DescriptorId" bigint NOT NULL,
    "ArrivedAt" time NULL,
    "EventDate" date NOT NULL,
    "InterventionPlanMaximumConsecutiveUnexcusedAbsencesB_a010c316f2" integer NULL,
    "InterventionPlanMaximumConsecutiveUnexcusedAbsencesB_e27333e87a" integer NULL,
    "InterventionPlanStartedOn" date NULL,
    "RecordedAt" timestamp with time zone NULL,
    CONSTRAINT "PK_StudentSectionAttendanceEvent" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentSectionAttendanceEvent_NK" UNIQUE ("AttendanceOutcomeDescriptor_DescriptorId", "EventDate", "Section_DocumentId", "Student_DocumentId"),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_ReportingOrganization_AllNone" CHECK (("ReportingOrganization_DocumentId" IS NULL AND "ReportingOrganization_EducationOrganizationId" IS NULL) OR ("ReportingOrganization_DocumentId" IS NOT NULL AND "ReportingOrganization_EducationOrganizationId" IS NOT NULL)),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_Section_AllNone" CHECK (("Section_DocumentId" IS NULL AND "Section_LocalCourseCode" IS NULL AND "Section_SchoolId" IS NULL AND "Section_SchoolYear" IS NULL AND "Section_SessionName" IS NULL AND "Section_TermDescriptor_DescriptorId" IS NULL AND "Section_SectionIdentifier" IS NULL) OR ("Section_DocumentId" IS NOT NULL AND "Section_LocalCourseCode" IS NOT NULL AND "Section_SchoolId" IS NOT NULL AND "Section_SchoolYear" IS NOT NULL AND "Section_SessionName" IS NOT NULL AND "Section_TermDescriptor_DescriptorId" IS NOT NULL AND "Section_SectionIdentifier" IS NOT NULL)),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_Session_AllNone" CHECK (("Session_DocumentId" IS NULL AND "Session_SchoolId" IS NULL AND "Session_SchoolYear" IS NULL AND "Session_SessionName" IS NULL AND "Session_TermDescriptor_DescriptorId" IS NULL) OR ("Session_DocumentId" IS NOT NULL AND "Session_SchoolId" IS NOT NULL AND "Session_SchoolYear" IS NOT NULL AND "Session_SessionName" IS NOT NULL AND "Session_TermDescriptor_DescriptorId" IS NOT NULL)),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."StudentSectionAttendanceEventGuardianContact"
(
    "StudentSectionAttendanceEvent_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "ContactedAt" timestamp with time zone NOT NULL,
    "Summary" varchar(255) NULL,
    CONSTRAINT "PK_StudentSectionAttendanceEventGuardianContact" PRIMARY KEY ("StudentSectionAttendanceEvent_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StudentSectionAttendanceEventGuardianContact_Cont_a15bc8771e" UNIQUE ("StudentSectionAttendanceEvent_DocumentId", "ContactedAt")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
(
    "StudentSectionAttendanceEvent_DocumentId" bigint NOT NULL,
    "GuardianContactOrdinal" integer NOT NULL,
    "Ordinal" integer NOT NULL,
    "AttemptNumber" integer NOT NULL,
    "ChannelName" varchar(30) NULL,
    "ConfirmedAt" timestamp with time zone NULL,
    CONSTRAINT "PK_StudentSectionAttendanceEventGuardianContactDeliv_1767d080eb" PRIMARY KEY ("StudentSectionAttendanceEvent_DocumentId", "GuardianContactOrdinal", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "campus"."StudentSectionEnrolment"
(
    "DocumentId" bigint NOT NULL,
    "Section_DocumentId" bigint NOT NULL,
    "Section_LocalCourseCode" varchar(60) NOT NULL,
    "Section_SchoolId" integer NOT NULL,
    "Section_SchoolYear" integer NOT NULL,
    "Section_SessionName" varchar(60) NOT NULL,
    "Section_TermDescriptor_DescriptorId" bigint NOT NULL,
    "Section_SectionIdentifier" varchar(120) NOT NULL,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "AttemptedCredits" numeric(6,3) NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NULL,
    "IsHomeroom" boolean NULL,
    CONSTRAINT "PK_StudentSectionEnrolment" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentSectionEnrolment_NK" UNIQUE ("BeginDate", "Section_DocumentId", "Student_DocumentId"),
    CONSTRAINT "CK_StudentSectionEnrolment_Section_AllNone" CHECK (("Section_DocumentId" IS NULL AND "Section_LocalCourseCode" IS NULL AND "Section_SchoolId" IS NULL AND "Section_SchoolYear" IS NULL AND "Section_SessionName" IS NULL AND "Section_TermDescriptor_DescriptorId" IS NULL AND "Section_SectionIdentifier" IS NULL) OR ("Section_DocumentId" IS NOT NULL AND "Section_LocalCourseCode" IS NOT NULL AND "Section_SchoolId" IS NOT NULL AND "Section_SchoolYear" IS NOT NULL AND "Section_SessionName" IS NOT NULL AND "Section_TermDescriptor_DescriptorId" IS NOT NULL AND "Section_SectionIdentifier" IS NOT NULL)),
    CONSTRAINT "CK_StudentSectionEnrolment_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "campus"."StudentSectionEnrolmentGradeMark"
(
    "StudentSectionEnrolment_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "LetterMark" varchar(5) NULL,
    "MarkedAt" timestamp with time zone NOT NULL,
    "NumericMark" numeric(6,2) NULL,
    CONSTRAINT "PK_StudentSectionEnrolmentGradeMark" PRIMARY KEY ("StudentSectionEnrolment_DocumentId", "Ordinal"),
    CONSTRAINT "UX_StudentSectionEnrolmentGradeMark_MarkedAt_Student_da6cf3afe2" UNIQUE ("StudentSectionEnrolment_DocumentId", "MarkedAt")
);

CREATE TABLE IF NOT EXISTS "auth"."EducationOrganizationIdToEducationOrganizationId"
(
    "SourceEducationOrganizationId" bigint NOT NULL,
    "TargetEducationOrganizationId" bigint NOT NULL,
    CONSTRAINT "PK_EducationOrganizationIdToEducationOrganizationId" PRIMARY KEY ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
);

CREATE TABLE IF NOT EXISTS "campus"."EducationOrganizationIdentity"
(
    "DocumentId" bigint NOT NULL,
    "EducationOrganizationId" bigint NOT NULL,
    "Discriminator" varchar(256) NOT NULL,
    CONSTRAINT "PK_EducationOrganizationIdentity" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_EducationOrganizationIdentity_NK" UNIQUE ("EducationOrganizationId"),
    CONSTRAINT "UX_EducationOrganizationIdentity_RefKey" UNIQUE ("DocumentId", "EducationOrganizationId")
);

-- ==========================================================
-- Phase 12: Model Foreign Keys
-- ==========================================================

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AthleticLeague_Document' AND conrelid = pg_catalog.to_regclass('"athletics"."AthleticLeague"')
    ) THEN
        ALTER TABLE "athletics"."AthleticLeague"
        ADD CONSTRAINT "FK_AthleticLeague_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AthleticLeague_SanctioningDistrict_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."AthleticLeague"')
    ) THEN
        ALTER TABLE "athletics"."AthleticLeague"
        ADD CONSTRAINT "FK_AthleticLeague_SanctioningDistrict_RefKey" FOREIGN KEY ("SanctioningDistrict_DocumentId", "SanctioningDistrict_DistrictId")
        REFERENCES "campus"."District" ("DocumentId", "DistrictId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AthleticLeagueSeason_AthleticLeague' AND conrelid = pg_catalog.to_regclass('"athletics"."AthleticLeagueSeason"')
    ) THEN
        ALTER TABLE "athletics"."AthleticLeagueSeason"
        ADD CONSTRAINT "FK_AthleticLeagueSeason_AthleticLeague" FOREIGN KEY ("AthleticLeague_DocumentId")
        REFERENCES "athletics"."AthleticLeague" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Team_AthleticLeague_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."Team"')
    ) THEN
        ALTER TABLE "athletics"."Team"
        ADD CONSTRAINT "FK_Team_AthleticLeague_RefKey" FOREIGN KEY ("AthleticLeague_DocumentId", "AthleticLeague_AthleticLeagueId")
        REFERENCES "athletics"."AthleticLeague" ("DocumentId", "AthleticLeagueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Team_Document' AND conrelid = pg_catalog.to_regclass('"athletics"."Team"')
    ) THEN
        ALTER TABLE "athletics"."Team"
        ADD CONSTRAINT "FK_Team_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Team_HomeLocation_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."Team"')
    ) THEN
        ALTER TABLE "athletics"."Team"
        ADD CONSTRAINT "FK_Team_HomeLocation_RefKey" FOREIGN KEY ("HomeLocation_DocumentId", "HomeLocation_ClassroomCode", "SchoolId_Unified")
        REFERENCES "campus"."Location" ("DocumentId", "ClassroomCode", "School_SchoolId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Team_School_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."Team"')
    ) THEN
        ALTER TABLE "athletics"."Team"
        ADD CONSTRAINT "FK_Team_School_RefKey" FOREIGN KEY ("School_DocumentId", "SchoolId_Unified")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Team_SportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."Team"')
    ) THEN
        ALTER TABLE "athletics"."Team"
        ADD CONSTRAINT "FK_Team_SportDescriptor" FOREIGN KEY ("SportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamMatch_OpponentTeam_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamMatch"')
    ) THEN
        ALTER TABLE "athletics"."TeamMatch"
        ADD CONSTRAINT "FK_TeamMatch_OpponentTeam_RefKey" FOREIGN KEY ("OpponentTeam_DocumentId", "OpponentTeam_SchoolId", "OpponentTeam_SportDescriptor_DescriptorId", "OpponentTeam_TeamCode")
        REFERENCES "athletics"."Team" ("DocumentId", "SchoolId_Unified", "SportDescriptor_DescriptorId", "TeamCode")
        ON DELETE NO ACTION ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamMatch_OpponentTeam_SportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamMatch"')
    ) THEN
        ALTER TABLE "athletics"."TeamMatch"
        ADD CONSTRAINT "FK_TeamMatch_OpponentTeam_SportDescriptor" FOREIGN KEY ("OpponentTeam_SportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamMatch_Team' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamMatch"')
    ) THEN
        ALTER TABLE "athletics"."TeamMatch"
        ADD CONSTRAINT "FK_TeamMatch_Team" FOREIGN KEY ("Team_DocumentId")
        REFERENCES "athletics"."Team" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamMatchPeriod_TeamMatch' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamMatchPeriod"')
    ) THEN
        ALTER TABLE "athletics"."TeamMatchPeriod"
        ADD CONSTRAINT "FK_TeamMatchPeriod_TeamMatch" FOREIGN KEY ("Team_DocumentId", "MatchOrdinal")
        REFERENCES "athletics"."TeamMatch" ("Team_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamRosterEntry_Document' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamRosterEntry"')
    ) THEN
        ALTER TABLE "athletics"."TeamRosterEntry"
        ADD CONSTRAINT "FK_TeamRosterEntry_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamRosterEntry_EligibilityEnrolment_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamRosterEntry"')
    ) THEN
        ALTER TABLE "athletics"."TeamRosterEntry"
        ADD CONSTRAINT "FK_TeamRosterEntry_EligibilityEnrolment_RefKey" FOREIGN KEY ("EligibilityEnrolment_DocumentId", "EligibilityEnrolment_EntryDate", "SchoolId_Unified", "StudentUniqueId_Unified")
        REFERENCES "campus"."SchoolEnrolment" ("DocumentId", "EntryDate", "SchoolId_Unified", "Student_StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamRosterEntry_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamRosterEntry"')
    ) THEN
        ALTER TABLE "athletics"."TeamRosterEntry"
        ADD CONSTRAINT "FK_TeamRosterEntry_Student_RefKey" FOREIGN KEY ("Student_DocumentId", "StudentUniqueId_Unified")
        REFERENCES "campus"."Student" ("DocumentId", "StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamRosterEntry_Team_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamRosterEntry"')
    ) THEN
        ALTER TABLE "athletics"."TeamRosterEntry"
        ADD CONSTRAINT "FK_TeamRosterEntry_Team_RefKey" FOREIGN KEY ("Team_DocumentId", "SchoolId_Unified", "Team_SportDescriptor_DescriptorId", "Team_TeamCode")
        REFERENCES "athletics"."Team" ("DocumentId", "SchoolId_Unified", "SportDescriptor_DescriptorId", "TeamCode")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamRosterEntry_Team_SportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."TeamRosterEntry"')
    ) THEN
        ALTER TABLE "athletics"."TeamRosterEntry"
        ADD CONSTRAINT "FK_TeamRosterEntry_Team_SportDescriptor" FOREIGN KEY ("Team_SportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Assessment_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Assessment"')
    ) THEN
        ALTER TABLE "campus"."Assessment"
        ADD CONSTRAINT "FK_Assessment_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Assessment_SponsoringOrganization_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Assessment"')
    ) THEN
        ALTER TABLE "campus"."Assessment"
        ADD CONSTRAINT "FK_Assessment_SponsoringOrganization_RefKey" FOREIGN KEY ("SponsoringOrganization_DocumentId", "SponsoringOrganization_EducationOrganizationId")
        REFERENCES "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Assessment_SubjectDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."Assessment"')
    ) THEN
        ALTER TABLE "campus"."Assessment"
        ADD CONSTRAINT "FK_Assessment_SubjectDescriptor" FOREIGN KEY ("SubjectDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentGradeLevelDescriptor_Assessment' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentGradeLevelDescriptor"')
    ) THEN
        ALTER TABLE "campus"."AssessmentGradeLevelDescriptor"
        ADD CONSTRAINT "FK_AssessmentGradeLevelDescriptor_Assessment" FOREIGN KEY ("Assessment_DocumentId")
        REFERENCES "campus"."Assessment" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentGradeLevelDescriptor_GradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentGradeLevelDescriptor"')
    ) THEN
        ALTER TABLE "campus"."AssessmentGradeLevelDescriptor"
        ADD CONSTRAINT "FK_AssessmentGradeLevelDescriptor_GradeLevelDescriptor" FOREIGN KEY ("GradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentBand_Assessment' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentBand"')
    ) THEN
        ALTER TABLE "campus"."AssessmentBand"
        ADD CONSTRAINT "FK_AssessmentBand_Assessment" FOREIGN KEY ("Assessment_DocumentId")
        REFERENCES "campus"."Assessment" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentBandLabel_AssessmentBand' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentBandLabel"')
    ) THEN
        ALTER TABLE "campus"."AssessmentBandLabel"
        ADD CONSTRAINT "FK_AssessmentBandLabel_AssessmentBand" FOREIGN KEY ("Assessment_DocumentId", "BandOrdinal")
        REFERENCES "campus"."AssessmentBand" ("Assessment_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentItem_Assessment_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentItem"')
    ) THEN
        ALTER TABLE "campus"."AssessmentItem"
        ADD CONSTRAINT "FK_AssessmentItem_Assessment_RefKey" FOREIGN KEY ("Assessment_DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace")
        REFERENCES "campus"."Assessment" ("DocumentId", "AssessmentIdentifier", "Namespace")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentItem_Document' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentItem"')
    ) THEN
        ALTER TABLE "campus"."AssessmentItem"
        ADD CONSTRAINT "FK_AssessmentItem_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AssessmentItemPossibleRespons_AssessmentItem' AND conrelid = pg_catalog.to_regclass('"campus"."AssessmentItemPossibleRespons"')
    ) THEN
        ALTER TABLE "campus"."AssessmentItemPossibleRespons"
        ADD CONSTRAINT "FK_AssessmentItemPossibleRespons_AssessmentItem" FOREIGN KEY ("AssessmentItem_DocumentId")
        REFERENCES "campus"."AssessmentItem" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Calendar"')
    ) THEN
        ALTER TABLE "campus"."Calendar"
        ADD CONSTRAINT "FK_Calendar_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_SchoolYear_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Calendar"')
    ) THEN
        ALTER TABLE "campus"."Calendar"
        ADD CONSTRAINT "FK_Calendar_SchoolYear_RefKey" FOREIGN KEY ("SchoolYear_DocumentId", "SchoolYear_SchoolYear")
        REFERENCES "campus"."SchoolYearType" ("DocumentId", "SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Calendar"')
    ) THEN
        ALTER TABLE "campus"."Calendar"
        ADD CONSTRAINT "FK_Calendar_School_RefKey" FOREIGN KEY ("School_DocumentId", "School_SchoolId")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CalendarWeek_Calendar' AND conrelid = pg_catalog.to_regclass('"campus"."CalendarWeek"')
    ) THEN
        ALTER TABLE "campus"."CalendarWeek"
        ADD CONSTRAINT "FK_CalendarWeek_Calendar" FOREIGN KEY ("Calendar_DocumentId")
        REFERENCES "campus"."Calendar" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CalendarDate_Calendar_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."CalendarDate"')
    ) THEN
        ALTER TABLE "campus"."CalendarDate"
        ADD CONSTRAINT "FK_CalendarDate_Calendar_RefKey" FOREIGN KEY ("Calendar_DocumentId", "Calendar_CalendarCode", "Calendar_SchoolId", "Calendar_SchoolYear")
        REFERENCES "campus"."Calendar" ("DocumentId", "CalendarCode", "School_SchoolId", "SchoolYear_SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CalendarDate_Document' AND conrelid = pg_catalog.to_regclass('"campus"."CalendarDate"')
    ) THEN
        ALTER TABLE "campus"."CalendarDate"
        ADD CONSTRAINT "FK_CalendarDate_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CalendarDateCalendarEvent_CalendarDate' AND conrelid = pg_catalog.to_regclass('"campus"."CalendarDateCalendarEvent"')
    ) THEN
        ALTER TABLE "campus"."CalendarDateCalendarEvent"
        ADD CONSTRAINT "FK_CalendarDateCalendarEvent_CalendarDate" FOREIGN KEY ("CalendarDate_DocumentId")
        REFERENCES "campus"."CalendarDate" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CalendarDateCalendarEvent_CalendarDayKindDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."CalendarDateCalendarEvent"')
    ) THEN
        ALTER TABLE "campus"."CalendarDateCalendarEvent"
        ADD CONSTRAINT "FK_CalendarDateCalendarEvent_CalendarDayKindDescriptor" FOREIGN KEY ("CalendarDayKindDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_ClassPeriod_Document' AND conrelid = pg_catalog.to_regclass('"campus"."ClassPeriod"')
    ) THEN
        ALTER TABLE "campus"."ClassPeriod"
        ADD CONSTRAINT "FK_ClassPeriod_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_ClassPeriod_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."ClassPeriod"')
    ) THEN
        ALTER TABLE "campus"."ClassPeriod"
        ADD CONSTRAINT "FK_ClassPeriod_School_RefKey" FOREIGN KEY ("School_DocumentId", "School_SchoolId")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_ClassPeriodMeetingTime_ClassPeriod' AND conrelid = pg_catalog.to_regclass('"campus"."ClassPeriodMeetingTime"')
    ) THEN
        ALTER TABLE "campus"."ClassPeriodMeetingTime"
        ADD CONSTRAINT "FK_ClassPeriodMeetingTime_ClassPeriod" FOREIGN KEY ("ClassPeriod_DocumentId")
        REFERENCES "campus"."ClassPeriod" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Course_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Course"')
    ) THEN
        ALTER TABLE "campus"."Course"
        ADD CONSTRAINT "FK_Course_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Course_EducationOrganization_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Course"')
    ) THEN
        ALTER TABLE "campus"."Course"
        ADD CONSTRAINT "FK_Course_EducationOrganization_RefKey" FOREIGN KEY ("EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId")
        REFERENCES "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Course_SubjectDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."Course"')
    ) THEN
        ALTER TABLE "campus"."Course"
        ADD CONSTRAINT "FK_Course_SubjectDescriptor" FOREIGN KEY ("SubjectDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOfferedGradeLevel_Course' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOfferedGradeLevel"')
    ) THEN
        ALTER TABLE "campus"."CourseOfferedGradeLevel"
        ADD CONSTRAINT "FK_CourseOfferedGradeLevel_Course" FOREIGN KEY ("Course_DocumentId")
        REFERENCES "campus"."Course" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOfferedGradeLevel_GradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOfferedGradeLevel"')
    ) THEN
        ALTER TABLE "campus"."CourseOfferedGradeLevel"
        ADD CONSTRAINT "FK_CourseOfferedGradeLevel_GradeLevelDescriptor" FOREIGN KEY ("GradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CoursePrerequisite_Course' AND conrelid = pg_catalog.to_regclass('"campus"."CoursePrerequisite"')
    ) THEN
        ALTER TABLE "campus"."CoursePrerequisite"
        ADD CONSTRAINT "FK_CoursePrerequisite_Course" FOREIGN KEY ("Course_DocumentId")
        REFERENCES "campus"."Course" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CoursePrerequisite_PrerequisiteCourse_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."CoursePrerequisite"')
    ) THEN
        ALTER TABLE "campus"."CoursePrerequisite"
        ADD CONSTRAINT "FK_CoursePrerequisite_PrerequisiteCourse_RefKey" FOREIGN KEY ("PrerequisiteCourse_DocumentId", "PrerequisiteCourse_CourseCode", "PrerequisiteCourse_EducationOrganizationId")
        REFERENCES "campus"."Course" ("DocumentId", "CourseCode", "EducationOrganization_EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Course_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOffering"')
    ) THEN
        ALTER TABLE "campus"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Course_RefKey" FOREIGN KEY ("Course_DocumentId", "Course_CourseCode", "Course_EducationOrganizationId")
        REFERENCES "campus"."Course" ("DocumentId", "CourseCode", "EducationOrganization_EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Document' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOffering"')
    ) THEN
        ALTER TABLE "campus"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOffering"')
    ) THEN
        ALTER TABLE "campus"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_School_RefKey" FOREIGN KEY ("School_DocumentId", "SchoolId_Unified")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Session_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOffering"')
    ) THEN
        ALTER TABLE "campus"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Session_RefKey" FOREIGN KEY ("Session_DocumentId", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_TermDescriptor_DescriptorId")
        REFERENCES "campus"."Session" ("DocumentId", "SchoolId_Unified", "SchoolYear_Unified", "SessionName", "TermDescriptor_DescriptorId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Session_TermDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOffering"')
    ) THEN
        ALTER TABLE "campus"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Session_TermDescriptor" FOREIGN KEY ("Session_TermDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOfferingFee_CourseOffering' AND conrelid = pg_catalog.to_regclass('"campus"."CourseOfferingFee"')
    ) THEN
        ALTER TABLE "campus"."CourseOfferingFee"
        ADD CONSTRAINT "FK_CourseOfferingFee_CourseOffering" FOREIGN KEY ("CourseOffering_DocumentId")
        REFERENCES "campus"."CourseOffering" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_District_Document' AND conrelid = pg_catalog.to_regclass('"campus"."District"')
    ) THEN
        ALTER TABLE "campus"."District"
        ADD CONSTRAINT "FK_District_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_District_ParentDistrict_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."District"')
    ) THEN
        ALTER TABLE "campus"."District"
        ADD CONSTRAINT "FK_District_ParentDistrict_RefKey" FOREIGN KEY ("ParentDistrict_DocumentId", "ParentDistrict_DistrictId")
        REFERENCES "campus"."District" ("DocumentId", "DistrictId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_DistrictPhoneNumber_District' AND conrelid = pg_catalog.to_regclass('"campus"."DistrictPhoneNumber"')
    ) THEN
        ALTER TABLE "campus"."DistrictPhoneNumber"
        ADD CONSTRAINT "FK_DistrictPhoneNumber_District" FOREIGN KEY ("District_DocumentId")
        REFERENCES "campus"."District" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Location_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Location"')
    ) THEN
        ALTER TABLE "campus"."Location"
        ADD CONSTRAINT "FK_Location_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Location_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Location"')
    ) THEN
        ALTER TABLE "campus"."Location"
        ADD CONSTRAINT "FK_Location_School_RefKey" FOREIGN KEY ("School_DocumentId", "School_SchoolId")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocationEquipment_Location' AND conrelid = pg_catalog.to_regclass('"campus"."LocationEquipment"')
    ) THEN
        ALTER TABLE "campus"."LocationEquipment"
        ADD CONSTRAINT "FK_LocationEquipment_Location" FOREIGN KEY ("Location_DocumentId")
        REFERENCES "campus"."Location" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocationEquipmentCheck_LocationEquipment' AND conrelid = pg_catalog.to_regclass('"campus"."LocationEquipmentCheck"')
    ) THEN
        ALTER TABLE "campus"."LocationEquipmentCheck"
        ADD CONSTRAINT "FK_LocationEquipmentCheck_LocationEquipment" FOREIGN KEY ("Location_DocumentId", "EquipmentOrdinal")
        REFERENCES "campus"."LocationEquipment" ("Location_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_School_District_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."School"')
    ) THEN
        ALTER TABLE "campus"."School"
        ADD CONSTRAINT "FK_School_District_RefKey" FOREIGN KEY ("District_DocumentId", "District_DistrictId")
        REFERENCES "campus"."District" ("DocumentId", "DistrictId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_School_Document' AND conrelid = pg_catalog.to_regclass('"campus"."School"')
    ) THEN
        ALTER TABLE "campus"."School"
        ADD CONSTRAINT "FK_School_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtension_AthleticLeague_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtension"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtension"
        ADD CONSTRAINT "FK_SchoolExtension_AthleticLeague_RefKey" FOREIGN KEY ("AthleticLeague_DocumentId", "AthleticLeague_AthleticLeagueId")
        REFERENCES "athletics"."AthleticLeague" ("DocumentId", "AthleticLeagueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtension_PrimarySportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtension"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtension"
        ADD CONSTRAINT "FK_SchoolExtension_PrimarySportDescriptor" FOREIGN KEY ("PrimarySportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtension_School' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtension"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtension"
        ADD CONSTRAINT "FK_SchoolExtension_School" FOREIGN KEY ("DocumentId")
        REFERENCES "campus"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionFacility_SchoolExtension' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtensionFacility"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtensionFacility"
        ADD CONSTRAINT "FK_SchoolExtensionFacility_SchoolExtension" FOREIGN KEY ("School_DocumentId")
        REFERENCES "athletics"."SchoolExtension" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddress_AddressKindDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolAddress"')
    ) THEN
        ALTER TABLE "campus"."SchoolAddress"
        ADD CONSTRAINT "FK_SchoolAddress_AddressKindDescriptor" FOREIGN KEY ("AddressKindDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddress_School' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolAddress"')
    ) THEN
        ALTER TABLE "campus"."SchoolAddress"
        ADD CONSTRAINT "FK_SchoolAddress_School" FOREIGN KEY ("School_DocumentId")
        REFERENCES "campus"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolGradeLevelDescriptor_GradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolGradeLevelDescriptor"')
    ) THEN
        ALTER TABLE "campus"."SchoolGradeLevelDescriptor"
        ADD CONSTRAINT "FK_SchoolGradeLevelDescriptor_GradeLevelDescriptor" FOREIGN KEY ("GradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolGradeLevelDescriptor_School' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolGradeLevelDescriptor"')
    ) THEN
        ALTER TABLE "campus"."SchoolGradeLevelDescriptor"
        ADD CONSTRAINT "FK_SchoolGradeLevelDescriptor_School" FOREIGN KEY ("School_DocumentId")
        REFERENCES "campus"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionFacilityInspection_Inspector_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtensionFacilityInspection"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtensionFacilityInspection"
        ADD CONSTRAINT "FK_SchoolExtensionFacilityInspection_Inspector_RefKey" FOREIGN KEY ("Inspector_DocumentId", "Inspector_StaffUniqueId")
        REFERENCES "campus"."Staff" ("DocumentId", "StaffUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionFacilityInspection_SchoolExtensionFacility' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtensionFacilityInspection"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtensionFacilityInspection"
        ADD CONSTRAINT "FK_SchoolExtensionFacilityInspection_SchoolExtensionFacility" FOREIGN KEY ("School_DocumentId", "FacilityOrdinal")
        REFERENCES "athletics"."SchoolExtensionFacility" ("School_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionFacilitySupportedSportDescriptor_S_7413c60146' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtensionFacilitySupportedSportDescriptor"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
        ADD CONSTRAINT "FK_SchoolExtensionFacilitySupportedSportDescriptor_S_7413c60146" FOREIGN KEY ("SupportedSportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionFacilitySupportedSportDescriptor_S_803e759170' AND conrelid = pg_catalog.to_regclass('"athletics"."SchoolExtensionFacilitySupportedSportDescriptor"')
    ) THEN
        ALTER TABLE "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
        ADD CONSTRAINT "FK_SchoolExtensionFacilitySupportedSportDescriptor_S_803e759170" FOREIGN KEY ("School_DocumentId", "FacilityOrdinal")
        REFERENCES "athletics"."SchoolExtensionFacility" ("School_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddressOccupancyPeriod_SchoolAddress' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolAddressOccupancyPeriod"')
    ) THEN
        ALTER TABLE "campus"."SchoolAddressOccupancyPeriod"
        ADD CONSTRAINT "FK_SchoolAddressOccupancyPeriod_SchoolAddress" FOREIGN KEY ("School_DocumentId", "AddressOrdinal")
        REFERENCES "campus"."SchoolAddress" ("School_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolYearType_Document' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolYearType"')
    ) THEN
        ALTER TABLE "campus"."SchoolYearType"
        ADD CONSTRAINT "FK_SchoolYearType_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_CourseOffering_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Section"')
    ) THEN
        ALTER TABLE "campus"."Section"
        ADD CONSTRAINT "FK_Section_CourseOffering_RefKey" FOREIGN KEY ("CourseOffering_DocumentId", "CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_TermDescriptor_DescriptorId")
        REFERENCES "campus"."CourseOffering" ("DocumentId", "LocalCourseCode", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_TermDescriptor_DescriptorId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_CourseOffering_TermDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."Section"')
    ) THEN
        ALTER TABLE "campus"."Section"
        ADD CONSTRAINT "FK_Section_CourseOffering_TermDescriptor" FOREIGN KEY ("CourseOffering_TermDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Section"')
    ) THEN
        ALTER TABLE "campus"."Section"
        ADD CONSTRAINT "FK_Section_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_ExamLocation_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Section"')
    ) THEN
        ALTER TABLE "campus"."Section"
        ADD CONSTRAINT "FK_Section_ExamLocation_RefKey" FOREIGN KEY ("ExamLocation_DocumentId", "ExamLocation_RoomCode", "ExamLocation_SchoolId")
        REFERENCES "campus"."Location" ("DocumentId", "ClassroomCode", "School_SchoolId")
        ON DELETE NO ACTION ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_Room_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Section"')
    ) THEN
        ALTER TABLE "campus"."Section"
        ADD CONSTRAINT "FK_Section_Room_RefKey" FOREIGN KEY ("Room_DocumentId", "Room_ClassroomCode", "SchoolId_Unified")
        REFERENCES "campus"."Location" ("DocumentId", "ClassroomCode", "School_SchoolId")
        ON DELETE NO ACTION ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SectionClassPeriod_ClassPeriod_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SectionClassPeriod"')
    ) THEN
        ALTER TABLE "campus"."SectionClassPeriod"
        ADD CONSTRAINT "FK_SectionClassPeriod_ClassPeriod_RefKey" FOREIGN KEY ("ClassPeriod_DocumentId", "ClassPeriod_ClassPeriodName", "ClassPeriod_SchoolId")
        REFERENCES "campus"."ClassPeriod" ("DocumentId", "ClassPeriodName", "School_SchoolId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SectionClassPeriod_Section' AND conrelid = pg_catalog.to_regclass('"campus"."SectionClassPeriod"')
    ) THEN
        ALTER TABLE "campus"."SectionClassPeriod"
        ADD CONSTRAINT "FK_SectionClassPeriod_Section" FOREIGN KEY ("Section_DocumentId")
        REFERENCES "campus"."Section" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SectionStaffAssignment_Section' AND conrelid = pg_catalog.to_regclass('"campus"."SectionStaffAssignment"')
    ) THEN
        ALTER TABLE "campus"."SectionStaffAssignment"
        ADD CONSTRAINT "FK_SectionStaffAssignment_Section" FOREIGN KEY ("Section_DocumentId")
        REFERENCES "campus"."Section" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SectionStaffAssignment_StaffAssignmentStaff_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SectionStaffAssignment"')
    ) THEN
        ALTER TABLE "campus"."SectionStaffAssignment"
        ADD CONSTRAINT "FK_SectionStaffAssignment_StaffAssignmentStaff_RefKey" FOREIGN KEY ("StaffAssignmentStaff_DocumentId", "StaffAssignmentStaff_StaffUniqueId")
        REFERENCES "campus"."Staff" ("DocumentId", "StaffUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SectionStaffAssignment_StaffRoleDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."SectionStaffAssignment"')
    ) THEN
        ALTER TABLE "campus"."SectionStaffAssignment"
        ADD CONSTRAINT "FK_SectionStaffAssignment_StaffRoleDescriptor" FOREIGN KEY ("StaffRoleDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_Calendar_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Session"')
    ) THEN
        ALTER TABLE "campus"."Session"
        ADD CONSTRAINT "FK_Session_Calendar_RefKey" FOREIGN KEY ("Calendar_DocumentId", "Calendar_CalendarCode", "SchoolId_Unified", "SchoolYear_Unified")
        REFERENCES "campus"."Calendar" ("DocumentId", "CalendarCode", "School_SchoolId", "SchoolYear_SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Session"')
    ) THEN
        ALTER TABLE "campus"."Session"
        ADD CONSTRAINT "FK_Session_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_SchoolYear_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Session"')
    ) THEN
        ALTER TABLE "campus"."Session"
        ADD CONSTRAINT "FK_Session_SchoolYear_RefKey" FOREIGN KEY ("SchoolYear_DocumentId", "SchoolYear_Unified")
        REFERENCES "campus"."SchoolYearType" ("DocumentId", "SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Session"')
    ) THEN
        ALTER TABLE "campus"."Session"
        ADD CONSTRAINT "FK_Session_School_RefKey" FOREIGN KEY ("School_DocumentId", "SchoolId_Unified")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_TermDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."Session"')
    ) THEN
        ALTER TABLE "campus"."Session"
        ADD CONSTRAINT "FK_Session_TermDescriptor" FOREIGN KEY ("TermDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SessionBreak_Session' AND conrelid = pg_catalog.to_regclass('"campus"."SessionBreak"')
    ) THEN
        ALTER TABLE "campus"."SessionBreak"
        ADD CONSTRAINT "FK_SessionBreak_Session" FOREIGN KEY ("Session_DocumentId")
        REFERENCES "campus"."Session" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Staff_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Staff"')
    ) THEN
        ALTER TABLE "campus"."Staff"
        ADD CONSTRAINT "FK_Staff_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Staff_Supervisor_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."Staff"')
    ) THEN
        ALTER TABLE "campus"."Staff"
        ADD CONSTRAINT "FK_Staff_Supervisor_RefKey" FOREIGN KEY ("Supervisor_DocumentId", "Supervisor_StaffUniqueId")
        REFERENCES "campus"."Staff" ("DocumentId", "StaffUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtension_Staff' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtension"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtension"
        ADD CONSTRAINT "FK_StaffExtension_Staff" FOREIGN KEY ("DocumentId")
        REFERENCES "campus"."Staff" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionCoachingLicence_SportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionCoachingLicence"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionCoachingLicence"
        ADD CONSTRAINT "FK_StaffExtensionCoachingLicence_SportDescriptor" FOREIGN KEY ("SportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionCoachingLicence_StaffExtension' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionCoachingLicence"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionCoachingLicence"
        ADD CONSTRAINT "FK_StaffExtensionCoachingLicence_StaffExtension" FOREIGN KEY ("Staff_DocumentId")
        REFERENCES "athletics"."StaffExtension" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionPhone_HotlineTeam_RefKey' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionPhone"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionPhone"
        ADD CONSTRAINT "FK_StaffExtensionPhone_HotlineTeam_RefKey" FOREIGN KEY ("HotlineTeam_DocumentId", "HotlineTeam_SchoolId", "HotlineTeam_SportDescriptor_DescriptorId", "HotlineTeam_TeamCode")
        REFERENCES "athletics"."Team" ("DocumentId", "SchoolId_Unified", "SportDescriptor_DescriptorId", "TeamCode")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionPhone_HotlineTeam_SportDescriptor' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionPhone"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionPhone"
        ADD CONSTRAINT "FK_StaffExtensionPhone_HotlineTeam_SportDescriptor" FOREIGN KEY ("HotlineTeam_SportDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionPhone_StaffPhone' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionPhone"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionPhone"
        ADD CONSTRAINT "FK_StaffExtensionPhone_StaffPhone" FOREIGN KEY ("Staff_DocumentId", "Ordinal")
        REFERENCES "campus"."StaffPhone" ("Staff_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffPhone_Staff' AND conrelid = pg_catalog.to_regclass('"campus"."StaffPhone"')
    ) THEN
        ALTER TABLE "campus"."StaffPhone"
        ADD CONSTRAINT "FK_StaffPhone_Staff" FOREIGN KEY ("Staff_DocumentId")
        REFERENCES "campus"."Staff" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffExtensionPhoneCallWindow_StaffExtensionPhone' AND conrelid = pg_catalog.to_regclass('"athletics"."StaffExtensionPhoneCallWindow"')
    ) THEN
        ALTER TABLE "athletics"."StaffExtensionPhoneCallWindow"
        ADD CONSTRAINT "FK_StaffExtensionPhoneCallWindow_StaffExtensionPhone" FOREIGN KEY ("Staff_DocumentId", "PhoneOrdinal")
        REFERENCES "athletics"."StaffExtensionPhone" ("Staff_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Student_Document' AND conrelid = pg_catalog.to_regclass('"campus"."Student"')
    ) THEN
        ALTER TABLE "campus"."Student"
        ADD CONSTRAINT "FK_Student_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentIdentificationDocument_Student' AND conrelid = pg_catalog.to_regclass('"campus"."StudentIdentificationDocument"')
    ) THEN
        ALTER TABLE "campus"."StudentIdentificationDocument"
        ADD CONSTRAINT "FK_StudentIdentificationDocument_Student" FOREIGN KEY ("Student_DocumentId")
        REFERENCES "campus"."Student" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentIdentificationDocumentRenewal_StudentIdent_e815d557d4' AND conrelid = pg_catalog.to_regclass('"campus"."StudentIdentificationDocumentRenewal"')
    ) THEN
        ALTER TABLE "campus"."StudentIdentificationDocumentRenewal"
        ADD CONSTRAINT "FK_StudentIdentificationDocumentRenewal_StudentIdent_e815d557d4" FOREIGN KEY ("Student_DocumentId", "IdentificationDocumentOrdinal")
        REFERENCES "campus"."StudentIdentificationDocument" ("Student_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessment_Assessment_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessment"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessment"
        ADD CONSTRAINT "FK_StudentAssessment_Assessment_RefKey" FOREIGN KEY ("Assessment_DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace")
        REFERENCES "campus"."Assessment" ("DocumentId", "AssessmentIdentifier", "Namespace")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessment_Document' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessment"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessment"
        ADD CONSTRAINT "FK_StudentAssessment_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessment_ProctorStaff_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessment"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessment"
        ADD CONSTRAINT "FK_StudentAssessment_ProctorStaff_RefKey" FOREIGN KEY ("ProctorStaff_DocumentId", "ProctorStaff_StaffUniqueId")
        REFERENCES "campus"."Staff" ("DocumentId", "StaffUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessment_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessment"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessment"
        ADD CONSTRAINT "FK_StudentAssessment_Student_RefKey" FOREIGN KEY ("Student_DocumentId", "Student_StudentUniqueId")
        REFERENCES "campus"."Student" ("DocumentId", "StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessmentItem_Item_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessmentItem"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessmentItem"
        ADD CONSTRAINT "FK_StudentAssessmentItem_Item_RefKey" FOREIGN KEY ("Item_DocumentId", "Item_AssessmentIdentifier", "Item_Namespace", "Item_ItemCode")
        REFERENCES "campus"."AssessmentItem" ("DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace", "ItemCode")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessmentItem_StudentAssessment' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessmentItem"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessmentItem"
        ADD CONSTRAINT "FK_StudentAssessmentItem_StudentAssessment" FOREIGN KEY ("StudentAssessment_DocumentId")
        REFERENCES "campus"."StudentAssessment" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessmentScore_StudentAssessment' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessmentScore"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessmentScore"
        ADD CONSTRAINT "FK_StudentAssessmentScore_StudentAssessment" FOREIGN KEY ("StudentAssessment_DocumentId")
        REFERENCES "campus"."StudentAssessment" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessmentItemRespons_StudentAssessmentItem' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessmentItemRespons"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessmentItemRespons"
        ADD CONSTRAINT "FK_StudentAssessmentItemRespons_StudentAssessmentItem" FOREIGN KEY ("StudentAssessment_DocumentId", "ItemOrdinal")
        REFERENCES "campus"."StudentAssessmentItem" ("StudentAssessment_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentAssessmentScoreAdjustment_StudentAssessmentScore' AND conrelid = pg_catalog.to_regclass('"campus"."StudentAssessmentScoreAdjustment"')
    ) THEN
        ALTER TABLE "campus"."StudentAssessmentScoreAdjustment"
        ADD CONSTRAINT "FK_StudentAssessmentScoreAdjustment_StudentAssessmentScore" FOREIGN KEY ("StudentAssessment_DocumentId", "ScoreOrdinal")
        REFERENCES "campus"."StudentAssessmentScore" ("StudentAssessment_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_Calendar_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_Calendar_RefKey" FOREIGN KEY ("Calendar_DocumentId", "Calendar_CalendarCode", "SchoolId_Unified", "SchoolYear_Unified")
        REFERENCES "campus"."Calendar" ("DocumentId", "CalendarCode", "School_SchoolId", "SchoolYear_SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_Document' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_EntryGradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_EntryGradeLevelDescriptor" FOREIGN KEY ("EntryGradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_SchoolYear_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_SchoolYear_RefKey" FOREIGN KEY ("SchoolYear_DocumentId", "SchoolYear_Unified")
        REFERENCES "campus"."SchoolYearType" ("DocumentId", "SchoolYear")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_School_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_School_RefKey" FOREIGN KEY ("School_DocumentId", "SchoolId_Unified")
        REFERENCES "campus"."School" ("DocumentId", "SchoolId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolEnrolment_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."SchoolEnrolment"')
    ) THEN
        ALTER TABLE "campus"."SchoolEnrolment"
        ADD CONSTRAINT "FK_SchoolEnrolment_Student_RefKey" FOREIGN KEY ("Student_DocumentId", "Student_StudentUniqueId")
        REFERENCES "campus"."Student" ("DocumentId", "StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_AttendanceOutcomeDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_AttendanceOutcomeDescriptor" FOREIGN KEY ("AttendanceOutcomeDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Document' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_ReportingOrganization_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_ReportingOrganization_RefKey" FOREIGN KEY ("ReportingOrganization_DocumentId", "ReportingOrganization_EducationOrganizationId")
        REFERENCES "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Section_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Section_RefKey" FOREIGN KEY ("Section_DocumentId", "Section_LocalCourseCode", "SchoolId_Unified", "SchoolYear_Unified", "SessionName_Unified", "TermDescriptor_Unified_DescriptorId", "Section_SectionIdentifier")
        REFERENCES "campus"."Section" ("DocumentId", "CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_TermDescriptor_DescriptorId", "SectionIdentifier")
        ON DELETE NO ACTION ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Session_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Session_RefKey" FOREIGN KEY ("Session_DocumentId", "SchoolId_Unified", "SchoolYear_Unified", "SessionName_Unified", "TermDescriptor_Unified_DescriptorId")
        REFERENCES "campus"."Session" ("DocumentId", "SchoolId_Unified", "SchoolYear_Unified", "SessionName", "TermDescriptor_DescriptorId")
        ON DELETE NO ACTION ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Student_RefKey" FOREIGN KEY ("Student_DocumentId", "Student_StudentUniqueId")
        REFERENCES "campus"."Student" ("DocumentId", "StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_TermDescriptor_Unified' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_TermDescriptor_Unified" FOREIGN KEY ("TermDescriptor_Unified_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEventGuardianContact_Stud_664ba47f9e' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEventGuardianContact"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEventGuardianContact"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEventGuardianContact_Stud_664ba47f9e" FOREIGN KEY ("StudentSectionAttendanceEvent_DocumentId")
        REFERENCES "campus"."StudentSectionAttendanceEvent" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEventGuardianContactDeliv_6798c43c91' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEventGuardianContactDeliv_6798c43c91" FOREIGN KEY ("StudentSectionAttendanceEvent_DocumentId", "GuardianContactOrdinal")
        REFERENCES "campus"."StudentSectionAttendanceEventGuardianContact" ("StudentSectionAttendanceEvent_DocumentId", "Ordinal")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionEnrolment_Document' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionEnrolment"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionEnrolment"
        ADD CONSTRAINT "FK_StudentSectionEnrolment_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionEnrolment_Section_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionEnrolment"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionEnrolment"
        ADD CONSTRAINT "FK_StudentSectionEnrolment_Section_RefKey" FOREIGN KEY ("Section_DocumentId", "Section_LocalCourseCode", "Section_SchoolId", "Section_SchoolYear", "Section_SessionName", "Section_TermDescriptor_DescriptorId", "Section_SectionIdentifier")
        REFERENCES "campus"."Section" ("DocumentId", "CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_TermDescriptor_DescriptorId", "SectionIdentifier")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionEnrolment_Section_TermDescriptor' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionEnrolment"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionEnrolment"
        ADD CONSTRAINT "FK_StudentSectionEnrolment_Section_TermDescriptor" FOREIGN KEY ("Section_TermDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionEnrolment_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionEnrolment"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionEnrolment"
        ADD CONSTRAINT "FK_StudentSectionEnrolment_Student_RefKey" FOREIGN KEY ("Student_DocumentId", "Student_StudentUniqueId")
        REFERENCES "campus"."Student" ("DocumentId", "StudentUniqueId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionEnrolmentGradeMark_StudentSectionEnrolment' AND conrelid = pg_catalog.to_regclass('"campus"."StudentSectionEnrolmentGradeMark"')
    ) THEN
        ALTER TABLE "campus"."StudentSectionEnrolmentGradeMark"
        ADD CONSTRAINT "FK_StudentSectionEnrolmentGradeMark_StudentSectionEnrolment" FOREIGN KEY ("StudentSectionEnrolment_DocumentId")
        REFERENCES "campus"."StudentSectionEnrolment" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_EducationOrganizationIdentity_Document' AND conrelid = pg_catalog.to_regclass('"campus"."EducationOrganizationIdentity"')
    ) THEN
        ALTER TABLE "campus"."EducationOrganizationIdentity"
        ADD CONSTRAINT "FK_EducationOrganizationIdentity_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

-- ==========================================================
-- Phase 13: Model Indexes
-- ==========================================================

CREATE INDEX IF NOT EXISTS "IX_AthleticLeague_SanctioningDistrict_DocumentId_San_4ab3910fdf" ON "athletics"."AthleticLeague" ("SanctioningDistrict_DocumentId", "SanctioningDistrict_DistrictId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtension_AthleticLeague_DocumentId_Athleti_4732db2b3c" ON "athletics"."SchoolExtension" ("AthleticLeague_DocumentId", "AthleticLeague_AthleticLeagueId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtension_PrimarySportDescriptor_DescriptorId" ON "athletics"."SchoolExtension" ("PrimarySportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtensionFacilityInspection_Inspector_Docum_9229475dc7" ON "athletics"."SchoolExtensionFacilityInspection" ("Inspector_DocumentId", "Inspector_StaffUniqueId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtensionFacilitySupportedSportDescriptor_S_05bbc24231" ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor" ("SupportedSportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StaffExtensionCoachingLicence_SportDescriptor_DescriptorId" ON "athletics"."StaffExtensionCoachingLicence" ("SportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StaffExtensionPhone_HotlineTeam_DocumentId_Hotlin_5652d63720" ON "athletics"."StaffExtensionPhone" ("HotlineTeam_DocumentId", "HotlineTeam_SchoolId", "HotlineTeam_SportDescriptor_DescriptorId", "HotlineTeam_TeamCode");

CREATE INDEX IF NOT EXISTS "IX_StaffExtensionPhone_HotlineTeam_SportDescriptor_DescriptorId" ON "athletics"."StaffExtensionPhone" ("HotlineTeam_SportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Team_AthleticLeague_DocumentId_AthleticLeague_Ath_0f018c2a53" ON "athletics"."Team" ("AthleticLeague_DocumentId", "AthleticLeague_AthleticLeagueId");

CREATE INDEX IF NOT EXISTS "IX_Team_HomeLocation_DocumentId_HomeLocation_Classro_cddb39ed63" ON "athletics"."Team" ("HomeLocation_DocumentId", "HomeLocation_ClassroomCode", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_Team_School_DocumentId_SchoolId_Unified" ON "athletics"."Team" ("School_DocumentId", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_Team_SportDescriptor_DescriptorId" ON "athletics"."Team" ("SportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_TeamMatch_OpponentTeam_DocumentId_OpponentTeam_Sc_52858f6014" ON "athletics"."TeamMatch" ("OpponentTeam_DocumentId", "OpponentTeam_SchoolId", "OpponentTeam_SportDescriptor_DescriptorId", "OpponentTeam_TeamCode");

CREATE INDEX IF NOT EXISTS "IX_TeamMatch_OpponentTeam_SportDescriptor_DescriptorId" ON "athletics"."TeamMatch" ("OpponentTeam_SportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_TeamRosterEntry_EligibilityEnrolment_DocumentId_E_aba4f86f28" ON "athletics"."TeamRosterEntry" ("EligibilityEnrolment_DocumentId", "EligibilityEnrolment_EntryDate", "SchoolId_Unified", "StudentUniqueId_Unified");

CREATE INDEX IF NOT EXISTS "IX_TeamRosterEntry_Student_DocumentId_StudentUniqueId_Unified" ON "athletics"."TeamRosterEntry" ("Student_DocumentId", "StudentUniqueId_Unified");

CREATE INDEX IF NOT EXISTS "IX_TeamRosterEntry_Team_DocumentId_SchoolId_Unified__b526665928" ON "athletics"."TeamRosterEntry" ("Team_DocumentId", "SchoolId_Unified", "Team_SportDescriptor_DescriptorId", "Team_TeamCode");

CREATE INDEX IF NOT EXISTS "IX_TeamRosterEntry_Team_SportDescriptor_DescriptorId" ON "athletics"."TeamRosterEntry" ("Team_SportDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_EducationOrganizationIdToEducationOrganizationId_Target" ON "auth"."EducationOrganizationIdToEducationOrganizationId" ("TargetEducationOrganizationId") INCLUDE ("SourceEducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_Assessment_SponsoringOrganization_DocumentId_Spon_a4147b3eb7" ON "campus"."Assessment" ("SponsoringOrganization_DocumentId", "SponsoringOrganization_EducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_Assessment_SubjectDescriptor_DescriptorId" ON "campus"."Assessment" ("SubjectDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_AssessmentGradeLevelDescriptor_GradeLevelDescript_f878646b46" ON "campus"."AssessmentGradeLevelDescriptor" ("GradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_AssessmentItem_Assessment_DocumentId_Assessment_A_842a748556" ON "campus"."AssessmentItem" ("Assessment_DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace");

CREATE INDEX IF NOT EXISTS "IX_Calendar_SchoolYear_DocumentId_SchoolYear_SchoolYear" ON "campus"."Calendar" ("SchoolYear_DocumentId", "SchoolYear_SchoolYear");

CREATE INDEX IF NOT EXISTS "IX_Calendar_School_DocumentId_School_SchoolId" ON "campus"."Calendar" ("School_DocumentId", "School_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_CalendarDate_Calendar_DocumentId_Calendar_Calenda_4c064e49f6" ON "campus"."CalendarDate" ("Calendar_DocumentId", "Calendar_CalendarCode", "Calendar_SchoolId", "Calendar_SchoolYear");

CREATE INDEX IF NOT EXISTS "IX_CalendarDateCalendarEvent_CalendarDayKindDescript_83060d2660" ON "campus"."CalendarDateCalendarEvent" ("CalendarDayKindDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_ClassPeriod_School_DocumentId_School_SchoolId" ON "campus"."ClassPeriod" ("School_DocumentId", "School_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_Course_EducationOrganization_DocumentId_Education_9577d6193a" ON "campus"."Course" ("EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_Course_SubjectDescriptor_DescriptorId" ON "campus"."Course" ("SubjectDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_CourseOfferedGradeLevel_GradeLevelDescriptor_DescriptorId" ON "campus"."CourseOfferedGradeLevel" ("GradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_Course_DocumentId_Course_CourseCod_641d77edbe" ON "campus"."CourseOffering" ("Course_DocumentId", "Course_CourseCode", "Course_EducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_School_DocumentId_SchoolId_Unified" ON "campus"."CourseOffering" ("School_DocumentId", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_Session_DocumentId_SchoolId_Unifie_5b4007c63f" ON "campus"."CourseOffering" ("Session_DocumentId", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_Session_TermDescriptor_DescriptorId" ON "campus"."CourseOffering" ("Session_TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_CoursePrerequisite_PrerequisiteCourse_DocumentId__805478e181" ON "campus"."CoursePrerequisite" ("PrerequisiteCourse_DocumentId", "PrerequisiteCourse_CourseCode", "PrerequisiteCourse_EducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_District_ParentDistrict_DocumentId_ParentDistrict_DistrictId" ON "campus"."District" ("ParentDistrict_DocumentId", "ParentDistrict_DistrictId");

CREATE INDEX IF NOT EXISTS "IX_Location_School_DocumentId_School_SchoolId" ON "campus"."Location" ("School_DocumentId", "School_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_School_District_DocumentId_District_DistrictId" ON "campus"."School" ("District_DocumentId", "District_DistrictId");

CREATE INDEX IF NOT EXISTS "IX_SchoolAddress_AddressKindDescriptor_DescriptorId" ON "campus"."SchoolAddress" ("AddressKindDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolEnrolment_Calendar_DocumentId_Calendar_Cale_f2bc212fa7" ON "campus"."SchoolEnrolment" ("Calendar_DocumentId", "Calendar_CalendarCode", "SchoolId_Unified", "SchoolYear_Unified");

CREATE INDEX IF NOT EXISTS "IX_SchoolEnrolment_EntryGradeLevelDescriptor_DescriptorId" ON "campus"."SchoolEnrolment" ("EntryGradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolEnrolment_SchoolYear_DocumentId_SchoolYear_Unified" ON "campus"."SchoolEnrolment" ("SchoolYear_DocumentId", "SchoolYear_Unified");

CREATE INDEX IF NOT EXISTS "IX_SchoolEnrolment_School_DocumentId_SchoolId_Unified" ON "campus"."SchoolEnrolment" ("School_DocumentId", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_SchoolEnrolment_Student_DocumentId_Student_StudentUniqueId" ON "campus"."SchoolEnrolment" ("Student_DocumentId", "Student_StudentUniqueId");

CREATE INDEX IF NOT EXISTS "IX_SchoolGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId" ON "campus"."SchoolGradeLevelDescriptor" ("GradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Section_CourseOffering_DocumentId_CourseOffering__978528a93f" ON "campus"."Section" ("CourseOffering_DocumentId", "CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Section_CourseOffering_TermDescriptor_DescriptorId" ON "campus"."Section" ("CourseOffering_TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Section_ExamLocation_DocumentId_ExamLocation_Room_3cafd34c02" ON "campus"."Section" ("ExamLocation_DocumentId", "ExamLocation_RoomCode", "ExamLocation_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_Section_Room_DocumentId_Room_ClassroomCode_SchoolId_Unified" ON "campus"."Section" ("Room_DocumentId", "Room_ClassroomCode", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_SectionClassPeriod_ClassPeriod_DocumentId_ClassPe_fb5a7a06c6" ON "campus"."SectionClassPeriod" ("ClassPeriod_DocumentId", "ClassPeriod_ClassPeriodName", "ClassPeriod_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_SectionStaffAssignment_StaffAssignmentStaff_Docum_7cead31097" ON "campus"."SectionStaffAssignment" ("StaffAssignmentStaff_DocumentId", "StaffAssignmentStaff_StaffUniqueId");

CREATE INDEX IF NOT EXISTS "IX_SectionStaffAssignment_StaffRoleDescriptor_DescriptorId" ON "campus"."SectionStaffAssignment" ("StaffRoleDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Session_Calendar_DocumentId_Calendar_CalendarCode_e60832bbdf" ON "campus"."Session" ("Calendar_DocumentId", "Calendar_CalendarCode", "SchoolId_Unified", "SchoolYear_Unified");

CREATE INDEX IF NOT EXISTS "IX_Session_SchoolYear_DocumentId_SchoolYear_Unified" ON "campus"."Session" ("SchoolYear_DocumentId", "SchoolYear_Unified");

CREATE INDEX IF NOT EXISTS "IX_Session_School_DocumentId_SchoolId_Unified" ON "campus"."Session" ("School_DocumentId", "SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_Session_TermDescriptor_DescriptorId" ON "campus"."Session" ("TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Staff_Supervisor_DocumentId_Supervisor_StaffUniqueId" ON "campus"."Staff" ("Supervisor_DocumentId", "Supervisor_StaffUniqueId");

CREATE INDEX IF NOT EXISTS "IX_StudentAssessment_Assessment_DocumentId_Assessmen_189366fd1a" ON "campus"."StudentAssessment" ("Assessment_DocumentId", "Assessment_AssessmentIdentifier", "Assessment_Namespace");

CREATE INDEX IF NOT EXISTS "IX_StudentAssessment_ProctorStaff_DocumentId_Proctor_f9ee7a046d" ON "campus"."StudentAssessment" ("ProctorStaff_DocumentId", "ProctorStaff_StaffUniqueId");

CREATE INDEX IF NOT EXISTS "IX_StudentAssessment_Student_DocumentId_Student_StudentUniqueId" ON "campus"."StudentAssessment" ("Student_DocumentId", "Student_StudentUniqueId");

CREATE INDEX IF NOT EXISTS "IX_StudentAssessmentItem_Item_DocumentId_Item_Assess_2a042dde62" ON "campus"."StudentAssessmentItem" ("Item_DocumentId", "Item_AssessmentIdentifier", "Item_Namespace", "Item_ItemCode");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_ReportingOrganizati_ea174d54cd" ON "campus"."StudentSectionAttendanceEvent" ("ReportingOrganization_DocumentId", "ReportingOrganization_EducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Section_DocumentId__d69f3bb9e1" ON "campus"."StudentSectionAttendanceEvent" ("Section_DocumentId", "Section_LocalCourseCode", "SchoolId_Unified", "SchoolYear_Unified", "SessionName_Unified", "TermDescriptor_Unified_DescriptorId", "Section_SectionIdentifier");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Session_DocumentId__95fb7dafa0" ON "campus"."StudentSectionAttendanceEvent" ("Session_DocumentId", "SchoolId_Unified", "SchoolYear_Unified", "SessionName_Unified", "TermDescriptor_Unified_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Student_DocumentId__6aa7c55c2a" ON "campus"."StudentSectionAttendanceEvent" ("Student_DocumentId", "Student_StudentUniqueId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_TermDescriptor_Unif_173184781e" ON "campus"."StudentSectionAttendanceEvent" ("TermDescriptor_Unified_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionEnrolment_Section_DocumentId_Sectio_2c87c0603b" ON "campus"."StudentSectionEnrolment" ("Section_DocumentId", "Section_LocalCourseCode", "Section_SchoolId", "Section_SchoolYear", "Section_SessionName", "Section_TermDescriptor_DescriptorId", "Section_SectionIdentifier");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionEnrolment_Section_TermDescriptor_DescriptorId" ON "campus"."StudentSectionEnrolment" ("Section_TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionEnrolment_Student_DocumentId_Studen_91bb9640f7" ON "campus"."StudentSectionEnrolment" ("Student_DocumentId", "Student_StudentUniqueId");

-- ==========================================================
-- Phase 14: Model Views
-- ==========================================================

CREATE OR REPLACE VIEW "campus"."EducationOrganization_View" AS
SELECT "DocumentId" AS "DocumentId", "AthleticLeagueId" AS "EducationOrganizationId", 'Athletics:AthleticLeague'::varchar(256) AS "Discriminator"
FROM "athletics"."AthleticLeague"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "DistrictId" AS "EducationOrganizationId", 'Campus:District'::varchar(256) AS "Discriminator"
FROM "campus"."District"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "SchoolId"::bigint AS "EducationOrganizationId", 'Campus:School'::varchar(256) AS "Discriminator"
FROM "campus"."School";

-- ==========================================================
-- Phase 15: Model Triggers
-- ==========================================================

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."AthleticLeagueId" IS NOT DISTINCT FROM NEW."AthleticLeagueId" THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" (
        "DocumentId",
        "EducationOrganizationId",
        "Discriminator"
    )
    SELECT
        t."DocumentId",
        t."AthleticLeagueId",
        'Athletics:AthleticLeague'
    FROM "athletics"."AthleticLeague" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_AbstractIdentity"
AFTER INSERT OR UPDATE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT o."AthleticLeagueId"::bigint FROM old_rows AS o
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_AuthHierarchy_Delete"
AFTER DELETE ON "athletics"."AthleticLeague"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT n."AthleticLeagueId"::bigint FROM new_rows AS n
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_AuthHierarchy_Insert"
AFTER INSERT ON "athletics"."AthleticLeague"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT c."AthleticLeagueId"::bigint
        FROM (
            SELECT
                n."AthleticLeagueId",
                n."SanctioningDistrict_DistrictId"
            FROM new_rows AS n
            EXCEPT ALL
            SELECT
                o."AthleticLeagueId",
                o."SanctioningDistrict_DistrictId"
            FROM old_rows AS o
        ) AS c
        UNION ALL
        SELECT c."AthleticLeagueId"::bigint
        FROM (
            SELECT
                o."AthleticLeagueId",
                o."SanctioningDistrict_DistrictId"
            FROM old_rows AS o
            EXCEPT ALL
            SELECT
                n."AthleticLeagueId",
                n."SanctioningDistrict_DistrictId"
            FROM new_rows AS n
        ) AS c
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_AuthHierarchy_Update"
AFTER UPDATE ON "athletics"."AthleticLeague"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AthleticLeagueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AthleticLeagueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (1, 16);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'AthleticsAthleticLeague$.athleticLeagueId=' || t."AthleticLeagueId"::pg_catalog.text
            ),
            t."DocumentId",
            1
        FROM "athletics"."AthleticLeague" AS t
        WHERE t."DocumentId" = document;
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusEducationOrganization$.educationOrganizationId=' || t."AthleticLeagueId"::pg_catalog.text
            ),
            t."DocumentId",
            16
        FROM "athletics"."AthleticLeague" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_ReferentialIdentity_Insert"
AFTER INSERT ON "athletics"."AthleticLeague"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_ReferentialIdentity_Update"
AFTER UPDATE ON "athletics"."AthleticLeague"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AthleticLeagueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AthleticLeagueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_Stamp_Update"
AFTER UPDATE ON "athletics"."AthleticLeague"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AthleticLeague_Stamp_Delete"
AFTER DELETE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."AthleticLeague_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."AthleticLeague_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."AthleticLeague_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."AthleticLeague_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AthleticLeagueSeason_Stamp_Insert"
AFTER INSERT ON "athletics"."AthleticLeagueSeason"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AthleticLeagueSeason_Stamp_Update"
AFTER UPDATE ON "athletics"."AthleticLeagueSeason"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AthleticLeagueSeason_Stamp_Delete"
AFTER DELETE ON "athletics"."AthleticLeagueSeason"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            UNION
            SELECT o."DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_Insert"
AFTER INSERT ON "athletics"."SchoolExtension"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_Update"
AFTER UPDATE ON "athletics"."SchoolExtension"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_Delete"
AFTER DELETE ON "athletics"."SchoolExtension"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacility_Stamp_Insert"
AFTER INSERT ON "athletics"."SchoolExtensionFacility"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacility_Stamp_Update"
AFTER UPDATE ON "athletics"."SchoolExtensionFacility"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacility_Stamp_Delete"
AFTER DELETE ON "athletics"."SchoolExtensionFacility"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilityInspection_Stamp_Insert"
AFTER INSERT ON "athletics"."SchoolExtensionFacilityInspection"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilityInspection_Stamp_Update"
AFTER UPDATE ON "athletics"."SchoolExtensionFacilityInspection"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilityInspection_Stamp_Delete"
AFTER DELETE ON "athletics"."SchoolExtensionFacilityInspection"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp_Insert"
AFTER INSERT ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp_Update"
AFTER UPDATE ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp_Delete"
AFTER DELETE ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            UNION
            SELECT o."DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffExtension_Stamp_Insert"
AFTER INSERT ON "athletics"."StaffExtension"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtension_Stamp_Update"
AFTER UPDATE ON "athletics"."StaffExtension"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtension_Stamp_Delete"
AFTER DELETE ON "athletics"."StaffExtension"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Staff_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Staff_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Staff_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Staff_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffExtensionCoachingLicence_Stamp_Insert"
AFTER INSERT ON "athletics"."StaffExtensionCoachingLicence"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionCoachingLicence_Stamp_Update"
AFTER UPDATE ON "athletics"."StaffExtensionCoachingLicence"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionCoachingLicence_Stamp_Delete"
AFTER DELETE ON "athletics"."StaffExtensionCoachingLicence"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Staff_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Staff_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Staff_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Staff_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhone_Stamp_Insert"
AFTER INSERT ON "athletics"."StaffExtensionPhone"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhone_Stamp_Update"
AFTER UPDATE ON "athletics"."StaffExtensionPhone"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhone_Stamp_Delete"
AFTER DELETE ON "athletics"."StaffExtensionPhone"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Staff_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Staff_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Staff_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Staff_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhoneCallWindow_Stamp_Insert"
AFTER INSERT ON "athletics"."StaffExtensionPhoneCallWindow"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhoneCallWindow_Stamp_Update"
AFTER UPDATE ON "athletics"."StaffExtensionPhoneCallWindow"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffExtensionPhoneCallWindow_Stamp_Delete"
AFTER DELETE ON "athletics"."StaffExtensionPhoneCallWindow"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_Team_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId_Unified",
                    n."SportDescriptor_DescriptorId",
                    n."TeamCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId_Unified",
                    o."SportDescriptor_DescriptorId",
                    o."TeamCode"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (3);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'AthleticsTeam$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
                || '#$.sportDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."SportDescriptor_DescriptorId")
                || '#$.teamCode=' || t."TeamCode"
            ),
            t."DocumentId",
            3
        FROM "athletics"."Team" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Team_ReferentialIdentity_Insert"
AFTER INSERT ON "athletics"."Team"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_Team_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Team_ReferentialIdentity_Update"
AFTER UPDATE ON "athletics"."Team"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_Team_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_Team_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId_Unified",
                    n."SportDescriptor_DescriptorId",
                    n."TeamCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId_Unified",
                    o."SportDescriptor_DescriptorId",
                    o."TeamCode"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Team_Stamp_Update"
AFTER UPDATE ON "athletics"."Team"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_Team_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Team_Stamp_Delete"
AFTER DELETE ON "athletics"."Team"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_Team_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Team_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Team_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Team_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Team_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_TeamMatch_Stamp_Insert"
AFTER INSERT ON "athletics"."TeamMatch"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"();
CREATE OR REPLACE TRIGGER "TR_TeamMatch_Stamp_Update"
AFTER UPDATE ON "athletics"."TeamMatch"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"();
CREATE OR REPLACE TRIGGER "TR_TeamMatch_Stamp_Delete"
AFTER DELETE ON "athletics"."TeamMatch"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Team_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Team_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Team_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Team_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_TeamMatchPeriod_Stamp_Insert"
AFTER INSERT ON "athletics"."TeamMatchPeriod"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_TeamMatchPeriod_Stamp_Update"
AFTER UPDATE ON "athletics"."TeamMatchPeriod"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_TeamMatchPeriod_Stamp_Delete"
AFTER DELETE ON "athletics"."TeamMatchPeriod"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamRosterEntry_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."JerseyNumber",
                    n."StudentUniqueId_Unified",
                    n."SchoolId_Unified",
                    n."Team_SportDescriptor_DescriptorId",
                    n."Team_TeamCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."JerseyNumber",
                    o."StudentUniqueId_Unified",
                    o."SchoolId_Unified",
                    o."Team_SportDescriptor_DescriptorId",
                    o."Team_TeamCode"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (4);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'AthleticsTeamRosterEntry$.jerseyNumber=' || t."JerseyNumber"::pg_catalog.text
                || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"
                || '#$.teamReference.schoolId=' || t."Team_SchoolId"::pg_catalog.text
                || '#$.teamReference.sportDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Team_SportDescriptor_DescriptorId")
                || '#$.teamReference.teamCode=' || t."Team_TeamCode"
            ),
            t."DocumentId",
            4
        FROM "athletics"."TeamRosterEntry" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_TeamRosterEntry_ReferentialIdentity_Insert"
AFTER INSERT ON "athletics"."TeamRosterEntry"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_TeamRosterEntry_ReferentialIdentity_Update"
AFTER UPDATE ON "athletics"."TeamRosterEntry"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamRosterEntry_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."JerseyNumber",
                    n."StudentUniqueId_Unified",
                    n."SchoolId_Unified",
                    n."Team_SportDescriptor_DescriptorId",
                    n."Team_TeamCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."JerseyNumber",
                    o."StudentUniqueId_Unified",
                    o."SchoolId_Unified",
                    o."Team_SportDescriptor_DescriptorId",
                    o."Team_TeamCode"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_TeamRosterEntry_Stamp_Update"
AFTER UPDATE ON "athletics"."TeamRosterEntry"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_Stamp"();
CREATE OR REPLACE TRIGGER "TR_TeamRosterEntry_Stamp_Delete"
AFTER DELETE ON "athletics"."TeamRosterEntry"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Assessment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AssessmentIdentifier",
                    n."Namespace"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AssessmentIdentifier",
                    o."Namespace"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (6);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusAssessment$.assessmentIdentifier=' || t."AssessmentIdentifier"
                || '#$.namespace=' || t."Namespace"
            ),
            t."DocumentId",
            6
        FROM "campus"."Assessment" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Assessment_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Assessment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Assessment_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Assessment_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Assessment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Assessment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Assessment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AssessmentIdentifier",
                    n."Namespace"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AssessmentIdentifier",
                    o."Namespace"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Assessment_Stamp_Update"
AFTER UPDATE ON "campus"."Assessment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Assessment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Assessment_Stamp_Delete"
AFTER DELETE ON "campus"."Assessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Assessment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Assessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Assessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Assessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Assessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentBand_Stamp_Insert"
AFTER INSERT ON "campus"."AssessmentBand"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentBand_Stamp_Update"
AFTER UPDATE ON "campus"."AssessmentBand"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentBand_Stamp_Delete"
AFTER DELETE ON "campus"."AssessmentBand"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Assessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Assessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Assessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Assessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentBandLabel_Stamp_Insert"
AFTER INSERT ON "campus"."AssessmentBandLabel"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentBandLabel_Stamp_Update"
AFTER UPDATE ON "campus"."AssessmentBandLabel"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentBandLabel_Stamp_Delete"
AFTER DELETE ON "campus"."AssessmentBandLabel"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Assessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Assessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Assessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Assessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentGradeLevelDescriptor_Stamp_Insert"
AFTER INSERT ON "campus"."AssessmentGradeLevelDescriptor"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentGradeLevelDescriptor_Stamp_Update"
AFTER UPDATE ON "campus"."AssessmentGradeLevelDescriptor"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentGradeLevelDescriptor_Stamp_Delete"
AFTER DELETE ON "campus"."AssessmentGradeLevelDescriptor"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItem_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Assessment_AssessmentIdentifier",
                    n."Assessment_Namespace",
                    n."ItemCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Assessment_AssessmentIdentifier",
                    o."Assessment_Namespace",
                    o."ItemCode"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (7);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusAssessmentItem$.assessmentReference.assessmentIdentifier=' || t."Assessment_AssessmentIdentifier"
                || '#$.assessmentReference.namespace=' || t."Assessment_Namespace"
                || '#$.itemCode=' || t."ItemCode"
            ),
            t."DocumentId",
            7
        FROM "campus"."AssessmentItem" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentItem_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."AssessmentItem"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_AssessmentItem_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."AssessmentItem"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItem_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Assessment_AssessmentIdentifier",
                    n."Assessment_Namespace",
                    n."ItemCode"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Assessment_AssessmentIdentifier",
                    o."Assessment_Namespace",
                    o."ItemCode"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentItem_Stamp_Update"
AFTER UPDATE ON "campus"."AssessmentItem"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentItem_Stamp_Delete"
AFTER DELETE ON "campus"."AssessmentItem"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."AssessmentItem_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."AssessmentItem_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."AssessmentItem_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."AssessmentItem_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_AssessmentItemPossibleRespons_Stamp_Insert"
AFTER INSERT ON "campus"."AssessmentItemPossibleRespons"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentItemPossibleRespons_Stamp_Update"
AFTER UPDATE ON "campus"."AssessmentItemPossibleRespons"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"();
CREATE OR REPLACE TRIGGER "TR_AssessmentItemPossibleRespons_Stamp_Delete"
AFTER DELETE ON "campus"."AssessmentItemPossibleRespons"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Calendar_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CalendarCode",
                    n."School_SchoolId",
                    n."SchoolYear_SchoolYear"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CalendarCode",
                    o."School_SchoolId",
                    o."SchoolYear_SchoolYear"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (9);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusCalendar$.calendarCode=' || t."CalendarCode"
                || '#$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
                || '#$.schoolYearTypeReference.schoolYear=' || t."SchoolYear_SchoolYear"::pg_catalog.text
            ),
            t."DocumentId",
            9
        FROM "campus"."Calendar" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Calendar_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Calendar"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Calendar_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Calendar_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Calendar"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Calendar_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Calendar_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CalendarCode",
                    n."School_SchoolId",
                    n."SchoolYear_SchoolYear"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CalendarCode",
                    o."School_SchoolId",
                    o."SchoolYear_SchoolYear"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Calendar_Stamp_Update"
AFTER UPDATE ON "campus"."Calendar"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Calendar_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Calendar_Stamp_Delete"
AFTER DELETE ON "campus"."Calendar"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Calendar_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDate_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Calendar_CalendarCode",
                    n."Calendar_SchoolId",
                    n."Calendar_SchoolYear",
                    n."EventDate"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Calendar_CalendarCode",
                    o."Calendar_SchoolId",
                    o."Calendar_SchoolYear",
                    o."EventDate"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (10);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusCalendarDate$.calendarReference.calendarCode=' || t."Calendar_CalendarCode"
                || '#$.calendarReference.schoolId=' || t."Calendar_SchoolId"::pg_catalog.text
                || '#$.calendarReference.schoolYear=' || t."Calendar_SchoolYear"::pg_catalog.text
                || '#$.eventDate=' || pg_catalog.to_char(t."EventDate", 'YYYY-MM-DD')
            ),
            t."DocumentId",
            10
        FROM "campus"."CalendarDate" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CalendarDate_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."CalendarDate"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_CalendarDate_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."CalendarDate"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDate_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Calendar_CalendarCode",
                    n."Calendar_SchoolId",
                    n."Calendar_SchoolYear",
                    n."EventDate"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Calendar_CalendarCode",
                    o."Calendar_SchoolId",
                    o."Calendar_SchoolYear",
                    o."EventDate"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CalendarDate_Stamp_Update"
AFTER UPDATE ON "campus"."CalendarDate"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CalendarDate_Stamp_Delete"
AFTER DELETE ON "campus"."CalendarDate"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."CalendarDate_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."CalendarDate_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."CalendarDate_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."CalendarDate_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CalendarDateCalendarEvent_Stamp_Insert"
AFTER INSERT ON "campus"."CalendarDateCalendarEvent"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CalendarDateCalendarEvent_Stamp_Update"
AFTER UPDATE ON "campus"."CalendarDateCalendarEvent"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CalendarDateCalendarEvent_Stamp_Delete"
AFTER DELETE ON "campus"."CalendarDateCalendarEvent"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Calendar_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Calendar_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Calendar_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Calendar_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CalendarWeek_Stamp_Insert"
AFTER INSERT ON "campus"."CalendarWeek"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CalendarWeek_Stamp_Update"
AFTER UPDATE ON "campus"."CalendarWeek"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CalendarWeek_Stamp_Delete"
AFTER DELETE ON "campus"."CalendarWeek"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriod_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."ClassPeriodName",
                    n."School_SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."ClassPeriodName",
                    o."School_SchoolId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (12);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusClassPeriod$.classPeriodName=' || t."ClassPeriodName"
                || '#$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
            ),
            t."DocumentId",
            12
        FROM "campus"."ClassPeriod" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_ClassPeriod_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."ClassPeriod"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_ClassPeriod_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."ClassPeriod"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."ClassPeriodName",
                    n."School_SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."ClassPeriodName",
                    o."School_SchoolId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_ClassPeriod_Stamp_Update"
AFTER UPDATE ON "campus"."ClassPeriod"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_ClassPeriod_Stamp_Delete"
AFTER DELETE ON "campus"."ClassPeriod"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."ClassPeriod_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."ClassPeriod_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."ClassPeriod_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."ClassPeriod_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_ClassPeriodMeetingTime_Stamp_Insert"
AFTER INSERT ON "campus"."ClassPeriodMeetingTime"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"();
CREATE OR REPLACE TRIGGER "TR_ClassPeriodMeetingTime_Stamp_Update"
AFTER UPDATE ON "campus"."ClassPeriodMeetingTime"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"();
CREATE OR REPLACE TRIGGER "TR_ClassPeriodMeetingTime_Stamp_Delete"
AFTER DELETE ON "campus"."ClassPeriodMeetingTime"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Course_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CourseCode",
                    n."EducationOrganization_EducationOrganizationId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CourseCode",
                    o."EducationOrganization_EducationOrganizationId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (13);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusCourse$.courseCode=' || t."CourseCode"
                || '#$.educationOrganizationReference.educationOrganizationId=' || t."EducationOrganization_EducationOrganizationId"::pg_catalog.text
            ),
            t."DocumentId",
            13
        FROM "campus"."Course" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Course_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Course"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Course_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Course_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Course"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Course_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Course_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CourseCode",
                    n."EducationOrganization_EducationOrganizationId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CourseCode",
                    o."EducationOrganization_EducationOrganizationId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Course_Stamp_Update"
AFTER UPDATE ON "campus"."Course"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Course_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Course_Stamp_Delete"
AFTER DELETE ON "campus"."Course"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Course_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Course_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Course_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Course_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Course_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CourseOfferedGradeLevel_Stamp_Insert"
AFTER INSERT ON "campus"."CourseOfferedGradeLevel"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CourseOfferedGradeLevel_Stamp_Update"
AFTER UPDATE ON "campus"."CourseOfferedGradeLevel"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CourseOfferedGradeLevel_Stamp_Delete"
AFTER DELETE ON "campus"."CourseOfferedGradeLevel"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOffering_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."LocalCourseCode",
                    n."SchoolId_Unified",
                    n."Session_SchoolYear",
                    n."Session_SessionName",
                    n."Session_TermDescriptor_DescriptorId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."LocalCourseCode",
                    o."SchoolId_Unified",
                    o."Session_SchoolYear",
                    o."Session_SessionName",
                    o."Session_TermDescriptor_DescriptorId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (14);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusCourseOffering$.localCourseCode=' || t."LocalCourseCode"
                || '#$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
                || '#$.sessionReference.schoolId=' || t."Session_SchoolId"::pg_catalog.text
                || '#$.sessionReference.schoolYear=' || t."Session_SchoolYear"::pg_catalog.text
                || '#$.sessionReference.sessionName=' || t."Session_SessionName"
                || '#$.sessionReference.termDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Session_TermDescriptor_DescriptorId")
            ),
            t."DocumentId",
            14
        FROM "campus"."CourseOffering" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CourseOffering_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."CourseOffering"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_CourseOffering_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."CourseOffering"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOffering_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."LocalCourseCode",
                    n."SchoolId_Unified",
                    n."Session_SchoolYear",
                    n."Session_SessionName",
                    n."Session_TermDescriptor_DescriptorId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."LocalCourseCode",
                    o."SchoolId_Unified",
                    o."Session_SchoolYear",
                    o."Session_SessionName",
                    o."Session_TermDescriptor_DescriptorId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CourseOffering_Stamp_Update"
AFTER UPDATE ON "campus"."CourseOffering"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CourseOffering_Stamp_Delete"
AFTER DELETE ON "campus"."CourseOffering"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."CourseOffering_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."CourseOffering_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."CourseOffering_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."CourseOffering_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CourseOfferingFee_Stamp_Insert"
AFTER INSERT ON "campus"."CourseOfferingFee"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CourseOfferingFee_Stamp_Update"
AFTER UPDATE ON "campus"."CourseOfferingFee"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CourseOfferingFee_Stamp_Delete"
AFTER DELETE ON "campus"."CourseOfferingFee"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Course_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Course_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Course_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Course_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CoursePrerequisite_Stamp_Insert"
AFTER INSERT ON "campus"."CoursePrerequisite"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CoursePrerequisite_Stamp_Update"
AFTER UPDATE ON "campus"."CoursePrerequisite"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"();
CREATE OR REPLACE TRIGGER "TR_CoursePrerequisite_Stamp_Delete"
AFTER DELETE ON "campus"."CoursePrerequisite"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."DistrictId" IS NOT DISTINCT FROM NEW."DistrictId" THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" (
        "DocumentId",
        "EducationOrganizationId",
        "Discriminator"
    )
    SELECT
        t."DocumentId",
        t."DistrictId",
        'Campus:District'
    FROM "campus"."District" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_AbstractIdentity"
AFTER INSERT OR UPDATE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT o."DistrictId"::bigint FROM old_rows AS o
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_AuthHierarchy_Delete"
AFTER DELETE ON "campus"."District"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT n."DistrictId"::bigint FROM new_rows AS n
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_AuthHierarchy_Insert"
AFTER INSERT ON "campus"."District"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT c."DistrictId"::bigint
        FROM (
            SELECT
                n."DistrictId",
                n."ParentDistrict_DistrictId"
            FROM new_rows AS n
            EXCEPT ALL
            SELECT
                o."DistrictId",
                o."ParentDistrict_DistrictId"
            FROM old_rows AS o
        ) AS c
        UNION ALL
        SELECT c."DistrictId"::bigint
        FROM (
            SELECT
                o."DistrictId",
                o."ParentDistrict_DistrictId"
            FROM old_rows AS o
            EXCEPT ALL
            SELECT
                n."DistrictId",
                n."ParentDistrict_DistrictId"
            FROM new_rows AS n
        ) AS c
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_AuthHierarchy_Update"
AFTER UPDATE ON "campus"."District"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."DistrictId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."DistrictId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (15, 16);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusDistrict$.districtId=' || t."DistrictId"::pg_catalog.text
            ),
            t."DocumentId",
            15
        FROM "campus"."District" AS t
        WHERE t."DocumentId" = document;
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusEducationOrganization$.educationOrganizationId=' || t."DistrictId"::pg_catalog.text
            ),
            t."DocumentId",
            16
        FROM "campus"."District" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."District"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_District_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."District"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."DistrictId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."DistrictId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_District_Stamp_Update"
AFTER UPDATE ON "campus"."District"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_District_Stamp"();
CREATE OR REPLACE TRIGGER "TR_District_Stamp_Delete"
AFTER DELETE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."District_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."District_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."District_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."District_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_DistrictPhoneNumber_Stamp_Insert"
AFTER INSERT ON "campus"."DistrictPhoneNumber"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"();
CREATE OR REPLACE TRIGGER "TR_DistrictPhoneNumber_Stamp_Update"
AFTER UPDATE ON "campus"."DistrictPhoneNumber"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"();
CREATE OR REPLACE TRIGGER "TR_DistrictPhoneNumber_Stamp_Delete"
AFTER DELETE ON "campus"."DistrictPhoneNumber"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Location_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."ClassroomCode",
                    n."School_SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."ClassroomCode",
                    o."School_SchoolId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (18);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusLocation$.classroomCode=' || t."ClassroomCode"
                || '#$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
            ),
            t."DocumentId",
            18
        FROM "campus"."Location" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Location_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Location"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Location_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Location_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Location"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Location_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Location_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."ClassroomCode",
                    n."School_SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."ClassroomCode",
                    o."School_SchoolId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Location_Stamp_Update"
AFTER UPDATE ON "campus"."Location"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Location_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Location_Stamp_Delete"
AFTER DELETE ON "campus"."Location"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Location_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Location_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Location_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Location_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Location_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocationEquipment_Stamp_Insert"
AFTER INSERT ON "campus"."LocationEquipment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocationEquipment_Stamp_Update"
AFTER UPDATE ON "campus"."LocationEquipment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocationEquipment_Stamp_Delete"
AFTER DELETE ON "campus"."LocationEquipment"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Location_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Location_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Location_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Location_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocationEquipmentCheck_Stamp_Insert"
AFTER INSERT ON "campus"."LocationEquipmentCheck"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocationEquipmentCheck_Stamp_Update"
AFTER UPDATE ON "campus"."LocationEquipmentCheck"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocationEquipmentCheck_Stamp_Delete"
AFTER DELETE ON "campus"."LocationEquipmentCheck"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId" IS NOT DISTINCT FROM NEW."SchoolId" THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" (
        "DocumentId",
        "EducationOrganizationId",
        "Discriminator"
    )
    SELECT
        t."DocumentId",
        t."SchoolId",
        'Campus:School'
    FROM "campus"."School" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_AbstractIdentity"
AFTER INSERT OR UPDATE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT o."SchoolId"::bigint FROM old_rows AS o
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_AuthHierarchy_Delete"
AFTER DELETE ON "campus"."School"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT n."SchoolId"::bigint FROM new_rows AS n
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_AuthHierarchy_Insert"
AFTER INSERT ON "campus"."School"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY(
        SELECT c."SchoolId"::bigint
        FROM (
            SELECT
                n."SchoolId",
                n."District_DistrictId"
            FROM new_rows AS n
            EXCEPT ALL
            SELECT
                o."SchoolId",
                o."District_DistrictId"
            FROM old_rows AS o
        ) AS c
        UNION ALL
        SELECT c."SchoolId"::bigint
        FROM (
            SELECT
                o."SchoolId",
                o."District_DistrictId"
            FROM old_rows AS o
            EXCEPT ALL
            SELECT
                n."SchoolId",
                n."District_DistrictId"
            FROM new_rows AS n
        ) AS c
    );
    IF pg_catalog.cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    LOCK TABLE "auth"."EducationOrganizationIdToEducationOrganizationId" IN SHARE ROW EXCLUSIVE MODE;
    FOR organization IN
        SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
        UNION
        SELECT t."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
        WHERE t."SourceEducationOrganizationId" = ANY (changed)
        ORDER BY 1
    LOOP
        WITH RECURSIVE ancestors (id) AS (
            SELECT organization
            WHERE EXISTS (SELECT 1 FROM "athletics"."AthleticLeague" AS e WHERE e."AthleticLeagueId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."District" AS e WHERE e."DistrictId" = organization)
                OR EXISTS (SELECT 1 FROM "campus"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "athletics"."AthleticLeague" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."SanctioningDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."AthleticLeagueId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."District" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."ParentDistrict_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."DistrictId" = a.id
                UNION ALL
                SELECT p.id
                FROM "campus"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."District_DistrictId"::bigint)
                ) AS p (id)
                WHERE e."SchoolId" = a.id
            ) AS r
            WHERE r.id IS NOT NULL
        ), removed AS (
            DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
            WHERE t."TargetEducationOrganizationId" = organization
                AND t."SourceEducationOrganizationId" NOT IN (SELECT a.id FROM ancestors AS a)
        )
        INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
        SELECT a.id, organization
        FROM ancestors AS a
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_AuthHierarchy_Update"
AFTER UPDATE ON "campus"."School"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (19, 16);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusSchool$.schoolId=' || t."SchoolId"::pg_catalog.text
            ),
            t."DocumentId",
            19
        FROM "campus"."School" AS t
        WHERE t."DocumentId" = document;
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusEducationOrganization$.educationOrganizationId=' || t."SchoolId"::pg_catalog.text
            ),
            t."DocumentId",
            16
        FROM "campus"."School" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."School"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_School_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."School"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_Stamp_Update"
AFTER UPDATE ON "campus"."School"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_School_Stamp"();
CREATE OR REPLACE TRIGGER "TR_School_Stamp_Delete"
AFTER DELETE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_Insert"
AFTER INSERT ON "campus"."SchoolAddress"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_Update"
AFTER UPDATE ON "campus"."SchoolAddress"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_Delete"
AFTER DELETE ON "campus"."SchoolAddress"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolAddressOccupancyPeriod_Stamp_Insert"
AFTER INSERT ON "campus"."SchoolAddressOccupancyPeriod"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddressOccupancyPeriod_Stamp_Update"
AFTER UPDATE ON "campus"."SchoolAddressOccupancyPeriod"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddressOccupancyPeriod_Stamp_Delete"
AFTER DELETE ON "campus"."SchoolAddressOccupancyPeriod"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolEnrolment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."EntryDate",
                    n."SchoolId_Unified",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."EntryDate",
                    o."SchoolId_Unified",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (27);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStudentSchoolEnrolment$.entryDate=' || pg_catalog.to_char(t."EntryDate", 'YYYY-MM-DD')
                || '#$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
                || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"
            ),
            t."DocumentId",
            27
        FROM "campus"."SchoolEnrolment" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolEnrolment_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."SchoolEnrolment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_SchoolEnrolment_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."SchoolEnrolment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolEnrolment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."EntryDate",
                    n."SchoolId_Unified",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."EntryDate",
                    o."SchoolId_Unified",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolEnrolment_Stamp_Update"
AFTER UPDATE ON "campus"."SchoolEnrolment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolEnrolment_Stamp_Delete"
AFTER DELETE ON "campus"."SchoolEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."School_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."School_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."School_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."School_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevelDescriptor_Stamp_Insert"
AFTER INSERT ON "campus"."SchoolGradeLevelDescriptor"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevelDescriptor_Stamp_Update"
AFTER UPDATE ON "campus"."SchoolGradeLevelDescriptor"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevelDescriptor_Stamp_Delete"
AFTER DELETE ON "campus"."SchoolGradeLevelDescriptor"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolYearType_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolYear"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolYear"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (20);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusSchoolYearType$.schoolYear=' || t."SchoolYear"::pg_catalog.text
            ),
            t."DocumentId",
            20
        FROM "campus"."SchoolYearType" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolYearType_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."SchoolYearType"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_SchoolYearType_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."SchoolYearType"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolYearType_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolYear"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolYear"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolYearType_Stamp_Update"
AFTER UPDATE ON "campus"."SchoolYearType"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolYearType_Stamp_Delete"
AFTER DELETE ON "campus"."SchoolYearType"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Section_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CourseOffering_LocalCourseCode",
                    n."SchoolId_Unified",
                    n."CourseOffering_SchoolYear",
                    n."CourseOffering_SessionName",
                    n."CourseOffering_TermDescriptor_DescriptorId",
                    n."SectionIdentifier"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CourseOffering_LocalCourseCode",
                    o."SchoolId_Unified",
                    o."CourseOffering_SchoolYear",
                    o."CourseOffering_SessionName",
                    o."CourseOffering_TermDescriptor_DescriptorId",
                    o."SectionIdentifier"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (21);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusSection$.courseOfferingReference.localCourseCode=' || t."CourseOffering_LocalCourseCode"
                || '#$.courseOfferingReference.schoolId=' || t."CourseOffering_SchoolReferenceSchoolId"::pg_catalog.text
                || '#$.courseOfferingReference.schoolYear=' || t."CourseOffering_SchoolYear"::pg_catalog.text
                || '#$.courseOfferingReference.sessionName=' || t."CourseOffering_SessionName"
                || '#$.courseOfferingReference.termDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."CourseOffering_TermDescriptor_DescriptorId")
                || '#$.sectionIdentifier=' || t."SectionIdentifier"
            ),
            t."DocumentId",
            21
        FROM "campus"."Section" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Section_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Section"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Section_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Section_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Section"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Section_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Section_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."CourseOffering_LocalCourseCode",
                    n."SchoolId_Unified",
                    n."CourseOffering_SchoolYear",
                    n."CourseOffering_SessionName",
                    n."CourseOffering_TermDescriptor_DescriptorId",
                    n."SectionIdentifier"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."CourseOffering_LocalCourseCode",
                    o."SchoolId_Unified",
                    o."CourseOffering_SchoolYear",
                    o."CourseOffering_SessionName",
                    o."CourseOffering_TermDescriptor_DescriptorId",
                    o."SectionIdentifier"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Section_Stamp_Update"
AFTER UPDATE ON "campus"."Section"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Section_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Section_Stamp_Delete"
AFTER DELETE ON "campus"."Section"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Section_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Section_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Section_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Section_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Section_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SectionClassPeriod_Stamp_Insert"
AFTER INSERT ON "campus"."SectionClassPeriod"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SectionClassPeriod_Stamp_Update"
AFTER UPDATE ON "campus"."SectionClassPeriod"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SectionClassPeriod_Stamp_Delete"
AFTER DELETE ON "campus"."SectionClassPeriod"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Section_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Section_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Section_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Section_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SectionStaffAssignment_Stamp_Insert"
AFTER INSERT ON "campus"."SectionStaffAssignment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SectionStaffAssignment_Stamp_Update"
AFTER UPDATE ON "campus"."SectionStaffAssignment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SectionStaffAssignment_Stamp_Delete"
AFTER DELETE ON "campus"."SectionStaffAssignment"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Session_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId_Unified",
                    n."SchoolYear_Unified",
                    n."SessionName",
                    n."TermDescriptor_DescriptorId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId_Unified",
                    o."SchoolYear_Unified",
                    o."SessionName",
                    o."TermDescriptor_DescriptorId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (22);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusSession$.schoolReference.schoolId=' || t."School_SchoolId"::pg_catalog.text
                || '#$.schoolYearTypeReference.schoolYear=' || t."SchoolYear_SchoolYear"::pg_catalog.text
                || '#$.sessionName=' || t."SessionName"
                || '#$.termDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."TermDescriptor_DescriptorId")
            ),
            t."DocumentId",
            22
        FROM "campus"."Session" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Session_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Session"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Session_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Session_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Session"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Session_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Session_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."SchoolId_Unified",
                    n."SchoolYear_Unified",
                    n."SessionName",
                    n."TermDescriptor_DescriptorId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."SchoolId_Unified",
                    o."SchoolYear_Unified",
                    o."SessionName",
                    o."TermDescriptor_DescriptorId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Session_Stamp_Update"
AFTER UPDATE ON "campus"."Session"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Session_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Session_Stamp_Delete"
AFTER DELETE ON "campus"."Session"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Session_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Session_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Session_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Session_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Session_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SessionBreak_Stamp_Insert"
AFTER INSERT ON "campus"."SessionBreak"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SessionBreak_Stamp_Update"
AFTER UPDATE ON "campus"."SessionBreak"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SessionBreak_Stamp_Delete"
AFTER DELETE ON "campus"."SessionBreak"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Staff_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."StaffUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."StaffUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (23);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStaff$.staffUniqueId=' || t."StaffUniqueId"
            ),
            t."DocumentId",
            23
        FROM "campus"."Staff" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Staff_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Staff"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Staff_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Staff_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Staff"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Staff_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Staff_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."StaffUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."StaffUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Staff_Stamp_Update"
AFTER UPDATE ON "campus"."Staff"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Staff_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Staff_Stamp_Delete"
AFTER DELETE ON "campus"."Staff"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Staff_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Staff_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Staff_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Staff_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Staff_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffPhone_Stamp_Insert"
AFTER INSERT ON "campus"."StaffPhone"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffPhone_Stamp_Update"
AFTER UPDATE ON "campus"."StaffPhone"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StaffPhone_Stamp_Delete"
AFTER DELETE ON "campus"."StaffPhone"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Student_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."StudentUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (25);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStudent$.studentUniqueId=' || t."StudentUniqueId"
            ),
            t."DocumentId",
            25
        FROM "campus"."Student" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Student_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."Student"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Student_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_Student_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."Student"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Student_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Student_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."StudentUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Student_Stamp_Update"
AFTER UPDATE ON "campus"."Student"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_Student_Stamp"();
CREATE OR REPLACE TRIGGER "TR_Student_Stamp_Delete"
AFTER DELETE ON "campus"."Student"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Student_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Assessment_AssessmentIdentifier",
                    n."Assessment_Namespace",
                    n."StudentAssessmentIdentifier",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Assessment_AssessmentIdentifier",
                    o."Assessment_Namespace",
                    o."StudentAssessmentIdentifier",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (26);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStudentAssessment$.assessmentReference.assessmentIdentifier=' || t."Assessment_AssessmentIdentifier"
                || '#$.assessmentReference.namespace=' || t."Assessment_Namespace"
                || '#$.studentAssessmentIdentifier=' || t."StudentAssessmentIdentifier"
                || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"
            ),
            t."DocumentId",
            26
        FROM "campus"."StudentAssessment" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessment_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."StudentAssessment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessment_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."StudentAssessment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."Assessment_AssessmentIdentifier",
                    n."Assessment_Namespace",
                    n."StudentAssessmentIdentifier",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."Assessment_AssessmentIdentifier",
                    o."Assessment_Namespace",
                    o."StudentAssessmentIdentifier",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessment_Stamp_Update"
AFTER UPDATE ON "campus"."StudentAssessment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessment_Stamp_Delete"
AFTER DELETE ON "campus"."StudentAssessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentAssessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentAssessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItem_Stamp_Insert"
AFTER INSERT ON "campus"."StudentAssessmentItem"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItem_Stamp_Update"
AFTER UPDATE ON "campus"."StudentAssessmentItem"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItem_Stamp_Delete"
AFTER DELETE ON "campus"."StudentAssessmentItem"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentAssessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentAssessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItemRespons_Stamp_Insert"
AFTER INSERT ON "campus"."StudentAssessmentItemRespons"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItemRespons_Stamp_Update"
AFTER UPDATE ON "campus"."StudentAssessmentItemRespons"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentItemRespons_Stamp_Delete"
AFTER DELETE ON "campus"."StudentAssessmentItemRespons"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentAssessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentAssessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScore_Stamp_Insert"
AFTER INSERT ON "campus"."StudentAssessmentScore"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScore_Stamp_Update"
AFTER UPDATE ON "campus"."StudentAssessmentScore"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScore_Stamp_Delete"
AFTER DELETE ON "campus"."StudentAssessmentScore"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentAssessment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentAssessment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentAssessment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScoreAdjustment_Stamp_Insert"
AFTER INSERT ON "campus"."StudentAssessmentScoreAdjustment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScoreAdjustment_Stamp_Update"
AFTER UPDATE ON "campus"."StudentAssessmentScoreAdjustment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentAssessmentScoreAdjustment_Stamp_Delete"
AFTER DELETE ON "campus"."StudentAssessmentScoreAdjustment"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Student_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Student_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Student_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Student_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocument_Stamp_Insert"
AFTER INSERT ON "campus"."StudentIdentificationDocument"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocument_Stamp_Update"
AFTER UPDATE ON "campus"."StudentIdentificationDocument"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocument_Stamp_Delete"
AFTER DELETE ON "campus"."StudentIdentificationDocument"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."Student_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."Student_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."Student_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."Student_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocumentRenewal_Stamp_Insert"
AFTER INSERT ON "campus"."StudentIdentificationDocumentRenewal"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocumentRenewal_Stamp_Update"
AFTER UPDATE ON "campus"."StudentIdentificationDocumentRenewal"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentIdentificationDocumentRenewal_Stamp_Delete"
AFTER DELETE ON "campus"."StudentIdentificationDocumentRenewal"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AttendanceOutcomeDescriptor_DescriptorId",
                    n."EventDate",
                    n."Section_LocalCourseCode",
                    n."SchoolId_Unified",
                    n."SchoolYear_Unified",
                    n."Section_SectionIdentifier",
                    n."SessionName_Unified",
                    n."TermDescriptor_Unified_DescriptorId",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AttendanceOutcomeDescriptor_DescriptorId",
                    o."EventDate",
                    o."Section_LocalCourseCode",
                    o."SchoolId_Unified",
                    o."SchoolYear_Unified",
                    o."Section_SectionIdentifier",
                    o."SessionName_Unified",
                    o."TermDescriptor_Unified_DescriptorId",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (28);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStudentSectionAttendanceEvent$.attendanceOutcomeDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."AttendanceOutcomeDescriptor_DescriptorId")
                || '#$.eventDate=' || pg_catalog.to_char(t."EventDate", 'YYYY-MM-DD')
                || '#$.sectionReference.localCourseCode=' || t."Section_LocalCourseCode"
                || '#$.sectionReference.schoolId=' || t."Section_SchoolId"::pg_catalog.text
                || '#$.sectionReference.schoolYear=' || t."Section_SchoolYear"::pg_catalog.text
                || '#$.sectionReference.sectionIdentifier=' || t."Section_SectionIdentifier"
                || '#$.sectionReference.sessionName=' || t."Section_SessionName"
                || '#$.sectionReference.termDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Section_TermDescriptor_DescriptorId")
                || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"
            ),
            t."DocumentId",
            28
        FROM "campus"."StudentSectionAttendanceEvent" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEvent_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."StudentSectionAttendanceEvent"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEvent_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."StudentSectionAttendanceEvent"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."AttendanceOutcomeDescriptor_DescriptorId",
                    n."EventDate",
                    n."Section_LocalCourseCode",
                    n."SchoolId_Unified",
                    n."SchoolYear_Unified",
                    n."Section_SectionIdentifier",
                    n."SessionName_Unified",
                    n."TermDescriptor_Unified_DescriptorId",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."AttendanceOutcomeDescriptor_DescriptorId",
                    o."EventDate",
                    o."Section_LocalCourseCode",
                    o."SchoolId_Unified",
                    o."SchoolYear_Unified",
                    o."Section_SectionIdentifier",
                    o."SessionName_Unified",
                    o."TermDescriptor_Unified_DescriptorId",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEvent_Stamp_Update"
AFTER UPDATE ON "campus"."StudentSectionAttendanceEvent"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEvent_Stamp_Delete"
AFTER DELETE ON "campus"."StudentSectionAttendanceEvent"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentSectionAttendanceEvent_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentSectionAttendanceEvent_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentSectionAttendanceEvent_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentSectionAttendanceEvent_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContact_Stamp_Insert"
AFTER INSERT ON "campus"."StudentSectionAttendanceEventGuardianContact"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContact_Stamp_Update"
AFTER UPDATE ON "campus"."StudentSectionAttendanceEventGuardianContact"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContact_Stamp_Delete"
AFTER DELETE ON "campus"."StudentSectionAttendanceEventGuardianContact"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentSectionAttendanceEvent_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentSectionAttendanceEvent_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentSectionAttendanceEvent_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentSectionAttendanceEvent_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContactDeliv_12139a2724"
AFTER INSERT ON "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContactDeliv_3eeb57a552"
AFTER UPDATE ON "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEventGuardianContactDeliv_54a6fe75a6"
AFTER DELETE ON "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    document bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT n."DocumentId" FROM new_rows AS n
            ORDER BY 1
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."BeginDate",
                    n."Section_LocalCourseCode",
                    n."Section_SchoolId",
                    n."Section_SchoolYear",
                    n."Section_SectionIdentifier",
                    n."Section_SessionName",
                    n."Section_TermDescriptor_DescriptorId",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."BeginDate",
                    o."Section_LocalCourseCode",
                    o."Section_SchoolId",
                    o."Section_SchoolYear",
                    o."Section_SectionIdentifier",
                    o."Section_SessionName",
                    o."Section_TermDescriptor_DescriptorId",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
            ORDER BY 1
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH document IN ARRAY documents LOOP
        DELETE FROM "dms"."ReferentialIdentity"
        WHERE "DocumentId" = document
            AND "ResourceKeyId" IN (29);
    END LOOP;
    FOREACH document IN ARRAY documents LOOP
        INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
        SELECT
            "dms"."uuidv5"(
                'edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::pg_catalog.uuid,
                'CampusStudentSectionEnrolment$.beginDate=' || pg_catalog.to_char(t."BeginDate", 'YYYY-MM-DD')
                || '#$.sectionReference.localCourseCode=' || t."Section_LocalCourseCode"
                || '#$.sectionReference.schoolId=' || t."Section_SchoolId"::pg_catalog.text
                || '#$.sectionReference.schoolYear=' || t."Section_SchoolYear"::pg_catalog.text
                || '#$.sectionReference.sectionIdentifier=' || t."Section_SectionIdentifier"
                || '#$.sectionReference.sessionName=' || t."Section_SessionName"
                || '#$.sectionReference.termDescriptor=' || (SELECT pg_catalog.lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Section_TermDescriptor_DescriptorId")
                || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"
            ),
            t."DocumentId",
            29
        FROM "campus"."StudentSectionEnrolment" AS t
        WHERE t."DocumentId" = document;
    END LOOP;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolment_ReferentialIdentity_Insert"
AFTER INSERT ON "campus"."StudentSectionEnrolment"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_ReferentialIdentity"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolment_ReferentialIdentity_Update"
AFTER UPDATE ON "campus"."StudentSectionEnrolment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    changed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT DISTINCT n."DocumentId" FROM new_rows AS n
        );
        IF pg_catalog.cardinality(documents) = 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = documents[1];
        ELSIF pg_catalog.cardinality(documents) > 1 THEN
            UPDATE "dms"."Document"
            SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (ARRAY(
                SELECT d."DocumentId"
                FROM "dms"."Document" AS d
                WHERE d."DocumentId" = ANY (documents)
                ORDER BY d."DocumentId"
                FOR NO KEY UPDATE
            ));
        END IF;
        changed := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."BeginDate",
                    n."Section_LocalCourseCode",
                    n."Section_SchoolId",
                    n."Section_SchoolYear",
                    n."Section_SectionIdentifier",
                    n."Section_SessionName",
                    n."Section_TermDescriptor_DescriptorId",
                    n."Student_StudentUniqueId"
                FROM new_rows AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."BeginDate",
                    o."Section_LocalCourseCode",
                    o."Section_SchoolId",
                    o."Section_SchoolYear",
                    o."Section_SectionIdentifier",
                    o."Section_SessionName",
                    o."Section_TermDescriptor_DescriptorId",
                    o."Student_StudentUniqueId"
                FROM old_rows AS o
            ) AS c
        );
        IF pg_catalog.cardinality(changed) > 0 THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
                "IdentityLastModifiedAt" = pg_catalog.now()
            WHERE "DocumentId" = ANY (changed);
        END IF;
    ELSE
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = OLD."DocumentId";
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolment_Stamp_Update"
AFTER UPDATE ON "campus"."StudentSectionEnrolment"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolment_Stamp_Delete"
AFTER DELETE ON "campus"."StudentSectionEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        documents := ARRAY(
            SELECT DISTINCT n."StudentSectionEnrolment_DocumentId" FROM new_rows AS n
        );
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT n."StudentSectionEnrolment_DocumentId" FROM new_rows AS n
            UNION
            SELECT o."StudentSectionEnrolment_DocumentId" FROM old_rows AS o
        );
    ELSE
        documents := ARRAY(
            SELECT DISTINCT o."StudentSectionEnrolment_DocumentId" FROM old_rows AS o
        );
    END IF;
    IF pg_catalog.cardinality(documents) = 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = documents[1];
    ELSIF pg_catalog.cardinality(documents) > 1 THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (ARRAY(
            SELECT d."DocumentId"
            FROM "dms"."Document" AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolmentGradeMark_Stamp_Insert"
AFTER INSERT ON "campus"."StudentSectionEnrolmentGradeMark"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolmentGradeMark_Stamp_Update"
AFTER UPDATE ON "campus"."StudentSectionEnrolmentGradeMark"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"();
CREATE OR REPLACE TRIGGER "TR_StudentSectionEnrolmentGradeMark_Stamp_Delete"
AFTER DELETE ON "campus"."StudentSectionEnrolmentGradeMark"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"();

-- ==========================================================
-- Phase 16: Seed Data (insert-if-missing + validation)
-- ==========================================================

-- ResourceKey seed inserts (insert-if-missing)
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (1, 'Athletics', 'AthleticLeague', '0.9.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (2, 'Athletics', 'SportDescriptor', '0.9.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (3, 'Athletics', 'Team', '0.9.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (4, 'Athletics', 'TeamRosterEntry', '0.9.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (5, 'Campus', 'AddressKindDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (6, 'Campus', 'Assessment', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (7, 'Campus', 'AssessmentItem', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (8, 'Campus', 'AttendanceOutcomeDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (9, 'Campus', 'Calendar', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (10, 'Campus', 'CalendarDate', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (11, 'Campus', 'CalendarDayKindDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (12, 'Campus', 'ClassPeriod', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (13, 'Campus', 'Course', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (14, 'Campus', 'CourseOffering', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (15, 'Campus', 'District', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (16, 'Campus', 'EducationOrganization', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (17, 'Campus', 'GradeLevelDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (18, 'Campus', 'Location', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (19, 'Campus', 'School', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (20, 'Campus', 'SchoolYearType', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (21, 'Campus', 'Section', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (22, 'Campus', 'Session', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (23, 'Campus', 'Staff', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (24, 'Campus', 'StaffRoleDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (25, 'Campus', 'Student', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (26, 'Campus', 'StudentAssessment', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (27, 'Campus', 'StudentSchoolEnrolment', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (28, 'Campus', 'StudentSectionAttendanceEvent', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (29, 'Campus', 'StudentSectionEnrolment', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (30, 'Campus', 'SubjectDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (31, 'Campus', 'TermDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;

-- ResourceKey full-table validation (count + content)
DO $$
DECLARE
    actual_count bigint;
    mismatch_count bigint;
    mismatch_keys text;
BEGIN
    SELECT pg_catalog.count(*) INTO actual_count FROM "dms"."ResourceKey";
    IF actual_count <> 31 THEN
        RAISE EXCEPTION 'dms.ResourceKey count mismatch: expected %, found %', 31, actual_count;
    END IF;
    SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual."ResourceKeyId" ORDER BY actual."ResourceKeyId"))[1:10], ', ')
    INTO mismatch_count, mismatch_keys
    FROM "dms"."ResourceKey" AS actual
    WHERE NOT EXISTS (
        SELECT 1
        FROM (VALUES
            (1::smallint, 'Athletics', 'AthleticLeague', '0.9.0'),
            (2::smallint, 'Athletics', 'SportDescriptor', '0.9.0'),
            (3::smallint, 'Athletics', 'Team', '0.9.0'),
            (4::smallint, 'Athletics', 'TeamRosterEntry', '0.9.0'),
            (5::smallint, 'Campus', 'AddressKindDescriptor', '1.0.0'),
            (6::smallint, 'Campus', 'Assessment', '1.0.0'),
            (7::smallint, 'Campus', 'AssessmentItem', '1.0.0'),
            (8::smallint, 'Campus', 'AttendanceOutcomeDescriptor', '1.0.0'),
            (9::smallint, 'Campus', 'Calendar', '1.0.0'),
            (10::smallint, 'Campus', 'CalendarDate', '1.0.0'),
            (11::smallint, 'Campus', 'CalendarDayKindDescriptor', '1.0.0'),
            (12::smallint, 'Campus', 'ClassPeriod', '1.0.0'),
            (13::smallint, 'Campus', 'Course', '1.0.0'),
            (14::smallint, 'Campus', 'CourseOffering', '1.0.0'),
            (15::smallint, 'Campus', 'District', '1.0.0'),
            (16::smallint, 'Campus', 'EducationOrganization', '1.0.0'),
            (17::smallint, 'Campus', 'GradeLevelDescriptor', '1.0.0'),
            (18::smallint, 'Campus', 'Location', '1.0.0'),
            (19::smallint, 'Campus', 'School', '1.0.0'),
            (20::smallint, 'Campus', 'SchoolYearType', '1.0.0'),
            (21::smallint, 'Campus', 'Section', '1.0.0'),
            (22::smallint, 'Campus', 'Session', '1.0.0'),
            (23::smallint, 'Campus', 'Staff', '1.0.0'),
            (24::smallint, 'Campus', 'StaffRoleDescriptor', '1.0.0'),
            (25::smallint, 'Campus', 'Student', '1.0.0'),
            (26::smallint, 'Campus', 'StudentAssessment', '1.0.0'),
            (27::smallint, 'Campus', 'StudentSchoolEnrolment', '1.0.0'),
            (28::smallint, 'Campus', 'StudentSectionAttendanceEvent', '1.0.0'),
            (29::smallint, 'Campus', 'StudentSectionEnrolment', '1.0.0'),
            (30::smallint, 'Campus', 'SubjectDescriptor', '1.0.0'),
            (31::smallint, 'Campus', 'TermDescriptor', '1.0.0')
        ) AS expected ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion")
        WHERE expected."ResourceKeyId" = actual."ResourceKeyId"
            AND expected."ProjectName" = actual."ProjectName"
            AND expected."ResourceName" = actual."ResourceName"
            AND expected."ResourceVersion" = actual."ResourceVersion"
    );
    IF mismatch_count > 0 THEN
        RAISE EXCEPTION 'dms.ResourceKey contents mismatch: % unexpected or modified rows (ResourceKeyIds: %). Run dms-ddl provision for a row-level diff.', mismatch_count, mismatch_keys;
    END IF;
END $$;

-- EffectiveSchema singleton insert-if-missing
INSERT INTO "dms"."EffectiveSchema" ("EffectiveSchemaSingletonId", "ApiSchemaFormatVersion", "EffectiveSchemaHash", "ResourceKeyCount", "ResourceKeySeedHash") VALUES (1, '1.0.0', '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', 31, '\x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92'::bytea) ON CONFLICT ("EffectiveSchemaSingletonId") DO NOTHING;

-- EffectiveSchema validation (ApiSchemaFormatVersion + ResourceKeyCount + ResourceKeySeedHash)
DO $$
DECLARE
    stored_version text;
    stored_count integer;
    stored_seed_hash bytea;
BEGIN
    SELECT "ApiSchemaFormatVersion", "ResourceKeyCount", "ResourceKeySeedHash"
    INTO stored_version, stored_count, stored_seed_hash
    FROM "dms"."EffectiveSchema"
    WHERE "EffectiveSchemaSingletonId" = 1;
    IF FOUND THEN
        IF stored_version IS NULL OR pg_catalog.btrim(stored_version) = '' THEN
            RAISE EXCEPTION 'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.';
        END IF;
        IF stored_count IS DISTINCT FROM 31 THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeyCount mismatch: expected %, found %', 31, stored_count;
        END IF;
        IF stored_seed_hash IS DISTINCT FROM '\x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92'::bytea THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeySeedHash mismatch: stored % but expected %',
                pg_catalog.encode(stored_seed_hash, 'hex'), pg_catalog.encode('\x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92'::bytea, 'hex');
        END IF;
    END IF;
END $$;

-- SchemaComponent seed inserts (insert-if-missing)
INSERT INTO "dms"."SchemaComponent" ("EffectiveSchemaHash", "ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject") VALUES ('6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', 'athletics', 'Athletics', '0.9.0', true) ON CONFLICT ("EffectiveSchemaHash", "ProjectEndpointName") DO NOTHING;
INSERT INTO "dms"."SchemaComponent" ("EffectiveSchemaHash", "ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject") VALUES ('6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', 'campus', 'Campus', '1.0.0', false) ON CONFLICT ("EffectiveSchemaHash", "ProjectEndpointName") DO NOTHING;

-- SchemaComponent exact-match validation (count + content)
DO $$
DECLARE
    actual_count bigint;
    mismatch_count bigint;
    mismatch_keys text;
BEGIN
    SELECT pg_catalog.count(*) INTO actual_count FROM "dms"."SchemaComponent" WHERE "EffectiveSchemaHash" = '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf';
    IF actual_count <> 2 THEN
        RAISE EXCEPTION 'dms.SchemaComponent count mismatch: expected %, found %', 2, actual_count;
    END IF;
    SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual."ProjectEndpointName" ORDER BY actual."ProjectEndpointName"))[1:10], ', ')
    INTO mismatch_count, mismatch_keys
    FROM "dms"."SchemaComponent" AS actual
    WHERE actual."EffectiveSchemaHash" = '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND NOT EXISTS (
        SELECT 1
        FROM (VALUES
            ('athletics', 'Athletics', '0.9.0', true),
            ('campus', 'Campus', '1.0.0', false)
        ) AS expected ("ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject")
        WHERE expected."ProjectEndpointName" = actual."ProjectEndpointName"
            AND expected."ProjectName" = actual."ProjectName"
            AND expected."ProjectVersion" = actual."ProjectVersion"
            AND expected."IsExtensionProject" = actual."IsExtensionProject"
    );
    IF mismatch_count > 0 THEN
        RAISE EXCEPTION 'dms.SchemaComponent contents mismatch: % unexpected or modified rows (ProjectEndpointNames: %). Run dms-ddl provision for a row-level diff.', mismatch_count, mismatch_keys;
    END IF;
END $$;

