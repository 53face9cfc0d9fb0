-- ODS views of the schema set 78c1e43fa3cca513e08aa0eeb8347c96134a61a3945c48735c0202d395dbbb55, on those of the schema set 68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694.
-- Run it in a database of its own on the same server: dms-ddl reporting apply --earlier, or
-- sqlcmd -f 65001 -d <database>_Ods52 -v SourceDatabase=<database>_Ods -i reporting-earlier.mssql.sql
-- SourceDatabase is the database with the views of the later set. A login that reads these views needs SELECT on those too,
-- and on the tables that they read; or all three databases have DB_CHAINING ON and the same owner.

SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;
SET NUMERIC_ROUNDABORT OFF;
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO

DECLARE @refusal nvarchar(2000);
IF NOT EXISTS (SELECT 1 FROM [$(SourceDatabase)].sys.extended_properties p WHERE p.class = 1 AND p.minor_id = 0 AND p.name = N'dms-ddl reporting'
    AND CAST(p.value AS nvarchar(3750)) LIKE N'%"' + N'68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694' + N'"%')
    SET @refusal = N'The database ' + N'$(SourceDatabase)' + N' has no reporting views of the schema set ' + N'68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694' + N'. Run dms-ddl reporting apply first.';
IF @refusal IS NULL AND DB_NAME() = N'$(SourceDatabase)'
    SET @refusal = N'The views of the earlier version need a database of their own. Run the script in another one.';
IF @refusal IS NOT NULL
BEGIN
    IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
    RAISERROR(N'%s', 16, 1, @refusal);
    SET NOEXEC ON;
END
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE TABLE #views ([schema] sysname COLLATE DATABASE_DEFAULT NOT NULL, [name] sysname COLLATE DATABASE_DEFAULT NOT NULL, [kind] nvarchar(5) COLLATE DATABASE_DEFAULT NOT NULL);
INSERT INTO #views ([schema], [name], [kind]) VALUES
    (N'edfi', N'AcademicSubjectDescriptor', N'view'),
    (N'edfi', N'AddressTypeDescriptor', N'view'),
    (N'edfi', N'Assessment', N'view'),
    (N'edfi', N'AssessmentAcademicSubject', N'view'),
    (N'edfi', N'AssessmentReportingMethodDescriptor', N'view'),
    (N'edfi', N'ContactTypeDescriptor', N'view'),
    (N'edfi', N'Descriptor', N'view'),
    (N'edfi', N'GradeLevelDescriptor', N'view'),
    (N'edfi', N'IdentificationSystemDescriptor', N'view'),
    (N'edfi', N'LanguageDescriptor', N'view'),
    (N'edfi', N'LanguageUseDescriptor', N'view'),
    (N'edfi', N'RaceDescriptor', N'view'),
    (N'edfi', N'School', N'view'),
    (N'edfi', N'SchoolGradeLevel', N'view'),
    (N'edfi', N'SchoolIdentificationCode', N'view'),
    (N'edfi', N'SchoolYearType', N'view'),
    (N'edfi', N'SexDescriptor', N'view'),
    (N'edfi', N'Student', N'view'),
    (N'edfi', N'StudentAssessment', N'view'),
    (N'edfi', N'StudentAssessmentScoreResult', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociation', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociationAddres', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociationAddresPeriod', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociationLanguage', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociationLanguageUse', N'view'),
    (N'edfi', N'StudentEducationOrganizationAssociationRace', N'view'),
    (N'preparation', N'Candidate', N'view'),
    (N'preparation', N'CertificationRouteDescriptor', N'view'),
    (N'preparation', N'CohortKindDescriptor', N'view'),
    (N'preparation', N'PreparationProgram', N'view'),
    (N'preparation', N'PreparationProgramGradeLevel', N'view'),
    (N'preparation', N'SchoolCohort', N'view'),
    (N'preparation', N'SchoolExtension', N'view');
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
DECLARE @refusal nvarchar(2000);
SELECT @refusal = N'These names of views are taken: ' + LEFT(STRING_AGG(CAST(s.name + N'.' + o.name AS nvarchar(max)), N', '), 1900)
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN #views v ON v.[schema] = s.name COLLATE DATABASE_DEFAULT AND v.[name] = o.name COLLATE DATABASE_DEFAULT
WHERE NOT EXISTS (SELECT 1 FROM sys.extended_properties p
    WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = N'dms-ddl earlier reporting');
IF @refusal IS NOT NULL
BEGIN
    IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
    RAISERROR(N'%s', 16, 1, @refusal);
    SET NOEXEC ON;
END
DECLARE @drop nvarchar(max);
SELECT @drop = STRING_AGG(CAST(N'DROP VIEW ' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
FROM (SELECT o.object_id AS [oid], s.name AS [schema], o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = N'dms-ddl earlier reporting' AND o.type IN ('V', 'U')) m
WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM #views v WHERE v.[schema] = m.[schema] COLLATE DATABASE_DEFAULT AND v.[name] = m.name COLLATE DATABASE_DEFAULT AND v.[kind] = m.kind);
IF @drop IS NOT NULL EXEC sys.sp_executesql @drop;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
DECLARE @added nvarchar(max);
SELECT @added = STRING_AGG(a.[text], N' ') FROM (
    SELECT CAST(N'DROP TRIGGER ' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(t.name) + N';' AS nvarchar(max)) AS [text]
    FROM (SELECT o.object_id AS [oid], s.name AS [schema], o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = N'dms-ddl earlier reporting' AND o.type IN ('V', 'U')) m JOIN sys.triggers t ON t.parent_id = m.[oid] WHERE m.kind = 'view'
    UNION ALL
    SELECT CAST(N'ALTER AUTHORIZATION ON OBJECT::' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name) + N' TO SCHEMA OWNER;' AS nvarchar(max))
    FROM (SELECT o.object_id AS [oid], s.name AS [schema], o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = N'dms-ddl earlier reporting' AND o.type IN ('V', 'U')) m JOIN sys.objects o ON o.object_id = m.[oid] WHERE m.kind = 'view' AND o.principal_id IS NOT NULL
) a;
IF @added IS NOT NULL EXEC sys.sp_executesql @added;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
DECLARE @tables nvarchar(max);
SELECT @tables = STRING_AGG(CAST(N'IF EXISTS (SELECT 1 FROM ' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name)
    + N' WHERE [DescriptorId] < 0) RAISERROR(N''The table of descriptors has rows that were inserted into it'', 16, 1) ELSE DROP TABLE '
    + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
FROM (SELECT o.object_id AS [oid], s.name AS [schema], o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = N'dms-ddl earlier reporting' AND o.type IN ('V', 'U')) m WHERE m.kind = 'table' AND NOT (1 = 0);
IF @tables IS NOT NULL EXEC sys.sp_executesql @tables;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
IF SCHEMA_ID(N'edfi') IS NULL EXEC(N'CREATE SCHEMA [edfi]');
IF SCHEMA_ID(N'preparation') IS NULL EXEC(N'CREATE SCHEMA [preparation]');
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[AcademicSubjectDescriptor] AS
SELECT
    r.[AcademicSubjectDescriptorId] AS [AcademicSubjectDescriptorId]
FROM [$(SourceDatabase)].[edfi].[AcademicSubjectDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[AddressTypeDescriptor] AS
SELECT
    r.[AddressTypeDescriptorId] AS [AddressTypeDescriptorId]
FROM [$(SourceDatabase)].[edfi].[AddressTypeDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[Assessment] AS
SELECT
    r.[AssessmentIdentifier] AS [AssessmentIdentifier],
    r.[Namespace] AS [Namespace],
    r.[AssessmentTitle] AS [AssessmentTitle],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[Assessment] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- Not given back: Ed-Fi:Assessment.$.academicSubjects[*].academicSubjectDescriptor: first; by moves[4]
CREATE OR ALTER VIEW [edfi].[AssessmentAcademicSubject] AS
SELECT
    r.[AssessmentIdentifier] AS [AssessmentIdentifier],
    r.[Namespace] AS [Namespace],
    r.[AcademicSubjectDescriptorId] AS [AcademicSubjectDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[Assessment] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[AssessmentReportingMethodDescriptor] AS
SELECT
    r.[AssessmentReportingMethodDescriptorId] AS [AssessmentReportingMethodDescriptorId]
FROM [$(SourceDatabase)].[edfi].[AssessmentReportingMethodDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- Not given back: Ed-Fi:ContactTypeDescriptor: gone; by drops[0]
CREATE OR ALTER VIEW [edfi].[ContactTypeDescriptor] AS
SELECT
    CAST(NULL AS int) AS [ContactTypeDescriptorId]
WHERE 1 = 0;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- Not given back: Ed-Fi:ContactTypeDescriptor: gone; by drops[0]
CREATE OR ALTER VIEW [edfi].[Descriptor] AS
SELECT
    r.[DescriptorId] AS [DescriptorId],
    r.[Namespace] AS [Namespace],
    r.[CodeValue] AS [CodeValue],
    r.[ShortDescription] AS [ShortDescription],
    r.[Description] AS [Description],
    r.[PriorDescriptorId] AS [PriorDescriptorId],
    r.[EffectiveBeginDate] AS [EffectiveBeginDate],
    r.[EffectiveEndDate] AS [EffectiveEndDate],
    CASE r.[Discriminator] WHEN N'edfi.CertificationRouteDescriptor' THEN CAST(N'preparation.CertificationRouteDescriptor' AS nvarchar(128)) WHEN N'edfi.CohortKindDescriptor' THEN CAST(N'preparation.CohortKindDescriptor' AS nvarchar(128)) ELSE r.[Discriminator] END AS [Discriminator],
    r.[Uri] AS [Uri],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[Descriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[GradeLevelDescriptor] AS
SELECT
    r.[GradeLevelDescriptorId] AS [GradeLevelDescriptorId]
FROM [$(SourceDatabase)].[edfi].[GradeLevelDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[IdentificationSystemDescriptor] AS
SELECT
    r.[IdentificationSystemDescriptorId] AS [IdentificationSystemDescriptorId]
FROM [$(SourceDatabase)].[edfi].[IdentificationSystemDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[LanguageDescriptor] AS
SELECT
    r.[LanguageDescriptorId] AS [LanguageDescriptorId]
FROM [$(SourceDatabase)].[edfi].[LanguageDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[LanguageUseDescriptor] AS
SELECT
    r.[LanguageUseDescriptorId] AS [LanguageUseDescriptorId]
FROM [$(SourceDatabase)].[edfi].[LanguageUseDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[RaceDescriptor] AS
SELECT
    r.[RaceDescriptorId] AS [RaceDescriptorId]
FROM [$(SourceDatabase)].[edfi].[RaceDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[School] AS
SELECT
    r.[SchoolId] AS [SchoolId],
    r.[NameOfInstitution] AS [NameOfInstitution],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[School] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[SchoolGradeLevel] AS
SELECT
    r.[SchoolId] AS [SchoolId],
    r.[GradeLevelDescriptorId] AS [GradeLevelDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[SchoolGradeLevel] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[SchoolIdentificationCode] AS
SELECT
    r.[EducationOrganizationId] AS [SchoolId],
    r.[IdentificationSystemDescriptorId] AS [IdentificationSystemDescriptorId],
    r.[IdentificationCode] AS [IdentificationCode],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[EducationOrganizationIdentificationCode] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
-- Not given back: Ed-Fi:SchoolYearType: made; by fills[0]
CREATE OR ALTER VIEW [edfi].[SchoolYearType] AS
SELECT
    r.[SchoolYear] AS [SchoolYear],
    r.[SchoolYearDescription] AS [SchoolYearDescription],
    r.[CurrentSchoolYear] AS [CurrentSchoolYear],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[SchoolYearType] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[SexDescriptor] AS
SELECT
    r.[SexDescriptorId] AS [SexDescriptorId]
FROM [$(SourceDatabase)].[edfi].[SexDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[Student] AS
SELECT
    r.[StudentUSI] AS [StudentUSI],
    r.[BirthDate] AS [BirthDate],
    r.[FirstName] AS [FirstName],
    r.[LastSurname] AS [LastSurname],
    r.[StudentUniqueId] AS [StudentUniqueId],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[Student] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentAssessment] AS
SELECT
    r.[AssessmentIdentifier] AS [AssessmentIdentifier],
    r.[Namespace] AS [Namespace],
    r.[StudentAssessmentIdentifier] AS [StudentAssessmentIdentifier],
    r.[StudentUSI] AS [StudentUSI],
    r.[AdministrationDate] AS [AdministrationDate],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[StudentAssessment] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentAssessmentScoreResult] AS
SELECT
    r.[AssessmentIdentifier] AS [AssessmentIdentifier],
    r.[Namespace] AS [Namespace],
    r.[StudentAssessmentIdentifier] AS [StudentAssessmentIdentifier],
    r.[StudentUSI] AS [StudentUSI],
    r.[AssessmentReportingMethodDescriptorId] AS [AssessmentReportingMethodDescriptorId],
    r.[Result] AS [Result],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentAssessmentScoreResult] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociation] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r1.[HispanicLatinoEthnicity] AS [HispanicLatinoEthnicity],
    r.[LoginId] AS [LoginId],
    r1.[SexDescriptorId] AS [SexDescriptorId],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[StudentEducationOrganizationAssociation] r
LEFT JOIN [$(SourceDatabase)].[edfi].[StudentDemographic] r1 ON r1.[EducationOrganizationId] = r.[EducationOrganizationId] AND r1.[StudentUSI] = r.[StudentUSI];
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociationAddres] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r.[AddressTypeDescriptorId] AS [AddressTypeDescriptorId],
    r.[City] AS [City],
    r.[StreetNumberName] AS [StreetNumberName],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentDirectoryAddres] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociationAddresPeriod] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r.[AddressTypeDescriptorId] AS [AddressTypeDescriptorId],
    r.[City] AS [City],
    r.[StreetNumberName] AS [StreetNumberName],
    r.[BeginDate] AS [BeginDate],
    r.[EndDate] AS [EndDate],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentDirectoryAddresPeriod] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociationLanguage] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r.[LanguageDescriptorId] AS [LanguageDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentDemographicLanguage] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociationLanguageUse] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r.[LanguageDescriptorId] AS [LanguageDescriptorId],
    r.[LanguageUseDescriptorId] AS [LanguageUseDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentDemographicLanguageUse] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [edfi].[StudentEducationOrganizationAssociationRace] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[StudentUSI] AS [StudentUSI],
    r.[RaceDescriptorId] AS [RaceDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[StudentDemographicRace] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[Candidate] AS
SELECT
    r.[CandidateIdentifier] AS [CandidateIdentifier],
    CASE r.[EconomicDisadvantageDescriptorId] WHEN (SELECT MIN(d.[DescriptorId]) FROM [$(SourceDatabase)].[edfi].[Descriptor] d WHERE d.[Discriminator] = N'edfi.EconomicDisadvantageDescriptor' AND LOWER(d.[Uri]) = N'uri://ed-fi.org/economicdisadvantagedescriptor#yes') THEN CAST(CAST(1 AS bit) AS bit) WHEN (SELECT MIN(d.[DescriptorId]) FROM [$(SourceDatabase)].[edfi].[Descriptor] d WHERE d.[Discriminator] = N'edfi.EconomicDisadvantageDescriptor' AND LOWER(d.[Uri]) = N'uri://ed-fi.org/economicdisadvantagedescriptor#no') THEN CAST(CAST(0 AS bit) AS bit) END AS [EconomicDisadvantaged],
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[FirstName] AS [FirstName],
    r.[LastSurname] AS [LastSurname],
    r.[ProgramName] AS [ProgramName],
    r.[SexDescriptorId] AS [SexDescriptorId],
    r.[TuitionCost] AS [TuitionCost],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[Candidate] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[CertificationRouteDescriptor] AS
SELECT
    r.[CertificationRouteDescriptorId] AS [CertificationRouteDescriptorId]
FROM [$(SourceDatabase)].[edfi].[CertificationRouteDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[CohortKindDescriptor] AS
SELECT
    r.[CohortKindDescriptorId] AS [CohortKindDescriptorId]
FROM [$(SourceDatabase)].[edfi].[CohortKindDescriptor] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[PreparationProgram] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[ProgramName] AS [ProgramName],
    r.[CertificationRouteDescriptorId] AS [CertificationRouteDescriptorId],
    CAST(NULL AS nvarchar(128)) AS [Discriminator],
    r.[CreateDate] AS [CreateDate],
    r.[LastModifiedDate] AS [LastModifiedDate],
    r.[Id] AS [Id]
FROM [$(SourceDatabase)].[edfi].[EducatorPreparationProgram] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[PreparationProgramGradeLevel] AS
SELECT
    r.[EducationOrganizationId] AS [EducationOrganizationId],
    r.[ProgramName] AS [ProgramName],
    r.[GradeLevelDescriptorId] AS [GradeLevelDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[EducatorPreparationProgramGradeLevel] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[SchoolCohort] AS
SELECT
    r.[SchoolId] AS [SchoolId],
    r.[CohortName] AS [CohortName],
    r.[CohortKindDescriptorId] AS [CohortKindDescriptorId],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[SchoolCohort] r;
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
CREATE OR ALTER VIEW [preparation].[SchoolExtension] AS
SELECT
    r.[SchoolId] AS [SchoolId],
    r.[TrainsTeachers] AS [TrainsTeachers],
    r.[CreateDate] AS [CreateDate]
FROM [$(SourceDatabase)].[edfi].[School] r
WHERE (r.[TrainsTeachers] IS NOT NULL OR EXISTS (SELECT 1 FROM [$(SourceDatabase)].[edfi].[SchoolCohort] rx1 WHERE rx1.[SchoolId] = r.[SchoolId]));
GO
IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END
GO
DECLARE @marks nvarchar(max);
SELECT @marks = STRING_AGG(m.[text], N' ')
FROM (
    SELECT CAST(
        CASE WHEN EXISTS (SELECT 1 FROM sys.extended_properties p WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = N'dms-ddl earlier reporting')
        THEN N'EXEC sys.sp_updateextendedproperty ' ELSE N'EXEC sys.sp_addextendedproperty ' END
        + N'@name = N''dms-ddl earlier reporting'', @value = N''' + REPLACE(N'{"set":"68b9e118682a72f6330bd71bececcffaecdbf274dc1568288b718d679ae8a694","definition":"' + (SELECT LOWER(CONVERT(nvarchar(64), HASHBYTES('SHA2_256', ISNULL(OBJECT_DEFINITION(k.object_id), (SELECT STRING_AGG(CAST(c.name + N' ' + TYPE_NAME(c.user_type_id) AS nvarchar(max)), N',') WITHIN GROUP (ORDER BY c.column_id) FROM sys.columns c WHERE c.object_id = k.object_id)) + N' ' + ISNULL(USER_NAME(k.principal_id), N'') + ISNULL((SELECT STRING_AGG(ISNULL(OBJECT_DEFINITION(t.object_id), t.name) + CAST(t.is_disabled AS nvarchar(1)), N';') WITHIN GROUP (ORDER BY t.name) FROM sys.triggers t WHERE t.parent_id = k.object_id), N'')), 2)) FROM sys.objects k WHERE k.object_id = o.object_id) + N'","views":' + CAST(v.[count] AS nvarchar(10)) + N',"name":"' + STRING_ESCAPE(v.[schema] + N'.' + v.[name], 'json') + N'","next":"' + STRING_ESCAPE(v.[next], 'json') + N'","earlier":{"set":"78c1e43fa3cca513e08aa0eeb8347c96134a61a3945c48735c0202d395dbbb55","translation":"1639297c9e46b17f54954a093f332ea94f9a303187f18d14db8eba1ed7722ab5"},"options":{}}', N'''', N'''''')
        + N''', @level0type = N''SCHEMA'', @level0name = N' + QUOTENAME(s.name, '''') + N', @level1type = N''' + UPPER(v.[kind] COLLATE DATABASE_DEFAULT) + N''', @level1name = N' + QUOTENAME(o.name, '''') + N';'
        AS nvarchar(max)) AS [text]
    FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
    JOIN (
        SELECT w.[schema], w.[name], w.[kind], COUNT(*) OVER () AS [count],
            COALESCE(LEAD(w.[schema] + N'.' + w.[name]) OVER (ORDER BY w.[schema], w.[name]), FIRST_VALUE(w.[schema] + N'.' + w.[name]) OVER (ORDER BY w.[schema], w.[name])) AS [next]
        FROM #views w
    ) v ON v.[schema] = s.name COLLATE DATABASE_DEFAULT AND v.[name] = o.name COLLATE DATABASE_DEFAULT
) m;
EXEC sys.sp_executesql @marks;
DROP TABLE #views;

COMMIT TRANSACTION
GO

IF @@ERROR <> 0 AND @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END
SET NOEXEC OFF;

