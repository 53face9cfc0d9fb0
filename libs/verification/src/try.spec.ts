import { it } from 'vitest';
import { inputOf, ownInput } from '../test/inputs.ts';
import { verificationText, verifyScript } from './index.ts';
import { sharedFile } from '@dms/testing';
import { readdirSync } from 'node:fs';
it('own', async () => {
  const t = Date.now();
  const report = await verifyScript({ kind: 'embedded', dialect: 'pgsql', folder: null }, await ownInput('pgsql'), { onStep: (s) => console.log(s, Date.now() - t) });
  console.log(verificationText(report), Date.now() - t);
});
