-- ==========================================================
-- Phase 0: Bounded Provisioning Guards
-- ==========================================================

DO $$
DECLARE
    refusal text;
    stored_hash text;
    source_identity uuid;
    state text;
    recovery_required boolean;
    version integer := pg_catalog.current_setting('server_version_num')::integer;
    session_role record;
    owner_role record;
BEGIN
    IF refusal IS NULL AND (version < 170000 OR pg_catalog.getdatabaseencoding() <> 'UTF8') THEN
        refusal := pg_catalog.format('The collation pg_c_utf8 needs PostgreSQL 17 and a UTF8 database; this is PostgreSQL %s, %s.', pg_catalog.current_setting('server_version'), pg_catalog.getdatabaseencoding());
    END IF;
    IF pg_catalog.to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN
        SELECT "EffectiveSchemaHash" INTO stored_hash
        FROM "dms"."EffectiveSchema"
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF stored_hash <> '8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' THEN
            refusal := pg_catalog.format('EffectiveSchemaHash mismatch: database has ''%s'' but expected ''%s''', stored_hash, '8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a');
        ELSIF stored_hash IS NOT NULL THEN
            IF refusal IS NULL AND (pg_catalog.to_regclass('"dms"."DataStoreIdentity"') IS NULL) THEN
                refusal := 'dms.DataStoreIdentity is missing. Drop and recreate the database.';
            END IF;
            IF refusal IS NULL THEN
                SELECT i."SourceIdentity" INTO source_identity
                FROM "dms"."DataStoreIdentity" AS i
                WHERE i."DataStoreIdentitySingletonId" = 1;
                IF NOT FOUND THEN
                    refusal := 'The row of dms.DataStoreIdentity is missing. Drop and recreate the database.';
                ELSIF source_identity = '00000000-0000-0000-0000-000000000000' THEN
                    refusal := 'dms.DataStoreIdentity.SourceIdentity is zero. Drop and recreate the database.';
                END IF;
            END IF;
            IF refusal IS NULL AND (pg_catalog.to_regclass('"dms"."DocumentCacheState"') IS NULL) THEN
                refusal := 'dms.DocumentCacheState is missing. Drop and recreate the database.';
            END IF;
            IF refusal IS NULL THEN
                SELECT s."ProjectionLifecycleState", s."CacheAheadRecoveryRequired" INTO state, recovery_required
                FROM "dms"."DocumentCacheState" AS s
                WHERE s."StateId" = 1;
                IF NOT FOUND THEN
                    refusal := 'The row of dms.DocumentCacheState is missing. Drop and recreate the database.';
                ELSIF state IS NULL OR state <> ALL (ARRAY['Disabled', 'Resetting', 'Rebuilding', 'Tracking']) THEN
                    refusal := pg_catalog.format('dms.DocumentCacheState.ProjectionLifecycleState is %L. Drop and recreate the database.', state);
                ELSIF recovery_required IS NULL THEN
                    refusal := 'dms.DocumentCacheState.CacheAheadRecoveryRequired is NULL. Drop and recreate the database.';
                END IF;
            END IF;
        END IF;
    END IF;
    IF refusal IS NULL AND (EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = pg_catalog.to_regclass('"dms"."DocumentCache"') AND a.attname = 'Etag' AND NOT a.attisdropped
    )) THEN
        refusal := 'The column dms.DocumentCache.Etag is of another layout of schema dms. Drop and recreate the database.';
    END IF;
    IF refusal IS NULL AND (pg_catalog.to_regclass('"dms"."UX_DocumentCache_DocumentUuid"') IS NOT NULL) THEN
        refusal := 'The constraint UX_DocumentCache_DocumentUuid is of another layout of schema dms. Drop and recreate the database.';
    END IF;
    IF refusal IS NULL AND (pg_catalog.to_regclass('"dms"."IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt"') IS NOT NULL) THEN
        refusal := 'The index IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt is of another layout of schema dms. Drop and recreate the database.';
    END IF;
    IF refusal IS NULL AND (pg_catalog.to_regclass('"dms"."ReferentialIdentity"') IS NOT NULL) THEN
        refusal := 'The table ReferentialIdentity belongs to another shape of schema dms. Move the database with dms-ddl upgrade, or drop and recreate it.';
    END IF;
    SELECT * INTO session_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = current_user;
    SELECT * INTO owner_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = 'edfi_dms_enqueue_owner';
    IF refusal IS NULL AND (owner_role.oid IS NULL AND NOT session_role.rolsuper AND NOT session_role.rolcreaterole) THEN
        refusal := pg_catalog.format('The role edfi_dms_enqueue_owner does not exist, and %I may not create it. Provision once as a superuser or as a role with CREATEROLE.', current_user);
    END IF;
    IF refusal IS NULL AND owner_role.oid IS NOT NULL THEN
        IF owner_role.rolcanlogin
            OR owner_role.rolinherit
            OR owner_role.rolsuper
            OR owner_role.rolcreatedb
            OR owner_role.rolcreaterole
            OR owner_role.rolreplication
            OR owner_role.rolbypassrls THEN
            refusal := 'The role edfi_dms_enqueue_owner has rights of its own. Make it NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS.';
        ELSIF EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m WHERE m.member = owner_role.oid) THEN
            refusal := 'The role edfi_dms_enqueue_owner is a member of other roles. Revoke these memberships.';
        ELSIF EXISTS (
            SELECT 1 FROM pg_catalog.pg_auth_members AS m
            WHERE m.roleid = owner_role.oid
                AND m.member = (SELECT u.oid FROM pg_catalog.pg_roles AS u WHERE u.rolname = current_user)
                AND NOT (NOT m.admin_option AND coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true) AND NOT coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, false))
                AND NOT (m.admin_option AND NOT coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true) AND NOT coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, true))
        ) AND version >= 160000 THEN
            refusal := pg_catalog.format('%I is a member of the role edfi_dms_enqueue_owner with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. Revoke the membership and grant it with these.', current_user);
        ELSIF NOT session_role.rolsuper AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_auth_members AS m
            WHERE m.roleid = owner_role.oid
                AND m.member = (SELECT u.oid FROM pg_catalog.pg_roles AS u WHERE u.rolname = current_user)
                AND (version < 160000 OR NOT m.admin_option AND coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true) AND NOT coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, false))
        ) THEN
            refusal := pg_catalog.format('%I is not a member of the role edfi_dms_enqueue_owner. Grant it: GRANT edfi_dms_enqueue_owner TO %I WITH SET TRUE, INHERIT FALSE, ADMIN FALSE (PostgreSQL 16 and later) or GRANT edfi_dms_enqueue_owner TO %I.', current_user, current_user, current_user);
        END IF;
    END IF;
    PERFORM pg_catalog.set_config('dms.refusal', coalesce(refusal, ''), false);
    IF refusal IS NOT NULL THEN
        PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);
    END IF;
END $$;

DO $$
DECLARE
    refusal text := pg_catalog.current_setting('dms.refusal');
BEGIN
    IF refusal <> '' THEN
        RAISE EXCEPTION '%', refusal;
    END IF;
END $$;

-- ==========================================================
-- Phase 1: Schemas
-- ==========================================================

CREATE SCHEMA IF NOT EXISTS "dms";

-- ==========================================================
-- Phase 3: Sequences
-- ==========================================================

CREATE SEQUENCE IF NOT EXISTS "dms"."ChangeVersionSequence" START WITH 1;

CREATE SEQUENCE IF NOT EXISTS "dms"."CollectionItemIdSequence" START WITH 1;

-- ==========================================================
-- Phase 4: Functions and Types
-- ==========================================================

CREATE OR REPLACE FUNCTION "dms"."GetMaxChangeVersion"()
RETURNS bigint
LANGUAGE plpgsql
VOLATILE
AS $func$
BEGIN
    RETURN (SELECT s.last_value FROM "dms"."ChangeVersionSequence" AS s);
END
$func$;

CREATE OR REPLACE FUNCTION "dms"."throw_error"(code text, msg text)
RETURNS integer
LANGUAGE plpgsql
VOLATILE
AS $func$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = msg;
END
$func$;

-- ==========================================================
-- Phase 5: Tables (PK/UNIQUE/CHECK only, no cross-table FKs)
-- ==========================================================

CREATE TABLE IF NOT EXISTS "dms"."DataStoreIdentity"
(
    "DataStoreIdentitySingletonId" smallint NOT NULL,
    "SourceIdentity" uuid NOT NULL,
    CONSTRAINT "PK_DataStoreIdentity" PRIMARY KEY ("DataStoreIdentitySingletonId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_DataStoreIdentity_Singleton' AND conrelid = pg_catalog.to_regclass('"dms"."DataStoreIdentity"')
    ) THEN
        ALTER TABLE "dms"."DataStoreIdentity"
        ADD CONSTRAINT "CK_DataStoreIdentity_Singleton" CHECK ("DataStoreIdentitySingletonId" = 1);
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."Descriptor"
(
    "DocumentId" bigint NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "Namespace" varchar(255) NOT NULL,
    "CodeValue" varchar(50) NOT NULL,
    "ShortDescription" varchar(75) NOT NULL,
    "Description" varchar(1024) NULL,
    "EffectiveBeginDate" date NULL,
    "EffectiveEndDate" date NULL,
    "Discriminator" varchar(128) NOT NULL,
    "Uri" varchar(306) NOT NULL,
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_Descriptor" PRIMARY KEY ("DocumentId")
);

CREATE TABLE IF NOT EXISTS "dms"."Document"
(
    "DocumentId" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    "DocumentUuid" uuid NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "CreatedByOwnershipTokenId" smallint NULL,
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

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'UX_Document_DocumentId_ResourceKeyId' AND conrelid = pg_catalog.to_regclass('"dms"."Document"')
    ) THEN
        ALTER TABLE "dms"."Document"
        ADD CONSTRAINT "UX_Document_DocumentId_ResourceKeyId" UNIQUE ("DocumentId", "ResourceKeyId");
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."DocumentCache"
(
    "DocumentId" bigint NOT NULL,
    "DocumentUuid" uuid NOT NULL,
    "ProjectName" varchar(256) NOT NULL,
    "ResourceName" varchar(256) NOT NULL,
    "ResourceVersion" varchar(32) NOT NULL,
    "ContentVersion" bigint NOT NULL,
    "StreamEtag" varchar(64) NOT NULL,
    "LastModifiedAt" timestamp with time zone NOT NULL,
    "DocumentJson" jsonb NOT NULL,
    "ComputedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_DocumentCache" PRIMARY KEY ("DocumentId")
);

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

CREATE TABLE IF NOT EXISTS "dms"."DocumentCacheState"
(
    "StateId" smallint NOT NULL,
    "ProjectionLifecycleState" varchar(16) NOT NULL,
    "CacheAheadRecoveryRequired" boolean NOT NULL,
    CONSTRAINT "PK_DocumentCacheState" PRIMARY KEY ("StateId")
);

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_DocumentCacheState_Singleton' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentCacheState"')
    ) THEN
        ALTER TABLE "dms"."DocumentCacheState"
        ADD CONSTRAINT "CK_DocumentCacheState_Singleton" CHECK ("StateId" = 1);
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'CK_DocumentCacheState_Lifecycle' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentCacheState"')
    ) THEN
        ALTER TABLE "dms"."DocumentCacheState"
        ADD CONSTRAINT "CK_DocumentCacheState_Lifecycle" CHECK ("ProjectionLifecycleState" IN ('Disabled', 'Resetting', 'Rebuilding', 'Tracking'));
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS "dms"."DocumentProjectionWork"
(
    "DocumentId" bigint NOT NULL,
    "RequiredContentVersion" bigint NOT NULL,
    "FirstEnqueuedAt" timestamp with time zone NOT NULL,
    "LastEnqueuedAt" timestamp with time zone NOT NULL,
    CONSTRAINT "PK_DocumentProjectionWork" PRIMARY KEY ("DocumentId")
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
        WHERE conname = 'FK_Descriptor_DocumentResourceKey' AND conrelid = pg_catalog.to_regclass('"dms"."Descriptor"')
    ) THEN
        ALTER TABLE "dms"."Descriptor"
        ADD CONSTRAINT "FK_Descriptor_DocumentResourceKey" FOREIGN KEY ("DocumentId", "ResourceKeyId")
        REFERENCES "dms"."Document" ("DocumentId", "ResourceKeyId")
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
        WHERE conname = 'FK_DocumentProjectionWork_Document' AND conrelid = pg_catalog.to_regclass('"dms"."DocumentProjectionWork"')
    ) THEN
        ALTER TABLE "dms"."DocumentProjectionWork"
        ADD CONSTRAINT "FK_DocumentProjectionWork_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
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

CREATE INDEX IF NOT EXISTS "IX_Descriptor_ResourceKeyId_DocumentId" ON "dms"."Descriptor" ("ResourceKeyId", "DocumentId");

CREATE UNIQUE INDEX IF NOT EXISTS "UX_Descriptor_UriLowered_ResourceKeyId" ON "dms"."Descriptor" (pg_catalog.lower("Uri" COLLATE pg_catalog."pg_c_utf8"), "ResourceKeyId");

CREATE INDEX IF NOT EXISTS "IX_Document_CreatedByOwnershipTokenId" ON "dms"."Document" ("CreatedByOwnershipTokenId");

CREATE INDEX IF NOT EXISTS "IX_DocumentProjectionWork_FirstEnqueuedAt_DocumentId" ON "dms"."DocumentProjectionWork" ("FirstEnqueuedAt", "DocumentId");

-- ==========================================================
-- Phase 8: Triggers
-- ==========================================================

-- Triggers of earlier versions, which had other names
DO $$
DECLARE
    earlier record;
BEGIN
    FOR earlier IN
        SELECT t.tgname AS name, t.tgrelid::pg_catalog.regclass AS owner
        FROM pg_catalog.pg_trigger AS t
        INNER JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND f.proname ^@ 'TF_TR_'
            AND (t.tgoldtable = 'old_rows' OR t.tgnewtable = 'new_rows' OR t.tgtype IN (7, 11, 19))
    LOOP
        EXECUTE pg_catalog.format('DROP TRIGGER %I ON %s', earlier.name, earlier.owner);
    END LOOP;
END $$;

DO $$
DECLARE
    options text := '';
    condition text := '';
    is_member boolean;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'edfi_dms_enqueue_owner') THEN
        BEGIN
            CREATE ROLE "edfi_dms_enqueue_owner" NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    -- a membership has options since PostgreSQL 16
    IF pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN
        options := ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE';
        condition := ' AND m.set_option AND NOT m.inherit_option AND NOT m.admin_option';
    END IF;
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m INNER JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid INNER JOIN pg_catalog.pg_roles AS u ON u.oid = m.member WHERE r.rolname = ''edfi_dms_enqueue_owner'' AND u.rolname = current_user' || condition || ')' INTO is_member;
    IF NOT is_member THEN
        EXECUTE pg_catalog.format('GRANT "edfi_dms_enqueue_owner" TO %I', current_user) || options;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION "dms"."TF_TR_Descriptor_Stamp_Document"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Descriptor" (
                "OldNamespace",
                "OldCodeValue",
                "Discriminator",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Namespace",
                OLD."CodeValue",
                OLD."Discriminator",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Namespace" IS NOT DISTINCT FROM NEW."Namespace"
        AND OLD."CodeValue" IS NOT DISTINCT FROM NEW."CodeValue"
        AND OLD."ShortDescription" IS NOT DISTINCT FROM NEW."ShortDescription"
        AND OLD."Description" IS NOT DISTINCT FROM NEW."Description"
        AND OLD."EffectiveBeginDate" IS NOT DISTINCT FROM NEW."EffectiveBeginDate"
        AND OLD."EffectiveEndDate" IS NOT DISTINCT FROM NEW."EffectiveEndDate"
        AND OLD."Discriminator" IS NOT DISTINCT FROM NEW."Discriminator"
        AND OLD."Uri" IS NOT DISTINCT FROM NEW."Uri" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    UPDATE "dms"."Document" AS d
    SET "ContentVersion" = version,
        "ContentLastModifiedAt" = pg_catalog.now()
    WHERE d."DocumentId" = NEW."DocumentId";
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Descriptor_Stamp_Document"
BEFORE INSERT OR UPDATE OF "DocumentId", "ResourceKeyId", "Namespace", "CodeValue", "ShortDescription", "Description", "EffectiveBeginDate", "EffectiveEndDate", "Discriminator", "Uri" OR DELETE ON "dms"."Descriptor"
FOR EACH ROW
EXECUTE FUNCTION "dms"."TF_TR_Descriptor_Stamp_Document"();

GRANT USAGE, CREATE ON SCHEMA "dms" TO "edfi_dms_enqueue_owner";
DO $$
DECLARE
    provisioner name := current_user;
    role_before text := pg_catalog.current_setting('role');
BEGIN
PERFORM pg_catalog.set_config('role', 'edfi_dms_enqueue_owner', true);
CREATE OR REPLACE FUNCTION "dms"."TF_Document_EnqueueProjectionInsert"()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog
AS $func$
DECLARE
    state pg_catalog.text;
BEGIN
    SELECT s."ProjectionLifecycleState" INTO state
    FROM "dms"."DocumentCacheState" AS s
    WHERE s."StateId" = 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dms.DocumentCacheState singleton row is missing or unreadable for projection enqueue.';
    END IF;
    IF state <> ALL (ARRAY['Disabled', 'Resetting', 'Rebuilding', 'Tracking']) THEN
        RAISE EXCEPTION 'dms.DocumentCacheState.ProjectionLifecycleState has unsupported value %.', state;
    END IF;
    IF state = 'Disabled' THEN
        RETURN NULL;
    END IF;
    INSERT INTO "dms"."DocumentProjectionWork" AS work (
        "DocumentId",
        "RequiredContentVersion",
        "FirstEnqueuedAt",
        "LastEnqueuedAt"
    )
    SELECT
        c."DocumentId",
        pg_catalog.max(c."ContentVersion"),
        pg_catalog.statement_timestamp(),
        pg_catalog.statement_timestamp()
    FROM new_rows AS c
    GROUP BY c."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "RequiredContentVersion" = EXCLUDED."RequiredContentVersion",
        "LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"
    WHERE work."RequiredContentVersion" < EXCLUDED."RequiredContentVersion";
    RETURN NULL;
END
$func$;
EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionInsert"() TO %I', provisioner);
PERFORM pg_catalog.set_config('role', role_before, true);
END $$;

REVOKE CREATE ON SCHEMA "dms" FROM "edfi_dms_enqueue_owner";
CREATE OR REPLACE TRIGGER "TR_Document_EnqueueProjectionInsert"
AFTER INSERT ON "dms"."Document"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "dms"."TF_Document_EnqueueProjectionInsert"();

GRANT USAGE, CREATE ON SCHEMA "dms" TO "edfi_dms_enqueue_owner";
DO $$
DECLARE
    provisioner name := current_user;
    role_before text := pg_catalog.current_setting('role');
BEGIN
PERFORM pg_catalog.set_config('role', 'edfi_dms_enqueue_owner', true);
CREATE OR REPLACE FUNCTION "dms"."TF_Document_EnqueueProjectionUpdate"()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog
AS $func$
DECLARE
    state pg_catalog.text;
BEGIN
    SELECT s."ProjectionLifecycleState" INTO state
    FROM "dms"."DocumentCacheState" AS s
    WHERE s."StateId" = 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dms.DocumentCacheState singleton row is missing or unreadable for projection enqueue.';
    END IF;
    IF state <> ALL (ARRAY['Disabled', 'Resetting', 'Rebuilding', 'Tracking']) THEN
        RAISE EXCEPTION 'dms.DocumentCacheState.ProjectionLifecycleState has unsupported value %.', state;
    END IF;
    IF state = 'Disabled' THEN
        RETURN NULL;
    END IF;
    INSERT INTO "dms"."DocumentProjectionWork" AS work (
        "DocumentId",
        "RequiredContentVersion",
        "FirstEnqueuedAt",
        "LastEnqueuedAt"
    )
    SELECT
        c."DocumentId",
        pg_catalog.max(c."ContentVersion"),
        pg_catalog.statement_timestamp(),
        pg_catalog.statement_timestamp()
    FROM (
        SELECT
            n."DocumentId",
            n."ContentVersion"
        FROM new_rows AS n
        EXCEPT ALL
        SELECT
            o."DocumentId",
            o."ContentVersion"
        FROM old_rows AS o
    ) AS c
    GROUP BY c."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "RequiredContentVersion" = EXCLUDED."RequiredContentVersion",
        "LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"
    WHERE work."RequiredContentVersion" < EXCLUDED."RequiredContentVersion";
    RETURN NULL;
END
$func$;
EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionUpdate"() TO %I', provisioner);
PERFORM pg_catalog.set_config('role', role_before, true);
END $$;

REVOKE CREATE ON SCHEMA "dms" FROM "edfi_dms_enqueue_owner";
CREATE OR REPLACE TRIGGER "TR_Document_EnqueueProjectionUpdate"
AFTER UPDATE ON "dms"."Document"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT
EXECUTE FUNCTION "dms"."TF_Document_EnqueueProjectionUpdate"();

CREATE OR REPLACE FUNCTION "dms"."TF_DocumentCache_ValidateDocumentUuid"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    _canonical_document_uuid pg_catalog.uuid;
BEGIN
    SELECT d."DocumentUuid" INTO _canonical_document_uuid
    FROM "dms"."Document" AS d
    WHERE d."DocumentId" = NEW."DocumentId";
    IF _canonical_document_uuid <> NEW."DocumentUuid" THEN
        RAISE EXCEPTION 'dms.DocumentCache.DocumentUuid diverges from the owning dms.Document row: the UUID of the document % is %, in its cached form %.',
            NEW."DocumentId", _canonical_document_uuid, NEW."DocumentUuid";
    END IF;
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_DocumentCache_ValidateDocumentUuid"
BEFORE INSERT OR UPDATE ON "dms"."DocumentCache"
FOR EACH ROW
EXECUTE FUNCTION "dms"."TF_DocumentCache_ValidateDocumentUuid"();

-- ==========================================================
-- Phase 9: Security and Grants
-- ==========================================================

GRANT USAGE ON SCHEMA "dms" TO "edfi_dms_enqueue_owner";
GRANT SELECT ON TABLE "dms"."DocumentCacheState" TO "edfi_dms_enqueue_owner";
GRANT INSERT, SELECT, UPDATE ON TABLE "dms"."DocumentProjectionWork" TO "edfi_dms_enqueue_owner";
REVOKE INSERT, UPDATE, DELETE ON TABLE "dms"."DocumentProjectionWork" FROM PUBLIC;

DO $$
DECLARE
    provisioner name := current_user;
    role_before text := pg_catalog.current_setting('role');
BEGIN
PERFORM pg_catalog.set_config('role', 'edfi_dms_enqueue_owner', true);
REVOKE EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionInsert"() FROM PUBLIC;
EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionInsert"() FROM %I', provisioner);
REVOKE EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionUpdate"() FROM PUBLIC;
EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION "dms"."TF_Document_EnqueueProjectionUpdate"() FROM %I', provisioner);
PERFORM pg_catalog.set_config('role', role_before, true);
END $$;

-- ==========================================================
-- Phase 10: Model Schemas
-- ==========================================================

CREATE SCHEMA IF NOT EXISTS "edfi";
CREATE SCHEMA IF NOT EXISTS "transport";
CREATE SCHEMA IF NOT EXISTS "auth";
CREATE SCHEMA IF NOT EXISTS "tracked_changes_edfi";
CREATE SCHEMA IF NOT EXISTS "tracked_changes_transport";

-- ==========================================================
-- Phase 11: Model Tables
-- ==========================================================

CREATE TABLE IF NOT EXISTS "edfi"."Calendar"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "SchoolYearType_DocumentId" bigint NOT NULL,
    "SchoolYearType_SchoolYear" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer NOT NULL,
    "CalendarCode" varchar(60) NOT NULL,
    CONSTRAINT "PK_Calendar" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Calendar_NK" UNIQUE ("CalendarCode", "School_DocumentId", "SchoolYearType_DocumentId"),
    CONSTRAINT "UX_Calendar_RefKey" UNIQUE ("CalendarCode", "School_SchoolId", "SchoolYearType_SchoolYear", "DocumentId"),
    CONSTRAINT "CK_Calendar_SchoolYearType_AllNone" CHECK (("SchoolYearType_DocumentId" IS NULL AND "SchoolYearType_SchoolYear" IS NULL) OR ("SchoolYearType_DocumentId" IS NOT NULL AND "SchoolYearType_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_Calendar_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."Contact"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "ContactUniqueId" varchar(32) NOT NULL,
    "FirstName" varchar(75) NOT NULL,
    "LastSurname" varchar(75) NOT NULL,
    CONSTRAINT "PK_Contact" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Contact_NK" UNIQUE ("ContactUniqueId"),
    CONSTRAINT "UX_Contact_RefKey" UNIQUE ("ContactUniqueId", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "edfi"."CourseOffering"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "SchoolId_Unified" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Session_DocumentId" bigint NOT NULL,
    "Session_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Session_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Session_SchoolYear" integer NOT NULL,
    "Session_SessionName" varchar(60) NOT NULL,
    "LocalCourseCode" varchar(60) NOT NULL,
    "LocalCourseTitle" varchar(60) NULL,
    CONSTRAINT "PK_CourseOffering" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_CourseOffering_NK" UNIQUE ("LocalCourseCode", "School_DocumentId", "Session_DocumentId"),
    CONSTRAINT "UX_CourseOffering_RefKey" UNIQUE ("LocalCourseCode", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "DocumentId"),
    CONSTRAINT "CK_CourseOffering_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_CourseOffering_Session_AllNone" CHECK (("Session_DocumentId" IS NULL AND "Session_SchoolId" IS NULL AND "Session_SchoolYear" IS NULL AND "Session_SessionName" IS NULL) OR ("Session_DocumentId" IS NOT NULL AND "Session_SchoolId" IS NOT NULL AND "Session_SchoolYear" IS NOT NULL AND "Session_SessionName" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."LocalEducationAgency"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "LocalEducationAgencyId" integer NOT NULL,
    "NameOfInstitution" varchar(75) NOT NULL,
    CONSTRAINT "PK_LocalEducationAgency" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_LocalEducationAgency_NK" UNIQUE ("LocalEducationAgencyId"),
    CONSTRAINT "UX_LocalEducationAgency_RefKey" UNIQUE ("LocalEducationAgencyId", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "edfi"."LocalEducationAgencyAddress"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "LocalEducationAgency_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "AddressTypeDescriptor_DescriptorId" bigint NOT NULL,
    "City" varchar(30) NOT NULL,
    "Latitude" numeric(9,6) NULL,
    "StreetNumberName" varchar(150) NOT NULL,
    CONSTRAINT "PK_LocalEducationAgencyAddress" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_LocalEducationAgencyAddress_City_StreetNumberName_bcacb88d21" UNIQUE ("LocalEducationAgency_DocumentId", "AddressTypeDescriptor_DescriptorId", "City", "StreetNumberName"),
    CONSTRAINT "UX_LocalEducationAgencyAddress_CollectionItemId_Loca_7c0f35b337" UNIQUE ("CollectionItemId", "LocalEducationAgency_DocumentId"),
    CONSTRAINT "UX_LocalEducationAgencyAddress_Ordinal_LocalEducatio_a93635d7a4" UNIQUE ("LocalEducationAgency_DocumentId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "edfi"."LocalEducationAgencyAddressPeriod"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "LocalEducationAgency_DocumentId" bigint NOT NULL,
    "Ordinal" integer NOT NULL,
    "ParentCollectionItemId" bigint NOT NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NULL,
    CONSTRAINT "PK_LocalEducationAgencyAddressPeriod" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_LocalEducationAgencyAddressPeriod_BeginDate_Paren_fae61676f7" UNIQUE ("ParentCollectionItemId", "BeginDate"),
    CONSTRAINT "UX_LocalEducationAgencyAddressPeriod_Ordinal_ParentC_5dca431ce8" UNIQUE ("ParentCollectionItemId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "edfi"."School"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "LocalEducationAgency_DocumentId" bigint NULL,
    "LocalEducationAgency_LocalEducationAgencyId" integer NULL,
    "NameOfInstitution" varchar(75) NOT NULL,
    "SchoolId" integer NOT NULL,
    "ShortNameOfInstitution" varchar(75) NULL,
    CONSTRAINT "PK_School" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_School_NK" UNIQUE ("SchoolId"),
    CONSTRAINT "UX_School_RefKey" UNIQUE ("SchoolId", "DocumentId"),
    CONSTRAINT "CK_School_LocalEducationAgency_AllNone" CHECK (("LocalEducationAgency_DocumentId" IS NULL AND "LocalEducationAgency_LocalEducationAgencyId" IS NULL) OR ("LocalEducationAgency_DocumentId" IS NOT NULL AND "LocalEducationAgency_LocalEducationAgencyId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "transport"."SchoolExtension"
(
    "DocumentId" bigint NOT NULL,
    "IsBusHub" boolean NULL,
    CONSTRAINT "PK_SchoolExtension" PRIMARY KEY ("DocumentId")
);

CREATE TABLE IF NOT EXISTS "transport"."SchoolExtensionBusStop"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "Ordinal" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "BusStopBus_DocumentId" bigint NULL,
    "BusStopBus_BusId" varchar(20) NULL,
    "BusRouteDescriptor_DescriptorId" bigint NULL,
    "StopName" varchar(60) NOT NULL,
    CONSTRAINT "PK_SchoolExtensionBusStop" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_SchoolExtensionBusStop_CollectionItemId_School_DocumentId" UNIQUE ("CollectionItemId", "School_DocumentId"),
    CONSTRAINT "UX_SchoolExtensionBusStop_Ordinal_School_DocumentId" UNIQUE ("School_DocumentId", "Ordinal"),
    CONSTRAINT "UX_SchoolExtensionBusStop_StopName_School_DocumentId" UNIQUE ("School_DocumentId", "StopName"),
    CONSTRAINT "CK_SchoolExtensionBusStop_BusStopBus_AllNone" CHECK (("BusStopBus_DocumentId" IS NULL AND "BusStopBus_BusId" IS NULL) OR ("BusStopBus_DocumentId" IS NOT NULL AND "BusStopBus_BusId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."SchoolAddress"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "Ordinal" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "AddressTypeDescriptor_DescriptorId" bigint NOT NULL,
    "City" varchar(30) NOT NULL,
    "Latitude" numeric(9,6) NULL,
    "StreetNumberName" varchar(150) NOT NULL,
    CONSTRAINT "PK_SchoolAddress" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_SchoolAddress_City_StreetNumberName_AddressTypeDe_7646f6f1b6" UNIQUE ("School_DocumentId", "AddressTypeDescriptor_DescriptorId", "City", "StreetNumberName"),
    CONSTRAINT "UX_SchoolAddress_CollectionItemId_School_DocumentId" UNIQUE ("CollectionItemId", "School_DocumentId"),
    CONSTRAINT "UX_SchoolAddress_Ordinal_School_DocumentId" UNIQUE ("School_DocumentId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "edfi"."SchoolGradeLevel"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "Ordinal" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "GradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    CONSTRAINT "PK_SchoolGradeLevel" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_SchoolGradeLevel_GradeLevelDescriptor_DescriptorI_eda0407c32" UNIQUE ("School_DocumentId", "GradeLevelDescriptor_DescriptorId"),
    CONSTRAINT "UX_SchoolGradeLevel_Ordinal_School_DocumentId" UNIQUE ("School_DocumentId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "transport"."SchoolExtensionBusStopDeparture"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "Ordinal" integer NOT NULL,
    "ParentCollectionItemId" bigint NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "DepartsAt" varchar(8) NOT NULL,
    CONSTRAINT "PK_SchoolExtensionBusStopDeparture" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_SchoolExtensionBusStopDeparture_DepartsAt_ParentC_86e54c5ec4" UNIQUE ("ParentCollectionItemId", "DepartsAt"),
    CONSTRAINT "UX_SchoolExtensionBusStopDeparture_Ordinal_ParentCol_4652d90de7" UNIQUE ("ParentCollectionItemId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "edfi"."SchoolAddressPeriod"
(
    "CollectionItemId" bigint NOT NULL DEFAULT pg_catalog.nextval('"dms"."CollectionItemIdSequence"'),
    "Ordinal" integer NOT NULL,
    "ParentCollectionItemId" bigint NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NULL,
    CONSTRAINT "PK_SchoolAddressPeriod" PRIMARY KEY ("CollectionItemId"),
    CONSTRAINT "UX_SchoolAddressPeriod_BeginDate_ParentCollectionItemId" UNIQUE ("ParentCollectionItemId", "BeginDate"),
    CONSTRAINT "UX_SchoolAddressPeriod_Ordinal_ParentCollectionItemId" UNIQUE ("ParentCollectionItemId", "Ordinal")
);

CREATE TABLE IF NOT EXISTS "edfi"."SchoolYearType"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "CurrentSchoolYear" boolean NOT NULL,
    "SchoolYear" integer NOT NULL,
    "SchoolYearDescription" varchar(50) NOT NULL,
    CONSTRAINT "PK_SchoolYearType" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_SchoolYearType_NK" UNIQUE ("SchoolYear"),
    CONSTRAINT "UX_SchoolYearType_RefKey" UNIQUE ("SchoolYear", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "edfi"."Section"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "SchoolId_Unified" integer NOT NULL,
    "CourseOffering_DocumentId" bigint NOT NULL,
    "CourseOffering_LocalCourseCode" varchar(60) NOT NULL,
    "CourseOffering_SchoolReferenceSchoolId" integer GENERATED ALWAYS AS (CASE WHEN "CourseOffering_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "CourseOffering_SessionReferenceSchoolId" integer GENERATED ALWAYS AS (CASE WHEN "CourseOffering_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "CourseOffering_SchoolYear" integer NOT NULL,
    "CourseOffering_SessionName" varchar(60) NOT NULL,
    "AvailableCredits" numeric(9,3) NULL,
    "OfficialAttendancePeriod" boolean NULL,
    "SectionIdentifier" varchar(255) NOT NULL,
    CONSTRAINT "PK_Section" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Section_NK" UNIQUE ("CourseOffering_DocumentId", "SectionIdentifier"),
    CONSTRAINT "UX_Section_RefKey" UNIQUE ("CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "SectionIdentifier", "DocumentId"),
    CONSTRAINT "CK_Section_CourseOffering_AllNone" CHECK (("CourseOffering_DocumentId" IS NULL AND "CourseOffering_LocalCourseCode" IS NULL AND "CourseOffering_SchoolReferenceSchoolId" IS NULL AND "CourseOffering_SessionReferenceSchoolId" IS NULL AND "CourseOffering_SchoolYear" IS NULL AND "CourseOffering_SessionName" IS NULL) OR ("CourseOffering_DocumentId" IS NOT NULL AND "CourseOffering_LocalCourseCode" IS NOT NULL AND "CourseOffering_SchoolReferenceSchoolId" IS NOT NULL AND "CourseOffering_SessionReferenceSchoolId" IS NOT NULL AND "CourseOffering_SchoolYear" IS NOT NULL AND "CourseOffering_SessionName" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."Session"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "SchoolYearType_DocumentId" bigint NOT NULL,
    "SchoolYearType_SchoolYear" integer NOT NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer NOT NULL,
    "TermDescriptor_DescriptorId" bigint NOT NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NOT NULL,
    "SessionName" varchar(60) NOT NULL,
    "TotalInstructionalDays" integer NOT NULL,
    CONSTRAINT "PK_Session" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Session_NK" UNIQUE ("School_DocumentId", "SchoolYearType_DocumentId", "SessionName"),
    CONSTRAINT "UX_Session_RefKey" UNIQUE ("School_SchoolId", "SchoolYearType_SchoolYear", "SessionName", "DocumentId"),
    CONSTRAINT "CK_Session_SchoolYearType_AllNone" CHECK (("SchoolYearType_DocumentId" IS NULL AND "SchoolYearType_SchoolYear" IS NULL) OR ("SchoolYearType_DocumentId" IS NOT NULL AND "SchoolYearType_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_Session_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."Staff"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "BirthDate" date NULL,
    "FirstName" varchar(75) NOT NULL,
    "LastSurname" varchar(75) NOT NULL,
    "StaffUniqueId" varchar(32) NOT NULL,
    CONSTRAINT "PK_Staff" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Staff_NK" UNIQUE ("StaffUniqueId"),
    CONSTRAINT "UX_Staff_RefKey" UNIQUE ("StaffUniqueId", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "edfi"."StaffEducationOrganizationAssignmentAssociation"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "EducationOrganization_DocumentId" bigint NOT NULL,
    "EducationOrganization_EducationOrganizationId" integer NOT NULL,
    "Staff_DocumentId" bigint NOT NULL,
    "Staff_StaffUniqueId" varchar(32) NOT NULL,
    "StaffClassificationDescriptor_DescriptorId" bigint NOT NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NULL,
    "PositionTitle" varchar(100) NULL,
    CONSTRAINT "PK_StaffEducationOrganizationAssignmentAssociation" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StaffEducationOrganizationAssignmentAssociation_NK" UNIQUE ("BeginDate", "EducationOrganization_DocumentId", "StaffClassificationDescriptor_DescriptorId", "Staff_DocumentId"),
    CONSTRAINT "CK_StaffEducationOrganizationAssignmentAssociation_E_6cd44df452" CHECK (("EducationOrganization_DocumentId" IS NULL AND "EducationOrganization_EducationOrganizationId" IS NULL) OR ("EducationOrganization_DocumentId" IS NOT NULL AND "EducationOrganization_EducationOrganizationId" IS NOT NULL)),
    CONSTRAINT "CK_StaffEducationOrganizationAssignmentAssociation_S_ef49c27b22" CHECK (("Staff_DocumentId" IS NULL AND "Staff_StaffUniqueId" IS NULL) OR ("Staff_DocumentId" IS NOT NULL AND "Staff_StaffUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."StaffEducationOrganizationEmploymentAssociation"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "EducationOrganization_DocumentId" bigint NOT NULL,
    "EducationOrganization_EducationOrganizationId" integer NOT NULL,
    "Staff_DocumentId" bigint NOT NULL,
    "Staff_StaffUniqueId" varchar(32) NOT NULL,
    "EmploymentStatusDescriptor_DescriptorId" bigint NOT NULL,
    "EndDate" date NULL,
    "HireDate" date NOT NULL,
    "HourlyWage" numeric(19,4) NULL,
    CONSTRAINT "PK_StaffEducationOrganizationEmploymentAssociation" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StaffEducationOrganizationEmploymentAssociation_NK" UNIQUE ("EducationOrganization_DocumentId", "EmploymentStatusDescriptor_DescriptorId", "HireDate", "Staff_DocumentId"),
    CONSTRAINT "CK_StaffEducationOrganizationEmploymentAssociation_E_6a62d46147" CHECK (("EducationOrganization_DocumentId" IS NULL AND "EducationOrganization_EducationOrganizationId" IS NULL) OR ("EducationOrganization_DocumentId" IS NOT NULL AND "EducationOrganization_EducationOrganizationId" IS NOT NULL)),
    CONSTRAINT "CK_StaffEducationOrganizationEmploymentAssociation_S_db3e1dd4b2" CHECK (("Staff_DocumentId" IS NULL AND "Staff_StaffUniqueId" IS NULL) OR ("Staff_DocumentId" IS NOT NULL AND "Staff_StaffUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."Student"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "BirthDate" date NOT NULL,
    "FirstName" varchar(75) NOT NULL,
    "LastSurname" varchar(75) NOT NULL,
    "StudentUniqueId" varchar(32) NOT NULL,
    CONSTRAINT "PK_Student" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Student_NK" UNIQUE ("StudentUniqueId"),
    CONSTRAINT "UX_Student_RefKey" UNIQUE ("StudentUniqueId", "DocumentId")
);

CREATE TABLE IF NOT EXISTS "edfi"."StudentContactAssociation"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "Contact_DocumentId" bigint NOT NULL,
    "Contact_ContactUniqueId" varchar(32) NOT NULL,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "ContactPriority" integer NULL,
    "EmergencyContactStatus" boolean NULL,
    CONSTRAINT "PK_StudentContactAssociation" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentContactAssociation_NK" UNIQUE ("Contact_DocumentId", "Student_DocumentId"),
    CONSTRAINT "CK_StudentContactAssociation_Contact_AllNone" CHECK (("Contact_DocumentId" IS NULL AND "Contact_ContactUniqueId" IS NULL) OR ("Contact_DocumentId" IS NOT NULL AND "Contact_ContactUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_StudentContactAssociation_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."StudentEducationOrganizationResponsibilityAssociation"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "EducationOrganization_DocumentId" bigint NOT NULL,
    "EducationOrganization_EducationOrganizationId" integer NOT NULL,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "ResponsibilityDescriptor_DescriptorId" bigint NOT NULL,
    "BeginDate" date NOT NULL,
    "EndDate" date NULL,
    CONSTRAINT "PK_StudentEducationOrganizationResponsibilityAssociation" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentEducationOrganizationResponsibilityAssociation_NK" UNIQUE ("BeginDate", "EducationOrganization_DocumentId", "ResponsibilityDescriptor_DescriptorId", "Student_DocumentId"),
    CONSTRAINT "CK_StudentEducationOrganizationResponsibilityAssocia_55c549385d" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL)),
    CONSTRAINT "CK_StudentEducationOrganizationResponsibilityAssocia_f5c0718cf8" CHECK (("EducationOrganization_DocumentId" IS NULL AND "EducationOrganization_EducationOrganizationId" IS NULL) OR ("EducationOrganization_DocumentId" IS NOT NULL AND "EducationOrganization_EducationOrganizationId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."StudentSchoolAssociation"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "SchoolId_Unified" integer NOT NULL,
    "Calendar_DocumentId" bigint NULL,
    "Calendar_CalendarCode" varchar(60) NULL,
    "Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Calendar_SchoolYear" integer NULL,
    "School_DocumentId" bigint NOT NULL,
    "School_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified" END) STORED,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "EntryGradeLevelDescriptor_DescriptorId" bigint NOT NULL,
    "EntryDate" date NOT NULL,
    "ExitWithdrawDate" date NULL,
    "PrimarySchool" boolean NULL,
    CONSTRAINT "PK_StudentSchoolAssociation" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentSchoolAssociation_NK" UNIQUE ("EntryDate", "School_DocumentId", "Student_DocumentId"),
    CONSTRAINT "UX_StudentSchoolAssociation_RefKey" UNIQUE ("EntryDate", "SchoolId_Unified", "Student_StudentUniqueId", "DocumentId"),
    CONSTRAINT "CK_StudentSchoolAssociation_Calendar_AllNone" CHECK (("Calendar_DocumentId" IS NULL AND "Calendar_CalendarCode" IS NULL AND "Calendar_SchoolId" IS NULL AND "Calendar_SchoolYear" IS NULL) OR ("Calendar_DocumentId" IS NOT NULL AND "Calendar_CalendarCode" IS NOT NULL AND "Calendar_SchoolId" IS NOT NULL AND "Calendar_SchoolYear" IS NOT NULL)),
    CONSTRAINT "CK_StudentSchoolAssociation_School_AllNone" CHECK (("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)),
    CONSTRAINT "CK_StudentSchoolAssociation_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."StudentSectionAttendanceEvent"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "Section_DocumentId" bigint NOT NULL,
    "Section_LocalCourseCode" varchar(60) NOT NULL,
    "Section_SchoolId" integer NOT NULL,
    "Section_SchoolYear" integer NOT NULL,
    "Section_SessionName" varchar(60) NOT NULL,
    "Section_SectionIdentifier" varchar(255) NOT NULL,
    "Student_DocumentId" bigint NOT NULL,
    "Student_StudentUniqueId" varchar(32) NOT NULL,
    "AttendanceEventCategoryDescriptor_DescriptorId" bigint NOT NULL,
    "AttendanceEventReason" varchar(255) NULL,
    "EventDate" date NOT NULL,
    CONSTRAINT "PK_StudentSectionAttendanceEvent" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentSectionAttendanceEvent_NK" UNIQUE ("AttendanceEventCategoryDescriptor_DescriptorId", "EventDate", "Section_DocumentId", "Student_DocumentId"),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_Section_AllNone" CHECK (("Section_DocumentId" IS NULL AND "Section_LocalCourseCode" IS NULL AND "Section_SchoolId" IS NULL AND "Section_SchoolYear" IS NULL AND "Section_SessionName" IS NULL AND "Section_SectionIdentifier" IS NULL) OR ("Section_DocumentId" IS NOT NULL AND "Section_LocalCourseCode" IS NOT NULL AND "Section_SchoolId" IS NOT NULL AND "Section_SchoolYear" IS NOT NULL AND "Section_SessionName" IS NOT NULL AND "Section_SectionIdentifier" IS NOT NULL)),
    CONSTRAINT "CK_StudentSectionAttendanceEvent_Student_AllNone" CHECK (("Student_DocumentId" IS NULL AND "Student_StudentUniqueId" IS NULL) OR ("Student_DocumentId" IS NOT NULL AND "Student_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "edfi"."Survey"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "Session_DocumentId" bigint NULL,
    "Session_SchoolId" integer NULL,
    "Session_SchoolYear" integer NULL,
    "Session_SessionName" varchar(60) NULL,
    "Namespace" varchar(255) NOT NULL,
    "SurveyIdentifier" varchar(60) NOT NULL,
    "SurveyTitle" varchar(255) NOT NULL,
    CONSTRAINT "PK_Survey" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Survey_NK" UNIQUE ("Namespace", "SurveyIdentifier"),
    CONSTRAINT "CK_Survey_Session_AllNone" CHECK (("Session_DocumentId" IS NULL AND "Session_SchoolId" IS NULL AND "Session_SchoolYear" IS NULL AND "Session_SessionName" IS NULL) OR ("Session_DocumentId" IS NOT NULL AND "Session_SchoolId" IS NOT NULL AND "Session_SchoolYear" IS NOT NULL AND "Session_SessionName" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "transport"."Bus"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "LocalEducationAgency_DocumentId" bigint NOT NULL,
    "LocalEducationAgency_LocalEducationAgencyId" integer NOT NULL,
    "BusId" varchar(20) NOT NULL,
    "Seats" integer NOT NULL,
    CONSTRAINT "PK_Bus" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_Bus_NK" UNIQUE ("BusId"),
    CONSTRAINT "UX_Bus_RefKey" UNIQUE ("BusId", "DocumentId"),
    CONSTRAINT "CK_Bus_LocalEducationAgency_AllNone" CHECK (("LocalEducationAgency_DocumentId" IS NULL AND "LocalEducationAgency_LocalEducationAgencyId" IS NULL) OR ("LocalEducationAgency_DocumentId" IS NOT NULL AND "LocalEducationAgency_LocalEducationAgencyId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "transport"."StudentBusRide"
(
    "DocumentId" bigint NOT NULL,
    "ContentLastModifiedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    "ContentVersion" bigint NOT NULL DEFAULT 0,
    "Bus_DocumentId" bigint NOT NULL,
    "Bus_BusId" varchar(20) NOT NULL,
    "StudentSchoolAssociation_DocumentId" bigint NOT NULL,
    "StudentSchoolAssociation_EntryDate" date NOT NULL,
    "StudentSchoolAssociation_SchoolId" integer NOT NULL,
    "StudentSchoolAssociation_StudentUniqueId" varchar(32) NOT NULL,
    "BusRouteDescriptor_DescriptorId" bigint NOT NULL,
    "StopName" varchar(60) NULL,
    CONSTRAINT "PK_StudentBusRide" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_StudentBusRide_NK" UNIQUE ("Bus_DocumentId", "BusRouteDescriptor_DescriptorId"),
    CONSTRAINT "CK_StudentBusRide_Bus_AllNone" CHECK (("Bus_DocumentId" IS NULL AND "Bus_BusId" IS NULL) OR ("Bus_DocumentId" IS NOT NULL AND "Bus_BusId" IS NOT NULL)),
    CONSTRAINT "CK_StudentBusRide_StudentSchoolAssociation_AllNone" CHECK (("StudentSchoolAssociation_DocumentId" IS NULL AND "StudentSchoolAssociation_EntryDate" IS NULL AND "StudentSchoolAssociation_SchoolId" IS NULL AND "StudentSchoolAssociation_StudentUniqueId" IS NULL) OR ("StudentSchoolAssociation_DocumentId" IS NOT NULL AND "StudentSchoolAssociation_EntryDate" IS NOT NULL AND "StudentSchoolAssociation_SchoolId" IS NOT NULL AND "StudentSchoolAssociation_StudentUniqueId" IS NOT NULL))
);

CREATE TABLE IF NOT EXISTS "auth"."EducationOrganizationIdToEducationOrganizationId"
(
    "SourceEducationOrganizationId" bigint NOT NULL,
    "TargetEducationOrganizationId" bigint NOT NULL,
    CONSTRAINT "PK_EducationOrganizationIdToEducationOrganizationId" PRIMARY KEY ("SourceEducationOrganizationId", "TargetEducationOrganizationId")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Calendar"
(
    "OldCalendarCode" varchar(60) NOT NULL,
    "NewCalendarCode" varchar(60) NULL,
    "OldSchool_SchoolId" integer NOT NULL,
    "NewSchool_SchoolId" integer NULL,
    "OldSchoolYearType_SchoolYear" integer NOT NULL,
    "NewSchoolYearType_SchoolYear" integer NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Calendar" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Contact"
(
    "OldContactUniqueId" varchar(32) NOT NULL,
    "NewContactUniqueId" varchar(32) NULL,
    "OldContact_DocumentId" bigint NOT NULL,
    "NewContact_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Contact" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."CourseOffering"
(
    "OldLocalCourseCode" varchar(60) NOT NULL,
    "NewLocalCourseCode" varchar(60) NULL,
    "OldSchoolId_Unified" integer NOT NULL,
    "NewSchoolId_Unified" integer NULL,
    "OldSession_SchoolYear" integer NOT NULL,
    "NewSession_SchoolYear" integer NULL,
    "OldSession_SessionName" varchar(60) NOT NULL,
    "NewSession_SessionName" varchar(60) NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_CourseOffering" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Descriptor"
(
    "OldNamespace" varchar(255) NOT NULL,
    "NewNamespace" varchar(255) NULL,
    "OldCodeValue" varchar(50) NOT NULL,
    "NewCodeValue" varchar(50) NULL,
    "Discriminator" varchar(128) NOT NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Descriptor" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."LocalEducationAgency"
(
    "OldLocalEducationAgencyId" integer NOT NULL,
    "NewLocalEducationAgencyId" integer NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_LocalEducationAgency" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."School"
(
    "OldSchoolId" integer NOT NULL,
    "NewSchoolId" integer NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_School" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."SchoolYearType"
(
    "OldSchoolYear" integer NOT NULL,
    "NewSchoolYear" integer NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_SchoolYearType" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Section"
(
    "OldCourseOffering_LocalCourseCode" varchar(60) NOT NULL,
    "NewCourseOffering_LocalCourseCode" varchar(60) NULL,
    "OldSchoolId_Unified" integer NOT NULL,
    "NewSchoolId_Unified" integer NULL,
    "OldCourseOffering_SchoolYear" integer NOT NULL,
    "NewCourseOffering_SchoolYear" integer NULL,
    "OldCourseOffering_SessionName" varchar(60) NOT NULL,
    "NewCourseOffering_SessionName" varchar(60) NULL,
    "OldSectionIdentifier" varchar(255) NOT NULL,
    "NewSectionIdentifier" varchar(255) NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Section" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Session"
(
    "OldSchool_SchoolId" integer NOT NULL,
    "NewSchool_SchoolId" integer NULL,
    "OldSchoolYearType_SchoolYear" integer NOT NULL,
    "NewSchoolYearType_SchoolYear" integer NULL,
    "OldSessionName" varchar(60) NOT NULL,
    "NewSessionName" varchar(60) NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Session" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Staff"
(
    "OldStaffUniqueId" varchar(32) NOT NULL,
    "NewStaffUniqueId" varchar(32) NULL,
    "OldStaff_DocumentId" bigint NOT NULL,
    "NewStaff_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Staff" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StaffEducationOrganizationAssignmentAssociation"
(
    "OldBeginDate" date NOT NULL,
    "NewBeginDate" date NULL,
    "OldEducationOrganization_EducationOrganizationId" integer NOT NULL,
    "NewEducationOrganization_EducationOrganizationId" integer NULL,
    "OldStaffClassificationDescriptor_Namespace" varchar(255) NOT NULL,
    "NewStaffClassificationDescriptor_Namespace" varchar(255) NULL,
    "OldStaffClassificationDescriptor_CodeValue" varchar(50) NOT NULL,
    "NewStaffClassificationDescriptor_CodeValue" varchar(50) NULL,
    "OldStaff_StaffUniqueId" varchar(32) NOT NULL,
    "NewStaff_StaffUniqueId" varchar(32) NULL,
    "OldStaff_DocumentId" bigint NOT NULL,
    "NewStaff_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StaffEducationOrganizationAs_21269a4e1f" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StaffEducationOrganizationEmploymentAssociation"
(
    "OldEducationOrganization_EducationOrganizationId" integer NOT NULL,
    "NewEducationOrganization_EducationOrganizationId" integer NULL,
    "OldEmploymentStatusDescriptor_Namespace" varchar(255) NOT NULL,
    "NewEmploymentStatusDescriptor_Namespace" varchar(255) NULL,
    "OldEmploymentStatusDescriptor_CodeValue" varchar(50) NOT NULL,
    "NewEmploymentStatusDescriptor_CodeValue" varchar(50) NULL,
    "OldHireDate" date NOT NULL,
    "NewHireDate" date NULL,
    "OldStaff_StaffUniqueId" varchar(32) NOT NULL,
    "NewStaff_StaffUniqueId" varchar(32) NULL,
    "OldStaff_DocumentId" bigint NOT NULL,
    "NewStaff_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StaffEducationOrganizationEm_6b655adbbd" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Student"
(
    "OldStudentUniqueId" varchar(32) NOT NULL,
    "NewStudentUniqueId" varchar(32) NULL,
    "OldStudent_DocumentId" bigint NOT NULL,
    "NewStudent_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Student" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StudentContactAssociation"
(
    "OldContact_ContactUniqueId" varchar(32) NOT NULL,
    "NewContact_ContactUniqueId" varchar(32) NULL,
    "OldStudent_StudentUniqueId" varchar(32) NOT NULL,
    "NewStudent_StudentUniqueId" varchar(32) NULL,
    "OldStudent_DocumentId" bigint NOT NULL,
    "NewStudent_DocumentId" bigint NULL,
    "OldContact_DocumentId" bigint NOT NULL,
    "NewContact_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StudentContactAssociation" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StudentEducationOrganizationResponsibilityAssociation"
(
    "OldBeginDate" date NOT NULL,
    "NewBeginDate" date NULL,
    "OldEducationOrganization_EducationOrganizationId" integer NOT NULL,
    "NewEducationOrganization_EducationOrganizationId" integer NULL,
    "OldResponsibilityDescriptor_Namespace" varchar(255) NOT NULL,
    "NewResponsibilityDescriptor_Namespace" varchar(255) NULL,
    "OldResponsibilityDescriptor_CodeValue" varchar(50) NOT NULL,
    "NewResponsibilityDescriptor_CodeValue" varchar(50) NULL,
    "OldStudent_StudentUniqueId" varchar(32) NOT NULL,
    "NewStudent_StudentUniqueId" varchar(32) NULL,
    "OldStudent_DocumentId" bigint NOT NULL,
    "NewStudent_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StudentEducationOrganization_1f44fed0a1" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StudentSchoolAssociation"
(
    "OldEntryDate" date NOT NULL,
    "NewEntryDate" date NULL,
    "OldSchoolId_Unified" integer NOT NULL,
    "NewSchoolId_Unified" integer NULL,
    "OldStudent_StudentUniqueId" varchar(32) NOT NULL,
    "NewStudent_StudentUniqueId" varchar(32) NULL,
    "OldStudent_DocumentId" bigint NOT NULL,
    "NewStudent_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StudentSchoolAssociation" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."StudentSectionAttendanceEvent"
(
    "OldAttendanceEventCategoryDescriptor_Namespace" varchar(255) NOT NULL,
    "NewAttendanceEventCategoryDescriptor_Namespace" varchar(255) NULL,
    "OldAttendanceEventCategoryDescriptor_CodeValue" varchar(50) NOT NULL,
    "NewAttendanceEventCategoryDescriptor_CodeValue" varchar(50) NULL,
    "OldEventDate" date NOT NULL,
    "NewEventDate" date NULL,
    "OldSection_LocalCourseCode" varchar(60) NOT NULL,
    "NewSection_LocalCourseCode" varchar(60) NULL,
    "OldSection_SchoolId" integer NOT NULL,
    "NewSection_SchoolId" integer NULL,
    "OldSection_SchoolYear" integer NOT NULL,
    "NewSection_SchoolYear" integer NULL,
    "OldSection_SectionIdentifier" varchar(255) NOT NULL,
    "NewSection_SectionIdentifier" varchar(255) NULL,
    "OldSection_SessionName" varchar(60) NOT NULL,
    "NewSection_SessionName" varchar(60) NULL,
    "OldStudent_StudentUniqueId" varchar(32) NOT NULL,
    "NewStudent_StudentUniqueId" varchar(32) NULL,
    "OldStudent_DocumentId" bigint NOT NULL,
    "NewStudent_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_StudentSectionAttendanceEvent" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_edfi"."Survey"
(
    "OldNamespace" varchar(255) NOT NULL,
    "NewNamespace" varchar(255) NULL,
    "OldSurveyIdentifier" varchar(60) NOT NULL,
    "NewSurveyIdentifier" varchar(60) NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_edfi_Survey" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_transport"."Bus"
(
    "OldBusId" varchar(20) NOT NULL,
    "NewBusId" varchar(20) NULL,
    "OldLocalEducationAgency_LocalEducationAgencyId" integer NOT NULL,
    "NewLocalEducationAgency_LocalEducationAgencyId" integer NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_transport_Bus" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "tracked_changes_transport"."StudentBusRide"
(
    "OldBus_BusId" varchar(20) NOT NULL,
    "NewBus_BusId" varchar(20) NULL,
    "OldBusRouteDescriptor_Namespace" varchar(255) NOT NULL,
    "NewBusRouteDescriptor_Namespace" varchar(255) NULL,
    "OldBusRouteDescriptor_CodeValue" varchar(50) NOT NULL,
    "NewBusRouteDescriptor_CodeValue" varchar(50) NULL,
    "OldStudentSchoolAssociation_SchoolId" integer NOT NULL,
    "NewStudentSchoolAssociation_SchoolId" integer NULL,
    "OldStudentSchoolAssociation_Student_DocumentId" bigint NOT NULL,
    "NewStudentSchoolAssociation_Student_DocumentId" bigint NULL,
    "Id" uuid NOT NULL,
    "ChangeVersion" bigint NOT NULL,
    "CreatedAt" timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT "PK_tracked_changes_transport_StudentBusRide" PRIMARY KEY ("ChangeVersion")
);

CREATE TABLE IF NOT EXISTS "edfi"."EducationOrganizationIdentity"
(
    "DocumentId" bigint NOT NULL,
    "EducationOrganizationId" integer NOT NULL,
    "ResourceKeyId" smallint NOT NULL,
    "Discriminator" varchar(256) NOT NULL,
    CONSTRAINT "PK_EducationOrganizationIdentity" PRIMARY KEY ("DocumentId"),
    CONSTRAINT "UX_EducationOrganizationIdentity_NK" UNIQUE ("EducationOrganizationId"),
    CONSTRAINT "UX_EducationOrganizationIdentity_RefKey" UNIQUE ("EducationOrganizationId", "DocumentId")
);

-- ==========================================================
-- Phase 12: Model Foreign Keys
-- ==========================================================

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Calendar"')
    ) THEN
        ALTER TABLE "edfi"."Calendar"
        ADD CONSTRAINT "FK_Calendar_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_SchoolYearType_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Calendar"')
    ) THEN
        ALTER TABLE "edfi"."Calendar"
        ADD CONSTRAINT "FK_Calendar_SchoolYearType_RefKey" FOREIGN KEY ("SchoolYearType_SchoolYear", "SchoolYearType_DocumentId")
        REFERENCES "edfi"."SchoolYearType" ("SchoolYear", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Calendar_School_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Calendar"')
    ) THEN
        ALTER TABLE "edfi"."Calendar"
        ADD CONSTRAINT "FK_Calendar_School_RefKey" FOREIGN KEY ("School_SchoolId", "School_DocumentId")
        REFERENCES "edfi"."School" ("SchoolId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Contact_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Contact"')
    ) THEN
        ALTER TABLE "edfi"."Contact"
        ADD CONSTRAINT "FK_Contact_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."CourseOffering"')
    ) THEN
        ALTER TABLE "edfi"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_School_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."CourseOffering"')
    ) THEN
        ALTER TABLE "edfi"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_School_RefKey" FOREIGN KEY ("SchoolId_Unified", "School_DocumentId")
        REFERENCES "edfi"."School" ("SchoolId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_CourseOffering_Session_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."CourseOffering"')
    ) THEN
        ALTER TABLE "edfi"."CourseOffering"
        ADD CONSTRAINT "FK_CourseOffering_Session_RefKey" FOREIGN KEY ("SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_DocumentId")
        REFERENCES "edfi"."Session" ("School_SchoolId", "SchoolYearType_SchoolYear", "SessionName", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocalEducationAgency_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."LocalEducationAgency"')
    ) THEN
        ALTER TABLE "edfi"."LocalEducationAgency"
        ADD CONSTRAINT "FK_LocalEducationAgency_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocalEducationAgencyAddress_AddressTypeDescriptor' AND conrelid = pg_catalog.to_regclass('"edfi"."LocalEducationAgencyAddress"')
    ) THEN
        ALTER TABLE "edfi"."LocalEducationAgencyAddress"
        ADD CONSTRAINT "FK_LocalEducationAgencyAddress_AddressTypeDescriptor" FOREIGN KEY ("AddressTypeDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocalEducationAgencyAddress_LocalEducationAgency' AND conrelid = pg_catalog.to_regclass('"edfi"."LocalEducationAgencyAddress"')
    ) THEN
        ALTER TABLE "edfi"."LocalEducationAgencyAddress"
        ADD CONSTRAINT "FK_LocalEducationAgencyAddress_LocalEducationAgency" FOREIGN KEY ("LocalEducationAgency_DocumentId")
        REFERENCES "edfi"."LocalEducationAgency" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_LocalEducationAgencyAddressPeriod_LocalEducationA_5701cbbcf0' AND conrelid = pg_catalog.to_regclass('"edfi"."LocalEducationAgencyAddressPeriod"')
    ) THEN
        ALTER TABLE "edfi"."LocalEducationAgencyAddressPeriod"
        ADD CONSTRAINT "FK_LocalEducationAgencyAddressPeriod_LocalEducationA_5701cbbcf0" FOREIGN KEY ("ParentCollectionItemId", "LocalEducationAgency_DocumentId")
        REFERENCES "edfi"."LocalEducationAgencyAddress" ("CollectionItemId", "LocalEducationAgency_DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_School_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."School"')
    ) THEN
        ALTER TABLE "edfi"."School"
        ADD CONSTRAINT "FK_School_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_School_LocalEducationAgency_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."School"')
    ) THEN
        ALTER TABLE "edfi"."School"
        ADD CONSTRAINT "FK_School_LocalEducationAgency_RefKey" FOREIGN KEY ("LocalEducationAgency_LocalEducationAgencyId", "LocalEducationAgency_DocumentId")
        REFERENCES "edfi"."LocalEducationAgency" ("LocalEducationAgencyId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtension_School' AND conrelid = pg_catalog.to_regclass('"transport"."SchoolExtension"')
    ) THEN
        ALTER TABLE "transport"."SchoolExtension"
        ADD CONSTRAINT "FK_SchoolExtension_School" FOREIGN KEY ("DocumentId")
        REFERENCES "edfi"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionBusStop_BusRouteDescriptor' AND conrelid = pg_catalog.to_regclass('"transport"."SchoolExtensionBusStop"')
    ) THEN
        ALTER TABLE "transport"."SchoolExtensionBusStop"
        ADD CONSTRAINT "FK_SchoolExtensionBusStop_BusRouteDescriptor" FOREIGN KEY ("BusRouteDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionBusStop_BusStopBus_RefKey' AND conrelid = pg_catalog.to_regclass('"transport"."SchoolExtensionBusStop"')
    ) THEN
        ALTER TABLE "transport"."SchoolExtensionBusStop"
        ADD CONSTRAINT "FK_SchoolExtensionBusStop_BusStopBus_RefKey" FOREIGN KEY ("BusStopBus_BusId", "BusStopBus_DocumentId")
        REFERENCES "transport"."Bus" ("BusId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionBusStop_SchoolExtension' AND conrelid = pg_catalog.to_regclass('"transport"."SchoolExtensionBusStop"')
    ) THEN
        ALTER TABLE "transport"."SchoolExtensionBusStop"
        ADD CONSTRAINT "FK_SchoolExtensionBusStop_SchoolExtension" FOREIGN KEY ("School_DocumentId")
        REFERENCES "transport"."SchoolExtension" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddress_AddressTypeDescriptor' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolAddress"')
    ) THEN
        ALTER TABLE "edfi"."SchoolAddress"
        ADD CONSTRAINT "FK_SchoolAddress_AddressTypeDescriptor" FOREIGN KEY ("AddressTypeDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddress_School' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolAddress"')
    ) THEN
        ALTER TABLE "edfi"."SchoolAddress"
        ADD CONSTRAINT "FK_SchoolAddress_School" FOREIGN KEY ("School_DocumentId")
        REFERENCES "edfi"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolGradeLevel_GradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolGradeLevel"')
    ) THEN
        ALTER TABLE "edfi"."SchoolGradeLevel"
        ADD CONSTRAINT "FK_SchoolGradeLevel_GradeLevelDescriptor" FOREIGN KEY ("GradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolGradeLevel_School' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolGradeLevel"')
    ) THEN
        ALTER TABLE "edfi"."SchoolGradeLevel"
        ADD CONSTRAINT "FK_SchoolGradeLevel_School" FOREIGN KEY ("School_DocumentId")
        REFERENCES "edfi"."School" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolExtensionBusStopDeparture_SchoolExtensionBusStop' AND conrelid = pg_catalog.to_regclass('"transport"."SchoolExtensionBusStopDeparture"')
    ) THEN
        ALTER TABLE "transport"."SchoolExtensionBusStopDeparture"
        ADD CONSTRAINT "FK_SchoolExtensionBusStopDeparture_SchoolExtensionBusStop" FOREIGN KEY ("ParentCollectionItemId", "School_DocumentId")
        REFERENCES "transport"."SchoolExtensionBusStop" ("CollectionItemId", "School_DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolAddressPeriod_SchoolAddress' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolAddressPeriod"')
    ) THEN
        ALTER TABLE "edfi"."SchoolAddressPeriod"
        ADD CONSTRAINT "FK_SchoolAddressPeriod_SchoolAddress" FOREIGN KEY ("ParentCollectionItemId", "School_DocumentId")
        REFERENCES "edfi"."SchoolAddress" ("CollectionItemId", "School_DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_SchoolYearType_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."SchoolYearType"')
    ) THEN
        ALTER TABLE "edfi"."SchoolYearType"
        ADD CONSTRAINT "FK_SchoolYearType_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_CourseOffering_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Section"')
    ) THEN
        ALTER TABLE "edfi"."Section"
        ADD CONSTRAINT "FK_Section_CourseOffering_RefKey" FOREIGN KEY ("CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_DocumentId")
        REFERENCES "edfi"."CourseOffering" ("LocalCourseCode", "SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Section_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Section"')
    ) THEN
        ALTER TABLE "edfi"."Section"
        ADD CONSTRAINT "FK_Section_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Session"')
    ) THEN
        ALTER TABLE "edfi"."Session"
        ADD CONSTRAINT "FK_Session_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_SchoolYearType_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Session"')
    ) THEN
        ALTER TABLE "edfi"."Session"
        ADD CONSTRAINT "FK_Session_SchoolYearType_RefKey" FOREIGN KEY ("SchoolYearType_SchoolYear", "SchoolYearType_DocumentId")
        REFERENCES "edfi"."SchoolYearType" ("SchoolYear", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_School_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Session"')
    ) THEN
        ALTER TABLE "edfi"."Session"
        ADD CONSTRAINT "FK_Session_School_RefKey" FOREIGN KEY ("School_SchoolId", "School_DocumentId")
        REFERENCES "edfi"."School" ("SchoolId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Session_TermDescriptor' AND conrelid = pg_catalog.to_regclass('"edfi"."Session"')
    ) THEN
        ALTER TABLE "edfi"."Session"
        ADD CONSTRAINT "FK_Session_TermDescriptor" FOREIGN KEY ("TermDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Staff_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Staff"')
    ) THEN
        ALTER TABLE "edfi"."Staff"
        ADD CONSTRAINT "FK_Staff_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationAssignmentAssociation_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationAssignmentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationAssignmentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationAssignmentAssociation_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationAssignmentAssociation_E_e7ce860ec2' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationAssignmentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationAssignmentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationAssignmentAssociation_E_e7ce860ec2" FOREIGN KEY ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId")
        REFERENCES "edfi"."EducationOrganizationIdentity" ("EducationOrganizationId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationAssignmentAssociation_S_4f39b63a8a' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationAssignmentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationAssignmentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationAssignmentAssociation_S_4f39b63a8a" FOREIGN KEY ("StaffClassificationDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationAssignmentAssociation_Staff_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationAssignmentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationAssignmentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationAssignmentAssociation_Staff_RefKey" FOREIGN KEY ("Staff_StaffUniqueId", "Staff_DocumentId")
        REFERENCES "edfi"."Staff" ("StaffUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationEmploymentAssociation_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationEmploymentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationEmploymentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationEmploymentAssociation_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationEmploymentAssociation_E_c0a3f93ccd' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationEmploymentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationEmploymentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationEmploymentAssociation_E_c0a3f93ccd" FOREIGN KEY ("EmploymentStatusDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationEmploymentAssociation_E_d6dac927fb' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationEmploymentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationEmploymentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationEmploymentAssociation_E_d6dac927fb" FOREIGN KEY ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId")
        REFERENCES "edfi"."EducationOrganizationIdentity" ("EducationOrganizationId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StaffEducationOrganizationEmploymentAssociation_Staff_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StaffEducationOrganizationEmploymentAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StaffEducationOrganizationEmploymentAssociation"
        ADD CONSTRAINT "FK_StaffEducationOrganizationEmploymentAssociation_Staff_RefKey" FOREIGN KEY ("Staff_StaffUniqueId", "Staff_DocumentId")
        REFERENCES "edfi"."Staff" ("StaffUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Student_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Student"')
    ) THEN
        ALTER TABLE "edfi"."Student"
        ADD CONSTRAINT "FK_Student_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentContactAssociation_Contact_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentContactAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentContactAssociation"
        ADD CONSTRAINT "FK_StudentContactAssociation_Contact_RefKey" FOREIGN KEY ("Contact_ContactUniqueId", "Contact_DocumentId")
        REFERENCES "edfi"."Contact" ("ContactUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentContactAssociation_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentContactAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentContactAssociation"
        ADD CONSTRAINT "FK_StudentContactAssociation_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentContactAssociation_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentContactAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentContactAssociation"
        ADD CONSTRAINT "FK_StudentContactAssociation_Student_RefKey" FOREIGN KEY ("Student_StudentUniqueId", "Student_DocumentId")
        REFERENCES "edfi"."Student" ("StudentUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentEducationOrganizationResponsibilityAssocia_7da953a3d2' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentEducationOrganizationResponsibilityAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentEducationOrganizationResponsibilityAssociation"
        ADD CONSTRAINT "FK_StudentEducationOrganizationResponsibilityAssocia_7da953a3d2" FOREIGN KEY ("ResponsibilityDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentEducationOrganizationResponsibilityAssocia_969ad3d2a8' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentEducationOrganizationResponsibilityAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentEducationOrganizationResponsibilityAssociation"
        ADD CONSTRAINT "FK_StudentEducationOrganizationResponsibilityAssocia_969ad3d2a8" FOREIGN KEY ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId")
        REFERENCES "edfi"."EducationOrganizationIdentity" ("EducationOrganizationId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentEducationOrganizationResponsibilityAssocia_b5a746a045' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentEducationOrganizationResponsibilityAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentEducationOrganizationResponsibilityAssociation"
        ADD CONSTRAINT "FK_StudentEducationOrganizationResponsibilityAssocia_b5a746a045" FOREIGN KEY ("Student_StudentUniqueId", "Student_DocumentId")
        REFERENCES "edfi"."Student" ("StudentUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentEducationOrganizationResponsibilityAssocia_e45cfc3dea' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentEducationOrganizationResponsibilityAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentEducationOrganizationResponsibilityAssociation"
        ADD CONSTRAINT "FK_StudentEducationOrganizationResponsibilityAssocia_e45cfc3dea" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSchoolAssociation_Calendar_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSchoolAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentSchoolAssociation"
        ADD CONSTRAINT "FK_StudentSchoolAssociation_Calendar_RefKey" FOREIGN KEY ("Calendar_CalendarCode", "SchoolId_Unified", "Calendar_SchoolYear", "Calendar_DocumentId")
        REFERENCES "edfi"."Calendar" ("CalendarCode", "School_SchoolId", "SchoolYearType_SchoolYear", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSchoolAssociation_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSchoolAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentSchoolAssociation"
        ADD CONSTRAINT "FK_StudentSchoolAssociation_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSchoolAssociation_EntryGradeLevelDescriptor' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSchoolAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentSchoolAssociation"
        ADD CONSTRAINT "FK_StudentSchoolAssociation_EntryGradeLevelDescriptor" FOREIGN KEY ("EntryGradeLevelDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSchoolAssociation_School_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSchoolAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentSchoolAssociation"
        ADD CONSTRAINT "FK_StudentSchoolAssociation_School_RefKey" FOREIGN KEY ("SchoolId_Unified", "School_DocumentId")
        REFERENCES "edfi"."School" ("SchoolId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSchoolAssociation_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSchoolAssociation"')
    ) THEN
        ALTER TABLE "edfi"."StudentSchoolAssociation"
        ADD CONSTRAINT "FK_StudentSchoolAssociation_Student_RefKey" FOREIGN KEY ("Student_StudentUniqueId", "Student_DocumentId")
        REFERENCES "edfi"."Student" ("StudentUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_AttendanceEventCate_4e912cb39e' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "edfi"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_AttendanceEventCate_4e912cb39e" FOREIGN KEY ("AttendanceEventCategoryDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "edfi"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Section_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "edfi"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Section_RefKey" FOREIGN KEY ("Section_LocalCourseCode", "Section_SchoolId", "Section_SchoolYear", "Section_SessionName", "Section_SectionIdentifier", "Section_DocumentId")
        REFERENCES "edfi"."Section" ("CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "SectionIdentifier", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentSectionAttendanceEvent_Student_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."StudentSectionAttendanceEvent"')
    ) THEN
        ALTER TABLE "edfi"."StudentSectionAttendanceEvent"
        ADD CONSTRAINT "FK_StudentSectionAttendanceEvent_Student_RefKey" FOREIGN KEY ("Student_StudentUniqueId", "Student_DocumentId")
        REFERENCES "edfi"."Student" ("StudentUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Survey_Document' AND conrelid = pg_catalog.to_regclass('"edfi"."Survey"')
    ) THEN
        ALTER TABLE "edfi"."Survey"
        ADD CONSTRAINT "FK_Survey_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Survey_Session_RefKey' AND conrelid = pg_catalog.to_regclass('"edfi"."Survey"')
    ) THEN
        ALTER TABLE "edfi"."Survey"
        ADD CONSTRAINT "FK_Survey_Session_RefKey" FOREIGN KEY ("Session_SchoolId", "Session_SchoolYear", "Session_SessionName", "Session_DocumentId")
        REFERENCES "edfi"."Session" ("School_SchoolId", "SchoolYearType_SchoolYear", "SessionName", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Bus_Document' AND conrelid = pg_catalog.to_regclass('"transport"."Bus"')
    ) THEN
        ALTER TABLE "transport"."Bus"
        ADD CONSTRAINT "FK_Bus_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_Bus_LocalEducationAgency_RefKey' AND conrelid = pg_catalog.to_regclass('"transport"."Bus"')
    ) THEN
        ALTER TABLE "transport"."Bus"
        ADD CONSTRAINT "FK_Bus_LocalEducationAgency_RefKey" FOREIGN KEY ("LocalEducationAgency_LocalEducationAgencyId", "LocalEducationAgency_DocumentId")
        REFERENCES "edfi"."LocalEducationAgency" ("LocalEducationAgencyId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentBusRide_BusRouteDescriptor' AND conrelid = pg_catalog.to_regclass('"transport"."StudentBusRide"')
    ) THEN
        ALTER TABLE "transport"."StudentBusRide"
        ADD CONSTRAINT "FK_StudentBusRide_BusRouteDescriptor" FOREIGN KEY ("BusRouteDescriptor_DescriptorId")
        REFERENCES "dms"."Descriptor" ("DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentBusRide_Bus_RefKey' AND conrelid = pg_catalog.to_regclass('"transport"."StudentBusRide"')
    ) THEN
        ALTER TABLE "transport"."StudentBusRide"
        ADD CONSTRAINT "FK_StudentBusRide_Bus_RefKey" FOREIGN KEY ("Bus_BusId", "Bus_DocumentId")
        REFERENCES "transport"."Bus" ("BusId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentBusRide_Document' AND conrelid = pg_catalog.to_regclass('"transport"."StudentBusRide"')
    ) THEN
        ALTER TABLE "transport"."StudentBusRide"
        ADD CONSTRAINT "FK_StudentBusRide_Document" FOREIGN KEY ("DocumentId")
        REFERENCES "dms"."Document" ("DocumentId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_StudentBusRide_StudentSchoolAssociation_RefKey' AND conrelid = pg_catalog.to_regclass('"transport"."StudentBusRide"')
    ) THEN
        ALTER TABLE "transport"."StudentBusRide"
        ADD CONSTRAINT "FK_StudentBusRide_StudentSchoolAssociation_RefKey" FOREIGN KEY ("StudentSchoolAssociation_EntryDate", "StudentSchoolAssociation_SchoolId", "StudentSchoolAssociation_StudentUniqueId", "StudentSchoolAssociation_DocumentId")
        REFERENCES "edfi"."StudentSchoolAssociation" ("EntryDate", "SchoolId_Unified", "Student_StudentUniqueId", "DocumentId")
        ON DELETE NO ACTION ON UPDATE CASCADE;
    END IF;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint
        WHERE conname = 'FK_EducationOrganizationIdentity_DocumentResourceKey' AND conrelid = pg_catalog.to_regclass('"edfi"."EducationOrganizationIdentity"')
    ) THEN
        ALTER TABLE "edfi"."EducationOrganizationIdentity"
        ADD CONSTRAINT "FK_EducationOrganizationIdentity_DocumentResourceKey" FOREIGN KEY ("DocumentId", "ResourceKeyId")
        REFERENCES "dms"."Document" ("DocumentId", "ResourceKeyId")
        ON DELETE CASCADE ON UPDATE NO ACTION;
    END IF;
END $$;

-- ==========================================================
-- Phase 13: Model Indexes
-- ==========================================================

CREATE INDEX IF NOT EXISTS "IX_EducationOrganizationIdToEducationOrganizationId_Target" ON "auth"."EducationOrganizationIdToEducationOrganizationId" ("TargetEducationOrganizationId") INCLUDE ("SourceEducationOrganizationId");

CREATE INDEX IF NOT EXISTS "IX_Descriptor_Namespace_Auth" ON "dms"."Descriptor" ("Namespace");

CREATE INDEX IF NOT EXISTS "IX_Descriptor_ResourceKeyId_ContentVersion_DocumentId" ON "dms"."Descriptor" ("ResourceKeyId", "ContentVersion", "DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Calendar_ContentVersion" ON "edfi"."Calendar" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Calendar_SchoolYearType_SchoolYear_SchoolYearType_DocumentId" ON "edfi"."Calendar" ("SchoolYearType_SchoolYear", "SchoolYearType_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Calendar_School_SchoolId_Auth" ON "edfi"."Calendar" ("School_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_Calendar_School_SchoolId_School_DocumentId" ON "edfi"."Calendar" ("School_SchoolId", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Contact_ContentVersion" ON "edfi"."Contact" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_ContentVersion" ON "edfi"."CourseOffering" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_SchoolId_Unified_Auth" ON "edfi"."CourseOffering" ("SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_SchoolId_Unified_School_DocumentId" ON "edfi"."CourseOffering" ("SchoolId_Unified", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_CourseOffering_SchoolId_Unified_Session_SchoolYea_974592f228" ON "edfi"."CourseOffering" ("SchoolId_Unified", "Session_SchoolYear", "Session_SessionName", "Session_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_LocalEducationAgency_ContentVersion" ON "edfi"."LocalEducationAgency" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_LocalEducationAgencyAddress_AddressTypeDescriptor_7b1687ae0c" ON "edfi"."LocalEducationAgencyAddress" ("AddressTypeDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_LocalEducationAgencyAddressPeriod_ParentCollectio_9cf4585ef5" ON "edfi"."LocalEducationAgencyAddressPeriod" ("ParentCollectionItemId", "LocalEducationAgency_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_School_ContentVersion" ON "edfi"."School" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_School_LocalEducationAgency_LocalEducationAgencyI_9af032fa27" ON "edfi"."School" ("LocalEducationAgency_LocalEducationAgencyId", "LocalEducationAgency_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_SchoolAddress_AddressTypeDescriptor_DescriptorId" ON "edfi"."SchoolAddress" ("AddressTypeDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolAddressPeriod_ParentCollectionItemId_School_DocumentId" ON "edfi"."SchoolAddressPeriod" ("ParentCollectionItemId", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_SchoolGradeLevel_GradeLevelDescriptor_DescriptorId" ON "edfi"."SchoolGradeLevel" ("GradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolYearType_ContentVersion" ON "edfi"."SchoolYearType" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Section_ContentVersion" ON "edfi"."Section" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Section_CourseOffering_LocalCourseCode_SchoolId_U_1e931bf166" ON "edfi"."Section" ("CourseOffering_LocalCourseCode", "SchoolId_Unified", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "CourseOffering_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Section_SchoolId_Unified_Auth" ON "edfi"."Section" ("SchoolId_Unified");

CREATE INDEX IF NOT EXISTS "IX_Session_ContentVersion" ON "edfi"."Session" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Session_SchoolYearType_SchoolYear_SchoolYearType_DocumentId" ON "edfi"."Session" ("SchoolYearType_SchoolYear", "SchoolYearType_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Session_School_SchoolId_School_DocumentId" ON "edfi"."Session" ("School_SchoolId", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Session_TermDescriptor_DescriptorId" ON "edfi"."Session" ("TermDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_Staff_ContentVersion" ON "edfi"."Staff" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_C_498ab48fba" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_E_c38b768b13" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_E_dc5ebb2136" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("EducationOrganization_EducationOrganizationId") INCLUDE ("Staff_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_S_253d2de90c" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("Staff_StaffUniqueId", "Staff_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_S_7def40d4bb" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("Staff_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationAssignmentAssociation_S_c293315cea" ON "edfi"."StaffEducationOrganizationAssignmentAssociation" ("StaffClassificationDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_C_8988bf7c94" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_E_291c0fef12" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_E_96136cdc3a" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("EducationOrganization_EducationOrganizationId") INCLUDE ("Staff_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_E_b87dafad72" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("EmploymentStatusDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_S_17390a0785" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("Staff_StaffUniqueId", "Staff_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StaffEducationOrganizationEmploymentAssociation_S_dd7f369556" ON "edfi"."StaffEducationOrganizationEmploymentAssociation" ("Staff_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Student_ContentVersion" ON "edfi"."Student" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentContactAssociation_Contact_ContactUniqueId_adb851cd18" ON "edfi"."StudentContactAssociation" ("Contact_ContactUniqueId", "Contact_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentContactAssociation_Contact_DocumentId_Auth" ON "edfi"."StudentContactAssociation" ("Contact_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentContactAssociation_ContentVersion" ON "edfi"."StudentContactAssociation" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentContactAssociation_Student_DocumentId_Auth" ON "edfi"."StudentContactAssociation" ("Student_DocumentId") INCLUDE ("Contact_DocumentId", "DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentContactAssociation_Student_StudentUniqueId_c3f46f648c" ON "edfi"."StudentContactAssociation" ("Student_StudentUniqueId", "Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_7893f93197" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("Student_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_87b9b50f3e" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("Student_StudentUniqueId", "Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_c6d47de85a" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("EducationOrganization_EducationOrganizationId", "EducationOrganization_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_e48f0f455f" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_e68f41f803" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("ResponsibilityDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentEducationOrganizationResponsibilityAssocia_e83f6d6aca" ON "edfi"."StudentEducationOrganizationResponsibilityAssociation" ("EducationOrganization_EducationOrganizationId") INCLUDE ("Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_Calendar_CalendarCode_Sc_53925c0389" ON "edfi"."StudentSchoolAssociation" ("Calendar_CalendarCode", "SchoolId_Unified", "Calendar_SchoolYear", "Calendar_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_ContentVersion" ON "edfi"."StudentSchoolAssociation" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_EntryGradeLevelDescripto_3810677a1b" ON "edfi"."StudentSchoolAssociation" ("EntryGradeLevelDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_SchoolId_Unified_Auth" ON "edfi"."StudentSchoolAssociation" ("SchoolId_Unified") INCLUDE ("Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_SchoolId_Unified_School_DocumentId" ON "edfi"."StudentSchoolAssociation" ("SchoolId_Unified", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_Student_DocumentId_Auth" ON "edfi"."StudentSchoolAssociation" ("Student_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSchoolAssociation_Student_StudentUniqueId__a72db5c61b" ON "edfi"."StudentSchoolAssociation" ("Student_StudentUniqueId", "Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_ContentVersion" ON "edfi"."StudentSectionAttendanceEvent" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Section_LocalCourse_60167725fa" ON "edfi"."StudentSectionAttendanceEvent" ("Section_LocalCourseCode", "Section_SchoolId", "Section_SchoolYear", "Section_SessionName", "Section_SectionIdentifier", "Section_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Section_SchoolId_Auth" ON "edfi"."StudentSectionAttendanceEvent" ("Section_SchoolId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Student_DocumentId_Auth" ON "edfi"."StudentSectionAttendanceEvent" ("Student_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentSectionAttendanceEvent_Student_StudentUniq_38208282e6" ON "edfi"."StudentSectionAttendanceEvent" ("Student_StudentUniqueId", "Student_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Survey_ContentVersion" ON "edfi"."Survey" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Survey_Session_SchoolId_Session_SchoolYear_Sessio_f986a242f3" ON "edfi"."Survey" ("Session_SchoolId", "Session_SchoolYear", "Session_SessionName", "Session_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_Bus_ContentVersion" ON "transport"."Bus" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_Bus_LocalEducationAgency_LocalEducationAgencyId_Auth" ON "transport"."Bus" ("LocalEducationAgency_LocalEducationAgencyId");

CREATE INDEX IF NOT EXISTS "IX_Bus_LocalEducationAgency_LocalEducationAgencyId_L_c7d4491f93" ON "transport"."Bus" ("LocalEducationAgency_LocalEducationAgencyId", "LocalEducationAgency_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtensionBusStop_BusRouteDescriptor_DescriptorId" ON "transport"."SchoolExtensionBusStop" ("BusRouteDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtensionBusStop_BusStopBus_BusId_BusStopBu_ce88c1e0c9" ON "transport"."SchoolExtensionBusStop" ("BusStopBus_BusId", "BusStopBus_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_SchoolExtensionBusStopDeparture_ParentCollectionI_9c0af49467" ON "transport"."SchoolExtensionBusStopDeparture" ("ParentCollectionItemId", "School_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_BusRouteDescriptor_DescriptorId" ON "transport"."StudentBusRide" ("BusRouteDescriptor_DescriptorId");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_Bus_BusId_Bus_DocumentId" ON "transport"."StudentBusRide" ("Bus_BusId", "Bus_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_ContentVersion" ON "transport"."StudentBusRide" ("ContentVersion");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_StudentSchoolAssociation_DocumentId_Auth" ON "transport"."StudentBusRide" ("StudentSchoolAssociation_DocumentId") INCLUDE ("DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_StudentSchoolAssociation_EntryDate_4527fcc2a0" ON "transport"."StudentBusRide" ("StudentSchoolAssociation_EntryDate", "StudentSchoolAssociation_SchoolId", "StudentSchoolAssociation_StudentUniqueId", "StudentSchoolAssociation_DocumentId");

CREATE INDEX IF NOT EXISTS "IX_StudentBusRide_StudentSchoolAssociation_SchoolId_Auth" ON "transport"."StudentBusRide" ("StudentSchoolAssociation_SchoolId");

-- ==========================================================
-- Phase 14: Model Views
-- ==========================================================

CREATE OR REPLACE VIEW "edfi"."EducationOrganization_View" AS
SELECT "DocumentId" AS "DocumentId", "LocalEducationAgencyId" AS "EducationOrganizationId", 9::smallint AS "ResourceKeyId", 'Ed-Fi:LocalEducationAgency'::varchar(256) AS "Discriminator"
FROM "edfi"."LocalEducationAgency"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "SchoolId" AS "EducationOrganizationId", 11::smallint AS "ResourceKeyId", 'Ed-Fi:School'::varchar(256) AS "Discriminator"
FROM "edfi"."School";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToContactDocumentId" AS
SELECT edOrg."SourceEducationOrganizationId", sca."Contact_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StudentSchoolAssociation" ssa ON edOrg."TargetEducationOrganizationId" = ssa."SchoolId_Unified"
INNER JOIN "edfi"."StudentContactAssociation" sca ON ssa."Student_DocumentId" = sca."Student_DocumentId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStaffDocumentId" AS
SELECT edOrg."SourceEducationOrganizationId", seoaa."Staff_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StaffEducationOrganizationAssignmentAssociation" seoaa ON edOrg."TargetEducationOrganizationId" = seoaa."EducationOrganization_EducationOrganizationId"
UNION ALL
SELECT edOrg."SourceEducationOrganizationId", seoea."Staff_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StaffEducationOrganizationEmploymentAssociation" seoea ON edOrg."TargetEducationOrganizationId" = seoea."EducationOrganization_EducationOrganizationId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStudentDocumentId" AS
SELECT edOrg."SourceEducationOrganizationId", ssa."Student_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StudentSchoolAssociation" ssa ON edOrg."TargetEducationOrganizationId" = ssa."SchoolId_Unified";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStudentDocumentIdThroughResponsibility" AS
SELECT edOrg."SourceEducationOrganizationId", seora."Student_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StudentEducationOrganizationResponsibilityAssociation" seora ON edOrg."TargetEducationOrganizationId" = seora."EducationOrganization_EducationOrganizationId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToContactDocumentIdIncludingDeletes" AS
SELECT edOrgToContact."SourceEducationOrganizationId", edOrgToContact."Contact_DocumentId"
FROM "auth"."EducationOrganizationIdToContactDocumentId" edOrgToContact
UNION
SELECT edOrg."SourceEducationOrganizationId", sca_tc."OldContact_DocumentId" AS "Contact_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "edfi"."StudentSchoolAssociation" ssa ON edOrg."TargetEducationOrganizationId" = ssa."SchoolId_Unified"
INNER JOIN "tracked_changes_edfi"."StudentContactAssociation" sca_tc ON ssa."Student_DocumentId" = sca_tc."OldStudent_DocumentId"
UNION
SELECT edOrg."SourceEducationOrganizationId", sca."Contact_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StudentSchoolAssociation" ssa_tc ON edOrg."TargetEducationOrganizationId" = ssa_tc."OldSchoolId_Unified"
INNER JOIN "edfi"."StudentContactAssociation" sca ON ssa_tc."OldStudent_DocumentId" = sca."Student_DocumentId"
UNION
SELECT edOrg."SourceEducationOrganizationId", sca_tc."OldContact_DocumentId" AS "Contact_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StudentSchoolAssociation" ssa_tc ON edOrg."TargetEducationOrganizationId" = ssa_tc."OldSchoolId_Unified"
INNER JOIN "tracked_changes_edfi"."StudentContactAssociation" sca_tc ON ssa_tc."OldStudent_DocumentId" = sca_tc."OldStudent_DocumentId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStaffDocumentIdIncludingDeletes" AS
SELECT edOrgToStaff."SourceEducationOrganizationId", edOrgToStaff."Staff_DocumentId"
FROM "auth"."EducationOrganizationIdToStaffDocumentId" edOrgToStaff
UNION
SELECT edOrg."SourceEducationOrganizationId", seoaa_tc."OldStaff_DocumentId" AS "Staff_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StaffEducationOrganizationAssignmentAssociation" seoaa_tc ON edOrg."TargetEducationOrganizationId" = seoaa_tc."OldEducationOrganization_EducationOrganizationId"
UNION
SELECT edOrg."SourceEducationOrganizationId", seoea_tc."OldStaff_DocumentId" AS "Staff_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StaffEducationOrganizationEmploymentAssociation" seoea_tc ON edOrg."TargetEducationOrganizationId" = seoea_tc."OldEducationOrganization_EducationOrganizationId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStudentDocumentIdDeletedResponsibility" AS
SELECT edOrgToStudentResp."SourceEducationOrganizationId", edOrgToStudentResp."Student_DocumentId"
FROM "auth"."EducationOrganizationIdToStudentDocumentIdThroughResponsibility" edOrgToStudentResp
UNION
SELECT edOrg."SourceEducationOrganizationId", seora_tc."OldStudent_DocumentId" AS "Student_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StudentEducationOrganizationResponsibilityAssociation" seora_tc ON edOrg."TargetEducationOrganizationId" = seora_tc."OldEducationOrganization_EducationOrganizationId";

CREATE OR REPLACE VIEW "auth"."EducationOrganizationIdToStudentDocumentIdIncludingDeletes" AS
SELECT edOrgToStudent."SourceEducationOrganizationId", edOrgToStudent."Student_DocumentId"
FROM "auth"."EducationOrganizationIdToStudentDocumentId" edOrgToStudent
UNION
SELECT edOrg."SourceEducationOrganizationId", ssa_tc."OldStudent_DocumentId" AS "Student_DocumentId"
FROM "auth"."EducationOrganizationIdToEducationOrganizationId" edOrg
INNER JOIN "tracked_changes_edfi"."StudentSchoolAssociation" ssa_tc ON edOrg."TargetEducationOrganizationId" = ssa_tc."OldSchoolId_Unified";

-- ==========================================================
-- Phase 15: Model Triggers
-- ==========================================================

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Calendar_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Calendar" (
                "OldCalendarCode",
                "OldSchool_SchoolId",
                "OldSchoolYearType_SchoolYear",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."CalendarCode",
                OLD."School_SchoolId",
                OLD."SchoolYearType_SchoolYear",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolYearType_DocumentId" IS NOT DISTINCT FROM NEW."SchoolYearType_DocumentId"
        AND OLD."SchoolYearType_SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYearType_SchoolYear"
        AND OLD."School_DocumentId" IS NOT DISTINCT FROM NEW."School_DocumentId"
        AND OLD."School_SchoolId" IS NOT DISTINCT FROM NEW."School_SchoolId"
        AND OLD."CalendarCode" IS NOT DISTINCT FROM NEW."CalendarCode" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."CalendarCode" IS NOT DISTINCT FROM NEW."CalendarCode"
        AND OLD."School_SchoolId" IS NOT DISTINCT FROM NEW."School_SchoolId"
        AND OLD."SchoolYearType_SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYearType_SchoolYear" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Calendar" (
                "OldCalendarCode",
                "NewCalendarCode",
                "OldSchool_SchoolId",
                "NewSchool_SchoolId",
                "OldSchoolYearType_SchoolYear",
                "NewSchoolYearType_SchoolYear",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."CalendarCode",
                NEW."CalendarCode",
                OLD."School_SchoolId",
                NEW."School_SchoolId",
                OLD."SchoolYearType_SchoolYear",
                NEW."SchoolYearType_SchoolYear",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Calendar_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "SchoolYearType_DocumentId", "SchoolYearType_SchoolYear", "School_DocumentId", "School_SchoolId", "CalendarCode" OR DELETE ON "edfi"."Calendar"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Calendar_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Contact_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Contact" (
                "OldContactUniqueId",
                "OldContact_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."ContactUniqueId",
                OLD."DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."ContactUniqueId" IS NOT DISTINCT FROM NEW."ContactUniqueId"
        AND OLD."FirstName" IS NOT DISTINCT FROM NEW."FirstName"
        AND OLD."LastSurname" IS NOT DISTINCT FROM NEW."LastSurname" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."ContactUniqueId" IS NOT DISTINCT FROM NEW."ContactUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Contact" (
                "OldContactUniqueId",
                "NewContactUniqueId",
                "OldContact_DocumentId",
                "NewContact_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."ContactUniqueId",
                NEW."ContactUniqueId",
                OLD."DocumentId",
                NEW."DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Contact_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "ContactUniqueId", "FirstName", "LastSurname" OR DELETE ON "edfi"."Contact"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Contact_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_CourseOffering_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."CourseOffering" (
                "OldLocalCourseCode",
                "OldSchoolId_Unified",
                "OldSession_SchoolYear",
                "OldSession_SessionName",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."LocalCourseCode",
                OLD."SchoolId_Unified",
                OLD."Session_SchoolYear",
                OLD."Session_SessionName",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."School_DocumentId" IS NOT DISTINCT FROM NEW."School_DocumentId"
        AND OLD."Session_DocumentId" IS NOT DISTINCT FROM NEW."Session_DocumentId"
        AND OLD."Session_SchoolYear" IS NOT DISTINCT FROM NEW."Session_SchoolYear"
        AND OLD."Session_SessionName" IS NOT DISTINCT FROM NEW."Session_SessionName"
        AND OLD."LocalCourseCode" IS NOT DISTINCT FROM NEW."LocalCourseCode"
        AND OLD."LocalCourseTitle" IS NOT DISTINCT FROM NEW."LocalCourseTitle" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."LocalCourseCode" IS NOT DISTINCT FROM NEW."LocalCourseCode"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."Session_SchoolYear" IS NOT DISTINCT FROM NEW."Session_SchoolYear"
        AND OLD."Session_SessionName" IS NOT DISTINCT FROM NEW."Session_SessionName" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."CourseOffering" (
                "OldLocalCourseCode",
                "NewLocalCourseCode",
                "OldSchoolId_Unified",
                "NewSchoolId_Unified",
                "OldSession_SchoolYear",
                "NewSession_SchoolYear",
                "OldSession_SessionName",
                "NewSession_SessionName",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."LocalCourseCode",
                NEW."LocalCourseCode",
                OLD."SchoolId_Unified",
                NEW."SchoolId_Unified",
                OLD."Session_SchoolYear",
                NEW."Session_SchoolYear",
                OLD."Session_SessionName",
                NEW."Session_SessionName",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_CourseOffering_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "SchoolId_Unified", "School_DocumentId", "Session_DocumentId", "Session_SchoolYear", "Session_SessionName", "LocalCourseCode", "LocalCourseTitle" OR DELETE ON "edfi"."CourseOffering"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_CourseOffering_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgencyId" THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "edfi"."EducationOrganizationIdentity" (
        "DocumentId",
        "EducationOrganizationId",
        "ResourceKeyId",
        "Discriminator"
    )
    SELECT
        t."DocumentId",
        t."LocalEducationAgencyId",
        9,
        'Ed-Fi:LocalEducationAgency'
    FROM "edfi"."LocalEducationAgency" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgency_AbstractIdentity"
AFTER INSERT OR UPDATE OF "DocumentId", "LocalEducationAgencyId", "NameOfInstitution" ON "edfi"."LocalEducationAgency"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY[OLD."LocalEducationAgencyId"];
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
            WHERE EXISTS (SELECT 1 FROM "edfi"."LocalEducationAgency" AS e WHERE e."LocalEducationAgencyId" = organization)
                OR EXISTS (SELECT 1 FROM "edfi"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "edfi"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."LocalEducationAgency_LocalEducationAgencyId"::bigint)
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
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgency_AuthHierarchy_Delete"
AFTER DELETE ON "edfi"."LocalEducationAgency"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgencyId" THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY[NEW."LocalEducationAgencyId"];
    ELSE
        changed := ARRAY[OLD."LocalEducationAgencyId", NEW."LocalEducationAgencyId"];
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
            WHERE EXISTS (SELECT 1 FROM "edfi"."LocalEducationAgency" AS e WHERE e."LocalEducationAgencyId" = organization)
                OR EXISTS (SELECT 1 FROM "edfi"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "edfi"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."LocalEducationAgency_LocalEducationAgencyId"::bigint)
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
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgency_AuthHierarchy_Insert"
AFTER INSERT OR UPDATE OF "DocumentId", "LocalEducationAgencyId", "NameOfInstitution" ON "edfi"."LocalEducationAgency"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgency_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgency_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."LocalEducationAgency" (
                "OldLocalEducationAgencyId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."LocalEducationAgencyId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgencyId"
        AND OLD."NameOfInstitution" IS NOT DISTINCT FROM NEW."NameOfInstitution" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgencyId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgency_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "LocalEducationAgencyId", "NameOfInstitution" OR DELETE ON "edfi"."LocalEducationAgency"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgency_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddress_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."LocalEducationAgency_DocumentId"), pg_catalog.max(r."LocalEducationAgency_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."LocalEducationAgency_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."LocalEducationAgency_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."LocalEducationAgency_DocumentId",
                    n."Ordinal",
                    n."AddressTypeDescriptor_DescriptorId",
                    n."City",
                    n."Latitude",
                    n."StreetNumberName"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."LocalEducationAgency_DocumentId",
                    o."Ordinal",
                    o."AddressTypeDescriptor_DescriptorId",
                    o."City",
                    o."Latitude",
                    o."StreetNumberName"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."LocalEducationAgency_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."LocalEducationAgency_DocumentId",
                    o."Ordinal",
                    o."AddressTypeDescriptor_DescriptorId",
                    o."City",
                    o."Latitude",
                    o."StreetNumberName"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."LocalEducationAgency_DocumentId",
                    n."Ordinal",
                    n."AddressTypeDescriptor_DescriptorId",
                    n."City",
                    n."Latitude",
                    n."StreetNumberName"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."LocalEducationAgency_DocumentId"), pg_catalog.max(r."LocalEducationAgency_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."LocalEducationAgency_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."LocalEducationAgency" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."LocalEducationAgency" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."LocalEducationAgency" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddress_Stamp_ins"
AFTER INSERT ON "edfi"."LocalEducationAgencyAddress"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddress_Stamp_upd"
AFTER UPDATE ON "edfi"."LocalEducationAgencyAddress"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddress_Stamp_del"
AFTER DELETE ON "edfi"."LocalEducationAgencyAddress"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddress_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddressPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."LocalEducationAgency_DocumentId"), pg_catalog.max(r."LocalEducationAgency_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."LocalEducationAgency_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."LocalEducationAgency_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."LocalEducationAgency_DocumentId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."BeginDate",
                    n."EndDate"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."LocalEducationAgency_DocumentId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."BeginDate",
                    o."EndDate"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."LocalEducationAgency_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."LocalEducationAgency_DocumentId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."BeginDate",
                    o."EndDate"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."LocalEducationAgency_DocumentId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."BeginDate",
                    n."EndDate"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."LocalEducationAgency_DocumentId"), pg_catalog.max(r."LocalEducationAgency_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."LocalEducationAgency_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."LocalEducationAgency" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."LocalEducationAgency" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."LocalEducationAgency" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddressPeriod_Stamp_ins"
AFTER INSERT ON "edfi"."LocalEducationAgencyAddressPeriod"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddressPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddressPeriod_Stamp_upd"
AFTER UPDATE ON "edfi"."LocalEducationAgencyAddressPeriod"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddressPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_LocalEducationAgencyAddressPeriod_Stamp_del"
AFTER DELETE ON "edfi"."LocalEducationAgencyAddressPeriod"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_LocalEducationAgencyAddressPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_School_AbstractIdentity"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId" IS NOT DISTINCT FROM NEW."SchoolId" THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO "edfi"."EducationOrganizationIdentity" (
        "DocumentId",
        "EducationOrganizationId",
        "ResourceKeyId",
        "Discriminator"
    )
    SELECT
        t."DocumentId",
        t."SchoolId",
        11,
        'Ed-Fi:School'
    FROM "edfi"."School" AS t
    WHERE t."DocumentId" = NEW."DocumentId"
    ON CONFLICT ("DocumentId") DO UPDATE
    SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId";
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_AbstractIdentity"
AFTER INSERT OR UPDATE OF "DocumentId", "LocalEducationAgency_DocumentId", "LocalEducationAgency_LocalEducationAgencyId", "NameOfInstitution", "SchoolId", "ShortNameOfInstitution" ON "edfi"."School"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_School_AbstractIdentity"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Delete"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY[OLD."SchoolId"];
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
            WHERE EXISTS (SELECT 1 FROM "edfi"."LocalEducationAgency" AS e WHERE e."LocalEducationAgencyId" = organization)
                OR EXISTS (SELECT 1 FROM "edfi"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "edfi"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."LocalEducationAgency_LocalEducationAgencyId"::bigint)
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
AFTER DELETE ON "edfi"."School"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Delete"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Insert"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    changed := ARRAY[NEW."SchoolId"];
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
            WHERE EXISTS (SELECT 1 FROM "edfi"."LocalEducationAgency" AS e WHERE e."LocalEducationAgencyId" = organization)
                OR EXISTS (SELECT 1 FROM "edfi"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "edfi"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."LocalEducationAgency_LocalEducationAgencyId"::bigint)
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
AFTER INSERT ON "edfi"."School"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Insert"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Update"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    changed bigint[];
    organization bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD."SchoolId" IS NOT DISTINCT FROM NEW."SchoolId"
            AND OLD."LocalEducationAgency_LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgency_LocalEducationAgencyId" THEN
            RETURN NULL;
        END IF;
    END IF;
    changed := ARRAY[OLD."SchoolId", NEW."SchoolId"];
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
            WHERE EXISTS (SELECT 1 FROM "edfi"."LocalEducationAgency" AS e WHERE e."LocalEducationAgencyId" = organization)
                OR EXISTS (SELECT 1 FROM "edfi"."School" AS e WHERE e."SchoolId" = organization)
            UNION
            SELECT r.id
            FROM ancestors AS a
            CROSS JOIN LATERAL (
                SELECT p.id
                FROM "edfi"."School" AS e
                CROSS JOIN LATERAL (VALUES
                    (e."LocalEducationAgency_LocalEducationAgencyId"::bigint)
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
AFTER UPDATE OF "DocumentId", "LocalEducationAgency_DocumentId", "LocalEducationAgency_LocalEducationAgencyId", "NameOfInstitution", "SchoolId", "ShortNameOfInstitution" ON "edfi"."School"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_School_AuthHierarchy_Update"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_School_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."School" (
                "OldSchoolId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."SchoolId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."LocalEducationAgency_DocumentId" IS NOT DISTINCT FROM NEW."LocalEducationAgency_DocumentId"
        AND OLD."LocalEducationAgency_LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgency_LocalEducationAgencyId"
        AND OLD."NameOfInstitution" IS NOT DISTINCT FROM NEW."NameOfInstitution"
        AND OLD."SchoolId" IS NOT DISTINCT FROM NEW."SchoolId"
        AND OLD."ShortNameOfInstitution" IS NOT DISTINCT FROM NEW."ShortNameOfInstitution" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolId" IS NOT DISTINCT FROM NEW."SchoolId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_School_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "LocalEducationAgency_DocumentId", "LocalEducationAgency_LocalEducationAgencyId", "NameOfInstitution", "SchoolId", "ShortNameOfInstitution" OR DELETE ON "edfi"."School"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_School_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_SchoolAddress_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."School_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."AddressTypeDescriptor_DescriptorId",
                    n."City",
                    n."Latitude",
                    n."StreetNumberName"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."AddressTypeDescriptor_DescriptorId",
                    o."City",
                    o."Latitude",
                    o."StreetNumberName"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."AddressTypeDescriptor_DescriptorId",
                    o."City",
                    o."Latitude",
                    o."StreetNumberName"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."AddressTypeDescriptor_DescriptorId",
                    n."City",
                    n."Latitude",
                    n."StreetNumberName"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."School_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_ins"
AFTER INSERT ON "edfi"."SchoolAddress"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_upd"
AFTER UPDATE ON "edfi"."SchoolAddress"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddress_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddress_Stamp_del"
AFTER DELETE ON "edfi"."SchoolAddress"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddress_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_SchoolAddressPeriod_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."School_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."School_DocumentId",
                    n."BeginDate",
                    n."EndDate"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."School_DocumentId",
                    o."BeginDate",
                    o."EndDate"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."School_DocumentId",
                    o."BeginDate",
                    o."EndDate"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."School_DocumentId",
                    n."BeginDate",
                    n."EndDate"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."School_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolAddressPeriod_Stamp_ins"
AFTER INSERT ON "edfi"."SchoolAddressPeriod"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddressPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddressPeriod_Stamp_upd"
AFTER UPDATE ON "edfi"."SchoolAddressPeriod"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddressPeriod_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolAddressPeriod_Stamp_del"
AFTER DELETE ON "edfi"."SchoolAddressPeriod"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolAddressPeriod_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_SchoolGradeLevel_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."School_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."GradeLevelDescriptor_DescriptorId"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."GradeLevelDescriptor_DescriptorId"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."GradeLevelDescriptor_DescriptorId"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."GradeLevelDescriptor_DescriptorId"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."School_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevel_Stamp_ins"
AFTER INSERT ON "edfi"."SchoolGradeLevel"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolGradeLevel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevel_Stamp_upd"
AFTER UPDATE ON "edfi"."SchoolGradeLevel"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolGradeLevel_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolGradeLevel_Stamp_del"
AFTER DELETE ON "edfi"."SchoolGradeLevel"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "edfi"."TF_TR_SchoolGradeLevel_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_SchoolYearType_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."SchoolYearType" (
                "OldSchoolYear",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."SchoolYear",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."CurrentSchoolYear" IS NOT DISTINCT FROM NEW."CurrentSchoolYear"
        AND OLD."SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYear"
        AND OLD."SchoolYearDescription" IS NOT DISTINCT FROM NEW."SchoolYearDescription" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYear" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."SchoolYearType" (
                "OldSchoolYear",
                "NewSchoolYear",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."SchoolYear",
                NEW."SchoolYear",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolYearType_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "CurrentSchoolYear", "SchoolYear", "SchoolYearDescription" OR DELETE ON "edfi"."SchoolYearType"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_SchoolYearType_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Section_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Section" (
                "OldCourseOffering_LocalCourseCode",
                "OldSchoolId_Unified",
                "OldCourseOffering_SchoolYear",
                "OldCourseOffering_SessionName",
                "OldSectionIdentifier",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."CourseOffering_LocalCourseCode",
                OLD."SchoolId_Unified",
                OLD."CourseOffering_SchoolYear",
                OLD."CourseOffering_SessionName",
                OLD."SectionIdentifier",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."CourseOffering_DocumentId" IS NOT DISTINCT FROM NEW."CourseOffering_DocumentId"
        AND OLD."CourseOffering_LocalCourseCode" IS NOT DISTINCT FROM NEW."CourseOffering_LocalCourseCode"
        AND OLD."CourseOffering_SchoolYear" IS NOT DISTINCT FROM NEW."CourseOffering_SchoolYear"
        AND OLD."CourseOffering_SessionName" IS NOT DISTINCT FROM NEW."CourseOffering_SessionName"
        AND OLD."AvailableCredits" IS NOT DISTINCT FROM NEW."AvailableCredits"
        AND OLD."OfficialAttendancePeriod" IS NOT DISTINCT FROM NEW."OfficialAttendancePeriod"
        AND OLD."SectionIdentifier" IS NOT DISTINCT FROM NEW."SectionIdentifier" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."CourseOffering_LocalCourseCode" IS NOT DISTINCT FROM NEW."CourseOffering_LocalCourseCode"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."CourseOffering_SchoolYear" IS NOT DISTINCT FROM NEW."CourseOffering_SchoolYear"
        AND OLD."CourseOffering_SessionName" IS NOT DISTINCT FROM NEW."CourseOffering_SessionName"
        AND OLD."SectionIdentifier" IS NOT DISTINCT FROM NEW."SectionIdentifier" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Section" (
                "OldCourseOffering_LocalCourseCode",
                "NewCourseOffering_LocalCourseCode",
                "OldSchoolId_Unified",
                "NewSchoolId_Unified",
                "OldCourseOffering_SchoolYear",
                "NewCourseOffering_SchoolYear",
                "OldCourseOffering_SessionName",
                "NewCourseOffering_SessionName",
                "OldSectionIdentifier",
                "NewSectionIdentifier",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."CourseOffering_LocalCourseCode",
                NEW."CourseOffering_LocalCourseCode",
                OLD."SchoolId_Unified",
                NEW."SchoolId_Unified",
                OLD."CourseOffering_SchoolYear",
                NEW."CourseOffering_SchoolYear",
                OLD."CourseOffering_SessionName",
                NEW."CourseOffering_SessionName",
                OLD."SectionIdentifier",
                NEW."SectionIdentifier",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Section_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "SchoolId_Unified", "CourseOffering_DocumentId", "CourseOffering_LocalCourseCode", "CourseOffering_SchoolYear", "CourseOffering_SessionName", "AvailableCredits", "OfficialAttendancePeriod", "SectionIdentifier" OR DELETE ON "edfi"."Section"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Section_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Session_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Session" (
                "OldSchool_SchoolId",
                "OldSchoolYearType_SchoolYear",
                "OldSessionName",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."School_SchoolId",
                OLD."SchoolYearType_SchoolYear",
                OLD."SessionName",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolYearType_DocumentId" IS NOT DISTINCT FROM NEW."SchoolYearType_DocumentId"
        AND OLD."SchoolYearType_SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYearType_SchoolYear"
        AND OLD."School_DocumentId" IS NOT DISTINCT FROM NEW."School_DocumentId"
        AND OLD."School_SchoolId" IS NOT DISTINCT FROM NEW."School_SchoolId"
        AND OLD."TermDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."TermDescriptor_DescriptorId"
        AND OLD."BeginDate" IS NOT DISTINCT FROM NEW."BeginDate"
        AND OLD."EndDate" IS NOT DISTINCT FROM NEW."EndDate"
        AND OLD."SessionName" IS NOT DISTINCT FROM NEW."SessionName"
        AND OLD."TotalInstructionalDays" IS NOT DISTINCT FROM NEW."TotalInstructionalDays" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."School_SchoolId" IS NOT DISTINCT FROM NEW."School_SchoolId"
        AND OLD."SchoolYearType_SchoolYear" IS NOT DISTINCT FROM NEW."SchoolYearType_SchoolYear"
        AND OLD."SessionName" IS NOT DISTINCT FROM NEW."SessionName" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Session" (
                "OldSchool_SchoolId",
                "NewSchool_SchoolId",
                "OldSchoolYearType_SchoolYear",
                "NewSchoolYearType_SchoolYear",
                "OldSessionName",
                "NewSessionName",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."School_SchoolId",
                NEW."School_SchoolId",
                OLD."SchoolYearType_SchoolYear",
                NEW."SchoolYearType_SchoolYear",
                OLD."SessionName",
                NEW."SessionName",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Session_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "SchoolYearType_DocumentId", "SchoolYearType_SchoolYear", "School_DocumentId", "School_SchoolId", "TermDescriptor_DescriptorId", "BeginDate", "EndDate", "SessionName", "TotalInstructionalDays" OR DELETE ON "edfi"."Session"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Session_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Staff_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Staff" (
                "OldStaffUniqueId",
                "OldStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."StaffUniqueId",
                OLD."DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."BirthDate" IS NOT DISTINCT FROM NEW."BirthDate"
        AND OLD."FirstName" IS NOT DISTINCT FROM NEW."FirstName"
        AND OLD."LastSurname" IS NOT DISTINCT FROM NEW."LastSurname"
        AND OLD."StaffUniqueId" IS NOT DISTINCT FROM NEW."StaffUniqueId" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."StaffUniqueId" IS NOT DISTINCT FROM NEW."StaffUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Staff" (
                "OldStaffUniqueId",
                "NewStaffUniqueId",
                "OldStaff_DocumentId",
                "NewStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."StaffUniqueId",
                NEW."StaffUniqueId",
                OLD."DocumentId",
                NEW."DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Staff_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "BirthDate", "FirstName", "LastSurname", "StaffUniqueId" OR DELETE ON "edfi"."Staff"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Staff_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StaffEducationOrganizationAssignmentAssociation_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StaffEducationOrganizationAssignmentAssociation" (
                "OldBeginDate",
                "OldEducationOrganization_EducationOrganizationId",
                "OldStaffClassificationDescriptor_Namespace",
                "OldStaffClassificationDescriptor_CodeValue",
                "OldStaff_StaffUniqueId",
                "OldStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BeginDate",
                OLD."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."StaffClassificationDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."StaffClassificationDescriptor_DescriptorId"),
                OLD."Staff_StaffUniqueId",
                OLD."Staff_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."EducationOrganization_DocumentId" IS NOT DISTINCT FROM NEW."EducationOrganization_DocumentId"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."Staff_DocumentId" IS NOT DISTINCT FROM NEW."Staff_DocumentId"
        AND OLD."Staff_StaffUniqueId" IS NOT DISTINCT FROM NEW."Staff_StaffUniqueId"
        AND OLD."StaffClassificationDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."StaffClassificationDescriptor_DescriptorId"
        AND OLD."BeginDate" IS NOT DISTINCT FROM NEW."BeginDate"
        AND OLD."EndDate" IS NOT DISTINCT FROM NEW."EndDate"
        AND OLD."PositionTitle" IS NOT DISTINCT FROM NEW."PositionTitle" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."BeginDate" IS NOT DISTINCT FROM NEW."BeginDate"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."StaffClassificationDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."StaffClassificationDescriptor_DescriptorId"
        AND OLD."Staff_StaffUniqueId" IS NOT DISTINCT FROM NEW."Staff_StaffUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StaffEducationOrganizationAssignmentAssociation" (
                "OldBeginDate",
                "NewBeginDate",
                "OldEducationOrganization_EducationOrganizationId",
                "NewEducationOrganization_EducationOrganizationId",
                "OldStaffClassificationDescriptor_Namespace",
                "NewStaffClassificationDescriptor_Namespace",
                "OldStaffClassificationDescriptor_CodeValue",
                "NewStaffClassificationDescriptor_CodeValue",
                "OldStaff_StaffUniqueId",
                "NewStaff_StaffUniqueId",
                "OldStaff_DocumentId",
                "NewStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BeginDate",
                NEW."BeginDate",
                OLD."EducationOrganization_EducationOrganizationId",
                NEW."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."StaffClassificationDescriptor_DescriptorId"),
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."StaffClassificationDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."StaffClassificationDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."StaffClassificationDescriptor_DescriptorId"),
                OLD."Staff_StaffUniqueId",
                NEW."Staff_StaffUniqueId",
                OLD."Staff_DocumentId",
                NEW."Staff_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffEducationOrganizationAssignmentAssociation_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId", "Staff_DocumentId", "Staff_StaffUniqueId", "StaffClassificationDescriptor_DescriptorId", "BeginDate", "EndDate", "PositionTitle" OR DELETE ON "edfi"."StaffEducationOrganizationAssignmentAssociation"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StaffEducationOrganizationAssignmentAssociation_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StaffEducationOrganizationEmploymentAssociation_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StaffEducationOrganizationEmploymentAssociation" (
                "OldEducationOrganization_EducationOrganizationId",
                "OldEmploymentStatusDescriptor_Namespace",
                "OldEmploymentStatusDescriptor_CodeValue",
                "OldHireDate",
                "OldStaff_StaffUniqueId",
                "OldStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."EmploymentStatusDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."EmploymentStatusDescriptor_DescriptorId"),
                OLD."HireDate",
                OLD."Staff_StaffUniqueId",
                OLD."Staff_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."EducationOrganization_DocumentId" IS NOT DISTINCT FROM NEW."EducationOrganization_DocumentId"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."Staff_DocumentId" IS NOT DISTINCT FROM NEW."Staff_DocumentId"
        AND OLD."Staff_StaffUniqueId" IS NOT DISTINCT FROM NEW."Staff_StaffUniqueId"
        AND OLD."EmploymentStatusDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."EmploymentStatusDescriptor_DescriptorId"
        AND OLD."EndDate" IS NOT DISTINCT FROM NEW."EndDate"
        AND OLD."HireDate" IS NOT DISTINCT FROM NEW."HireDate"
        AND OLD."HourlyWage" IS NOT DISTINCT FROM NEW."HourlyWage" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."EmploymentStatusDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."EmploymentStatusDescriptor_DescriptorId"
        AND OLD."HireDate" IS NOT DISTINCT FROM NEW."HireDate"
        AND OLD."Staff_StaffUniqueId" IS NOT DISTINCT FROM NEW."Staff_StaffUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StaffEducationOrganizationEmploymentAssociation" (
                "OldEducationOrganization_EducationOrganizationId",
                "NewEducationOrganization_EducationOrganizationId",
                "OldEmploymentStatusDescriptor_Namespace",
                "NewEmploymentStatusDescriptor_Namespace",
                "OldEmploymentStatusDescriptor_CodeValue",
                "NewEmploymentStatusDescriptor_CodeValue",
                "OldHireDate",
                "NewHireDate",
                "OldStaff_StaffUniqueId",
                "NewStaff_StaffUniqueId",
                "OldStaff_DocumentId",
                "NewStaff_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."EducationOrganization_EducationOrganizationId",
                NEW."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."EmploymentStatusDescriptor_DescriptorId"),
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."EmploymentStatusDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."EmploymentStatusDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."EmploymentStatusDescriptor_DescriptorId"),
                OLD."HireDate",
                NEW."HireDate",
                OLD."Staff_StaffUniqueId",
                NEW."Staff_StaffUniqueId",
                OLD."Staff_DocumentId",
                NEW."Staff_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StaffEducationOrganizationEmploymentAssociation_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId", "Staff_DocumentId", "Staff_StaffUniqueId", "EmploymentStatusDescriptor_DescriptorId", "EndDate", "HireDate", "HourlyWage" OR DELETE ON "edfi"."StaffEducationOrganizationEmploymentAssociation"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StaffEducationOrganizationEmploymentAssociation_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Student_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Student" (
                "OldStudentUniqueId",
                "OldStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."StudentUniqueId",
                OLD."DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."BirthDate" IS NOT DISTINCT FROM NEW."BirthDate"
        AND OLD."FirstName" IS NOT DISTINCT FROM NEW."FirstName"
        AND OLD."LastSurname" IS NOT DISTINCT FROM NEW."LastSurname"
        AND OLD."StudentUniqueId" IS NOT DISTINCT FROM NEW."StudentUniqueId" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."StudentUniqueId" IS NOT DISTINCT FROM NEW."StudentUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Student" (
                "OldStudentUniqueId",
                "NewStudentUniqueId",
                "OldStudent_DocumentId",
                "NewStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."StudentUniqueId",
                NEW."StudentUniqueId",
                OLD."DocumentId",
                NEW."DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Student_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "BirthDate", "FirstName", "LastSurname", "StudentUniqueId" OR DELETE ON "edfi"."Student"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Student_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StudentContactAssociation_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StudentContactAssociation" (
                "OldContact_ContactUniqueId",
                "OldStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "OldContact_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Contact_ContactUniqueId",
                OLD."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                OLD."Contact_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Contact_DocumentId" IS NOT DISTINCT FROM NEW."Contact_DocumentId"
        AND OLD."Contact_ContactUniqueId" IS NOT DISTINCT FROM NEW."Contact_ContactUniqueId"
        AND OLD."Student_DocumentId" IS NOT DISTINCT FROM NEW."Student_DocumentId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId"
        AND OLD."ContactPriority" IS NOT DISTINCT FROM NEW."ContactPriority"
        AND OLD."EmergencyContactStatus" IS NOT DISTINCT FROM NEW."EmergencyContactStatus" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Contact_ContactUniqueId" IS NOT DISTINCT FROM NEW."Contact_ContactUniqueId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StudentContactAssociation" (
                "OldContact_ContactUniqueId",
                "NewContact_ContactUniqueId",
                "OldStudent_StudentUniqueId",
                "NewStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "NewStudent_DocumentId",
                "OldContact_DocumentId",
                "NewContact_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Contact_ContactUniqueId",
                NEW."Contact_ContactUniqueId",
                OLD."Student_StudentUniqueId",
                NEW."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                NEW."Student_DocumentId",
                OLD."Contact_DocumentId",
                NEW."Contact_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentContactAssociation_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "Contact_DocumentId", "Contact_ContactUniqueId", "Student_DocumentId", "Student_StudentUniqueId", "ContactPriority", "EmergencyContactStatus" OR DELETE ON "edfi"."StudentContactAssociation"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StudentContactAssociation_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StudentEducationOrganizationResponsibilityAsso_a1b8c7881b"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StudentEducationOrganizationResponsibilityAssociation" (
                "OldBeginDate",
                "OldEducationOrganization_EducationOrganizationId",
                "OldResponsibilityDescriptor_Namespace",
                "OldResponsibilityDescriptor_CodeValue",
                "OldStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BeginDate",
                OLD."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."ResponsibilityDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."ResponsibilityDescriptor_DescriptorId"),
                OLD."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."EducationOrganization_DocumentId" IS NOT DISTINCT FROM NEW."EducationOrganization_DocumentId"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."Student_DocumentId" IS NOT DISTINCT FROM NEW."Student_DocumentId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId"
        AND OLD."ResponsibilityDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."ResponsibilityDescriptor_DescriptorId"
        AND OLD."BeginDate" IS NOT DISTINCT FROM NEW."BeginDate"
        AND OLD."EndDate" IS NOT DISTINCT FROM NEW."EndDate" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."BeginDate" IS NOT DISTINCT FROM NEW."BeginDate"
        AND OLD."EducationOrganization_EducationOrganizationId" IS NOT DISTINCT FROM NEW."EducationOrganization_EducationOrganizationId"
        AND OLD."ResponsibilityDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."ResponsibilityDescriptor_DescriptorId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StudentEducationOrganizationResponsibilityAssociation" (
                "OldBeginDate",
                "NewBeginDate",
                "OldEducationOrganization_EducationOrganizationId",
                "NewEducationOrganization_EducationOrganizationId",
                "OldResponsibilityDescriptor_Namespace",
                "NewResponsibilityDescriptor_Namespace",
                "OldResponsibilityDescriptor_CodeValue",
                "NewResponsibilityDescriptor_CodeValue",
                "OldStudent_StudentUniqueId",
                "NewStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "NewStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BeginDate",
                NEW."BeginDate",
                OLD."EducationOrganization_EducationOrganizationId",
                NEW."EducationOrganization_EducationOrganizationId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."ResponsibilityDescriptor_DescriptorId"),
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."ResponsibilityDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."ResponsibilityDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."ResponsibilityDescriptor_DescriptorId"),
                OLD."Student_StudentUniqueId",
                NEW."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                NEW."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentEducationOrganizationResponsibilityAssociation_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId", "Student_DocumentId", "Student_StudentUniqueId", "ResponsibilityDescriptor_DescriptorId", "BeginDate", "EndDate" OR DELETE ON "edfi"."StudentEducationOrganizationResponsibilityAssociation"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StudentEducationOrganizationResponsibilityAsso_a1b8c7881b"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StudentSchoolAssociation_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StudentSchoolAssociation" (
                "OldEntryDate",
                "OldSchoolId_Unified",
                "OldStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."EntryDate",
                OLD."SchoolId_Unified",
                OLD."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."Calendar_DocumentId" IS NOT DISTINCT FROM NEW."Calendar_DocumentId"
        AND OLD."Calendar_CalendarCode" IS NOT DISTINCT FROM NEW."Calendar_CalendarCode"
        AND OLD."Calendar_SchoolYear" IS NOT DISTINCT FROM NEW."Calendar_SchoolYear"
        AND OLD."School_DocumentId" IS NOT DISTINCT FROM NEW."School_DocumentId"
        AND OLD."Student_DocumentId" IS NOT DISTINCT FROM NEW."Student_DocumentId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId"
        AND OLD."EntryGradeLevelDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."EntryGradeLevelDescriptor_DescriptorId"
        AND OLD."EntryDate" IS NOT DISTINCT FROM NEW."EntryDate"
        AND OLD."ExitWithdrawDate" IS NOT DISTINCT FROM NEW."ExitWithdrawDate"
        AND OLD."PrimarySchool" IS NOT DISTINCT FROM NEW."PrimarySchool" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."EntryDate" IS NOT DISTINCT FROM NEW."EntryDate"
        AND OLD."SchoolId_Unified" IS NOT DISTINCT FROM NEW."SchoolId_Unified"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StudentSchoolAssociation" (
                "OldEntryDate",
                "NewEntryDate",
                "OldSchoolId_Unified",
                "NewSchoolId_Unified",
                "OldStudent_StudentUniqueId",
                "NewStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "NewStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."EntryDate",
                NEW."EntryDate",
                OLD."SchoolId_Unified",
                NEW."SchoolId_Unified",
                OLD."Student_StudentUniqueId",
                NEW."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                NEW."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSchoolAssociation_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "SchoolId_Unified", "Calendar_DocumentId", "Calendar_CalendarCode", "Calendar_SchoolYear", "School_DocumentId", "Student_DocumentId", "Student_StudentUniqueId", "EntryGradeLevelDescriptor_DescriptorId", "EntryDate", "ExitWithdrawDate", "PrimarySchool" OR DELETE ON "edfi"."StudentSchoolAssociation"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StudentSchoolAssociation_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_StudentSectionAttendanceEvent_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."StudentSectionAttendanceEvent" (
                "OldAttendanceEventCategoryDescriptor_Namespace",
                "OldAttendanceEventCategoryDescriptor_CodeValue",
                "OldEventDate",
                "OldSection_LocalCourseCode",
                "OldSection_SchoolId",
                "OldSection_SchoolYear",
                "OldSection_SectionIdentifier",
                "OldSection_SessionName",
                "OldStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."AttendanceEventCategoryDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."AttendanceEventCategoryDescriptor_DescriptorId"),
                OLD."EventDate",
                OLD."Section_LocalCourseCode",
                OLD."Section_SchoolId",
                OLD."Section_SchoolYear",
                OLD."Section_SectionIdentifier",
                OLD."Section_SessionName",
                OLD."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Section_DocumentId" IS NOT DISTINCT FROM NEW."Section_DocumentId"
        AND OLD."Section_LocalCourseCode" IS NOT DISTINCT FROM NEW."Section_LocalCourseCode"
        AND OLD."Section_SchoolId" IS NOT DISTINCT FROM NEW."Section_SchoolId"
        AND OLD."Section_SchoolYear" IS NOT DISTINCT FROM NEW."Section_SchoolYear"
        AND OLD."Section_SessionName" IS NOT DISTINCT FROM NEW."Section_SessionName"
        AND OLD."Section_SectionIdentifier" IS NOT DISTINCT FROM NEW."Section_SectionIdentifier"
        AND OLD."Student_DocumentId" IS NOT DISTINCT FROM NEW."Student_DocumentId"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId"
        AND OLD."AttendanceEventCategoryDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."AttendanceEventCategoryDescriptor_DescriptorId"
        AND OLD."AttendanceEventReason" IS NOT DISTINCT FROM NEW."AttendanceEventReason"
        AND OLD."EventDate" IS NOT DISTINCT FROM NEW."EventDate" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."AttendanceEventCategoryDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."AttendanceEventCategoryDescriptor_DescriptorId"
        AND OLD."EventDate" IS NOT DISTINCT FROM NEW."EventDate"
        AND OLD."Section_LocalCourseCode" IS NOT DISTINCT FROM NEW."Section_LocalCourseCode"
        AND OLD."Section_SchoolId" IS NOT DISTINCT FROM NEW."Section_SchoolId"
        AND OLD."Section_SchoolYear" IS NOT DISTINCT FROM NEW."Section_SchoolYear"
        AND OLD."Section_SectionIdentifier" IS NOT DISTINCT FROM NEW."Section_SectionIdentifier"
        AND OLD."Section_SessionName" IS NOT DISTINCT FROM NEW."Section_SessionName"
        AND OLD."Student_StudentUniqueId" IS NOT DISTINCT FROM NEW."Student_StudentUniqueId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."StudentSectionAttendanceEvent" (
                "OldAttendanceEventCategoryDescriptor_Namespace",
                "NewAttendanceEventCategoryDescriptor_Namespace",
                "OldAttendanceEventCategoryDescriptor_CodeValue",
                "NewAttendanceEventCategoryDescriptor_CodeValue",
                "OldEventDate",
                "NewEventDate",
                "OldSection_LocalCourseCode",
                "NewSection_LocalCourseCode",
                "OldSection_SchoolId",
                "NewSection_SchoolId",
                "OldSection_SchoolYear",
                "NewSection_SchoolYear",
                "OldSection_SectionIdentifier",
                "NewSection_SectionIdentifier",
                "OldSection_SessionName",
                "NewSection_SessionName",
                "OldStudent_StudentUniqueId",
                "NewStudent_StudentUniqueId",
                "OldStudent_DocumentId",
                "NewStudent_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."AttendanceEventCategoryDescriptor_DescriptorId"),
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."AttendanceEventCategoryDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."AttendanceEventCategoryDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."AttendanceEventCategoryDescriptor_DescriptorId"),
                OLD."EventDate",
                NEW."EventDate",
                OLD."Section_LocalCourseCode",
                NEW."Section_LocalCourseCode",
                OLD."Section_SchoolId",
                NEW."Section_SchoolId",
                OLD."Section_SchoolYear",
                NEW."Section_SchoolYear",
                OLD."Section_SectionIdentifier",
                NEW."Section_SectionIdentifier",
                OLD."Section_SessionName",
                NEW."Section_SessionName",
                OLD."Student_StudentUniqueId",
                NEW."Student_StudentUniqueId",
                OLD."Student_DocumentId",
                NEW."Student_DocumentId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentSectionAttendanceEvent_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "Section_DocumentId", "Section_LocalCourseCode", "Section_SchoolId", "Section_SchoolYear", "Section_SessionName", "Section_SectionIdentifier", "Student_DocumentId", "Student_StudentUniqueId", "AttendanceEventCategoryDescriptor_DescriptorId", "AttendanceEventReason", "EventDate" OR DELETE ON "edfi"."StudentSectionAttendanceEvent"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_StudentSectionAttendanceEvent_Stamp"();

CREATE OR REPLACE FUNCTION "edfi"."TF_TR_Survey_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_edfi"."Survey" (
                "OldNamespace",
                "OldSurveyIdentifier",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Namespace",
                OLD."SurveyIdentifier",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Session_DocumentId" IS NOT DISTINCT FROM NEW."Session_DocumentId"
        AND OLD."Session_SchoolId" IS NOT DISTINCT FROM NEW."Session_SchoolId"
        AND OLD."Session_SchoolYear" IS NOT DISTINCT FROM NEW."Session_SchoolYear"
        AND OLD."Session_SessionName" IS NOT DISTINCT FROM NEW."Session_SessionName"
        AND OLD."Namespace" IS NOT DISTINCT FROM NEW."Namespace"
        AND OLD."SurveyIdentifier" IS NOT DISTINCT FROM NEW."SurveyIdentifier"
        AND OLD."SurveyTitle" IS NOT DISTINCT FROM NEW."SurveyTitle" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Namespace" IS NOT DISTINCT FROM NEW."Namespace"
        AND OLD."SurveyIdentifier" IS NOT DISTINCT FROM NEW."SurveyIdentifier" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_edfi"."Survey" (
                "OldNamespace",
                "NewNamespace",
                "OldSurveyIdentifier",
                "NewSurveyIdentifier",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Namespace",
                NEW."Namespace",
                OLD."SurveyIdentifier",
                NEW."SurveyIdentifier",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Survey_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "Session_DocumentId", "Session_SchoolId", "Session_SchoolYear", "Session_SessionName", "Namespace", "SurveyIdentifier", "SurveyTitle" OR DELETE ON "edfi"."Survey"
FOR EACH ROW
EXECUTE FUNCTION "edfi"."TF_TR_Survey_Stamp"();

CREATE OR REPLACE FUNCTION "transport"."TF_TR_Bus_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_transport"."Bus" (
                "OldBusId",
                "OldLocalEducationAgency_LocalEducationAgencyId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BusId",
                OLD."LocalEducationAgency_LocalEducationAgencyId",
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."LocalEducationAgency_DocumentId" IS NOT DISTINCT FROM NEW."LocalEducationAgency_DocumentId"
        AND OLD."LocalEducationAgency_LocalEducationAgencyId" IS NOT DISTINCT FROM NEW."LocalEducationAgency_LocalEducationAgencyId"
        AND OLD."BusId" IS NOT DISTINCT FROM NEW."BusId"
        AND OLD."Seats" IS NOT DISTINCT FROM NEW."Seats" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."BusId" IS NOT DISTINCT FROM NEW."BusId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_transport"."Bus" (
                "OldBusId",
                "NewBusId",
                "OldLocalEducationAgency_LocalEducationAgencyId",
                "NewLocalEducationAgency_LocalEducationAgencyId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."BusId",
                NEW."BusId",
                OLD."LocalEducationAgency_LocalEducationAgencyId",
                NEW."LocalEducationAgency_LocalEducationAgencyId",
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_Bus_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "LocalEducationAgency_DocumentId", "LocalEducationAgency_LocalEducationAgencyId", "BusId", "Seats" OR DELETE ON "transport"."Bus"
FOR EACH ROW
EXECUTE FUNCTION "transport"."TF_TR_Bus_Stamp"();

CREATE OR REPLACE FUNCTION "transport"."TF_TR_SchoolExtension_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."DocumentId"), pg_catalog.max(r."DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."DocumentId"
            FROM (
                SELECT
                    n."DocumentId",
                    n."IsBusHub"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."DocumentId",
                    o."IsBusHub"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."DocumentId"
            FROM (
                SELECT
                    o."DocumentId",
                    o."IsBusHub"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."DocumentId",
                    n."IsBusHub"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."DocumentId"), pg_catalog.max(r."DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_ins"
AFTER INSERT ON "transport"."SchoolExtension"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_upd"
AFTER UPDATE ON "transport"."SchoolExtension"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtension_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtension_Stamp_del"
AFTER DELETE ON "transport"."SchoolExtension"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtension_Stamp"();

CREATE OR REPLACE FUNCTION "transport"."TF_TR_SchoolExtensionBusStop_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."School_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."BusStopBus_DocumentId",
                    n."BusStopBus_BusId",
                    n."BusRouteDescriptor_DescriptorId",
                    n."StopName"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."BusStopBus_DocumentId",
                    o."BusStopBus_BusId",
                    o."BusRouteDescriptor_DescriptorId",
                    o."StopName"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."School_DocumentId",
                    o."BusStopBus_DocumentId",
                    o."BusStopBus_BusId",
                    o."BusRouteDescriptor_DescriptorId",
                    o."StopName"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."School_DocumentId",
                    n."BusStopBus_DocumentId",
                    n."BusStopBus_BusId",
                    n."BusRouteDescriptor_DescriptorId",
                    n."StopName"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."School_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStop_Stamp_ins"
AFTER INSERT ON "transport"."SchoolExtensionBusStop"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStop_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStop_Stamp_upd"
AFTER UPDATE ON "transport"."SchoolExtensionBusStop"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStop_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStop_Stamp_del"
AFTER DELETE ON "transport"."SchoolExtensionBusStop"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStop_Stamp"();

CREATE OR REPLACE FUNCTION "transport"."TF_TR_SchoolExtensionBusStopDeparture_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    documents bigint[];
    first bigint;
    last bigint;
    version bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM newtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT n."School_DocumentId" FROM newtab AS n
            );
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        documents := ARRAY(
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."School_DocumentId",
                    n."DepartsAt"
                FROM newtab AS n
                EXCEPT ALL
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."School_DocumentId",
                    o."DepartsAt"
                FROM oldtab AS o
            ) AS c
            UNION
            SELECT c."School_DocumentId"
            FROM (
                SELECT
                    o."CollectionItemId",
                    o."Ordinal",
                    o."ParentCollectionItemId",
                    o."School_DocumentId",
                    o."DepartsAt"
                FROM oldtab AS o
                EXCEPT ALL
                SELECT
                    n."CollectionItemId",
                    n."Ordinal",
                    n."ParentCollectionItemId",
                    n."School_DocumentId",
                    n."DepartsAt"
                FROM newtab AS n
            ) AS c
        );
        first := documents[1];
        last := documents[pg_catalog.cardinality(documents)];
    ELSE
        SELECT pg_catalog.min(r."School_DocumentId"), pg_catalog.max(r."School_DocumentId")
        INTO first, last
        FROM oldtab AS r;
        IF first <> last THEN
            documents := ARRAY(
                SELECT DISTINCT o."School_DocumentId" FROM oldtab AS o
            );
        END IF;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF first = last THEN
        UPDATE "edfi"."School" AS t
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE t."DocumentId" = first
        RETURNING t."ContentVersion" INTO version;
        IF FOUND THEN
            UPDATE "dms"."Document" AS d
            SET "ContentVersion" = version,
                "ContentLastModifiedAt" = pg_catalog.now()
            WHERE d."DocumentId" = first;
        END IF;
    ELSE
        documents := ARRAY(
            SELECT t."DocumentId"
            FROM "edfi"."School" AS t
            WHERE t."DocumentId" = ANY (documents)
            ORDER BY t."DocumentId"
            FOR NO KEY UPDATE
        );
        IF pg_catalog.cardinality(documents) = 0 THEN
            RETURN NULL;
        END IF;
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = ANY (documents);
        UPDATE "edfi"."School" AS t
        SET ("ContentVersion", "ContentLastModifiedAt") = (
            SELECT d."ContentVersion", d."ContentLastModifiedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId"
        )
        WHERE t."DocumentId" = ANY (documents);
    END IF;
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStopDeparture_Stamp_ins"
AFTER INSERT ON "transport"."SchoolExtensionBusStopDeparture"
REFERENCING NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStopDeparture_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStopDeparture_Stamp_upd"
AFTER UPDATE ON "transport"."SchoolExtensionBusStopDeparture"
REFERENCING OLD TABLE AS oldtab NEW TABLE AS newtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStopDeparture_Stamp"();
CREATE OR REPLACE TRIGGER "TR_SchoolExtensionBusStopDeparture_Stamp_del"
AFTER DELETE ON "transport"."SchoolExtensionBusStopDeparture"
REFERENCING OLD TABLE AS oldtab
FOR EACH STATEMENT
EXECUTE FUNCTION "transport"."TF_TR_SchoolExtensionBusStopDeparture_Stamp"();

CREATE OR REPLACE FUNCTION "transport"."TF_TR_StudentBusRide_Stamp"()
RETURNS trigger
LANGUAGE plpgsql
AS $func$
DECLARE
    version bigint;
    modified timestamp with time zone;
    document_uuid pg_catalog.uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d."ContentVersion", d."ContentLastModifiedAt"
        INTO version, modified
        FROM "dms"."Document" AS d
        WHERE d."DocumentId" = NEW."DocumentId";
        IF FOUND THEN
            NEW."ContentVersion" := version;
            NEW."ContentLastModifiedAt" := modified;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId"
        RETURNING d."ContentVersion", d."DocumentUuid" INTO version, document_uuid;
        IF FOUND THEN
            INSERT INTO "tracked_changes_transport"."StudentBusRide" (
                "OldBus_BusId",
                "OldBusRouteDescriptor_Namespace",
                "OldBusRouteDescriptor_CodeValue",
                "OldStudentSchoolAssociation_SchoolId",
                "OldStudentSchoolAssociation_Student_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Bus_BusId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."BusRouteDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."BusRouteDescriptor_DescriptorId"),
                OLD."StudentSchoolAssociation_SchoolId",
                (SELECT s."Student_DocumentId" FROM "edfi"."StudentSchoolAssociation" AS s WHERE s."DocumentId" = OLD."StudentSchoolAssociation_DocumentId"),
                document_uuid,
                version
            );
        END IF;
        RETURN OLD;
    END IF;
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Bus_DocumentId" IS NOT DISTINCT FROM NEW."Bus_DocumentId"
        AND OLD."Bus_BusId" IS NOT DISTINCT FROM NEW."Bus_BusId"
        AND OLD."StudentSchoolAssociation_DocumentId" IS NOT DISTINCT FROM NEW."StudentSchoolAssociation_DocumentId"
        AND OLD."StudentSchoolAssociation_EntryDate" IS NOT DISTINCT FROM NEW."StudentSchoolAssociation_EntryDate"
        AND OLD."StudentSchoolAssociation_SchoolId" IS NOT DISTINCT FROM NEW."StudentSchoolAssociation_SchoolId"
        AND OLD."StudentSchoolAssociation_StudentUniqueId" IS NOT DISTINCT FROM NEW."StudentSchoolAssociation_StudentUniqueId"
        AND OLD."BusRouteDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."BusRouteDescriptor_DescriptorId"
        AND OLD."StopName" IS NOT DISTINCT FROM NEW."StopName" THEN
        RETURN NEW;
    END IF;
    version := pg_catalog.nextval('"dms"."ChangeVersionSequence"');
    IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"
        AND OLD."Bus_BusId" IS NOT DISTINCT FROM NEW."Bus_BusId"
        AND OLD."BusRouteDescriptor_DescriptorId" IS NOT DISTINCT FROM NEW."BusRouteDescriptor_DescriptorId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId";
    ELSE
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = version,
            "ContentLastModifiedAt" = pg_catalog.now(),
            "IdentityVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = NEW."DocumentId"
        RETURNING d."DocumentUuid" INTO document_uuid;
        IF NEW."DocumentId" = OLD."DocumentId" THEN
            INSERT INTO "tracked_changes_transport"."StudentBusRide" (
                "OldBus_BusId",
                "NewBus_BusId",
                "OldBusRouteDescriptor_Namespace",
                "NewBusRouteDescriptor_Namespace",
                "OldBusRouteDescriptor_CodeValue",
                "NewBusRouteDescriptor_CodeValue",
                "OldStudentSchoolAssociation_SchoolId",
                "NewStudentSchoolAssociation_SchoolId",
                "OldStudentSchoolAssociation_Student_DocumentId",
                "NewStudentSchoolAssociation_Student_DocumentId",
                "Id",
                "ChangeVersion"
            )
            VALUES (
                OLD."Bus_BusId",
                NEW."Bus_BusId",
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."BusRouteDescriptor_DescriptorId"),
                (SELECT r."Namespace" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."BusRouteDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = OLD."BusRouteDescriptor_DescriptorId"),
                (SELECT r."CodeValue" FROM "dms"."Descriptor" AS r WHERE r."DocumentId" = NEW."BusRouteDescriptor_DescriptorId"),
                OLD."StudentSchoolAssociation_SchoolId",
                NEW."StudentSchoolAssociation_SchoolId",
                (SELECT s."Student_DocumentId" FROM "edfi"."StudentSchoolAssociation" AS s WHERE s."DocumentId" = OLD."StudentSchoolAssociation_DocumentId"),
                (SELECT s."Student_DocumentId" FROM "edfi"."StudentSchoolAssociation" AS s WHERE s."DocumentId" = NEW."StudentSchoolAssociation_DocumentId"),
                document_uuid,
                version
            );
        END IF;
    END IF;
    IF NEW."DocumentId" <> OLD."DocumentId" THEN
        UPDATE "dms"."Document" AS d
        SET "ContentVersion" = pg_catalog.nextval('"dms"."ChangeVersionSequence"'),
            "ContentLastModifiedAt" = pg_catalog.now()
        WHERE d."DocumentId" = OLD."DocumentId";
    END IF;
    NEW."ContentVersion" := version;
    NEW."ContentLastModifiedAt" := pg_catalog.now();
    RETURN NEW;
END
$func$;
CREATE OR REPLACE TRIGGER "TR_StudentBusRide_Stamp"
BEFORE INSERT OR UPDATE OF "DocumentId", "Bus_DocumentId", "Bus_BusId", "StudentSchoolAssociation_DocumentId", "StudentSchoolAssociation_EntryDate", "StudentSchoolAssociation_SchoolId", "StudentSchoolAssociation_StudentUniqueId", "BusRouteDescriptor_DescriptorId", "StopName" OR DELETE ON "transport"."StudentBusRide"
FOR EACH ROW
EXECUTE FUNCTION "transport"."TF_TR_StudentBusRide_Stamp"();

-- ==========================================================
-- Phase 16: Seed Data (insert-if-missing + validation)
-- ==========================================================

-- DataStoreIdentity singleton insert-if-missing
INSERT INTO "dms"."DataStoreIdentity" ("DataStoreIdentitySingletonId", "SourceIdentity") VALUES (1, pg_catalog.gen_random_uuid()) ON CONFLICT ("DataStoreIdentitySingletonId") DO NOTHING;

-- DocumentCacheState singleton insert-if-missing
INSERT INTO "dms"."DocumentCacheState" ("StateId", "ProjectionLifecycleState", "CacheAheadRecoveryRequired") VALUES (1, 'Disabled', false) ON CONFLICT ("StateId") DO NOTHING;

-- ResourceKey seed inserts (insert-if-missing)
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (1, 'Ed-Fi', 'AddressTypeDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (2, 'Ed-Fi', 'AttendanceEventCategoryDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (3, 'Ed-Fi', 'Calendar', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (4, 'Ed-Fi', 'Contact', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (5, 'Ed-Fi', 'CourseOffering', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (6, 'Ed-Fi', 'EducationOrganization', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (7, 'Ed-Fi', 'EmploymentStatusDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (8, 'Ed-Fi', 'GradeLevelDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (9, 'Ed-Fi', 'LocalEducationAgency', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (10, 'Ed-Fi', 'ResponsibilityDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (11, 'Ed-Fi', 'School', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (12, 'Ed-Fi', 'SchoolYearType', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (13, 'Ed-Fi', 'Section', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (14, 'Ed-Fi', 'Session', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (15, 'Ed-Fi', 'Staff', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (16, 'Ed-Fi', 'StaffClassificationDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (17, 'Ed-Fi', 'StaffEducationOrganizationAssignmentAssociation', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (18, 'Ed-Fi', 'StaffEducationOrganizationEmploymentAssociation', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (19, 'Ed-Fi', 'Student', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (20, 'Ed-Fi', 'StudentContactAssociation', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (21, 'Ed-Fi', 'StudentEducationOrganizationResponsibilityAssociation', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (22, 'Ed-Fi', 'StudentSchoolAssociation', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (23, 'Ed-Fi', 'StudentSectionAttendanceEvent', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (24, 'Ed-Fi', 'Survey', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (25, 'Ed-Fi', 'TermDescriptor', '1.0.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (26, 'Transport', 'Bus', '0.3.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (27, 'Transport', 'BusRouteDescriptor', '0.3.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;
INSERT INTO "dms"."ResourceKey" ("ResourceKeyId", "ProjectName", "ResourceName", "ResourceVersion") VALUES (28, 'Transport', 'StudentBusRide', '0.3.0') ON CONFLICT ("ResourceKeyId") DO NOTHING;

-- ResourceKey full-table validation (count + content)
DO $$
DECLARE
    actual_count bigint;
    mismatch_count bigint;
    mismatch_keys text;
BEGIN
    SELECT pg_catalog.count(*) INTO actual_count FROM "dms"."ResourceKey";
    IF actual_count <> 28 THEN
        RAISE EXCEPTION 'dms.ResourceKey count mismatch: expected %, found %', 28, actual_count;
    END IF;
    SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual."ResourceKeyId" ORDER BY actual."ResourceKeyId"))[1:10], ', ')
    INTO mismatch_count, mismatch_keys
    FROM "dms"."ResourceKey" AS actual
    WHERE NOT EXISTS (
        SELECT 1
        FROM (VALUES
            (1::smallint, 'Ed-Fi', 'AddressTypeDescriptor', '1.0.0'),
            (2::smallint, 'Ed-Fi', 'AttendanceEventCategoryDescriptor', '1.0.0'),
            (3::smallint, 'Ed-Fi', 'Calendar', '1.0.0'),
            (4::smallint, 'Ed-Fi', 'Contact', '1.0.0'),
            (5::smallint, 'Ed-Fi', 'CourseOffering', '1.0.0'),
            (6::smallint, 'Ed-Fi', 'EducationOrganization', '1.0.0'),
            (7::smallint, 'Ed-Fi', 'EmploymentStatusDescriptor', '1.0.0'),
            (8::smallint, 'Ed-Fi', 'GradeLevelDescriptor', '1.0.0'),
            (9::smallint, 'Ed-Fi', 'LocalEducationAgency', '1.0.0'),
            (10::smallint, 'Ed-Fi', 'ResponsibilityDescriptor', '1.0.0'),
            (11::smallint, 'Ed-Fi', 'School', '1.0.0'),
            (12::smallint, 'Ed-Fi', 'SchoolYearType', '1.0.0'),
            (13::smallint, 'Ed-Fi', 'Section', '1.0.0'),
            (14::smallint, 'Ed-Fi', 'Session', '1.0.0'),
            (15::smallint, 'Ed-Fi', 'Staff', '1.0.0'),
            (16::smallint, 'Ed-Fi', 'StaffClassificationDescriptor', '1.0.0'),
            (17::smallint, 'Ed-Fi', 'StaffEducationOrganizationAssignmentAssociation', '1.0.0'),
            (18::smallint, 'Ed-Fi', 'StaffEducationOrganizationEmploymentAssociation', '1.0.0'),
            (19::smallint, 'Ed-Fi', 'Student', '1.0.0'),
            (20::smallint, 'Ed-Fi', 'StudentContactAssociation', '1.0.0'),
            (21::smallint, 'Ed-Fi', 'StudentEducationOrganizationResponsibilityAssociation', '1.0.0'),
            (22::smallint, 'Ed-Fi', 'StudentSchoolAssociation', '1.0.0'),
            (23::smallint, 'Ed-Fi', 'StudentSectionAttendanceEvent', '1.0.0'),
            (24::smallint, 'Ed-Fi', 'Survey', '1.0.0'),
            (25::smallint, 'Ed-Fi', 'TermDescriptor', '1.0.0'),
            (26::smallint, 'Transport', 'Bus', '0.3.0'),
            (27::smallint, 'Transport', 'BusRouteDescriptor', '0.3.0'),
            (28::smallint, 'Transport', 'StudentBusRide', '0.3.0')
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
INSERT INTO "dms"."EffectiveSchema" ("EffectiveSchemaSingletonId", "ApiSchemaFormatVersion", "EffectiveSchemaHash", "ResourceKeyCount", "ResourceKeySeedHash") VALUES (1, '1.0.0', '8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', 28, '\x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7'::bytea) ON CONFLICT ("EffectiveSchemaSingletonId") DO NOTHING;

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
        IF stored_count IS DISTINCT FROM 28 THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeyCount mismatch: expected %, found %', 28, stored_count;
        END IF;
        IF stored_seed_hash IS DISTINCT FROM '\x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7'::bytea THEN
            RAISE EXCEPTION 'dms.EffectiveSchema ResourceKeySeedHash mismatch: stored % but expected %',
                pg_catalog.encode(stored_seed_hash, 'hex'), pg_catalog.encode('\x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7'::bytea, 'hex');
        END IF;
    END IF;
END $$;

-- SchemaComponent seed inserts (insert-if-missing)
INSERT INTO "dms"."SchemaComponent" ("EffectiveSchemaHash", "ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject") VALUES ('8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', 'ed-fi', 'Ed-Fi', '1.0.0', false) ON CONFLICT ("EffectiveSchemaHash", "ProjectEndpointName") DO NOTHING;
INSERT INTO "dms"."SchemaComponent" ("EffectiveSchemaHash", "ProjectEndpointName", "ProjectName", "ProjectVersion", "IsExtensionProject") VALUES ('8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', 'transport', 'Transport', '0.3.0', true) ON CONFLICT ("EffectiveSchemaHash", "ProjectEndpointName") DO NOTHING;

-- SchemaComponent exact-match validation (count + content)
DO $$
DECLARE
    actual_count bigint;
    mismatch_count bigint;
    mismatch_keys text;
BEGIN
    SELECT pg_catalog.count(*) INTO actual_count FROM "dms"."SchemaComponent" WHERE "EffectiveSchemaHash" = '8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a';
    IF actual_count <> 2 THEN
        RAISE EXCEPTION 'dms.SchemaComponent count mismatch: expected %, found %', 2, actual_count;
    END IF;
    SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual."ProjectEndpointName" ORDER BY actual."ProjectEndpointName"))[1:10], ', ')
    INTO mismatch_count, mismatch_keys
    FROM "dms"."SchemaComponent" AS actual
    WHERE actual."EffectiveSchemaHash" = '8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' AND NOT EXISTS (
        SELECT 1
        FROM (VALUES
            ('ed-fi', 'Ed-Fi', '1.0.0', false),
            ('transport', 'Transport', '0.3.0', true)
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

