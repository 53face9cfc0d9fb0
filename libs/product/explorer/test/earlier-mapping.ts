import type { EarlierMapping, OdsColumn } from '@dms/ods';

const column = (name: string, content: OdsColumn['content']): OdsColumn => ({
  name,
  pgsqlName: name,
  content,
  type: { kind: 'string', maxLength: 30 },
  isNullable: content.kind === 'value',
});

const empty = { arms: [], kind: 'root', key: ['MottoName'] } as const;

/** The ODS of a version before Campus 1: pupils have become students, and nothing has mottos any more. */
export const earlierMapping: EarlierMapping = {
  before: 'before',
  after: 'after',
  translation: 'rules',
  versions: { campus: '0.9.0' },
  tables: [
    {
      schema: 'campus',
      name: 'Pupil',
      pgsqlName: 'Pupil',
      kind: 'root',
      key: ['PupilUniqueId'],
      columns: [
        column('PupilUniqueId', { kind: 'value' }),
        column('Nick', { kind: 'value' }),
        column('CreateDate', { kind: 'fixed', column: 'CreateDate' }),
      ],
      arms: [
        {
          table: { schema: 'campus', name: 'Student' },
          alias: 'r',
          joins: [],
          where: [],
          columns: [
            { kind: 'column', alias: 'r', column: 'StudentUniqueId' },
            { kind: 'null' },
            { kind: 'column', alias: 'r', column: 'CreateDate' },
          ],
        },
      ],
    },
    {
      ...empty,
      schema: 'campus',
      name: 'Motto',
      pgsqlName: 'Motto',
      columns: [column('MottoName', { kind: 'value' })],
    },
  ],
  notGivenBack: [
    { place: 'Campus:Pupil.$.nick', reason: 'dropped', rule: 'drops[0]', tables: ['campus.Pupil'] },
    { place: 'Campus:Motto', reason: 'gone', rule: 'drops[1]', tables: ['campus.Motto'] },
  ],
};
