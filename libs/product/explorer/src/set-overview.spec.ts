import { build, edFi, fields, plain } from '@dms/testing';
import { expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { lookUp } from './model-lookup.ts';
import { phraseText } from './sentences/phrase.ts';
import { derivationNotes } from './set-overview.ts';

const { number, reference } = build;

it('a note on a decimal without digits in the schema says how many its column has', () => {
  const digits = (path: string) => ({ decimalPropertyValidationInfos: [{ path, totalDigits: 9, decimalPlaces: 2 }] });
  const fee = plain('Fee', { price: number() }, ['price'], digits('$.price'));
  const payment = plain('Payment', { sum: number(), feeReference: fields({ price: number() }) }, ['sum'], {
    documentPathsMapping: { Fee: reference('Ed-Fi:Fee', [['$.price', '$.feeReference.price']]) },
  });
  expect(
    derivationNotes(lookUp(explored('pgsql', [edFi([fee, payment])]))).map(({ text }) => phraseText(text)),
  ).toEqual([
    'Ed-Fi:Payment: the precision of $.feeReference.price is missing in the schema; its column has 9 digits, 2 of them behind the point.',
    'Ed-Fi:Payment: the precision of $.sum is missing in the schema; its column has 18 digits, 4 of them behind the point.',
  ]);
});
