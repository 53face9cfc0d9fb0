SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;
SET NUMERIC_ROUNDABORT OFF;
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 0: Bounded Provisioning Guards
-- ==========================================================

DECLARE @refusal nvarchar(500);
DECLARE @stored_hash nvarchar(64);
DECLARE @singleton_rows int;
DECLARE @source_identity nvarchar(36);
DECLARE @state varchar(16);
DECLARE @recovery_required int;
IF OBJECT_ID(N'dms.EffectiveSchema', N'U') IS NOT NULL
    SELECT @stored_hash = [EffectiveSchemaHash]
    FROM [dms].[EffectiveSchema]
    WHERE [EffectiveSchemaSingletonId] = 1;
IF @stored_hash <> N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a'
    SET @refusal = N'EffectiveSchemaHash mismatch: database has ''' + @stored_hash + N''' but expected ''' + N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' + N'''';
IF @refusal IS NULL AND @stored_hash IS NOT NULL
BEGIN
    IF @refusal IS NULL AND OBJECT_ID(N'dms.DataStoreIdentity', N'U') IS NULL
        SET @refusal = N'dms.DataStoreIdentity is missing. Drop and recreate the database.';
    IF @refusal IS NULL
    BEGIN
        EXEC sys.sp_executesql N'SELECT @rows = COUNT(*), @source = MAX(CAST(i.[SourceIdentity] AS nvarchar(36))) FROM [dms].[DataStoreIdentity] AS i WHERE i.[DataStoreIdentitySingletonId] = 1;',
            N'@rows int OUTPUT, @source nvarchar(36) OUTPUT',
            @rows = @singleton_rows OUTPUT, @source = @source_identity OUTPUT;
        IF @refusal IS NULL AND @singleton_rows = 0
            SET @refusal = N'The row of dms.DataStoreIdentity is missing. Drop and recreate the database.';
        IF @refusal IS NULL AND @source_identity = N'00000000-0000-0000-0000-000000000000'
            SET @refusal = N'dms.DataStoreIdentity.SourceIdentity is zero. Drop and recreate the database.';
    END
    IF @refusal IS NULL AND OBJECT_ID(N'dms.DocumentCacheState', N'U') IS NULL
        SET @refusal = N'dms.DocumentCacheState is missing. Drop and recreate the database.';
    IF @refusal IS NULL
    BEGIN
        EXEC sys.sp_executesql N'SELECT @rows = COUNT(*), @state = MAX(s.[ProjectionLifecycleState]), @recovery = MAX(CAST(s.[CacheAheadRecoveryRequired] AS int)) FROM [dms].[DocumentCacheState] AS s WHERE s.[StateId] = 1;',
            N'@rows int OUTPUT, @state varchar(16) OUTPUT, @recovery int OUTPUT',
            @rows = @singleton_rows OUTPUT, @state = @state OUTPUT, @recovery = @recovery_required OUTPUT;
        IF @refusal IS NULL AND @singleton_rows = 0
            SET @refusal = N'The row of dms.DocumentCacheState is missing. Drop and recreate the database.';
        IF @refusal IS NULL AND (@state IS NULL OR NOT ((@state COLLATE Latin1_General_100_BIN2 = 'Disabled' AND DATALENGTH(@state) = 8) OR (@state COLLATE Latin1_General_100_BIN2 = 'Resetting' AND DATALENGTH(@state) = 9) OR (@state COLLATE Latin1_General_100_BIN2 = 'Rebuilding' AND DATALENGTH(@state) = 10) OR (@state COLLATE Latin1_General_100_BIN2 = 'Tracking' AND DATALENGTH(@state) = 8)))
            SET @refusal = N'dms.DocumentCacheState.ProjectionLifecycleState is ''' + ISNULL(@state, N'NULL') + N'''. Drop and recreate the database.';
        IF @refusal IS NULL AND @recovery_required IS NULL
            SET @refusal = N'dms.DocumentCacheState.CacheAheadRecoveryRequired is NULL. Drop and recreate the database.';
    END
END
IF @refusal IS NULL AND COL_LENGTH(N'dms.DocumentCache', N'Etag') IS NOT NULL
    SET @refusal = N'The column dms.DocumentCache.Etag is of another layout of schema dms. Drop and recreate the database.';
IF @refusal IS NULL AND EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dms.DocumentCache', N'U') AND name = N'UX_DocumentCache_DocumentUuid')
    SET @refusal = N'The constraint UX_DocumentCache_DocumentUuid is of another layout of schema dms. Drop and recreate the database.';
IF @refusal IS NULL
    SET @refusal = CASE
        WHEN EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dms.DocumentCache', N'U') AND name = N'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt') THEN N'The index IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt is of another layout of schema dms. Drop and recreate the database.'
        WHEN OBJECT_ID(N'dms.ReferentialIdentity', N'U') IS NOT NULL THEN N'The table ReferentialIdentity belongs to another shape of schema dms. Move the database with dms-ddl upgrade, or drop and recreate it.'
    END;
IF @refusal IS NOT NULL
BEGIN
    IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
    RAISERROR(N'%s', 16, 1, @refusal);
    SET NOEXEC ON;
END
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 1: Schemas
-- ==========================================================

IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'dms') EXEC('CREATE SCHEMA [dms]');

-- ==========================================================
-- Phase 3: Sequences
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.sequences AS q
    INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id
    WHERE s.name = N'dms' AND q.name = N'ChangeVersionSequence'
)
CREATE SEQUENCE [dms].[ChangeVersionSequence] START WITH 1;

IF NOT EXISTS (
    SELECT 1 FROM sys.sequences AS q
    INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id
    WHERE s.name = N'dms' AND q.name = N'CollectionItemIdSequence'
)
CREATE SEQUENCE [dms].[CollectionItemIdSequence] START WITH 1;

-- ==========================================================
-- Phase 4: Functions and Types
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.types AS t
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'BigIntTable' AND t.is_table_type = 1
)
CREATE TYPE [dms].[BigIntTable] AS TABLE ([Id] bigint NOT NULL);

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER FUNCTION [dms].[GetMaxChangeVersion]()
RETURNS bigint
AS
BEGIN
    RETURN (
        SELECT CONVERT(bigint, q.current_value)
        FROM sys.sequences AS q
        INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id
        WHERE s.name = N'dms' AND q.name = N'ChangeVersionSequence'
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 5: Tables (PK/UNIQUE/CHECK only, no cross-table FKs)
-- ==========================================================

IF OBJECT_ID(N'dms.DataStoreIdentity', N'U') IS NULL
CREATE TABLE [dms].[DataStoreIdentity]
(
    [DataStoreIdentitySingletonId] smallint NOT NULL,
    [SourceIdentity] uniqueidentifier NOT NULL,
    CONSTRAINT [PK_DataStoreIdentity] PRIMARY KEY CLUSTERED ([DataStoreIdentitySingletonId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_DataStoreIdentity_Singleton' AND parent_object_id = OBJECT_ID(N'dms.DataStoreIdentity')
)
ALTER TABLE [dms].[DataStoreIdentity]
ADD CONSTRAINT [CK_DataStoreIdentity_Singleton] CHECK ([DataStoreIdentitySingletonId] = 1);

IF OBJECT_ID(N'dms.Descriptor', N'U') IS NULL
CREATE TABLE [dms].[Descriptor]
(
    [DocumentId] bigint NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
    [Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [ShortDescription] nvarchar(75) NOT NULL,
    [Description] nvarchar(1024) NULL,
    [EffectiveBeginDate] date NULL,
    [EffectiveEndDate] date NULL,
    [Discriminator] nvarchar(128) NOT NULL,
    [Uri] nvarchar(306) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [UriLowered] AS LOWER([Uri]),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Descriptor_ContentVersion] DEFAULT (0),
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Descriptor_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_Descriptor] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF OBJECT_ID(N'dms.Document', N'U') IS NULL
CREATE TABLE [dms].[Document]
(
    [DocumentId] bigint IDENTITY(1,1) NOT NULL,
    [DocumentUuid] uniqueidentifier NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
    [CreatedByOwnershipTokenId] smallint NULL,
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Document_ContentVersion] DEFAULT (NEXT VALUE FOR [dms].[ChangeVersionSequence]),
    [IdentityVersion] bigint NOT NULL CONSTRAINT [DF_Document_IdentityVersion] DEFAULT (NEXT VALUE FOR [dms].[ChangeVersionSequence]),
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Document_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [IdentityLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Document_IdentityLastModifiedAt] DEFAULT (sysutcdatetime()),
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Document_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_Document] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_Document_DocumentUuid' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.Document')
)
ALTER TABLE [dms].[Document]
ADD CONSTRAINT [UX_Document_DocumentUuid] UNIQUE ([DocumentUuid]);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_Document_DocumentId_ResourceKeyId' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.Document')
)
ALTER TABLE [dms].[Document]
ADD CONSTRAINT [UX_Document_DocumentId_ResourceKeyId] UNIQUE ([DocumentId], [ResourceKeyId]);

IF OBJECT_ID(N'dms.DocumentCache', N'U') IS NULL
CREATE TABLE [dms].[DocumentCache]
(
    [DocumentId] bigint NOT NULL,
    [DocumentUuid] uniqueidentifier NOT NULL,
    [ProjectName] nvarchar(256) NOT NULL,
    [ResourceName] nvarchar(256) NOT NULL,
    [ResourceVersion] nvarchar(32) NOT NULL,
    [ContentVersion] bigint NOT NULL,
    [StreamEtag] varchar(64) NOT NULL,
    [LastModifiedAt] datetime2(7) NOT NULL,
    [DocumentJson] nvarchar(max) NOT NULL,
    [ComputedAt] datetime2(7) NOT NULL CONSTRAINT [DF_DocumentCache_ComputedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_DocumentCache] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_DocumentCache_IsJsonObject' AND parent_object_id = OBJECT_ID(N'dms.DocumentCache')
)
ALTER TABLE [dms].[DocumentCache]
ADD CONSTRAINT [CK_DocumentCache_IsJsonObject] CHECK (ISJSON([DocumentJson]) = 1 AND LEFT(LTRIM([DocumentJson]), 1) = '{');

IF OBJECT_ID(N'dms.DocumentCacheState', N'U') IS NULL
CREATE TABLE [dms].[DocumentCacheState]
(
    [StateId] smallint NOT NULL,
    [ProjectionLifecycleState] varchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [CacheAheadRecoveryRequired] bit NOT NULL,
    CONSTRAINT [PK_DocumentCacheState] PRIMARY KEY CLUSTERED ([StateId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_DocumentCacheState_Singleton' AND parent_object_id = OBJECT_ID(N'dms.DocumentCacheState')
)
ALTER TABLE [dms].[DocumentCacheState]
ADD CONSTRAINT [CK_DocumentCacheState_Singleton] CHECK ([StateId] = 1);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_DocumentCacheState_Lifecycle' AND parent_object_id = OBJECT_ID(N'dms.DocumentCacheState')
)
ALTER TABLE [dms].[DocumentCacheState]
ADD CONSTRAINT [CK_DocumentCacheState_Lifecycle] CHECK (([ProjectionLifecycleState] = 'Disabled' AND DATALENGTH([ProjectionLifecycleState]) = 8) OR ([ProjectionLifecycleState] = 'Resetting' AND DATALENGTH([ProjectionLifecycleState]) = 9) OR ([ProjectionLifecycleState] = 'Rebuilding' AND DATALENGTH([ProjectionLifecycleState]) = 10) OR ([ProjectionLifecycleState] = 'Tracking' AND DATALENGTH([ProjectionLifecycleState]) = 8));

IF OBJECT_ID(N'dms.DocumentProjectionWork', N'U') IS NULL
CREATE TABLE [dms].[DocumentProjectionWork]
(
    [DocumentId] bigint NOT NULL,
    [RequiredContentVersion] bigint NOT NULL,
    [FirstEnqueuedAt] datetime2(7) NOT NULL,
    [LastEnqueuedAt] datetime2(7) NOT NULL,
    CONSTRAINT [PK_DocumentProjectionWork] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF OBJECT_ID(N'dms.EffectiveSchema', N'U') IS NULL
CREATE TABLE [dms].[EffectiveSchema]
(
    [EffectiveSchemaSingletonId] smallint NOT NULL,
    [ApiSchemaFormatVersion] nvarchar(64) NOT NULL,
    [EffectiveSchemaHash] nvarchar(64) NOT NULL,
    [ResourceKeyCount] smallint NOT NULL,
    [ResourceKeySeedHash] binary(32) NOT NULL,
    [AppliedAt] datetime2(7) NOT NULL CONSTRAINT [DF_EffectiveSchema_AppliedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_EffectiveSchema] PRIMARY KEY CLUSTERED ([EffectiveSchemaSingletonId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_EffectiveSchema_Singleton' AND parent_object_id = OBJECT_ID(N'dms.EffectiveSchema')
)
ALTER TABLE [dms].[EffectiveSchema]
ADD CONSTRAINT [CK_EffectiveSchema_Singleton] CHECK ([EffectiveSchemaSingletonId] = 1);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank' AND parent_object_id = OBJECT_ID(N'dms.EffectiveSchema')
)
ALTER TABLE [dms].[EffectiveSchema]
ADD CONSTRAINT [CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank] CHECK (LEN(LTRIM(RTRIM([ApiSchemaFormatVersion]))) > 0);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_EffectiveSchema_EffectiveSchemaHash' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.EffectiveSchema')
)
ALTER TABLE [dms].[EffectiveSchema]
ADD CONSTRAINT [UX_EffectiveSchema_EffectiveSchemaHash] UNIQUE ([EffectiveSchemaHash]);

IF OBJECT_ID(N'dms.ResourceKey', N'U') IS NULL
CREATE TABLE [dms].[ResourceKey]
(
    [ResourceKeyId] smallint NOT NULL,
    [ProjectName] nvarchar(256) NOT NULL,
    [ResourceName] nvarchar(256) NOT NULL,
    [ResourceVersion] nvarchar(32) NOT NULL,
    CONSTRAINT [PK_ResourceKey] PRIMARY KEY CLUSTERED ([ResourceKeyId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_ResourceKey_ProjectName_ResourceName' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.ResourceKey')
)
ALTER TABLE [dms].[ResourceKey]
ADD CONSTRAINT [UX_ResourceKey_ProjectName_ResourceName] UNIQUE ([ProjectName], [ResourceName]);

IF OBJECT_ID(N'dms.SchemaComponent', N'U') IS NULL
CREATE TABLE [dms].[SchemaComponent]
(
    [EffectiveSchemaHash] nvarchar(64) NOT NULL,
    [ProjectEndpointName] nvarchar(128) NOT NULL,
    [ProjectName] nvarchar(256) NOT NULL,
    [ProjectVersion] nvarchar(32) NOT NULL,
    [IsExtensionProject] bit NOT NULL,
    CONSTRAINT [PK_SchemaComponent] PRIMARY KEY CLUSTERED ([EffectiveSchemaHash], [ProjectEndpointName])
);

-- ==========================================================
-- Phase 6: Foreign Keys
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Descriptor_DocumentResourceKey' AND parent_object_id = OBJECT_ID(N'dms.Descriptor')
)
ALTER TABLE [dms].[Descriptor]
ADD CONSTRAINT [FK_Descriptor_DocumentResourceKey] FOREIGN KEY ([DocumentId], [ResourceKeyId])
REFERENCES [dms].[Document] ([DocumentId], [ResourceKeyId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Document_ResourceKey' AND parent_object_id = OBJECT_ID(N'dms.Document')
)
ALTER TABLE [dms].[Document]
ADD CONSTRAINT [FK_Document_ResourceKey] FOREIGN KEY ([ResourceKeyId])
REFERENCES [dms].[ResourceKey] ([ResourceKeyId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_DocumentCache_Document' AND parent_object_id = OBJECT_ID(N'dms.DocumentCache')
)
ALTER TABLE [dms].[DocumentCache]
ADD CONSTRAINT [FK_DocumentCache_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_DocumentProjectionWork_Document' AND parent_object_id = OBJECT_ID(N'dms.DocumentProjectionWork')
)
ALTER TABLE [dms].[DocumentProjectionWork]
ADD CONSTRAINT [FK_DocumentProjectionWork_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchemaComponent_EffectiveSchemaHash' AND parent_object_id = OBJECT_ID(N'dms.SchemaComponent')
)
ALTER TABLE [dms].[SchemaComponent]
ADD CONSTRAINT [FK_SchemaComponent_EffectiveSchemaHash] FOREIGN KEY ([EffectiveSchemaHash])
REFERENCES [dms].[EffectiveSchema] ([EffectiveSchemaHash])
ON DELETE CASCADE ON UPDATE NO ACTION;

-- ==========================================================
-- Phase 7: Indexes
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'Descriptor' AND i.name = N'IX_Descriptor_ResourceKeyId_DocumentId'
)
CREATE INDEX [IX_Descriptor_ResourceKeyId_DocumentId] ON [dms].[Descriptor] ([ResourceKeyId], [DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'Descriptor' AND i.name = N'UX_Descriptor_UriLowered_ResourceKeyId'
)
CREATE UNIQUE INDEX [UX_Descriptor_UriLowered_ResourceKeyId] ON [dms].[Descriptor] ([UriLowered], [ResourceKeyId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'Document' AND i.name = N'IX_Document_CreatedByOwnershipTokenId'
)
CREATE INDEX [IX_Document_CreatedByOwnershipTokenId] ON [dms].[Document] ([CreatedByOwnershipTokenId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'DocumentProjectionWork' AND i.name = N'IX_DocumentProjectionWork_FirstEnqueuedAt_DocumentId'
)
CREATE INDEX [IX_DocumentProjectionWork_FirstEnqueuedAt_DocumentId] ON [dms].[DocumentProjectionWork] ([FirstEnqueuedAt], [DocumentId]);

-- ==========================================================
-- Phase 8: Triggers
-- ==========================================================

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER TRIGGER [dms].[TR_Descriptor_Stamp_Document]
ON [dms].[Descriptor]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [dms].[Descriptor] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([Namespace])
        OR UPDATE([CodeValue])
        OR UPDATE([ShortDescription])
        OR UPDATE([Description])
        OR UPDATE([EffectiveBeginDate])
        OR UPDATE([EffectiveEndDate])
        OR UPDATE([Discriminator])
        OR UPDATE([Uri]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Namespace] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(i.[Namespace]) AS c3,
            i.[CodeValue] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[CodeValue]) AS c5,
            i.[ShortDescription] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[ShortDescription]) AS c7,
            i.[Description] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[Description]) AS c9,
            i.[EffectiveBeginDate] AS c10,
            i.[EffectiveEndDate] AS c11,
            i.[Discriminator] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(i.[Discriminator]) AS c13,
            i.[Uri] COLLATE Latin1_General_100_BIN2 AS c14,
            DATALENGTH(i.[Uri]) AS c15
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Namespace] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(d.[Namespace]) AS c3,
            d.[CodeValue] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[CodeValue]) AS c5,
            d.[ShortDescription] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[ShortDescription]) AS c7,
            d.[Description] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[Description]) AS c9,
            d.[EffectiveBeginDate] AS c10,
            d.[EffectiveEndDate] AS c11,
            d.[Discriminator] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(d.[Discriminator]) AS c13,
            d.[Uri] COLLATE Latin1_General_100_BIN2 AS c14,
            DATALENGTH(d.[Uri]) AS c15
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Namespace] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(d.[Namespace]) AS c3,
            d.[CodeValue] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[CodeValue]) AS c5,
            d.[ShortDescription] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[ShortDescription]) AS c7,
            d.[Description] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[Description]) AS c9,
            d.[EffectiveBeginDate] AS c10,
            d.[EffectiveEndDate] AS c11,
            d.[Discriminator] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(d.[Discriminator]) AS c13,
            d.[Uri] COLLATE Latin1_General_100_BIN2 AS c14,
            DATALENGTH(d.[Uri]) AS c15
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Namespace] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(i.[Namespace]) AS c3,
            i.[CodeValue] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[CodeValue]) AS c5,
            i.[ShortDescription] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[ShortDescription]) AS c7,
            i.[Description] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[Description]) AS c9,
            i.[EffectiveBeginDate] AS c10,
            i.[EffectiveEndDate] AS c11,
            i.[Discriminator] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(i.[Discriminator]) AS c13,
            i.[Uri] COLLATE Latin1_General_100_BIN2 AS c14,
            DATALENGTH(i.[Uri]) AS c15
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Descriptor] (
            [OldNamespace],
            [OldCodeValue],
            [Discriminator],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[Namespace],
            o.[CodeValue],
            o.[Discriminator],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [dms].[Descriptor] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [dms].[TR_Document_EnqueueProjectionWork]
ON [dms].[Document]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
    DECLARE @state varchar(16);
    SELECT @state = s.[ProjectionLifecycleState]
    FROM [dms].[DocumentCacheState] AS s
    WHERE s.[StateId] = 1;
    IF @state IS NULL
    BEGIN
        THROW 50000, N'dms.DocumentCacheState singleton row is missing or unreadable for projection enqueue.', 1;
    END;
    IF NOT (@state COLLATE Latin1_General_100_BIN2 = 'Disabled' OR @state COLLATE Latin1_General_100_BIN2 = 'Resetting' OR @state COLLATE Latin1_General_100_BIN2 = 'Rebuilding' OR @state COLLATE Latin1_General_100_BIN2 = 'Tracking')
    BEGIN
        THROW 50000, N'dms.DocumentCacheState.ProjectionLifecycleState has unsupported value.', 1;
    END;
    IF @state COLLATE Latin1_General_100_BIN2 = 'Disabled' RETURN;
    DECLARE @required TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [RequiredContentVersion] bigint NOT NULL
    );
    INSERT INTO @required ([DocumentId], [RequiredContentVersion])
    SELECT i.[DocumentId], MAX(i.[ContentVersion])
    FROM inserted AS i
    WHERE NOT EXISTS (
        SELECT 1
        FROM deleted AS d
        WHERE d.[DocumentId] = i.[DocumentId]
            AND d.[ContentVersion] = i.[ContentVersion]
    )
    GROUP BY i.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE work
    SET work.[RequiredContentVersion] = req.[RequiredContentVersion],
        work.[LastEnqueuedAt] = @now
    FROM @required AS req
    INNER LOOP JOIN [dms].[DocumentProjectionWork] AS work WITH (FORCESEEK, UPDLOCK, HOLDLOCK, ROWLOCK) ON work.[DocumentId] = req.[DocumentId]
    WHERE work.[RequiredContentVersion] < req.[RequiredContentVersion]
    OPTION (FORCE ORDER);
    INSERT INTO [dms].[DocumentProjectionWork] ([DocumentId], [RequiredContentVersion], [FirstEnqueuedAt], [LastEnqueuedAt])
    SELECT req.[DocumentId], req.[RequiredContentVersion], @now, @now
    FROM @required AS req
    WHERE NOT EXISTS (
        SELECT 1
        FROM [dms].[DocumentProjectionWork] AS work WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
        WHERE work.[DocumentId] = req.[DocumentId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [dms].[TR_DocumentCache_ValidateDocumentUuid]
ON [dms].[DocumentCache]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF EXISTS (
        SELECT 1
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        WHERE d.[DocumentUuid] <> i.[DocumentUuid]
    )
    BEGIN
        THROW 50000, N'dms.DocumentCache.DocumentUuid diverges from the owning dms.Document row.', 1;
    END;
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 10: Model Schemas
-- ==========================================================

IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'edfi') EXEC('CREATE SCHEMA [edfi]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'transport') EXEC('CREATE SCHEMA [transport]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'auth') EXEC('CREATE SCHEMA [auth]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'tracked_changes_edfi') EXEC('CREATE SCHEMA [tracked_changes_edfi]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'tracked_changes_transport') EXEC('CREATE SCHEMA [tracked_changes_transport]');

-- ==========================================================
-- Phase 11: Model Tables
-- ==========================================================

IF OBJECT_ID(N'edfi.Calendar', N'U') IS NULL
CREATE TABLE [edfi].[Calendar]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Calendar_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Calendar_ContentVersion] DEFAULT (0),
    [SchoolYearType_DocumentId] bigint NOT NULL,
    [SchoolYearType_SchoolYear] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] int NOT NULL,
    [CalendarCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_Calendar] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Calendar_NK] UNIQUE ([CalendarCode], [School_DocumentId], [SchoolYearType_DocumentId]),
    CONSTRAINT [UX_Calendar_RefKey] UNIQUE ([CalendarCode], [School_SchoolId], [SchoolYearType_SchoolYear], [DocumentId]),
    CONSTRAINT [CK_Calendar_SchoolYearType_AllNone] CHECK (([SchoolYearType_DocumentId] IS NULL AND [SchoolYearType_SchoolYear] IS NULL) OR ([SchoolYearType_DocumentId] IS NOT NULL AND [SchoolYearType_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_Calendar_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.Contact', N'U') IS NULL
CREATE TABLE [edfi].[Contact]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Contact_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Contact_ContentVersion] DEFAULT (0),
    [ContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [FirstName] nvarchar(75) NOT NULL,
    [LastSurname] nvarchar(75) NOT NULL,
    CONSTRAINT [PK_Contact] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Contact_NK] UNIQUE ([ContactUniqueId]),
    CONSTRAINT [UX_Contact_RefKey] UNIQUE ([ContactUniqueId], [DocumentId])
);

IF OBJECT_ID(N'edfi.CourseOffering', N'U') IS NULL
CREATE TABLE [edfi].[CourseOffering]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_CourseOffering_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_CourseOffering_ContentVersion] DEFAULT (0),
    [SchoolId_Unified] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Session_DocumentId] bigint NOT NULL,
    [Session_SchoolId] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Session_SchoolYear] int NOT NULL,
    [Session_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [LocalCourseTitle] nvarchar(60) NULL,
    CONSTRAINT [PK_CourseOffering] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_CourseOffering_NK] UNIQUE ([LocalCourseCode], [School_DocumentId], [Session_DocumentId]),
    CONSTRAINT [UX_CourseOffering_RefKey] UNIQUE ([LocalCourseCode], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [DocumentId]),
    CONSTRAINT [CK_CourseOffering_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_CourseOffering_Session_AllNone] CHECK (([Session_DocumentId] IS NULL AND [Session_SchoolId] IS NULL AND [Session_SchoolYear] IS NULL AND [Session_SessionName] IS NULL) OR ([Session_DocumentId] IS NOT NULL AND [Session_SchoolId] IS NOT NULL AND [Session_SchoolYear] IS NOT NULL AND [Session_SessionName] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.LocalEducationAgency', N'U') IS NULL
CREATE TABLE [edfi].[LocalEducationAgency]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_LocalEducationAgency_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_LocalEducationAgency_ContentVersion] DEFAULT (0),
    [LocalEducationAgencyId] int NOT NULL,
    [NameOfInstitution] nvarchar(75) NOT NULL,
    CONSTRAINT [PK_LocalEducationAgency] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_LocalEducationAgency_NK] UNIQUE ([LocalEducationAgencyId]),
    CONSTRAINT [UX_LocalEducationAgency_RefKey] UNIQUE ([LocalEducationAgencyId], [DocumentId])
);

IF OBJECT_ID(N'edfi.LocalEducationAgencyAddress', N'U') IS NULL
CREATE TABLE [edfi].[LocalEducationAgencyAddress]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [LocalEducationAgency_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [AddressTypeDescriptor_DescriptorId] bigint NOT NULL,
    [City] nvarchar(30) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Latitude] decimal(9,6) NULL,
    [StreetNumberName] nvarchar(150) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_LocalEducationAgencyAddress] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_LocalEducationAgencyAddress_City_StreetNumberName_AddressTypeDescriptor_DescriptorId_LocalEducationAgency_DocumentId] UNIQUE ([LocalEducationAgency_DocumentId], [AddressTypeDescriptor_DescriptorId], [City], [StreetNumberName]),
    CONSTRAINT [UX_LocalEducationAgencyAddress_CollectionItemId_LocalEducationAgency_DocumentId] UNIQUE ([CollectionItemId], [LocalEducationAgency_DocumentId]),
    CONSTRAINT [UX_LocalEducationAgencyAddress_Ordinal_LocalEducationAgency_DocumentId] UNIQUE ([LocalEducationAgency_DocumentId], [Ordinal])
);

IF OBJECT_ID(N'edfi.LocalEducationAgencyAddressPeriod', N'U') IS NULL
CREATE TABLE [edfi].[LocalEducationAgencyAddressPeriod]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [LocalEducationAgency_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [ParentCollectionItemId] bigint NOT NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NULL,
    CONSTRAINT [PK_LocalEducationAgencyAddressPeriod] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_LocalEducationAgencyAddressPeriod_BeginDate_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [BeginDate]),
    CONSTRAINT [UX_LocalEducationAgencyAddressPeriod_Ordinal_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [Ordinal])
);

IF OBJECT_ID(N'edfi.School', N'U') IS NULL
CREATE TABLE [edfi].[School]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_School_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_School_ContentVersion] DEFAULT (0),
    [LocalEducationAgency_DocumentId] bigint NULL,
    [LocalEducationAgency_LocalEducationAgencyId] int NULL,
    [NameOfInstitution] nvarchar(75) NOT NULL,
    [SchoolId] int NOT NULL,
    [ShortNameOfInstitution] nvarchar(75) NULL,
    CONSTRAINT [PK_School] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_School_NK] UNIQUE ([SchoolId]),
    CONSTRAINT [UX_School_RefKey] UNIQUE ([SchoolId], [DocumentId]),
    CONSTRAINT [CK_School_LocalEducationAgency_AllNone] CHECK (([LocalEducationAgency_DocumentId] IS NULL AND [LocalEducationAgency_LocalEducationAgencyId] IS NULL) OR ([LocalEducationAgency_DocumentId] IS NOT NULL AND [LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL))
);

IF OBJECT_ID(N'transport.SchoolExtension', N'U') IS NULL
CREATE TABLE [transport].[SchoolExtension]
(
    [DocumentId] bigint NOT NULL,
    [IsBusHub] bit NULL,
    CONSTRAINT [PK_SchoolExtension] PRIMARY KEY ([DocumentId])
);

IF OBJECT_ID(N'transport.SchoolExtensionBusStop', N'U') IS NULL
CREATE TABLE [transport].[SchoolExtensionBusStop]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [Ordinal] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [BusStopBus_DocumentId] bigint NULL,
    [BusStopBus_BusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [BusRouteDescriptor_DescriptorId] bigint NULL,
    [StopName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_SchoolExtensionBusStop] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_SchoolExtensionBusStop_CollectionItemId_School_DocumentId] UNIQUE ([CollectionItemId], [School_DocumentId]),
    CONSTRAINT [UX_SchoolExtensionBusStop_Ordinal_School_DocumentId] UNIQUE ([School_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SchoolExtensionBusStop_StopName_School_DocumentId] UNIQUE ([School_DocumentId], [StopName]),
    CONSTRAINT [CK_SchoolExtensionBusStop_BusStopBus_AllNone] CHECK (([BusStopBus_DocumentId] IS NULL AND [BusStopBus_BusId] IS NULL) OR ([BusStopBus_DocumentId] IS NOT NULL AND [BusStopBus_BusId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.SchoolAddress', N'U') IS NULL
CREATE TABLE [edfi].[SchoolAddress]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [Ordinal] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [AddressTypeDescriptor_DescriptorId] bigint NOT NULL,
    [City] nvarchar(30) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Latitude] decimal(9,6) NULL,
    [StreetNumberName] nvarchar(150) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_SchoolAddress] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_SchoolAddress_City_StreetNumberName_AddressTypeDescriptor_DescriptorId_School_DocumentId] UNIQUE ([School_DocumentId], [AddressTypeDescriptor_DescriptorId], [City], [StreetNumberName]),
    CONSTRAINT [UX_SchoolAddress_CollectionItemId_School_DocumentId] UNIQUE ([CollectionItemId], [School_DocumentId]),
    CONSTRAINT [UX_SchoolAddress_Ordinal_School_DocumentId] UNIQUE ([School_DocumentId], [Ordinal])
);

IF OBJECT_ID(N'edfi.SchoolGradeLevel', N'U') IS NULL
CREATE TABLE [edfi].[SchoolGradeLevel]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [Ordinal] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [GradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    CONSTRAINT [PK_SchoolGradeLevel] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_SchoolGradeLevel_GradeLevelDescriptor_DescriptorId_School_DocumentId] UNIQUE ([School_DocumentId], [GradeLevelDescriptor_DescriptorId]),
    CONSTRAINT [UX_SchoolGradeLevel_Ordinal_School_DocumentId] UNIQUE ([School_DocumentId], [Ordinal])
);

IF OBJECT_ID(N'transport.SchoolExtensionBusStopDeparture', N'U') IS NULL
CREATE TABLE [transport].[SchoolExtensionBusStopDeparture]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [Ordinal] int NOT NULL,
    [ParentCollectionItemId] bigint NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [DepartsAt] nvarchar(8) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_SchoolExtensionBusStopDeparture] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_SchoolExtensionBusStopDeparture_DepartsAt_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [DepartsAt]),
    CONSTRAINT [UX_SchoolExtensionBusStopDeparture_Ordinal_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [Ordinal])
);

IF OBJECT_ID(N'edfi.SchoolAddressPeriod', N'U') IS NULL
CREATE TABLE [edfi].[SchoolAddressPeriod]
(
    [CollectionItemId] bigint NOT NULL DEFAULT (NEXT VALUE FOR [dms].[CollectionItemIdSequence]),
    [Ordinal] int NOT NULL,
    [ParentCollectionItemId] bigint NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NULL,
    CONSTRAINT [PK_SchoolAddressPeriod] PRIMARY KEY ([CollectionItemId]),
    CONSTRAINT [UX_SchoolAddressPeriod_BeginDate_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [BeginDate]),
    CONSTRAINT [UX_SchoolAddressPeriod_Ordinal_ParentCollectionItemId] UNIQUE ([ParentCollectionItemId], [Ordinal])
);

IF OBJECT_ID(N'edfi.SchoolYearType', N'U') IS NULL
CREATE TABLE [edfi].[SchoolYearType]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_SchoolYearType_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_SchoolYearType_ContentVersion] DEFAULT (0),
    [CurrentSchoolYear] bit NOT NULL,
    [SchoolYear] int NOT NULL,
    [SchoolYearDescription] nvarchar(50) NOT NULL,
    CONSTRAINT [PK_SchoolYearType] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_SchoolYearType_NK] UNIQUE ([SchoolYear]),
    CONSTRAINT [UX_SchoolYearType_RefKey] UNIQUE ([SchoolYear], [DocumentId])
);

IF OBJECT_ID(N'edfi.Section', N'U') IS NULL
CREATE TABLE [edfi].[Section]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Section_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Section_ContentVersion] DEFAULT (0),
    [SchoolId_Unified] int NOT NULL,
    [CourseOffering_DocumentId] bigint NOT NULL,
    [CourseOffering_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [CourseOffering_SchoolReferenceSchoolId] AS (CASE WHEN [CourseOffering_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [CourseOffering_SessionReferenceSchoolId] AS (CASE WHEN [CourseOffering_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [CourseOffering_SchoolYear] int NOT NULL,
    [CourseOffering_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [AvailableCredits] decimal(9,3) NULL,
    [OfficialAttendancePeriod] bit NULL,
    [SectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_Section] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Section_NK] UNIQUE ([CourseOffering_DocumentId], [SectionIdentifier]),
    CONSTRAINT [UX_Section_RefKey] UNIQUE ([CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [SectionIdentifier], [DocumentId]),
    CONSTRAINT [CK_Section_CourseOffering_AllNone] CHECK (([CourseOffering_DocumentId] IS NULL AND [CourseOffering_LocalCourseCode] IS NULL AND [CourseOffering_SchoolReferenceSchoolId] IS NULL AND [CourseOffering_SessionReferenceSchoolId] IS NULL AND [CourseOffering_SchoolYear] IS NULL AND [CourseOffering_SessionName] IS NULL) OR ([CourseOffering_DocumentId] IS NOT NULL AND [CourseOffering_LocalCourseCode] IS NOT NULL AND [CourseOffering_SchoolReferenceSchoolId] IS NOT NULL AND [CourseOffering_SessionReferenceSchoolId] IS NOT NULL AND [CourseOffering_SchoolYear] IS NOT NULL AND [CourseOffering_SessionName] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.Session', N'U') IS NULL
CREATE TABLE [edfi].[Session]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Session_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Session_ContentVersion] DEFAULT (0),
    [SchoolYearType_DocumentId] bigint NOT NULL,
    [SchoolYearType_SchoolYear] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] int NOT NULL,
    [TermDescriptor_DescriptorId] bigint NOT NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NOT NULL,
    [SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [TotalInstructionalDays] int NOT NULL,
    CONSTRAINT [PK_Session] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Session_NK] UNIQUE ([School_DocumentId], [SchoolYearType_DocumentId], [SessionName]),
    CONSTRAINT [UX_Session_RefKey] UNIQUE ([School_SchoolId], [SchoolYearType_SchoolYear], [SessionName], [DocumentId]),
    CONSTRAINT [CK_Session_SchoolYearType_AllNone] CHECK (([SchoolYearType_DocumentId] IS NULL AND [SchoolYearType_SchoolYear] IS NULL) OR ([SchoolYearType_DocumentId] IS NOT NULL AND [SchoolYearType_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_Session_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.Staff', N'U') IS NULL
CREATE TABLE [edfi].[Staff]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Staff_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Staff_ContentVersion] DEFAULT (0),
    [BirthDate] date NULL,
    [FirstName] nvarchar(75) NOT NULL,
    [LastSurname] nvarchar(75) NOT NULL,
    [StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_Staff] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Staff_NK] UNIQUE ([StaffUniqueId]),
    CONSTRAINT [UX_Staff_RefKey] UNIQUE ([StaffUniqueId], [DocumentId])
);

IF OBJECT_ID(N'edfi.StaffEducationOrganizationAssignmentAssociation', N'U') IS NULL
CREATE TABLE [edfi].[StaffEducationOrganizationAssignmentAssociation]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StaffEducationOrganizationAssignmentAssociation_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StaffEducationOrganizationAssignmentAssociation_ContentVersion] DEFAULT (0),
    [EducationOrganization_DocumentId] bigint NOT NULL,
    [EducationOrganization_EducationOrganizationId] int NOT NULL,
    [Staff_DocumentId] bigint NOT NULL,
    [Staff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [StaffClassificationDescriptor_DescriptorId] bigint NOT NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NULL,
    [PositionTitle] nvarchar(100) NULL,
    CONSTRAINT [PK_StaffEducationOrganizationAssignmentAssociation] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StaffEducationOrganizationAssignmentAssociation_NK] UNIQUE ([BeginDate], [EducationOrganization_DocumentId], [StaffClassificationDescriptor_DescriptorId], [Staff_DocumentId]),
    CONSTRAINT [CK_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_AllNone] CHECK (([EducationOrganization_DocumentId] IS NULL AND [EducationOrganization_EducationOrganizationId] IS NULL) OR ([EducationOrganization_DocumentId] IS NOT NULL AND [EducationOrganization_EducationOrganizationId] IS NOT NULL)),
    CONSTRAINT [CK_StaffEducationOrganizationAssignmentAssociation_Staff_AllNone] CHECK (([Staff_DocumentId] IS NULL AND [Staff_StaffUniqueId] IS NULL) OR ([Staff_DocumentId] IS NOT NULL AND [Staff_StaffUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.StaffEducationOrganizationEmploymentAssociation', N'U') IS NULL
CREATE TABLE [edfi].[StaffEducationOrganizationEmploymentAssociation]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StaffEducationOrganizationEmploymentAssociation_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StaffEducationOrganizationEmploymentAssociation_ContentVersion] DEFAULT (0),
    [EducationOrganization_DocumentId] bigint NOT NULL,
    [EducationOrganization_EducationOrganizationId] int NOT NULL,
    [Staff_DocumentId] bigint NOT NULL,
    [Staff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [EmploymentStatusDescriptor_DescriptorId] bigint NOT NULL,
    [EndDate] date NULL,
    [HireDate] date NOT NULL,
    [HourlyWage] decimal(19,4) NULL,
    CONSTRAINT [PK_StaffEducationOrganizationEmploymentAssociation] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StaffEducationOrganizationEmploymentAssociation_NK] UNIQUE ([EducationOrganization_DocumentId], [EmploymentStatusDescriptor_DescriptorId], [HireDate], [Staff_DocumentId]),
    CONSTRAINT [CK_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_AllNone] CHECK (([EducationOrganization_DocumentId] IS NULL AND [EducationOrganization_EducationOrganizationId] IS NULL) OR ([EducationOrganization_DocumentId] IS NOT NULL AND [EducationOrganization_EducationOrganizationId] IS NOT NULL)),
    CONSTRAINT [CK_StaffEducationOrganizationEmploymentAssociation_Staff_AllNone] CHECK (([Staff_DocumentId] IS NULL AND [Staff_StaffUniqueId] IS NULL) OR ([Staff_DocumentId] IS NOT NULL AND [Staff_StaffUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.Student', N'U') IS NULL
CREATE TABLE [edfi].[Student]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Student_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Student_ContentVersion] DEFAULT (0),
    [BirthDate] date NOT NULL,
    [FirstName] nvarchar(75) NOT NULL,
    [LastSurname] nvarchar(75) NOT NULL,
    [StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    CONSTRAINT [PK_Student] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Student_NK] UNIQUE ([StudentUniqueId]),
    CONSTRAINT [UX_Student_RefKey] UNIQUE ([StudentUniqueId], [DocumentId])
);

IF OBJECT_ID(N'edfi.StudentContactAssociation', N'U') IS NULL
CREATE TABLE [edfi].[StudentContactAssociation]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StudentContactAssociation_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StudentContactAssociation_ContentVersion] DEFAULT (0),
    [Contact_DocumentId] bigint NOT NULL,
    [Contact_ContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [ContactPriority] int NULL,
    [EmergencyContactStatus] bit NULL,
    CONSTRAINT [PK_StudentContactAssociation] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentContactAssociation_NK] UNIQUE ([Contact_DocumentId], [Student_DocumentId]),
    CONSTRAINT [CK_StudentContactAssociation_Contact_AllNone] CHECK (([Contact_DocumentId] IS NULL AND [Contact_ContactUniqueId] IS NULL) OR ([Contact_DocumentId] IS NOT NULL AND [Contact_ContactUniqueId] IS NOT NULL)),
    CONSTRAINT [CK_StudentContactAssociation_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.StudentEducationOrganizationResponsibilityAssociation', N'U') IS NULL
CREATE TABLE [edfi].[StudentEducationOrganizationResponsibilityAssociation]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StudentEducationOrganizationResponsibilityAssociation_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StudentEducationOrganizationResponsibilityAssociation_ContentVersion] DEFAULT (0),
    [EducationOrganization_DocumentId] bigint NOT NULL,
    [EducationOrganization_EducationOrganizationId] int NOT NULL,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [ResponsibilityDescriptor_DescriptorId] bigint NOT NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NULL,
    CONSTRAINT [PK_StudentEducationOrganizationResponsibilityAssociation] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentEducationOrganizationResponsibilityAssociation_NK] UNIQUE ([BeginDate], [EducationOrganization_DocumentId], [ResponsibilityDescriptor_DescriptorId], [Student_DocumentId]),
    CONSTRAINT [CK_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_AllNone] CHECK (([EducationOrganization_DocumentId] IS NULL AND [EducationOrganization_EducationOrganizationId] IS NULL) OR ([EducationOrganization_DocumentId] IS NOT NULL AND [EducationOrganization_EducationOrganizationId] IS NOT NULL)),
    CONSTRAINT [CK_StudentEducationOrganizationResponsibilityAssociation_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.StudentSchoolAssociation', N'U') IS NULL
CREATE TABLE [edfi].[StudentSchoolAssociation]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StudentSchoolAssociation_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StudentSchoolAssociation_ContentVersion] DEFAULT (0),
    [SchoolId_Unified] int NOT NULL,
    [Calendar_DocumentId] bigint NULL,
    [Calendar_CalendarCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Calendar_SchoolId] AS (CASE WHEN [Calendar_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Calendar_SchoolYear] int NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [EntryGradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    [EntryDate] date NOT NULL,
    [ExitWithdrawDate] date NULL,
    [PrimarySchool] bit NULL,
    CONSTRAINT [PK_StudentSchoolAssociation] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentSchoolAssociation_NK] UNIQUE ([EntryDate], [School_DocumentId], [Student_DocumentId]),
    CONSTRAINT [UX_StudentSchoolAssociation_RefKey] UNIQUE ([EntryDate], [SchoolId_Unified], [Student_StudentUniqueId], [DocumentId]),
    CONSTRAINT [CK_StudentSchoolAssociation_Calendar_AllNone] CHECK (([Calendar_DocumentId] IS NULL AND [Calendar_CalendarCode] IS NULL AND [Calendar_SchoolId] IS NULL AND [Calendar_SchoolYear] IS NULL) OR ([Calendar_DocumentId] IS NOT NULL AND [Calendar_CalendarCode] IS NOT NULL AND [Calendar_SchoolId] IS NOT NULL AND [Calendar_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_StudentSchoolAssociation_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_StudentSchoolAssociation_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.StudentSectionAttendanceEvent', N'U') IS NULL
CREATE TABLE [edfi].[StudentSectionAttendanceEvent]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StudentSectionAttendanceEvent_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StudentSectionAttendanceEvent_ContentVersion] DEFAULT (0),
    [Section_DocumentId] bigint NOT NULL,
    [Section_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Section_SchoolId] int NOT NULL,
    [Section_SchoolYear] int NOT NULL,
    [Section_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Section_SectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [AttendanceEventCategoryDescriptor_DescriptorId] bigint NOT NULL,
    [AttendanceEventReason] nvarchar(255) NULL,
    [EventDate] date NOT NULL,
    CONSTRAINT [PK_StudentSectionAttendanceEvent] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentSectionAttendanceEvent_NK] UNIQUE ([AttendanceEventCategoryDescriptor_DescriptorId], [EventDate], [Section_DocumentId], [Student_DocumentId]),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_Section_AllNone] CHECK (([Section_DocumentId] IS NULL AND [Section_LocalCourseCode] IS NULL AND [Section_SchoolId] IS NULL AND [Section_SchoolYear] IS NULL AND [Section_SessionName] IS NULL AND [Section_SectionIdentifier] IS NULL) OR ([Section_DocumentId] IS NOT NULL AND [Section_LocalCourseCode] IS NOT NULL AND [Section_SchoolId] IS NOT NULL AND [Section_SchoolYear] IS NOT NULL AND [Section_SessionName] IS NOT NULL AND [Section_SectionIdentifier] IS NOT NULL)),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'edfi.Survey', N'U') IS NULL
CREATE TABLE [edfi].[Survey]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Survey_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Survey_ContentVersion] DEFAULT (0),
    [Session_DocumentId] bigint NULL,
    [Session_SchoolId] int NULL,
    [Session_SchoolYear] int NULL,
    [Session_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [SurveyIdentifier] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [SurveyTitle] nvarchar(255) NOT NULL,
    CONSTRAINT [PK_Survey] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Survey_NK] UNIQUE ([Namespace], [SurveyIdentifier]),
    CONSTRAINT [CK_Survey_Session_AllNone] CHECK (([Session_DocumentId] IS NULL AND [Session_SchoolId] IS NULL AND [Session_SchoolYear] IS NULL AND [Session_SessionName] IS NULL) OR ([Session_DocumentId] IS NOT NULL AND [Session_SchoolId] IS NOT NULL AND [Session_SchoolYear] IS NOT NULL AND [Session_SessionName] IS NOT NULL))
);

IF OBJECT_ID(N'transport.Bus', N'U') IS NULL
CREATE TABLE [transport].[Bus]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_Bus_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_Bus_ContentVersion] DEFAULT (0),
    [LocalEducationAgency_DocumentId] bigint NOT NULL,
    [LocalEducationAgency_LocalEducationAgencyId] int NOT NULL,
    [BusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [Seats] int NOT NULL,
    CONSTRAINT [PK_Bus] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Bus_NK] UNIQUE ([BusId]),
    CONSTRAINT [UX_Bus_RefKey] UNIQUE ([BusId], [DocumentId]),
    CONSTRAINT [CK_Bus_LocalEducationAgency_AllNone] CHECK (([LocalEducationAgency_DocumentId] IS NULL AND [LocalEducationAgency_LocalEducationAgencyId] IS NULL) OR ([LocalEducationAgency_DocumentId] IS NOT NULL AND [LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL))
);

IF OBJECT_ID(N'transport.StudentBusRide', N'U') IS NULL
CREATE TABLE [transport].[StudentBusRide]
(
    [DocumentId] bigint NOT NULL,
    [ContentLastModifiedAt] datetime2(7) NOT NULL CONSTRAINT [DF_StudentBusRide_ContentLastModifiedAt] DEFAULT (sysutcdatetime()),
    [ContentVersion] bigint NOT NULL CONSTRAINT [DF_StudentBusRide_ContentVersion] DEFAULT (0),
    [Bus_DocumentId] bigint NOT NULL,
    [Bus_BusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [StudentSchoolAssociation_DocumentId] bigint NOT NULL,
    [StudentSchoolAssociation_EntryDate] date NOT NULL,
    [StudentSchoolAssociation_SchoolId] int NOT NULL,
    [StudentSchoolAssociation_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [BusRouteDescriptor_DescriptorId] bigint NOT NULL,
    [StopName] nvarchar(60) NULL,
    CONSTRAINT [PK_StudentBusRide] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentBusRide_NK] UNIQUE ([Bus_DocumentId], [BusRouteDescriptor_DescriptorId]),
    CONSTRAINT [CK_StudentBusRide_Bus_AllNone] CHECK (([Bus_DocumentId] IS NULL AND [Bus_BusId] IS NULL) OR ([Bus_DocumentId] IS NOT NULL AND [Bus_BusId] IS NOT NULL)),
    CONSTRAINT [CK_StudentBusRide_StudentSchoolAssociation_AllNone] CHECK (([StudentSchoolAssociation_DocumentId] IS NULL AND [StudentSchoolAssociation_EntryDate] IS NULL AND [StudentSchoolAssociation_SchoolId] IS NULL AND [StudentSchoolAssociation_StudentUniqueId] IS NULL) OR ([StudentSchoolAssociation_DocumentId] IS NOT NULL AND [StudentSchoolAssociation_EntryDate] IS NOT NULL AND [StudentSchoolAssociation_SchoolId] IS NOT NULL AND [StudentSchoolAssociation_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'auth.EducationOrganizationIdToEducationOrganizationId', N'U') IS NULL
CREATE TABLE [auth].[EducationOrganizationIdToEducationOrganizationId]
(
    [SourceEducationOrganizationId] bigint NOT NULL,
    [TargetEducationOrganizationId] bigint NOT NULL,
    CONSTRAINT [PK_EducationOrganizationIdToEducationOrganizationId] PRIMARY KEY CLUSTERED ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
);

IF OBJECT_ID(N'tracked_changes_edfi.Calendar', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Calendar]
(
    [OldCalendarCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewCalendarCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSchool_SchoolId] int NOT NULL,
    [NewSchool_SchoolId] int NULL,
    [OldSchoolYearType_SchoolYear] int NOT NULL,
    [NewSchoolYearType_SchoolYear] int NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Calendar_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Calendar] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Contact', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Contact]
(
    [OldContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldContact_DocumentId] bigint NOT NULL,
    [NewContact_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Contact_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Contact] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.CourseOffering', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[CourseOffering]
(
    [OldLocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewLocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSchoolId_Unified] int NOT NULL,
    [NewSchoolId_Unified] int NULL,
    [OldSession_SchoolYear] int NOT NULL,
    [NewSession_SchoolYear] int NULL,
    [OldSession_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSession_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_CourseOffering_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_CourseOffering] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Descriptor', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Descriptor]
(
    [OldNamespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewNamespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldCodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewCodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Discriminator] nvarchar(128) NOT NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Descriptor_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Descriptor] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.LocalEducationAgency', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[LocalEducationAgency]
(
    [OldLocalEducationAgencyId] int NOT NULL,
    [NewLocalEducationAgencyId] int NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_LocalEducationAgency_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_LocalEducationAgency] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.School', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[School]
(
    [OldSchoolId] int NOT NULL,
    [NewSchoolId] int NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_School_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_School] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.SchoolYearType', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[SchoolYearType]
(
    [OldSchoolYear] int NOT NULL,
    [NewSchoolYear] int NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_SchoolYearType_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_SchoolYearType] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Section', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Section]
(
    [OldCourseOffering_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewCourseOffering_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSchoolId_Unified] int NOT NULL,
    [NewSchoolId_Unified] int NULL,
    [OldCourseOffering_SchoolYear] int NOT NULL,
    [NewCourseOffering_SchoolYear] int NULL,
    [OldCourseOffering_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewCourseOffering_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Section_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Section] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Session', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Session]
(
    [OldSchool_SchoolId] int NOT NULL,
    [NewSchool_SchoolId] int NULL,
    [OldSchoolYearType_SchoolYear] int NOT NULL,
    [NewSchoolYearType_SchoolYear] int NULL,
    [OldSessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Session_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Session] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Staff', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Staff]
(
    [OldStaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStaff_DocumentId] bigint NOT NULL,
    [NewStaff_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Staff_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Staff] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StaffEducationOrganizationAssignmentAssociation', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StaffEducationOrganizationAssignmentAssociation]
(
    [OldBeginDate] date NOT NULL,
    [NewBeginDate] date NULL,
    [OldEducationOrganization_EducationOrganizationId] int NOT NULL,
    [NewEducationOrganization_EducationOrganizationId] int NULL,
    [OldStaffClassificationDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStaffClassificationDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStaffClassificationDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStaffClassificationDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStaff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStaff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStaff_DocumentId] bigint NOT NULL,
    [NewStaff_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StaffEducationOrganizationAssignmentAssociation_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StaffEducationOrganizationAssignmentAssociation] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StaffEducationOrganizationEmploymentAssociation', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StaffEducationOrganizationEmploymentAssociation]
(
    [OldEducationOrganization_EducationOrganizationId] int NOT NULL,
    [NewEducationOrganization_EducationOrganizationId] int NULL,
    [OldEmploymentStatusDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewEmploymentStatusDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldEmploymentStatusDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewEmploymentStatusDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldHireDate] date NOT NULL,
    [NewHireDate] date NULL,
    [OldStaff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStaff_StaffUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStaff_DocumentId] bigint NOT NULL,
    [NewStaff_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StaffEducationOrganizationEmploymentAssociation_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StaffEducationOrganizationEmploymentAssociation] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Student', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Student]
(
    [OldStudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_DocumentId] bigint NOT NULL,
    [NewStudent_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Student_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Student] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StudentContactAssociation', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StudentContactAssociation]
(
    [OldContact_ContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewContact_ContactUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_DocumentId] bigint NOT NULL,
    [NewStudent_DocumentId] bigint NULL,
    [OldContact_DocumentId] bigint NOT NULL,
    [NewContact_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StudentContactAssociation_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StudentContactAssociation] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StudentEducationOrganizationResponsibilityAssociation', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StudentEducationOrganizationResponsibilityAssociation]
(
    [OldBeginDate] date NOT NULL,
    [NewBeginDate] date NULL,
    [OldEducationOrganization_EducationOrganizationId] int NOT NULL,
    [NewEducationOrganization_EducationOrganizationId] int NULL,
    [OldResponsibilityDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewResponsibilityDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldResponsibilityDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewResponsibilityDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_DocumentId] bigint NOT NULL,
    [NewStudent_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StudentEducationOrganizationResponsibilityAssociation_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StudentEducationOrganizationResponsibilityAssociation] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StudentSchoolAssociation', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StudentSchoolAssociation]
(
    [OldEntryDate] date NOT NULL,
    [NewEntryDate] date NULL,
    [OldSchoolId_Unified] int NOT NULL,
    [NewSchoolId_Unified] int NULL,
    [OldStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_DocumentId] bigint NOT NULL,
    [NewStudent_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StudentSchoolAssociation_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StudentSchoolAssociation] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.StudentSectionAttendanceEvent', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[StudentSectionAttendanceEvent]
(
    [OldAttendanceEventCategoryDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewAttendanceEventCategoryDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldAttendanceEventCategoryDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewAttendanceEventCategoryDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldEventDate] date NOT NULL,
    [NewEventDate] date NULL,
    [OldSection_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSection_LocalCourseCode] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSection_SchoolId] int NOT NULL,
    [NewSection_SchoolId] int NULL,
    [OldSection_SchoolYear] int NOT NULL,
    [NewSection_SchoolYear] int NULL,
    [OldSection_SectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSection_SectionIdentifier] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSection_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSection_SessionName] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewStudent_StudentUniqueId] nvarchar(32) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudent_DocumentId] bigint NOT NULL,
    [NewStudent_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_StudentSectionAttendanceEvent_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_StudentSectionAttendanceEvent] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_edfi.Survey', N'U') IS NULL
CREATE TABLE [tracked_changes_edfi].[Survey]
(
    [OldNamespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewNamespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldSurveyIdentifier] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewSurveyIdentifier] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_edfi_Survey_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_edfi_Survey] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_transport.Bus', N'U') IS NULL
CREATE TABLE [tracked_changes_transport].[Bus]
(
    [OldBusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewBusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldLocalEducationAgency_LocalEducationAgencyId] int NOT NULL,
    [NewLocalEducationAgency_LocalEducationAgencyId] int NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_transport_Bus_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_transport_Bus] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'tracked_changes_transport.StudentBusRide', N'U') IS NULL
CREATE TABLE [tracked_changes_transport].[StudentBusRide]
(
    [OldBus_BusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewBus_BusId] nvarchar(20) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldBusRouteDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewBusRouteDescriptor_Namespace] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldBusRouteDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL,
    [NewBusRouteDescriptor_CodeValue] nvarchar(50) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
    [OldStudentSchoolAssociation_SchoolId] int NOT NULL,
    [NewStudentSchoolAssociation_SchoolId] int NULL,
    [OldStudentSchoolAssociation_Student_DocumentId] bigint NOT NULL,
    [NewStudentSchoolAssociation_Student_DocumentId] bigint NULL,
    [Id] uniqueidentifier NOT NULL,
    [ChangeVersion] bigint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_tracked_changes_transport_StudentBusRide_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_tracked_changes_transport_StudentBusRide] PRIMARY KEY CLUSTERED ([ChangeVersion])
);

IF OBJECT_ID(N'edfi.EducationOrganizationIdentity', N'U') IS NULL
CREATE TABLE [edfi].[EducationOrganizationIdentity]
(
    [DocumentId] bigint NOT NULL,
    [EducationOrganizationId] int NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
    [Discriminator] nvarchar(256) NOT NULL,
    CONSTRAINT [PK_EducationOrganizationIdentity] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_EducationOrganizationIdentity_NK] UNIQUE ([EducationOrganizationId]),
    CONSTRAINT [UX_EducationOrganizationIdentity_RefKey] UNIQUE ([EducationOrganizationId], [DocumentId])
);

-- ==========================================================
-- Phase 12: Model Foreign Keys
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_Document' AND parent_object_id = OBJECT_ID(N'edfi.Calendar')
)
ALTER TABLE [edfi].[Calendar]
ADD CONSTRAINT [FK_Calendar_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_SchoolYearType_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Calendar')
)
ALTER TABLE [edfi].[Calendar]
ADD CONSTRAINT [FK_Calendar_SchoolYearType_RefKey] FOREIGN KEY ([SchoolYearType_SchoolYear], [SchoolYearType_DocumentId])
REFERENCES [edfi].[SchoolYearType] ([SchoolYear], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_School_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Calendar')
)
ALTER TABLE [edfi].[Calendar]
ADD CONSTRAINT [FK_Calendar_School_RefKey] FOREIGN KEY ([School_SchoolId], [School_DocumentId])
REFERENCES [edfi].[School] ([SchoolId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Contact_Document' AND parent_object_id = OBJECT_ID(N'edfi.Contact')
)
ALTER TABLE [edfi].[Contact]
ADD CONSTRAINT [FK_Contact_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Document' AND parent_object_id = OBJECT_ID(N'edfi.CourseOffering')
)
ALTER TABLE [edfi].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_School_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.CourseOffering')
)
ALTER TABLE [edfi].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_School_RefKey] FOREIGN KEY ([SchoolId_Unified], [School_DocumentId])
REFERENCES [edfi].[School] ([SchoolId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Session_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.CourseOffering')
)
ALTER TABLE [edfi].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Session_RefKey] FOREIGN KEY ([SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_DocumentId])
REFERENCES [edfi].[Session] ([School_SchoolId], [SchoolYearType_SchoolYear], [SessionName], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocalEducationAgency_Document' AND parent_object_id = OBJECT_ID(N'edfi.LocalEducationAgency')
)
ALTER TABLE [edfi].[LocalEducationAgency]
ADD CONSTRAINT [FK_LocalEducationAgency_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocalEducationAgencyAddress_AddressTypeDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.LocalEducationAgencyAddress')
)
ALTER TABLE [edfi].[LocalEducationAgencyAddress]
ADD CONSTRAINT [FK_LocalEducationAgencyAddress_AddressTypeDescriptor] FOREIGN KEY ([AddressTypeDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocalEducationAgencyAddress_LocalEducationAgency' AND parent_object_id = OBJECT_ID(N'edfi.LocalEducationAgencyAddress')
)
ALTER TABLE [edfi].[LocalEducationAgencyAddress]
ADD CONSTRAINT [FK_LocalEducationAgencyAddress_LocalEducationAgency] FOREIGN KEY ([LocalEducationAgency_DocumentId])
REFERENCES [edfi].[LocalEducationAgency] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocalEducationAgencyAddressPeriod_LocalEducationAgencyAddress' AND parent_object_id = OBJECT_ID(N'edfi.LocalEducationAgencyAddressPeriod')
)
ALTER TABLE [edfi].[LocalEducationAgencyAddressPeriod]
ADD CONSTRAINT [FK_LocalEducationAgencyAddressPeriod_LocalEducationAgencyAddress] FOREIGN KEY ([ParentCollectionItemId], [LocalEducationAgency_DocumentId])
REFERENCES [edfi].[LocalEducationAgencyAddress] ([CollectionItemId], [LocalEducationAgency_DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_School_Document' AND parent_object_id = OBJECT_ID(N'edfi.School')
)
ALTER TABLE [edfi].[School]
ADD CONSTRAINT [FK_School_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_School_LocalEducationAgency_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.School')
)
ALTER TABLE [edfi].[School]
ADD CONSTRAINT [FK_School_LocalEducationAgency_RefKey] FOREIGN KEY ([LocalEducationAgency_LocalEducationAgencyId], [LocalEducationAgency_DocumentId])
REFERENCES [edfi].[LocalEducationAgency] ([LocalEducationAgencyId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtension_School' AND parent_object_id = OBJECT_ID(N'transport.SchoolExtension')
)
ALTER TABLE [transport].[SchoolExtension]
ADD CONSTRAINT [FK_SchoolExtension_School] FOREIGN KEY ([DocumentId])
REFERENCES [edfi].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionBusStop_BusRouteDescriptor' AND parent_object_id = OBJECT_ID(N'transport.SchoolExtensionBusStop')
)
ALTER TABLE [transport].[SchoolExtensionBusStop]
ADD CONSTRAINT [FK_SchoolExtensionBusStop_BusRouteDescriptor] FOREIGN KEY ([BusRouteDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionBusStop_BusStopBus_RefKey' AND parent_object_id = OBJECT_ID(N'transport.SchoolExtensionBusStop')
)
ALTER TABLE [transport].[SchoolExtensionBusStop]
ADD CONSTRAINT [FK_SchoolExtensionBusStop_BusStopBus_RefKey] FOREIGN KEY ([BusStopBus_BusId], [BusStopBus_DocumentId])
REFERENCES [transport].[Bus] ([BusId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionBusStop_SchoolExtension' AND parent_object_id = OBJECT_ID(N'transport.SchoolExtensionBusStop')
)
ALTER TABLE [transport].[SchoolExtensionBusStop]
ADD CONSTRAINT [FK_SchoolExtensionBusStop_SchoolExtension] FOREIGN KEY ([School_DocumentId])
REFERENCES [transport].[SchoolExtension] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddress_AddressTypeDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.SchoolAddress')
)
ALTER TABLE [edfi].[SchoolAddress]
ADD CONSTRAINT [FK_SchoolAddress_AddressTypeDescriptor] FOREIGN KEY ([AddressTypeDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddress_School' AND parent_object_id = OBJECT_ID(N'edfi.SchoolAddress')
)
ALTER TABLE [edfi].[SchoolAddress]
ADD CONSTRAINT [FK_SchoolAddress_School] FOREIGN KEY ([School_DocumentId])
REFERENCES [edfi].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolGradeLevel_GradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.SchoolGradeLevel')
)
ALTER TABLE [edfi].[SchoolGradeLevel]
ADD CONSTRAINT [FK_SchoolGradeLevel_GradeLevelDescriptor] FOREIGN KEY ([GradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolGradeLevel_School' AND parent_object_id = OBJECT_ID(N'edfi.SchoolGradeLevel')
)
ALTER TABLE [edfi].[SchoolGradeLevel]
ADD CONSTRAINT [FK_SchoolGradeLevel_School] FOREIGN KEY ([School_DocumentId])
REFERENCES [edfi].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionBusStopDeparture_SchoolExtensionBusStop' AND parent_object_id = OBJECT_ID(N'transport.SchoolExtensionBusStopDeparture')
)
ALTER TABLE [transport].[SchoolExtensionBusStopDeparture]
ADD CONSTRAINT [FK_SchoolExtensionBusStopDeparture_SchoolExtensionBusStop] FOREIGN KEY ([ParentCollectionItemId], [School_DocumentId])
REFERENCES [transport].[SchoolExtensionBusStop] ([CollectionItemId], [School_DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddressPeriod_SchoolAddress' AND parent_object_id = OBJECT_ID(N'edfi.SchoolAddressPeriod')
)
ALTER TABLE [edfi].[SchoolAddressPeriod]
ADD CONSTRAINT [FK_SchoolAddressPeriod_SchoolAddress] FOREIGN KEY ([ParentCollectionItemId], [School_DocumentId])
REFERENCES [edfi].[SchoolAddress] ([CollectionItemId], [School_DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolYearType_Document' AND parent_object_id = OBJECT_ID(N'edfi.SchoolYearType')
)
ALTER TABLE [edfi].[SchoolYearType]
ADD CONSTRAINT [FK_SchoolYearType_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_CourseOffering_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Section')
)
ALTER TABLE [edfi].[Section]
ADD CONSTRAINT [FK_Section_CourseOffering_RefKey] FOREIGN KEY ([CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_DocumentId])
REFERENCES [edfi].[CourseOffering] ([LocalCourseCode], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_Document' AND parent_object_id = OBJECT_ID(N'edfi.Section')
)
ALTER TABLE [edfi].[Section]
ADD CONSTRAINT [FK_Section_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_Document' AND parent_object_id = OBJECT_ID(N'edfi.Session')
)
ALTER TABLE [edfi].[Session]
ADD CONSTRAINT [FK_Session_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_SchoolYearType_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Session')
)
ALTER TABLE [edfi].[Session]
ADD CONSTRAINT [FK_Session_SchoolYearType_RefKey] FOREIGN KEY ([SchoolYearType_SchoolYear], [SchoolYearType_DocumentId])
REFERENCES [edfi].[SchoolYearType] ([SchoolYear], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_School_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Session')
)
ALTER TABLE [edfi].[Session]
ADD CONSTRAINT [FK_Session_School_RefKey] FOREIGN KEY ([School_SchoolId], [School_DocumentId])
REFERENCES [edfi].[School] ([SchoolId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_TermDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.Session')
)
ALTER TABLE [edfi].[Session]
ADD CONSTRAINT [FK_Session_TermDescriptor] FOREIGN KEY ([TermDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Staff_Document' AND parent_object_id = OBJECT_ID(N'edfi.Staff')
)
ALTER TABLE [edfi].[Staff]
ADD CONSTRAINT [FK_Staff_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationAssignmentAssociation_Document' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationAssignmentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationAssignmentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationAssignmentAssociation_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationAssignmentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationAssignmentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_RefKey] FOREIGN KEY ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId])
REFERENCES [edfi].[EducationOrganizationIdentity] ([EducationOrganizationId], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationAssignmentAssociation_StaffClassificationDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationAssignmentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationAssignmentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationAssignmentAssociation_StaffClassificationDescriptor] FOREIGN KEY ([StaffClassificationDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationAssignmentAssociation_Staff_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationAssignmentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationAssignmentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationAssignmentAssociation_Staff_RefKey] FOREIGN KEY ([Staff_StaffUniqueId], [Staff_DocumentId])
REFERENCES [edfi].[Staff] ([StaffUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationEmploymentAssociation_Document' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationEmploymentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationEmploymentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationEmploymentAssociation_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationEmploymentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationEmploymentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_RefKey] FOREIGN KEY ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId])
REFERENCES [edfi].[EducationOrganizationIdentity] ([EducationOrganizationId], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationEmploymentAssociation_EmploymentStatusDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationEmploymentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationEmploymentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationEmploymentAssociation_EmploymentStatusDescriptor] FOREIGN KEY ([EmploymentStatusDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffEducationOrganizationEmploymentAssociation_Staff_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StaffEducationOrganizationEmploymentAssociation')
)
ALTER TABLE [edfi].[StaffEducationOrganizationEmploymentAssociation]
ADD CONSTRAINT [FK_StaffEducationOrganizationEmploymentAssociation_Staff_RefKey] FOREIGN KEY ([Staff_StaffUniqueId], [Staff_DocumentId])
REFERENCES [edfi].[Staff] ([StaffUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Student_Document' AND parent_object_id = OBJECT_ID(N'edfi.Student')
)
ALTER TABLE [edfi].[Student]
ADD CONSTRAINT [FK_Student_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentContactAssociation_Contact_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentContactAssociation')
)
ALTER TABLE [edfi].[StudentContactAssociation]
ADD CONSTRAINT [FK_StudentContactAssociation_Contact_RefKey] FOREIGN KEY ([Contact_ContactUniqueId], [Contact_DocumentId])
REFERENCES [edfi].[Contact] ([ContactUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentContactAssociation_Document' AND parent_object_id = OBJECT_ID(N'edfi.StudentContactAssociation')
)
ALTER TABLE [edfi].[StudentContactAssociation]
ADD CONSTRAINT [FK_StudentContactAssociation_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentContactAssociation_Student_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentContactAssociation')
)
ALTER TABLE [edfi].[StudentContactAssociation]
ADD CONSTRAINT [FK_StudentContactAssociation_Student_RefKey] FOREIGN KEY ([Student_StudentUniqueId], [Student_DocumentId])
REFERENCES [edfi].[Student] ([StudentUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentEducationOrganizationResponsibilityAssociation_Document' AND parent_object_id = OBJECT_ID(N'edfi.StudentEducationOrganizationResponsibilityAssociation')
)
ALTER TABLE [edfi].[StudentEducationOrganizationResponsibilityAssociation]
ADD CONSTRAINT [FK_StudentEducationOrganizationResponsibilityAssociation_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentEducationOrganizationResponsibilityAssociation')
)
ALTER TABLE [edfi].[StudentEducationOrganizationResponsibilityAssociation]
ADD CONSTRAINT [FK_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_RefKey] FOREIGN KEY ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId])
REFERENCES [edfi].[EducationOrganizationIdentity] ([EducationOrganizationId], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentEducationOrganizationResponsibilityAssociation_ResponsibilityDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.StudentEducationOrganizationResponsibilityAssociation')
)
ALTER TABLE [edfi].[StudentEducationOrganizationResponsibilityAssociation]
ADD CONSTRAINT [FK_StudentEducationOrganizationResponsibilityAssociation_ResponsibilityDescriptor] FOREIGN KEY ([ResponsibilityDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentEducationOrganizationResponsibilityAssociation_Student_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentEducationOrganizationResponsibilityAssociation')
)
ALTER TABLE [edfi].[StudentEducationOrganizationResponsibilityAssociation]
ADD CONSTRAINT [FK_StudentEducationOrganizationResponsibilityAssociation_Student_RefKey] FOREIGN KEY ([Student_StudentUniqueId], [Student_DocumentId])
REFERENCES [edfi].[Student] ([StudentUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSchoolAssociation_Calendar_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentSchoolAssociation')
)
ALTER TABLE [edfi].[StudentSchoolAssociation]
ADD CONSTRAINT [FK_StudentSchoolAssociation_Calendar_RefKey] FOREIGN KEY ([Calendar_CalendarCode], [SchoolId_Unified], [Calendar_SchoolYear], [Calendar_DocumentId])
REFERENCES [edfi].[Calendar] ([CalendarCode], [School_SchoolId], [SchoolYearType_SchoolYear], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSchoolAssociation_Document' AND parent_object_id = OBJECT_ID(N'edfi.StudentSchoolAssociation')
)
ALTER TABLE [edfi].[StudentSchoolAssociation]
ADD CONSTRAINT [FK_StudentSchoolAssociation_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSchoolAssociation_EntryGradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.StudentSchoolAssociation')
)
ALTER TABLE [edfi].[StudentSchoolAssociation]
ADD CONSTRAINT [FK_StudentSchoolAssociation_EntryGradeLevelDescriptor] FOREIGN KEY ([EntryGradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSchoolAssociation_School_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentSchoolAssociation')
)
ALTER TABLE [edfi].[StudentSchoolAssociation]
ADD CONSTRAINT [FK_StudentSchoolAssociation_School_RefKey] FOREIGN KEY ([SchoolId_Unified], [School_DocumentId])
REFERENCES [edfi].[School] ([SchoolId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSchoolAssociation_Student_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentSchoolAssociation')
)
ALTER TABLE [edfi].[StudentSchoolAssociation]
ADD CONSTRAINT [FK_StudentSchoolAssociation_Student_RefKey] FOREIGN KEY ([Student_StudentUniqueId], [Student_DocumentId])
REFERENCES [edfi].[Student] ([StudentUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_AttendanceEventCategoryDescriptor' AND parent_object_id = OBJECT_ID(N'edfi.StudentSectionAttendanceEvent')
)
ALTER TABLE [edfi].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_AttendanceEventCategoryDescriptor] FOREIGN KEY ([AttendanceEventCategoryDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Document' AND parent_object_id = OBJECT_ID(N'edfi.StudentSectionAttendanceEvent')
)
ALTER TABLE [edfi].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Section_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentSectionAttendanceEvent')
)
ALTER TABLE [edfi].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Section_RefKey] FOREIGN KEY ([Section_LocalCourseCode], [Section_SchoolId], [Section_SchoolYear], [Section_SessionName], [Section_SectionIdentifier], [Section_DocumentId])
REFERENCES [edfi].[Section] ([CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [SectionIdentifier], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Student_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.StudentSectionAttendanceEvent')
)
ALTER TABLE [edfi].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Student_RefKey] FOREIGN KEY ([Student_StudentUniqueId], [Student_DocumentId])
REFERENCES [edfi].[Student] ([StudentUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Survey_Document' AND parent_object_id = OBJECT_ID(N'edfi.Survey')
)
ALTER TABLE [edfi].[Survey]
ADD CONSTRAINT [FK_Survey_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Survey_Session_RefKey' AND parent_object_id = OBJECT_ID(N'edfi.Survey')
)
ALTER TABLE [edfi].[Survey]
ADD CONSTRAINT [FK_Survey_Session_RefKey] FOREIGN KEY ([Session_SchoolId], [Session_SchoolYear], [Session_SessionName], [Session_DocumentId])
REFERENCES [edfi].[Session] ([School_SchoolId], [SchoolYearType_SchoolYear], [SessionName], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Bus_Document' AND parent_object_id = OBJECT_ID(N'transport.Bus')
)
ALTER TABLE [transport].[Bus]
ADD CONSTRAINT [FK_Bus_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Bus_LocalEducationAgency_RefKey' AND parent_object_id = OBJECT_ID(N'transport.Bus')
)
ALTER TABLE [transport].[Bus]
ADD CONSTRAINT [FK_Bus_LocalEducationAgency_RefKey] FOREIGN KEY ([LocalEducationAgency_LocalEducationAgencyId], [LocalEducationAgency_DocumentId])
REFERENCES [edfi].[LocalEducationAgency] ([LocalEducationAgencyId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentBusRide_BusRouteDescriptor' AND parent_object_id = OBJECT_ID(N'transport.StudentBusRide')
)
ALTER TABLE [transport].[StudentBusRide]
ADD CONSTRAINT [FK_StudentBusRide_BusRouteDescriptor] FOREIGN KEY ([BusRouteDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentBusRide_Bus_RefKey' AND parent_object_id = OBJECT_ID(N'transport.StudentBusRide')
)
ALTER TABLE [transport].[StudentBusRide]
ADD CONSTRAINT [FK_StudentBusRide_Bus_RefKey] FOREIGN KEY ([Bus_BusId], [Bus_DocumentId])
REFERENCES [transport].[Bus] ([BusId], [DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentBusRide_Document' AND parent_object_id = OBJECT_ID(N'transport.StudentBusRide')
)
ALTER TABLE [transport].[StudentBusRide]
ADD CONSTRAINT [FK_StudentBusRide_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentBusRide_StudentSchoolAssociation_RefKey' AND parent_object_id = OBJECT_ID(N'transport.StudentBusRide')
)
ALTER TABLE [transport].[StudentBusRide]
ADD CONSTRAINT [FK_StudentBusRide_StudentSchoolAssociation_RefKey] FOREIGN KEY ([StudentSchoolAssociation_EntryDate], [StudentSchoolAssociation_SchoolId], [StudentSchoolAssociation_StudentUniqueId], [StudentSchoolAssociation_DocumentId])
REFERENCES [edfi].[StudentSchoolAssociation] ([EntryDate], [SchoolId_Unified], [Student_StudentUniqueId], [DocumentId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_EducationOrganizationIdentity_DocumentResourceKey' AND parent_object_id = OBJECT_ID(N'edfi.EducationOrganizationIdentity')
)
ALTER TABLE [edfi].[EducationOrganizationIdentity]
ADD CONSTRAINT [FK_EducationOrganizationIdentity_DocumentResourceKey] FOREIGN KEY ([DocumentId], [ResourceKeyId])
REFERENCES [dms].[Document] ([DocumentId], [ResourceKeyId])
ON DELETE CASCADE ON UPDATE NO ACTION;

-- ==========================================================
-- Phase 13: Model Indexes
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'auth' AND t.name = N'EducationOrganizationIdToEducationOrganizationId' AND i.name = N'IX_EducationOrganizationIdToEducationOrganizationId_Target'
)
CREATE INDEX [IX_EducationOrganizationIdToEducationOrganizationId_Target] ON [auth].[EducationOrganizationIdToEducationOrganizationId] ([TargetEducationOrganizationId]) INCLUDE ([SourceEducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'Descriptor' AND i.name = N'IX_Descriptor_Namespace_Auth'
)
CREATE INDEX [IX_Descriptor_Namespace_Auth] ON [dms].[Descriptor] ([Namespace]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'Descriptor' AND i.name = N'IX_Descriptor_ResourceKeyId_ContentVersion_DocumentId'
)
CREATE INDEX [IX_Descriptor_ResourceKeyId_ContentVersion_DocumentId] ON [dms].[Descriptor] ([ResourceKeyId], [ContentVersion], [DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_ContentVersion'
)
CREATE INDEX [IX_Calendar_ContentVersion] ON [edfi].[Calendar] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_SchoolYearType_SchoolYear_SchoolYearType_DocumentId'
)
CREATE INDEX [IX_Calendar_SchoolYearType_SchoolYear_SchoolYearType_DocumentId] ON [edfi].[Calendar] ([SchoolYearType_SchoolYear], [SchoolYearType_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_School_SchoolId_Auth'
)
CREATE INDEX [IX_Calendar_School_SchoolId_Auth] ON [edfi].[Calendar] ([School_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_School_SchoolId_School_DocumentId'
)
CREATE INDEX [IX_Calendar_School_SchoolId_School_DocumentId] ON [edfi].[Calendar] ([School_SchoolId], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Contact' AND i.name = N'IX_Contact_ContentVersion'
)
CREATE INDEX [IX_Contact_ContentVersion] ON [edfi].[Contact] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_ContentVersion'
)
CREATE INDEX [IX_CourseOffering_ContentVersion] ON [edfi].[CourseOffering] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_SchoolId_Unified_Auth'
)
CREATE INDEX [IX_CourseOffering_SchoolId_Unified_Auth] ON [edfi].[CourseOffering] ([SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_SchoolId_Unified_School_DocumentId'
)
CREATE INDEX [IX_CourseOffering_SchoolId_Unified_School_DocumentId] ON [edfi].[CourseOffering] ([SchoolId_Unified], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_SchoolId_Unified_Session_SchoolYear_Session_SessionName_Session_DocumentId'
)
CREATE INDEX [IX_CourseOffering_SchoolId_Unified_Session_SchoolYear_Session_SessionName_Session_DocumentId] ON [edfi].[CourseOffering] ([SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'LocalEducationAgency' AND i.name = N'IX_LocalEducationAgency_ContentVersion'
)
CREATE INDEX [IX_LocalEducationAgency_ContentVersion] ON [edfi].[LocalEducationAgency] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'LocalEducationAgencyAddress' AND i.name = N'IX_LocalEducationAgencyAddress_AddressTypeDescriptor_DescriptorId'
)
CREATE INDEX [IX_LocalEducationAgencyAddress_AddressTypeDescriptor_DescriptorId] ON [edfi].[LocalEducationAgencyAddress] ([AddressTypeDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'LocalEducationAgencyAddressPeriod' AND i.name = N'IX_LocalEducationAgencyAddressPeriod_ParentCollectionItemId_LocalEducationAgency_DocumentId'
)
CREATE INDEX [IX_LocalEducationAgencyAddressPeriod_ParentCollectionItemId_LocalEducationAgency_DocumentId] ON [edfi].[LocalEducationAgencyAddressPeriod] ([ParentCollectionItemId], [LocalEducationAgency_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'School' AND i.name = N'IX_School_ContentVersion'
)
CREATE INDEX [IX_School_ContentVersion] ON [edfi].[School] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'School' AND i.name = N'IX_School_LocalEducationAgency_LocalEducationAgencyId_LocalEducationAgency_DocumentId'
)
CREATE INDEX [IX_School_LocalEducationAgency_LocalEducationAgencyId_LocalEducationAgency_DocumentId] ON [edfi].[School] ([LocalEducationAgency_LocalEducationAgencyId], [LocalEducationAgency_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'SchoolAddress' AND i.name = N'IX_SchoolAddress_AddressTypeDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolAddress_AddressTypeDescriptor_DescriptorId] ON [edfi].[SchoolAddress] ([AddressTypeDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'SchoolAddressPeriod' AND i.name = N'IX_SchoolAddressPeriod_ParentCollectionItemId_School_DocumentId'
)
CREATE INDEX [IX_SchoolAddressPeriod_ParentCollectionItemId_School_DocumentId] ON [edfi].[SchoolAddressPeriod] ([ParentCollectionItemId], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'SchoolGradeLevel' AND i.name = N'IX_SchoolGradeLevel_GradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolGradeLevel_GradeLevelDescriptor_DescriptorId] ON [edfi].[SchoolGradeLevel] ([GradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'SchoolYearType' AND i.name = N'IX_SchoolYearType_ContentVersion'
)
CREATE INDEX [IX_SchoolYearType_ContentVersion] ON [edfi].[SchoolYearType] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Section' AND i.name = N'IX_Section_ContentVersion'
)
CREATE INDEX [IX_Section_ContentVersion] ON [edfi].[Section] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Section' AND i.name = N'IX_Section_CourseOffering_LocalCourseCode_SchoolId_Unified_CourseOffering_SchoolYear_CourseOffering_SessionName_Cours_1e931bf166'
)
CREATE INDEX [IX_Section_CourseOffering_LocalCourseCode_SchoolId_Unified_CourseOffering_SchoolYear_CourseOffering_SessionName_Cours_1e931bf166] ON [edfi].[Section] ([CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Section' AND i.name = N'IX_Section_SchoolId_Unified_Auth'
)
CREATE INDEX [IX_Section_SchoolId_Unified_Auth] ON [edfi].[Section] ([SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Session' AND i.name = N'IX_Session_ContentVersion'
)
CREATE INDEX [IX_Session_ContentVersion] ON [edfi].[Session] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Session' AND i.name = N'IX_Session_SchoolYearType_SchoolYear_SchoolYearType_DocumentId'
)
CREATE INDEX [IX_Session_SchoolYearType_SchoolYear_SchoolYearType_DocumentId] ON [edfi].[Session] ([SchoolYearType_SchoolYear], [SchoolYearType_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Session' AND i.name = N'IX_Session_School_SchoolId_School_DocumentId'
)
CREATE INDEX [IX_Session_School_SchoolId_School_DocumentId] ON [edfi].[Session] ([School_SchoolId], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Session' AND i.name = N'IX_Session_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_Session_TermDescriptor_DescriptorId] ON [edfi].[Session] ([TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Staff' AND i.name = N'IX_Staff_ContentVersion'
)
CREATE INDEX [IX_Staff_ContentVersion] ON [edfi].[Staff] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_ContentVersion'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_ContentVersion] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_EducationOrganizationId_Auth'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_EducationOrganizationId_Auth] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([EducationOrganization_EducationOrganizationId]) INCLUDE ([Staff_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_EducationOrganizationId_EducationOrganizatio_c38b768b13'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_EducationOrganization_EducationOrganizationId_EducationOrganizatio_c38b768b13] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_StaffClassificationDescriptor_DescriptorId'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_StaffClassificationDescriptor_DescriptorId] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([StaffClassificationDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_Staff_DocumentId_Auth'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_Staff_DocumentId_Auth] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([Staff_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationAssignmentAssociation' AND i.name = N'IX_StaffEducationOrganizationAssignmentAssociation_Staff_StaffUniqueId_Staff_DocumentId'
)
CREATE INDEX [IX_StaffEducationOrganizationAssignmentAssociation_Staff_StaffUniqueId_Staff_DocumentId] ON [edfi].[StaffEducationOrganizationAssignmentAssociation] ([Staff_StaffUniqueId], [Staff_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_ContentVersion'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_ContentVersion] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_EducationOrganizationId_Auth'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_EducationOrganizationId_Auth] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([EducationOrganization_EducationOrganizationId]) INCLUDE ([Staff_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_EducationOrganizationId_EducationOrganizatio_291c0fef12'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_EducationOrganization_EducationOrganizationId_EducationOrganizatio_291c0fef12] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_EmploymentStatusDescriptor_DescriptorId'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_EmploymentStatusDescriptor_DescriptorId] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([EmploymentStatusDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_Staff_DocumentId_Auth'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_Staff_DocumentId_Auth] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([Staff_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StaffEducationOrganizationEmploymentAssociation' AND i.name = N'IX_StaffEducationOrganizationEmploymentAssociation_Staff_StaffUniqueId_Staff_DocumentId'
)
CREATE INDEX [IX_StaffEducationOrganizationEmploymentAssociation_Staff_StaffUniqueId_Staff_DocumentId] ON [edfi].[StaffEducationOrganizationEmploymentAssociation] ([Staff_StaffUniqueId], [Staff_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Student' AND i.name = N'IX_Student_ContentVersion'
)
CREATE INDEX [IX_Student_ContentVersion] ON [edfi].[Student] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentContactAssociation' AND i.name = N'IX_StudentContactAssociation_Contact_ContactUniqueId_Contact_DocumentId'
)
CREATE INDEX [IX_StudentContactAssociation_Contact_ContactUniqueId_Contact_DocumentId] ON [edfi].[StudentContactAssociation] ([Contact_ContactUniqueId], [Contact_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentContactAssociation' AND i.name = N'IX_StudentContactAssociation_Contact_DocumentId_Auth'
)
CREATE INDEX [IX_StudentContactAssociation_Contact_DocumentId_Auth] ON [edfi].[StudentContactAssociation] ([Contact_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentContactAssociation' AND i.name = N'IX_StudentContactAssociation_ContentVersion'
)
CREATE INDEX [IX_StudentContactAssociation_ContentVersion] ON [edfi].[StudentContactAssociation] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentContactAssociation' AND i.name = N'IX_StudentContactAssociation_Student_DocumentId_Auth'
)
CREATE INDEX [IX_StudentContactAssociation_Student_DocumentId_Auth] ON [edfi].[StudentContactAssociation] ([Student_DocumentId]) INCLUDE ([Contact_DocumentId], [DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentContactAssociation' AND i.name = N'IX_StudentContactAssociation_Student_StudentUniqueId_Student_DocumentId'
)
CREATE INDEX [IX_StudentContactAssociation_Student_StudentUniqueId_Student_DocumentId] ON [edfi].[StudentContactAssociation] ([Student_StudentUniqueId], [Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_ContentVersion'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_ContentVersion] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_EducationOrganizationId_Auth'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_EducationOrganizationId_Auth] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([EducationOrganization_EducationOrganizationId]) INCLUDE ([Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_EducationOrganizationId_EducationOrgan_c6d47de85a'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_EducationOrganization_EducationOrganizationId_EducationOrgan_c6d47de85a] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([EducationOrganization_EducationOrganizationId], [EducationOrganization_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_ResponsibilityDescriptor_DescriptorId'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_ResponsibilityDescriptor_DescriptorId] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([ResponsibilityDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_Student_DocumentId_Auth'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_Student_DocumentId_Auth] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([Student_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentEducationOrganizationResponsibilityAssociation' AND i.name = N'IX_StudentEducationOrganizationResponsibilityAssociation_Student_StudentUniqueId_Student_DocumentId'
)
CREATE INDEX [IX_StudentEducationOrganizationResponsibilityAssociation_Student_StudentUniqueId_Student_DocumentId] ON [edfi].[StudentEducationOrganizationResponsibilityAssociation] ([Student_StudentUniqueId], [Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_Calendar_CalendarCode_SchoolId_Unified_Calendar_SchoolYear_Calendar_DocumentId'
)
CREATE INDEX [IX_StudentSchoolAssociation_Calendar_CalendarCode_SchoolId_Unified_Calendar_SchoolYear_Calendar_DocumentId] ON [edfi].[StudentSchoolAssociation] ([Calendar_CalendarCode], [SchoolId_Unified], [Calendar_SchoolYear], [Calendar_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_ContentVersion'
)
CREATE INDEX [IX_StudentSchoolAssociation_ContentVersion] ON [edfi].[StudentSchoolAssociation] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_EntryGradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_StudentSchoolAssociation_EntryGradeLevelDescriptor_DescriptorId] ON [edfi].[StudentSchoolAssociation] ([EntryGradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_SchoolId_Unified_Auth'
)
CREATE INDEX [IX_StudentSchoolAssociation_SchoolId_Unified_Auth] ON [edfi].[StudentSchoolAssociation] ([SchoolId_Unified]) INCLUDE ([Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_SchoolId_Unified_School_DocumentId'
)
CREATE INDEX [IX_StudentSchoolAssociation_SchoolId_Unified_School_DocumentId] ON [edfi].[StudentSchoolAssociation] ([SchoolId_Unified], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_Student_DocumentId_Auth'
)
CREATE INDEX [IX_StudentSchoolAssociation_Student_DocumentId_Auth] ON [edfi].[StudentSchoolAssociation] ([Student_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSchoolAssociation' AND i.name = N'IX_StudentSchoolAssociation_Student_StudentUniqueId_Student_DocumentId'
)
CREATE INDEX [IX_StudentSchoolAssociation_Student_StudentUniqueId_Student_DocumentId] ON [edfi].[StudentSchoolAssociation] ([Student_StudentUniqueId], [Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_ContentVersion'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_ContentVersion] ON [edfi].[StudentSectionAttendanceEvent] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Section_LocalCourseCode_Section_SchoolId_Section_SchoolYear_Section_SessionName_Sect_60167725fa'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Section_LocalCourseCode_Section_SchoolId_Section_SchoolYear_Section_SessionName_Sect_60167725fa] ON [edfi].[StudentSectionAttendanceEvent] ([Section_LocalCourseCode], [Section_SchoolId], [Section_SchoolYear], [Section_SessionName], [Section_SectionIdentifier], [Section_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Section_SchoolId_Auth'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Section_SchoolId_Auth] ON [edfi].[StudentSectionAttendanceEvent] ([Section_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Student_DocumentId_Auth'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Student_DocumentId_Auth] ON [edfi].[StudentSectionAttendanceEvent] ([Student_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Student_StudentUniqueId_Student_DocumentId'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Student_StudentUniqueId_Student_DocumentId] ON [edfi].[StudentSectionAttendanceEvent] ([Student_StudentUniqueId], [Student_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Survey' AND i.name = N'IX_Survey_ContentVersion'
)
CREATE INDEX [IX_Survey_ContentVersion] ON [edfi].[Survey] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'edfi' AND t.name = N'Survey' AND i.name = N'IX_Survey_Session_SchoolId_Session_SchoolYear_Session_SessionName_Session_DocumentId'
)
CREATE INDEX [IX_Survey_Session_SchoolId_Session_SchoolYear_Session_SessionName_Session_DocumentId] ON [edfi].[Survey] ([Session_SchoolId], [Session_SchoolYear], [Session_SessionName], [Session_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'Bus' AND i.name = N'IX_Bus_ContentVersion'
)
CREATE INDEX [IX_Bus_ContentVersion] ON [transport].[Bus] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'Bus' AND i.name = N'IX_Bus_LocalEducationAgency_LocalEducationAgencyId_Auth'
)
CREATE INDEX [IX_Bus_LocalEducationAgency_LocalEducationAgencyId_Auth] ON [transport].[Bus] ([LocalEducationAgency_LocalEducationAgencyId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'Bus' AND i.name = N'IX_Bus_LocalEducationAgency_LocalEducationAgencyId_LocalEducationAgency_DocumentId'
)
CREATE INDEX [IX_Bus_LocalEducationAgency_LocalEducationAgencyId_LocalEducationAgency_DocumentId] ON [transport].[Bus] ([LocalEducationAgency_LocalEducationAgencyId], [LocalEducationAgency_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'SchoolExtensionBusStop' AND i.name = N'IX_SchoolExtensionBusStop_BusRouteDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolExtensionBusStop_BusRouteDescriptor_DescriptorId] ON [transport].[SchoolExtensionBusStop] ([BusRouteDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'SchoolExtensionBusStop' AND i.name = N'IX_SchoolExtensionBusStop_BusStopBus_BusId_BusStopBus_DocumentId'
)
CREATE INDEX [IX_SchoolExtensionBusStop_BusStopBus_BusId_BusStopBus_DocumentId] ON [transport].[SchoolExtensionBusStop] ([BusStopBus_BusId], [BusStopBus_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'SchoolExtensionBusStopDeparture' AND i.name = N'IX_SchoolExtensionBusStopDeparture_ParentCollectionItemId_School_DocumentId'
)
CREATE INDEX [IX_SchoolExtensionBusStopDeparture_ParentCollectionItemId_School_DocumentId] ON [transport].[SchoolExtensionBusStopDeparture] ([ParentCollectionItemId], [School_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_BusRouteDescriptor_DescriptorId'
)
CREATE INDEX [IX_StudentBusRide_BusRouteDescriptor_DescriptorId] ON [transport].[StudentBusRide] ([BusRouteDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_Bus_BusId_Bus_DocumentId'
)
CREATE INDEX [IX_StudentBusRide_Bus_BusId_Bus_DocumentId] ON [transport].[StudentBusRide] ([Bus_BusId], [Bus_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_ContentVersion'
)
CREATE INDEX [IX_StudentBusRide_ContentVersion] ON [transport].[StudentBusRide] ([ContentVersion]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_StudentSchoolAssociation_DocumentId_Auth'
)
CREATE INDEX [IX_StudentBusRide_StudentSchoolAssociation_DocumentId_Auth] ON [transport].[StudentBusRide] ([StudentSchoolAssociation_DocumentId]) INCLUDE ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_StudentSchoolAssociation_EntryDate_StudentSchoolAssociation_SchoolId_StudentSchoolAssociation_Stude_4527fcc2a0'
)
CREATE INDEX [IX_StudentBusRide_StudentSchoolAssociation_EntryDate_StudentSchoolAssociation_SchoolId_StudentSchoolAssociation_Stude_4527fcc2a0] ON [transport].[StudentBusRide] ([StudentSchoolAssociation_EntryDate], [StudentSchoolAssociation_SchoolId], [StudentSchoolAssociation_StudentUniqueId], [StudentSchoolAssociation_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'transport' AND t.name = N'StudentBusRide' AND i.name = N'IX_StudentBusRide_StudentSchoolAssociation_SchoolId_Auth'
)
CREATE INDEX [IX_StudentBusRide_StudentSchoolAssociation_SchoolId_Auth] ON [transport].[StudentBusRide] ([StudentSchoolAssociation_SchoolId]);

-- ==========================================================
-- Phase 14: Model Views
-- ==========================================================

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[EducationOrganization_View] AS
SELECT [DocumentId] AS [DocumentId], [LocalEducationAgencyId] AS [EducationOrganizationId], CAST(9 AS smallint) AS [ResourceKeyId], CAST(N'Ed-Fi:LocalEducationAgency' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[LocalEducationAgency]
UNION ALL
SELECT [DocumentId] AS [DocumentId], [SchoolId] AS [EducationOrganizationId], CAST(11 AS smallint) AS [ResourceKeyId], CAST(N'Ed-Fi:School' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[School];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToContactDocumentId] AS
SELECT edOrg.[SourceEducationOrganizationId], sca.[Contact_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StudentSchoolAssociation] ssa ON edOrg.[TargetEducationOrganizationId] = ssa.[SchoolId_Unified]
INNER JOIN [edfi].[StudentContactAssociation] sca ON ssa.[Student_DocumentId] = sca.[Student_DocumentId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStaffDocumentId] AS
SELECT edOrg.[SourceEducationOrganizationId], seoaa.[Staff_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StaffEducationOrganizationAssignmentAssociation] seoaa ON edOrg.[TargetEducationOrganizationId] = seoaa.[EducationOrganization_EducationOrganizationId]
UNION ALL
SELECT edOrg.[SourceEducationOrganizationId], seoea.[Staff_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StaffEducationOrganizationEmploymentAssociation] seoea ON edOrg.[TargetEducationOrganizationId] = seoea.[EducationOrganization_EducationOrganizationId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStudentDocumentId] AS
SELECT edOrg.[SourceEducationOrganizationId], ssa.[Student_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StudentSchoolAssociation] ssa ON edOrg.[TargetEducationOrganizationId] = ssa.[SchoolId_Unified];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStudentDocumentIdThroughResponsibility] AS
SELECT edOrg.[SourceEducationOrganizationId], seora.[Student_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StudentEducationOrganizationResponsibilityAssociation] seora ON edOrg.[TargetEducationOrganizationId] = seora.[EducationOrganization_EducationOrganizationId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToContactDocumentIdIncludingDeletes] AS
SELECT edOrgToContact.[SourceEducationOrganizationId], edOrgToContact.[Contact_DocumentId]
FROM [auth].[EducationOrganizationIdToContactDocumentId] edOrgToContact
UNION
SELECT edOrg.[SourceEducationOrganizationId], sca_tc.[OldContact_DocumentId] AS [Contact_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [edfi].[StudentSchoolAssociation] ssa ON edOrg.[TargetEducationOrganizationId] = ssa.[SchoolId_Unified]
INNER JOIN [tracked_changes_edfi].[StudentContactAssociation] sca_tc ON ssa.[Student_DocumentId] = sca_tc.[OldStudent_DocumentId]
UNION
SELECT edOrg.[SourceEducationOrganizationId], sca.[Contact_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StudentSchoolAssociation] ssa_tc ON edOrg.[TargetEducationOrganizationId] = ssa_tc.[OldSchoolId_Unified]
INNER JOIN [edfi].[StudentContactAssociation] sca ON ssa_tc.[OldStudent_DocumentId] = sca.[Student_DocumentId]
UNION
SELECT edOrg.[SourceEducationOrganizationId], sca_tc.[OldContact_DocumentId] AS [Contact_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StudentSchoolAssociation] ssa_tc ON edOrg.[TargetEducationOrganizationId] = ssa_tc.[OldSchoolId_Unified]
INNER JOIN [tracked_changes_edfi].[StudentContactAssociation] sca_tc ON ssa_tc.[OldStudent_DocumentId] = sca_tc.[OldStudent_DocumentId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStaffDocumentIdIncludingDeletes] AS
SELECT edOrgToStaff.[SourceEducationOrganizationId], edOrgToStaff.[Staff_DocumentId]
FROM [auth].[EducationOrganizationIdToStaffDocumentId] edOrgToStaff
UNION
SELECT edOrg.[SourceEducationOrganizationId], seoaa_tc.[OldStaff_DocumentId] AS [Staff_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StaffEducationOrganizationAssignmentAssociation] seoaa_tc ON edOrg.[TargetEducationOrganizationId] = seoaa_tc.[OldEducationOrganization_EducationOrganizationId]
UNION
SELECT edOrg.[SourceEducationOrganizationId], seoea_tc.[OldStaff_DocumentId] AS [Staff_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StaffEducationOrganizationEmploymentAssociation] seoea_tc ON edOrg.[TargetEducationOrganizationId] = seoea_tc.[OldEducationOrganization_EducationOrganizationId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStudentDocumentIdDeletedResponsibility] AS
SELECT edOrgToStudentResp.[SourceEducationOrganizationId], edOrgToStudentResp.[Student_DocumentId]
FROM [auth].[EducationOrganizationIdToStudentDocumentIdThroughResponsibility] edOrgToStudentResp
UNION
SELECT edOrg.[SourceEducationOrganizationId], seora_tc.[OldStudent_DocumentId] AS [Student_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StudentEducationOrganizationResponsibilityAssociation] seora_tc ON edOrg.[TargetEducationOrganizationId] = seora_tc.[OldEducationOrganization_EducationOrganizationId];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [auth].[EducationOrganizationIdToStudentDocumentIdIncludingDeletes] AS
SELECT edOrgToStudent.[SourceEducationOrganizationId], edOrgToStudent.[Student_DocumentId]
FROM [auth].[EducationOrganizationIdToStudentDocumentId] edOrgToStudent
UNION
SELECT edOrg.[SourceEducationOrganizationId], ssa_tc.[OldStudent_DocumentId] AS [Student_DocumentId]
FROM [auth].[EducationOrganizationIdToEducationOrganizationId] edOrg
INNER JOIN [tracked_changes_edfi].[StudentSchoolAssociation] ssa_tc ON edOrg.[TargetEducationOrganizationId] = ssa_tc.[OldSchoolId_Unified];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- ==========================================================
-- Phase 15: Model Triggers
-- ==========================================================

CREATE OR ALTER TRIGGER [edfi].[TR_Calendar_Stamp]
ON [edfi].[Calendar]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Calendar] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([SchoolYearType_DocumentId])
        OR UPDATE([SchoolYearType_SchoolYear])
        OR UPDATE([School_DocumentId])
        OR UPDATE([School_SchoolId])
        OR UPDATE([CalendarCode]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolYearType_DocumentId] AS c2,
            i.[SchoolYearType_SchoolYear] AS c3,
            i.[School_DocumentId] AS c4,
            i.[School_SchoolId] AS c5,
            i.[CalendarCode] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[CalendarCode]) AS c7
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolYearType_DocumentId] AS c2,
            d.[SchoolYearType_SchoolYear] AS c3,
            d.[School_DocumentId] AS c4,
            d.[School_SchoolId] AS c5,
            d.[CalendarCode] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[CalendarCode]) AS c7
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolYearType_DocumentId] AS c2,
            d.[SchoolYearType_SchoolYear] AS c3,
            d.[School_DocumentId] AS c4,
            d.[School_SchoolId] AS c5,
            d.[CalendarCode] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[CalendarCode]) AS c7
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolYearType_DocumentId] AS c2,
            i.[SchoolYearType_SchoolYear] AS c3,
            i.[School_DocumentId] AS c4,
            i.[School_SchoolId] AS c5,
            i.[CalendarCode] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[CalendarCode]) AS c7
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Calendar] (
            [OldCalendarCode],
            [OldSchool_SchoolId],
            [OldSchoolYearType_SchoolYear],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[CalendarCode],
            o.[School_SchoolId],
            o.[SchoolYearType_SchoolYear],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Calendar] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[CalendarCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[CalendarCode]),
            d.[School_SchoolId],
            d.[SchoolYearType_SchoolYear]
        EXCEPT
        SELECT
            i.[CalendarCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[CalendarCode]),
            i.[School_SchoolId],
            i.[SchoolYearType_SchoolYear]
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Calendar] (
        [OldCalendarCode],
        [NewCalendarCode],
        [OldSchool_SchoolId],
        [NewSchool_SchoolId],
        [OldSchoolYearType_SchoolYear],
        [NewSchoolYearType_SchoolYear],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[CalendarCode],
        n.[CalendarCode],
        o.[School_SchoolId],
        n.[School_SchoolId],
        o.[SchoolYearType_SchoolYear],
        n.[SchoolYearType_SchoolYear],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Contact_Stamp]
ON [edfi].[Contact]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Contact] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([ContactUniqueId])
        OR UPDATE([FirstName])
        OR UPDATE([LastSurname]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(i.[ContactUniqueId]) AS c3,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[FirstName]) AS c5,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[LastSurname]) AS c7
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(d.[ContactUniqueId]) AS c3,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[FirstName]) AS c5,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[LastSurname]) AS c7
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(d.[ContactUniqueId]) AS c3,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[FirstName]) AS c5,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[LastSurname]) AS c7
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c2,
            DATALENGTH(i.[ContactUniqueId]) AS c3,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[FirstName]) AS c5,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[LastSurname]) AS c7
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Contact] (
            [OldContactUniqueId],
            [OldContact_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[ContactUniqueId],
            o.[DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Contact] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[ContactUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[ContactUniqueId])
        EXCEPT
        SELECT
            i.[ContactUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[ContactUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Contact] (
        [OldContactUniqueId],
        [NewContactUniqueId],
        [OldContact_DocumentId],
        [NewContact_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[ContactUniqueId],
        n.[ContactUniqueId],
        o.[DocumentId],
        n.[DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_CourseOffering_Stamp]
ON [edfi].[CourseOffering]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[CourseOffering] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([SchoolId_Unified])
        OR UPDATE([School_DocumentId])
        OR UPDATE([Session_DocumentId])
        OR UPDATE([Session_SchoolYear])
        OR UPDATE([Session_SessionName])
        OR UPDATE([LocalCourseCode])
        OR UPDATE([LocalCourseTitle]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[School_DocumentId] AS c3,
            i.[Session_DocumentId] AS c4,
            i.[Session_SchoolYear] AS c5,
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[Session_SessionName]) AS c7,
            i.[LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[LocalCourseCode]) AS c9,
            i.[LocalCourseTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(i.[LocalCourseTitle]) AS c11
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[School_DocumentId] AS c3,
            d.[Session_DocumentId] AS c4,
            d.[Session_SchoolYear] AS c5,
            d.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[Session_SessionName]) AS c7,
            d.[LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[LocalCourseCode]) AS c9,
            d.[LocalCourseTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(d.[LocalCourseTitle]) AS c11
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[School_DocumentId] AS c3,
            d.[Session_DocumentId] AS c4,
            d.[Session_SchoolYear] AS c5,
            d.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[Session_SessionName]) AS c7,
            d.[LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[LocalCourseCode]) AS c9,
            d.[LocalCourseTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(d.[LocalCourseTitle]) AS c11
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[School_DocumentId] AS c3,
            i.[Session_DocumentId] AS c4,
            i.[Session_SchoolYear] AS c5,
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[Session_SessionName]) AS c7,
            i.[LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[LocalCourseCode]) AS c9,
            i.[LocalCourseTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(i.[LocalCourseTitle]) AS c11
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[CourseOffering] (
            [OldLocalCourseCode],
            [OldSchoolId_Unified],
            [OldSession_SchoolYear],
            [OldSession_SessionName],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[LocalCourseCode],
            o.[SchoolId_Unified],
            o.[Session_SchoolYear],
            o.[Session_SessionName],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[CourseOffering] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[LocalCourseCode]),
            d.[SchoolId_Unified],
            d.[Session_SchoolYear],
            d.[Session_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Session_SessionName])
        EXCEPT
        SELECT
            i.[LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[LocalCourseCode]),
            i.[SchoolId_Unified],
            i.[Session_SchoolYear],
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Session_SessionName])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[CourseOffering] (
        [OldLocalCourseCode],
        [NewLocalCourseCode],
        [OldSchoolId_Unified],
        [NewSchoolId_Unified],
        [OldSession_SchoolYear],
        [NewSession_SchoolYear],
        [OldSession_SessionName],
        [NewSession_SessionName],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[LocalCourseCode],
        n.[LocalCourseCode],
        o.[SchoolId_Unified],
        n.[SchoolId_Unified],
        o.[Session_SchoolYear],
        n.[Session_SchoolYear],
        o.[Session_SessionName],
        n.[Session_SessionName],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgency_AbstractIdentity]
ON [edfi].[LocalEducationAgency]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([LocalEducationAgencyId]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    IF NOT EXISTS (SELECT 1 FROM deleted)
        INSERT INTO @documents ([DocumentId])
        SELECT i.[DocumentId]
        FROM inserted AS i;
    ELSE
        INSERT INTO @documents ([DocumentId])
        SELECT i.[DocumentId]
        FROM inserted AS i
        LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
        WHERE EXISTS (SELECT d.[LocalEducationAgencyId] EXCEPT SELECT i.[LocalEducationAgencyId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE a
    SET [EducationOrganizationId] = t.[LocalEducationAgencyId]
    FROM @documents AS c
    INNER LOOP JOIN [edfi].[EducationOrganizationIdentity] AS a WITH (FORCESEEK) ON a.[DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [edfi].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId], [ResourceKeyId], [Discriminator])
    SELECT
        t.[DocumentId],
        t.[LocalEducationAgencyId],
        9,
        N'Ed-Fi:LocalEducationAgency'
    FROM @documents AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE NOT EXISTS (SELECT 1 FROM [edfi].[EducationOrganizationIdentity] AS a WHERE a.[DocumentId] = t.[DocumentId]);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgency_AuthHierarchy_Delete]
ON [edfi].[LocalEducationAgency]
AFTER DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT d.[LocalEducationAgencyId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @lock int;
    EXEC @lock = sys.sp_getapplock
        @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId',
        @LockMode = N'Exclusive',
        @LockOwner = N'Transaction';
    IF @lock < 0
    BEGIN
        THROW 50000, N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.', 1;
    END;
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT t.[TargetEducationOrganizationId]
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[SourceEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.[EducationOrganizationId] = t.[TargetEducationOrganizationId]);
    DECLARE @closure TABLE (
        [TargetEducationOrganizationId] bigint NOT NULL,
        [SourceEducationOrganizationId] bigint NOT NULL,
        [Round] int NOT NULL,
        PRIMARY KEY ([TargetEducationOrganizationId], [SourceEducationOrganizationId])
    );
    DECLARE @round int = 0;
    INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
    SELECT a.[EducationOrganizationId], a.[EducationOrganizationId], @round
    FROM @affected AS a
    WHERE EXISTS (SELECT 1 FROM [edfi].[LocalEducationAgency] AS e WHERE e.[LocalEducationAgencyId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [edfi].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[LocalEducationAgency_LocalEducationAgencyId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [edfi].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.[TargetEducationOrganizationId] = p.[TargetEducationOrganizationId]
                AND k.[SourceEducationOrganizationId] = p.[SourceEducationOrganizationId]
        );
    END;
    DELETE t
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[TargetEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (
        SELECT 1
        FROM @closure AS c
        WHERE c.[TargetEducationOrganizationId] = t.[TargetEducationOrganizationId]
            AND c.[SourceEducationOrganizationId] = t.[SourceEducationOrganizationId]
    );
    INSERT INTO [auth].[EducationOrganizationIdToEducationOrganizationId] ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
    SELECT c.[SourceEducationOrganizationId], c.[TargetEducationOrganizationId]
    FROM @closure AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM [auth].[EducationOrganizationIdToEducationOrganizationId] AS t
        WHERE t.[SourceEducationOrganizationId] = c.[SourceEducationOrganizationId]
            AND t.[TargetEducationOrganizationId] = c.[TargetEducationOrganizationId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgency_AuthHierarchy_Insert]
ON [edfi].[LocalEducationAgency]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT o.[LocalEducationAgencyId]
    FROM (
        SELECT
            i.[LocalEducationAgencyId]
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[LocalEducationAgencyId]
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[LocalEducationAgencyId]
    FROM (
        SELECT
            d.[LocalEducationAgencyId]
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[LocalEducationAgencyId]
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @lock int;
    EXEC @lock = sys.sp_getapplock
        @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId',
        @LockMode = N'Exclusive',
        @LockOwner = N'Transaction';
    IF @lock < 0
    BEGIN
        THROW 50000, N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.', 1;
    END;
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT t.[TargetEducationOrganizationId]
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[SourceEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.[EducationOrganizationId] = t.[TargetEducationOrganizationId]);
    DECLARE @closure TABLE (
        [TargetEducationOrganizationId] bigint NOT NULL,
        [SourceEducationOrganizationId] bigint NOT NULL,
        [Round] int NOT NULL,
        PRIMARY KEY ([TargetEducationOrganizationId], [SourceEducationOrganizationId])
    );
    DECLARE @round int = 0;
    INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
    SELECT a.[EducationOrganizationId], a.[EducationOrganizationId], @round
    FROM @affected AS a
    WHERE EXISTS (SELECT 1 FROM [edfi].[LocalEducationAgency] AS e WHERE e.[LocalEducationAgencyId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [edfi].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[LocalEducationAgency_LocalEducationAgencyId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [edfi].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.[TargetEducationOrganizationId] = p.[TargetEducationOrganizationId]
                AND k.[SourceEducationOrganizationId] = p.[SourceEducationOrganizationId]
        );
    END;
    DELETE t
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[TargetEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (
        SELECT 1
        FROM @closure AS c
        WHERE c.[TargetEducationOrganizationId] = t.[TargetEducationOrganizationId]
            AND c.[SourceEducationOrganizationId] = t.[SourceEducationOrganizationId]
    );
    INSERT INTO [auth].[EducationOrganizationIdToEducationOrganizationId] ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
    SELECT c.[SourceEducationOrganizationId], c.[TargetEducationOrganizationId]
    FROM @closure AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM [auth].[EducationOrganizationIdToEducationOrganizationId] AS t
        WHERE t.[SourceEducationOrganizationId] = c.[SourceEducationOrganizationId]
            AND t.[TargetEducationOrganizationId] = c.[TargetEducationOrganizationId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgency_Stamp]
ON [edfi].[LocalEducationAgency]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([LocalEducationAgencyId])
        OR UPDATE([NameOfInstitution]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgencyId] AS c2,
            i.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[NameOfInstitution]) AS c4
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgencyId] AS c2,
            d.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[NameOfInstitution]) AS c4
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgencyId] AS c2,
            d.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[NameOfInstitution]) AS c4
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgencyId] AS c2,
            i.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[NameOfInstitution]) AS c4
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[LocalEducationAgency] (
            [OldLocalEducationAgencyId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[LocalEducationAgencyId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (SELECT d.[LocalEducationAgencyId] EXCEPT SELECT i.[LocalEducationAgencyId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgencyAddress_Stamp]
ON [edfi].[LocalEducationAgencyAddress]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[LocalEducationAgency_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[Ordinal] AS c3,
            i.[AddressTypeDescriptor_DescriptorId] AS c4,
            i.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[City]) AS c6,
            i.[Latitude] AS c7,
            i.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StreetNumberName]) AS c9
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[LocalEducationAgency_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[Ordinal] AS c3,
            d.[AddressTypeDescriptor_DescriptorId] AS c4,
            d.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[City]) AS c6,
            d.[Latitude] AS c7,
            d.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StreetNumberName]) AS c9
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[LocalEducationAgency_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[Ordinal] AS c3,
            d.[AddressTypeDescriptor_DescriptorId] AS c4,
            d.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[City]) AS c6,
            d.[Latitude] AS c7,
            d.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StreetNumberName]) AS c9
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[LocalEducationAgency_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[Ordinal] AS c3,
            i.[AddressTypeDescriptor_DescriptorId] AS c4,
            i.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[City]) AS c6,
            i.[Latitude] AS c7,
            i.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StreetNumberName]) AS c9
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_LocalEducationAgencyAddressPeriod_Stamp]
ON [edfi].[LocalEducationAgencyAddressPeriod]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[LocalEducationAgency_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[Ordinal] AS c3,
            i.[ParentCollectionItemId] AS c4,
            i.[BeginDate] AS c5,
            i.[EndDate] AS c6
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[LocalEducationAgency_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[Ordinal] AS c3,
            d.[ParentCollectionItemId] AS c4,
            d.[BeginDate] AS c5,
            d.[EndDate] AS c6
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[LocalEducationAgency_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[Ordinal] AS c3,
            d.[ParentCollectionItemId] AS c4,
            d.[BeginDate] AS c5,
            d.[EndDate] AS c6
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[LocalEducationAgency_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[Ordinal] AS c3,
            i.[ParentCollectionItemId] AS c4,
            i.[BeginDate] AS c5,
            i.[EndDate] AS c6
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[LocalEducationAgency] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_School_AbstractIdentity]
ON [edfi].[School]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([SchoolId]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    IF NOT EXISTS (SELECT 1 FROM deleted)
        INSERT INTO @documents ([DocumentId])
        SELECT i.[DocumentId]
        FROM inserted AS i;
    ELSE
        INSERT INTO @documents ([DocumentId])
        SELECT i.[DocumentId]
        FROM inserted AS i
        LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
        WHERE EXISTS (SELECT d.[SchoolId] EXCEPT SELECT i.[SchoolId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE a
    SET [EducationOrganizationId] = t.[SchoolId]
    FROM @documents AS c
    INNER LOOP JOIN [edfi].[EducationOrganizationIdentity] AS a WITH (FORCESEEK) ON a.[DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [edfi].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId], [ResourceKeyId], [Discriminator])
    SELECT
        t.[DocumentId],
        t.[SchoolId],
        11,
        N'Ed-Fi:School'
    FROM @documents AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE NOT EXISTS (SELECT 1 FROM [edfi].[EducationOrganizationIdentity] AS a WHERE a.[DocumentId] = t.[DocumentId]);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_School_AuthHierarchy_Delete]
ON [edfi].[School]
AFTER DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT d.[SchoolId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @lock int;
    EXEC @lock = sys.sp_getapplock
        @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId',
        @LockMode = N'Exclusive',
        @LockOwner = N'Transaction';
    IF @lock < 0
    BEGIN
        THROW 50000, N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.', 1;
    END;
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT t.[TargetEducationOrganizationId]
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[SourceEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.[EducationOrganizationId] = t.[TargetEducationOrganizationId]);
    DECLARE @closure TABLE (
        [TargetEducationOrganizationId] bigint NOT NULL,
        [SourceEducationOrganizationId] bigint NOT NULL,
        [Round] int NOT NULL,
        PRIMARY KEY ([TargetEducationOrganizationId], [SourceEducationOrganizationId])
    );
    DECLARE @round int = 0;
    INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
    SELECT a.[EducationOrganizationId], a.[EducationOrganizationId], @round
    FROM @affected AS a
    WHERE EXISTS (SELECT 1 FROM [edfi].[LocalEducationAgency] AS e WHERE e.[LocalEducationAgencyId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [edfi].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[LocalEducationAgency_LocalEducationAgencyId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [edfi].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.[TargetEducationOrganizationId] = p.[TargetEducationOrganizationId]
                AND k.[SourceEducationOrganizationId] = p.[SourceEducationOrganizationId]
        );
    END;
    DELETE t
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[TargetEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (
        SELECT 1
        FROM @closure AS c
        WHERE c.[TargetEducationOrganizationId] = t.[TargetEducationOrganizationId]
            AND c.[SourceEducationOrganizationId] = t.[SourceEducationOrganizationId]
    );
    INSERT INTO [auth].[EducationOrganizationIdToEducationOrganizationId] ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
    SELECT c.[SourceEducationOrganizationId], c.[TargetEducationOrganizationId]
    FROM @closure AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM [auth].[EducationOrganizationIdToEducationOrganizationId] AS t
        WHERE t.[SourceEducationOrganizationId] = c.[SourceEducationOrganizationId]
            AND t.[TargetEducationOrganizationId] = c.[TargetEducationOrganizationId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_School_AuthHierarchy_Insert]
ON [edfi].[School]
AFTER INSERT
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT i.[SchoolId] FROM inserted AS i;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @lock int;
    EXEC @lock = sys.sp_getapplock
        @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId',
        @LockMode = N'Exclusive',
        @LockOwner = N'Transaction';
    IF @lock < 0
    BEGIN
        THROW 50000, N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.', 1;
    END;
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT t.[TargetEducationOrganizationId]
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[SourceEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.[EducationOrganizationId] = t.[TargetEducationOrganizationId]);
    DECLARE @closure TABLE (
        [TargetEducationOrganizationId] bigint NOT NULL,
        [SourceEducationOrganizationId] bigint NOT NULL,
        [Round] int NOT NULL,
        PRIMARY KEY ([TargetEducationOrganizationId], [SourceEducationOrganizationId])
    );
    DECLARE @round int = 0;
    INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
    SELECT a.[EducationOrganizationId], a.[EducationOrganizationId], @round
    FROM @affected AS a
    WHERE EXISTS (SELECT 1 FROM [edfi].[LocalEducationAgency] AS e WHERE e.[LocalEducationAgencyId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [edfi].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[LocalEducationAgency_LocalEducationAgencyId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [edfi].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.[TargetEducationOrganizationId] = p.[TargetEducationOrganizationId]
                AND k.[SourceEducationOrganizationId] = p.[SourceEducationOrganizationId]
        );
    END;
    DELETE t
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[TargetEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (
        SELECT 1
        FROM @closure AS c
        WHERE c.[TargetEducationOrganizationId] = t.[TargetEducationOrganizationId]
            AND c.[SourceEducationOrganizationId] = t.[SourceEducationOrganizationId]
    );
    INSERT INTO [auth].[EducationOrganizationIdToEducationOrganizationId] ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
    SELECT c.[SourceEducationOrganizationId], c.[TargetEducationOrganizationId]
    FROM @closure AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM [auth].[EducationOrganizationIdToEducationOrganizationId] AS t
        WHERE t.[SourceEducationOrganizationId] = c.[SourceEducationOrganizationId]
            AND t.[TargetEducationOrganizationId] = c.[TargetEducationOrganizationId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_School_AuthHierarchy_Update]
ON [edfi].[School]
AFTER UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT o.[SchoolId]
    FROM (
        SELECT
            i.[SchoolId],
            i.[LocalEducationAgency_LocalEducationAgencyId]
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[SchoolId],
            d.[LocalEducationAgency_LocalEducationAgencyId]
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[SchoolId]
    FROM (
        SELECT
            d.[SchoolId],
            d.[LocalEducationAgency_LocalEducationAgencyId]
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[SchoolId],
            i.[LocalEducationAgency_LocalEducationAgencyId]
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @lock int;
    EXEC @lock = sys.sp_getapplock
        @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId',
        @LockMode = N'Exclusive',
        @LockOwner = N'Transaction';
    IF @lock < 0
    BEGIN
        THROW 50000, N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.', 1;
    END;
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT t.[TargetEducationOrganizationId]
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[SourceEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.[EducationOrganizationId] = t.[TargetEducationOrganizationId]);
    DECLARE @closure TABLE (
        [TargetEducationOrganizationId] bigint NOT NULL,
        [SourceEducationOrganizationId] bigint NOT NULL,
        [Round] int NOT NULL,
        PRIMARY KEY ([TargetEducationOrganizationId], [SourceEducationOrganizationId])
    );
    DECLARE @round int = 0;
    INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
    SELECT a.[EducationOrganizationId], a.[EducationOrganizationId], @round
    FROM @affected AS a
    WHERE EXISTS (SELECT 1 FROM [edfi].[LocalEducationAgency] AS e WHERE e.[LocalEducationAgencyId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [edfi].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[LocalEducationAgency_LocalEducationAgencyId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [edfi].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[LocalEducationAgency_LocalEducationAgencyId] IS NOT NULL
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.[TargetEducationOrganizationId] = p.[TargetEducationOrganizationId]
                AND k.[SourceEducationOrganizationId] = p.[SourceEducationOrganizationId]
        );
    END;
    DELETE t
    FROM @affected AS a
    INNER LOOP JOIN [auth].[EducationOrganizationIdToEducationOrganizationId] AS t WITH (FORCESEEK) ON t.[TargetEducationOrganizationId] = a.[EducationOrganizationId]
    WHERE NOT EXISTS (
        SELECT 1
        FROM @closure AS c
        WHERE c.[TargetEducationOrganizationId] = t.[TargetEducationOrganizationId]
            AND c.[SourceEducationOrganizationId] = t.[SourceEducationOrganizationId]
    );
    INSERT INTO [auth].[EducationOrganizationIdToEducationOrganizationId] ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
    SELECT c.[SourceEducationOrganizationId], c.[TargetEducationOrganizationId]
    FROM @closure AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM [auth].[EducationOrganizationIdToEducationOrganizationId] AS t
        WHERE t.[SourceEducationOrganizationId] = c.[SourceEducationOrganizationId]
            AND t.[TargetEducationOrganizationId] = c.[TargetEducationOrganizationId]
    );
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_School_Stamp]
ON [edfi].[School]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([LocalEducationAgency_DocumentId])
        OR UPDATE([LocalEducationAgency_LocalEducationAgencyId])
        OR UPDATE([NameOfInstitution])
        OR UPDATE([SchoolId])
        OR UPDATE([ShortNameOfInstitution]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            i.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[NameOfInstitution]) AS c5,
            i.[SchoolId] AS c6,
            i.[ShortNameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[ShortNameOfInstitution]) AS c8
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            d.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[NameOfInstitution]) AS c5,
            d.[SchoolId] AS c6,
            d.[ShortNameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[ShortNameOfInstitution]) AS c8
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            d.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[NameOfInstitution]) AS c5,
            d.[SchoolId] AS c6,
            d.[ShortNameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[ShortNameOfInstitution]) AS c8
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            i.[NameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[NameOfInstitution]) AS c5,
            i.[SchoolId] AS c6,
            i.[ShortNameOfInstitution] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[ShortNameOfInstitution]) AS c8
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[School] (
            [OldSchoolId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[SchoolId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (SELECT d.[SchoolId] EXCEPT SELECT i.[SchoolId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_SchoolAddress_Stamp]
ON [edfi].[SchoolAddress]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[AddressTypeDescriptor_DescriptorId] AS c4,
            i.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[City]) AS c6,
            i.[Latitude] AS c7,
            i.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StreetNumberName]) AS c9
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[AddressTypeDescriptor_DescriptorId] AS c4,
            d.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[City]) AS c6,
            d.[Latitude] AS c7,
            d.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StreetNumberName]) AS c9
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[AddressTypeDescriptor_DescriptorId] AS c4,
            d.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[City]) AS c6,
            d.[Latitude] AS c7,
            d.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StreetNumberName]) AS c9
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[AddressTypeDescriptor_DescriptorId] AS c4,
            i.[City] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[City]) AS c6,
            i.[Latitude] AS c7,
            i.[StreetNumberName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StreetNumberName]) AS c9
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_SchoolAddressPeriod_Stamp]
ON [edfi].[SchoolAddressPeriod]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[ParentCollectionItemId] AS c3,
            i.[School_DocumentId] AS c4,
            i.[BeginDate] AS c5,
            i.[EndDate] AS c6
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[ParentCollectionItemId] AS c3,
            d.[School_DocumentId] AS c4,
            d.[BeginDate] AS c5,
            d.[EndDate] AS c6
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[ParentCollectionItemId] AS c3,
            d.[School_DocumentId] AS c4,
            d.[BeginDate] AS c5,
            d.[EndDate] AS c6
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[ParentCollectionItemId] AS c3,
            i.[School_DocumentId] AS c4,
            i.[BeginDate] AS c5,
            i.[EndDate] AS c6
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_SchoolGradeLevel_Stamp]
ON [edfi].[SchoolGradeLevel]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[GradeLevelDescriptor_DescriptorId] AS c4
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[GradeLevelDescriptor_DescriptorId] AS c4
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[GradeLevelDescriptor_DescriptorId] AS c4
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[GradeLevelDescriptor_DescriptorId] AS c4
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_SchoolYearType_Stamp]
ON [edfi].[SchoolYearType]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[SchoolYearType] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([CurrentSchoolYear])
        OR UPDATE([SchoolYear])
        OR UPDATE([SchoolYearDescription]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[CurrentSchoolYear] AS c2,
            i.[SchoolYear] AS c3,
            i.[SchoolYearDescription] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[SchoolYearDescription]) AS c5
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[CurrentSchoolYear] AS c2,
            d.[SchoolYear] AS c3,
            d.[SchoolYearDescription] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[SchoolYearDescription]) AS c5
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[CurrentSchoolYear] AS c2,
            d.[SchoolYear] AS c3,
            d.[SchoolYearDescription] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[SchoolYearDescription]) AS c5
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[CurrentSchoolYear] AS c2,
            i.[SchoolYear] AS c3,
            i.[SchoolYearDescription] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[SchoolYearDescription]) AS c5
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[SchoolYearType] (
            [OldSchoolYear],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[SchoolYear],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[SchoolYearType] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (SELECT d.[SchoolYear] EXCEPT SELECT i.[SchoolYear]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[SchoolYearType] (
        [OldSchoolYear],
        [NewSchoolYear],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[SchoolYear],
        n.[SchoolYear],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Section_Stamp]
ON [edfi].[Section]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Section] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([SchoolId_Unified])
        OR UPDATE([CourseOffering_DocumentId])
        OR UPDATE([CourseOffering_LocalCourseCode])
        OR UPDATE([CourseOffering_SchoolYear])
        OR UPDATE([CourseOffering_SessionName])
        OR UPDATE([AvailableCredits])
        OR UPDATE([OfficialAttendancePeriod])
        OR UPDATE([SectionIdentifier]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[CourseOffering_DocumentId] AS c3,
            i.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[CourseOffering_LocalCourseCode]) AS c5,
            i.[CourseOffering_SchoolYear] AS c6,
            i.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[CourseOffering_SessionName]) AS c8,
            i.[AvailableCredits] AS c9,
            i.[OfficialAttendancePeriod] AS c10,
            i.[SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[SectionIdentifier]) AS c12
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[CourseOffering_DocumentId] AS c3,
            d.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[CourseOffering_LocalCourseCode]) AS c5,
            d.[CourseOffering_SchoolYear] AS c6,
            d.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[CourseOffering_SessionName]) AS c8,
            d.[AvailableCredits] AS c9,
            d.[OfficialAttendancePeriod] AS c10,
            d.[SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[SectionIdentifier]) AS c12
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[CourseOffering_DocumentId] AS c3,
            d.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[CourseOffering_LocalCourseCode]) AS c5,
            d.[CourseOffering_SchoolYear] AS c6,
            d.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[CourseOffering_SessionName]) AS c8,
            d.[AvailableCredits] AS c9,
            d.[OfficialAttendancePeriod] AS c10,
            d.[SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[SectionIdentifier]) AS c12
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[CourseOffering_DocumentId] AS c3,
            i.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[CourseOffering_LocalCourseCode]) AS c5,
            i.[CourseOffering_SchoolYear] AS c6,
            i.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[CourseOffering_SessionName]) AS c8,
            i.[AvailableCredits] AS c9,
            i.[OfficialAttendancePeriod] AS c10,
            i.[SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[SectionIdentifier]) AS c12
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Section] (
            [OldCourseOffering_LocalCourseCode],
            [OldSchoolId_Unified],
            [OldCourseOffering_SchoolYear],
            [OldCourseOffering_SessionName],
            [OldSectionIdentifier],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[CourseOffering_LocalCourseCode],
            o.[SchoolId_Unified],
            o.[CourseOffering_SchoolYear],
            o.[CourseOffering_SessionName],
            o.[SectionIdentifier],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Section] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[CourseOffering_LocalCourseCode]),
            d.[SchoolId_Unified],
            d.[CourseOffering_SchoolYear],
            d.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[CourseOffering_SessionName]),
            d.[SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[SectionIdentifier])
        EXCEPT
        SELECT
            i.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[CourseOffering_LocalCourseCode]),
            i.[SchoolId_Unified],
            i.[CourseOffering_SchoolYear],
            i.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[CourseOffering_SessionName]),
            i.[SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SectionIdentifier])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Section] (
        [OldCourseOffering_LocalCourseCode],
        [NewCourseOffering_LocalCourseCode],
        [OldSchoolId_Unified],
        [NewSchoolId_Unified],
        [OldCourseOffering_SchoolYear],
        [NewCourseOffering_SchoolYear],
        [OldCourseOffering_SessionName],
        [NewCourseOffering_SessionName],
        [OldSectionIdentifier],
        [NewSectionIdentifier],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[CourseOffering_LocalCourseCode],
        n.[CourseOffering_LocalCourseCode],
        o.[SchoolId_Unified],
        n.[SchoolId_Unified],
        o.[CourseOffering_SchoolYear],
        n.[CourseOffering_SchoolYear],
        o.[CourseOffering_SessionName],
        n.[CourseOffering_SessionName],
        o.[SectionIdentifier],
        n.[SectionIdentifier],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Session_Stamp]
ON [edfi].[Session]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Session] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([SchoolYearType_DocumentId])
        OR UPDATE([SchoolYearType_SchoolYear])
        OR UPDATE([School_DocumentId])
        OR UPDATE([School_SchoolId])
        OR UPDATE([TermDescriptor_DescriptorId])
        OR UPDATE([BeginDate])
        OR UPDATE([EndDate])
        OR UPDATE([SessionName])
        OR UPDATE([TotalInstructionalDays]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolYearType_DocumentId] AS c2,
            i.[SchoolYearType_SchoolYear] AS c3,
            i.[School_DocumentId] AS c4,
            i.[School_SchoolId] AS c5,
            i.[TermDescriptor_DescriptorId] AS c6,
            i.[BeginDate] AS c7,
            i.[EndDate] AS c8,
            i.[SessionName] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[SessionName]) AS c10,
            i.[TotalInstructionalDays] AS c11
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolYearType_DocumentId] AS c2,
            d.[SchoolYearType_SchoolYear] AS c3,
            d.[School_DocumentId] AS c4,
            d.[School_SchoolId] AS c5,
            d.[TermDescriptor_DescriptorId] AS c6,
            d.[BeginDate] AS c7,
            d.[EndDate] AS c8,
            d.[SessionName] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[SessionName]) AS c10,
            d.[TotalInstructionalDays] AS c11
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolYearType_DocumentId] AS c2,
            d.[SchoolYearType_SchoolYear] AS c3,
            d.[School_DocumentId] AS c4,
            d.[School_SchoolId] AS c5,
            d.[TermDescriptor_DescriptorId] AS c6,
            d.[BeginDate] AS c7,
            d.[EndDate] AS c8,
            d.[SessionName] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[SessionName]) AS c10,
            d.[TotalInstructionalDays] AS c11
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolYearType_DocumentId] AS c2,
            i.[SchoolYearType_SchoolYear] AS c3,
            i.[School_DocumentId] AS c4,
            i.[School_SchoolId] AS c5,
            i.[TermDescriptor_DescriptorId] AS c6,
            i.[BeginDate] AS c7,
            i.[EndDate] AS c8,
            i.[SessionName] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[SessionName]) AS c10,
            i.[TotalInstructionalDays] AS c11
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Session] (
            [OldSchool_SchoolId],
            [OldSchoolYearType_SchoolYear],
            [OldSessionName],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[School_SchoolId],
            o.[SchoolYearType_SchoolYear],
            o.[SessionName],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Session] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[School_SchoolId],
            d.[SchoolYearType_SchoolYear],
            d.[SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[SessionName])
        EXCEPT
        SELECT
            i.[School_SchoolId],
            i.[SchoolYearType_SchoolYear],
            i.[SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SessionName])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Session] (
        [OldSchool_SchoolId],
        [NewSchool_SchoolId],
        [OldSchoolYearType_SchoolYear],
        [NewSchoolYearType_SchoolYear],
        [OldSessionName],
        [NewSessionName],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[School_SchoolId],
        n.[School_SchoolId],
        o.[SchoolYearType_SchoolYear],
        n.[SchoolYearType_SchoolYear],
        o.[SessionName],
        n.[SessionName],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Staff_Stamp]
ON [edfi].[Staff]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Staff] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([BirthDate])
        OR UPDATE([FirstName])
        OR UPDATE([LastSurname])
        OR UPDATE([StaffUniqueId]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[BirthDate] AS c2,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[FirstName]) AS c4,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[LastSurname]) AS c6,
            i.[StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[StaffUniqueId]) AS c8
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[BirthDate] AS c2,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[FirstName]) AS c4,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[LastSurname]) AS c6,
            d.[StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[StaffUniqueId]) AS c8
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[BirthDate] AS c2,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[FirstName]) AS c4,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[LastSurname]) AS c6,
            d.[StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[StaffUniqueId]) AS c8
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[BirthDate] AS c2,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[FirstName]) AS c4,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[LastSurname]) AS c6,
            i.[StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[StaffUniqueId]) AS c8
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Staff] (
            [OldStaffUniqueId],
            [OldStaff_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[StaffUniqueId],
            o.[DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Staff] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[StaffUniqueId])
        EXCEPT
        SELECT
            i.[StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[StaffUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Staff] (
        [OldStaffUniqueId],
        [NewStaffUniqueId],
        [OldStaff_DocumentId],
        [NewStaff_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[StaffUniqueId],
        n.[StaffUniqueId],
        o.[DocumentId],
        n.[DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StaffEducationOrganizationAssignmentAssociation_Stamp]
ON [edfi].[StaffEducationOrganizationAssignmentAssociation]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StaffEducationOrganizationAssignmentAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([EducationOrganization_DocumentId])
        OR UPDATE([EducationOrganization_EducationOrganizationId])
        OR UPDATE([Staff_DocumentId])
        OR UPDATE([Staff_StaffUniqueId])
        OR UPDATE([StaffClassificationDescriptor_DescriptorId])
        OR UPDATE([BeginDate])
        OR UPDATE([EndDate])
        OR UPDATE([PositionTitle]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Staff_DocumentId] AS c4,
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Staff_StaffUniqueId]) AS c6,
            i.[StaffClassificationDescriptor_DescriptorId] AS c7,
            i.[BeginDate] AS c8,
            i.[EndDate] AS c9,
            i.[PositionTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(i.[PositionTitle]) AS c11
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Staff_DocumentId] AS c4,
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Staff_StaffUniqueId]) AS c6,
            d.[StaffClassificationDescriptor_DescriptorId] AS c7,
            d.[BeginDate] AS c8,
            d.[EndDate] AS c9,
            d.[PositionTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(d.[PositionTitle]) AS c11
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Staff_DocumentId] AS c4,
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Staff_StaffUniqueId]) AS c6,
            d.[StaffClassificationDescriptor_DescriptorId] AS c7,
            d.[BeginDate] AS c8,
            d.[EndDate] AS c9,
            d.[PositionTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(d.[PositionTitle]) AS c11
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Staff_DocumentId] AS c4,
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Staff_StaffUniqueId]) AS c6,
            i.[StaffClassificationDescriptor_DescriptorId] AS c7,
            i.[BeginDate] AS c8,
            i.[EndDate] AS c9,
            i.[PositionTitle] COLLATE Latin1_General_100_BIN2 AS c10,
            DATALENGTH(i.[PositionTitle]) AS c11
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StaffEducationOrganizationAssignmentAssociation] (
            [OldBeginDate],
            [OldEducationOrganization_EducationOrganizationId],
            [OldStaffClassificationDescriptor_Namespace],
            [OldStaffClassificationDescriptor_CodeValue],
            [OldStaff_StaffUniqueId],
            [OldStaff_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[BeginDate],
            o.[EducationOrganization_EducationOrganizationId],
            (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[StaffClassificationDescriptor_DescriptorId]),
            (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[StaffClassificationDescriptor_DescriptorId]),
            o.[Staff_StaffUniqueId],
            o.[Staff_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StaffEducationOrganizationAssignmentAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[BeginDate],
            d.[EducationOrganization_EducationOrganizationId],
            d.[StaffClassificationDescriptor_DescriptorId],
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Staff_StaffUniqueId])
        EXCEPT
        SELECT
            i.[BeginDate],
            i.[EducationOrganization_EducationOrganizationId],
            i.[StaffClassificationDescriptor_DescriptorId],
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Staff_StaffUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StaffEducationOrganizationAssignmentAssociation] (
        [OldBeginDate],
        [NewBeginDate],
        [OldEducationOrganization_EducationOrganizationId],
        [NewEducationOrganization_EducationOrganizationId],
        [OldStaffClassificationDescriptor_Namespace],
        [NewStaffClassificationDescriptor_Namespace],
        [OldStaffClassificationDescriptor_CodeValue],
        [NewStaffClassificationDescriptor_CodeValue],
        [OldStaff_StaffUniqueId],
        [NewStaff_StaffUniqueId],
        [OldStaff_DocumentId],
        [NewStaff_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[BeginDate],
        n.[BeginDate],
        o.[EducationOrganization_EducationOrganizationId],
        n.[EducationOrganization_EducationOrganizationId],
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[StaffClassificationDescriptor_DescriptorId]),
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[StaffClassificationDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[StaffClassificationDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[StaffClassificationDescriptor_DescriptorId]),
        o.[Staff_StaffUniqueId],
        n.[Staff_StaffUniqueId],
        o.[Staff_DocumentId],
        n.[Staff_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StaffEducationOrganizationEmploymentAssociation_Stamp]
ON [edfi].[StaffEducationOrganizationEmploymentAssociation]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StaffEducationOrganizationEmploymentAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([EducationOrganization_DocumentId])
        OR UPDATE([EducationOrganization_EducationOrganizationId])
        OR UPDATE([Staff_DocumentId])
        OR UPDATE([Staff_StaffUniqueId])
        OR UPDATE([EmploymentStatusDescriptor_DescriptorId])
        OR UPDATE([EndDate])
        OR UPDATE([HireDate])
        OR UPDATE([HourlyWage]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Staff_DocumentId] AS c4,
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Staff_StaffUniqueId]) AS c6,
            i.[EmploymentStatusDescriptor_DescriptorId] AS c7,
            i.[EndDate] AS c8,
            i.[HireDate] AS c9,
            i.[HourlyWage] AS c10
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Staff_DocumentId] AS c4,
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Staff_StaffUniqueId]) AS c6,
            d.[EmploymentStatusDescriptor_DescriptorId] AS c7,
            d.[EndDate] AS c8,
            d.[HireDate] AS c9,
            d.[HourlyWage] AS c10
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Staff_DocumentId] AS c4,
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Staff_StaffUniqueId]) AS c6,
            d.[EmploymentStatusDescriptor_DescriptorId] AS c7,
            d.[EndDate] AS c8,
            d.[HireDate] AS c9,
            d.[HourlyWage] AS c10
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Staff_DocumentId] AS c4,
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Staff_StaffUniqueId]) AS c6,
            i.[EmploymentStatusDescriptor_DescriptorId] AS c7,
            i.[EndDate] AS c8,
            i.[HireDate] AS c9,
            i.[HourlyWage] AS c10
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StaffEducationOrganizationEmploymentAssociation] (
            [OldEducationOrganization_EducationOrganizationId],
            [OldEmploymentStatusDescriptor_Namespace],
            [OldEmploymentStatusDescriptor_CodeValue],
            [OldHireDate],
            [OldStaff_StaffUniqueId],
            [OldStaff_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[EducationOrganization_EducationOrganizationId],
            (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[EmploymentStatusDescriptor_DescriptorId]),
            (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[EmploymentStatusDescriptor_DescriptorId]),
            o.[HireDate],
            o.[Staff_StaffUniqueId],
            o.[Staff_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StaffEducationOrganizationEmploymentAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[EducationOrganization_EducationOrganizationId],
            d.[EmploymentStatusDescriptor_DescriptorId],
            d.[HireDate],
            d.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Staff_StaffUniqueId])
        EXCEPT
        SELECT
            i.[EducationOrganization_EducationOrganizationId],
            i.[EmploymentStatusDescriptor_DescriptorId],
            i.[HireDate],
            i.[Staff_StaffUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Staff_StaffUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StaffEducationOrganizationEmploymentAssociation] (
        [OldEducationOrganization_EducationOrganizationId],
        [NewEducationOrganization_EducationOrganizationId],
        [OldEmploymentStatusDescriptor_Namespace],
        [NewEmploymentStatusDescriptor_Namespace],
        [OldEmploymentStatusDescriptor_CodeValue],
        [NewEmploymentStatusDescriptor_CodeValue],
        [OldHireDate],
        [NewHireDate],
        [OldStaff_StaffUniqueId],
        [NewStaff_StaffUniqueId],
        [OldStaff_DocumentId],
        [NewStaff_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[EducationOrganization_EducationOrganizationId],
        n.[EducationOrganization_EducationOrganizationId],
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[EmploymentStatusDescriptor_DescriptorId]),
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[EmploymentStatusDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[EmploymentStatusDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[EmploymentStatusDescriptor_DescriptorId]),
        o.[HireDate],
        n.[HireDate],
        o.[Staff_StaffUniqueId],
        n.[Staff_StaffUniqueId],
        o.[Staff_DocumentId],
        n.[Staff_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Student_Stamp]
ON [edfi].[Student]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Student] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([BirthDate])
        OR UPDATE([FirstName])
        OR UPDATE([LastSurname])
        OR UPDATE([StudentUniqueId]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[BirthDate] AS c2,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[FirstName]) AS c4,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[LastSurname]) AS c6,
            i.[StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[StudentUniqueId]) AS c8
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[BirthDate] AS c2,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[FirstName]) AS c4,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[LastSurname]) AS c6,
            d.[StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[StudentUniqueId]) AS c8
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[BirthDate] AS c2,
            d.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[FirstName]) AS c4,
            d.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[LastSurname]) AS c6,
            d.[StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[StudentUniqueId]) AS c8
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[BirthDate] AS c2,
            i.[FirstName] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[FirstName]) AS c4,
            i.[LastSurname] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[LastSurname]) AS c6,
            i.[StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[StudentUniqueId]) AS c8
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Student] (
            [OldStudentUniqueId],
            [OldStudent_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[StudentUniqueId],
            o.[DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Student] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[StudentUniqueId])
        EXCEPT
        SELECT
            i.[StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[StudentUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Student] (
        [OldStudentUniqueId],
        [NewStudentUniqueId],
        [OldStudent_DocumentId],
        [NewStudent_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[StudentUniqueId],
        n.[StudentUniqueId],
        o.[DocumentId],
        n.[DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StudentContactAssociation_Stamp]
ON [edfi].[StudentContactAssociation]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StudentContactAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([Contact_DocumentId])
        OR UPDATE([Contact_ContactUniqueId])
        OR UPDATE([Student_DocumentId])
        OR UPDATE([Student_StudentUniqueId])
        OR UPDATE([ContactPriority])
        OR UPDATE([EmergencyContactStatus]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Contact_DocumentId] AS c2,
            i.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Contact_ContactUniqueId]) AS c4,
            i.[Student_DocumentId] AS c5,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c7,
            i.[ContactPriority] AS c8,
            i.[EmergencyContactStatus] AS c9
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Contact_DocumentId] AS c2,
            d.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Contact_ContactUniqueId]) AS c4,
            d.[Student_DocumentId] AS c5,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c7,
            d.[ContactPriority] AS c8,
            d.[EmergencyContactStatus] AS c9
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Contact_DocumentId] AS c2,
            d.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Contact_ContactUniqueId]) AS c4,
            d.[Student_DocumentId] AS c5,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c7,
            d.[ContactPriority] AS c8,
            d.[EmergencyContactStatus] AS c9
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Contact_DocumentId] AS c2,
            i.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Contact_ContactUniqueId]) AS c4,
            i.[Student_DocumentId] AS c5,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c6,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c7,
            i.[ContactPriority] AS c8,
            i.[EmergencyContactStatus] AS c9
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StudentContactAssociation] (
            [OldContact_ContactUniqueId],
            [OldStudent_StudentUniqueId],
            [OldStudent_DocumentId],
            [OldContact_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[Contact_ContactUniqueId],
            o.[Student_StudentUniqueId],
            o.[Student_DocumentId],
            o.[Contact_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StudentContactAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Contact_ContactUniqueId]),
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[Contact_ContactUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Contact_ContactUniqueId]),
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StudentContactAssociation] (
        [OldContact_ContactUniqueId],
        [NewContact_ContactUniqueId],
        [OldStudent_StudentUniqueId],
        [NewStudent_StudentUniqueId],
        [OldStudent_DocumentId],
        [NewStudent_DocumentId],
        [OldContact_DocumentId],
        [NewContact_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[Contact_ContactUniqueId],
        n.[Contact_ContactUniqueId],
        o.[Student_StudentUniqueId],
        n.[Student_StudentUniqueId],
        o.[Student_DocumentId],
        n.[Student_DocumentId],
        o.[Contact_DocumentId],
        n.[Contact_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StudentEducationOrganizationResponsibilityAssociation_Stamp]
ON [edfi].[StudentEducationOrganizationResponsibilityAssociation]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StudentEducationOrganizationResponsibilityAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([EducationOrganization_DocumentId])
        OR UPDATE([EducationOrganization_EducationOrganizationId])
        OR UPDATE([Student_DocumentId])
        OR UPDATE([Student_StudentUniqueId])
        OR UPDATE([ResponsibilityDescriptor_DescriptorId])
        OR UPDATE([BeginDate])
        OR UPDATE([EndDate]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Student_DocumentId] AS c4,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c6,
            i.[ResponsibilityDescriptor_DescriptorId] AS c7,
            i.[BeginDate] AS c8,
            i.[EndDate] AS c9
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Student_DocumentId] AS c4,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c6,
            d.[ResponsibilityDescriptor_DescriptorId] AS c7,
            d.[BeginDate] AS c8,
            d.[EndDate] AS c9
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[EducationOrganization_DocumentId] AS c2,
            d.[EducationOrganization_EducationOrganizationId] AS c3,
            d.[Student_DocumentId] AS c4,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c6,
            d.[ResponsibilityDescriptor_DescriptorId] AS c7,
            d.[BeginDate] AS c8,
            d.[EndDate] AS c9
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[EducationOrganization_DocumentId] AS c2,
            i.[EducationOrganization_EducationOrganizationId] AS c3,
            i.[Student_DocumentId] AS c4,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c6,
            i.[ResponsibilityDescriptor_DescriptorId] AS c7,
            i.[BeginDate] AS c8,
            i.[EndDate] AS c9
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StudentEducationOrganizationResponsibilityAssociation] (
            [OldBeginDate],
            [OldEducationOrganization_EducationOrganizationId],
            [OldResponsibilityDescriptor_Namespace],
            [OldResponsibilityDescriptor_CodeValue],
            [OldStudent_StudentUniqueId],
            [OldStudent_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[BeginDate],
            o.[EducationOrganization_EducationOrganizationId],
            (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[ResponsibilityDescriptor_DescriptorId]),
            (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[ResponsibilityDescriptor_DescriptorId]),
            o.[Student_StudentUniqueId],
            o.[Student_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StudentEducationOrganizationResponsibilityAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[BeginDate],
            d.[EducationOrganization_EducationOrganizationId],
            d.[ResponsibilityDescriptor_DescriptorId],
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[BeginDate],
            i.[EducationOrganization_EducationOrganizationId],
            i.[ResponsibilityDescriptor_DescriptorId],
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StudentEducationOrganizationResponsibilityAssociation] (
        [OldBeginDate],
        [NewBeginDate],
        [OldEducationOrganization_EducationOrganizationId],
        [NewEducationOrganization_EducationOrganizationId],
        [OldResponsibilityDescriptor_Namespace],
        [NewResponsibilityDescriptor_Namespace],
        [OldResponsibilityDescriptor_CodeValue],
        [NewResponsibilityDescriptor_CodeValue],
        [OldStudent_StudentUniqueId],
        [NewStudent_StudentUniqueId],
        [OldStudent_DocumentId],
        [NewStudent_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[BeginDate],
        n.[BeginDate],
        o.[EducationOrganization_EducationOrganizationId],
        n.[EducationOrganization_EducationOrganizationId],
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[ResponsibilityDescriptor_DescriptorId]),
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[ResponsibilityDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[ResponsibilityDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[ResponsibilityDescriptor_DescriptorId]),
        o.[Student_StudentUniqueId],
        n.[Student_StudentUniqueId],
        o.[Student_DocumentId],
        n.[Student_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StudentSchoolAssociation_Stamp]
ON [edfi].[StudentSchoolAssociation]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StudentSchoolAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([SchoolId_Unified])
        OR UPDATE([Calendar_DocumentId])
        OR UPDATE([Calendar_CalendarCode])
        OR UPDATE([Calendar_SchoolYear])
        OR UPDATE([School_DocumentId])
        OR UPDATE([Student_DocumentId])
        OR UPDATE([Student_StudentUniqueId])
        OR UPDATE([EntryGradeLevelDescriptor_DescriptorId])
        OR UPDATE([EntryDate])
        OR UPDATE([ExitWithdrawDate])
        OR UPDATE([PrimarySchool]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[Calendar_DocumentId] AS c3,
            i.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[Calendar_CalendarCode]) AS c5,
            i.[Calendar_SchoolYear] AS c6,
            i.[School_DocumentId] AS c7,
            i.[Student_DocumentId] AS c8,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c10,
            i.[EntryGradeLevelDescriptor_DescriptorId] AS c11,
            i.[EntryDate] AS c12,
            i.[ExitWithdrawDate] AS c13,
            i.[PrimarySchool] AS c14
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[Calendar_DocumentId] AS c3,
            d.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[Calendar_CalendarCode]) AS c5,
            d.[Calendar_SchoolYear] AS c6,
            d.[School_DocumentId] AS c7,
            d.[Student_DocumentId] AS c8,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c10,
            d.[EntryGradeLevelDescriptor_DescriptorId] AS c11,
            d.[EntryDate] AS c12,
            d.[ExitWithdrawDate] AS c13,
            d.[PrimarySchool] AS c14
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[SchoolId_Unified] AS c2,
            d.[Calendar_DocumentId] AS c3,
            d.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[Calendar_CalendarCode]) AS c5,
            d.[Calendar_SchoolYear] AS c6,
            d.[School_DocumentId] AS c7,
            d.[Student_DocumentId] AS c8,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c10,
            d.[EntryGradeLevelDescriptor_DescriptorId] AS c11,
            d.[EntryDate] AS c12,
            d.[ExitWithdrawDate] AS c13,
            d.[PrimarySchool] AS c14
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[SchoolId_Unified] AS c2,
            i.[Calendar_DocumentId] AS c3,
            i.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[Calendar_CalendarCode]) AS c5,
            i.[Calendar_SchoolYear] AS c6,
            i.[School_DocumentId] AS c7,
            i.[Student_DocumentId] AS c8,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c10,
            i.[EntryGradeLevelDescriptor_DescriptorId] AS c11,
            i.[EntryDate] AS c12,
            i.[ExitWithdrawDate] AS c13,
            i.[PrimarySchool] AS c14
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StudentSchoolAssociation] (
            [OldEntryDate],
            [OldSchoolId_Unified],
            [OldStudent_StudentUniqueId],
            [OldStudent_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[EntryDate],
            o.[SchoolId_Unified],
            o.[Student_StudentUniqueId],
            o.[Student_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StudentSchoolAssociation] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[EntryDate],
            d.[SchoolId_Unified],
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[EntryDate],
            i.[SchoolId_Unified],
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StudentSchoolAssociation] (
        [OldEntryDate],
        [NewEntryDate],
        [OldSchoolId_Unified],
        [NewSchoolId_Unified],
        [OldStudent_StudentUniqueId],
        [NewStudent_StudentUniqueId],
        [OldStudent_DocumentId],
        [NewStudent_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[EntryDate],
        n.[EntryDate],
        o.[SchoolId_Unified],
        n.[SchoolId_Unified],
        o.[Student_StudentUniqueId],
        n.[Student_StudentUniqueId],
        o.[Student_DocumentId],
        n.[Student_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_StudentSectionAttendanceEvent_Stamp]
ON [edfi].[StudentSectionAttendanceEvent]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[StudentSectionAttendanceEvent] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([Section_DocumentId])
        OR UPDATE([Section_LocalCourseCode])
        OR UPDATE([Section_SchoolId])
        OR UPDATE([Section_SchoolYear])
        OR UPDATE([Section_SessionName])
        OR UPDATE([Section_SectionIdentifier])
        OR UPDATE([Student_DocumentId])
        OR UPDATE([Student_StudentUniqueId])
        OR UPDATE([AttendanceEventCategoryDescriptor_DescriptorId])
        OR UPDATE([AttendanceEventReason])
        OR UPDATE([EventDate]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Section_DocumentId] AS c2,
            i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Section_LocalCourseCode]) AS c4,
            i.[Section_SchoolId] AS c5,
            i.[Section_SchoolYear] AS c6,
            i.[Section_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[Section_SessionName]) AS c8,
            i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[Section_SectionIdentifier]) AS c10,
            i.[Student_DocumentId] AS c11,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c13,
            i.[AttendanceEventCategoryDescriptor_DescriptorId] AS c14,
            i.[AttendanceEventReason] COLLATE Latin1_General_100_BIN2 AS c15,
            DATALENGTH(i.[AttendanceEventReason]) AS c16,
            i.[EventDate] AS c17
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Section_DocumentId] AS c2,
            d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Section_LocalCourseCode]) AS c4,
            d.[Section_SchoolId] AS c5,
            d.[Section_SchoolYear] AS c6,
            d.[Section_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[Section_SessionName]) AS c8,
            d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[Section_SectionIdentifier]) AS c10,
            d.[Student_DocumentId] AS c11,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c13,
            d.[AttendanceEventCategoryDescriptor_DescriptorId] AS c14,
            d.[AttendanceEventReason] COLLATE Latin1_General_100_BIN2 AS c15,
            DATALENGTH(d.[AttendanceEventReason]) AS c16,
            d.[EventDate] AS c17
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Section_DocumentId] AS c2,
            d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Section_LocalCourseCode]) AS c4,
            d.[Section_SchoolId] AS c5,
            d.[Section_SchoolYear] AS c6,
            d.[Section_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[Section_SessionName]) AS c8,
            d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[Section_SectionIdentifier]) AS c10,
            d.[Student_DocumentId] AS c11,
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(d.[Student_StudentUniqueId]) AS c13,
            d.[AttendanceEventCategoryDescriptor_DescriptorId] AS c14,
            d.[AttendanceEventReason] COLLATE Latin1_General_100_BIN2 AS c15,
            DATALENGTH(d.[AttendanceEventReason]) AS c16,
            d.[EventDate] AS c17
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Section_DocumentId] AS c2,
            i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Section_LocalCourseCode]) AS c4,
            i.[Section_SchoolId] AS c5,
            i.[Section_SchoolYear] AS c6,
            i.[Section_SessionName] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[Section_SessionName]) AS c8,
            i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[Section_SectionIdentifier]) AS c10,
            i.[Student_DocumentId] AS c11,
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c12,
            DATALENGTH(i.[Student_StudentUniqueId]) AS c13,
            i.[AttendanceEventCategoryDescriptor_DescriptorId] AS c14,
            i.[AttendanceEventReason] COLLATE Latin1_General_100_BIN2 AS c15,
            DATALENGTH(i.[AttendanceEventReason]) AS c16,
            i.[EventDate] AS c17
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[StudentSectionAttendanceEvent] (
            [OldAttendanceEventCategoryDescriptor_Namespace],
            [OldAttendanceEventCategoryDescriptor_CodeValue],
            [OldEventDate],
            [OldSection_LocalCourseCode],
            [OldSection_SchoolId],
            [OldSection_SchoolYear],
            [OldSection_SectionIdentifier],
            [OldSection_SessionName],
            [OldStudent_StudentUniqueId],
            [OldStudent_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[AttendanceEventCategoryDescriptor_DescriptorId]),
            (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[AttendanceEventCategoryDescriptor_DescriptorId]),
            o.[EventDate],
            o.[Section_LocalCourseCode],
            o.[Section_SchoolId],
            o.[Section_SchoolYear],
            o.[Section_SectionIdentifier],
            o.[Section_SessionName],
            o.[Student_StudentUniqueId],
            o.[Student_DocumentId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[StudentSectionAttendanceEvent] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[AttendanceEventCategoryDescriptor_DescriptorId],
            d.[EventDate],
            d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_LocalCourseCode]),
            d.[Section_SchoolId],
            d.[Section_SchoolYear],
            d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_SectionIdentifier]),
            d.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_SessionName]),
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[AttendanceEventCategoryDescriptor_DescriptorId],
            i.[EventDate],
            i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_LocalCourseCode]),
            i.[Section_SchoolId],
            i.[Section_SchoolYear],
            i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_SectionIdentifier]),
            i.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_SessionName]),
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[StudentSectionAttendanceEvent] (
        [OldAttendanceEventCategoryDescriptor_Namespace],
        [NewAttendanceEventCategoryDescriptor_Namespace],
        [OldAttendanceEventCategoryDescriptor_CodeValue],
        [NewAttendanceEventCategoryDescriptor_CodeValue],
        [OldEventDate],
        [NewEventDate],
        [OldSection_LocalCourseCode],
        [NewSection_LocalCourseCode],
        [OldSection_SchoolId],
        [NewSection_SchoolId],
        [OldSection_SchoolYear],
        [NewSection_SchoolYear],
        [OldSection_SectionIdentifier],
        [NewSection_SectionIdentifier],
        [OldSection_SessionName],
        [NewSection_SessionName],
        [OldStudent_StudentUniqueId],
        [NewStudent_StudentUniqueId],
        [OldStudent_DocumentId],
        [NewStudent_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[AttendanceEventCategoryDescriptor_DescriptorId]),
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[AttendanceEventCategoryDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[AttendanceEventCategoryDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[AttendanceEventCategoryDescriptor_DescriptorId]),
        o.[EventDate],
        n.[EventDate],
        o.[Section_LocalCourseCode],
        n.[Section_LocalCourseCode],
        o.[Section_SchoolId],
        n.[Section_SchoolId],
        o.[Section_SchoolYear],
        n.[Section_SchoolYear],
        o.[Section_SectionIdentifier],
        n.[Section_SectionIdentifier],
        o.[Section_SessionName],
        n.[Section_SessionName],
        o.[Student_StudentUniqueId],
        n.[Student_StudentUniqueId],
        o.[Student_DocumentId],
        n.[Student_DocumentId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [edfi].[TR_Survey_Stamp]
ON [edfi].[Survey]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [edfi].[Survey] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([Session_DocumentId])
        OR UPDATE([Session_SchoolId])
        OR UPDATE([Session_SchoolYear])
        OR UPDATE([Session_SessionName])
        OR UPDATE([Namespace])
        OR UPDATE([SurveyIdentifier])
        OR UPDATE([SurveyTitle]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Session_DocumentId] AS c2,
            i.[Session_SchoolId] AS c3,
            i.[Session_SchoolYear] AS c4,
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Session_SessionName]) AS c6,
            i.[Namespace] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[Namespace]) AS c8,
            i.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[SurveyIdentifier]) AS c10,
            i.[SurveyTitle] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[SurveyTitle]) AS c12
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Session_DocumentId] AS c2,
            d.[Session_SchoolId] AS c3,
            d.[Session_SchoolYear] AS c4,
            d.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Session_SessionName]) AS c6,
            d.[Namespace] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[Namespace]) AS c8,
            d.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[SurveyIdentifier]) AS c10,
            d.[SurveyTitle] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[SurveyTitle]) AS c12
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Session_DocumentId] AS c2,
            d.[Session_SchoolId] AS c3,
            d.[Session_SchoolYear] AS c4,
            d.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[Session_SessionName]) AS c6,
            d.[Namespace] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(d.[Namespace]) AS c8,
            d.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(d.[SurveyIdentifier]) AS c10,
            d.[SurveyTitle] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[SurveyTitle]) AS c12
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Session_DocumentId] AS c2,
            i.[Session_SchoolId] AS c3,
            i.[Session_SchoolYear] AS c4,
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[Session_SessionName]) AS c6,
            i.[Namespace] COLLATE Latin1_General_100_BIN2 AS c7,
            DATALENGTH(i.[Namespace]) AS c8,
            i.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2 AS c9,
            DATALENGTH(i.[SurveyIdentifier]) AS c10,
            i.[SurveyTitle] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[SurveyTitle]) AS c12
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_edfi].[Survey] (
            [OldNamespace],
            [OldSurveyIdentifier],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[Namespace],
            o.[SurveyIdentifier],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[Survey] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Namespace]),
            d.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[SurveyIdentifier])
        EXCEPT
        SELECT
            i.[Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Namespace]),
            i.[SurveyIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SurveyIdentifier])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_edfi].[Survey] (
        [OldNamespace],
        [NewNamespace],
        [OldSurveyIdentifier],
        [NewSurveyIdentifier],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[Namespace],
        n.[Namespace],
        o.[SurveyIdentifier],
        n.[SurveyIdentifier],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [transport].[TR_Bus_Stamp]
ON [transport].[Bus]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [transport].[Bus] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([LocalEducationAgency_DocumentId])
        OR UPDATE([LocalEducationAgency_LocalEducationAgencyId])
        OR UPDATE([BusId])
        OR UPDATE([Seats]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            i.[BusId] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[BusId]) AS c5,
            i.[Seats] AS c6
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            d.[BusId] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[BusId]) AS c5,
            d.[Seats] AS c6
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[LocalEducationAgency_DocumentId] AS c2,
            d.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            d.[BusId] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(d.[BusId]) AS c5,
            d.[Seats] AS c6
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[LocalEducationAgency_DocumentId] AS c2,
            i.[LocalEducationAgency_LocalEducationAgencyId] AS c3,
            i.[BusId] COLLATE Latin1_General_100_BIN2 AS c4,
            DATALENGTH(i.[BusId]) AS c5,
            i.[Seats] AS c6
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_transport].[Bus] (
            [OldBusId],
            [OldLocalEducationAgency_LocalEducationAgencyId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[BusId],
            o.[LocalEducationAgency_LocalEducationAgencyId],
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [transport].[Bus] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[BusId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[BusId])
        EXCEPT
        SELECT
            i.[BusId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[BusId])
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_transport].[Bus] (
        [OldBusId],
        [NewBusId],
        [OldLocalEducationAgency_LocalEducationAgencyId],
        [NewLocalEducationAgency_LocalEducationAgencyId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[BusId],
        n.[BusId],
        o.[LocalEducationAgency_LocalEducationAgencyId],
        n.[LocalEducationAgency_LocalEducationAgencyId],
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [transport].[TR_SchoolExtension_Stamp]
ON [transport].[SchoolExtension]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[IsBusHub] AS c2
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[IsBusHub] AS c2
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[IsBusHub] AS c2
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[IsBusHub] AS c2
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [transport].[TR_SchoolExtensionBusStop_Stamp]
ON [transport].[SchoolExtensionBusStop]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[BusStopBus_DocumentId] AS c4,
            i.[BusStopBus_BusId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[BusStopBus_BusId]) AS c6,
            i.[BusRouteDescriptor_DescriptorId] AS c7,
            i.[StopName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StopName]) AS c9
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[BusStopBus_DocumentId] AS c4,
            d.[BusStopBus_BusId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[BusStopBus_BusId]) AS c6,
            d.[BusRouteDescriptor_DescriptorId] AS c7,
            d.[StopName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StopName]) AS c9
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[School_DocumentId] AS c3,
            d.[BusStopBus_DocumentId] AS c4,
            d.[BusStopBus_BusId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[BusStopBus_BusId]) AS c6,
            d.[BusRouteDescriptor_DescriptorId] AS c7,
            d.[StopName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StopName]) AS c9
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[School_DocumentId] AS c3,
            i.[BusStopBus_DocumentId] AS c4,
            i.[BusStopBus_BusId] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[BusStopBus_BusId]) AS c6,
            i.[BusRouteDescriptor_DescriptorId] AS c7,
            i.[StopName] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StopName]) AS c9
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [transport].[TR_SchoolExtensionBusStopDeparture_Stamp]
ON [transport].[SchoolExtensionBusStopDeparture]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @changed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @changed ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[ParentCollectionItemId] AS c3,
            i.[School_DocumentId] AS c4,
            i.[DepartsAt] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[DepartsAt]) AS c6
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[ParentCollectionItemId] AS c3,
            d.[School_DocumentId] AS c4,
            d.[DepartsAt] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[DepartsAt]) AS c6
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[School_DocumentId] AS [document],
            d.[CollectionItemId] AS c1,
            d.[Ordinal] AS c2,
            d.[ParentCollectionItemId] AS c3,
            d.[School_DocumentId] AS c4,
            d.[DepartsAt] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(d.[DepartsAt]) AS c6
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[School_DocumentId] AS [document],
            i.[CollectionItemId] AS c1,
            i.[Ordinal] AS c2,
            i.[ParentCollectionItemId] AS c3,
            i.[School_DocumentId] AS c4,
            i.[DepartsAt] COLLATE Latin1_General_100_BIN2 AS c5,
            DATALENGTH(i.[DepartsAt]) AS c6
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT t.[DocumentId]
    FROM @changed AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK, UPDLOCK) ON t.[DocumentId] = c.[DocumentId];
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [edfi].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [transport].[TR_StudentBusRide_Stamp]
ON [transport].[StudentBusRide]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM deleted)
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
        UPDATE t
        SET [ContentVersion] = d.[ContentVersion],
            [ContentLastModifiedAt] = d.[ContentLastModifiedAt]
        FROM inserted AS i
        INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = i.[DocumentId]
        INNER LOOP JOIN [transport].[StudentBusRide] AS t WITH (FORCESEEK) ON t.[DocumentId] = i.[DocumentId];
        RETURN;
    END;
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (UPDATE([DocumentId])
        OR UPDATE([Bus_DocumentId])
        OR UPDATE([Bus_BusId])
        OR UPDATE([StudentSchoolAssociation_DocumentId])
        OR UPDATE([StudentSchoolAssociation_EntryDate])
        OR UPDATE([StudentSchoolAssociation_SchoolId])
        OR UPDATE([StudentSchoolAssociation_StudentUniqueId])
        OR UPDATE([BusRouteDescriptor_DescriptorId])
        OR UPDATE([StopName]))
        RETURN;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT o.[document]
    FROM (
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Bus_DocumentId] AS c2,
            i.[Bus_BusId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Bus_BusId]) AS c4,
            i.[StudentSchoolAssociation_DocumentId] AS c5,
            i.[StudentSchoolAssociation_EntryDate] AS c6,
            i.[StudentSchoolAssociation_SchoolId] AS c7,
            i.[StudentSchoolAssociation_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StudentSchoolAssociation_StudentUniqueId]) AS c9,
            i.[BusRouteDescriptor_DescriptorId] AS c10,
            i.[StopName] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[StopName]) AS c12
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Bus_DocumentId] AS c2,
            d.[Bus_BusId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Bus_BusId]) AS c4,
            d.[StudentSchoolAssociation_DocumentId] AS c5,
            d.[StudentSchoolAssociation_EntryDate] AS c6,
            d.[StudentSchoolAssociation_SchoolId] AS c7,
            d.[StudentSchoolAssociation_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StudentSchoolAssociation_StudentUniqueId]) AS c9,
            d.[BusRouteDescriptor_DescriptorId] AS c10,
            d.[StopName] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[StopName]) AS c12
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[document]
    FROM (
        SELECT
            d.[DocumentId] AS [document],
            d.[DocumentId] AS c1,
            d.[Bus_DocumentId] AS c2,
            d.[Bus_BusId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(d.[Bus_BusId]) AS c4,
            d.[StudentSchoolAssociation_DocumentId] AS c5,
            d.[StudentSchoolAssociation_EntryDate] AS c6,
            d.[StudentSchoolAssociation_SchoolId] AS c7,
            d.[StudentSchoolAssociation_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(d.[StudentSchoolAssociation_StudentUniqueId]) AS c9,
            d.[BusRouteDescriptor_DescriptorId] AS c10,
            d.[StopName] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(d.[StopName]) AS c12
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DocumentId] AS [document],
            i.[DocumentId] AS c1,
            i.[Bus_DocumentId] AS c2,
            i.[Bus_BusId] COLLATE Latin1_General_100_BIN2 AS c3,
            DATALENGTH(i.[Bus_BusId]) AS c4,
            i.[StudentSchoolAssociation_DocumentId] AS c5,
            i.[StudentSchoolAssociation_EntryDate] AS c6,
            i.[StudentSchoolAssociation_SchoolId] AS c7,
            i.[StudentSchoolAssociation_StudentUniqueId] COLLATE Latin1_General_100_BIN2 AS c8,
            DATALENGTH(i.[StudentSchoolAssociation_StudentUniqueId]) AS c9,
            i.[BusRouteDescriptor_DescriptorId] AS c10,
            i.[StopName] COLLATE Latin1_General_100_BIN2 AS c11,
            DATALENGTH(i.[StopName]) AS c12
        FROM inserted AS i
    ) AS o;
    IF @@ROWCOUNT = 0 RETURN;
    DECLARE @stamped TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ContentVersion] bigint NOT NULL,
        [ContentLastModifiedAt] datetime2(7) NOT NULL,
        [DocumentUuid] uniqueidentifier NOT NULL
    );
    DECLARE @now datetime2(7) = sysutcdatetime();
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = @now
    OUTPUT inserted.[DocumentId], inserted.[ContentVersion], inserted.[ContentLastModifiedAt], inserted.[DocumentUuid]
    INTO @stamped ([DocumentId], [ContentVersion], [ContentLastModifiedAt], [DocumentUuid])
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;
    IF NOT EXISTS (SELECT 1 FROM inserted)
    BEGIN
        INSERT INTO [tracked_changes_transport].[StudentBusRide] (
            [OldBus_BusId],
            [OldBusRouteDescriptor_Namespace],
            [OldBusRouteDescriptor_CodeValue],
            [OldStudentSchoolAssociation_SchoolId],
            [OldStudentSchoolAssociation_Student_DocumentId],
            [Id],
            [ChangeVersion]
        )
        SELECT
            o.[Bus_BusId],
            (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[BusRouteDescriptor_DescriptorId]),
            (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[BusRouteDescriptor_DescriptorId]),
            o.[StudentSchoolAssociation_SchoolId],
            (SELECT s.[Student_DocumentId] FROM [edfi].[StudentSchoolAssociation] AS s WHERE s.[DocumentId] = o.[StudentSchoolAssociation_DocumentId]),
            c.[DocumentUuid],
            c.[ContentVersion]
        FROM @stamped AS c
        INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
        RETURN;
    END;
    UPDATE t
    SET [ContentVersion] = c.[ContentVersion],
        [ContentLastModifiedAt] = c.[ContentLastModifiedAt]
    FROM @stamped AS c
    INNER LOOP JOIN [transport].[StudentBusRide] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Bus_BusId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Bus_BusId]),
            d.[BusRouteDescriptor_DescriptorId]
        EXCEPT
        SELECT
            i.[Bus_BusId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Bus_BusId]),
            i.[BusRouteDescriptor_DescriptorId]
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [IdentityVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [IdentityLastModifiedAt] = sysutcdatetime()
    FROM @renamed AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    INSERT INTO [tracked_changes_transport].[StudentBusRide] (
        [OldBus_BusId],
        [NewBus_BusId],
        [OldBusRouteDescriptor_Namespace],
        [NewBusRouteDescriptor_Namespace],
        [OldBusRouteDescriptor_CodeValue],
        [NewBusRouteDescriptor_CodeValue],
        [OldStudentSchoolAssociation_SchoolId],
        [NewStudentSchoolAssociation_SchoolId],
        [OldStudentSchoolAssociation_Student_DocumentId],
        [NewStudentSchoolAssociation_Student_DocumentId],
        [Id],
        [ChangeVersion]
    )
    SELECT
        o.[Bus_BusId],
        n.[Bus_BusId],
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[BusRouteDescriptor_DescriptorId]),
        (SELECT r.[Namespace] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[BusRouteDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = o.[BusRouteDescriptor_DescriptorId]),
        (SELECT r.[CodeValue] FROM [dms].[Descriptor] AS r WHERE r.[DocumentId] = n.[BusRouteDescriptor_DescriptorId]),
        o.[StudentSchoolAssociation_SchoolId],
        n.[StudentSchoolAssociation_SchoolId],
        (SELECT s.[Student_DocumentId] FROM [edfi].[StudentSchoolAssociation] AS s WHERE s.[DocumentId] = o.[StudentSchoolAssociation_DocumentId]),
        (SELECT s.[Student_DocumentId] FROM [edfi].[StudentSchoolAssociation] AS s WHERE s.[DocumentId] = n.[StudentSchoolAssociation_DocumentId]),
        c.[DocumentUuid],
        c.[ContentVersion]
    FROM @stamped AS c
    INNER JOIN @renamed AS k ON k.[DocumentId] = c.[DocumentId]
    INNER JOIN inserted AS n ON n.[DocumentId] = c.[DocumentId]
    INNER JOIN deleted AS o ON o.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 16: Seed Data (insert-if-missing + validation)
-- ==========================================================

-- DataStoreIdentity singleton insert-if-missing
IF NOT EXISTS (SELECT 1 FROM [dms].[DataStoreIdentity] WHERE [DataStoreIdentitySingletonId] = 1) INSERT INTO [dms].[DataStoreIdentity] ([DataStoreIdentitySingletonId], [SourceIdentity]) VALUES (1, NEWID());

-- DocumentCacheState singleton insert-if-missing
IF NOT EXISTS (SELECT 1 FROM [dms].[DocumentCacheState] WHERE [StateId] = 1) INSERT INTO [dms].[DocumentCacheState] ([StateId], [ProjectionLifecycleState], [CacheAheadRecoveryRequired]) VALUES (1, 'Disabled', 0);

-- ResourceKey seed inserts (insert-if-missing)
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 1) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (1, N'Ed-Fi', N'AddressTypeDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 2) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (2, N'Ed-Fi', N'AttendanceEventCategoryDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 3) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (3, N'Ed-Fi', N'Calendar', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 4) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (4, N'Ed-Fi', N'Contact', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 5) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (5, N'Ed-Fi', N'CourseOffering', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 6) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (6, N'Ed-Fi', N'EducationOrganization', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 7) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (7, N'Ed-Fi', N'EmploymentStatusDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 8) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (8, N'Ed-Fi', N'GradeLevelDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 9) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (9, N'Ed-Fi', N'LocalEducationAgency', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 10) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (10, N'Ed-Fi', N'ResponsibilityDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 11) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (11, N'Ed-Fi', N'School', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 12) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (12, N'Ed-Fi', N'SchoolYearType', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 13) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (13, N'Ed-Fi', N'Section', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 14) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (14, N'Ed-Fi', N'Session', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 15) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (15, N'Ed-Fi', N'Staff', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 16) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (16, N'Ed-Fi', N'StaffClassificationDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 17) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (17, N'Ed-Fi', N'StaffEducationOrganizationAssignmentAssociation', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 18) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (18, N'Ed-Fi', N'StaffEducationOrganizationEmploymentAssociation', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 19) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (19, N'Ed-Fi', N'Student', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 20) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (20, N'Ed-Fi', N'StudentContactAssociation', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 21) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (21, N'Ed-Fi', N'StudentEducationOrganizationResponsibilityAssociation', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 22) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (22, N'Ed-Fi', N'StudentSchoolAssociation', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 23) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (23, N'Ed-Fi', N'StudentSectionAttendanceEvent', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 24) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (24, N'Ed-Fi', N'Survey', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 25) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (25, N'Ed-Fi', N'TermDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 26) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (26, N'Transport', N'Bus', N'0.3.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 27) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (27, N'Transport', N'BusRouteDescriptor', N'0.3.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 28) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (28, N'Transport', N'StudentBusRide', N'0.3.0');

-- ResourceKey full-table validation (count + content)
DECLARE @resource_key_count int;
DECLARE @resource_key_mismatch_count int;
DECLARE @resource_key_mismatch_keys nvarchar(500);
SELECT @resource_key_count = COUNT(*) FROM [dms].[ResourceKey] AS actual;
IF @resource_key_count <> 28
BEGIN
    DECLARE @resource_key_count_message nvarchar(500) = N'dms.ResourceKey count mismatch: expected 28, found ' + CAST(@resource_key_count AS nvarchar(20));
    THROW 50000, @resource_key_count_message, 1;
END
SELECT @resource_key_mismatch_count = COUNT(*)
FROM [dms].[ResourceKey] AS actual
WHERE NOT EXISTS (
    SELECT 1
    FROM (VALUES
        (1, N'Ed-Fi', N'AddressTypeDescriptor', N'1.0.0'),
        (2, N'Ed-Fi', N'AttendanceEventCategoryDescriptor', N'1.0.0'),
        (3, N'Ed-Fi', N'Calendar', N'1.0.0'),
        (4, N'Ed-Fi', N'Contact', N'1.0.0'),
        (5, N'Ed-Fi', N'CourseOffering', N'1.0.0'),
        (6, N'Ed-Fi', N'EducationOrganization', N'1.0.0'),
        (7, N'Ed-Fi', N'EmploymentStatusDescriptor', N'1.0.0'),
        (8, N'Ed-Fi', N'GradeLevelDescriptor', N'1.0.0'),
        (9, N'Ed-Fi', N'LocalEducationAgency', N'1.0.0'),
        (10, N'Ed-Fi', N'ResponsibilityDescriptor', N'1.0.0'),
        (11, N'Ed-Fi', N'School', N'1.0.0'),
        (12, N'Ed-Fi', N'SchoolYearType', N'1.0.0'),
        (13, N'Ed-Fi', N'Section', N'1.0.0'),
        (14, N'Ed-Fi', N'Session', N'1.0.0'),
        (15, N'Ed-Fi', N'Staff', N'1.0.0'),
        (16, N'Ed-Fi', N'StaffClassificationDescriptor', N'1.0.0'),
        (17, N'Ed-Fi', N'StaffEducationOrganizationAssignmentAssociation', N'1.0.0'),
        (18, N'Ed-Fi', N'StaffEducationOrganizationEmploymentAssociation', N'1.0.0'),
        (19, N'Ed-Fi', N'Student', N'1.0.0'),
        (20, N'Ed-Fi', N'StudentContactAssociation', N'1.0.0'),
        (21, N'Ed-Fi', N'StudentEducationOrganizationResponsibilityAssociation', N'1.0.0'),
        (22, N'Ed-Fi', N'StudentSchoolAssociation', N'1.0.0'),
        (23, N'Ed-Fi', N'StudentSectionAttendanceEvent', N'1.0.0'),
        (24, N'Ed-Fi', N'Survey', N'1.0.0'),
        (25, N'Ed-Fi', N'TermDescriptor', N'1.0.0'),
        (26, N'Transport', N'Bus', N'0.3.0'),
        (27, N'Transport', N'BusRouteDescriptor', N'0.3.0'),
        (28, N'Transport', N'StudentBusRide', N'0.3.0')
    ) AS expected ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion])
    WHERE expected.[ResourceKeyId] = actual.[ResourceKeyId]
        AND expected.[ProjectName] = actual.[ProjectName]
        AND expected.[ResourceName] = actual.[ResourceName]
        AND expected.[ResourceVersion] = actual.[ResourceVersion]
);
IF @resource_key_mismatch_count > 0
BEGIN
    SELECT @resource_key_mismatch_keys = STRING_AGG(listed.[text], N', ') WITHIN GROUP (ORDER BY listed.[key])
    FROM (
        SELECT TOP (10) actual.[ResourceKeyId] AS [key], CAST(actual.[ResourceKeyId] AS nvarchar(10)) AS [text]
        FROM [dms].[ResourceKey] AS actual
        WHERE NOT EXISTS (
            SELECT 1
            FROM (VALUES
                (1, N'Ed-Fi', N'AddressTypeDescriptor', N'1.0.0'),
                (2, N'Ed-Fi', N'AttendanceEventCategoryDescriptor', N'1.0.0'),
                (3, N'Ed-Fi', N'Calendar', N'1.0.0'),
                (4, N'Ed-Fi', N'Contact', N'1.0.0'),
                (5, N'Ed-Fi', N'CourseOffering', N'1.0.0'),
                (6, N'Ed-Fi', N'EducationOrganization', N'1.0.0'),
                (7, N'Ed-Fi', N'EmploymentStatusDescriptor', N'1.0.0'),
                (8, N'Ed-Fi', N'GradeLevelDescriptor', N'1.0.0'),
                (9, N'Ed-Fi', N'LocalEducationAgency', N'1.0.0'),
                (10, N'Ed-Fi', N'ResponsibilityDescriptor', N'1.0.0'),
                (11, N'Ed-Fi', N'School', N'1.0.0'),
                (12, N'Ed-Fi', N'SchoolYearType', N'1.0.0'),
                (13, N'Ed-Fi', N'Section', N'1.0.0'),
                (14, N'Ed-Fi', N'Session', N'1.0.0'),
                (15, N'Ed-Fi', N'Staff', N'1.0.0'),
                (16, N'Ed-Fi', N'StaffClassificationDescriptor', N'1.0.0'),
                (17, N'Ed-Fi', N'StaffEducationOrganizationAssignmentAssociation', N'1.0.0'),
                (18, N'Ed-Fi', N'StaffEducationOrganizationEmploymentAssociation', N'1.0.0'),
                (19, N'Ed-Fi', N'Student', N'1.0.0'),
                (20, N'Ed-Fi', N'StudentContactAssociation', N'1.0.0'),
                (21, N'Ed-Fi', N'StudentEducationOrganizationResponsibilityAssociation', N'1.0.0'),
                (22, N'Ed-Fi', N'StudentSchoolAssociation', N'1.0.0'),
                (23, N'Ed-Fi', N'StudentSectionAttendanceEvent', N'1.0.0'),
                (24, N'Ed-Fi', N'Survey', N'1.0.0'),
                (25, N'Ed-Fi', N'TermDescriptor', N'1.0.0'),
                (26, N'Transport', N'Bus', N'0.3.0'),
                (27, N'Transport', N'BusRouteDescriptor', N'0.3.0'),
                (28, N'Transport', N'StudentBusRide', N'0.3.0')
            ) AS expected ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion])
            WHERE expected.[ResourceKeyId] = actual.[ResourceKeyId]
                AND expected.[ProjectName] = actual.[ProjectName]
                AND expected.[ResourceName] = actual.[ResourceName]
                AND expected.[ResourceVersion] = actual.[ResourceVersion]
        )
        ORDER BY actual.[ResourceKeyId]
    ) AS listed;
    DECLARE @resource_key_content_message nvarchar(500) = LEFT(N'dms.ResourceKey contents mismatch: ' + CAST(@resource_key_mismatch_count AS nvarchar(20)) + N' unexpected or modified rows (ResourceKeyIds: ' + @resource_key_mismatch_keys + N'). Run dms-ddl provision for a row-level diff.', 500);
    THROW 50000, @resource_key_content_message, 1;
END

-- EffectiveSchema singleton insert-if-missing
IF NOT EXISTS (SELECT 1 FROM [dms].[EffectiveSchema] WHERE [EffectiveSchemaSingletonId] = 1) INSERT INTO [dms].[EffectiveSchema] ([EffectiveSchemaSingletonId], [ApiSchemaFormatVersion], [EffectiveSchemaHash], [ResourceKeyCount], [ResourceKeySeedHash]) VALUES (1, N'1.0.0', N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', 28, 0x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7);

-- EffectiveSchema validation (ApiSchemaFormatVersion + ResourceKeyCount + ResourceKeySeedHash)
DECLARE @schema_version nvarchar(64);
DECLARE @schema_count smallint;
DECLARE @schema_seed_hash binary(32);
SELECT @schema_version = [ApiSchemaFormatVersion], @schema_count = [ResourceKeyCount], @schema_seed_hash = [ResourceKeySeedHash]
FROM [dms].[EffectiveSchema]
WHERE [EffectiveSchemaSingletonId] = 1;
IF EXISTS (SELECT 1 FROM [dms].[EffectiveSchema] WHERE [EffectiveSchemaSingletonId] = 1)
BEGIN
    IF @schema_version IS NULL OR LEN(LTRIM(RTRIM(@schema_version))) = 0
        THROW 50000, N'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.', 1;
    IF @schema_count <> 28
    BEGIN
        DECLARE @schema_count_message nvarchar(500) = N'dms.EffectiveSchema ResourceKeyCount mismatch: expected 28, found ' + CAST(@schema_count AS nvarchar(20));
        THROW 50000, @schema_count_message, 1;
    END
    IF @schema_seed_hash <> 0x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7
    BEGIN
        DECLARE @schema_hash_message nvarchar(500) = N'dms.EffectiveSchema ResourceKeySeedHash mismatch: stored ' + CONVERT(nvarchar(66), @schema_seed_hash, 1) + N' but expected ' + CONVERT(nvarchar(66), 0x3A85E511E3EE153FB4A856DA055FB2B99731890483D61775D122805D6AB4A7F7, 1);
        THROW 50000, @schema_hash_message, 1;
    END
END

-- SchemaComponent seed inserts (insert-if-missing)
IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent] WHERE [EffectiveSchemaHash] = N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' AND [ProjectEndpointName] = N'ed-fi') INSERT INTO [dms].[SchemaComponent] ([EffectiveSchemaHash], [ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject]) VALUES (N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', N'ed-fi', N'Ed-Fi', N'1.0.0', 0);
IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent] WHERE [EffectiveSchemaHash] = N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' AND [ProjectEndpointName] = N'transport') INSERT INTO [dms].[SchemaComponent] ([EffectiveSchemaHash], [ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject]) VALUES (N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a', N'transport', N'Transport', N'0.3.0', 1);

-- SchemaComponent exact-match validation (count + content)
DECLARE @component_count int;
DECLARE @component_mismatch_count int;
DECLARE @component_mismatch_keys nvarchar(500);
SELECT @component_count = COUNT(*) FROM [dms].[SchemaComponent] AS actual WHERE actual.[EffectiveSchemaHash] = N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a';
IF @component_count <> 2
BEGIN
    DECLARE @component_count_message nvarchar(500) = N'dms.SchemaComponent count mismatch: expected 2, found ' + CAST(@component_count AS nvarchar(20));
    THROW 50000, @component_count_message, 1;
END
SELECT @component_mismatch_count = COUNT(*)
FROM [dms].[SchemaComponent] AS actual
WHERE actual.[EffectiveSchemaHash] = N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' AND NOT EXISTS (
    SELECT 1
    FROM (VALUES
        (N'ed-fi', N'Ed-Fi', N'1.0.0', 0),
        (N'transport', N'Transport', N'0.3.0', 1)
    ) AS expected ([ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject])
    WHERE expected.[ProjectEndpointName] = actual.[ProjectEndpointName]
        AND expected.[ProjectName] = actual.[ProjectName]
        AND expected.[ProjectVersion] = actual.[ProjectVersion]
        AND expected.[IsExtensionProject] = actual.[IsExtensionProject]
);
IF @component_mismatch_count > 0
BEGIN
    SELECT @component_mismatch_keys = STRING_AGG(listed.[text], N', ') WITHIN GROUP (ORDER BY listed.[key])
    FROM (
        SELECT TOP (10) actual.[ProjectEndpointName] AS [key], actual.[ProjectEndpointName] AS [text]
        FROM [dms].[SchemaComponent] AS actual
        WHERE actual.[EffectiveSchemaHash] = N'8593eaa1511454c9a8b31efcf43402c8fb1dae9ece6dd335d183de273da7e91a' AND NOT EXISTS (
            SELECT 1
            FROM (VALUES
                (N'ed-fi', N'Ed-Fi', N'1.0.0', 0),
                (N'transport', N'Transport', N'0.3.0', 1)
            ) AS expected ([ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject])
            WHERE expected.[ProjectEndpointName] = actual.[ProjectEndpointName]
                AND expected.[ProjectName] = actual.[ProjectName]
                AND expected.[ProjectVersion] = actual.[ProjectVersion]
                AND expected.[IsExtensionProject] = actual.[IsExtensionProject]
        )
        ORDER BY actual.[ProjectEndpointName]
    ) AS listed;
    DECLARE @component_content_message nvarchar(500) = LEFT(N'dms.SchemaComponent contents mismatch: ' + CAST(@component_mismatch_count AS nvarchar(20)) + N' unexpected or modified rows (ProjectEndpointNames: ' + @component_mismatch_keys + N'). Run dms-ddl provision for a row-level diff.', 500);
    THROW 50000, @component_content_message, 1;
END

COMMIT TRANSACTION
GO

IF @@ERROR <> 0 AND @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
SET NOEXEC OFF;

