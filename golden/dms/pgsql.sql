-- ==========================================================
-- Phase 0: Preflight (fail fast on schema hash mismatch)
-- ==========================================================

-- Preflight: fail fast if database is provisioned for a different schema hash
DO $$
DECLARE
    stored_hash text;
BEGIN
    IF to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN
        SELECT "EffectiveSchemaHash" INTO stored_hash
        FROM "dms"."EffectiveSchema"
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF stored_hash IS NOT NULL AND stored_hash <> '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' THEN
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
    SELECT n.nspname INTO pgcrypto_schema
    FROM pg_catalog.pg_extension AS e
    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pgcrypto';
    EXECUTE format($create$
CREATE OR REPLACE FUNCTION "dms"."uuidv5"(namespace_uuid uuid, name_text text)
RETURNS uuid
LANGUAGE plpgsql
IMMUTABLE STRICT PARALLEL SAFE
AS $uuidv5$
DECLARE
    hash bytea;
BEGIN
    hash := %I.digest(decode(replace(namespace_uuid::text, '-', ''), 'hex') || convert_to(name_text, 'UTF8'), 'sha1');
    hash := substring(hash FROM 1 FOR 16);
    hash := set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80);
    hash := set_byte(hash, 8, (get_byte(hash, 8) & 63) | 128);
    RETURN encode(hash, 'hex')::uuid;
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
        WHERE conname = 'UX_Descriptor_Uri_Discriminator' AND conrelid = to_regclass('"dms"."Descriptor"')
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
    "ContentVersion" bigint NOT NULL DEFAULT nextval('"dms"."ChangeVersionSequence"'),
    "IdentityVersion" bigint NOT NULL DEFAULT nextval('"dms"."ChangeVersionSequence"'),
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT now(),
    "IdentityLastModifiedAt" timestamp with time zone NOT NULL DEFAULT now(),
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT "PK_Document" PRIMARY KEY ("DocumentId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_Document_DocumentUuid' AND conrelid = to_regclass('"dms"."Document"')
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
    "ComputedAt" timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT "PK_DocumentCache" PRIMARY KEY ("DocumentId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_DocumentCache_DocumentUuid' AND conrelid = to_regclass('"dms"."DocumentCache"')
    ) THEN
        ALTER TABLE "dms"."DocumentCache"
        ADD CONSTRAINT "UX_DocumentCache_DocumentUuid" UNIQUE ("DocumentUuid");
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_DocumentCache_JsonObject' AND conrelid = to_regclass('"dms"."DocumentCache"')
    ) THEN
        ALTER TABLE "dms"."DocumentCache"
        ADD CONSTRAINT "CK_DocumentCache_JsonObject" CHECK (jsonb_typeof("DocumentJson") = 'object');
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."DocumentChangeEvent"
(
    "ChangeVersion" bigint NOT NULL,
    "DocumentId" bigint NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT "PK_DocumentChangeEvent" PRIMARY KEY ("ChangeVersion", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "dms"."EffectiveSchema"
(
    "EffectiveSchemaSingletonId" smallint NOT NULL,
    "ApiSchemaFormatVersion" varchar(64) NOT NULL,
    "EffectiveSchemaHash" varchar(64) NOT NULL,
    "ResourceKeyCount" smallint NOT NULL,
    "ResourceKeySeedHash" bytea NOT NULL,
    "AppliedAt" timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT "PK_EffectiveSchema" PRIMARY KEY ("EffectiveSchemaSingletonId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_Singleton' AND conrelid = to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_Singleton" CHECK ("EffectiveSchemaSingletonId" = 1);
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank' AND conrelid = to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank" CHECK (btrim("ApiSchemaFormatVersion") <> '');
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_EffectiveSchema_ResourceKeySeedHash_Length' AND conrelid = to_regclass('"dms"."EffectiveSchema"')
    ) THEN
        ALTER TABLE "dms"."EffectiveSchema"
        ADD CONSTRAINT "CK_EffectiveSchema_ResourceKeySeedHash_Length" CHECK (octet_length("ResourceKeySeedHash") = 32);
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_EffectiveSchema_EffectiveSchemaHash' AND conrelid = to_regclass('"dms"."EffectiveSchema"')
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
        WHERE conname = 'UX_ResourceKey_ProjectName_ResourceName' AND conrelid = to_regclass('"dms"."ResourceKey"')
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
        WHERE conname = 'FK_Descriptor_Document' AND conrelid = to_regclass('"dms"."Descriptor"')
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
        WHERE conname = 'FK_Document_ResourceKey' AND conrelid = to_regclass('"dms"."Document"')
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
        WHERE conname = 'FK_DocumentCache_Document' AND conrelid = to_regclass('"dms"."DocumentCache"')
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
        WHERE conname = 'FK_DocumentChangeEvent_Document' AND conrelid = to_regclass('"dms"."DocumentChangeEvent"')
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
        WHERE conname = 'FK_DocumentChangeEvent_ResourceKey' AND conrelid = to_regclass('"dms"."DocumentChangeEvent"')
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
        WHERE conname = 'FK_ReferentialIdentity_Document' AND conrelid = to_regclass('"dms"."ReferentialIdentity"')
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
        WHERE conname = 'FK_ReferentialIdentity_ResourceKey' AND conrelid = to_regclass('"dms"."ReferentialIdentity"')
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
        WHERE conname = 'FK_SchemaComponent_EffectiveSchemaHash' AND conrelid = to_regclass('"dms"."SchemaComponent"')
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
    INSERT INTO "dms"."DocumentChangeEvent" ("ChangeVersion", "DocumentId", "ResourceKeyId", "CreatedAt")
    VALUES (NEW."ContentVersion", NEW."DocumentId", NEW."ResourceKeyId", now());
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Document_Journal" ON "dms"."Document";
CREATE TRIGGER "TR_Document_Journal"
AFTER INSERT OR UPDATE OF "ContentVersion" ON "dms"."Document"
FOR EACH ROW
EXECUTE FUNCTION "dms"."TF_Document_Journal"();

CREATE SCHEMA IF NOT EXISTS "athletics";
CREATE SCHEMA IF NOT EXISTS "campus";
CREATE SCHEMA IF NOT EXISTS "auth";

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

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_AthleticLeague_Document' AND conrelid = to_regclass('"athletics"."AthleticLeague"')
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
        WHERE conname = 'FK_AthleticLeague_SanctioningDistrict_RefKey' AND conrelid = to_regclass('"athletics"."AthleticLeague"')
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
        WHERE conname = 'FK_AthleticLeagueSeason_AthleticLeague' AND conrelid = to_regclass('"athletics"."AthleticLeagueSeason"')
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
        WHERE conname = 'FK_Team_AthleticLeague_RefKey' AND conrelid = to_regclass('"athletics"."Team"')
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
        WHERE conname = 'FK_Team_Document' AND conrelid = to_regclass('"athletics"."Team"')
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
        WHERE conname = 'FK_Team_HomeLocation_RefKey' AND conrelid = to_regclass('"athletics"."Team"')
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
        WHERE conname = 'FK_Team_School_RefKey' AND conrelid = to_regclass('"athletics"."Team"')
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
        WHERE conname = 'FK_Team_SportDescriptor' AND conrelid = to_regclass('"athletics"."Team"')
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
        WHERE conname = 'FK_TeamMatch_OpponentTeam_RefKey' AND conrelid = to_regclass('"athletics"."TeamMatch"')
    ) THEN
        ALTER TABLE "athletics"."TeamMatch"
        ADD CONSTRAINT "FK_TeamMatch_OpponentTeam_RefKey" FOREIGN KEY ("OpponentTeam_DocumentId", "OpponentTeam_SchoolId", "OpponentTeam_SportDescriptor_DescriptorId", "OpponentTeam_TeamCode")
        REFERENCES "athletics"."Team" ("DocumentId", "SchoolId_Unified", "SportDescriptor_DescriptorId", "TeamCode")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_TeamMatch_OpponentTeam_SportDescriptor' AND conrelid = to_regclass('"athletics"."TeamMatch"')
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
        WHERE conname = 'FK_TeamMatch_Team' AND conrelid = to_regclass('"athletics"."TeamMatch"')
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
        WHERE conname = 'FK_TeamMatchPeriod_TeamMatch' AND conrelid = to_regclass('"athletics"."TeamMatchPeriod"')
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
        WHERE conname = 'FK_TeamRosterEntry_Document' AND conrelid = to_regclass('"athletics"."TeamRosterEntry"')
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
        WHERE conname = 'FK_TeamRosterEntry_EligibilityEnrolment_RefKey' AND conrelid = to_regclass('"athletics"."TeamRosterEntry"')
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
        WHERE conname = 'FK_TeamRosterEntry_Student_RefKey' AND conrelid = to_regclass('"athletics"."TeamRosterEntry"')
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
        WHERE conname = 'FK_TeamRosterEntry_Team_RefKey' AND conrelid = to_regclass('"athletics"."TeamRosterEntry"')
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
        WHERE conname = 'FK_TeamRosterEntry_Team_SportDescriptor' AND conrelid = to_regclass('"athletics"."TeamRosterEntry"')
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
        WHERE conname = 'FK_Assessment_Document' AND conrelid = to_regclass('"campus"."Assessment"')
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
        WHERE conname = 'FK_Assessment_SponsoringOrganization_RefKey' AND conrelid = to_regclass('"campus"."Assessment"')
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
        WHERE conname = 'FK_Assessment_SubjectDescriptor' AND conrelid = to_regclass('"campus"."Assessment"')
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
        WHERE conname = 'FK_AssessmentGradeLevelDescriptor_Assessment' AND conrelid = to_regclass('"campus"."AssessmentGradeLevelDescriptor"')
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
        WHERE conname = 'FK_AssessmentGradeLevelDescriptor_GradeLevelDescriptor' AND conrelid = to_regclass('"campus"."AssessmentGradeLevelDescriptor"')
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
        WHERE conname = 'FK_AssessmentBand_Assessment' AND conrelid = to_regclass('"campus"."AssessmentBand"')
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
        WHERE conname = 'FK_AssessmentBandLabel_AssessmentBand' AND conrelid = to_regclass('"campus"."AssessmentBandLabel"')
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
        WHERE conname = 'FK_AssessmentItem_Assessment_RefKey' AND conrelid = to_regclass('"campus"."AssessmentItem"')
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
        WHERE conname = 'FK_AssessmentItem_Document' AND conrelid = to_regclass('"campus"."AssessmentItem"')
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
        WHERE conname = 'FK_AssessmentItemPossibleRespons_AssessmentItem' AND conrelid = to_regclass('"campus"."AssessmentItemPossibleRespons"')
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
        WHERE conname = 'FK_Calendar_Document' AND conrelid = to_regclass('"campus"."Calendar"')
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
        WHERE conname = 'FK_Calendar_SchoolYear_RefKey' AND conrelid = to_regclass('"campus"."Calendar"')
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
        WHERE conname = 'FK_Calendar_School_RefKey' AND conrelid = to_regclass('"campus"."Calendar"')
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
        WHERE conname = 'FK_CalendarWeek_Calendar' AND conrelid = to_regclass('"campus"."CalendarWeek"')
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
        WHERE conname = 'FK_CalendarDate_Calendar_RefKey' AND conrelid = to_regclass('"campus"."CalendarDate"')
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
        WHERE conname = 'FK_CalendarDate_Document' AND conrelid = to_regclass('"campus"."CalendarDate"')
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
        WHERE conname = 'FK_CalendarDateCalendarEvent_CalendarDate' AND conrelid = to_regclass('"campus"."CalendarDateCalendarEvent"')
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
        WHERE conname = 'FK_CalendarDateCalendarEvent_CalendarDayKindDescriptor' AND conrelid = to_regclass('"campus"."CalendarDateCalendarEvent"')
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
        WHERE conname = 'FK_ClassPeriod_Document' AND conrelid = to_regclass('"campus"."ClassPeriod"')
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
        WHERE conname = 'FK_ClassPeriod_School_RefKey' AND conrelid = to_regclass('"campus"."ClassPeriod"')
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
        WHERE conname = 'FK_ClassPeriodMeetingTime_ClassPeriod' AND conrelid = to_regclass('"campus"."ClassPeriodMeetingTime"')
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
        WHERE conname = 'FK_Course_Document' AND conrelid = to_regclass('"campus"."Course"')
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
        WHERE conname = 'FK_Course_EducationOrganization_RefKey' AND conrelid = to_regclass('"campus"."Course"')
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
        WHERE conname = 'FK_Course_SubjectDescriptor' AND conrelid = to_regclass('"campus"."Course"')
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
        WHERE conname = 'FK_CourseOfferedGradeLevel_Course' AND conrelid = to_regclass('"campus"."CourseOfferedGradeLevel"')
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
        WHERE conname = 'FK_CourseOfferedGradeLevel_GradeLevelDescriptor' AND conrelid = to_regclass('"campus"."CourseOfferedGradeLevel"')
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
        WHERE conname = 'FK_CoursePrerequisite_Course' AND conrelid = to_regclass('"campus"."CoursePrerequisite"')
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
        WHERE conname = 'FK_CoursePrerequisite_PrerequisiteCourse_RefKey' AND conrelid = to_regclass('"campus"."CoursePrerequisite"')
    ) THEN
        ALTER TABLE "campus"."CoursePrerequisite"
        ADD CONSTRAINT "FK_CoursePrerequisite_PrerequisiteCourse_RefKey" FOREIGN KEY ("PrerequisiteCourse_DocumentId", "PrerequisiteCourse_CourseCode", "PrerequisiteCourse_EducationOrganizationId")
        REFERENCES "campus"."Course" ("DocumentId", "CourseCode", "EducationOrganization_EducationOrganizationId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Course_RefKey' AND conrelid = to_regclass('"campus"."CourseOffering"')
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
        WHERE conname = 'FK_CourseOffering_Document' AND conrelid = to_regclass('"campus"."CourseOffering"')
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
        WHERE conname = 'FK_CourseOffering_School_RefKey' AND conrelid = to_regclass('"campus"."CourseOffering"')
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
        WHERE conname = 'FK_CourseOffering_Session_RefKey' AND conrelid = to_regclass('"campus"."CourseOffering"')
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
        WHERE conname = 'FK_CourseOffering_Session_TermDescriptor' AND conrelid = to_regclass('"campus"."CourseOffering"')
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
        WHERE conname = 'FK_CourseOfferingFee_CourseOffering' AND conrelid = to_regclass('"campus"."CourseOfferingFee"')
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
        WHERE conname = 'FK_District_Document' AND conrelid = to_regclass('"campus"."District"')
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
        WHERE conname = 'FK_District_ParentDistrict_RefKey' AND conrelid = to_regclass('"campus"."District"')
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
        WHERE conname = 'FK_DistrictPhoneNumber_District' AND conrelid = to_regclass('"campus"."DistrictPhoneNumber"')
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
        WHERE conname = 'FK_Location_Document' AND conrelid = to_regclass('"campus"."Location"')
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
        WHERE conname = 'FK_Location_School_RefKey' AND conrelid = to_regclass('"campus"."Location"')
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
        WHERE conname = 'FK_LocationEquipment_Location' AND conrelid = to_regclass('"campus"."LocationEquipment"')
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
        WHERE conname = 'FK_LocationEquipmentCheck_LocationEquipment' AND conrelid = to_regclass('"campus"."LocationEquipmentCheck"')
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
        WHERE conname = 'FK_School_District_RefKey' AND conrelid = to_regclass('"campus"."School"')
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
        WHERE conname = 'FK_School_Document' AND conrelid = to_regclass('"campus"."School"')
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
        WHERE conname = 'FK_SchoolExtension_AthleticLeague_RefKey' AND conrelid = to_regclass('"athletics"."SchoolExtension"')
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
        WHERE conname = 'FK_SchoolExtension_PrimarySportDescriptor' AND conrelid = to_regclass('"athletics"."SchoolExtension"')
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
        WHERE conname = 'FK_SchoolExtension_School' AND conrelid = to_regclass('"athletics"."SchoolExtension"')
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
        WHERE conname = 'FK_SchoolExtensionFacility_SchoolExtension' AND conrelid = to_regclass('"athletics"."SchoolExtensionFacility"')
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
        WHERE conname = 'FK_SchoolAddress_AddressKindDescriptor' AND conrelid = to_regclass('"campus"."SchoolAddress"')
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
        WHERE conname = 'FK_SchoolAddress_School' AND conrelid = to_regclass('"campus"."SchoolAddress"')
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
        WHERE conname = 'FK_SchoolGradeLevelDescriptor_GradeLevelDescriptor' AND conrelid = to_regclass('"campus"."SchoolGradeLevelDescriptor"')
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
        WHERE conname = 'FK_SchoolGradeLevelDescriptor_School' AND conrelid = to_regclass('"campus"."SchoolGradeLevelDescriptor"')
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
        WHERE conname = 'FK_SchoolExtensionFacilityInspection_Inspector_RefKey' AND conrelid = to_regclass('"athletics"."SchoolExtensionFacilityInspection"')
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
        WHERE conname = 'FK_SchoolExtensionFacilityInspection_SchoolExtensionFacility' AND conrelid = to_regclass('"athletics"."SchoolExtensionFacilityInspection"')
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
        WHERE conname = 'FK_SchoolExtensionFacilitySupportedSportDescriptor_S_7413c60146' AND conrelid = to_regclass('"athletics"."SchoolExtensionFacilitySupportedSportDescriptor"')
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
        WHERE conname = 'FK_SchoolExtensionFacilitySupportedSportDescriptor_S_803e759170' AND conrelid = to_regclass('"athletics"."SchoolExtensionFacilitySupportedSportDescriptor"')
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
        WHERE conname = 'FK_SchoolAddressOccupancyPeriod_SchoolAddress' AND conrelid = to_regclass('"campus"."SchoolAddressOccupancyPeriod"')
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
        WHERE conname = 'FK_SchoolYearType_Document' AND conrelid = to_regclass('"campus"."SchoolYearType"')
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
        WHERE conname = 'FK_Section_CourseOffering_RefKey' AND conrelid = to_regclass('"campus"."Section"')
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
        WHERE conname = 'FK_Section_CourseOffering_TermDescriptor' AND conrelid = to_regclass('"campus"."Section"')
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
        WHERE conname = 'FK_Section_Document' AND conrelid = to_regclass('"campus"."Section"')
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
        WHERE conname = 'FK_Section_ExamLocation_RefKey' AND conrelid = to_regclass('"campus"."Section"')
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
        WHERE conname = 'FK_Section_Room_RefKey' AND conrelid = to_regclass('"campus"."Section"')
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
        WHERE conname = 'FK_SectionClassPeriod_ClassPeriod_RefKey' AND conrelid = to_regclass('"campus"."SectionClassPeriod"')
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
        WHERE conname = 'FK_SectionClassPeriod_Section' AND conrelid = to_regclass('"campus"."SectionClassPeriod"')
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
        WHERE conname = 'FK_SectionStaffAssignment_Section' AND conrelid = to_regclass('"campus"."SectionStaffAssignment"')
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
        WHERE conname = 'FK_SectionStaffAssignment_StaffAssignmentStaff_RefKey' AND conrelid = to_regclass('"campus"."SectionStaffAssignment"')
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
        WHERE conname = 'FK_SectionStaffAssignment_StaffRoleDescriptor' AND conrelid = to_regclass('"campus"."SectionStaffAssignment"')
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
        WHERE conname = 'FK_Session_Calendar_RefKey' AND conrelid = to_regclass('"campus"."Session"')
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
        WHERE conname = 'FK_Session_Document' AND conrelid = to_regclass('"campus"."Session"')
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
        WHERE conname = 'FK_Session_SchoolYear_RefKey' AND conrelid = to_regclass('"campus"."Session"')
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
        WHERE conname = 'FK_Session_School_RefKey' AND conrelid = to_regclass('"campus"."Session"')
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
        WHERE conname = 'FK_Session_TermDescriptor' AND conrelid = to_regclass('"campus"."Session"')
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
        WHERE conname = 'FK_SessionBreak_Session' AND conrelid = to_regclass('"campus"."SessionBreak"')
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
        WHERE conname = 'FK_Staff_Document' AND conrelid = to_regclass('"campus"."Staff"')
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
        WHERE conname = 'FK_Staff_Supervisor_RefKey' AND conrelid = to_regclass('"campus"."Staff"')
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
        WHERE conname = 'FK_StaffExtension_Staff' AND conrelid = to_regclass('"athletics"."StaffExtension"')
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
        WHERE conname = 'FK_StaffExtensionCoachingLicence_SportDescriptor' AND conrelid = to_regclass('"athletics"."StaffExtensionCoachingLicence"')
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
        WHERE conname = 'FK_StaffExtensionCoachingLicence_StaffExtension' AND conrelid = to_regclass('"athletics"."StaffExtensionCoachingLicence"')
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
        WHERE conname = 'FK_StaffExtensionPhone_HotlineTeam_RefKey' AND conrelid = to_regclass('"athletics"."StaffExtensionPhone"')
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
        WHERE conname = 'FK_StaffExtensionPhone_HotlineTeam_SportDescriptor' AND conrelid = to_regclass('"athletics"."StaffExtensionPhone"')
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
        WHERE conname = 'FK_StaffExtensionPhone_StaffPhone' AND conrelid = to_regclass('"athletics"."StaffExtensionPhone"')
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
        WHERE conname = 'FK_StaffPhone_Staff' AND conrelid = to_regclass('"campus"."StaffPhone"')
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
        WHERE conname = 'FK_StaffExtensionPhoneCallWindow_StaffExtensionPhone' AND conrelid = to_regclass('"athletics"."StaffExtensionPhoneCallWindow"')
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
        WHERE conname = 'FK_Student_Document' AND conrelid = to_regclass('"campus"."Student"')
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
        WHERE conname = 'FK_StudentIdentificationDocument_Student' AND conrelid = to_regclass('"campus"."StudentIdentificationDocument"')
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
        WHERE conname = 'FK_StudentIdentificationDocumentRenewal_StudentIdent_e815d557d4' AND conrelid = to_regclass('"campus"."StudentIdentificationDocumentRenewal"')
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
        WHERE conname = 'FK_StudentAssessment_Assessment_RefKey' AND conrelid = to_regclass('"campus"."StudentAssessment"')
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
        WHERE conname = 'FK_StudentAssessment_Document' AND conrelid = to_regclass('"campus"."StudentAssessment"')
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
        WHERE conname = 'FK_StudentAssessment_ProctorStaff_RefKey' AND conrelid = to_regclass('"campus"."StudentAssessment"')
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
        WHERE conname = 'FK_StudentAssessment_Student_RefKey' AND conrelid = to_regclass('"campus"."StudentAssessment"')
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
        WHERE conname = 'FK_StudentAssessmentItem_Item_RefKey' AND conrelid = to_regclass('"campus"."StudentAssessmentItem"')
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
        WHERE conname = 'FK_StudentAssessmentItem_StudentAssessment' AND conrelid = to_regclass('"campus"."StudentAssessmentItem"')
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
        WHERE conname = 'FK_StudentAssessmentScore_StudentAssessment' AND conrelid = to_regclass('"campus"."StudentAssessmentScore"')
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
        WHERE conname = 'FK_StudentAssessmentItemRespons_StudentAssessmentItem' AND conrelid = to_regclass('"campus"."StudentAssessmentItemRespons"')
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
        WHERE conname = 'FK_StudentAssessmentScoreAdjustment_StudentAssessmentScore' AND conrelid = to_regclass('"campus"."StudentAssessmentScoreAdjustment"')
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
        WHERE conname = 'FK_SchoolEnrolment_Calendar_RefKey' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_SchoolEnrolment_Document' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_SchoolEnrolment_EntryGradeLevelDescriptor' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_SchoolEnrolment_SchoolYear_RefKey' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_SchoolEnrolment_School_RefKey' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_SchoolEnrolment_Student_RefKey' AND conrelid = to_regclass('"campus"."SchoolEnrolment"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_AttendanceOutcomeDescriptor' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Document' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_ReportingOrganization_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Section_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Session_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Student_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEvent_TermDescriptor_Unified' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEvent"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEventGuardianContact_Stud_664ba47f9e' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEventGuardianContact"')
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
        WHERE conname = 'FK_StudentSectionAttendanceEventGuardianContactDeliv_6798c43c91' AND conrelid = to_regclass('"campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"')
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
        WHERE conname = 'FK_StudentSectionEnrolment_Document' AND conrelid = to_regclass('"campus"."StudentSectionEnrolment"')
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
        WHERE conname = 'FK_StudentSectionEnrolment_Section_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionEnrolment"')
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
        WHERE conname = 'FK_StudentSectionEnrolment_Section_TermDescriptor' AND conrelid = to_regclass('"campus"."StudentSectionEnrolment"')
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
        WHERE conname = 'FK_StudentSectionEnrolment_Student_RefKey' AND conrelid = to_regclass('"campus"."StudentSectionEnrolment"')
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
        WHERE conname = 'FK_StudentSectionEnrolmentGradeMark_StudentSectionEnrolment' AND conrelid = to_regclass('"campus"."StudentSectionEnrolmentGradeMark"')
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
        WHERE conname = 'FK_EducationOrganizationIdentity_Document' AND conrelid = to_regclass('"campus"."EducationOrganizationIdentity"')
    ) THEN
        ALTER TABLE "campus"."EducationOrganizationIdentity"
        ADD CONSTRAINT "FK_EducationOrganizationIdentity_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

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

CREATE OR REPLACE VIEW "campus"."EducationOrganization_View" AS
SELECT "DocumentId" AS "DocumentId", "AthleticLeagueId" AS "EducationOrganizationId", 'Athletics:AthleticLeague'::varchar(256) AS "Discriminator"
FROM "athletics"."AthleticLeague"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "DistrictId" AS "EducationOrganizationId", 'Campus:District'::varchar(256) AS "Discriminator"
FROM "campus"."District"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "SchoolId"::bigint AS "EducationOrganizationId", 'Campus:School'::varchar(256) AS "Discriminator"
FROM "campus"."School";

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."AthleticLeagueId" IS DISTINCT FROM NEW."AthleticLeagueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId", "Discriminator")
    SELECT t."DocumentId", t."AthleticLeagueId", 'Athletics:AthleticLeague'
    FROM "athletics"."AthleticLeague" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_AbstractIdentity" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_AbstractIdentity"
AFTER INSERT OR UPDATE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (OLD."SanctioningDistrict_DistrictId"))
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = OLD."AthleticLeagueId");
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId"
    WHERE "SourceEducationOrganizationId" = OLD."AthleticLeagueId" AND "TargetEducationOrganizationId" = OLD."AthleticLeagueId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_AuthHierarchy_Delete" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_AuthHierarchy_Delete"
AFTER DELETE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    VALUES (NEW."AthleticLeagueId", NEW."AthleticLeagueId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE a."TargetEducationOrganizationId" IN (NEW."SanctioningDistrict_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."AthleticLeagueId") AS descendants;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_AuthHierarchy_Insert" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_AuthHierarchy_Insert"
AFTER INSERT ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE (a."TargetEducationOrganizationId" = OLD."SanctioningDistrict_DistrictId" AND OLD."SanctioningDistrict_DistrictId" IS DISTINCT FROM NEW."SanctioningDistrict_DistrictId")
            EXCEPT
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (NEW."SanctioningDistrict_DistrictId")
        )
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."AthleticLeagueId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE (a."TargetEducationOrganizationId" = NEW."SanctioningDistrict_DistrictId" AND OLD."SanctioningDistrict_DistrictId" IS DISTINCT FROM NEW."SanctioningDistrict_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."AthleticLeagueId") AS descendants
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_AuthHierarchy_Update" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_AuthHierarchy_Update"
AFTER UPDATE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."AthleticLeagueId" IS DISTINCT FROM NEW."AthleticLeagueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 1;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'AthleticsAthleticLeague$.athleticLeagueId=' || t."AthleticLeagueId"::text), t."DocumentId", 1
    FROM "athletics"."AthleticLeague" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 16;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusEducationOrganization$.educationOrganizationId=' || t."AthleticLeagueId"::text), t."DocumentId", 16
    FROM "athletics"."AthleticLeague" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_ReferentialIdentity" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeague_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."AthleticLeagueId" IS DISTINCT FROM NEW."AthleticLeagueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeague_Stamp" ON "athletics"."AthleticLeague";
CREATE TRIGGER "TR_AthleticLeague_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."AthleticLeague"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeague_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."AthleticLeague_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."AthleticLeague_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AthleticLeagueSeason_Stamp" ON "athletics"."AthleticLeagueSeason";
CREATE TRIGGER "TR_AthleticLeagueSeason_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."AthleticLeagueSeason"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_AthleticLeagueSeason_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolExtension_Stamp" ON "athletics"."SchoolExtension";
CREATE TRIGGER "TR_SchoolExtension_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."SchoolExtension"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtension_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolExtensionFacility_Stamp" ON "athletics"."SchoolExtensionFacility";
CREATE TRIGGER "TR_SchoolExtensionFacility_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."SchoolExtensionFacility"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacility_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolExtensionFacilityInspection_Stamp" ON "athletics"."SchoolExtensionFacilityInspection";
CREATE TRIGGER "TR_SchoolExtensionFacilityInspection_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."SchoolExtensionFacilityInspection"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilityInspection_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp" ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor";
CREATE TRIGGER "TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."SchoolExtensionFacilitySupportedSportDescriptor"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StaffExtension_Stamp" ON "athletics"."StaffExtension";
CREATE TRIGGER "TR_StaffExtension_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."StaffExtension"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtension_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Staff_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Staff_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StaffExtensionCoachingLicence_Stamp" ON "athletics"."StaffExtensionCoachingLicence";
CREATE TRIGGER "TR_StaffExtensionCoachingLicence_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."StaffExtensionCoachingLicence"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionCoachingLicence_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Staff_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Staff_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StaffExtensionPhone_Stamp" ON "athletics"."StaffExtensionPhone";
CREATE TRIGGER "TR_StaffExtensionPhone_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."StaffExtensionPhone"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhone_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Staff_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Staff_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StaffExtensionPhoneCallWindow_Stamp" ON "athletics"."StaffExtensionPhoneCallWindow";
CREATE TRIGGER "TR_StaffExtensionPhoneCallWindow_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."StaffExtensionPhoneCallWindow"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_StaffExtensionPhoneCallWindow_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_Team_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SportDescriptor_DescriptorId" IS DISTINCT FROM NEW."SportDescriptor_DescriptorId" OR OLD."TeamCode" IS DISTINCT FROM NEW."TeamCode") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 3;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'AthleticsTeam$.schoolReference.schoolId=' || t."School_SchoolId"::text || '#$.sportDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."SportDescriptor_DescriptorId") || '#$.teamCode=' || t."TeamCode"), t."DocumentId", 3
    FROM "athletics"."Team" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Team_ReferentialIdentity" ON "athletics"."Team";
CREATE TRIGGER "TR_Team_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "athletics"."Team"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_Team_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_Team_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SportDescriptor_DescriptorId" IS DISTINCT FROM NEW."SportDescriptor_DescriptorId" OR OLD."TeamCode" IS DISTINCT FROM NEW."TeamCode" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Team_Stamp" ON "athletics"."Team";
CREATE TRIGGER "TR_Team_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."Team"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_Team_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Team_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Team_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_TeamMatch_Stamp" ON "athletics"."TeamMatch";
CREATE TRIGGER "TR_TeamMatch_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."TeamMatch"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatch_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Team_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Team_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_TeamMatchPeriod_Stamp" ON "athletics"."TeamMatchPeriod";
CREATE TRIGGER "TR_TeamMatchPeriod_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."TeamMatchPeriod"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_TeamMatchPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamRosterEntry_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."JerseyNumber" IS DISTINCT FROM NEW."JerseyNumber" OR OLD."StudentUniqueId_Unified" IS DISTINCT FROM NEW."StudentUniqueId_Unified" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Team_SportDescriptor_DescriptorId" IS DISTINCT FROM NEW."Team_SportDescriptor_DescriptorId" OR OLD."Team_TeamCode" IS DISTINCT FROM NEW."Team_TeamCode") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 4;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'AthleticsTeamRosterEntry$.jerseyNumber=' || t."JerseyNumber"::text || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId" || '#$.teamReference.schoolId=' || t."Team_SchoolId"::text || '#$.teamReference.sportDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Team_SportDescriptor_DescriptorId") || '#$.teamReference.teamCode=' || t."Team_TeamCode"), t."DocumentId", 4
    FROM "athletics"."TeamRosterEntry" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_TeamRosterEntry_ReferentialIdentity" ON "athletics"."TeamRosterEntry";
CREATE TRIGGER "TR_TeamRosterEntry_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "athletics"."TeamRosterEntry"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "athletics"."TF_TR_TeamRosterEntry_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."JerseyNumber" IS DISTINCT FROM NEW."JerseyNumber" OR OLD."StudentUniqueId_Unified" IS DISTINCT FROM NEW."StudentUniqueId_Unified" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Team_SportDescriptor_DescriptorId" IS DISTINCT FROM NEW."Team_SportDescriptor_DescriptorId" OR OLD."Team_TeamCode" IS DISTINCT FROM NEW."Team_TeamCode" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_TeamRosterEntry_Stamp" ON "athletics"."TeamRosterEntry";
CREATE TRIGGER "TR_TeamRosterEntry_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "athletics"."TeamRosterEntry"
FOR EACH ROW
EXECUTE FUNCTION "athletics"."TF_TR_TeamRosterEntry_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Assessment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."AssessmentIdentifier" IS DISTINCT FROM NEW."AssessmentIdentifier" OR OLD."Namespace" IS DISTINCT FROM NEW."Namespace") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 6;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusAssessment$.assessmentIdentifier=' || t."AssessmentIdentifier" || '#$.namespace=' || t."Namespace"), t."DocumentId", 6
    FROM "campus"."Assessment" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Assessment_ReferentialIdentity" ON "campus"."Assessment";
CREATE TRIGGER "TR_Assessment_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Assessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Assessment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Assessment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."AssessmentIdentifier" IS DISTINCT FROM NEW."AssessmentIdentifier" OR OLD."Namespace" IS DISTINCT FROM NEW."Namespace" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Assessment_Stamp" ON "campus"."Assessment";
CREATE TRIGGER "TR_Assessment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Assessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Assessment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Assessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Assessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentBand_Stamp" ON "campus"."AssessmentBand";
CREATE TRIGGER "TR_AssessmentBand_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."AssessmentBand"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBand_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Assessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Assessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentBandLabel_Stamp" ON "campus"."AssessmentBandLabel";
CREATE TRIGGER "TR_AssessmentBandLabel_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."AssessmentBandLabel"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentBandLabel_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Assessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Assessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentGradeLevelDescriptor_Stamp" ON "campus"."AssessmentGradeLevelDescriptor";
CREATE TRIGGER "TR_AssessmentGradeLevelDescriptor_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."AssessmentGradeLevelDescriptor"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentGradeLevelDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItem_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."Assessment_AssessmentIdentifier" IS DISTINCT FROM NEW."Assessment_AssessmentIdentifier" OR OLD."Assessment_Namespace" IS DISTINCT FROM NEW."Assessment_Namespace" OR OLD."ItemCode" IS DISTINCT FROM NEW."ItemCode") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 7;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusAssessmentItem$.assessmentReference.assessmentIdentifier=' || t."Assessment_AssessmentIdentifier" || '#$.assessmentReference.namespace=' || t."Assessment_Namespace" || '#$.itemCode=' || t."ItemCode"), t."DocumentId", 7
    FROM "campus"."AssessmentItem" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentItem_ReferentialIdentity" ON "campus"."AssessmentItem";
CREATE TRIGGER "TR_AssessmentItem_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."AssessmentItem"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItem_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."Assessment_AssessmentIdentifier" IS DISTINCT FROM NEW."Assessment_AssessmentIdentifier" OR OLD."Assessment_Namespace" IS DISTINCT FROM NEW."Assessment_Namespace" OR OLD."ItemCode" IS DISTINCT FROM NEW."ItemCode" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentItem_Stamp" ON "campus"."AssessmentItem";
CREATE TRIGGER "TR_AssessmentItem_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."AssessmentItem"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItem_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."AssessmentItem_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."AssessmentItem_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_AssessmentItemPossibleRespons_Stamp" ON "campus"."AssessmentItemPossibleRespons";
CREATE TRIGGER "TR_AssessmentItemPossibleRespons_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."AssessmentItemPossibleRespons"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_AssessmentItemPossibleRespons_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Calendar_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."CalendarCode" IS DISTINCT FROM NEW."CalendarCode" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId" OR OLD."SchoolYear_SchoolYear" IS DISTINCT FROM NEW."SchoolYear_SchoolYear") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 9;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusCalendar$.calendarCode=' || t."CalendarCode" || '#$.schoolReference.schoolId=' || t."School_SchoolId"::text || '#$.schoolYearTypeReference.schoolYear=' || t."SchoolYear_SchoolYear"::text), t."DocumentId", 9
    FROM "campus"."Calendar" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Calendar_ReferentialIdentity" ON "campus"."Calendar";
CREATE TRIGGER "TR_Calendar_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Calendar"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Calendar_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Calendar_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."CalendarCode" IS DISTINCT FROM NEW."CalendarCode" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId" OR OLD."SchoolYear_SchoolYear" IS DISTINCT FROM NEW."SchoolYear_SchoolYear" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Calendar_Stamp" ON "campus"."Calendar";
CREATE TRIGGER "TR_Calendar_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Calendar"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Calendar_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDate_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."Calendar_CalendarCode" IS DISTINCT FROM NEW."Calendar_CalendarCode" OR OLD."Calendar_SchoolId" IS DISTINCT FROM NEW."Calendar_SchoolId" OR OLD."Calendar_SchoolYear" IS DISTINCT FROM NEW."Calendar_SchoolYear" OR OLD."EventDate" IS DISTINCT FROM NEW."EventDate") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 10;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusCalendarDate$.calendarReference.calendarCode=' || t."Calendar_CalendarCode" || '#$.calendarReference.schoolId=' || t."Calendar_SchoolId"::text || '#$.calendarReference.schoolYear=' || t."Calendar_SchoolYear"::text || '#$.eventDate=' || to_char(t."EventDate", 'YYYY-MM-DD')), t."DocumentId", 10
    FROM "campus"."CalendarDate" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CalendarDate_ReferentialIdentity" ON "campus"."CalendarDate";
CREATE TRIGGER "TR_CalendarDate_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."CalendarDate"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDate_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."Calendar_CalendarCode" IS DISTINCT FROM NEW."Calendar_CalendarCode" OR OLD."Calendar_SchoolId" IS DISTINCT FROM NEW."Calendar_SchoolId" OR OLD."Calendar_SchoolYear" IS DISTINCT FROM NEW."Calendar_SchoolYear" OR OLD."EventDate" IS DISTINCT FROM NEW."EventDate" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CalendarDate_Stamp" ON "campus"."CalendarDate";
CREATE TRIGGER "TR_CalendarDate_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CalendarDate"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CalendarDate_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."CalendarDate_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."CalendarDate_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CalendarDateCalendarEvent_Stamp" ON "campus"."CalendarDateCalendarEvent";
CREATE TRIGGER "TR_CalendarDateCalendarEvent_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CalendarDateCalendarEvent"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CalendarDateCalendarEvent_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Calendar_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Calendar_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CalendarWeek_Stamp" ON "campus"."CalendarWeek";
CREATE TRIGGER "TR_CalendarWeek_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CalendarWeek"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CalendarWeek_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriod_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."ClassPeriodName" IS DISTINCT FROM NEW."ClassPeriodName" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 12;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusClassPeriod$.classPeriodName=' || t."ClassPeriodName" || '#$.schoolReference.schoolId=' || t."School_SchoolId"::text), t."DocumentId", 12
    FROM "campus"."ClassPeriod" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_ClassPeriod_ReferentialIdentity" ON "campus"."ClassPeriod";
CREATE TRIGGER "TR_ClassPeriod_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."ClassPeriod"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."ClassPeriodName" IS DISTINCT FROM NEW."ClassPeriodName" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_ClassPeriod_Stamp" ON "campus"."ClassPeriod";
CREATE TRIGGER "TR_ClassPeriod_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."ClassPeriod"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."ClassPeriod_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."ClassPeriod_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_ClassPeriodMeetingTime_Stamp" ON "campus"."ClassPeriodMeetingTime";
CREATE TRIGGER "TR_ClassPeriodMeetingTime_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."ClassPeriodMeetingTime"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_ClassPeriodMeetingTime_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Course_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."CourseCode" IS DISTINCT FROM NEW."CourseCode" OR OLD."EducationOrganization_EducationOrganizationId" IS DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 13;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusCourse$.courseCode=' || t."CourseCode" || '#$.educationOrganizationReference.educationOrganizationId=' || t."EducationOrganization_EducationOrganizationId"::text), t."DocumentId", 13
    FROM "campus"."Course" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Course_ReferentialIdentity" ON "campus"."Course";
CREATE TRIGGER "TR_Course_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Course"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Course_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Course_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."CourseCode" IS DISTINCT FROM NEW."CourseCode" OR OLD."EducationOrganization_EducationOrganizationId" IS DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Course_Stamp" ON "campus"."Course";
CREATE TRIGGER "TR_Course_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Course"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Course_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Course_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Course_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CourseOfferedGradeLevel_Stamp" ON "campus"."CourseOfferedGradeLevel";
CREATE TRIGGER "TR_CourseOfferedGradeLevel_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CourseOfferedGradeLevel"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferedGradeLevel_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOffering_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."LocalCourseCode" IS DISTINCT FROM NEW."LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Session_SchoolYear" IS DISTINCT FROM NEW."Session_SchoolYear" OR OLD."Session_SessionName" IS DISTINCT FROM NEW."Session_SessionName" OR OLD."Session_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."Session_TermDescriptor_DescriptorId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 14;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusCourseOffering$.localCourseCode=' || t."LocalCourseCode" || '#$.schoolReference.schoolId=' || t."School_SchoolId"::text || '#$.sessionReference.schoolId=' || t."Session_SchoolId"::text || '#$.sessionReference.schoolYear=' || t."Session_SchoolYear"::text || '#$.sessionReference.sessionName=' || t."Session_SessionName" || '#$.sessionReference.termDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Session_TermDescriptor_DescriptorId")), t."DocumentId", 14
    FROM "campus"."CourseOffering" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CourseOffering_ReferentialIdentity" ON "campus"."CourseOffering";
CREATE TRIGGER "TR_CourseOffering_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."CourseOffering"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOffering_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."LocalCourseCode" IS DISTINCT FROM NEW."LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Session_SchoolYear" IS DISTINCT FROM NEW."Session_SchoolYear" OR OLD."Session_SessionName" IS DISTINCT FROM NEW."Session_SessionName" OR OLD."Session_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."Session_TermDescriptor_DescriptorId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CourseOffering_Stamp" ON "campus"."CourseOffering";
CREATE TRIGGER "TR_CourseOffering_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CourseOffering"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CourseOffering_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."CourseOffering_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."CourseOffering_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CourseOfferingFee_Stamp" ON "campus"."CourseOfferingFee";
CREATE TRIGGER "TR_CourseOfferingFee_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CourseOfferingFee"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CourseOfferingFee_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Course_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Course_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_CoursePrerequisite_Stamp" ON "campus"."CoursePrerequisite";
CREATE TRIGGER "TR_CoursePrerequisite_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."CoursePrerequisite"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_CoursePrerequisite_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."DistrictId" IS DISTINCT FROM NEW."DistrictId") THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId", "Discriminator")
    SELECT t."DocumentId", t."DistrictId", 'Campus:District'
    FROM "campus"."District" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_AbstractIdentity" ON "campus"."District";
CREATE TRIGGER "TR_District_AbstractIdentity"
AFTER INSERT OR UPDATE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (OLD."ParentDistrict_DistrictId"))
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = OLD."DistrictId");
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId"
    WHERE "SourceEducationOrganizationId" = OLD."DistrictId" AND "TargetEducationOrganizationId" = OLD."DistrictId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_AuthHierarchy_Delete" ON "campus"."District";
CREATE TRIGGER "TR_District_AuthHierarchy_Delete"
AFTER DELETE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    VALUES (NEW."DistrictId", NEW."DistrictId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE a."TargetEducationOrganizationId" IN (NEW."ParentDistrict_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."DistrictId") AS descendants;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_AuthHierarchy_Insert" ON "campus"."District";
CREATE TRIGGER "TR_District_AuthHierarchy_Insert"
AFTER INSERT ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE (a."TargetEducationOrganizationId" = OLD."ParentDistrict_DistrictId" AND OLD."ParentDistrict_DistrictId" IS DISTINCT FROM NEW."ParentDistrict_DistrictId")
            EXCEPT
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (NEW."ParentDistrict_DistrictId")
        )
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."DistrictId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE (a."TargetEducationOrganizationId" = NEW."ParentDistrict_DistrictId" AND OLD."ParentDistrict_DistrictId" IS DISTINCT FROM NEW."ParentDistrict_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."DistrictId") AS descendants
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_AuthHierarchy_Update" ON "campus"."District";
CREATE TRIGGER "TR_District_AuthHierarchy_Update"
AFTER UPDATE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."DistrictId" IS DISTINCT FROM NEW."DistrictId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 15;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusDistrict$.districtId=' || t."DistrictId"::text), t."DocumentId", 15
    FROM "campus"."District" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 16;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusEducationOrganization$.educationOrganizationId=' || t."DistrictId"::text), t."DocumentId", 16
    FROM "campus"."District" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_ReferentialIdentity" ON "campus"."District";
CREATE TRIGGER "TR_District_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_District_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."DistrictId" IS DISTINCT FROM NEW."DistrictId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_District_Stamp" ON "campus"."District";
CREATE TRIGGER "TR_District_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."District"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_District_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."District_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."District_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_DistrictPhoneNumber_Stamp" ON "campus"."DistrictPhoneNumber";
CREATE TRIGGER "TR_DistrictPhoneNumber_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."DistrictPhoneNumber"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_DistrictPhoneNumber_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Location_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."ClassroomCode" IS DISTINCT FROM NEW."ClassroomCode" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 18;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusLocation$.classroomCode=' || t."ClassroomCode" || '#$.schoolReference.schoolId=' || t."School_SchoolId"::text), t."DocumentId", 18
    FROM "campus"."Location" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Location_ReferentialIdentity" ON "campus"."Location";
CREATE TRIGGER "TR_Location_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Location"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Location_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Location_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."ClassroomCode" IS DISTINCT FROM NEW."ClassroomCode" OR OLD."School_SchoolId" IS DISTINCT FROM NEW."School_SchoolId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Location_Stamp" ON "campus"."Location";
CREATE TRIGGER "TR_Location_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Location"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Location_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Location_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Location_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_LocationEquipment_Stamp" ON "campus"."LocationEquipment";
CREATE TRIGGER "TR_LocationEquipment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."LocationEquipment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Location_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Location_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_LocationEquipmentCheck_Stamp" ON "campus"."LocationEquipmentCheck";
CREATE TRIGGER "TR_LocationEquipmentCheck_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."LocationEquipmentCheck"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_LocationEquipmentCheck_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."SchoolId" IS DISTINCT FROM NEW."SchoolId") THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "campus"."EducationOrganizationIdentity" ("DocumentId", "EducationOrganizationId", "Discriminator")
    SELECT t."DocumentId", t."SchoolId", 'Campus:School'
    FROM "campus"."School" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_AbstractIdentity" ON "campus"."School";
CREATE TRIGGER "TR_School_AbstractIdentity"
AFTER INSERT OR UPDATE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (OLD."District_DistrictId"))
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = OLD."SchoolId");
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId"
    WHERE "SourceEducationOrganizationId" = OLD."SchoolId" AND "TargetEducationOrganizationId" = OLD."SchoolId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_AuthHierarchy_Delete" ON "campus"."School";
CREATE TRIGGER "TR_School_AuthHierarchy_Delete"
AFTER DELETE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    VALUES (NEW."SchoolId", NEW."SchoolId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE a."TargetEducationOrganizationId" IN (NEW."District_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."SchoolId") AS descendants;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_AuthHierarchy_Insert" ON "campus"."School";
CREATE TRIGGER "TR_School_AuthHierarchy_Insert"
AFTER INSERT ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    DELETE FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS t
    WHERE t."SourceEducationOrganizationId" IN (
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE (a."TargetEducationOrganizationId" = OLD."District_DistrictId" AND OLD."District_DistrictId" IS DISTINCT FROM NEW."District_DistrictId")
            EXCEPT
            SELECT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a WHERE a."TargetEducationOrganizationId" IN (NEW."District_DistrictId")
        )
        AND t."TargetEducationOrganizationId" IN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."SchoolId");
    INSERT INTO "auth"."EducationOrganizationIdToEducationOrganizationId" ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
    SELECT ancestors."SourceEducationOrganizationId", descendants."TargetEducationOrganizationId"
    FROM (
        SELECT DISTINCT a."SourceEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS a
        WHERE (a."TargetEducationOrganizationId" = NEW."District_DistrictId" AND OLD."District_DistrictId" IS DISTINCT FROM NEW."District_DistrictId")
    ) AS ancestors
    CROSS JOIN (SELECT d."TargetEducationOrganizationId" FROM "auth"."EducationOrganizationIdToEducationOrganizationId" AS d WHERE d."SourceEducationOrganizationId" = NEW."SchoolId") AS descendants
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_AuthHierarchy_Update" ON "campus"."School";
CREATE TRIGGER "TR_School_AuthHierarchy_Update"
AFTER UPDATE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."SchoolId" IS DISTINCT FROM NEW."SchoolId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 19;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusSchool$.schoolId=' || t."SchoolId"::text), t."DocumentId", 19
    FROM "campus"."School" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 16;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusEducationOrganization$.educationOrganizationId=' || t."SchoolId"::text), t."DocumentId", 16
    FROM "campus"."School" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_ReferentialIdentity" ON "campus"."School";
CREATE TRIGGER "TR_School_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_School_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId" IS DISTINCT FROM NEW."SchoolId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_School_Stamp" ON "campus"."School";
CREATE TRIGGER "TR_School_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."School"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_School_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolAddress_Stamp" ON "campus"."SchoolAddress";
CREATE TRIGGER "TR_SchoolAddress_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SchoolAddress"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddress_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolAddressOccupancyPeriod_Stamp" ON "campus"."SchoolAddressOccupancyPeriod";
CREATE TRIGGER "TR_SchoolAddressOccupancyPeriod_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SchoolAddressOccupancyPeriod"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolAddressOccupancyPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolEnrolment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."EntryDate" IS DISTINCT FROM NEW."EntryDate" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 27;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStudentSchoolEnrolment$.entryDate=' || to_char(t."EntryDate", 'YYYY-MM-DD') || '#$.schoolReference.schoolId=' || t."School_SchoolId"::text || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"), t."DocumentId", 27
    FROM "campus"."SchoolEnrolment" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolEnrolment_ReferentialIdentity" ON "campus"."SchoolEnrolment";
CREATE TRIGGER "TR_SchoolEnrolment_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."SchoolEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolEnrolment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."EntryDate" IS DISTINCT FROM NEW."EntryDate" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolEnrolment_Stamp" ON "campus"."SchoolEnrolment";
CREATE TRIGGER "TR_SchoolEnrolment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SchoolEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolEnrolment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."School_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."School_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolGradeLevelDescriptor_Stamp" ON "campus"."SchoolGradeLevelDescriptor";
CREATE TRIGGER "TR_SchoolGradeLevelDescriptor_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SchoolGradeLevelDescriptor"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolGradeLevelDescriptor_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolYearType_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."SchoolYear" IS DISTINCT FROM NEW."SchoolYear") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 20;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusSchoolYearType$.schoolYear=' || t."SchoolYear"::text), t."DocumentId", 20
    FROM "campus"."SchoolYearType" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolYearType_ReferentialIdentity" ON "campus"."SchoolYearType";
CREATE TRIGGER "TR_SchoolYearType_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."SchoolYearType"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SchoolYearType_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolYear" IS DISTINCT FROM NEW."SchoolYear" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SchoolYearType_Stamp" ON "campus"."SchoolYearType";
CREATE TRIGGER "TR_SchoolYearType_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SchoolYearType"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SchoolYearType_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Section_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."CourseOffering_LocalCourseCode" IS DISTINCT FROM NEW."CourseOffering_LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."CourseOffering_SchoolYear" IS DISTINCT FROM NEW."CourseOffering_SchoolYear" OR OLD."CourseOffering_SessionName" IS DISTINCT FROM NEW."CourseOffering_SessionName" OR OLD."CourseOffering_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."CourseOffering_TermDescriptor_DescriptorId" OR OLD."SectionIdentifier" IS DISTINCT FROM NEW."SectionIdentifier") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 21;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusSection$.courseOfferingReference.localCourseCode=' || t."CourseOffering_LocalCourseCode" || '#$.courseOfferingReference.schoolId=' || t."CourseOffering_SchoolReferenceSchoolId"::text || '#$.courseOfferingReference.schoolYear=' || t."CourseOffering_SchoolYear"::text || '#$.courseOfferingReference.sessionName=' || t."CourseOffering_SessionName" || '#$.courseOfferingReference.termDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."CourseOffering_TermDescriptor_DescriptorId") || '#$.sectionIdentifier=' || t."SectionIdentifier"), t."DocumentId", 21
    FROM "campus"."Section" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Section_ReferentialIdentity" ON "campus"."Section";
CREATE TRIGGER "TR_Section_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Section"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Section_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Section_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."CourseOffering_LocalCourseCode" IS DISTINCT FROM NEW."CourseOffering_LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."CourseOffering_SchoolYear" IS DISTINCT FROM NEW."CourseOffering_SchoolYear" OR OLD."CourseOffering_SessionName" IS DISTINCT FROM NEW."CourseOffering_SessionName" OR OLD."CourseOffering_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."CourseOffering_TermDescriptor_DescriptorId" OR OLD."SectionIdentifier" IS DISTINCT FROM NEW."SectionIdentifier" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Section_Stamp" ON "campus"."Section";
CREATE TRIGGER "TR_Section_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Section"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Section_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Section_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Section_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SectionClassPeriod_Stamp" ON "campus"."SectionClassPeriod";
CREATE TRIGGER "TR_SectionClassPeriod_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SectionClassPeriod"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SectionClassPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Section_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Section_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SectionStaffAssignment_Stamp" ON "campus"."SectionStaffAssignment";
CREATE TRIGGER "TR_SectionStaffAssignment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SectionStaffAssignment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SectionStaffAssignment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Session_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SchoolYear_Unified" IS DISTINCT FROM NEW."SchoolYear_Unified" OR OLD."SessionName" IS DISTINCT FROM NEW."SessionName" OR OLD."TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."TermDescriptor_DescriptorId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 22;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusSession$.schoolReference.schoolId=' || t."School_SchoolId"::text || '#$.schoolYearTypeReference.schoolYear=' || t."SchoolYear_SchoolYear"::text || '#$.sessionName=' || t."SessionName" || '#$.termDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."TermDescriptor_DescriptorId")), t."DocumentId", 22
    FROM "campus"."Session" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Session_ReferentialIdentity" ON "campus"."Session";
CREATE TRIGGER "TR_Session_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Session"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Session_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Session_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SchoolYear_Unified" IS DISTINCT FROM NEW."SchoolYear_Unified" OR OLD."SessionName" IS DISTINCT FROM NEW."SessionName" OR OLD."TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."TermDescriptor_DescriptorId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Session_Stamp" ON "campus"."Session";
CREATE TRIGGER "TR_Session_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Session"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Session_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Session_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Session_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_SessionBreak_Stamp" ON "campus"."SessionBreak";
CREATE TRIGGER "TR_SessionBreak_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."SessionBreak"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_SessionBreak_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Staff_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."StaffUniqueId" IS DISTINCT FROM NEW."StaffUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 23;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStaff$.staffUniqueId=' || t."StaffUniqueId"), t."DocumentId", 23
    FROM "campus"."Staff" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Staff_ReferentialIdentity" ON "campus"."Staff";
CREATE TRIGGER "TR_Staff_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Staff"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Staff_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Staff_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."StaffUniqueId" IS DISTINCT FROM NEW."StaffUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Staff_Stamp" ON "campus"."Staff";
CREATE TRIGGER "TR_Staff_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Staff"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Staff_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Staff_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Staff_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StaffPhone_Stamp" ON "campus"."StaffPhone";
CREATE TRIGGER "TR_StaffPhone_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StaffPhone"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StaffPhone_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Student_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."StudentUniqueId" IS DISTINCT FROM NEW."StudentUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 25;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStudent$.studentUniqueId=' || t."StudentUniqueId"), t."DocumentId", 25
    FROM "campus"."Student" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Student_ReferentialIdentity" ON "campus"."Student";
CREATE TRIGGER "TR_Student_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."Student"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Student_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_Student_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."StudentUniqueId" IS DISTINCT FROM NEW."StudentUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_Student_Stamp" ON "campus"."Student";
CREATE TRIGGER "TR_Student_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."Student"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_Student_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."Assessment_AssessmentIdentifier" IS DISTINCT FROM NEW."Assessment_AssessmentIdentifier" OR OLD."Assessment_Namespace" IS DISTINCT FROM NEW."Assessment_Namespace" OR OLD."StudentAssessmentIdentifier" IS DISTINCT FROM NEW."StudentAssessmentIdentifier" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 26;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStudentAssessment$.assessmentReference.assessmentIdentifier=' || t."Assessment_AssessmentIdentifier" || '#$.assessmentReference.namespace=' || t."Assessment_Namespace" || '#$.studentAssessmentIdentifier=' || t."StudentAssessmentIdentifier" || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"), t."DocumentId", 26
    FROM "campus"."StudentAssessment" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessment_ReferentialIdentity" ON "campus"."StudentAssessment";
CREATE TRIGGER "TR_StudentAssessment_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."StudentAssessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."Assessment_AssessmentIdentifier" IS DISTINCT FROM NEW."Assessment_AssessmentIdentifier" OR OLD."Assessment_Namespace" IS DISTINCT FROM NEW."Assessment_Namespace" OR OLD."StudentAssessmentIdentifier" IS DISTINCT FROM NEW."StudentAssessmentIdentifier" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessment_Stamp" ON "campus"."StudentAssessment";
CREATE TRIGGER "TR_StudentAssessment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentAssessment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentAssessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentAssessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessmentItem_Stamp" ON "campus"."StudentAssessmentItem";
CREATE TRIGGER "TR_StudentAssessmentItem_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentAssessmentItem"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItem_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentAssessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentAssessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessmentItemRespons_Stamp" ON "campus"."StudentAssessmentItemRespons";
CREATE TRIGGER "TR_StudentAssessmentItemRespons_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentAssessmentItemRespons"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentItemRespons_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentAssessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentAssessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessmentScore_Stamp" ON "campus"."StudentAssessmentScore";
CREATE TRIGGER "TR_StudentAssessmentScore_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentAssessmentScore"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScore_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentAssessment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentAssessment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentAssessmentScoreAdjustment_Stamp" ON "campus"."StudentAssessmentScoreAdjustment";
CREATE TRIGGER "TR_StudentAssessmentScoreAdjustment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentAssessmentScoreAdjustment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentAssessmentScoreAdjustment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Student_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Student_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentIdentificationDocument_Stamp" ON "campus"."StudentIdentificationDocument";
CREATE TRIGGER "TR_StudentIdentificationDocument_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentIdentificationDocument"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocument_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."Student_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."Student_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentIdentificationDocumentRenewal_Stamp" ON "campus"."StudentIdentificationDocumentRenewal";
CREATE TRIGGER "TR_StudentIdentificationDocumentRenewal_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentIdentificationDocumentRenewal"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentIdentificationDocumentRenewal_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."AttendanceOutcomeDescriptor_DescriptorId" IS DISTINCT FROM NEW."AttendanceOutcomeDescriptor_DescriptorId" OR OLD."EventDate" IS DISTINCT FROM NEW."EventDate" OR OLD."Section_LocalCourseCode" IS DISTINCT FROM NEW."Section_LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SchoolYear_Unified" IS DISTINCT FROM NEW."SchoolYear_Unified" OR OLD."Section_SectionIdentifier" IS DISTINCT FROM NEW."Section_SectionIdentifier" OR OLD."SessionName_Unified" IS DISTINCT FROM NEW."SessionName_Unified" OR OLD."TermDescriptor_Unified_DescriptorId" IS DISTINCT FROM NEW."TermDescriptor_Unified_DescriptorId" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 28;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStudentSectionAttendanceEvent$.attendanceOutcomeDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."AttendanceOutcomeDescriptor_DescriptorId") || '#$.eventDate=' || to_char(t."EventDate", 'YYYY-MM-DD') || '#$.sectionReference.localCourseCode=' || t."Section_LocalCourseCode" || '#$.sectionReference.schoolId=' || t."Section_SchoolId"::text || '#$.sectionReference.schoolYear=' || t."Section_SchoolYear"::text || '#$.sectionReference.sectionIdentifier=' || t."Section_SectionIdentifier" || '#$.sectionReference.sessionName=' || t."Section_SessionName" || '#$.sectionReference.termDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Section_TermDescriptor_DescriptorId") || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"), t."DocumentId", 28
    FROM "campus"."StudentSectionAttendanceEvent" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionAttendanceEvent_ReferentialIdentity" ON "campus"."StudentSectionAttendanceEvent";
CREATE TRIGGER "TR_StudentSectionAttendanceEvent_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."StudentSectionAttendanceEvent"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."AttendanceOutcomeDescriptor_DescriptorId" IS DISTINCT FROM NEW."AttendanceOutcomeDescriptor_DescriptorId" OR OLD."EventDate" IS DISTINCT FROM NEW."EventDate" OR OLD."Section_LocalCourseCode" IS DISTINCT FROM NEW."Section_LocalCourseCode" OR OLD."SchoolId_Unified" IS DISTINCT FROM NEW."SchoolId_Unified" OR OLD."SchoolYear_Unified" IS DISTINCT FROM NEW."SchoolYear_Unified" OR OLD."Section_SectionIdentifier" IS DISTINCT FROM NEW."Section_SectionIdentifier" OR OLD."SessionName_Unified" IS DISTINCT FROM NEW."SessionName_Unified" OR OLD."TermDescriptor_Unified_DescriptorId" IS DISTINCT FROM NEW."TermDescriptor_Unified_DescriptorId" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionAttendanceEvent_Stamp" ON "campus"."StudentSectionAttendanceEvent";
CREATE TRIGGER "TR_StudentSectionAttendanceEvent_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentSectionAttendanceEvent"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEvent_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentSectionAttendanceEvent_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentSectionAttendanceEvent_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionAttendanceEventGuardianContact_Stamp" ON "campus"."StudentSectionAttendanceEventGuardianContact";
CREATE TRIGGER "TR_StudentSectionAttendanceEventGuardianContact_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentSectionAttendanceEventGuardianContact"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContact_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentSectionAttendanceEvent_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentSectionAttendanceEvent_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionAttendanceEventGuardianContactDeliv_5d006f51c4" ON "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116";
CREATE TRIGGER "TR_StudentSectionAttendanceEventGuardianContactDeliv_5d006f51c4"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentSectionAttendanceEventGuardianContactDelivery_11f54c2116"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionAttendanceEventGuardianContactDe_b0cb460a5a"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_ReferentialIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT (OLD."BeginDate" IS DISTINCT FROM NEW."BeginDate" OR OLD."Section_LocalCourseCode" IS DISTINCT FROM NEW."Section_LocalCourseCode" OR OLD."Section_SchoolId" IS DISTINCT FROM NEW."Section_SchoolId" OR OLD."Section_SchoolYear" IS DISTINCT FROM NEW."Section_SchoolYear" OR OLD."Section_SectionIdentifier" IS DISTINCT FROM NEW."Section_SectionIdentifier" OR OLD."Section_SessionName" IS DISTINCT FROM NEW."Section_SessionName" OR OLD."Section_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."Section_TermDescriptor_DescriptorId" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId") THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM "dms"."ReferentialIdentity"
    WHERE "DocumentId" = NEW."DocumentId" AND "ResourceKeyId" = 29;
    INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
    SELECT "dms"."uuidv5"('edf1edf1-3df1-3df1-3df1-3df1edf1edf1'::uuid, 'CampusStudentSectionEnrolment$.beginDate=' || to_char(t."BeginDate", 'YYYY-MM-DD') || '#$.sectionReference.localCourseCode=' || t."Section_LocalCourseCode" || '#$.sectionReference.schoolId=' || t."Section_SchoolId"::text || '#$.sectionReference.schoolYear=' || t."Section_SchoolYear"::text || '#$.sectionReference.sectionIdentifier=' || t."Section_SectionIdentifier" || '#$.sectionReference.sessionName=' || t."Section_SessionName" || '#$.sectionReference.termDescriptor=' || (SELECT lower(d."Uri") FROM "dms"."Descriptor" AS d WHERE d."DocumentId" = t."Section_TermDescriptor_DescriptorId") || '#$.studentReference.studentUniqueId=' || t."Student_StudentUniqueId"), t."DocumentId", 29
    FROM "campus"."StudentSectionEnrolment" AS t
    WHERE t."DocumentId" = NEW."DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionEnrolment_ReferentialIdentity" ON "campus"."StudentSectionEnrolment";
CREATE TRIGGER "TR_StudentSectionEnrolment_ReferentialIdentity"
AFTER INSERT OR UPDATE ON "campus"."StudentSectionEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_ReferentialIdentity"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."DocumentId";
    IF TG_OP = 'UPDATE' THEN
        IF OLD."BeginDate" IS DISTINCT FROM NEW."BeginDate" OR OLD."Section_LocalCourseCode" IS DISTINCT FROM NEW."Section_LocalCourseCode" OR OLD."Section_SchoolId" IS DISTINCT FROM NEW."Section_SchoolId" OR OLD."Section_SchoolYear" IS DISTINCT FROM NEW."Section_SchoolYear" OR OLD."Section_SectionIdentifier" IS DISTINCT FROM NEW."Section_SectionIdentifier" OR OLD."Section_SessionName" IS DISTINCT FROM NEW."Section_SessionName" OR OLD."Section_TermDescriptor_DescriptorId" IS DISTINCT FROM NEW."Section_TermDescriptor_DescriptorId" OR OLD."Student_StudentUniqueId" IS DISTINCT FROM NEW."Student_StudentUniqueId" THEN
            UPDATE "dms"."Document"
            SET "IdentityVersion" = nextval('"dms"."ChangeVersionSequence"'), "IdentityLastModifiedAt" = now()
            WHERE "DocumentId" = NEW."DocumentId";
        END IF;
    END IF;
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionEnrolment_Stamp" ON "campus"."StudentSectionEnrolment";
CREATE TRIGGER "TR_StudentSectionEnrolment_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentSectionEnrolment"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolment_Stamp"();

CREATE OR REPLACE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document"
        SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
        WHERE "DocumentId" = OLD."StudentSectionEnrolment_DocumentId";
        RETURN NULL;
    END IF;
    UPDATE "dms"."Document"
    SET "ContentVersion" = nextval('"dms"."ChangeVersionSequence"'), "ContentLastModifiedAt" = now()
    WHERE "DocumentId" = NEW."StudentSectionEnrolment_DocumentId";
    RETURN NULL;
END
$func$;
DROP TRIGGER IF EXISTS "TR_StudentSectionEnrolmentGradeMark_Stamp" ON "campus"."StudentSectionEnrolmentGradeMark";
CREATE TRIGGER "TR_StudentSectionEnrolmentGradeMark_Stamp"
AFTER INSERT OR UPDATE OR DELETE ON "campus"."StudentSectionEnrolmentGradeMark"
FOR EACH ROW
EXECUTE FUNCTION "campus"."TF_TR_StudentSectionEnrolmentGradeMark_Stamp"();

-- ==========================================================
-- Phase 7: Seed Data (insert-if-missing + validation)
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
    SELECT count(*) INTO actual_count FROM "dms"."ResourceKey";
    IF actual_count <> 31 THEN
        RAISE EXCEPTION 'dms.ResourceKey count mismatch: expected %, found %', 31, actual_count;
    END IF;
    SELECT count(*), array_to_string((array_agg(actual."ResourceKeyId" ORDER BY actual."ResourceKeyId"))[1:10], ', ')
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
        WHERE expected."ResourceKeyId" = actual."ResourceKeyId" AND expected."ProjectName" = actual."ProjectName" AND expected."ResourceName" = actual."ResourceName" AND expected."ResourceVersion" = actual."ResourceVersion"
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
        IF stored_version IS NULL OR btrim(stored_version) = '' THEN
            RAISE EXCEPTION 'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.';
        END IF;
        IF stored_count IS DISTINCT FROM 31 THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeyCount mismatch: expected %, found %', 31, stored_count;
        END IF;
        IF stored_seed_hash IS DISTINCT FROM '\x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92'::bytea THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeySeedHash mismatch: stored % but expected %',
                encode(stored_seed_hash, 'hex'), encode('\x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92'::bytea, 'hex');
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
    SELECT count(*) INTO actual_count FROM "dms"."SchemaComponent" WHERE "EffectiveSchemaHash" = '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf';
    IF actual_count <> 2 THEN
        RAISE EXCEPTION 'dms.SchemaComponent count mismatch: expected %, found %', 2, actual_count;
    END IF;
    SELECT count(*), array_to_string((array_agg(actual."ProjectEndpointName" ORDER BY actual."ProjectEndpointName"))[1:10], ', ')
    INTO mismatch_count, mismatch_keys
    FROM "dms"."SchemaComponent" AS actual
    WHERE actual."EffectiveSchemaHash" = '6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND NOT EXISTS (
        SELECT 1
        FROM (VALUES
            ('athletics', 'Athletics', '0.9.0', true),
            ('campus', 'Campus', '1.0.0', false)
        ) AS expected ("ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject")
        WHERE expected."ProjectEndpointName" = actual."ProjectEndpointName" AND expected."ProjectName" = actual."ProjectName" AND expected."ProjectVersion" = actual."ProjectVersion" AND expected."IsExtensionProject" = actual."IsExtensionProject"
    );
    IF mismatch_count > 0 THEN
        RAISE EXCEPTION 'dms.SchemaComponent contents mismatch: % unexpected or modified rows (ProjectEndpointNames: %). Run dms-ddl provision for a row-level diff.', mismatch_count, mismatch_keys;
    END IF;
END $$;

