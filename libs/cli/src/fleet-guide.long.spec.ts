import { replayGuide } from '../test/replayed-guide.ts';

const years = ['2025', '2026'];

replayGuide('fleets', {
  databases: ['north', 'south', 'west'].flatMap((district) => years.map((year) => `${district}-${year}`)),
});
