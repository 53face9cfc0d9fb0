import { documentSchemas } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import { build, modelOf, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { commentsScript } from './comments-script.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, object, project, resource, string, uri } = build;

const defined = (schema: build.JsonRecord, description: string) => ({ ...schema, description });

const core = project('Campus', [
  resource('Pupil', {
    identityJsonPaths: ['$.pupilId'],
    documentPathsMapping: { Sex: descriptorPath('Campus:SexDescriptor', '$.sexDescriptor') },
    arrayUniquenessConstraints: [{ paths: ['$.names[*].name'] }, { paths: ['$.phones[*].number'] }],
    jsonSchemaForInsert: defined(
      object(
        {
          pupilId: defined(string(20), "The pupil's number,\r\n  as the state $(knows) it\\\nand prints it."),
          nickname: string(20),
          sexDescriptor: defined(uri(), 'How the pupil is registered.'),
          names: array(
            defined(object({ name: defined(string(), 'A part of a name.') }, ['name']), 'A name that was used.'),
          ),
          phones: defined(array(object({ number: string(30) }, ['number'])), 'Where to call.'),
        },
        ['pupilId'],
      ),
      'Somebody who learns.',
    ),
  }),
  descriptor('SexDescriptor'),
]);

const extension = project(
  'Sports',
  [
    extensionOf('Pupil', {
      jsonSchemaForInsert: object({
        _ext: ext('sports', object({ shirt: defined(string(5), `${'x'.repeat(3748)}😀 size`) })),
      }),
    }),
  ],
  { isExtension: true },
);

function scriptOf(dialect: SqlDialect) {
  const documents = [core, extension];
  const set = schemaSet(...documents);
  return { ...commentsScript(modelOf(documents, dialect), documentSchemas(set)), hash: set.info.effectiveSchemaHash };
}

describe('comments', () => {
  it('are statements of PostgreSQL for each table and column that has a definition', () => {
    const { text, comments, hash } = scriptOf('pgsql');
    const statements = text.split('\n').filter((line) => line.startsWith('COMMENT ON '));
    expect(statements).toEqual([
      `COMMENT ON TABLE "campus"."Pupil" IS 'Somebody who learns.';`,
      `COMMENT ON COLUMN "campus"."Pupil"."SexDescriptor_DescriptorId" IS 'How the pupil is registered.';`,
      `COMMENT ON COLUMN "campus"."Pupil"."PupilId" IS 'The pupil''s number, as the state $(knows) it\\ and prints it.';`,
      `COMMENT ON COLUMN "sports"."PupilExtension"."Shirt" IS '${'x'.repeat(3748)}😀 size';`,
      `COMMENT ON TABLE "campus"."PupilName" IS 'A name that was used.';`,
      `COMMENT ON COLUMN "campus"."PupilName"."Name" IS 'A part of a name.';`,
      `COMMENT ON TABLE "campus"."PupilPhone" IS 'Where to call.';`,
    ]);
    expect(comments).toBe(7);
    expect(text).toContain(`IF stored IS DISTINCT FROM '${hash}' THEN`);
  });

  it('are rows for SQL Server, of which each becomes a property that is added or replaced', () => {
    const { text, comments, hash } = scriptOf('mssql');
    expect(text.split('\n').filter((line) => line.startsWith("    (N'"))).toEqual([
      `    (N'campus', N'Pupil', NULL, N'Somebody who learns.'),`,
      `    (N'campus', N'Pupil', N'SexDescriptor_DescriptorId', N'How the pupil is registered.'),`,
      `    (N'campus', N'Pupil', N'PupilId', (N'The pupil''s number, as the state $' + N'(knows) it\\ and prints it.')),`,
      // cut to at most 3750 characters, without half a character at the end
      `    (N'sports', N'PupilExtension', N'Shirt', N'${'x'.repeat(3748)}…'),`,
      `    (N'campus', N'PupilName', NULL, N'A name that was used.'),`,
      `    (N'campus', N'PupilName', N'Name', N'A part of a name.'),`,
      `    (N'campus', N'PupilPhone', NULL, N'Where to call.');`,
    ]);
    expect(comments).toBe(7);
    expect(text).toContain(`IF @stored_hash IS NULL OR @stored_hash <> N'${hash}'`);
    expect(text).toMatch(
      /IF EXISTS \(SELECT 1 FROM sys\.extended_properties[^;]*\n *EXEC sys\.sp_updateextendedproperty @name/,
    );
    expect(text).toMatch(/ELSE\n *EXEC sys\.sp_addextendedproperty @name = N'MS_Description', @value = @text,/);
  });

  it('hold no character that a literal cannot hold', () => {
    const damaged = {
      ...core,
      projectSchema: JSON.parse(JSON.stringify(core.projectSchema).replace('Somebody', 'Some\\u0000body \\ud800')),
    };
    const set = schemaSet(damaged);
    const { text } = commentsScript(modelOf([damaged], 'pgsql'), documentSchemas(set));
    expect(text).toContain(`IS 'Some\uFFFDbody \uFFFD who learns.';`);
  });
});
