import { districtsOfGuide, replayGuides } from '../test/replayed-guide.ts';

replayGuides([{ file: 'docs/fleets.md', databases: districtsOfGuide }]);
