SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;
SET NUMERIC_ROUNDABORT OFF;
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 0: Preflight (fail fast on schema hash mismatch)
-- ==========================================================

-- Preflight: fail fast if database is provisioned for a different schema hash
IF OBJECT_ID(N'dms.EffectiveSchema', N'U') IS NOT NULL
BEGIN
    DECLARE @preflight_stored_hash nvarchar(64);
    SELECT @preflight_stored_hash = [EffectiveSchemaHash]
    FROM [dms].[EffectiveSchema]
    WHERE [EffectiveSchemaSingletonId] = 1;
    IF @preflight_stored_hash <> N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf'
    BEGIN
        DECLARE @preflight_message nvarchar(500) = N'EffectiveSchemaHash mismatch: database has ''' + @preflight_stored_hash + N''' but expected ''' + N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' + N'''';
        IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
        RAISERROR(N'%s', 16, 1, @preflight_message);
        SET NOEXEC ON;
    END
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

-- ==========================================================
-- Phase 4: Functions
-- ==========================================================

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER FUNCTION [dms].[uuidv5](@namespace_uuid uniqueidentifier, @name_text nvarchar(max))
RETURNS uniqueidentifier
WITH SCHEMABINDING
AS
BEGIN
    DECLARE @namespace binary(16) = CAST(@namespace_uuid AS binary(16));
    DECLARE @name varbinary(max) = CAST(CAST(@name_text COLLATE Latin1_General_100_CI_AS_SC_UTF8 AS varchar(max)) AS varbinary(max));
    DECLARE @hash binary(16) = SUBSTRING(HASHBYTES(N'SHA1', SUBSTRING(@namespace, 4, 1) + SUBSTRING(@namespace, 3, 1) + SUBSTRING(@namespace, 2, 1) + SUBSTRING(@namespace, 1, 1) + SUBSTRING(@namespace, 6, 1) + SUBSTRING(@namespace, 5, 1) + SUBSTRING(@namespace, 8, 1) + SUBSTRING(@namespace, 7, 1) + SUBSTRING(@namespace, 9, 8) + @name), 1, 16);
    DECLARE @uuid binary(16) = SUBSTRING(@hash, 1, 6)
        + CAST((CAST(SUBSTRING(@hash, 7, 1) AS int) & 15) | 80 AS binary(1)) + SUBSTRING(@hash, 8, 1)
        + CAST((CAST(SUBSTRING(@hash, 9, 1) AS int) & 63) | 128 AS binary(1)) + SUBSTRING(@hash, 10, 7);
    RETURN CAST(CAST(SUBSTRING(@uuid, 4, 1) + SUBSTRING(@uuid, 3, 1) + SUBSTRING(@uuid, 2, 1) + SUBSTRING(@uuid, 1, 1) + SUBSTRING(@uuid, 6, 1) + SUBSTRING(@uuid, 5, 1) + SUBSTRING(@uuid, 8, 1) + SUBSTRING(@uuid, 7, 1) + SUBSTRING(@uuid, 9, 8) AS binary(16)) AS uniqueidentifier);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 5: Tables (PK/UNIQUE/CHECK only, no cross-table FKs)
-- ==========================================================

IF OBJECT_ID(N'dms.Descriptor', N'U') IS NULL
CREATE TABLE [dms].[Descriptor]
(
    [DocumentId] bigint NOT NULL,
    [Namespace] nvarchar(255) NOT NULL,
    [CodeValue] nvarchar(50) NOT NULL,
    [ShortDescription] nvarchar(75) NOT NULL,
    [Description] nvarchar(1024) NULL,
    [EffectiveBeginDate] date NULL,
    [EffectiveEndDate] date NULL,
    [Discriminator] nvarchar(128) NOT NULL,
    [Uri] nvarchar(306) NOT NULL,
    CONSTRAINT [PK_Descriptor] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_Descriptor_Uri_Discriminator' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.Descriptor')
)
ALTER TABLE [dms].[Descriptor]
ADD CONSTRAINT [UX_Descriptor_Uri_Discriminator] UNIQUE ([Uri], [Discriminator]);

IF OBJECT_ID(N'dms.Document', N'U') IS NULL
CREATE TABLE [dms].[Document]
(
    [DocumentId] bigint IDENTITY(1,1) NOT NULL,
    [DocumentUuid] uniqueidentifier NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
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

IF OBJECT_ID(N'dms.DocumentCache', N'U') IS NULL
CREATE TABLE [dms].[DocumentCache]
(
    [DocumentId] bigint NOT NULL,
    [DocumentUuid] uniqueidentifier NOT NULL,
    [ProjectName] nvarchar(256) NOT NULL,
    [ResourceName] nvarchar(256) NOT NULL,
    [ResourceVersion] nvarchar(32) NOT NULL,
    [Etag] nvarchar(64) NOT NULL,
    [LastModifiedAt] datetime2(7) NOT NULL,
    [DocumentJson] nvarchar(max) NOT NULL,
    [ComputedAt] datetime2(7) NOT NULL CONSTRAINT [DF_DocumentCache_ComputedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_DocumentCache] PRIMARY KEY CLUSTERED ([DocumentId])
);

IF NOT EXISTS (
    SELECT 1 FROM sys.key_constraints
    WHERE name = N'UX_DocumentCache_DocumentUuid' AND type = 'UQ' AND parent_object_id = OBJECT_ID(N'dms.DocumentCache')
)
ALTER TABLE [dms].[DocumentCache]
ADD CONSTRAINT [UX_DocumentCache_DocumentUuid] UNIQUE ([DocumentUuid]);

IF NOT EXISTS (
    SELECT 1 FROM sys.check_constraints
    WHERE name = N'CK_DocumentCache_IsJsonObject' AND parent_object_id = OBJECT_ID(N'dms.DocumentCache')
)
ALTER TABLE [dms].[DocumentCache]
ADD CONSTRAINT [CK_DocumentCache_IsJsonObject] CHECK (ISJSON([DocumentJson]) = 1 AND LEFT(LTRIM([DocumentJson]), 1) = '{');

IF OBJECT_ID(N'dms.DocumentChangeEvent', N'U') IS NULL
CREATE TABLE [dms].[DocumentChangeEvent]
(
    [ChangeVersion] bigint NOT NULL,
    [DocumentId] bigint NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
    [CreatedAt] datetime2(7) NOT NULL CONSTRAINT [DF_DocumentChangeEvent_CreatedAt] DEFAULT (sysutcdatetime()),
    CONSTRAINT [PK_DocumentChangeEvent] PRIMARY KEY CLUSTERED ([ChangeVersion], [DocumentId])
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

IF OBJECT_ID(N'dms.ReferentialIdentity', N'U') IS NULL
CREATE TABLE [dms].[ReferentialIdentity]
(
    [ReferentialId] uniqueidentifier NOT NULL,
    [DocumentId] bigint NOT NULL,
    [ResourceKeyId] smallint NOT NULL,
    CONSTRAINT [PK_ReferentialIdentity] PRIMARY KEY NONCLUSTERED ([ReferentialId]),
    CONSTRAINT [UX_ReferentialIdentity_DocumentId_ResourceKeyId] UNIQUE CLUSTERED ([DocumentId], [ResourceKeyId])
);

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
    WHERE name = N'FK_Descriptor_Document' AND parent_object_id = OBJECT_ID(N'dms.Descriptor')
)
ALTER TABLE [dms].[Descriptor]
ADD CONSTRAINT [FK_Descriptor_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
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
    WHERE name = N'FK_DocumentChangeEvent_Document' AND parent_object_id = OBJECT_ID(N'dms.DocumentChangeEvent')
)
ALTER TABLE [dms].[DocumentChangeEvent]
ADD CONSTRAINT [FK_DocumentChangeEvent_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_DocumentChangeEvent_ResourceKey' AND parent_object_id = OBJECT_ID(N'dms.DocumentChangeEvent')
)
ALTER TABLE [dms].[DocumentChangeEvent]
ADD CONSTRAINT [FK_DocumentChangeEvent_ResourceKey] FOREIGN KEY ([ResourceKeyId])
REFERENCES [dms].[ResourceKey] ([ResourceKeyId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_ReferentialIdentity_Document' AND parent_object_id = OBJECT_ID(N'dms.ReferentialIdentity')
)
ALTER TABLE [dms].[ReferentialIdentity]
ADD CONSTRAINT [FK_ReferentialIdentity_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_ReferentialIdentity_ResourceKey' AND parent_object_id = OBJECT_ID(N'dms.ReferentialIdentity')
)
ALTER TABLE [dms].[ReferentialIdentity]
ADD CONSTRAINT [FK_ReferentialIdentity_ResourceKey] FOREIGN KEY ([ResourceKeyId])
REFERENCES [dms].[ResourceKey] ([ResourceKeyId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

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
    WHERE s.name = N'dms' AND t.name = N'Document' AND i.name = N'IX_Document_ResourceKeyId_DocumentId'
)
CREATE INDEX [IX_Document_ResourceKeyId_DocumentId] ON [dms].[Document] ([ResourceKeyId], [DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'DocumentCache' AND i.name = N'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt'
)
CREATE INDEX [IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt] ON [dms].[DocumentCache] ([ProjectName], [ResourceName], [LastModifiedAt], [DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'DocumentChangeEvent' AND i.name = N'IX_DocumentChangeEvent_DocumentId'
)
CREATE INDEX [IX_DocumentChangeEvent_DocumentId] ON [dms].[DocumentChangeEvent] ([DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'dms' AND t.name = N'DocumentChangeEvent' AND i.name = N'IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion'
)
CREATE INDEX [IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion] ON [dms].[DocumentChangeEvent] ([ResourceKeyId], [ChangeVersion], [DocumentId]);

-- ==========================================================
-- Phase 8: Triggers
-- ==========================================================

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER TRIGGER [dms].[TR_Document_Journal]
ON [dms].[Document]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
    IF EXISTS (SELECT 1 FROM deleted) AND NOT UPDATE([ContentVersion]) RETURN;
    INSERT INTO [dms].[DocumentChangeEvent] ([ChangeVersion], [DocumentId], [ResourceKeyId], [CreatedAt])
    SELECT i.[ContentVersion], i.[DocumentId], i.[ResourceKeyId], sysutcdatetime()
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE d.[DocumentId] IS NULL
        OR d.[ContentVersion] <> i.[ContentVersion];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 10: Model Schemas
-- ==========================================================

IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'athletics') EXEC('CREATE SCHEMA [athletics]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'campus') EXEC('CREATE SCHEMA [campus]');
IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'auth') EXEC('CREATE SCHEMA [auth]');

-- ==========================================================
-- Phase 11: Model Tables
-- ==========================================================

IF OBJECT_ID(N'athletics.AthleticLeague', N'U') IS NULL
CREATE TABLE [athletics].[AthleticLeague]
(
    [DocumentId] bigint NOT NULL,
    [SanctioningDistrict_DocumentId] bigint NULL,
    [SanctioningDistrict_DistrictId] bigint NULL,
    [AthleticLeagueId] bigint NOT NULL,
    [LeagueName] nvarchar(90) NOT NULL,
    CONSTRAINT [PK_AthleticLeague] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_AthleticLeague_NK] UNIQUE ([AthleticLeagueId]),
    CONSTRAINT [UX_AthleticLeague_RefKey] UNIQUE ([DocumentId], [AthleticLeagueId]),
    CONSTRAINT [CK_AthleticLeague_SanctioningDistrict_AllNone] CHECK (([SanctioningDistrict_DocumentId] IS NULL AND [SanctioningDistrict_DistrictId] IS NULL) OR ([SanctioningDistrict_DocumentId] IS NOT NULL AND [SanctioningDistrict_DistrictId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.AthleticLeagueSeason', N'U') IS NULL
CREATE TABLE [athletics].[AthleticLeagueSeason]
(
    [AthleticLeague_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [BeginsOn] date NOT NULL,
    [EndsOn] date NULL,
    [EntryFee] decimal(9,2) NULL,
    [SeasonLabel] nvarchar(40) NOT NULL,
    CONSTRAINT [PK_AthleticLeagueSeason] PRIMARY KEY ([AthleticLeague_DocumentId], [Ordinal]),
    CONSTRAINT [UX_AthleticLeagueSeason_SeasonLabel_AthleticLeague_DocumentId] UNIQUE ([AthleticLeague_DocumentId], [SeasonLabel])
);

IF OBJECT_ID(N'athletics.Team', N'U') IS NULL
CREATE TABLE [athletics].[Team]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [AthleticLeague_DocumentId] bigint NULL,
    [AthleticLeague_AthleticLeagueId] bigint NULL,
    [HomeLocation_DocumentId] bigint NULL,
    [HomeLocation_ClassroomCode] nvarchar(60) NULL,
    [HomeLocation_SchoolId] AS (CASE WHEN [HomeLocation_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [SportDescriptor_DescriptorId] bigint NOT NULL,
    [AverageScore] decimal(6,2) NULL,
    [TeamCode] nvarchar(30) NOT NULL,
    [TeamName] nvarchar(90) NOT NULL,
    CONSTRAINT [PK_Team] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Team_NK] UNIQUE ([School_DocumentId], [SportDescriptor_DescriptorId], [TeamCode]),
    CONSTRAINT [UX_Team_RefKey] UNIQUE ([DocumentId], [SchoolId_Unified], [SportDescriptor_DescriptorId], [TeamCode]),
    CONSTRAINT [CK_Team_AthleticLeague_AllNone] CHECK (([AthleticLeague_DocumentId] IS NULL AND [AthleticLeague_AthleticLeagueId] IS NULL) OR ([AthleticLeague_DocumentId] IS NOT NULL AND [AthleticLeague_AthleticLeagueId] IS NOT NULL)),
    CONSTRAINT [CK_Team_HomeLocation_AllNone] CHECK (([HomeLocation_DocumentId] IS NULL AND [HomeLocation_ClassroomCode] IS NULL AND [HomeLocation_SchoolId] IS NULL) OR ([HomeLocation_DocumentId] IS NOT NULL AND [HomeLocation_ClassroomCode] IS NOT NULL AND [HomeLocation_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_Team_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.TeamMatch', N'U') IS NULL
CREATE TABLE [athletics].[TeamMatch]
(
    [Team_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [OpponentTeam_DocumentId] bigint NULL,
    [OpponentTeam_SchoolId] int NULL,
    [OpponentTeam_SportDescriptor_DescriptorId] bigint NULL,
    [OpponentTeam_TeamCode] nvarchar(30) NULL,
    [HomeScore] decimal(5,1) NULL,
    [MatchNumber] int NOT NULL,
    [OpponentScore] decimal(5,1) NULL,
    [PlayedAt] datetime2(7) NOT NULL,
    CONSTRAINT [PK_TeamMatch] PRIMARY KEY ([Team_DocumentId], [Ordinal]),
    CONSTRAINT [UX_TeamMatch_MatchNumber_Team_DocumentId] UNIQUE ([Team_DocumentId], [MatchNumber]),
    CONSTRAINT [CK_TeamMatch_OpponentTeam_AllNone] CHECK (([OpponentTeam_DocumentId] IS NULL AND [OpponentTeam_SchoolId] IS NULL AND [OpponentTeam_SportDescriptor_DescriptorId] IS NULL AND [OpponentTeam_TeamCode] IS NULL) OR ([OpponentTeam_DocumentId] IS NOT NULL AND [OpponentTeam_SchoolId] IS NOT NULL AND [OpponentTeam_SportDescriptor_DescriptorId] IS NOT NULL AND [OpponentTeam_TeamCode] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.TeamMatchPeriod', N'U') IS NULL
CREATE TABLE [athletics].[TeamMatchPeriod]
(
    [Team_DocumentId] bigint NOT NULL,
    [MatchOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [PeriodNumber] int NOT NULL,
    [Points] int NOT NULL,
    CONSTRAINT [PK_TeamMatchPeriod] PRIMARY KEY ([Team_DocumentId], [MatchOrdinal], [Ordinal]),
    CONSTRAINT [UX_TeamMatchPeriod_MatchOrdinal_PeriodNumber_Team_DocumentId] UNIQUE ([Team_DocumentId], [MatchOrdinal], [PeriodNumber])
);

IF OBJECT_ID(N'athletics.TeamRosterEntry', N'U') IS NULL
CREATE TABLE [athletics].[TeamRosterEntry]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [StudentUniqueId_Unified] nvarchar(32) NOT NULL,
    [EligibilityEnrolment_DocumentId] bigint NULL,
    [EligibilityEnrolment_EntryDate] date NULL,
    [EligibilityEnrolment_SchoolId] AS (CASE WHEN [EligibilityEnrolment_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [EligibilityEnrolment_StudentUniqueId] AS (CASE WHEN [EligibilityEnrolment_DocumentId] IS NULL THEN NULL ELSE [StudentUniqueId_Unified] END) PERSISTED,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] AS (CASE WHEN [Student_DocumentId] IS NULL THEN NULL ELSE [StudentUniqueId_Unified] END) PERSISTED,
    [Team_DocumentId] bigint NOT NULL,
    [Team_SchoolId] AS (CASE WHEN [Team_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Team_SportDescriptor_DescriptorId] bigint NOT NULL,
    [Team_TeamCode] nvarchar(30) NOT NULL,
    [IsCaptain] bit NULL,
    [JerseyNumber] int NOT NULL,
    [JoinedOn] date NOT NULL,
    [LeftOn] date NULL,
    CONSTRAINT [PK_TeamRosterEntry] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_TeamRosterEntry_NK] UNIQUE ([JerseyNumber], [Student_DocumentId], [Team_DocumentId]),
    CONSTRAINT [CK_TeamRosterEntry_EligibilityEnrolment_AllNone] CHECK (([EligibilityEnrolment_DocumentId] IS NULL AND [EligibilityEnrolment_EntryDate] IS NULL AND [EligibilityEnrolment_SchoolId] IS NULL AND [EligibilityEnrolment_StudentUniqueId] IS NULL) OR ([EligibilityEnrolment_DocumentId] IS NOT NULL AND [EligibilityEnrolment_EntryDate] IS NOT NULL AND [EligibilityEnrolment_SchoolId] IS NOT NULL AND [EligibilityEnrolment_StudentUniqueId] IS NOT NULL)),
    CONSTRAINT [CK_TeamRosterEntry_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL)),
    CONSTRAINT [CK_TeamRosterEntry_Team_AllNone] CHECK (([Team_DocumentId] IS NULL AND [Team_SchoolId] IS NULL AND [Team_SportDescriptor_DescriptorId] IS NULL AND [Team_TeamCode] IS NULL) OR ([Team_DocumentId] IS NOT NULL AND [Team_SchoolId] IS NOT NULL AND [Team_SportDescriptor_DescriptorId] IS NOT NULL AND [Team_TeamCode] IS NOT NULL))
);

IF OBJECT_ID(N'campus.Assessment', N'U') IS NULL
CREATE TABLE [campus].[Assessment]
(
    [DocumentId] bigint NOT NULL,
    [SponsoringOrganization_DocumentId] bigint NULL,
    [SponsoringOrganization_EducationOrganizationId] bigint NULL,
    [SubjectDescriptor_DescriptorId] bigint NULL,
    [AssessmentIdentifier] nvarchar(60) NOT NULL,
    [AssessmentTitle] nvarchar(120) NOT NULL,
    [IsAdaptive] bit NULL,
    [MaximumRawScore] decimal(15,5) NULL,
    [Namespace] nvarchar(255) NOT NULL,
    [RevisedOn] date NULL,
    [ScoringMethodName] nvarchar(60) NULL,
    [ScoringReviewedAt] datetime2(7) NULL,
    CONSTRAINT [PK_Assessment] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Assessment_NK] UNIQUE ([AssessmentIdentifier], [Namespace]),
    CONSTRAINT [UX_Assessment_RefKey] UNIQUE ([DocumentId], [AssessmentIdentifier], [Namespace]),
    CONSTRAINT [CK_Assessment_SponsoringOrganization_AllNone] CHECK (([SponsoringOrganization_DocumentId] IS NULL AND [SponsoringOrganization_EducationOrganizationId] IS NULL) OR ([SponsoringOrganization_DocumentId] IS NOT NULL AND [SponsoringOrganization_EducationOrganizationId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.AssessmentGradeLevelDescriptor', N'U') IS NULL
CREATE TABLE [campus].[AssessmentGradeLevelDescriptor]
(
    [Assessment_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [GradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    CONSTRAINT [PK_AssessmentGradeLevelDescriptor] PRIMARY KEY ([Assessment_DocumentId], [Ordinal])
);

IF OBJECT_ID(N'campus.AssessmentBand', N'U') IS NULL
CREATE TABLE [campus].[AssessmentBand]
(
    [Assessment_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [BandCode] nvarchar(20) NOT NULL,
    [LowerBound] decimal(8,3) NOT NULL,
    [UpperBound] decimal(8,3) NULL,
    CONSTRAINT [PK_AssessmentBand] PRIMARY KEY ([Assessment_DocumentId], [Ordinal]),
    CONSTRAINT [UX_AssessmentBand_BandCode_Assessment_DocumentId] UNIQUE ([Assessment_DocumentId], [BandCode])
);

IF OBJECT_ID(N'campus.AssessmentBandLabel', N'U') IS NULL
CREATE TABLE [campus].[AssessmentBandLabel]
(
    [Assessment_DocumentId] bigint NOT NULL,
    [BandOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [CultureCode] nvarchar(10) NOT NULL,
    [LabelText] nvarchar(100) NOT NULL,
    CONSTRAINT [PK_AssessmentBandLabel] PRIMARY KEY ([Assessment_DocumentId], [BandOrdinal], [Ordinal]),
    CONSTRAINT [UX_AssessmentBandLabel_BandOrdinal_CultureCode_Assessment_DocumentId] UNIQUE ([Assessment_DocumentId], [BandOrdinal], [CultureCode])
);

IF OBJECT_ID(N'campus.AssessmentItem', N'U') IS NULL
CREATE TABLE [campus].[AssessmentItem]
(
    [DocumentId] bigint NOT NULL,
    [Assessment_DocumentId] bigint NOT NULL,
    [Assessment_AssessmentIdentifier] nvarchar(60) NOT NULL,
    [Assessment_Namespace] nvarchar(255) NOT NULL,
    [ExpectedDuration] nvarchar(30) NULL,
    [ItemCode] nvarchar(60) NOT NULL,
    [MaximumPoints] decimal(6,2) NULL,
    CONSTRAINT [PK_AssessmentItem] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_AssessmentItem_NK] UNIQUE ([Assessment_DocumentId], [ItemCode]),
    CONSTRAINT [UX_AssessmentItem_RefKey] UNIQUE ([DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace], [ItemCode]),
    CONSTRAINT [CK_AssessmentItem_Assessment_AllNone] CHECK (([Assessment_DocumentId] IS NULL AND [Assessment_AssessmentIdentifier] IS NULL AND [Assessment_Namespace] IS NULL) OR ([Assessment_DocumentId] IS NOT NULL AND [Assessment_AssessmentIdentifier] IS NOT NULL AND [Assessment_Namespace] IS NOT NULL))
);

IF OBJECT_ID(N'campus.AssessmentItemPossibleRespons', N'U') IS NULL
CREATE TABLE [campus].[AssessmentItemPossibleRespons]
(
    [AssessmentItem_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [IsCorrect] bit NOT NULL,
    [ResponseValue] nvarchar(60) NOT NULL,
    [Sequence] int NULL,
    CONSTRAINT [PK_AssessmentItemPossibleRespons] PRIMARY KEY ([AssessmentItem_DocumentId], [Ordinal]),
    CONSTRAINT [UX_AssessmentItemPossibleRespons_ResponseValue_AssessmentItem_DocumentId] UNIQUE ([AssessmentItem_DocumentId], [ResponseValue])
);

IF OBJECT_ID(N'campus.Calendar', N'U') IS NULL
CREATE TABLE [campus].[Calendar]
(
    [DocumentId] bigint NOT NULL,
    [SchoolYear_DocumentId] bigint NOT NULL,
    [SchoolYear_SchoolYear] int NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] int NOT NULL,
    [CalendarCode] nvarchar(60) NOT NULL,
    [IsPublished] bit NULL,
    CONSTRAINT [PK_Calendar] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Calendar_NK] UNIQUE ([CalendarCode], [School_DocumentId], [SchoolYear_DocumentId]),
    CONSTRAINT [UX_Calendar_RefKey] UNIQUE ([DocumentId], [CalendarCode], [School_SchoolId], [SchoolYear_SchoolYear]),
    CONSTRAINT [CK_Calendar_SchoolYear_AllNone] CHECK (([SchoolYear_DocumentId] IS NULL AND [SchoolYear_SchoolYear] IS NULL) OR ([SchoolYear_DocumentId] IS NOT NULL AND [SchoolYear_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_Calendar_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.CalendarWeek', N'U') IS NULL
CREATE TABLE [campus].[CalendarWeek]
(
    [Calendar_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [BeginsOn] date NOT NULL,
    [EndsOn] date NOT NULL,
    [InstructionalDays] int NULL,
    [WeekLabel] nvarchar(40) NOT NULL,
    CONSTRAINT [PK_CalendarWeek] PRIMARY KEY ([Calendar_DocumentId], [Ordinal]),
    CONSTRAINT [UX_CalendarWeek_WeekLabel_Calendar_DocumentId] UNIQUE ([Calendar_DocumentId], [WeekLabel])
);

IF OBJECT_ID(N'campus.CalendarDate', N'U') IS NULL
CREATE TABLE [campus].[CalendarDate]
(
    [DocumentId] bigint NOT NULL,
    [Calendar_DocumentId] bigint NOT NULL,
    [Calendar_CalendarCode] nvarchar(60) NOT NULL,
    [Calendar_SchoolId] int NOT NULL,
    [Calendar_SchoolYear] int NOT NULL,
    [EventDate] date NOT NULL,
    CONSTRAINT [PK_CalendarDate] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_CalendarDate_NK] UNIQUE ([Calendar_DocumentId], [EventDate]),
    CONSTRAINT [CK_CalendarDate_Calendar_AllNone] CHECK (([Calendar_DocumentId] IS NULL AND [Calendar_CalendarCode] IS NULL AND [Calendar_SchoolId] IS NULL AND [Calendar_SchoolYear] IS NULL) OR ([Calendar_DocumentId] IS NOT NULL AND [Calendar_CalendarCode] IS NOT NULL AND [Calendar_SchoolId] IS NOT NULL AND [Calendar_SchoolYear] IS NOT NULL))
);

IF OBJECT_ID(N'campus.CalendarDateCalendarEvent', N'U') IS NULL
CREATE TABLE [campus].[CalendarDateCalendarEvent]
(
    [CalendarDate_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [CalendarDayKindDescriptor_DescriptorId] bigint NOT NULL,
    [Note] nvarchar(255) NULL,
    [SpanEndTime] time(7) NULL,
    [SpanStartTime] time(7) NULL,
    CONSTRAINT [PK_CalendarDateCalendarEvent] PRIMARY KEY ([CalendarDate_DocumentId], [Ordinal]),
    CONSTRAINT [UX_CalendarDateCalendarEvent_CalendarDate_DocumentId_CalendarDayKindDescriptor_DescriptorId] UNIQUE ([CalendarDate_DocumentId], [CalendarDayKindDescriptor_DescriptorId])
);

IF OBJECT_ID(N'campus.ClassPeriod', N'U') IS NULL
CREATE TABLE [campus].[ClassPeriod]
(
    [DocumentId] bigint NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] int NOT NULL,
    [AttendanceIsTaken] bit NULL,
    [ClassPeriodName] nvarchar(60) NOT NULL,
    CONSTRAINT [PK_ClassPeriod] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_ClassPeriod_NK] UNIQUE ([ClassPeriodName], [School_DocumentId]),
    CONSTRAINT [UX_ClassPeriod_RefKey] UNIQUE ([DocumentId], [ClassPeriodName], [School_SchoolId]),
    CONSTRAINT [CK_ClassPeriod_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.ClassPeriodMeetingTime', N'U') IS NULL
CREATE TABLE [campus].[ClassPeriodMeetingTime]
(
    [ClassPeriod_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [EndTime] time(7) NOT NULL,
    [StartTime] time(7) NOT NULL,
    [WeekdayNumber] int NULL,
    CONSTRAINT [PK_ClassPeriodMeetingTime] PRIMARY KEY ([ClassPeriod_DocumentId], [Ordinal]),
    CONSTRAINT [UX_ClassPeriodMeetingTime_EndTime_StartTime_ClassPeriod_DocumentId] UNIQUE ([ClassPeriod_DocumentId], [EndTime], [StartTime])
);

IF OBJECT_ID(N'campus.Course', N'U') IS NULL
CREATE TABLE [campus].[Course]
(
    [DocumentId] bigint NOT NULL,
    [EducationOrganization_DocumentId] bigint NOT NULL,
    [EducationOrganization_EducationOrganizationId] bigint NOT NULL,
    [SubjectDescriptor_DescriptorId] bigint NOT NULL,
    [CourseCode] nvarchar(60) NOT NULL,
    [CourseTitle] nvarchar(120) NOT NULL,
    [CreditValueConversionFactor] decimal(9,4) NULL,
    [CreditValueSchemeName] nvarchar(30) NULL,
    [Credits] decimal(6,2) NULL,
    CONSTRAINT [PK_Course] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Course_NK] UNIQUE ([CourseCode], [EducationOrganization_DocumentId]),
    CONSTRAINT [UX_Course_RefKey] UNIQUE ([DocumentId], [CourseCode], [EducationOrganization_EducationOrganizationId]),
    CONSTRAINT [CK_Course_EducationOrganization_AllNone] CHECK (([EducationOrganization_DocumentId] IS NULL AND [EducationOrganization_EducationOrganizationId] IS NULL) OR ([EducationOrganization_DocumentId] IS NOT NULL AND [EducationOrganization_EducationOrganizationId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.CourseOfferedGradeLevel', N'U') IS NULL
CREATE TABLE [campus].[CourseOfferedGradeLevel]
(
    [Course_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [GradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    CONSTRAINT [PK_CourseOfferedGradeLevel] PRIMARY KEY ([Course_DocumentId], [Ordinal]),
    CONSTRAINT [UX_CourseOfferedGradeLevel_Course_DocumentId_GradeLevelDescriptor_DescriptorId] UNIQUE ([Course_DocumentId], [GradeLevelDescriptor_DescriptorId])
);

IF OBJECT_ID(N'campus.CoursePrerequisite', N'U') IS NULL
CREATE TABLE [campus].[CoursePrerequisite]
(
    [Course_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [PrerequisiteCourse_DocumentId] bigint NULL,
    [PrerequisiteCourse_CourseCode] nvarchar(60) NULL,
    [PrerequisiteCourse_EducationOrganizationId] bigint NULL,
    CONSTRAINT [PK_CoursePrerequisite] PRIMARY KEY ([Course_DocumentId], [Ordinal]),
    CONSTRAINT [CK_CoursePrerequisite_PrerequisiteCourse_AllNone] CHECK (([PrerequisiteCourse_DocumentId] IS NULL AND [PrerequisiteCourse_CourseCode] IS NULL AND [PrerequisiteCourse_EducationOrganizationId] IS NULL) OR ([PrerequisiteCourse_DocumentId] IS NOT NULL AND [PrerequisiteCourse_CourseCode] IS NOT NULL AND [PrerequisiteCourse_EducationOrganizationId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.CourseOffering', N'U') IS NULL
CREATE TABLE [campus].[CourseOffering]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [Course_DocumentId] bigint NOT NULL,
    [Course_CourseCode] nvarchar(60) NOT NULL,
    [Course_EducationOrganizationId] bigint NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Session_DocumentId] bigint NOT NULL,
    [Session_SchoolId] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Session_SchoolYear] int NOT NULL,
    [Session_SessionName] nvarchar(60) NOT NULL,
    [Session_TermDescriptor_DescriptorId] bigint NOT NULL,
    [LocalCourseCode] nvarchar(60) NOT NULL,
    [LocalCourseTitle] nvarchar(120) NULL,
    [PlannedMinutes] int NULL,
    CONSTRAINT [PK_CourseOffering] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_CourseOffering_NK] UNIQUE ([LocalCourseCode], [School_DocumentId], [Session_DocumentId]),
    CONSTRAINT [UX_CourseOffering_RefKey] UNIQUE ([DocumentId], [LocalCourseCode], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_TermDescriptor_DescriptorId]),
    CONSTRAINT [CK_CourseOffering_Course_AllNone] CHECK (([Course_DocumentId] IS NULL AND [Course_CourseCode] IS NULL AND [Course_EducationOrganizationId] IS NULL) OR ([Course_DocumentId] IS NOT NULL AND [Course_CourseCode] IS NOT NULL AND [Course_EducationOrganizationId] IS NOT NULL)),
    CONSTRAINT [CK_CourseOffering_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_CourseOffering_Session_AllNone] CHECK (([Session_DocumentId] IS NULL AND [Session_SchoolId] IS NULL AND [Session_SchoolYear] IS NULL AND [Session_SessionName] IS NULL AND [Session_TermDescriptor_DescriptorId] IS NULL) OR ([Session_DocumentId] IS NOT NULL AND [Session_SchoolId] IS NOT NULL AND [Session_SchoolYear] IS NOT NULL AND [Session_SessionName] IS NOT NULL AND [Session_TermDescriptor_DescriptorId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.CourseOfferingFee', N'U') IS NULL
CREATE TABLE [campus].[CourseOfferingFee]
(
    [CourseOffering_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [Amount] decimal(9,2) NOT NULL,
    [FeeName] nvarchar(60) NOT NULL,
    [IsRefundable] bit NULL,
    CONSTRAINT [PK_CourseOfferingFee] PRIMARY KEY ([CourseOffering_DocumentId], [Ordinal]),
    CONSTRAINT [UX_CourseOfferingFee_FeeName_CourseOffering_DocumentId] UNIQUE ([CourseOffering_DocumentId], [FeeName])
);

IF OBJECT_ID(N'campus.District', N'U') IS NULL
CREATE TABLE [campus].[District]
(
    [DocumentId] bigint NOT NULL,
    [ParentDistrict_DocumentId] bigint NULL,
    [ParentDistrict_DistrictId] bigint NULL,
    [DistrictId] bigint NOT NULL,
    [DistrictName] nvarchar(90) NOT NULL,
    [FoundedOn] date NULL,
    [OfficeHoursByAppointmentOnly] bit NULL,
    [OfficeHoursClosesAt] time(7) NULL,
    [OfficeHoursOpensAt] time(7) NULL,
    [WebAddress] nvarchar(255) NULL,
    CONSTRAINT [PK_District] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_District_NK] UNIQUE ([DistrictId]),
    CONSTRAINT [UX_District_RefKey] UNIQUE ([DocumentId], [DistrictId]),
    CONSTRAINT [CK_District_ParentDistrict_AllNone] CHECK (([ParentDistrict_DocumentId] IS NULL AND [ParentDistrict_DistrictId] IS NULL) OR ([ParentDistrict_DocumentId] IS NOT NULL AND [ParentDistrict_DistrictId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.DistrictPhoneNumber', N'U') IS NULL
CREATE TABLE [campus].[DistrictPhoneNumber]
(
    [District_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [Extension] nvarchar(8) NULL,
    [IsPublic] bit NULL,
    [PhoneNumber] nvarchar(24) NOT NULL,
    CONSTRAINT [PK_DistrictPhoneNumber] PRIMARY KEY ([District_DocumentId], [Ordinal]),
    CONSTRAINT [UX_DistrictPhoneNumber_PhoneNumber_District_DocumentId] UNIQUE ([District_DocumentId], [PhoneNumber])
);

IF OBJECT_ID(N'campus.Location', N'U') IS NULL
CREATE TABLE [campus].[Location]
(
    [DocumentId] bigint NOT NULL,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] int NOT NULL,
    [ClassroomCode] nvarchar(60) NOT NULL,
    [FloorArea] decimal(8,2) NULL,
    [MaximumSeats] int NULL,
    [OptimalSeats] int NULL,
    CONSTRAINT [PK_Location] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Location_NK] UNIQUE ([ClassroomCode], [School_DocumentId]),
    CONSTRAINT [UX_Location_RefKey] UNIQUE ([DocumentId], [ClassroomCode], [School_SchoolId]),
    CONSTRAINT [CK_Location_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.LocationEquipment', N'U') IS NULL
CREATE TABLE [campus].[LocationEquipment]
(
    [Location_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [ItemName] nvarchar(60) NOT NULL,
    [Quantity] int NOT NULL,
    CONSTRAINT [PK_LocationEquipment] PRIMARY KEY ([Location_DocumentId], [Ordinal]),
    CONSTRAINT [UX_LocationEquipment_ItemName_Location_DocumentId] UNIQUE ([Location_DocumentId], [ItemName])
);

IF OBJECT_ID(N'campus.LocationEquipmentCheck', N'U') IS NULL
CREATE TABLE [campus].[LocationEquipmentCheck]
(
    [Location_DocumentId] bigint NOT NULL,
    [EquipmentOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [CheckedOn] date NOT NULL,
    [Passed] bit NOT NULL,
    CONSTRAINT [PK_LocationEquipmentCheck] PRIMARY KEY ([Location_DocumentId], [EquipmentOrdinal], [Ordinal]),
    CONSTRAINT [UX_LocationEquipmentCheck_CheckedOn_EquipmentOrdinal_Location_DocumentId] UNIQUE ([Location_DocumentId], [EquipmentOrdinal], [CheckedOn])
);

IF OBJECT_ID(N'campus.School', N'U') IS NULL
CREATE TABLE [campus].[School]
(
    [DocumentId] bigint NOT NULL,
    [District_DocumentId] bigint NULL,
    [District_DistrictId] bigint NULL,
    [EnrolmentCapacity] int NULL,
    [OpenedOn] date NULL,
    [SchoolId] int NOT NULL,
    [SchoolName] nvarchar(90) NOT NULL,
    [WebAddress] nvarchar(255) NULL,
    CONSTRAINT [PK_School] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_School_NK] UNIQUE ([SchoolId]),
    CONSTRAINT [UX_School_RefKey] UNIQUE ([DocumentId], [SchoolId]),
    CONSTRAINT [CK_School_District_AllNone] CHECK (([District_DocumentId] IS NULL AND [District_DistrictId] IS NULL) OR ([District_DocumentId] IS NOT NULL AND [District_DistrictId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.SchoolExtension', N'U') IS NULL
CREATE TABLE [athletics].[SchoolExtension]
(
    [DocumentId] bigint NOT NULL,
    [AthleticLeague_DocumentId] bigint NULL,
    [AthleticLeague_AthleticLeagueId] bigint NULL,
    [PrimarySportDescriptor_DescriptorId] bigint NULL,
    [AthleticBudget] decimal(12,2) NULL,
    [HasStadium] bit NULL,
    [MascotName] nvarchar(60) NULL,
    [ProgramFoundedOn] date NULL,
    CONSTRAINT [PK_SchoolExtension] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [CK_SchoolExtension_AthleticLeague_AllNone] CHECK (([AthleticLeague_DocumentId] IS NULL AND [AthleticLeague_AthleticLeagueId] IS NULL) OR ([AthleticLeague_DocumentId] IS NOT NULL AND [AthleticLeague_AthleticLeagueId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.SchoolExtensionFacility', N'U') IS NULL
CREATE TABLE [athletics].[SchoolExtensionFacility]
(
    [School_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [FacilityName] nvarchar(80) NOT NULL,
    [SeatingCapacity] int NULL,
    CONSTRAINT [PK_SchoolExtensionFacility] PRIMARY KEY ([School_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SchoolExtensionFacility_FacilityName_School_DocumentId] UNIQUE ([School_DocumentId], [FacilityName])
);

IF OBJECT_ID(N'campus.SchoolAddress', N'U') IS NULL
CREATE TABLE [campus].[SchoolAddress]
(
    [School_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [AddressKindDescriptor_DescriptorId] bigint NOT NULL,
    [City] nvarchar(40) NOT NULL,
    [GeoPositionIsEstimated] bit NULL,
    [GeoPositionLatitude] decimal(9,6) NULL,
    [GeoPositionLongitude] decimal(9,6) NULL,
    [PostalCode] nvarchar(12) NULL,
    [Street] nvarchar(120) NOT NULL,
    CONSTRAINT [PK_SchoolAddress] PRIMARY KEY ([School_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SchoolAddress_City_Street_AddressKindDescriptor_DescriptorId_School_DocumentId] UNIQUE ([School_DocumentId], [AddressKindDescriptor_DescriptorId], [City], [Street])
);

IF OBJECT_ID(N'campus.SchoolGradeLevelDescriptor', N'U') IS NULL
CREATE TABLE [campus].[SchoolGradeLevelDescriptor]
(
    [School_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [GradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    CONSTRAINT [PK_SchoolGradeLevelDescriptor] PRIMARY KEY ([School_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SchoolGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId_School_DocumentId] UNIQUE ([School_DocumentId], [GradeLevelDescriptor_DescriptorId])
);

IF OBJECT_ID(N'athletics.SchoolExtensionFacilityInspection', N'U') IS NULL
CREATE TABLE [athletics].[SchoolExtensionFacilityInspection]
(
    [School_DocumentId] bigint NOT NULL,
    [FacilityOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [Inspector_DocumentId] bigint NOT NULL,
    [Inspector_StaffUniqueId] nvarchar(32) NOT NULL,
    [InspectedOn] date NOT NULL,
    [Passed] bit NOT NULL,
    [RepairCost] decimal(9,2) NULL,
    CONSTRAINT [PK_SchoolExtensionFacilityInspection] PRIMARY KEY ([School_DocumentId], [FacilityOrdinal], [Ordinal]),
    CONSTRAINT [UX_SchoolExtensionFacilityInspection_FacilityOrdinal_InspectedOn_School_DocumentId] UNIQUE ([School_DocumentId], [FacilityOrdinal], [InspectedOn]),
    CONSTRAINT [CK_SchoolExtensionFacilityInspection_Inspector_AllNone] CHECK (([Inspector_DocumentId] IS NULL AND [Inspector_StaffUniqueId] IS NULL) OR ([Inspector_DocumentId] IS NOT NULL AND [Inspector_StaffUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.SchoolExtensionFacilitySupportedSportDescriptor', N'U') IS NULL
CREATE TABLE [athletics].[SchoolExtensionFacilitySupportedSportDescriptor]
(
    [School_DocumentId] bigint NOT NULL,
    [FacilityOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [SupportedSportDescriptor_DescriptorId] bigint NOT NULL,
    CONSTRAINT [PK_SchoolExtensionFacilitySupportedSportDescriptor] PRIMARY KEY ([School_DocumentId], [FacilityOrdinal], [Ordinal])
);

IF OBJECT_ID(N'campus.SchoolAddressOccupancyPeriod', N'U') IS NULL
CREATE TABLE [campus].[SchoolAddressOccupancyPeriod]
(
    [School_DocumentId] bigint NOT NULL,
    [AddressOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [BeginsOn] date NOT NULL,
    [EndsOn] date NULL,
    CONSTRAINT [PK_SchoolAddressOccupancyPeriod] PRIMARY KEY ([School_DocumentId], [AddressOrdinal], [Ordinal]),
    CONSTRAINT [UX_SchoolAddressOccupancyPeriod_AddressOrdinal_BeginsOn_School_DocumentId] UNIQUE ([School_DocumentId], [AddressOrdinal], [BeginsOn])
);

IF OBJECT_ID(N'campus.SchoolYearType', N'U') IS NULL
CREATE TABLE [campus].[SchoolYearType]
(
    [DocumentId] bigint NOT NULL,
    [CurrentSchoolYear] bit NOT NULL,
    [SchoolYear] int NOT NULL,
    [SchoolYearDescription] nvarchar(60) NOT NULL,
    CONSTRAINT [PK_SchoolYearType] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_SchoolYearType_NK] UNIQUE ([SchoolYear]),
    CONSTRAINT [UX_SchoolYearType_RefKey] UNIQUE ([DocumentId], [SchoolYear])
);

IF OBJECT_ID(N'campus.Section', N'U') IS NULL
CREATE TABLE [campus].[Section]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [CourseOffering_DocumentId] bigint NOT NULL,
    [CourseOffering_LocalCourseCode] nvarchar(60) NOT NULL,
    [CourseOffering_SchoolReferenceSchoolId] AS (CASE WHEN [CourseOffering_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [CourseOffering_SessionReferenceSchoolId] AS (CASE WHEN [CourseOffering_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [CourseOffering_SchoolYear] int NOT NULL,
    [CourseOffering_SessionName] nvarchar(60) NOT NULL,
    [CourseOffering_TermDescriptor_DescriptorId] bigint NOT NULL,
    [ExamLocation_DocumentId] bigint NULL,
    [ExamLocation_RoomCode] nvarchar(60) NULL,
    [ExamLocation_SchoolId] int NULL,
    [Room_DocumentId] bigint NULL,
    [Room_ClassroomCode] nvarchar(60) NULL,
    [Room_SchoolId] AS (CASE WHEN [Room_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [AvailableCredits] decimal(6,3) NULL,
    [MaximumSeats] int NULL,
    [SectionIdentifier] nvarchar(120) NOT NULL,
    CONSTRAINT [PK_Section] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Section_NK] UNIQUE ([CourseOffering_DocumentId], [SectionIdentifier]),
    CONSTRAINT [UX_Section_RefKey] UNIQUE ([DocumentId], [CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_TermDescriptor_DescriptorId], [SectionIdentifier]),
    CONSTRAINT [CK_Section_CourseOffering_AllNone] CHECK (([CourseOffering_DocumentId] IS NULL AND [CourseOffering_LocalCourseCode] IS NULL AND [CourseOffering_SchoolReferenceSchoolId] IS NULL AND [CourseOffering_SessionReferenceSchoolId] IS NULL AND [CourseOffering_SchoolYear] IS NULL AND [CourseOffering_SessionName] IS NULL AND [CourseOffering_TermDescriptor_DescriptorId] IS NULL) OR ([CourseOffering_DocumentId] IS NOT NULL AND [CourseOffering_LocalCourseCode] IS NOT NULL AND [CourseOffering_SchoolReferenceSchoolId] IS NOT NULL AND [CourseOffering_SessionReferenceSchoolId] IS NOT NULL AND [CourseOffering_SchoolYear] IS NOT NULL AND [CourseOffering_SessionName] IS NOT NULL AND [CourseOffering_TermDescriptor_DescriptorId] IS NOT NULL)),
    CONSTRAINT [CK_Section_ExamLocation_AllNone] CHECK (([ExamLocation_DocumentId] IS NULL AND [ExamLocation_RoomCode] IS NULL AND [ExamLocation_SchoolId] IS NULL) OR ([ExamLocation_DocumentId] IS NOT NULL AND [ExamLocation_RoomCode] IS NOT NULL AND [ExamLocation_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_Section_Room_AllNone] CHECK (([Room_DocumentId] IS NULL AND [Room_ClassroomCode] IS NULL AND [Room_SchoolId] IS NULL) OR ([Room_DocumentId] IS NOT NULL AND [Room_ClassroomCode] IS NOT NULL AND [Room_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.SectionClassPeriod', N'U') IS NULL
CREATE TABLE [campus].[SectionClassPeriod]
(
    [Section_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [ClassPeriod_DocumentId] bigint NULL,
    [ClassPeriod_ClassPeriodName] nvarchar(60) NULL,
    [ClassPeriod_SchoolId] int NULL,
    CONSTRAINT [PK_SectionClassPeriod] PRIMARY KEY ([Section_DocumentId], [Ordinal]),
    CONSTRAINT [CK_SectionClassPeriod_ClassPeriod_AllNone] CHECK (([ClassPeriod_DocumentId] IS NULL AND [ClassPeriod_ClassPeriodName] IS NULL AND [ClassPeriod_SchoolId] IS NULL) OR ([ClassPeriod_DocumentId] IS NOT NULL AND [ClassPeriod_ClassPeriodName] IS NOT NULL AND [ClassPeriod_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.SectionStaffAssignment', N'U') IS NULL
CREATE TABLE [campus].[SectionStaffAssignment]
(
    [Section_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [StaffAssignmentStaff_DocumentId] bigint NOT NULL,
    [StaffAssignmentStaff_StaffUniqueId] nvarchar(32) NOT NULL,
    [StaffRoleDescriptor_DescriptorId] bigint NOT NULL,
    [BeginsOn] date NULL,
    [EndsOn] date NULL,
    CONSTRAINT [PK_SectionStaffAssignment] PRIMARY KEY ([Section_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SectionStaffAssignment_Section_DocumentId_StaffAssignmentStaff_DocumentId_StaffRoleDescriptor_DescriptorId] UNIQUE ([Section_DocumentId], [StaffAssignmentStaff_DocumentId], [StaffRoleDescriptor_DescriptorId]),
    CONSTRAINT [CK_SectionStaffAssignment_StaffAssignmentStaff_AllNone] CHECK (([StaffAssignmentStaff_DocumentId] IS NULL AND [StaffAssignmentStaff_StaffUniqueId] IS NULL) OR ([StaffAssignmentStaff_DocumentId] IS NOT NULL AND [StaffAssignmentStaff_StaffUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.Session', N'U') IS NULL
CREATE TABLE [campus].[Session]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [SchoolYear_Unified] int NOT NULL,
    [Calendar_DocumentId] bigint NULL,
    [Calendar_CalendarCode] nvarchar(60) NULL,
    [Calendar_SchoolId] AS (CASE WHEN [Calendar_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Calendar_SchoolYear] AS (CASE WHEN [Calendar_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [SchoolYear_DocumentId] bigint NOT NULL,
    [SchoolYear_SchoolYear] AS (CASE WHEN [SchoolYear_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [TermDescriptor_DescriptorId] bigint NOT NULL,
    [BeginsOn] date NOT NULL,
    [EndsOn] date NOT NULL,
    [SessionName] nvarchar(60) NOT NULL,
    [TotalInstructionalDays] int NULL,
    CONSTRAINT [PK_Session] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Session_NK] UNIQUE ([School_DocumentId], [SchoolYear_DocumentId], [SessionName], [TermDescriptor_DescriptorId]),
    CONSTRAINT [UX_Session_RefKey] UNIQUE ([DocumentId], [SchoolId_Unified], [SchoolYear_Unified], [SessionName], [TermDescriptor_DescriptorId]),
    CONSTRAINT [CK_Session_Calendar_AllNone] CHECK (([Calendar_DocumentId] IS NULL AND [Calendar_CalendarCode] IS NULL AND [Calendar_SchoolId] IS NULL AND [Calendar_SchoolYear] IS NULL) OR ([Calendar_DocumentId] IS NOT NULL AND [Calendar_CalendarCode] IS NOT NULL AND [Calendar_SchoolId] IS NOT NULL AND [Calendar_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_Session_SchoolYear_AllNone] CHECK (([SchoolYear_DocumentId] IS NULL AND [SchoolYear_SchoolYear] IS NULL) OR ([SchoolYear_DocumentId] IS NOT NULL AND [SchoolYear_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_Session_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.SessionBreak', N'U') IS NULL
CREATE TABLE [campus].[SessionBreak]
(
    [Session_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [BeginsOn] date NOT NULL,
    [BreakName] nvarchar(60) NOT NULL,
    [EndsOn] date NOT NULL,
    CONSTRAINT [PK_SessionBreak] PRIMARY KEY ([Session_DocumentId], [Ordinal]),
    CONSTRAINT [UX_SessionBreak_BreakName_Session_DocumentId] UNIQUE ([Session_DocumentId], [BreakName])
);

IF OBJECT_ID(N'campus.Staff', N'U') IS NULL
CREATE TABLE [campus].[Staff]
(
    [DocumentId] bigint NOT NULL,
    [Supervisor_DocumentId] bigint NULL,
    [Supervisor_StaffUniqueId] nvarchar(32) NULL,
    [FamilyName] nvarchar(75) NOT NULL,
    [GivenName] nvarchar(75) NOT NULL,
    [HiredOn] date NULL,
    [HourlyRate] decimal(7,2) NULL,
    [IsActive] bit NOT NULL,
    [LastSignedInAt] datetime2(7) NULL,
    [PayrollNumber] bigint NULL,
    [PreferredStartTime] time(7) NULL,
    [StaffUniqueId] nvarchar(32) NOT NULL,
    CONSTRAINT [PK_Staff] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Staff_NK] UNIQUE ([StaffUniqueId]),
    CONSTRAINT [UX_Staff_RefKey] UNIQUE ([DocumentId], [StaffUniqueId]),
    CONSTRAINT [CK_Staff_Supervisor_AllNone] CHECK (([Supervisor_DocumentId] IS NULL AND [Supervisor_StaffUniqueId] IS NULL) OR ([Supervisor_DocumentId] IS NOT NULL AND [Supervisor_StaffUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'athletics.StaffExtension', N'U') IS NULL
CREATE TABLE [athletics].[StaffExtension]
(
    [DocumentId] bigint NOT NULL,
    [CoachingSince] date NULL,
    CONSTRAINT [PK_StaffExtension] PRIMARY KEY ([DocumentId])
);

IF OBJECT_ID(N'athletics.StaffExtensionCoachingLicence', N'U') IS NULL
CREATE TABLE [athletics].[StaffExtensionCoachingLicence]
(
    [Staff_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [SportDescriptor_DescriptorId] bigint NOT NULL,
    [CertificationName] nvarchar(80) NOT NULL,
    [ExpiresOn] date NULL,
    [FeePaid] decimal(7,2) NULL,
    CONSTRAINT [PK_StaffExtensionCoachingLicence] PRIMARY KEY ([Staff_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StaffExtensionCoachingLicence_CertificationName_SportDescriptor_DescriptorId_Staff_DocumentId] UNIQUE ([Staff_DocumentId], [CertificationName], [SportDescriptor_DescriptorId])
);

IF OBJECT_ID(N'athletics.StaffExtensionPhone', N'U') IS NULL
CREATE TABLE [athletics].[StaffExtensionPhone]
(
    [Staff_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [HotlineTeam_DocumentId] bigint NULL,
    [HotlineTeam_SchoolId] int NULL,
    [HotlineTeam_SportDescriptor_DescriptorId] bigint NULL,
    [HotlineTeam_TeamCode] nvarchar(30) NULL,
    [IsTeamHotline] bit NULL,
    CONSTRAINT [PK_StaffExtensionPhone] PRIMARY KEY ([Staff_DocumentId], [Ordinal]),
    CONSTRAINT [CK_StaffExtensionPhone_HotlineTeam_AllNone] CHECK (([HotlineTeam_DocumentId] IS NULL AND [HotlineTeam_SchoolId] IS NULL AND [HotlineTeam_SportDescriptor_DescriptorId] IS NULL AND [HotlineTeam_TeamCode] IS NULL) OR ([HotlineTeam_DocumentId] IS NOT NULL AND [HotlineTeam_SchoolId] IS NOT NULL AND [HotlineTeam_SportDescriptor_DescriptorId] IS NOT NULL AND [HotlineTeam_TeamCode] IS NOT NULL))
);

IF OBJECT_ID(N'campus.StaffPhone', N'U') IS NULL
CREATE TABLE [campus].[StaffPhone]
(
    [Staff_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [Label] nvarchar(30) NULL,
    [PhoneNumber] nvarchar(24) NOT NULL,
    [TextCapable] bit NULL,
    CONSTRAINT [PK_StaffPhone] PRIMARY KEY ([Staff_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StaffPhone_PhoneNumber_Staff_DocumentId] UNIQUE ([Staff_DocumentId], [PhoneNumber])
);

IF OBJECT_ID(N'athletics.StaffExtensionPhoneCallWindow', N'U') IS NULL
CREATE TABLE [athletics].[StaffExtensionPhoneCallWindow]
(
    [Staff_DocumentId] bigint NOT NULL,
    [PhoneOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [EndTime] time(7) NOT NULL,
    [StartTime] time(7) NOT NULL,
    CONSTRAINT [PK_StaffExtensionPhoneCallWindow] PRIMARY KEY ([Staff_DocumentId], [PhoneOrdinal], [Ordinal])
);

IF OBJECT_ID(N'campus.Student', N'U') IS NULL
CREATE TABLE [campus].[Student]
(
    [DocumentId] bigint NOT NULL,
    [BirthBirthCity] nvarchar(40) NULL,
    [BirthBirthDate] date NULL,
    [BirthMultipleBirth] bit NULL,
    [FamilyName] nvarchar(75) NOT NULL,
    [GivenName] nvarchar(75) NOT NULL,
    [PreferredName] nvarchar(75) NULL,
    [StudentUniqueId] nvarchar(32) NOT NULL,
    CONSTRAINT [PK_Student] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_Student_NK] UNIQUE ([StudentUniqueId]),
    CONSTRAINT [UX_Student_RefKey] UNIQUE ([DocumentId], [StudentUniqueId])
);

IF OBJECT_ID(N'campus.StudentIdentificationDocument', N'U') IS NULL
CREATE TABLE [campus].[StudentIdentificationDocument]
(
    [Student_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [DocumentNumber] nvarchar(60) NOT NULL,
    [IssuingAuthority] nvarchar(60) NOT NULL,
    [ValidityExpiresOn] date NULL,
    [ValidityIssuedOn] date NULL,
    CONSTRAINT [PK_StudentIdentificationDocument] PRIMARY KEY ([Student_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StudentIdentificationDocument_DocumentNumber_IssuingAuthority_Student_DocumentId] UNIQUE ([Student_DocumentId], [DocumentNumber], [IssuingAuthority])
);

IF OBJECT_ID(N'campus.StudentIdentificationDocumentRenewal', N'U') IS NULL
CREATE TABLE [campus].[StudentIdentificationDocumentRenewal]
(
    [Student_DocumentId] bigint NOT NULL,
    [IdentificationDocumentOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [Remark] nvarchar(255) NULL,
    [RenewedOn] date NOT NULL,
    CONSTRAINT [PK_StudentIdentificationDocumentRenewal] PRIMARY KEY ([Student_DocumentId], [IdentificationDocumentOrdinal], [Ordinal]),
    CONSTRAINT [UX_StudentIdentificationDocumentRenewal_IdentificationDocumentOrdinal_RenewedOn_Student_DocumentId] UNIQUE ([Student_DocumentId], [IdentificationDocumentOrdinal], [RenewedOn])
);

IF OBJECT_ID(N'campus.StudentAssessment', N'U') IS NULL
CREATE TABLE [campus].[StudentAssessment]
(
    [DocumentId] bigint NOT NULL,
    [Assessment_DocumentId] bigint NOT NULL,
    [Assessment_AssessmentIdentifier] nvarchar(60) NOT NULL,
    [Assessment_Namespace] nvarchar(255) NOT NULL,
    [ProctorStaff_DocumentId] bigint NULL,
    [ProctorStaff_StaffUniqueId] nvarchar(32) NULL,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) NOT NULL,
    [AdministeredAt] datetime2(7) NOT NULL,
    [LocalStartTime] time(7) NULL,
    [RetestNumber] int NULL,
    [StudentAssessmentIdentifier] nvarchar(60) NOT NULL,
    CONSTRAINT [PK_StudentAssessment] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentAssessment_NK] UNIQUE ([Assessment_DocumentId], [StudentAssessmentIdentifier], [Student_DocumentId]),
    CONSTRAINT [CK_StudentAssessment_Assessment_AllNone] CHECK (([Assessment_DocumentId] IS NULL AND [Assessment_AssessmentIdentifier] IS NULL AND [Assessment_Namespace] IS NULL) OR ([Assessment_DocumentId] IS NOT NULL AND [Assessment_AssessmentIdentifier] IS NOT NULL AND [Assessment_Namespace] IS NOT NULL)),
    CONSTRAINT [CK_StudentAssessment_ProctorStaff_AllNone] CHECK (([ProctorStaff_DocumentId] IS NULL AND [ProctorStaff_StaffUniqueId] IS NULL) OR ([ProctorStaff_DocumentId] IS NOT NULL AND [ProctorStaff_StaffUniqueId] IS NOT NULL)),
    CONSTRAINT [CK_StudentAssessment_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.StudentAssessmentItem', N'U') IS NULL
CREATE TABLE [campus].[StudentAssessmentItem]
(
    [StudentAssessment_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [Item_DocumentId] bigint NOT NULL,
    [Item_AssessmentIdentifier] nvarchar(60) NOT NULL,
    [Item_Namespace] nvarchar(255) NOT NULL,
    [Item_ItemCode] nvarchar(60) NOT NULL,
    [AwardedPoints] decimal(6,2) NULL,
    CONSTRAINT [PK_StudentAssessmentItem] PRIMARY KEY ([StudentAssessment_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StudentAssessmentItem_Item_DocumentId_StudentAssessment_DocumentId] UNIQUE ([StudentAssessment_DocumentId], [Item_DocumentId]),
    CONSTRAINT [CK_StudentAssessmentItem_Item_AllNone] CHECK (([Item_DocumentId] IS NULL AND [Item_AssessmentIdentifier] IS NULL AND [Item_Namespace] IS NULL AND [Item_ItemCode] IS NULL) OR ([Item_DocumentId] IS NOT NULL AND [Item_AssessmentIdentifier] IS NOT NULL AND [Item_Namespace] IS NOT NULL AND [Item_ItemCode] IS NOT NULL))
);

IF OBJECT_ID(N'campus.StudentAssessmentScore', N'U') IS NULL
CREATE TABLE [campus].[StudentAssessmentScore]
(
    [StudentAssessment_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [Result] nvarchar(35) NOT NULL,
    [ScoreLabel] nvarchar(40) NOT NULL,
    CONSTRAINT [PK_StudentAssessmentScore] PRIMARY KEY ([StudentAssessment_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StudentAssessmentScore_ScoreLabel_StudentAssessment_DocumentId] UNIQUE ([StudentAssessment_DocumentId], [ScoreLabel])
);

IF OBJECT_ID(N'campus.StudentAssessmentItemRespons', N'U') IS NULL
CREATE TABLE [campus].[StudentAssessmentItemRespons]
(
    [StudentAssessment_DocumentId] bigint NOT NULL,
    [ItemOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [ResponseNumber] int NOT NULL,
    [ResponseText] nvarchar(255) NULL,
    [SubmittedAt] datetime2(7) NULL,
    CONSTRAINT [PK_StudentAssessmentItemRespons] PRIMARY KEY ([StudentAssessment_DocumentId], [ItemOrdinal], [Ordinal]),
    CONSTRAINT [UX_StudentAssessmentItemRespons_ItemOrdinal_ResponseNumber_StudentAssessment_DocumentId] UNIQUE ([StudentAssessment_DocumentId], [ItemOrdinal], [ResponseNumber])
);

IF OBJECT_ID(N'campus.StudentAssessmentScoreAdjustment', N'U') IS NULL
CREATE TABLE [campus].[StudentAssessmentScoreAdjustment]
(
    [StudentAssessment_DocumentId] bigint NOT NULL,
    [ScoreOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [AdjustedOn] date NOT NULL,
    [Delta] decimal(7,3) NOT NULL,
    [Reason] nvarchar(120) NOT NULL,
    CONSTRAINT [PK_StudentAssessmentScoreAdjustment] PRIMARY KEY ([StudentAssessment_DocumentId], [ScoreOrdinal], [Ordinal]),
    CONSTRAINT [UX_StudentAssessmentScoreAdjustment_AdjustedOn_Reason_ScoreOrdinal_StudentAssessment_DocumentId] UNIQUE ([StudentAssessment_DocumentId], [ScoreOrdinal], [AdjustedOn], [Reason])
);

IF OBJECT_ID(N'campus.SchoolEnrolment', N'U') IS NULL
CREATE TABLE [campus].[SchoolEnrolment]
(
    [DocumentId] bigint NOT NULL,
    [ClassOfYear_Present] bit NULL,
    [ClassOfYear_Unified] int NULL,
    [GraduationPlanCompletionYear_Present] bit NULL,
    [SchoolId_Unified] int NOT NULL,
    [SchoolYear_Unified] int NULL,
    [Calendar_DocumentId] bigint NULL,
    [Calendar_CalendarCode] nvarchar(60) NULL,
    [Calendar_SchoolId] AS (CASE WHEN [Calendar_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Calendar_SchoolYear] AS (CASE WHEN [Calendar_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [SchoolYear_DocumentId] bigint NULL,
    [SchoolYear_SchoolYear] AS (CASE WHEN [SchoolYear_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [School_DocumentId] bigint NOT NULL,
    [School_SchoolId] AS (CASE WHEN [School_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) NOT NULL,
    [EntryGradeLevelDescriptor_DescriptorId] bigint NOT NULL,
    [ClassOfYear] AS (CASE WHEN [ClassOfYear_Present] IS NULL THEN NULL ELSE [ClassOfYear_Unified] END) PERSISTED,
    [EntryDate] date NOT NULL,
    [ExitDate] date NULL,
    [GraduationPlanCompletionYear] AS (CASE WHEN [GraduationPlanCompletionYear_Present] IS NULL THEN NULL ELSE [ClassOfYear_Unified] END) PERSISTED,
    [GraduationPlanPlanName] nvarchar(60) NULL,
    [GraduationPlanRequiredCredits] decimal(9,3) NULL,
    [IsPrimarySchool] bit NULL,
    CONSTRAINT [PK_SchoolEnrolment] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_SchoolEnrolment_NK] UNIQUE ([EntryDate], [School_DocumentId], [Student_DocumentId]),
    CONSTRAINT [UX_SchoolEnrolment_RefKey] UNIQUE ([DocumentId], [EntryDate], [SchoolId_Unified], [Student_StudentUniqueId]),
    CONSTRAINT [CK_SchoolEnrolment_Calendar_AllNone] CHECK (([Calendar_DocumentId] IS NULL AND [Calendar_CalendarCode] IS NULL AND [Calendar_SchoolId] IS NULL AND [Calendar_SchoolYear] IS NULL) OR ([Calendar_DocumentId] IS NOT NULL AND [Calendar_CalendarCode] IS NOT NULL AND [Calendar_SchoolId] IS NOT NULL AND [Calendar_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_SchoolEnrolment_SchoolYear_AllNone] CHECK (([SchoolYear_DocumentId] IS NULL AND [SchoolYear_SchoolYear] IS NULL) OR ([SchoolYear_DocumentId] IS NOT NULL AND [SchoolYear_SchoolYear] IS NOT NULL)),
    CONSTRAINT [CK_SchoolEnrolment_School_AllNone] CHECK (([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL) OR ([School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL)),
    CONSTRAINT [CK_SchoolEnrolment_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL)),
    CONSTRAINT [CK_SchoolEnrolment_ClassOfYear_Present_NullOrTrue] CHECK ([ClassOfYear_Present] IS NULL OR [ClassOfYear_Present] = 1),
    CONSTRAINT [CK_SchoolEnrolment_GraduationPlanCompletionYear_Present_NullOrTrue] CHECK ([GraduationPlanCompletionYear_Present] IS NULL OR [GraduationPlanCompletionYear_Present] = 1)
);

IF OBJECT_ID(N'campus.StudentSectionAttendanceEvent', N'U') IS NULL
CREATE TABLE [campus].[StudentSectionAttendanceEvent]
(
    [DocumentId] bigint NOT NULL,
    [SchoolId_Unified] int NOT NULL,
    [SchoolYear_Unified] int NOT NULL,
    [SessionName_Unified] nvarchar(60) NOT NULL,
    [TermDescriptor_Unified_DescriptorId] bigint NOT NULL,
    [ReportingOrganization_DocumentId] bigint NULL,
    [ReportingOrganization_EducationOrganizationId] bigint NULL,
    [Section_DocumentId] bigint NOT NULL,
    [Section_LocalCourseCode] nvarchar(60) NOT NULL,
    [Section_SchoolId] AS (CASE WHEN [Section_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Section_SchoolYear] AS (CASE WHEN [Section_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [Section_SessionName] AS (CASE WHEN [Section_DocumentId] IS NULL THEN NULL ELSE [SessionName_Unified] END) PERSISTED,
    [Section_TermDescriptor_DescriptorId] AS (CASE WHEN [Section_DocumentId] IS NULL THEN NULL ELSE [TermDescriptor_Unified_DescriptorId] END) PERSISTED,
    [Section_SectionIdentifier] nvarchar(120) NOT NULL,
    [Session_DocumentId] bigint NOT NULL,
    [Session_SchoolId] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [SchoolId_Unified] END) PERSISTED,
    [Session_SchoolYear] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [SchoolYear_Unified] END) PERSISTED,
    [Session_SessionName] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [SessionName_Unified] END) PERSISTED,
    [Session_TermDescriptor_DescriptorId] AS (CASE WHEN [Session_DocumentId] IS NULL THEN NULL ELSE [TermDescriptor_Unified_DescriptorId] END) PERSISTED,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) NOT NULL,
    [AttendanceOutcomeDescriptor_DescriptorId] bigint NOT NULL,
    [ArrivedAt] time(7) NULL,
    [EventDate] date NOT NULL,
    [InterventionPlanMaximumConsecutiveUnexcusedAbsencesBeforeEscalation] int NULL,
    [InterventionPlanMaximumConsecutiveUnexcusedAbsencesBeforeReferral] int NULL,
    [InterventionPlanStartedOn] date NULL,
    [RecordedAt] datetime2(7) NULL,
    CONSTRAINT [PK_StudentSectionAttendanceEvent] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentSectionAttendanceEvent_NK] UNIQUE ([AttendanceOutcomeDescriptor_DescriptorId], [EventDate], [Section_DocumentId], [Student_DocumentId]),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_ReportingOrganization_AllNone] CHECK (([ReportingOrganization_DocumentId] IS NULL AND [ReportingOrganization_EducationOrganizationId] IS NULL) OR ([ReportingOrganization_DocumentId] IS NOT NULL AND [ReportingOrganization_EducationOrganizationId] IS NOT NULL)),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_Section_AllNone] CHECK (([Section_DocumentId] IS NULL AND [Section_LocalCourseCode] IS NULL AND [Section_SchoolId] IS NULL AND [Section_SchoolYear] IS NULL AND [Section_SessionName] IS NULL AND [Section_TermDescriptor_DescriptorId] IS NULL AND [Section_SectionIdentifier] IS NULL) OR ([Section_DocumentId] IS NOT NULL AND [Section_LocalCourseCode] IS NOT NULL AND [Section_SchoolId] IS NOT NULL AND [Section_SchoolYear] IS NOT NULL AND [Section_SessionName] IS NOT NULL AND [Section_TermDescriptor_DescriptorId] IS NOT NULL AND [Section_SectionIdentifier] IS NOT NULL)),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_Session_AllNone] CHECK (([Session_DocumentId] IS NULL AND [Session_SchoolId] IS NULL AND [Session_SchoolYear] IS NULL AND [Session_SessionName] IS NULL AND [Session_TermDescriptor_DescriptorId] IS NULL) OR ([Session_DocumentId] IS NOT NULL AND [Session_SchoolId] IS NOT NULL AND [Session_SchoolYear] IS NOT NULL AND [Session_SessionName] IS NOT NULL AND [Session_TermDescriptor_DescriptorId] IS NOT NULL)),
    CONSTRAINT [CK_StudentSectionAttendanceEvent_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.StudentSectionAttendanceEventGuardianContact', N'U') IS NULL
CREATE TABLE [campus].[StudentSectionAttendanceEventGuardianContact]
(
    [StudentSectionAttendanceEvent_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [ContactedAt] datetime2(7) NOT NULL,
    [Summary] nvarchar(255) NULL,
    CONSTRAINT [PK_StudentSectionAttendanceEventGuardianContact] PRIMARY KEY ([StudentSectionAttendanceEvent_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StudentSectionAttendanceEventGuardianContact_ContactedAt_StudentSectionAttendanceEvent_DocumentId] UNIQUE ([StudentSectionAttendanceEvent_DocumentId], [ContactedAt])
);

IF OBJECT_ID(N'campus.StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt', N'U') IS NULL
CREATE TABLE [campus].[StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt]
(
    [StudentSectionAttendanceEvent_DocumentId] bigint NOT NULL,
    [GuardianContactOrdinal] int NOT NULL,
    [Ordinal] int NOT NULL,
    [AttemptNumber] int NOT NULL,
    [ChannelName] nvarchar(30) NULL,
    [ConfirmedAt] datetime2(7) NULL,
    CONSTRAINT [PK_StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt] PRIMARY KEY ([StudentSectionAttendanceEvent_DocumentId], [GuardianContactOrdinal], [Ordinal])
);

IF OBJECT_ID(N'campus.StudentSectionEnrolment', N'U') IS NULL
CREATE TABLE [campus].[StudentSectionEnrolment]
(
    [DocumentId] bigint NOT NULL,
    [Section_DocumentId] bigint NOT NULL,
    [Section_LocalCourseCode] nvarchar(60) NOT NULL,
    [Section_SchoolId] int NOT NULL,
    [Section_SchoolYear] int NOT NULL,
    [Section_SessionName] nvarchar(60) NOT NULL,
    [Section_TermDescriptor_DescriptorId] bigint NOT NULL,
    [Section_SectionIdentifier] nvarchar(120) NOT NULL,
    [Student_DocumentId] bigint NOT NULL,
    [Student_StudentUniqueId] nvarchar(32) NOT NULL,
    [AttemptedCredits] decimal(6,3) NULL,
    [BeginDate] date NOT NULL,
    [EndDate] date NULL,
    [IsHomeroom] bit NULL,
    CONSTRAINT [PK_StudentSectionEnrolment] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_StudentSectionEnrolment_NK] UNIQUE ([BeginDate], [Section_DocumentId], [Student_DocumentId]),
    CONSTRAINT [CK_StudentSectionEnrolment_Section_AllNone] CHECK (([Section_DocumentId] IS NULL AND [Section_LocalCourseCode] IS NULL AND [Section_SchoolId] IS NULL AND [Section_SchoolYear] IS NULL AND [Section_SessionName] IS NULL AND [Section_TermDescriptor_DescriptorId] IS NULL AND [Section_SectionIdentifier] IS NULL) OR ([Section_DocumentId] IS NOT NULL AND [Section_LocalCourseCode] IS NOT NULL AND [Section_SchoolId] IS NOT NULL AND [Section_SchoolYear] IS NOT NULL AND [Section_SessionName] IS NOT NULL AND [Section_TermDescriptor_DescriptorId] IS NOT NULL AND [Section_SectionIdentifier] IS NOT NULL)),
    CONSTRAINT [CK_StudentSectionEnrolment_Student_AllNone] CHECK (([Student_DocumentId] IS NULL AND [Student_StudentUniqueId] IS NULL) OR ([Student_DocumentId] IS NOT NULL AND [Student_StudentUniqueId] IS NOT NULL))
);

IF OBJECT_ID(N'campus.StudentSectionEnrolmentGradeMark', N'U') IS NULL
CREATE TABLE [campus].[StudentSectionEnrolmentGradeMark]
(
    [StudentSectionEnrolment_DocumentId] bigint NOT NULL,
    [Ordinal] int NOT NULL,
    [LetterMark] nvarchar(5) NULL,
    [MarkedAt] datetime2(7) NOT NULL,
    [NumericMark] decimal(6,2) NULL,
    CONSTRAINT [PK_StudentSectionEnrolmentGradeMark] PRIMARY KEY ([StudentSectionEnrolment_DocumentId], [Ordinal]),
    CONSTRAINT [UX_StudentSectionEnrolmentGradeMark_MarkedAt_StudentSectionEnrolment_DocumentId] UNIQUE ([StudentSectionEnrolment_DocumentId], [MarkedAt])
);

IF OBJECT_ID(N'auth.EducationOrganizationIdToEducationOrganizationId', N'U') IS NULL
CREATE TABLE [auth].[EducationOrganizationIdToEducationOrganizationId]
(
    [SourceEducationOrganizationId] bigint NOT NULL,
    [TargetEducationOrganizationId] bigint NOT NULL,
    CONSTRAINT [PK_EducationOrganizationIdToEducationOrganizationId] PRIMARY KEY CLUSTERED ([SourceEducationOrganizationId], [TargetEducationOrganizationId])
);

IF OBJECT_ID(N'campus.EducationOrganizationIdentity', N'U') IS NULL
CREATE TABLE [campus].[EducationOrganizationIdentity]
(
    [DocumentId] bigint NOT NULL,
    [EducationOrganizationId] bigint NOT NULL,
    [Discriminator] nvarchar(256) NOT NULL,
    CONSTRAINT [PK_EducationOrganizationIdentity] PRIMARY KEY ([DocumentId]),
    CONSTRAINT [UX_EducationOrganizationIdentity_NK] UNIQUE ([EducationOrganizationId]),
    CONSTRAINT [UX_EducationOrganizationIdentity_RefKey] UNIQUE ([DocumentId], [EducationOrganizationId])
);

-- ==========================================================
-- Phase 12: Model Foreign Keys
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AthleticLeague_Document' AND parent_object_id = OBJECT_ID(N'athletics.AthleticLeague')
)
ALTER TABLE [athletics].[AthleticLeague]
ADD CONSTRAINT [FK_AthleticLeague_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AthleticLeague_SanctioningDistrict_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.AthleticLeague')
)
ALTER TABLE [athletics].[AthleticLeague]
ADD CONSTRAINT [FK_AthleticLeague_SanctioningDistrict_RefKey] FOREIGN KEY ([SanctioningDistrict_DocumentId], [SanctioningDistrict_DistrictId])
REFERENCES [campus].[District] ([DocumentId], [DistrictId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AthleticLeagueSeason_AthleticLeague' AND parent_object_id = OBJECT_ID(N'athletics.AthleticLeagueSeason')
)
ALTER TABLE [athletics].[AthleticLeagueSeason]
ADD CONSTRAINT [FK_AthleticLeagueSeason_AthleticLeague] FOREIGN KEY ([AthleticLeague_DocumentId])
REFERENCES [athletics].[AthleticLeague] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Team_AthleticLeague_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.Team')
)
ALTER TABLE [athletics].[Team]
ADD CONSTRAINT [FK_Team_AthleticLeague_RefKey] FOREIGN KEY ([AthleticLeague_DocumentId], [AthleticLeague_AthleticLeagueId])
REFERENCES [athletics].[AthleticLeague] ([DocumentId], [AthleticLeagueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Team_Document' AND parent_object_id = OBJECT_ID(N'athletics.Team')
)
ALTER TABLE [athletics].[Team]
ADD CONSTRAINT [FK_Team_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Team_HomeLocation_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.Team')
)
ALTER TABLE [athletics].[Team]
ADD CONSTRAINT [FK_Team_HomeLocation_RefKey] FOREIGN KEY ([HomeLocation_DocumentId], [HomeLocation_ClassroomCode], [SchoolId_Unified])
REFERENCES [campus].[Location] ([DocumentId], [ClassroomCode], [School_SchoolId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Team_School_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.Team')
)
ALTER TABLE [athletics].[Team]
ADD CONSTRAINT [FK_Team_School_RefKey] FOREIGN KEY ([School_DocumentId], [SchoolId_Unified])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Team_SportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.Team')
)
ALTER TABLE [athletics].[Team]
ADD CONSTRAINT [FK_Team_SportDescriptor] FOREIGN KEY ([SportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamMatch_OpponentTeam_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.TeamMatch')
)
ALTER TABLE [athletics].[TeamMatch]
ADD CONSTRAINT [FK_TeamMatch_OpponentTeam_RefKey] FOREIGN KEY ([OpponentTeam_DocumentId], [OpponentTeam_SchoolId], [OpponentTeam_SportDescriptor_DescriptorId], [OpponentTeam_TeamCode])
REFERENCES [athletics].[Team] ([DocumentId], [SchoolId_Unified], [SportDescriptor_DescriptorId], [TeamCode])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamMatch_OpponentTeam_SportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.TeamMatch')
)
ALTER TABLE [athletics].[TeamMatch]
ADD CONSTRAINT [FK_TeamMatch_OpponentTeam_SportDescriptor] FOREIGN KEY ([OpponentTeam_SportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamMatch_Team' AND parent_object_id = OBJECT_ID(N'athletics.TeamMatch')
)
ALTER TABLE [athletics].[TeamMatch]
ADD CONSTRAINT [FK_TeamMatch_Team] FOREIGN KEY ([Team_DocumentId])
REFERENCES [athletics].[Team] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamMatchPeriod_TeamMatch' AND parent_object_id = OBJECT_ID(N'athletics.TeamMatchPeriod')
)
ALTER TABLE [athletics].[TeamMatchPeriod]
ADD CONSTRAINT [FK_TeamMatchPeriod_TeamMatch] FOREIGN KEY ([Team_DocumentId], [MatchOrdinal])
REFERENCES [athletics].[TeamMatch] ([Team_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamRosterEntry_Document' AND parent_object_id = OBJECT_ID(N'athletics.TeamRosterEntry')
)
ALTER TABLE [athletics].[TeamRosterEntry]
ADD CONSTRAINT [FK_TeamRosterEntry_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamRosterEntry_EligibilityEnrolment_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.TeamRosterEntry')
)
ALTER TABLE [athletics].[TeamRosterEntry]
ADD CONSTRAINT [FK_TeamRosterEntry_EligibilityEnrolment_RefKey] FOREIGN KEY ([EligibilityEnrolment_DocumentId], [EligibilityEnrolment_EntryDate], [SchoolId_Unified], [StudentUniqueId_Unified])
REFERENCES [campus].[SchoolEnrolment] ([DocumentId], [EntryDate], [SchoolId_Unified], [Student_StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamRosterEntry_Student_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.TeamRosterEntry')
)
ALTER TABLE [athletics].[TeamRosterEntry]
ADD CONSTRAINT [FK_TeamRosterEntry_Student_RefKey] FOREIGN KEY ([Student_DocumentId], [StudentUniqueId_Unified])
REFERENCES [campus].[Student] ([DocumentId], [StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamRosterEntry_Team_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.TeamRosterEntry')
)
ALTER TABLE [athletics].[TeamRosterEntry]
ADD CONSTRAINT [FK_TeamRosterEntry_Team_RefKey] FOREIGN KEY ([Team_DocumentId], [SchoolId_Unified], [Team_SportDescriptor_DescriptorId], [Team_TeamCode])
REFERENCES [athletics].[Team] ([DocumentId], [SchoolId_Unified], [SportDescriptor_DescriptorId], [TeamCode])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_TeamRosterEntry_Team_SportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.TeamRosterEntry')
)
ALTER TABLE [athletics].[TeamRosterEntry]
ADD CONSTRAINT [FK_TeamRosterEntry_Team_SportDescriptor] FOREIGN KEY ([Team_SportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Assessment_Document' AND parent_object_id = OBJECT_ID(N'campus.Assessment')
)
ALTER TABLE [campus].[Assessment]
ADD CONSTRAINT [FK_Assessment_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Assessment_SponsoringOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Assessment')
)
ALTER TABLE [campus].[Assessment]
ADD CONSTRAINT [FK_Assessment_SponsoringOrganization_RefKey] FOREIGN KEY ([SponsoringOrganization_DocumentId], [SponsoringOrganization_EducationOrganizationId])
REFERENCES [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Assessment_SubjectDescriptor' AND parent_object_id = OBJECT_ID(N'campus.Assessment')
)
ALTER TABLE [campus].[Assessment]
ADD CONSTRAINT [FK_Assessment_SubjectDescriptor] FOREIGN KEY ([SubjectDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentGradeLevelDescriptor_Assessment' AND parent_object_id = OBJECT_ID(N'campus.AssessmentGradeLevelDescriptor')
)
ALTER TABLE [campus].[AssessmentGradeLevelDescriptor]
ADD CONSTRAINT [FK_AssessmentGradeLevelDescriptor_Assessment] FOREIGN KEY ([Assessment_DocumentId])
REFERENCES [campus].[Assessment] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentGradeLevelDescriptor_GradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'campus.AssessmentGradeLevelDescriptor')
)
ALTER TABLE [campus].[AssessmentGradeLevelDescriptor]
ADD CONSTRAINT [FK_AssessmentGradeLevelDescriptor_GradeLevelDescriptor] FOREIGN KEY ([GradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentBand_Assessment' AND parent_object_id = OBJECT_ID(N'campus.AssessmentBand')
)
ALTER TABLE [campus].[AssessmentBand]
ADD CONSTRAINT [FK_AssessmentBand_Assessment] FOREIGN KEY ([Assessment_DocumentId])
REFERENCES [campus].[Assessment] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentBandLabel_AssessmentBand' AND parent_object_id = OBJECT_ID(N'campus.AssessmentBandLabel')
)
ALTER TABLE [campus].[AssessmentBandLabel]
ADD CONSTRAINT [FK_AssessmentBandLabel_AssessmentBand] FOREIGN KEY ([Assessment_DocumentId], [BandOrdinal])
REFERENCES [campus].[AssessmentBand] ([Assessment_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentItem_Assessment_RefKey' AND parent_object_id = OBJECT_ID(N'campus.AssessmentItem')
)
ALTER TABLE [campus].[AssessmentItem]
ADD CONSTRAINT [FK_AssessmentItem_Assessment_RefKey] FOREIGN KEY ([Assessment_DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace])
REFERENCES [campus].[Assessment] ([DocumentId], [AssessmentIdentifier], [Namespace])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentItem_Document' AND parent_object_id = OBJECT_ID(N'campus.AssessmentItem')
)
ALTER TABLE [campus].[AssessmentItem]
ADD CONSTRAINT [FK_AssessmentItem_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_AssessmentItemPossibleRespons_AssessmentItem' AND parent_object_id = OBJECT_ID(N'campus.AssessmentItemPossibleRespons')
)
ALTER TABLE [campus].[AssessmentItemPossibleRespons]
ADD CONSTRAINT [FK_AssessmentItemPossibleRespons_AssessmentItem] FOREIGN KEY ([AssessmentItem_DocumentId])
REFERENCES [campus].[AssessmentItem] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_Document' AND parent_object_id = OBJECT_ID(N'campus.Calendar')
)
ALTER TABLE [campus].[Calendar]
ADD CONSTRAINT [FK_Calendar_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_SchoolYear_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Calendar')
)
ALTER TABLE [campus].[Calendar]
ADD CONSTRAINT [FK_Calendar_SchoolYear_RefKey] FOREIGN KEY ([SchoolYear_DocumentId], [SchoolYear_SchoolYear])
REFERENCES [campus].[SchoolYearType] ([DocumentId], [SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Calendar_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Calendar')
)
ALTER TABLE [campus].[Calendar]
ADD CONSTRAINT [FK_Calendar_School_RefKey] FOREIGN KEY ([School_DocumentId], [School_SchoolId])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CalendarWeek_Calendar' AND parent_object_id = OBJECT_ID(N'campus.CalendarWeek')
)
ALTER TABLE [campus].[CalendarWeek]
ADD CONSTRAINT [FK_CalendarWeek_Calendar] FOREIGN KEY ([Calendar_DocumentId])
REFERENCES [campus].[Calendar] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CalendarDate_Calendar_RefKey' AND parent_object_id = OBJECT_ID(N'campus.CalendarDate')
)
ALTER TABLE [campus].[CalendarDate]
ADD CONSTRAINT [FK_CalendarDate_Calendar_RefKey] FOREIGN KEY ([Calendar_DocumentId], [Calendar_CalendarCode], [Calendar_SchoolId], [Calendar_SchoolYear])
REFERENCES [campus].[Calendar] ([DocumentId], [CalendarCode], [School_SchoolId], [SchoolYear_SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CalendarDate_Document' AND parent_object_id = OBJECT_ID(N'campus.CalendarDate')
)
ALTER TABLE [campus].[CalendarDate]
ADD CONSTRAINT [FK_CalendarDate_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CalendarDateCalendarEvent_CalendarDate' AND parent_object_id = OBJECT_ID(N'campus.CalendarDateCalendarEvent')
)
ALTER TABLE [campus].[CalendarDateCalendarEvent]
ADD CONSTRAINT [FK_CalendarDateCalendarEvent_CalendarDate] FOREIGN KEY ([CalendarDate_DocumentId])
REFERENCES [campus].[CalendarDate] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CalendarDateCalendarEvent_CalendarDayKindDescriptor' AND parent_object_id = OBJECT_ID(N'campus.CalendarDateCalendarEvent')
)
ALTER TABLE [campus].[CalendarDateCalendarEvent]
ADD CONSTRAINT [FK_CalendarDateCalendarEvent_CalendarDayKindDescriptor] FOREIGN KEY ([CalendarDayKindDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_ClassPeriod_Document' AND parent_object_id = OBJECT_ID(N'campus.ClassPeriod')
)
ALTER TABLE [campus].[ClassPeriod]
ADD CONSTRAINT [FK_ClassPeriod_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_ClassPeriod_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.ClassPeriod')
)
ALTER TABLE [campus].[ClassPeriod]
ADD CONSTRAINT [FK_ClassPeriod_School_RefKey] FOREIGN KEY ([School_DocumentId], [School_SchoolId])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_ClassPeriodMeetingTime_ClassPeriod' AND parent_object_id = OBJECT_ID(N'campus.ClassPeriodMeetingTime')
)
ALTER TABLE [campus].[ClassPeriodMeetingTime]
ADD CONSTRAINT [FK_ClassPeriodMeetingTime_ClassPeriod] FOREIGN KEY ([ClassPeriod_DocumentId])
REFERENCES [campus].[ClassPeriod] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Course_Document' AND parent_object_id = OBJECT_ID(N'campus.Course')
)
ALTER TABLE [campus].[Course]
ADD CONSTRAINT [FK_Course_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Course_EducationOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Course')
)
ALTER TABLE [campus].[Course]
ADD CONSTRAINT [FK_Course_EducationOrganization_RefKey] FOREIGN KEY ([EducationOrganization_DocumentId], [EducationOrganization_EducationOrganizationId])
REFERENCES [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Course_SubjectDescriptor' AND parent_object_id = OBJECT_ID(N'campus.Course')
)
ALTER TABLE [campus].[Course]
ADD CONSTRAINT [FK_Course_SubjectDescriptor] FOREIGN KEY ([SubjectDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOfferedGradeLevel_Course' AND parent_object_id = OBJECT_ID(N'campus.CourseOfferedGradeLevel')
)
ALTER TABLE [campus].[CourseOfferedGradeLevel]
ADD CONSTRAINT [FK_CourseOfferedGradeLevel_Course] FOREIGN KEY ([Course_DocumentId])
REFERENCES [campus].[Course] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOfferedGradeLevel_GradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'campus.CourseOfferedGradeLevel')
)
ALTER TABLE [campus].[CourseOfferedGradeLevel]
ADD CONSTRAINT [FK_CourseOfferedGradeLevel_GradeLevelDescriptor] FOREIGN KEY ([GradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CoursePrerequisite_Course' AND parent_object_id = OBJECT_ID(N'campus.CoursePrerequisite')
)
ALTER TABLE [campus].[CoursePrerequisite]
ADD CONSTRAINT [FK_CoursePrerequisite_Course] FOREIGN KEY ([Course_DocumentId])
REFERENCES [campus].[Course] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CoursePrerequisite_PrerequisiteCourse_RefKey' AND parent_object_id = OBJECT_ID(N'campus.CoursePrerequisite')
)
ALTER TABLE [campus].[CoursePrerequisite]
ADD CONSTRAINT [FK_CoursePrerequisite_PrerequisiteCourse_RefKey] FOREIGN KEY ([PrerequisiteCourse_DocumentId], [PrerequisiteCourse_CourseCode], [PrerequisiteCourse_EducationOrganizationId])
REFERENCES [campus].[Course] ([DocumentId], [CourseCode], [EducationOrganization_EducationOrganizationId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Course_RefKey' AND parent_object_id = OBJECT_ID(N'campus.CourseOffering')
)
ALTER TABLE [campus].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Course_RefKey] FOREIGN KEY ([Course_DocumentId], [Course_CourseCode], [Course_EducationOrganizationId])
REFERENCES [campus].[Course] ([DocumentId], [CourseCode], [EducationOrganization_EducationOrganizationId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Document' AND parent_object_id = OBJECT_ID(N'campus.CourseOffering')
)
ALTER TABLE [campus].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.CourseOffering')
)
ALTER TABLE [campus].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_School_RefKey] FOREIGN KEY ([School_DocumentId], [SchoolId_Unified])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Session_RefKey' AND parent_object_id = OBJECT_ID(N'campus.CourseOffering')
)
ALTER TABLE [campus].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Session_RefKey] FOREIGN KEY ([Session_DocumentId], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_TermDescriptor_DescriptorId])
REFERENCES [campus].[Session] ([DocumentId], [SchoolId_Unified], [SchoolYear_Unified], [SessionName], [TermDescriptor_DescriptorId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOffering_Session_TermDescriptor' AND parent_object_id = OBJECT_ID(N'campus.CourseOffering')
)
ALTER TABLE [campus].[CourseOffering]
ADD CONSTRAINT [FK_CourseOffering_Session_TermDescriptor] FOREIGN KEY ([Session_TermDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_CourseOfferingFee_CourseOffering' AND parent_object_id = OBJECT_ID(N'campus.CourseOfferingFee')
)
ALTER TABLE [campus].[CourseOfferingFee]
ADD CONSTRAINT [FK_CourseOfferingFee_CourseOffering] FOREIGN KEY ([CourseOffering_DocumentId])
REFERENCES [campus].[CourseOffering] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_District_Document' AND parent_object_id = OBJECT_ID(N'campus.District')
)
ALTER TABLE [campus].[District]
ADD CONSTRAINT [FK_District_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_District_ParentDistrict_RefKey' AND parent_object_id = OBJECT_ID(N'campus.District')
)
ALTER TABLE [campus].[District]
ADD CONSTRAINT [FK_District_ParentDistrict_RefKey] FOREIGN KEY ([ParentDistrict_DocumentId], [ParentDistrict_DistrictId])
REFERENCES [campus].[District] ([DocumentId], [DistrictId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_DistrictPhoneNumber_District' AND parent_object_id = OBJECT_ID(N'campus.DistrictPhoneNumber')
)
ALTER TABLE [campus].[DistrictPhoneNumber]
ADD CONSTRAINT [FK_DistrictPhoneNumber_District] FOREIGN KEY ([District_DocumentId])
REFERENCES [campus].[District] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Location_Document' AND parent_object_id = OBJECT_ID(N'campus.Location')
)
ALTER TABLE [campus].[Location]
ADD CONSTRAINT [FK_Location_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Location_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Location')
)
ALTER TABLE [campus].[Location]
ADD CONSTRAINT [FK_Location_School_RefKey] FOREIGN KEY ([School_DocumentId], [School_SchoolId])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocationEquipment_Location' AND parent_object_id = OBJECT_ID(N'campus.LocationEquipment')
)
ALTER TABLE [campus].[LocationEquipment]
ADD CONSTRAINT [FK_LocationEquipment_Location] FOREIGN KEY ([Location_DocumentId])
REFERENCES [campus].[Location] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_LocationEquipmentCheck_LocationEquipment' AND parent_object_id = OBJECT_ID(N'campus.LocationEquipmentCheck')
)
ALTER TABLE [campus].[LocationEquipmentCheck]
ADD CONSTRAINT [FK_LocationEquipmentCheck_LocationEquipment] FOREIGN KEY ([Location_DocumentId], [EquipmentOrdinal])
REFERENCES [campus].[LocationEquipment] ([Location_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_School_District_RefKey' AND parent_object_id = OBJECT_ID(N'campus.School')
)
ALTER TABLE [campus].[School]
ADD CONSTRAINT [FK_School_District_RefKey] FOREIGN KEY ([District_DocumentId], [District_DistrictId])
REFERENCES [campus].[District] ([DocumentId], [DistrictId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_School_Document' AND parent_object_id = OBJECT_ID(N'campus.School')
)
ALTER TABLE [campus].[School]
ADD CONSTRAINT [FK_School_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtension_AthleticLeague_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtension')
)
ALTER TABLE [athletics].[SchoolExtension]
ADD CONSTRAINT [FK_SchoolExtension_AthleticLeague_RefKey] FOREIGN KEY ([AthleticLeague_DocumentId], [AthleticLeague_AthleticLeagueId])
REFERENCES [athletics].[AthleticLeague] ([DocumentId], [AthleticLeagueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtension_PrimarySportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtension')
)
ALTER TABLE [athletics].[SchoolExtension]
ADD CONSTRAINT [FK_SchoolExtension_PrimarySportDescriptor] FOREIGN KEY ([PrimarySportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtension_School' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtension')
)
ALTER TABLE [athletics].[SchoolExtension]
ADD CONSTRAINT [FK_SchoolExtension_School] FOREIGN KEY ([DocumentId])
REFERENCES [campus].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionFacility_SchoolExtension' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtensionFacility')
)
ALTER TABLE [athletics].[SchoolExtensionFacility]
ADD CONSTRAINT [FK_SchoolExtensionFacility_SchoolExtension] FOREIGN KEY ([School_DocumentId])
REFERENCES [athletics].[SchoolExtension] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddress_AddressKindDescriptor' AND parent_object_id = OBJECT_ID(N'campus.SchoolAddress')
)
ALTER TABLE [campus].[SchoolAddress]
ADD CONSTRAINT [FK_SchoolAddress_AddressKindDescriptor] FOREIGN KEY ([AddressKindDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddress_School' AND parent_object_id = OBJECT_ID(N'campus.SchoolAddress')
)
ALTER TABLE [campus].[SchoolAddress]
ADD CONSTRAINT [FK_SchoolAddress_School] FOREIGN KEY ([School_DocumentId])
REFERENCES [campus].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolGradeLevelDescriptor_GradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'campus.SchoolGradeLevelDescriptor')
)
ALTER TABLE [campus].[SchoolGradeLevelDescriptor]
ADD CONSTRAINT [FK_SchoolGradeLevelDescriptor_GradeLevelDescriptor] FOREIGN KEY ([GradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolGradeLevelDescriptor_School' AND parent_object_id = OBJECT_ID(N'campus.SchoolGradeLevelDescriptor')
)
ALTER TABLE [campus].[SchoolGradeLevelDescriptor]
ADD CONSTRAINT [FK_SchoolGradeLevelDescriptor_School] FOREIGN KEY ([School_DocumentId])
REFERENCES [campus].[School] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionFacilityInspection_Inspector_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtensionFacilityInspection')
)
ALTER TABLE [athletics].[SchoolExtensionFacilityInspection]
ADD CONSTRAINT [FK_SchoolExtensionFacilityInspection_Inspector_RefKey] FOREIGN KEY ([Inspector_DocumentId], [Inspector_StaffUniqueId])
REFERENCES [campus].[Staff] ([DocumentId], [StaffUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionFacilityInspection_SchoolExtensionFacility' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtensionFacilityInspection')
)
ALTER TABLE [athletics].[SchoolExtensionFacilityInspection]
ADD CONSTRAINT [FK_SchoolExtensionFacilityInspection_SchoolExtensionFacility] FOREIGN KEY ([School_DocumentId], [FacilityOrdinal])
REFERENCES [athletics].[SchoolExtensionFacility] ([School_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionFacilitySupportedSportDescriptor_SchoolExtensionFacility' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtensionFacilitySupportedSportDescriptor')
)
ALTER TABLE [athletics].[SchoolExtensionFacilitySupportedSportDescriptor]
ADD CONSTRAINT [FK_SchoolExtensionFacilitySupportedSportDescriptor_SchoolExtensionFacility] FOREIGN KEY ([School_DocumentId], [FacilityOrdinal])
REFERENCES [athletics].[SchoolExtensionFacility] ([School_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolExtensionFacilitySupportedSportDescriptor_SupportedSportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.SchoolExtensionFacilitySupportedSportDescriptor')
)
ALTER TABLE [athletics].[SchoolExtensionFacilitySupportedSportDescriptor]
ADD CONSTRAINT [FK_SchoolExtensionFacilitySupportedSportDescriptor_SupportedSportDescriptor] FOREIGN KEY ([SupportedSportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolAddressOccupancyPeriod_SchoolAddress' AND parent_object_id = OBJECT_ID(N'campus.SchoolAddressOccupancyPeriod')
)
ALTER TABLE [campus].[SchoolAddressOccupancyPeriod]
ADD CONSTRAINT [FK_SchoolAddressOccupancyPeriod_SchoolAddress] FOREIGN KEY ([School_DocumentId], [AddressOrdinal])
REFERENCES [campus].[SchoolAddress] ([School_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolYearType_Document' AND parent_object_id = OBJECT_ID(N'campus.SchoolYearType')
)
ALTER TABLE [campus].[SchoolYearType]
ADD CONSTRAINT [FK_SchoolYearType_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_CourseOffering_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Section')
)
ALTER TABLE [campus].[Section]
ADD CONSTRAINT [FK_Section_CourseOffering_RefKey] FOREIGN KEY ([CourseOffering_DocumentId], [CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_TermDescriptor_DescriptorId])
REFERENCES [campus].[CourseOffering] ([DocumentId], [LocalCourseCode], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_TermDescriptor_DescriptorId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_CourseOffering_TermDescriptor' AND parent_object_id = OBJECT_ID(N'campus.Section')
)
ALTER TABLE [campus].[Section]
ADD CONSTRAINT [FK_Section_CourseOffering_TermDescriptor] FOREIGN KEY ([CourseOffering_TermDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_Document' AND parent_object_id = OBJECT_ID(N'campus.Section')
)
ALTER TABLE [campus].[Section]
ADD CONSTRAINT [FK_Section_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_ExamLocation_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Section')
)
ALTER TABLE [campus].[Section]
ADD CONSTRAINT [FK_Section_ExamLocation_RefKey] FOREIGN KEY ([ExamLocation_DocumentId], [ExamLocation_RoomCode], [ExamLocation_SchoolId])
REFERENCES [campus].[Location] ([DocumentId], [ClassroomCode], [School_SchoolId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Section_Room' AND parent_object_id = OBJECT_ID(N'campus.Section')
)
ALTER TABLE [campus].[Section]
ADD CONSTRAINT [FK_Section_Room] FOREIGN KEY ([Room_DocumentId])
REFERENCES [campus].[Location] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SectionClassPeriod_ClassPeriod_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SectionClassPeriod')
)
ALTER TABLE [campus].[SectionClassPeriod]
ADD CONSTRAINT [FK_SectionClassPeriod_ClassPeriod_RefKey] FOREIGN KEY ([ClassPeriod_DocumentId], [ClassPeriod_ClassPeriodName], [ClassPeriod_SchoolId])
REFERENCES [campus].[ClassPeriod] ([DocumentId], [ClassPeriodName], [School_SchoolId])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SectionClassPeriod_Section' AND parent_object_id = OBJECT_ID(N'campus.SectionClassPeriod')
)
ALTER TABLE [campus].[SectionClassPeriod]
ADD CONSTRAINT [FK_SectionClassPeriod_Section] FOREIGN KEY ([Section_DocumentId])
REFERENCES [campus].[Section] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SectionStaffAssignment_Section' AND parent_object_id = OBJECT_ID(N'campus.SectionStaffAssignment')
)
ALTER TABLE [campus].[SectionStaffAssignment]
ADD CONSTRAINT [FK_SectionStaffAssignment_Section] FOREIGN KEY ([Section_DocumentId])
REFERENCES [campus].[Section] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SectionStaffAssignment_StaffAssignmentStaff_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SectionStaffAssignment')
)
ALTER TABLE [campus].[SectionStaffAssignment]
ADD CONSTRAINT [FK_SectionStaffAssignment_StaffAssignmentStaff_RefKey] FOREIGN KEY ([StaffAssignmentStaff_DocumentId], [StaffAssignmentStaff_StaffUniqueId])
REFERENCES [campus].[Staff] ([DocumentId], [StaffUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SectionStaffAssignment_StaffRoleDescriptor' AND parent_object_id = OBJECT_ID(N'campus.SectionStaffAssignment')
)
ALTER TABLE [campus].[SectionStaffAssignment]
ADD CONSTRAINT [FK_SectionStaffAssignment_StaffRoleDescriptor] FOREIGN KEY ([StaffRoleDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_Calendar_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Session')
)
ALTER TABLE [campus].[Session]
ADD CONSTRAINT [FK_Session_Calendar_RefKey] FOREIGN KEY ([Calendar_DocumentId], [Calendar_CalendarCode], [SchoolId_Unified], [SchoolYear_Unified])
REFERENCES [campus].[Calendar] ([DocumentId], [CalendarCode], [School_SchoolId], [SchoolYear_SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_Document' AND parent_object_id = OBJECT_ID(N'campus.Session')
)
ALTER TABLE [campus].[Session]
ADD CONSTRAINT [FK_Session_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_SchoolYear_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Session')
)
ALTER TABLE [campus].[Session]
ADD CONSTRAINT [FK_Session_SchoolYear_RefKey] FOREIGN KEY ([SchoolYear_DocumentId], [SchoolYear_Unified])
REFERENCES [campus].[SchoolYearType] ([DocumentId], [SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Session')
)
ALTER TABLE [campus].[Session]
ADD CONSTRAINT [FK_Session_School_RefKey] FOREIGN KEY ([School_DocumentId], [SchoolId_Unified])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Session_TermDescriptor' AND parent_object_id = OBJECT_ID(N'campus.Session')
)
ALTER TABLE [campus].[Session]
ADD CONSTRAINT [FK_Session_TermDescriptor] FOREIGN KEY ([TermDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SessionBreak_Session' AND parent_object_id = OBJECT_ID(N'campus.SessionBreak')
)
ALTER TABLE [campus].[SessionBreak]
ADD CONSTRAINT [FK_SessionBreak_Session] FOREIGN KEY ([Session_DocumentId])
REFERENCES [campus].[Session] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Staff_Document' AND parent_object_id = OBJECT_ID(N'campus.Staff')
)
ALTER TABLE [campus].[Staff]
ADD CONSTRAINT [FK_Staff_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Staff_Supervisor_RefKey' AND parent_object_id = OBJECT_ID(N'campus.Staff')
)
ALTER TABLE [campus].[Staff]
ADD CONSTRAINT [FK_Staff_Supervisor_RefKey] FOREIGN KEY ([Supervisor_DocumentId], [Supervisor_StaffUniqueId])
REFERENCES [campus].[Staff] ([DocumentId], [StaffUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtension_Staff' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtension')
)
ALTER TABLE [athletics].[StaffExtension]
ADD CONSTRAINT [FK_StaffExtension_Staff] FOREIGN KEY ([DocumentId])
REFERENCES [campus].[Staff] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionCoachingLicence_SportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionCoachingLicence')
)
ALTER TABLE [athletics].[StaffExtensionCoachingLicence]
ADD CONSTRAINT [FK_StaffExtensionCoachingLicence_SportDescriptor] FOREIGN KEY ([SportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionCoachingLicence_StaffExtension' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionCoachingLicence')
)
ALTER TABLE [athletics].[StaffExtensionCoachingLicence]
ADD CONSTRAINT [FK_StaffExtensionCoachingLicence_StaffExtension] FOREIGN KEY ([Staff_DocumentId])
REFERENCES [athletics].[StaffExtension] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionPhone_HotlineTeam_RefKey' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionPhone')
)
ALTER TABLE [athletics].[StaffExtensionPhone]
ADD CONSTRAINT [FK_StaffExtensionPhone_HotlineTeam_RefKey] FOREIGN KEY ([HotlineTeam_DocumentId], [HotlineTeam_SchoolId], [HotlineTeam_SportDescriptor_DescriptorId], [HotlineTeam_TeamCode])
REFERENCES [athletics].[Team] ([DocumentId], [SchoolId_Unified], [SportDescriptor_DescriptorId], [TeamCode])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionPhone_HotlineTeam_SportDescriptor' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionPhone')
)
ALTER TABLE [athletics].[StaffExtensionPhone]
ADD CONSTRAINT [FK_StaffExtensionPhone_HotlineTeam_SportDescriptor] FOREIGN KEY ([HotlineTeam_SportDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionPhone_StaffPhone' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionPhone')
)
ALTER TABLE [athletics].[StaffExtensionPhone]
ADD CONSTRAINT [FK_StaffExtensionPhone_StaffPhone] FOREIGN KEY ([Staff_DocumentId], [Ordinal])
REFERENCES [campus].[StaffPhone] ([Staff_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffPhone_Staff' AND parent_object_id = OBJECT_ID(N'campus.StaffPhone')
)
ALTER TABLE [campus].[StaffPhone]
ADD CONSTRAINT [FK_StaffPhone_Staff] FOREIGN KEY ([Staff_DocumentId])
REFERENCES [campus].[Staff] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StaffExtensionPhoneCallWindow_StaffExtensionPhone' AND parent_object_id = OBJECT_ID(N'athletics.StaffExtensionPhoneCallWindow')
)
ALTER TABLE [athletics].[StaffExtensionPhoneCallWindow]
ADD CONSTRAINT [FK_StaffExtensionPhoneCallWindow_StaffExtensionPhone] FOREIGN KEY ([Staff_DocumentId], [PhoneOrdinal])
REFERENCES [athletics].[StaffExtensionPhone] ([Staff_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_Student_Document' AND parent_object_id = OBJECT_ID(N'campus.Student')
)
ALTER TABLE [campus].[Student]
ADD CONSTRAINT [FK_Student_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentIdentificationDocument_Student' AND parent_object_id = OBJECT_ID(N'campus.StudentIdentificationDocument')
)
ALTER TABLE [campus].[StudentIdentificationDocument]
ADD CONSTRAINT [FK_StudentIdentificationDocument_Student] FOREIGN KEY ([Student_DocumentId])
REFERENCES [campus].[Student] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentIdentificationDocumentRenewal_StudentIdentificationDocument' AND parent_object_id = OBJECT_ID(N'campus.StudentIdentificationDocumentRenewal')
)
ALTER TABLE [campus].[StudentIdentificationDocumentRenewal]
ADD CONSTRAINT [FK_StudentIdentificationDocumentRenewal_StudentIdentificationDocument] FOREIGN KEY ([Student_DocumentId], [IdentificationDocumentOrdinal])
REFERENCES [campus].[StudentIdentificationDocument] ([Student_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessment_Assessment_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessment')
)
ALTER TABLE [campus].[StudentAssessment]
ADD CONSTRAINT [FK_StudentAssessment_Assessment_RefKey] FOREIGN KEY ([Assessment_DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace])
REFERENCES [campus].[Assessment] ([DocumentId], [AssessmentIdentifier], [Namespace])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessment_Document' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessment')
)
ALTER TABLE [campus].[StudentAssessment]
ADD CONSTRAINT [FK_StudentAssessment_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessment_ProctorStaff_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessment')
)
ALTER TABLE [campus].[StudentAssessment]
ADD CONSTRAINT [FK_StudentAssessment_ProctorStaff_RefKey] FOREIGN KEY ([ProctorStaff_DocumentId], [ProctorStaff_StaffUniqueId])
REFERENCES [campus].[Staff] ([DocumentId], [StaffUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessment_Student_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessment')
)
ALTER TABLE [campus].[StudentAssessment]
ADD CONSTRAINT [FK_StudentAssessment_Student_RefKey] FOREIGN KEY ([Student_DocumentId], [Student_StudentUniqueId])
REFERENCES [campus].[Student] ([DocumentId], [StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessmentItem_Item_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessmentItem')
)
ALTER TABLE [campus].[StudentAssessmentItem]
ADD CONSTRAINT [FK_StudentAssessmentItem_Item_RefKey] FOREIGN KEY ([Item_DocumentId], [Item_AssessmentIdentifier], [Item_Namespace], [Item_ItemCode])
REFERENCES [campus].[AssessmentItem] ([DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace], [ItemCode])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessmentItem_StudentAssessment' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessmentItem')
)
ALTER TABLE [campus].[StudentAssessmentItem]
ADD CONSTRAINT [FK_StudentAssessmentItem_StudentAssessment] FOREIGN KEY ([StudentAssessment_DocumentId])
REFERENCES [campus].[StudentAssessment] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessmentScore_StudentAssessment' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessmentScore')
)
ALTER TABLE [campus].[StudentAssessmentScore]
ADD CONSTRAINT [FK_StudentAssessmentScore_StudentAssessment] FOREIGN KEY ([StudentAssessment_DocumentId])
REFERENCES [campus].[StudentAssessment] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessmentItemRespons_StudentAssessmentItem' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessmentItemRespons')
)
ALTER TABLE [campus].[StudentAssessmentItemRespons]
ADD CONSTRAINT [FK_StudentAssessmentItemRespons_StudentAssessmentItem] FOREIGN KEY ([StudentAssessment_DocumentId], [ItemOrdinal])
REFERENCES [campus].[StudentAssessmentItem] ([StudentAssessment_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentAssessmentScoreAdjustment_StudentAssessmentScore' AND parent_object_id = OBJECT_ID(N'campus.StudentAssessmentScoreAdjustment')
)
ALTER TABLE [campus].[StudentAssessmentScoreAdjustment]
ADD CONSTRAINT [FK_StudentAssessmentScoreAdjustment_StudentAssessmentScore] FOREIGN KEY ([StudentAssessment_DocumentId], [ScoreOrdinal])
REFERENCES [campus].[StudentAssessmentScore] ([StudentAssessment_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_Calendar_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_Calendar_RefKey] FOREIGN KEY ([Calendar_DocumentId], [Calendar_CalendarCode], [SchoolId_Unified], [SchoolYear_Unified])
REFERENCES [campus].[Calendar] ([DocumentId], [CalendarCode], [School_SchoolId], [SchoolYear_SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_Document' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_EntryGradeLevelDescriptor' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_EntryGradeLevelDescriptor] FOREIGN KEY ([EntryGradeLevelDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_SchoolYear_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_SchoolYear_RefKey] FOREIGN KEY ([SchoolYear_DocumentId], [SchoolYear_Unified])
REFERENCES [campus].[SchoolYearType] ([DocumentId], [SchoolYear])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_School_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_School_RefKey] FOREIGN KEY ([School_DocumentId], [SchoolId_Unified])
REFERENCES [campus].[School] ([DocumentId], [SchoolId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_SchoolEnrolment_Student_RefKey' AND parent_object_id = OBJECT_ID(N'campus.SchoolEnrolment')
)
ALTER TABLE [campus].[SchoolEnrolment]
ADD CONSTRAINT [FK_SchoolEnrolment_Student_RefKey] FOREIGN KEY ([Student_DocumentId], [Student_StudentUniqueId])
REFERENCES [campus].[Student] ([DocumentId], [StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_AttendanceOutcomeDescriptor' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_AttendanceOutcomeDescriptor] FOREIGN KEY ([AttendanceOutcomeDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Document' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_ReportingOrganization_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_ReportingOrganization_RefKey] FOREIGN KEY ([ReportingOrganization_DocumentId], [ReportingOrganization_EducationOrganizationId])
REFERENCES [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Section_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Section_RefKey] FOREIGN KEY ([Section_DocumentId], [Section_LocalCourseCode], [SchoolId_Unified], [SchoolYear_Unified], [SessionName_Unified], [TermDescriptor_Unified_DescriptorId], [Section_SectionIdentifier])
REFERENCES [campus].[Section] ([DocumentId], [CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_TermDescriptor_DescriptorId], [SectionIdentifier])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Session_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Session_RefKey] FOREIGN KEY ([Session_DocumentId], [SchoolId_Unified], [SchoolYear_Unified], [SessionName_Unified], [TermDescriptor_Unified_DescriptorId])
REFERENCES [campus].[Session] ([DocumentId], [SchoolId_Unified], [SchoolYear_Unified], [SessionName], [TermDescriptor_DescriptorId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_Student_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_Student_RefKey] FOREIGN KEY ([Student_DocumentId], [Student_StudentUniqueId])
REFERENCES [campus].[Student] ([DocumentId], [StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEvent_TermDescriptor_Unified' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEvent')
)
ALTER TABLE [campus].[StudentSectionAttendanceEvent]
ADD CONSTRAINT [FK_StudentSectionAttendanceEvent_TermDescriptor_Unified] FOREIGN KEY ([TermDescriptor_Unified_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEventGuardianContact_StudentSectionAttendanceEvent' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEventGuardianContact')
)
ALTER TABLE [campus].[StudentSectionAttendanceEventGuardianContact]
ADD CONSTRAINT [FK_StudentSectionAttendanceEventGuardianContact_StudentSectionAttendanceEvent] FOREIGN KEY ([StudentSectionAttendanceEvent_DocumentId])
REFERENCES [campus].[StudentSectionAttendanceEvent] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt_StudentSectionAttendanceEventGuardianContact' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt')
)
ALTER TABLE [campus].[StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt]
ADD CONSTRAINT [FK_StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt_StudentSectionAttendanceEventGuardianContact] FOREIGN KEY ([StudentSectionAttendanceEvent_DocumentId], [GuardianContactOrdinal])
REFERENCES [campus].[StudentSectionAttendanceEventGuardianContact] ([StudentSectionAttendanceEvent_DocumentId], [Ordinal])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionEnrolment_Document' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionEnrolment')
)
ALTER TABLE [campus].[StudentSectionEnrolment]
ADD CONSTRAINT [FK_StudentSectionEnrolment_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionEnrolment_Section_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionEnrolment')
)
ALTER TABLE [campus].[StudentSectionEnrolment]
ADD CONSTRAINT [FK_StudentSectionEnrolment_Section_RefKey] FOREIGN KEY ([Section_DocumentId], [Section_LocalCourseCode], [Section_SchoolId], [Section_SchoolYear], [Section_SessionName], [Section_TermDescriptor_DescriptorId], [Section_SectionIdentifier])
REFERENCES [campus].[Section] ([DocumentId], [CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_TermDescriptor_DescriptorId], [SectionIdentifier])
ON DELETE NO ACTION ON UPDATE CASCADE;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionEnrolment_Section_TermDescriptor' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionEnrolment')
)
ALTER TABLE [campus].[StudentSectionEnrolment]
ADD CONSTRAINT [FK_StudentSectionEnrolment_Section_TermDescriptor] FOREIGN KEY ([Section_TermDescriptor_DescriptorId])
REFERENCES [dms].[Descriptor] ([DocumentId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionEnrolment_Student_RefKey' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionEnrolment')
)
ALTER TABLE [campus].[StudentSectionEnrolment]
ADD CONSTRAINT [FK_StudentSectionEnrolment_Student_RefKey] FOREIGN KEY ([Student_DocumentId], [Student_StudentUniqueId])
REFERENCES [campus].[Student] ([DocumentId], [StudentUniqueId])
ON DELETE NO ACTION ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_StudentSectionEnrolmentGradeMark_StudentSectionEnrolment' AND parent_object_id = OBJECT_ID(N'campus.StudentSectionEnrolmentGradeMark')
)
ALTER TABLE [campus].[StudentSectionEnrolmentGradeMark]
ADD CONSTRAINT [FK_StudentSectionEnrolmentGradeMark_StudentSectionEnrolment] FOREIGN KEY ([StudentSectionEnrolment_DocumentId])
REFERENCES [campus].[StudentSectionEnrolment] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

IF NOT EXISTS (
    SELECT 1 FROM sys.foreign_keys
    WHERE name = N'FK_EducationOrganizationIdentity_Document' AND parent_object_id = OBJECT_ID(N'campus.EducationOrganizationIdentity')
)
ALTER TABLE [campus].[EducationOrganizationIdentity]
ADD CONSTRAINT [FK_EducationOrganizationIdentity_Document] FOREIGN KEY ([DocumentId])
REFERENCES [dms].[Document] ([DocumentId])
ON DELETE CASCADE ON UPDATE NO ACTION;

-- ==========================================================
-- Phase 13: Model Indexes
-- ==========================================================

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'AthleticLeague' AND i.name = N'IX_AthleticLeague_SanctioningDistrict_DocumentId_SanctioningDistrict_DistrictId'
)
CREATE INDEX [IX_AthleticLeague_SanctioningDistrict_DocumentId_SanctioningDistrict_DistrictId] ON [athletics].[AthleticLeague] ([SanctioningDistrict_DocumentId], [SanctioningDistrict_DistrictId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'SchoolExtension' AND i.name = N'IX_SchoolExtension_AthleticLeague_DocumentId_AthleticLeague_AthleticLeagueId'
)
CREATE INDEX [IX_SchoolExtension_AthleticLeague_DocumentId_AthleticLeague_AthleticLeagueId] ON [athletics].[SchoolExtension] ([AthleticLeague_DocumentId], [AthleticLeague_AthleticLeagueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'SchoolExtension' AND i.name = N'IX_SchoolExtension_PrimarySportDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolExtension_PrimarySportDescriptor_DescriptorId] ON [athletics].[SchoolExtension] ([PrimarySportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'SchoolExtensionFacilityInspection' AND i.name = N'IX_SchoolExtensionFacilityInspection_Inspector_DocumentId_Inspector_StaffUniqueId'
)
CREATE INDEX [IX_SchoolExtensionFacilityInspection_Inspector_DocumentId_Inspector_StaffUniqueId] ON [athletics].[SchoolExtensionFacilityInspection] ([Inspector_DocumentId], [Inspector_StaffUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'SchoolExtensionFacilitySupportedSportDescriptor' AND i.name = N'IX_SchoolExtensionFacilitySupportedSportDescriptor_SupportedSportDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolExtensionFacilitySupportedSportDescriptor_SupportedSportDescriptor_DescriptorId] ON [athletics].[SchoolExtensionFacilitySupportedSportDescriptor] ([SupportedSportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'StaffExtensionCoachingLicence' AND i.name = N'IX_StaffExtensionCoachingLicence_SportDescriptor_DescriptorId'
)
CREATE INDEX [IX_StaffExtensionCoachingLicence_SportDescriptor_DescriptorId] ON [athletics].[StaffExtensionCoachingLicence] ([SportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'StaffExtensionPhone' AND i.name = N'IX_StaffExtensionPhone_HotlineTeam_DocumentId_HotlineTeam_SchoolId_HotlineTeam_SportDescriptor_DescriptorId_HotlineTeam_TeamCode'
)
CREATE INDEX [IX_StaffExtensionPhone_HotlineTeam_DocumentId_HotlineTeam_SchoolId_HotlineTeam_SportDescriptor_DescriptorId_HotlineTeam_TeamCode] ON [athletics].[StaffExtensionPhone] ([HotlineTeam_DocumentId], [HotlineTeam_SchoolId], [HotlineTeam_SportDescriptor_DescriptorId], [HotlineTeam_TeamCode]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'StaffExtensionPhone' AND i.name = N'IX_StaffExtensionPhone_HotlineTeam_SportDescriptor_DescriptorId'
)
CREATE INDEX [IX_StaffExtensionPhone_HotlineTeam_SportDescriptor_DescriptorId] ON [athletics].[StaffExtensionPhone] ([HotlineTeam_SportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'Team' AND i.name = N'IX_Team_AthleticLeague_DocumentId_AthleticLeague_AthleticLeagueId'
)
CREATE INDEX [IX_Team_AthleticLeague_DocumentId_AthleticLeague_AthleticLeagueId] ON [athletics].[Team] ([AthleticLeague_DocumentId], [AthleticLeague_AthleticLeagueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'Team' AND i.name = N'IX_Team_HomeLocation_DocumentId_HomeLocation_ClassroomCode_SchoolId_Unified'
)
CREATE INDEX [IX_Team_HomeLocation_DocumentId_HomeLocation_ClassroomCode_SchoolId_Unified] ON [athletics].[Team] ([HomeLocation_DocumentId], [HomeLocation_ClassroomCode], [SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'Team' AND i.name = N'IX_Team_School_DocumentId_SchoolId_Unified'
)
CREATE INDEX [IX_Team_School_DocumentId_SchoolId_Unified] ON [athletics].[Team] ([School_DocumentId], [SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'Team' AND i.name = N'IX_Team_SportDescriptor_DescriptorId'
)
CREATE INDEX [IX_Team_SportDescriptor_DescriptorId] ON [athletics].[Team] ([SportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamMatch' AND i.name = N'IX_TeamMatch_OpponentTeam_DocumentId_OpponentTeam_SchoolId_OpponentTeam_SportDescriptor_DescriptorId_OpponentTeam_TeamCode'
)
CREATE INDEX [IX_TeamMatch_OpponentTeam_DocumentId_OpponentTeam_SchoolId_OpponentTeam_SportDescriptor_DescriptorId_OpponentTeam_TeamCode] ON [athletics].[TeamMatch] ([OpponentTeam_DocumentId], [OpponentTeam_SchoolId], [OpponentTeam_SportDescriptor_DescriptorId], [OpponentTeam_TeamCode]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamMatch' AND i.name = N'IX_TeamMatch_OpponentTeam_SportDescriptor_DescriptorId'
)
CREATE INDEX [IX_TeamMatch_OpponentTeam_SportDescriptor_DescriptorId] ON [athletics].[TeamMatch] ([OpponentTeam_SportDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamRosterEntry' AND i.name = N'IX_TeamRosterEntry_EligibilityEnrolment_DocumentId_EligibilityEnrolment_EntryDate_SchoolId_Unified_StudentUniqueId_Unified'
)
CREATE INDEX [IX_TeamRosterEntry_EligibilityEnrolment_DocumentId_EligibilityEnrolment_EntryDate_SchoolId_Unified_StudentUniqueId_Unified] ON [athletics].[TeamRosterEntry] ([EligibilityEnrolment_DocumentId], [EligibilityEnrolment_EntryDate], [SchoolId_Unified], [StudentUniqueId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamRosterEntry' AND i.name = N'IX_TeamRosterEntry_Student_DocumentId_StudentUniqueId_Unified'
)
CREATE INDEX [IX_TeamRosterEntry_Student_DocumentId_StudentUniqueId_Unified] ON [athletics].[TeamRosterEntry] ([Student_DocumentId], [StudentUniqueId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamRosterEntry' AND i.name = N'IX_TeamRosterEntry_Team_DocumentId_SchoolId_Unified_Team_SportDescriptor_DescriptorId_Team_TeamCode'
)
CREATE INDEX [IX_TeamRosterEntry_Team_DocumentId_SchoolId_Unified_Team_SportDescriptor_DescriptorId_Team_TeamCode] ON [athletics].[TeamRosterEntry] ([Team_DocumentId], [SchoolId_Unified], [Team_SportDescriptor_DescriptorId], [Team_TeamCode]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'athletics' AND t.name = N'TeamRosterEntry' AND i.name = N'IX_TeamRosterEntry_Team_SportDescriptor_DescriptorId'
)
CREATE INDEX [IX_TeamRosterEntry_Team_SportDescriptor_DescriptorId] ON [athletics].[TeamRosterEntry] ([Team_SportDescriptor_DescriptorId]);

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
    WHERE s.name = N'campus' AND t.name = N'Assessment' AND i.name = N'IX_Assessment_SponsoringOrganization_DocumentId_SponsoringOrganization_EducationOrganizationId'
)
CREATE INDEX [IX_Assessment_SponsoringOrganization_DocumentId_SponsoringOrganization_EducationOrganizationId] ON [campus].[Assessment] ([SponsoringOrganization_DocumentId], [SponsoringOrganization_EducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Assessment' AND i.name = N'IX_Assessment_SubjectDescriptor_DescriptorId'
)
CREATE INDEX [IX_Assessment_SubjectDescriptor_DescriptorId] ON [campus].[Assessment] ([SubjectDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'AssessmentGradeLevelDescriptor' AND i.name = N'IX_AssessmentGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_AssessmentGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId] ON [campus].[AssessmentGradeLevelDescriptor] ([GradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'AssessmentItem' AND i.name = N'IX_AssessmentItem_Assessment_DocumentId_Assessment_AssessmentIdentifier_Assessment_Namespace'
)
CREATE INDEX [IX_AssessmentItem_Assessment_DocumentId_Assessment_AssessmentIdentifier_Assessment_Namespace] ON [campus].[AssessmentItem] ([Assessment_DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_SchoolYear_DocumentId_SchoolYear_SchoolYear'
)
CREATE INDEX [IX_Calendar_SchoolYear_DocumentId_SchoolYear_SchoolYear] ON [campus].[Calendar] ([SchoolYear_DocumentId], [SchoolYear_SchoolYear]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Calendar' AND i.name = N'IX_Calendar_School_DocumentId_School_SchoolId'
)
CREATE INDEX [IX_Calendar_School_DocumentId_School_SchoolId] ON [campus].[Calendar] ([School_DocumentId], [School_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CalendarDate' AND i.name = N'IX_CalendarDate_Calendar_DocumentId_Calendar_CalendarCode_Calendar_SchoolId_Calendar_SchoolYear'
)
CREATE INDEX [IX_CalendarDate_Calendar_DocumentId_Calendar_CalendarCode_Calendar_SchoolId_Calendar_SchoolYear] ON [campus].[CalendarDate] ([Calendar_DocumentId], [Calendar_CalendarCode], [Calendar_SchoolId], [Calendar_SchoolYear]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CalendarDateCalendarEvent' AND i.name = N'IX_CalendarDateCalendarEvent_CalendarDayKindDescriptor_DescriptorId'
)
CREATE INDEX [IX_CalendarDateCalendarEvent_CalendarDayKindDescriptor_DescriptorId] ON [campus].[CalendarDateCalendarEvent] ([CalendarDayKindDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'ClassPeriod' AND i.name = N'IX_ClassPeriod_School_DocumentId_School_SchoolId'
)
CREATE INDEX [IX_ClassPeriod_School_DocumentId_School_SchoolId] ON [campus].[ClassPeriod] ([School_DocumentId], [School_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Course' AND i.name = N'IX_Course_EducationOrganization_DocumentId_EducationOrganization_EducationOrganizationId'
)
CREATE INDEX [IX_Course_EducationOrganization_DocumentId_EducationOrganization_EducationOrganizationId] ON [campus].[Course] ([EducationOrganization_DocumentId], [EducationOrganization_EducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Course' AND i.name = N'IX_Course_SubjectDescriptor_DescriptorId'
)
CREATE INDEX [IX_Course_SubjectDescriptor_DescriptorId] ON [campus].[Course] ([SubjectDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CourseOfferedGradeLevel' AND i.name = N'IX_CourseOfferedGradeLevel_GradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_CourseOfferedGradeLevel_GradeLevelDescriptor_DescriptorId] ON [campus].[CourseOfferedGradeLevel] ([GradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_Course_DocumentId_Course_CourseCode_Course_EducationOrganizationId'
)
CREATE INDEX [IX_CourseOffering_Course_DocumentId_Course_CourseCode_Course_EducationOrganizationId] ON [campus].[CourseOffering] ([Course_DocumentId], [Course_CourseCode], [Course_EducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_School_DocumentId_SchoolId_Unified'
)
CREATE INDEX [IX_CourseOffering_School_DocumentId_SchoolId_Unified] ON [campus].[CourseOffering] ([School_DocumentId], [SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_Session_DocumentId_SchoolId_Unified_Session_SchoolYear_Session_SessionName_Session_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_CourseOffering_Session_DocumentId_SchoolId_Unified_Session_SchoolYear_Session_SessionName_Session_TermDescriptor_DescriptorId] ON [campus].[CourseOffering] ([Session_DocumentId], [SchoolId_Unified], [Session_SchoolYear], [Session_SessionName], [Session_TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CourseOffering' AND i.name = N'IX_CourseOffering_Session_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_CourseOffering_Session_TermDescriptor_DescriptorId] ON [campus].[CourseOffering] ([Session_TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'CoursePrerequisite' AND i.name = N'IX_CoursePrerequisite_PrerequisiteCourse_DocumentId_PrerequisiteCourse_CourseCode_PrerequisiteCourse_EducationOrganizationId'
)
CREATE INDEX [IX_CoursePrerequisite_PrerequisiteCourse_DocumentId_PrerequisiteCourse_CourseCode_PrerequisiteCourse_EducationOrganizationId] ON [campus].[CoursePrerequisite] ([PrerequisiteCourse_DocumentId], [PrerequisiteCourse_CourseCode], [PrerequisiteCourse_EducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'District' AND i.name = N'IX_District_ParentDistrict_DocumentId_ParentDistrict_DistrictId'
)
CREATE INDEX [IX_District_ParentDistrict_DocumentId_ParentDistrict_DistrictId] ON [campus].[District] ([ParentDistrict_DocumentId], [ParentDistrict_DistrictId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Location' AND i.name = N'IX_Location_School_DocumentId_School_SchoolId'
)
CREATE INDEX [IX_Location_School_DocumentId_School_SchoolId] ON [campus].[Location] ([School_DocumentId], [School_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'School' AND i.name = N'IX_School_District_DocumentId_District_DistrictId'
)
CREATE INDEX [IX_School_District_DocumentId_District_DistrictId] ON [campus].[School] ([District_DocumentId], [District_DistrictId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolAddress' AND i.name = N'IX_SchoolAddress_AddressKindDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolAddress_AddressKindDescriptor_DescriptorId] ON [campus].[SchoolAddress] ([AddressKindDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolEnrolment' AND i.name = N'IX_SchoolEnrolment_Calendar_DocumentId_Calendar_CalendarCode_SchoolId_Unified_SchoolYear_Unified'
)
CREATE INDEX [IX_SchoolEnrolment_Calendar_DocumentId_Calendar_CalendarCode_SchoolId_Unified_SchoolYear_Unified] ON [campus].[SchoolEnrolment] ([Calendar_DocumentId], [Calendar_CalendarCode], [SchoolId_Unified], [SchoolYear_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolEnrolment' AND i.name = N'IX_SchoolEnrolment_EntryGradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolEnrolment_EntryGradeLevelDescriptor_DescriptorId] ON [campus].[SchoolEnrolment] ([EntryGradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolEnrolment' AND i.name = N'IX_SchoolEnrolment_SchoolYear_DocumentId_SchoolYear_Unified'
)
CREATE INDEX [IX_SchoolEnrolment_SchoolYear_DocumentId_SchoolYear_Unified] ON [campus].[SchoolEnrolment] ([SchoolYear_DocumentId], [SchoolYear_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolEnrolment' AND i.name = N'IX_SchoolEnrolment_School_DocumentId_SchoolId_Unified'
)
CREATE INDEX [IX_SchoolEnrolment_School_DocumentId_SchoolId_Unified] ON [campus].[SchoolEnrolment] ([School_DocumentId], [SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolEnrolment' AND i.name = N'IX_SchoolEnrolment_Student_DocumentId_Student_StudentUniqueId'
)
CREATE INDEX [IX_SchoolEnrolment_Student_DocumentId_Student_StudentUniqueId] ON [campus].[SchoolEnrolment] ([Student_DocumentId], [Student_StudentUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SchoolGradeLevelDescriptor' AND i.name = N'IX_SchoolGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId'
)
CREATE INDEX [IX_SchoolGradeLevelDescriptor_GradeLevelDescriptor_DescriptorId] ON [campus].[SchoolGradeLevelDescriptor] ([GradeLevelDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Section' AND i.name = N'IX_Section_CourseOffering_DocumentId_CourseOffering_LocalCourseCode_SchoolId_Unified_CourseOffering_SchoolYear_Course_978528a93f'
)
CREATE INDEX [IX_Section_CourseOffering_DocumentId_CourseOffering_LocalCourseCode_SchoolId_Unified_CourseOffering_SchoolYear_Course_978528a93f] ON [campus].[Section] ([CourseOffering_DocumentId], [CourseOffering_LocalCourseCode], [SchoolId_Unified], [CourseOffering_SchoolYear], [CourseOffering_SessionName], [CourseOffering_TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Section' AND i.name = N'IX_Section_CourseOffering_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_Section_CourseOffering_TermDescriptor_DescriptorId] ON [campus].[Section] ([CourseOffering_TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Section' AND i.name = N'IX_Section_ExamLocation_DocumentId_ExamLocation_RoomCode_ExamLocation_SchoolId'
)
CREATE INDEX [IX_Section_ExamLocation_DocumentId_ExamLocation_RoomCode_ExamLocation_SchoolId] ON [campus].[Section] ([ExamLocation_DocumentId], [ExamLocation_RoomCode], [ExamLocation_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Section' AND i.name = N'IX_Section_Room_DocumentId'
)
CREATE INDEX [IX_Section_Room_DocumentId] ON [campus].[Section] ([Room_DocumentId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SectionClassPeriod' AND i.name = N'IX_SectionClassPeriod_ClassPeriod_DocumentId_ClassPeriod_ClassPeriodName_ClassPeriod_SchoolId'
)
CREATE INDEX [IX_SectionClassPeriod_ClassPeriod_DocumentId_ClassPeriod_ClassPeriodName_ClassPeriod_SchoolId] ON [campus].[SectionClassPeriod] ([ClassPeriod_DocumentId], [ClassPeriod_ClassPeriodName], [ClassPeriod_SchoolId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SectionStaffAssignment' AND i.name = N'IX_SectionStaffAssignment_StaffAssignmentStaff_DocumentId_StaffAssignmentStaff_StaffUniqueId'
)
CREATE INDEX [IX_SectionStaffAssignment_StaffAssignmentStaff_DocumentId_StaffAssignmentStaff_StaffUniqueId] ON [campus].[SectionStaffAssignment] ([StaffAssignmentStaff_DocumentId], [StaffAssignmentStaff_StaffUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'SectionStaffAssignment' AND i.name = N'IX_SectionStaffAssignment_StaffRoleDescriptor_DescriptorId'
)
CREATE INDEX [IX_SectionStaffAssignment_StaffRoleDescriptor_DescriptorId] ON [campus].[SectionStaffAssignment] ([StaffRoleDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Session' AND i.name = N'IX_Session_Calendar_DocumentId_Calendar_CalendarCode_SchoolId_Unified_SchoolYear_Unified'
)
CREATE INDEX [IX_Session_Calendar_DocumentId_Calendar_CalendarCode_SchoolId_Unified_SchoolYear_Unified] ON [campus].[Session] ([Calendar_DocumentId], [Calendar_CalendarCode], [SchoolId_Unified], [SchoolYear_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Session' AND i.name = N'IX_Session_SchoolYear_DocumentId_SchoolYear_Unified'
)
CREATE INDEX [IX_Session_SchoolYear_DocumentId_SchoolYear_Unified] ON [campus].[Session] ([SchoolYear_DocumentId], [SchoolYear_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Session' AND i.name = N'IX_Session_School_DocumentId_SchoolId_Unified'
)
CREATE INDEX [IX_Session_School_DocumentId_SchoolId_Unified] ON [campus].[Session] ([School_DocumentId], [SchoolId_Unified]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Session' AND i.name = N'IX_Session_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_Session_TermDescriptor_DescriptorId] ON [campus].[Session] ([TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'Staff' AND i.name = N'IX_Staff_Supervisor_DocumentId_Supervisor_StaffUniqueId'
)
CREATE INDEX [IX_Staff_Supervisor_DocumentId_Supervisor_StaffUniqueId] ON [campus].[Staff] ([Supervisor_DocumentId], [Supervisor_StaffUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentAssessment' AND i.name = N'IX_StudentAssessment_Assessment_DocumentId_Assessment_AssessmentIdentifier_Assessment_Namespace'
)
CREATE INDEX [IX_StudentAssessment_Assessment_DocumentId_Assessment_AssessmentIdentifier_Assessment_Namespace] ON [campus].[StudentAssessment] ([Assessment_DocumentId], [Assessment_AssessmentIdentifier], [Assessment_Namespace]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentAssessment' AND i.name = N'IX_StudentAssessment_ProctorStaff_DocumentId_ProctorStaff_StaffUniqueId'
)
CREATE INDEX [IX_StudentAssessment_ProctorStaff_DocumentId_ProctorStaff_StaffUniqueId] ON [campus].[StudentAssessment] ([ProctorStaff_DocumentId], [ProctorStaff_StaffUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentAssessment' AND i.name = N'IX_StudentAssessment_Student_DocumentId_Student_StudentUniqueId'
)
CREATE INDEX [IX_StudentAssessment_Student_DocumentId_Student_StudentUniqueId] ON [campus].[StudentAssessment] ([Student_DocumentId], [Student_StudentUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentAssessmentItem' AND i.name = N'IX_StudentAssessmentItem_Item_DocumentId_Item_AssessmentIdentifier_Item_Namespace_Item_ItemCode'
)
CREATE INDEX [IX_StudentAssessmentItem_Item_DocumentId_Item_AssessmentIdentifier_Item_Namespace_Item_ItemCode] ON [campus].[StudentAssessmentItem] ([Item_DocumentId], [Item_AssessmentIdentifier], [Item_Namespace], [Item_ItemCode]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_ReportingOrganization_DocumentId_ReportingOrganization_EducationOrganizationId'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_ReportingOrganization_DocumentId_ReportingOrganization_EducationOrganizationId] ON [campus].[StudentSectionAttendanceEvent] ([ReportingOrganization_DocumentId], [ReportingOrganization_EducationOrganizationId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Section_DocumentId_Section_LocalCourseCode_SchoolId_Unified_SchoolYear_Unified_Sessi_d69f3bb9e1'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Section_DocumentId_Section_LocalCourseCode_SchoolId_Unified_SchoolYear_Unified_Sessi_d69f3bb9e1] ON [campus].[StudentSectionAttendanceEvent] ([Section_DocumentId], [Section_LocalCourseCode], [SchoolId_Unified], [SchoolYear_Unified], [SessionName_Unified], [TermDescriptor_Unified_DescriptorId], [Section_SectionIdentifier]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Session_DocumentId_SchoolId_Unified_SchoolYear_Unified_SessionName_Unified_TermDescr_95fb7dafa0'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Session_DocumentId_SchoolId_Unified_SchoolYear_Unified_SessionName_Unified_TermDescr_95fb7dafa0] ON [campus].[StudentSectionAttendanceEvent] ([Session_DocumentId], [SchoolId_Unified], [SchoolYear_Unified], [SessionName_Unified], [TermDescriptor_Unified_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_Student_DocumentId_Student_StudentUniqueId'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_Student_DocumentId_Student_StudentUniqueId] ON [campus].[StudentSectionAttendanceEvent] ([Student_DocumentId], [Student_StudentUniqueId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionAttendanceEvent' AND i.name = N'IX_StudentSectionAttendanceEvent_TermDescriptor_Unified_DescriptorId'
)
CREATE INDEX [IX_StudentSectionAttendanceEvent_TermDescriptor_Unified_DescriptorId] ON [campus].[StudentSectionAttendanceEvent] ([TermDescriptor_Unified_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionEnrolment' AND i.name = N'IX_StudentSectionEnrolment_Section_DocumentId_Section_LocalCourseCode_Section_SchoolId_Section_SchoolYear_Section_Ses_2c87c0603b'
)
CREATE INDEX [IX_StudentSectionEnrolment_Section_DocumentId_Section_LocalCourseCode_Section_SchoolId_Section_SchoolYear_Section_Ses_2c87c0603b] ON [campus].[StudentSectionEnrolment] ([Section_DocumentId], [Section_LocalCourseCode], [Section_SchoolId], [Section_SchoolYear], [Section_SessionName], [Section_TermDescriptor_DescriptorId], [Section_SectionIdentifier]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionEnrolment' AND i.name = N'IX_StudentSectionEnrolment_Section_TermDescriptor_DescriptorId'
)
CREATE INDEX [IX_StudentSectionEnrolment_Section_TermDescriptor_DescriptorId] ON [campus].[StudentSectionEnrolment] ([Section_TermDescriptor_DescriptorId]);

IF NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    INNER JOIN sys.tables AS t ON t.object_id = i.object_id
    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
    WHERE s.name = N'campus' AND t.name = N'StudentSectionEnrolment' AND i.name = N'IX_StudentSectionEnrolment_Student_DocumentId_Student_StudentUniqueId'
)
CREATE INDEX [IX_StudentSectionEnrolment_Student_DocumentId_Student_StudentUniqueId] ON [campus].[StudentSectionEnrolment] ([Student_DocumentId], [Student_StudentUniqueId]);

-- ==========================================================
-- Phase 14: Model Views
-- ==========================================================

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [campus].[EducationOrganization_View] AS
SELECT [DocumentId] AS [DocumentId], [AthleticLeagueId] AS [EducationOrganizationId], CAST(N'Athletics:AthleticLeague' AS nvarchar(256)) AS [Discriminator]
FROM [athletics].[AthleticLeague]
UNION ALL
SELECT [DocumentId] AS [DocumentId], [DistrictId] AS [EducationOrganizationId], CAST(N'Campus:District' AS nvarchar(256)) AS [Discriminator]
FROM [campus].[District]
UNION ALL
SELECT [DocumentId] AS [DocumentId], CAST([SchoolId] AS bigint) AS [EducationOrganizationId], CAST(N'Campus:School' AS nvarchar(256)) AS [Discriminator]
FROM [campus].[School];

GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- ==========================================================
-- Phase 15: Model Triggers
-- ==========================================================

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_AbstractIdentity]
ON [athletics].[AthleticLeague]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (SELECT d.[AthleticLeagueId] EXCEPT SELECT i.[AthleticLeagueId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE a
    SET [EducationOrganizationId] = t.[AthleticLeagueId]
    FROM @documents AS c
    INNER LOOP JOIN [campus].[EducationOrganizationIdentity] AS a WITH (FORCESEEK) ON a.[DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [athletics].[AthleticLeague] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId], [Discriminator])
    SELECT
        t.[DocumentId],
        t.[AthleticLeagueId],
        N'Athletics:AthleticLeague'
    FROM @documents AS c
    INNER LOOP JOIN [athletics].[AthleticLeague] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE NOT EXISTS (SELECT 1 FROM [campus].[EducationOrganizationIdentity] AS a WHERE a.[DocumentId] = t.[DocumentId]);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_AuthHierarchy_Delete]
ON [athletics].[AthleticLeague]
AFTER DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT d.[AthleticLeagueId] FROM deleted AS d;
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_AuthHierarchy_Insert]
ON [athletics].[AthleticLeague]
AFTER INSERT
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT i.[AthleticLeagueId] FROM inserted AS i;
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_AuthHierarchy_Update]
ON [athletics].[AthleticLeague]
AFTER UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT o.[AthleticLeagueId]
    FROM (
        SELECT
            i.[AthleticLeagueId],
            i.[SanctioningDistrict_DistrictId]
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[AthleticLeagueId],
            d.[SanctioningDistrict_DistrictId]
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[AthleticLeagueId]
    FROM (
        SELECT
            d.[AthleticLeagueId],
            d.[SanctioningDistrict_DistrictId]
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[AthleticLeagueId],
            i.[SanctioningDistrict_DistrictId]
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_ReferentialIdentity]
ON [athletics].[AthleticLeague]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (SELECT d.[AthleticLeagueId] EXCEPT SELECT i.[AthleticLeagueId]);
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (1, 16)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (1, 16);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'AthleticsAthleticLeague$.athleticLeagueId=' AS nvarchar(max))
            + CAST(t.[AthleticLeagueId] AS nvarchar(20))
        ),
        t.[DocumentId],
        1
    FROM @documents AS c
    INNER LOOP JOIN [athletics].[AthleticLeague] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusEducationOrganization$.educationOrganizationId=' AS nvarchar(max))
            + CAST(t.[AthleticLeagueId] AS nvarchar(20))
        ),
        t.[DocumentId],
        16
    FROM @documents AS c
    INNER LOOP JOIN [athletics].[AthleticLeague] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeague_Stamp]
ON [athletics].[AthleticLeague]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (SELECT d.[AthleticLeagueId] EXCEPT SELECT i.[AthleticLeagueId]);
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

CREATE OR ALTER TRIGGER [athletics].[TR_AthleticLeagueSeason_Stamp]
ON [athletics].[AthleticLeagueSeason]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[AthleticLeague_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[AthleticLeague_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_SchoolExtension_Stamp]
ON [athletics].[SchoolExtension]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_SchoolExtensionFacility_Stamp]
ON [athletics].[SchoolExtensionFacility]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_SchoolExtensionFacilityInspection_Stamp]
ON [athletics].[SchoolExtensionFacilityInspection]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_SchoolExtensionFacilitySupportedSportDescriptor_Stamp]
ON [athletics].[SchoolExtensionFacilitySupportedSportDescriptor]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_StaffExtension_Stamp]
ON [athletics].[StaffExtension]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_StaffExtensionCoachingLicence_Stamp]
ON [athletics].[StaffExtensionCoachingLicence]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Staff_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Staff_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_StaffExtensionPhone_Stamp]
ON [athletics].[StaffExtensionPhone]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Staff_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Staff_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_StaffExtensionPhoneCallWindow_Stamp]
ON [athletics].[StaffExtensionPhoneCallWindow]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Staff_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Staff_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_Team_ReferentialIdentity]
ON [athletics].[Team]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[SchoolId_Unified],
                d.[SportDescriptor_DescriptorId],
                d.[TeamCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[TeamCode])
            EXCEPT
            SELECT
                i.[SchoolId_Unified],
                i.[SportDescriptor_DescriptorId],
                i.[TeamCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[TeamCode])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (3)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (3);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'AthleticsTeam$.schoolReference.schoolId=' AS nvarchar(max))
            + CAST(t.[School_SchoolId] AS nvarchar(20))
            + N'#$.sportDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[SportDescriptor_DescriptorId])
            + N'#$.teamCode='
            + t.[TeamCode]
        ),
        t.[DocumentId],
        3
    FROM @documents AS c
    INNER LOOP JOIN [athletics].[Team] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_Team_Stamp]
ON [athletics].[Team]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[SchoolId_Unified],
            d.[SportDescriptor_DescriptorId],
            d.[TeamCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[TeamCode])
        EXCEPT
        SELECT
            i.[SchoolId_Unified],
            i.[SportDescriptor_DescriptorId],
            i.[TeamCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[TeamCode])
    );
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

CREATE OR ALTER TRIGGER [athletics].[TR_TeamMatch_Stamp]
ON [athletics].[TeamMatch]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Team_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Team_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_TeamMatchPeriod_Stamp]
ON [athletics].[TeamMatchPeriod]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Team_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Team_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_TeamRosterEntry_ReferentialIdentity]
ON [athletics].[TeamRosterEntry]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[JerseyNumber],
                d.[StudentUniqueId_Unified] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[StudentUniqueId_Unified]),
                d.[SchoolId_Unified],
                d.[Team_SportDescriptor_DescriptorId],
                d.[Team_TeamCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Team_TeamCode])
            EXCEPT
            SELECT
                i.[JerseyNumber],
                i.[StudentUniqueId_Unified] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[StudentUniqueId_Unified]),
                i.[SchoolId_Unified],
                i.[Team_SportDescriptor_DescriptorId],
                i.[Team_TeamCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Team_TeamCode])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (4)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (4);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'AthleticsTeamRosterEntry$.jerseyNumber=' AS nvarchar(max))
            + CAST(t.[JerseyNumber] AS nvarchar(20))
            + N'#$.studentReference.studentUniqueId='
            + t.[Student_StudentUniqueId]
            + N'#$.teamReference.schoolId='
            + CAST(t.[Team_SchoolId] AS nvarchar(20))
            + N'#$.teamReference.sportDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[Team_SportDescriptor_DescriptorId])
            + N'#$.teamReference.teamCode='
            + t.[Team_TeamCode]
        ),
        t.[DocumentId],
        4
    FROM @documents AS c
    INNER LOOP JOIN [athletics].[TeamRosterEntry] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [athletics].[TR_TeamRosterEntry_Stamp]
ON [athletics].[TeamRosterEntry]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[JerseyNumber],
            d.[StudentUniqueId_Unified] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[StudentUniqueId_Unified]),
            d.[SchoolId_Unified],
            d.[Team_SportDescriptor_DescriptorId],
            d.[Team_TeamCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Team_TeamCode])
        EXCEPT
        SELECT
            i.[JerseyNumber],
            i.[StudentUniqueId_Unified] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[StudentUniqueId_Unified]),
            i.[SchoolId_Unified],
            i.[Team_SportDescriptor_DescriptorId],
            i.[Team_TeamCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Team_TeamCode])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_Assessment_ReferentialIdentity]
ON [campus].[Assessment]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[AssessmentIdentifier]),
                d.[Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Namespace])
            EXCEPT
            SELECT
                i.[AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[AssessmentIdentifier]),
                i.[Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Namespace])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (6)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (6);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusAssessment$.assessmentIdentifier=' AS nvarchar(max))
            + t.[AssessmentIdentifier]
            + N'#$.namespace='
            + t.[Namespace]
        ),
        t.[DocumentId],
        6
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Assessment] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Assessment_Stamp]
ON [campus].[Assessment]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[AssessmentIdentifier]),
            d.[Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Namespace])
        EXCEPT
        SELECT
            i.[AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[AssessmentIdentifier]),
            i.[Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Namespace])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentBand_Stamp]
ON [campus].[AssessmentBand]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Assessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Assessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentBandLabel_Stamp]
ON [campus].[AssessmentBandLabel]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Assessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Assessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentGradeLevelDescriptor_Stamp]
ON [campus].[AssessmentGradeLevelDescriptor]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Assessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Assessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentItem_ReferentialIdentity]
ON [campus].[AssessmentItem]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Assessment_AssessmentIdentifier]),
                d.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Assessment_Namespace]),
                d.[ItemCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[ItemCode])
            EXCEPT
            SELECT
                i.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Assessment_AssessmentIdentifier]),
                i.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Assessment_Namespace]),
                i.[ItemCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[ItemCode])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (7)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (7);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusAssessmentItem$.assessmentReference.assessmentIdentifier=' AS nvarchar(max))
            + t.[Assessment_AssessmentIdentifier]
            + N'#$.assessmentReference.namespace='
            + t.[Assessment_Namespace]
            + N'#$.itemCode='
            + t.[ItemCode]
        ),
        t.[DocumentId],
        7
    FROM @documents AS c
    INNER LOOP JOIN [campus].[AssessmentItem] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentItem_Stamp]
ON [campus].[AssessmentItem]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Assessment_AssessmentIdentifier]),
            d.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Assessment_Namespace]),
            d.[ItemCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[ItemCode])
        EXCEPT
        SELECT
            i.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Assessment_AssessmentIdentifier]),
            i.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Assessment_Namespace]),
            i.[ItemCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[ItemCode])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_AssessmentItemPossibleRespons_Stamp]
ON [campus].[AssessmentItemPossibleRespons]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[AssessmentItem_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[AssessmentItem_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Calendar_ReferentialIdentity]
ON [campus].[Calendar]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[CalendarCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[CalendarCode]),
                d.[School_SchoolId],
                d.[SchoolYear_SchoolYear]
            EXCEPT
            SELECT
                i.[CalendarCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[CalendarCode]),
                i.[School_SchoolId],
                i.[SchoolYear_SchoolYear]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (9)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (9);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusCalendar$.calendarCode=' AS nvarchar(max))
            + t.[CalendarCode]
            + N'#$.schoolReference.schoolId='
            + CAST(t.[School_SchoolId] AS nvarchar(20))
            + N'#$.schoolYearTypeReference.schoolYear='
            + CAST(t.[SchoolYear_SchoolYear] AS nvarchar(20))
        ),
        t.[DocumentId],
        9
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Calendar] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Calendar_Stamp]
ON [campus].[Calendar]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
            d.[SchoolYear_SchoolYear]
        EXCEPT
        SELECT
            i.[CalendarCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[CalendarCode]),
            i.[School_SchoolId],
            i.[SchoolYear_SchoolYear]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_CalendarDate_ReferentialIdentity]
ON [campus].[CalendarDate]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Calendar_CalendarCode]),
                d.[Calendar_SchoolId],
                d.[Calendar_SchoolYear],
                d.[EventDate]
            EXCEPT
            SELECT
                i.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Calendar_CalendarCode]),
                i.[Calendar_SchoolId],
                i.[Calendar_SchoolYear],
                i.[EventDate]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (10)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (10);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusCalendarDate$.calendarReference.calendarCode=' AS nvarchar(max))
            + t.[Calendar_CalendarCode]
            + N'#$.calendarReference.schoolId='
            + CAST(t.[Calendar_SchoolId] AS nvarchar(20))
            + N'#$.calendarReference.schoolYear='
            + CAST(t.[Calendar_SchoolYear] AS nvarchar(20))
            + N'#$.eventDate='
            + CONVERT(nvarchar(10), t.[EventDate], 23)
        ),
        t.[DocumentId],
        10
    FROM @documents AS c
    INNER LOOP JOIN [campus].[CalendarDate] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_CalendarDate_Stamp]
ON [campus].[CalendarDate]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Calendar_CalendarCode]),
            d.[Calendar_SchoolId],
            d.[Calendar_SchoolYear],
            d.[EventDate]
        EXCEPT
        SELECT
            i.[Calendar_CalendarCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Calendar_CalendarCode]),
            i.[Calendar_SchoolId],
            i.[Calendar_SchoolYear],
            i.[EventDate]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_CalendarDateCalendarEvent_Stamp]
ON [campus].[CalendarDateCalendarEvent]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[CalendarDate_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[CalendarDate_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_CalendarWeek_Stamp]
ON [campus].[CalendarWeek]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Calendar_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Calendar_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_ClassPeriod_ReferentialIdentity]
ON [campus].[ClassPeriod]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[ClassPeriodName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[ClassPeriodName]),
                d.[School_SchoolId]
            EXCEPT
            SELECT
                i.[ClassPeriodName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[ClassPeriodName]),
                i.[School_SchoolId]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (12)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (12);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusClassPeriod$.classPeriodName=' AS nvarchar(max))
            + t.[ClassPeriodName]
            + N'#$.schoolReference.schoolId='
            + CAST(t.[School_SchoolId] AS nvarchar(20))
        ),
        t.[DocumentId],
        12
    FROM @documents AS c
    INNER LOOP JOIN [campus].[ClassPeriod] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_ClassPeriod_Stamp]
ON [campus].[ClassPeriod]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[ClassPeriodName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[ClassPeriodName]),
            d.[School_SchoolId]
        EXCEPT
        SELECT
            i.[ClassPeriodName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[ClassPeriodName]),
            i.[School_SchoolId]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_ClassPeriodMeetingTime_Stamp]
ON [campus].[ClassPeriodMeetingTime]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[ClassPeriod_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[ClassPeriod_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Course_ReferentialIdentity]
ON [campus].[Course]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[CourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[CourseCode]),
                d.[EducationOrganization_EducationOrganizationId]
            EXCEPT
            SELECT
                i.[CourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[CourseCode]),
                i.[EducationOrganization_EducationOrganizationId]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (13)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (13);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusCourse$.courseCode=' AS nvarchar(max))
            + t.[CourseCode]
            + N'#$.educationOrganizationReference.educationOrganizationId='
            + CAST(t.[EducationOrganization_EducationOrganizationId] AS nvarchar(20))
        ),
        t.[DocumentId],
        13
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Course] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Course_Stamp]
ON [campus].[Course]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[CourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[CourseCode]),
            d.[EducationOrganization_EducationOrganizationId]
        EXCEPT
        SELECT
            i.[CourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[CourseCode]),
            i.[EducationOrganization_EducationOrganizationId]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_CourseOfferedGradeLevel_Stamp]
ON [campus].[CourseOfferedGradeLevel]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Course_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Course_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_CourseOffering_ReferentialIdentity]
ON [campus].[CourseOffering]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[LocalCourseCode]),
                d.[SchoolId_Unified],
                d.[Session_SchoolYear],
                d.[Session_SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Session_SessionName]),
                d.[Session_TermDescriptor_DescriptorId]
            EXCEPT
            SELECT
                i.[LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[LocalCourseCode]),
                i.[SchoolId_Unified],
                i.[Session_SchoolYear],
                i.[Session_SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Session_SessionName]),
                i.[Session_TermDescriptor_DescriptorId]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (14)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (14);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusCourseOffering$.localCourseCode=' AS nvarchar(max))
            + t.[LocalCourseCode]
            + N'#$.schoolReference.schoolId='
            + CAST(t.[School_SchoolId] AS nvarchar(20))
            + N'#$.sessionReference.schoolId='
            + CAST(t.[Session_SchoolId] AS nvarchar(20))
            + N'#$.sessionReference.schoolYear='
            + CAST(t.[Session_SchoolYear] AS nvarchar(20))
            + N'#$.sessionReference.sessionName='
            + t.[Session_SessionName]
            + N'#$.sessionReference.termDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[Session_TermDescriptor_DescriptorId])
        ),
        t.[DocumentId],
        14
    FROM @documents AS c
    INNER LOOP JOIN [campus].[CourseOffering] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_CourseOffering_Stamp]
ON [campus].[CourseOffering]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
            DATALENGTH(d.[Session_SessionName]),
            d.[Session_TermDescriptor_DescriptorId]
        EXCEPT
        SELECT
            i.[LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[LocalCourseCode]),
            i.[SchoolId_Unified],
            i.[Session_SchoolYear],
            i.[Session_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Session_SessionName]),
            i.[Session_TermDescriptor_DescriptorId]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_CourseOfferingFee_Stamp]
ON [campus].[CourseOfferingFee]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[CourseOffering_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[CourseOffering_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_CoursePrerequisite_Stamp]
ON [campus].[CoursePrerequisite]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Course_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Course_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_District_AbstractIdentity]
ON [campus].[District]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (SELECT d.[DistrictId] EXCEPT SELECT i.[DistrictId]);
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE a
    SET [EducationOrganizationId] = t.[DistrictId]
    FROM @documents AS c
    INNER LOOP JOIN [campus].[EducationOrganizationIdentity] AS a WITH (FORCESEEK) ON a.[DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [campus].[District] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId], [Discriminator])
    SELECT
        t.[DocumentId],
        t.[DistrictId],
        N'Campus:District'
    FROM @documents AS c
    INNER LOOP JOIN [campus].[District] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE NOT EXISTS (SELECT 1 FROM [campus].[EducationOrganizationIdentity] AS a WHERE a.[DocumentId] = t.[DocumentId]);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_District_AuthHierarchy_Delete]
ON [campus].[District]
AFTER DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT d.[DistrictId] FROM deleted AS d;
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_District_AuthHierarchy_Insert]
ON [campus].[District]
AFTER INSERT
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT DISTINCT i.[DistrictId] FROM inserted AS i;
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_District_AuthHierarchy_Update]
ON [campus].[District]
AFTER UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @affected TABLE ([EducationOrganizationId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @affected ([EducationOrganizationId])
    SELECT o.[DistrictId]
    FROM (
        SELECT
            i.[DistrictId],
            i.[ParentDistrict_DistrictId]
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[DistrictId],
            d.[ParentDistrict_DistrictId]
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[DistrictId]
    FROM (
        SELECT
            d.[DistrictId],
            d.[ParentDistrict_DistrictId]
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[DistrictId],
            i.[ParentDistrict_DistrictId]
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_District_ReferentialIdentity]
ON [campus].[District]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (SELECT d.[DistrictId] EXCEPT SELECT i.[DistrictId]);
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (15, 16)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (15, 16);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusDistrict$.districtId=' AS nvarchar(max))
            + CAST(t.[DistrictId] AS nvarchar(20))
        ),
        t.[DocumentId],
        15
    FROM @documents AS c
    INNER LOOP JOIN [campus].[District] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusEducationOrganization$.educationOrganizationId=' AS nvarchar(max))
            + CAST(t.[DistrictId] AS nvarchar(20))
        ),
        t.[DocumentId],
        16
    FROM @documents AS c
    INNER LOOP JOIN [campus].[District] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_District_Stamp]
ON [campus].[District]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (SELECT d.[DistrictId] EXCEPT SELECT i.[DistrictId]);
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

CREATE OR ALTER TRIGGER [campus].[TR_DistrictPhoneNumber_Stamp]
ON [campus].[DistrictPhoneNumber]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[District_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[District_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Location_PropagateIdentity]
ON [campus].[Location]
AFTER UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE (
        [DocumentId] bigint NOT NULL PRIMARY KEY,
        [ClassroomCode] bit NOT NULL DEFAULT 0,
        [School_SchoolId] bit NOT NULL DEFAULT 0
    );
    INSERT INTO @documents ([DocumentId], [ClassroomCode], [School_SchoolId])
    SELECT
        i.[DocumentId],
        CASE WHEN EXISTS (
            SELECT
                d.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[ClassroomCode])
            EXCEPT
            SELECT
                i.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[ClassroomCode])
        ) THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (SELECT d.[School_SchoolId] EXCEPT SELECT i.[School_SchoolId]) THEN 1 ELSE 0 END
    FROM inserted AS i
    INNER JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[ClassroomCode]),
            d.[School_SchoolId]
        EXCEPT
        SELECT
            i.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[ClassroomCode]),
            i.[School_SchoolId]
    );
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE r
    SET [Room_ClassroomCode] = CASE WHEN c.[ClassroomCode] = 1 THEN t.[ClassroomCode] ELSE r.[Room_ClassroomCode] END,
        [SchoolId_Unified] = CASE WHEN c.[School_SchoolId] = 1 THEN t.[School_SchoolId] ELSE r.[SchoolId_Unified] END
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Section] AS r WITH (FORCESEEK) ON r.[Room_DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [campus].[Location] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE (c.[ClassroomCode] = 1 AND EXISTS (
        SELECT
            r.[Room_ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(r.[Room_ClassroomCode])
        EXCEPT
        SELECT
            t.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(t.[ClassroomCode])
    ))
        OR (c.[School_SchoolId] = 1 AND EXISTS (SELECT r.[SchoolId_Unified] EXCEPT SELECT t.[School_SchoolId]));
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Location_ReferentialIdentity]
ON [campus].[Location]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[ClassroomCode]),
                d.[School_SchoolId]
            EXCEPT
            SELECT
                i.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[ClassroomCode]),
                i.[School_SchoolId]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (18)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (18);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusLocation$.classroomCode=' AS nvarchar(max))
            + t.[ClassroomCode]
            + N'#$.schoolReference.schoolId='
            + CAST(t.[School_SchoolId] AS nvarchar(20))
        ),
        t.[DocumentId],
        18
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Location] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Location_Stamp]
ON [campus].[Location]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[ClassroomCode]),
            d.[School_SchoolId]
        EXCEPT
        SELECT
            i.[ClassroomCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[ClassroomCode]),
            i.[School_SchoolId]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_LocationEquipment_Stamp]
ON [campus].[LocationEquipment]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Location_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Location_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_LocationEquipmentCheck_Stamp]
ON [campus].[LocationEquipmentCheck]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Location_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Location_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_School_AbstractIdentity]
ON [campus].[School]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
    INNER LOOP JOIN [campus].[EducationOrganizationIdentity] AS a WITH (FORCESEEK) ON a.[DocumentId] = c.[DocumentId]
    INNER LOOP JOIN [campus].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [campus].[EducationOrganizationIdentity] ([DocumentId], [EducationOrganizationId], [Discriminator])
    SELECT
        t.[DocumentId],
        t.[SchoolId],
        N'Campus:School'
    FROM @documents AS c
    INNER LOOP JOIN [campus].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId]
    WHERE NOT EXISTS (SELECT 1 FROM [campus].[EducationOrganizationIdentity] AS a WHERE a.[DocumentId] = t.[DocumentId]);
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_School_AuthHierarchy_Delete]
ON [campus].[School]
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_School_AuthHierarchy_Insert]
ON [campus].[School]
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_School_AuthHierarchy_Update]
ON [campus].[School]
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
            i.[District_DistrictId]
        FROM inserted AS i
        EXCEPT
        SELECT
            d.[SchoolId],
            d.[District_DistrictId]
        FROM deleted AS d
    ) AS o
    UNION
    SELECT o.[SchoolId]
    FROM (
        SELECT
            d.[SchoolId],
            d.[District_DistrictId]
        FROM deleted AS d
        EXCEPT
        SELECT
            i.[SchoolId],
            i.[District_DistrictId]
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
    WHERE EXISTS (SELECT 1 FROM [athletics].[AthleticLeague] AS e WHERE e.[AthleticLeagueId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[District] AS e WHERE e.[DistrictId] = a.[EducationOrganizationId])
        OR EXISTS (SELECT 1 FROM [campus].[School] AS e WHERE e.[SchoolId] = a.[EducationOrganizationId]);
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure ([TargetEducationOrganizationId], [SourceEducationOrganizationId], [Round])
        SELECT p.[TargetEducationOrganizationId], p.[SourceEducationOrganizationId], @round
        FROM (
            SELECT c.[TargetEducationOrganizationId], e.[SanctioningDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [athletics].[AthleticLeague] AS e ON e.[AthleticLeagueId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[SanctioningDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[ParentDistrict_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[District] AS e ON e.[DistrictId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[ParentDistrict_DistrictId] IS NOT NULL
            UNION
            SELECT c.[TargetEducationOrganizationId], e.[District_DistrictId] AS [SourceEducationOrganizationId]
            FROM @closure AS c
            INNER JOIN [campus].[School] AS e ON e.[SchoolId] = c.[SourceEducationOrganizationId]
            WHERE c.[Round] = @round - 1
                AND e.[District_DistrictId] IS NOT NULL
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

CREATE OR ALTER TRIGGER [campus].[TR_School_ReferentialIdentity]
ON [campus].[School]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (19, 16)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (19, 16);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusSchool$.schoolId=' AS nvarchar(max))
            + CAST(t.[SchoolId] AS nvarchar(20))
        ),
        t.[DocumentId],
        19
    FROM @documents AS c
    INNER LOOP JOIN [campus].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusEducationOrganization$.educationOrganizationId=' AS nvarchar(max))
            + CAST(t.[SchoolId] AS nvarchar(20))
        ),
        t.[DocumentId],
        16
    FROM @documents AS c
    INNER LOOP JOIN [campus].[School] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_School_Stamp]
ON [campus].[School]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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

CREATE OR ALTER TRIGGER [campus].[TR_SchoolAddress_Stamp]
ON [campus].[SchoolAddress]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolAddressOccupancyPeriod_Stamp]
ON [campus].[SchoolAddressOccupancyPeriod]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolEnrolment_ReferentialIdentity]
ON [campus].[SchoolEnrolment]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (27)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (27);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStudentSchoolEnrolment$.entryDate=' AS nvarchar(max))
            + CONVERT(nvarchar(10), t.[EntryDate], 23)
            + N'#$.schoolReference.schoolId='
            + CAST(t.[School_SchoolId] AS nvarchar(20))
            + N'#$.studentReference.studentUniqueId='
            + t.[Student_StudentUniqueId]
        ),
        t.[DocumentId],
        27
    FROM @documents AS c
    INNER LOOP JOIN [campus].[SchoolEnrolment] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolEnrolment_Stamp]
ON [campus].[SchoolEnrolment]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolGradeLevelDescriptor_Stamp]
ON [campus].[SchoolGradeLevelDescriptor]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[School_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[School_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolYearType_ReferentialIdentity]
ON [campus].[SchoolYearType]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (SELECT d.[SchoolYear] EXCEPT SELECT i.[SchoolYear]);
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (20)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (20);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusSchoolYearType$.schoolYear=' AS nvarchar(max))
            + CAST(t.[SchoolYear] AS nvarchar(20))
        ),
        t.[DocumentId],
        20
    FROM @documents AS c
    INNER LOOP JOIN [campus].[SchoolYearType] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SchoolYearType_Stamp]
ON [campus].[SchoolYearType]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Section_ReferentialIdentity]
ON [campus].[Section]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[CourseOffering_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[CourseOffering_LocalCourseCode]),
                d.[SchoolId_Unified],
                d.[CourseOffering_SchoolYear],
                d.[CourseOffering_SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[CourseOffering_SessionName]),
                d.[CourseOffering_TermDescriptor_DescriptorId],
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
                i.[CourseOffering_TermDescriptor_DescriptorId],
                i.[SectionIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[SectionIdentifier])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (21)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (21);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusSection$.courseOfferingReference.localCourseCode=' AS nvarchar(max))
            + t.[CourseOffering_LocalCourseCode]
            + N'#$.courseOfferingReference.schoolId='
            + CAST(t.[CourseOffering_SchoolReferenceSchoolId] AS nvarchar(20))
            + N'#$.courseOfferingReference.schoolYear='
            + CAST(t.[CourseOffering_SchoolYear] AS nvarchar(20))
            + N'#$.courseOfferingReference.sessionName='
            + t.[CourseOffering_SessionName]
            + N'#$.courseOfferingReference.termDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[CourseOffering_TermDescriptor_DescriptorId])
            + N'#$.sectionIdentifier='
            + t.[SectionIdentifier]
        ),
        t.[DocumentId],
        21
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Section] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Section_Stamp]
ON [campus].[Section]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
            d.[CourseOffering_TermDescriptor_DescriptorId],
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
            i.[CourseOffering_TermDescriptor_DescriptorId],
            i.[SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SectionIdentifier])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_SectionClassPeriod_Stamp]
ON [campus].[SectionClassPeriod]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Section_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Section_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_SectionStaffAssignment_Stamp]
ON [campus].[SectionStaffAssignment]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Section_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Section_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Session_ReferentialIdentity]
ON [campus].[Session]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[SchoolId_Unified],
                d.[SchoolYear_Unified],
                d.[SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[SessionName]),
                d.[TermDescriptor_DescriptorId]
            EXCEPT
            SELECT
                i.[SchoolId_Unified],
                i.[SchoolYear_Unified],
                i.[SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[SessionName]),
                i.[TermDescriptor_DescriptorId]
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (22)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (22);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusSession$.schoolReference.schoolId=' AS nvarchar(max))
            + CAST(t.[School_SchoolId] AS nvarchar(20))
            + N'#$.schoolYearTypeReference.schoolYear='
            + CAST(t.[SchoolYear_SchoolYear] AS nvarchar(20))
            + N'#$.sessionName='
            + t.[SessionName]
            + N'#$.termDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[TermDescriptor_DescriptorId])
        ),
        t.[DocumentId],
        22
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Session] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Session_Stamp]
ON [campus].[Session]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[SchoolId_Unified],
            d.[SchoolYear_Unified],
            d.[SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[SessionName]),
            d.[TermDescriptor_DescriptorId]
        EXCEPT
        SELECT
            i.[SchoolId_Unified],
            i.[SchoolYear_Unified],
            i.[SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SessionName]),
            i.[TermDescriptor_DescriptorId]
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_SessionBreak_Stamp]
ON [campus].[SessionBreak]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Session_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Session_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Staff_ReferentialIdentity]
ON [campus].[Staff]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (23)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (23);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStaff$.staffUniqueId=' AS nvarchar(max))
            + t.[StaffUniqueId]
        ),
        t.[DocumentId],
        23
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Staff] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Staff_Stamp]
ON [campus].[Staff]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StaffPhone_Stamp]
ON [campus].[StaffPhone]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Staff_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Staff_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Student_ReferentialIdentity]
ON [campus].[Student]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (25)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (25);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStudent$.studentUniqueId=' AS nvarchar(max))
            + t.[StudentUniqueId]
        ),
        t.[DocumentId],
        25
    FROM @documents AS c
    INNER LOOP JOIN [campus].[Student] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_Student_Stamp]
ON [campus].[Student]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
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
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessment_ReferentialIdentity]
ON [campus].[StudentAssessment]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Assessment_AssessmentIdentifier]),
                d.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Assessment_Namespace]),
                d.[StudentAssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[StudentAssessmentIdentifier]),
                d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Student_StudentUniqueId])
            EXCEPT
            SELECT
                i.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Assessment_AssessmentIdentifier]),
                i.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Assessment_Namespace]),
                i.[StudentAssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[StudentAssessmentIdentifier]),
                i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Student_StudentUniqueId])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (26)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (26);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStudentAssessment$.assessmentReference.assessmentIdentifier=' AS nvarchar(max))
            + t.[Assessment_AssessmentIdentifier]
            + N'#$.assessmentReference.namespace='
            + t.[Assessment_Namespace]
            + N'#$.studentAssessmentIdentifier='
            + t.[StudentAssessmentIdentifier]
            + N'#$.studentReference.studentUniqueId='
            + t.[Student_StudentUniqueId]
        ),
        t.[DocumentId],
        26
    FROM @documents AS c
    INNER LOOP JOIN [campus].[StudentAssessment] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessment_Stamp]
ON [campus].[StudentAssessment]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Assessment_AssessmentIdentifier]),
            d.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Assessment_Namespace]),
            d.[StudentAssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[StudentAssessmentIdentifier]),
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[Assessment_AssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Assessment_AssessmentIdentifier]),
            i.[Assessment_Namespace] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Assessment_Namespace]),
            i.[StudentAssessmentIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[StudentAssessmentIdentifier]),
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessmentItem_Stamp]
ON [campus].[StudentAssessmentItem]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentAssessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentAssessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessmentItemRespons_Stamp]
ON [campus].[StudentAssessmentItemRespons]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentAssessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentAssessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessmentScore_Stamp]
ON [campus].[StudentAssessmentScore]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentAssessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentAssessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentAssessmentScoreAdjustment_Stamp]
ON [campus].[StudentAssessmentScoreAdjustment]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentAssessment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentAssessment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentIdentificationDocument_Stamp]
ON [campus].[StudentIdentificationDocument]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Student_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Student_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentIdentificationDocumentRenewal_Stamp]
ON [campus].[StudentIdentificationDocumentRenewal]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[Student_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[Student_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionAttendanceEvent_ReferentialIdentity]
ON [campus].[StudentSectionAttendanceEvent]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[AttendanceOutcomeDescriptor_DescriptorId],
                d.[EventDate],
                d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Section_LocalCourseCode]),
                d.[SchoolId_Unified],
                d.[SchoolYear_Unified],
                d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Section_SectionIdentifier]),
                d.[SessionName_Unified] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[SessionName_Unified]),
                d.[TermDescriptor_Unified_DescriptorId],
                d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Student_StudentUniqueId])
            EXCEPT
            SELECT
                i.[AttendanceOutcomeDescriptor_DescriptorId],
                i.[EventDate],
                i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Section_LocalCourseCode]),
                i.[SchoolId_Unified],
                i.[SchoolYear_Unified],
                i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Section_SectionIdentifier]),
                i.[SessionName_Unified] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[SessionName_Unified]),
                i.[TermDescriptor_Unified_DescriptorId],
                i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Student_StudentUniqueId])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (28)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (28);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStudentSectionAttendanceEvent$.attendanceOutcomeDescriptor=' AS nvarchar(max))
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[AttendanceOutcomeDescriptor_DescriptorId])
            + N'#$.eventDate='
            + CONVERT(nvarchar(10), t.[EventDate], 23)
            + N'#$.sectionReference.localCourseCode='
            + t.[Section_LocalCourseCode]
            + N'#$.sectionReference.schoolId='
            + CAST(t.[Section_SchoolId] AS nvarchar(20))
            + N'#$.sectionReference.schoolYear='
            + CAST(t.[Section_SchoolYear] AS nvarchar(20))
            + N'#$.sectionReference.sectionIdentifier='
            + t.[Section_SectionIdentifier]
            + N'#$.sectionReference.sessionName='
            + t.[Section_SessionName]
            + N'#$.sectionReference.termDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[Section_TermDescriptor_DescriptorId])
            + N'#$.studentReference.studentUniqueId='
            + t.[Student_StudentUniqueId]
        ),
        t.[DocumentId],
        28
    FROM @documents AS c
    INNER LOOP JOIN [campus].[StudentSectionAttendanceEvent] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionAttendanceEvent_Stamp]
ON [campus].[StudentSectionAttendanceEvent]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[AttendanceOutcomeDescriptor_DescriptorId],
            d.[EventDate],
            d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_LocalCourseCode]),
            d.[SchoolId_Unified],
            d.[SchoolYear_Unified],
            d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_SectionIdentifier]),
            d.[SessionName_Unified] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[SessionName_Unified]),
            d.[TermDescriptor_Unified_DescriptorId],
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[AttendanceOutcomeDescriptor_DescriptorId],
            i.[EventDate],
            i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_LocalCourseCode]),
            i.[SchoolId_Unified],
            i.[SchoolYear_Unified],
            i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_SectionIdentifier]),
            i.[SessionName_Unified] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[SessionName_Unified]),
            i.[TermDescriptor_Unified_DescriptorId],
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionAttendanceEventGuardianContact_Stamp]
ON [campus].[StudentSectionAttendanceEventGuardianContact]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentSectionAttendanceEvent_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentSectionAttendanceEvent_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt_Stamp]
ON [campus].[StudentSectionAttendanceEventGuardianContactDeliveryConfirmationAttempt]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentSectionAttendanceEvent_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentSectionAttendanceEvent_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionEnrolment_ReferentialIdentity]
ON [campus].[StudentSectionEnrolment]
AFTER INSERT, UPDATE
AS
BEGIN
    SET NOCOUNT ON;
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
        WHERE EXISTS (
            SELECT
                d.[BeginDate],
                d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Section_LocalCourseCode]),
                d.[Section_SchoolId],
                d.[Section_SchoolYear],
                d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Section_SectionIdentifier]),
                d.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Section_SessionName]),
                d.[Section_TermDescriptor_DescriptorId],
                d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(d.[Student_StudentUniqueId])
            EXCEPT
            SELECT
                i.[BeginDate],
                i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Section_LocalCourseCode]),
                i.[Section_SchoolId],
                i.[Section_SchoolYear],
                i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Section_SectionIdentifier]),
                i.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Section_SessionName]),
                i.[Section_TermDescriptor_DescriptorId],
                i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
                DATALENGTH(i.[Student_StudentUniqueId])
        );
    IF @@ROWCOUNT = 0 RETURN;
    IF EXISTS (
        SELECT 1
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (29)
    )
        DELETE r
        FROM @documents AS c
        INNER LOOP JOIN [dms].[ReferentialIdentity] AS r WITH (FORCESEEK) ON r.[DocumentId] = c.[DocumentId]
        WHERE r.[ResourceKeyId] IN (29);
    INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId])
    SELECT
        [dms].[uuidv5](
            CAST(N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier),
            CAST(N'CampusStudentSectionEnrolment$.beginDate=' AS nvarchar(max))
            + CONVERT(nvarchar(10), t.[BeginDate], 23)
            + N'#$.sectionReference.localCourseCode='
            + t.[Section_LocalCourseCode]
            + N'#$.sectionReference.schoolId='
            + CAST(t.[Section_SchoolId] AS nvarchar(20))
            + N'#$.sectionReference.schoolYear='
            + CAST(t.[Section_SchoolYear] AS nvarchar(20))
            + N'#$.sectionReference.sectionIdentifier='
            + t.[Section_SectionIdentifier]
            + N'#$.sectionReference.sessionName='
            + t.[Section_SessionName]
            + N'#$.sectionReference.termDescriptor='
            + (SELECT LOWER(d.[Uri]) FROM [dms].[Descriptor] AS d WHERE d.[DocumentId] = t.[Section_TermDescriptor_DescriptorId])
            + N'#$.studentReference.studentUniqueId='
            + t.[Student_StudentUniqueId]
        ),
        t.[DocumentId],
        29
    FROM @documents AS c
    INNER LOOP JOIN [campus].[StudentSectionEnrolment] AS t WITH (FORCESEEK) ON t.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionEnrolment_Stamp]
ON [campus].[StudentSectionEnrolment]
AFTER UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[DocumentId] FROM inserted AS i
    UNION
    SELECT d.[DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
    DECLARE @renamed TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @renamed ([DocumentId])
    SELECT i.[DocumentId]
    FROM inserted AS i
    LEFT JOIN deleted AS d ON d.[DocumentId] = i.[DocumentId]
    WHERE EXISTS (
        SELECT
            d.[BeginDate],
            d.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_LocalCourseCode]),
            d.[Section_SchoolId],
            d.[Section_SchoolYear],
            d.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_SectionIdentifier]),
            d.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Section_SessionName]),
            d.[Section_TermDescriptor_DescriptorId],
            d.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(d.[Student_StudentUniqueId])
        EXCEPT
        SELECT
            i.[BeginDate],
            i.[Section_LocalCourseCode] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_LocalCourseCode]),
            i.[Section_SchoolId],
            i.[Section_SchoolYear],
            i.[Section_SectionIdentifier] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_SectionIdentifier]),
            i.[Section_SessionName] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Section_SessionName]),
            i.[Section_TermDescriptor_DescriptorId],
            i.[Student_StudentUniqueId] COLLATE Latin1_General_100_BIN2,
            DATALENGTH(i.[Student_StudentUniqueId])
    );
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

CREATE OR ALTER TRIGGER [campus].[TR_StudentSectionEnrolmentGradeMark_Stamp]
ON [campus].[StudentSectionEnrolmentGradeMark]
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;
    DECLARE @documents TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY);
    INSERT INTO @documents ([DocumentId])
    SELECT i.[StudentSectionEnrolment_DocumentId] FROM inserted AS i
    UNION
    SELECT d.[StudentSectionEnrolment_DocumentId] FROM deleted AS d;
    IF @@ROWCOUNT = 0 RETURN;
    UPDATE d
    SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence],
        [ContentLastModifiedAt] = sysutcdatetime()
    FROM @documents AS c
    INNER LOOP JOIN [dms].[Document] AS d WITH (FORCESEEK) ON d.[DocumentId] = c.[DocumentId];
END;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

-- ==========================================================
-- Phase 16: Seed Data (insert-if-missing + validation)
-- ==========================================================

-- ResourceKey seed inserts (insert-if-missing)
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 1) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (1, N'Athletics', N'AthleticLeague', N'0.9.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 2) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (2, N'Athletics', N'SportDescriptor', N'0.9.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 3) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (3, N'Athletics', N'Team', N'0.9.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 4) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (4, N'Athletics', N'TeamRosterEntry', N'0.9.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 5) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (5, N'Campus', N'AddressKindDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 6) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (6, N'Campus', N'Assessment', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 7) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (7, N'Campus', N'AssessmentItem', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 8) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (8, N'Campus', N'AttendanceOutcomeDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 9) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (9, N'Campus', N'Calendar', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 10) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (10, N'Campus', N'CalendarDate', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 11) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (11, N'Campus', N'CalendarDayKindDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 12) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (12, N'Campus', N'ClassPeriod', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 13) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (13, N'Campus', N'Course', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 14) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (14, N'Campus', N'CourseOffering', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 15) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (15, N'Campus', N'District', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 16) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (16, N'Campus', N'EducationOrganization', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 17) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (17, N'Campus', N'GradeLevelDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 18) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (18, N'Campus', N'Location', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 19) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (19, N'Campus', N'School', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 20) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (20, N'Campus', N'SchoolYearType', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 21) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (21, N'Campus', N'Section', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 22) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (22, N'Campus', N'Session', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 23) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (23, N'Campus', N'Staff', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 24) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (24, N'Campus', N'StaffRoleDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 25) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (25, N'Campus', N'Student', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 26) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (26, N'Campus', N'StudentAssessment', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 27) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (27, N'Campus', N'StudentSchoolEnrolment', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 28) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (28, N'Campus', N'StudentSectionAttendanceEvent', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 29) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (29, N'Campus', N'StudentSectionEnrolment', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 30) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (30, N'Campus', N'SubjectDescriptor', N'1.0.0');
IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 31) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (31, N'Campus', N'TermDescriptor', N'1.0.0');

-- ResourceKey full-table validation (count + content)
DECLARE @resource_key_count int;
DECLARE @resource_key_mismatch_count int;
DECLARE @resource_key_mismatch_keys nvarchar(500);
SELECT @resource_key_count = COUNT(*) FROM [dms].[ResourceKey] AS actual;
IF @resource_key_count <> 31
BEGIN
    DECLARE @resource_key_count_message nvarchar(500) = N'dms.ResourceKey count mismatch: expected 31, found ' + CAST(@resource_key_count AS nvarchar(20));
    THROW 50000, @resource_key_count_message, 1;
END
SELECT @resource_key_mismatch_count = COUNT(*)
FROM [dms].[ResourceKey] AS actual
WHERE NOT EXISTS (
    SELECT 1
    FROM (VALUES
        (1, N'Athletics', N'AthleticLeague', N'0.9.0'),
        (2, N'Athletics', N'SportDescriptor', N'0.9.0'),
        (3, N'Athletics', N'Team', N'0.9.0'),
        (4, N'Athletics', N'TeamRosterEntry', N'0.9.0'),
        (5, N'Campus', N'AddressKindDescriptor', N'1.0.0'),
        (6, N'Campus', N'Assessment', N'1.0.0'),
        (7, N'Campus', N'AssessmentItem', N'1.0.0'),
        (8, N'Campus', N'AttendanceOutcomeDescriptor', N'1.0.0'),
        (9, N'Campus', N'Calendar', N'1.0.0'),
        (10, N'Campus', N'CalendarDate', N'1.0.0'),
        (11, N'Campus', N'CalendarDayKindDescriptor', N'1.0.0'),
        (12, N'Campus', N'ClassPeriod', N'1.0.0'),
        (13, N'Campus', N'Course', N'1.0.0'),
        (14, N'Campus', N'CourseOffering', N'1.0.0'),
        (15, N'Campus', N'District', N'1.0.0'),
        (16, N'Campus', N'EducationOrganization', N'1.0.0'),
        (17, N'Campus', N'GradeLevelDescriptor', N'1.0.0'),
        (18, N'Campus', N'Location', N'1.0.0'),
        (19, N'Campus', N'School', N'1.0.0'),
        (20, N'Campus', N'SchoolYearType', N'1.0.0'),
        (21, N'Campus', N'Section', N'1.0.0'),
        (22, N'Campus', N'Session', N'1.0.0'),
        (23, N'Campus', N'Staff', N'1.0.0'),
        (24, N'Campus', N'StaffRoleDescriptor', N'1.0.0'),
        (25, N'Campus', N'Student', N'1.0.0'),
        (26, N'Campus', N'StudentAssessment', N'1.0.0'),
        (27, N'Campus', N'StudentSchoolEnrolment', N'1.0.0'),
        (28, N'Campus', N'StudentSectionAttendanceEvent', N'1.0.0'),
        (29, N'Campus', N'StudentSectionEnrolment', N'1.0.0'),
        (30, N'Campus', N'SubjectDescriptor', N'1.0.0'),
        (31, N'Campus', N'TermDescriptor', N'1.0.0')
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
                (1, N'Athletics', N'AthleticLeague', N'0.9.0'),
                (2, N'Athletics', N'SportDescriptor', N'0.9.0'),
                (3, N'Athletics', N'Team', N'0.9.0'),
                (4, N'Athletics', N'TeamRosterEntry', N'0.9.0'),
                (5, N'Campus', N'AddressKindDescriptor', N'1.0.0'),
                (6, N'Campus', N'Assessment', N'1.0.0'),
                (7, N'Campus', N'AssessmentItem', N'1.0.0'),
                (8, N'Campus', N'AttendanceOutcomeDescriptor', N'1.0.0'),
                (9, N'Campus', N'Calendar', N'1.0.0'),
                (10, N'Campus', N'CalendarDate', N'1.0.0'),
                (11, N'Campus', N'CalendarDayKindDescriptor', N'1.0.0'),
                (12, N'Campus', N'ClassPeriod', N'1.0.0'),
                (13, N'Campus', N'Course', N'1.0.0'),
                (14, N'Campus', N'CourseOffering', N'1.0.0'),
                (15, N'Campus', N'District', N'1.0.0'),
                (16, N'Campus', N'EducationOrganization', N'1.0.0'),
                (17, N'Campus', N'GradeLevelDescriptor', N'1.0.0'),
                (18, N'Campus', N'Location', N'1.0.0'),
                (19, N'Campus', N'School', N'1.0.0'),
                (20, N'Campus', N'SchoolYearType', N'1.0.0'),
                (21, N'Campus', N'Section', N'1.0.0'),
                (22, N'Campus', N'Session', N'1.0.0'),
                (23, N'Campus', N'Staff', N'1.0.0'),
                (24, N'Campus', N'StaffRoleDescriptor', N'1.0.0'),
                (25, N'Campus', N'Student', N'1.0.0'),
                (26, N'Campus', N'StudentAssessment', N'1.0.0'),
                (27, N'Campus', N'StudentSchoolEnrolment', N'1.0.0'),
                (28, N'Campus', N'StudentSectionAttendanceEvent', N'1.0.0'),
                (29, N'Campus', N'StudentSectionEnrolment', N'1.0.0'),
                (30, N'Campus', N'SubjectDescriptor', N'1.0.0'),
                (31, N'Campus', N'TermDescriptor', N'1.0.0')
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
IF NOT EXISTS (SELECT 1 FROM [dms].[EffectiveSchema] WHERE [EffectiveSchemaSingletonId] = 1) INSERT INTO [dms].[EffectiveSchema] ([EffectiveSchemaSingletonId], [ApiSchemaFormatVersion], [EffectiveSchemaHash], [ResourceKeyCount], [ResourceKeySeedHash]) VALUES (1, N'1.0.0', N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', 31, 0x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92);

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
    IF @schema_count <> 31
    BEGIN
        DECLARE @schema_count_message nvarchar(500) = N'dms.EffectiveSchema ResourceKeyCount mismatch: expected 31, found ' + CAST(@schema_count AS nvarchar(20));
        THROW 50000, @schema_count_message, 1;
    END
    IF @schema_seed_hash <> 0x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92
    BEGIN
        DECLARE @schema_hash_message nvarchar(500) = N'dms.EffectiveSchema ResourceKeySeedHash mismatch: stored ' + CONVERT(nvarchar(66), @schema_seed_hash, 1) + N' but expected ' + CONVERT(nvarchar(66), 0x3941887DAC7B6852D1F775FD63D187D7992284A565BB1048AA1DBE4BFC492F92, 1);
        THROW 50000, @schema_hash_message, 1;
    END
END

-- SchemaComponent seed inserts (insert-if-missing)
IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent] WHERE [EffectiveSchemaHash] = N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND [ProjectEndpointName] = N'athletics') INSERT INTO [dms].[SchemaComponent] ([EffectiveSchemaHash], [ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject]) VALUES (N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', N'athletics', N'Athletics', N'0.9.0', 1);
IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent] WHERE [EffectiveSchemaHash] = N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND [ProjectEndpointName] = N'campus') INSERT INTO [dms].[SchemaComponent] ([EffectiveSchemaHash], [ProjectEndpointName], [ProjectName], [ProjectVersion], [IsExtensionProject]) VALUES (N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf', N'campus', N'Campus', N'1.0.0', 0);

-- SchemaComponent exact-match validation (count + content)
DECLARE @component_count int;
DECLARE @component_mismatch_count int;
DECLARE @component_mismatch_keys nvarchar(500);
SELECT @component_count = COUNT(*) FROM [dms].[SchemaComponent] AS actual WHERE actual.[EffectiveSchemaHash] = N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf';
IF @component_count <> 2
BEGIN
    DECLARE @component_count_message nvarchar(500) = N'dms.SchemaComponent count mismatch: expected 2, found ' + CAST(@component_count AS nvarchar(20));
    THROW 50000, @component_count_message, 1;
END
SELECT @component_mismatch_count = COUNT(*)
FROM [dms].[SchemaComponent] AS actual
WHERE actual.[EffectiveSchemaHash] = N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND NOT EXISTS (
    SELECT 1
    FROM (VALUES
        (N'athletics', N'Athletics', N'0.9.0', 1),
        (N'campus', N'Campus', N'1.0.0', 0)
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
        WHERE actual.[EffectiveSchemaHash] = N'6f4baa08d92cec09912bb6700d1a870082899c209ecbd4c926f4c2b6bc5260cf' AND NOT EXISTS (
            SELECT 1
            FROM (VALUES
                (N'athletics', N'Athletics', N'0.9.0', 1),
                (N'campus', N'Campus', N'1.0.0', 0)
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

