import { readScript } from '@dms/script-checks';
import { spelled } from '@dms/sql';
import { expect, it } from 'vitest';
import { emitters } from '../../../test/emitted.ts';

const texts = ['Namespace', 'CodeValue', 'ShortDescription', 'Description', 'Discriminator', 'Uri'];
const others = ['DocumentId', 'EffectiveBeginDate', 'EffectiveEndDate'];

it('a change of letter case or of trailing blanks in a descriptor counts, whatever the collation (design 16 §6.2, §6.6)', async () => {
  const { script } = (await emitters.v2.campusAndAthletics()).mssql;
  const stamp = readScript(script).modules.find(({ name }) => name === 'dms.TR_Descriptor_Stamp_Document');
  const body = spelled(stamp?.body ?? []);
  for (const alias of ['i', 'd']) {
    for (const name of texts) {
      const value = `${alias} . [${name}]`;
      expect(body).toContain(`${value} COLLATE Latin1_General_100_BIN2 AS`);
      expect(body).toContain(`DATALENGTH ( ${value} ) AS`);
    }
    for (const name of others) expect(body).toContain(`${alias} . [${name}] AS`);
  }
});
