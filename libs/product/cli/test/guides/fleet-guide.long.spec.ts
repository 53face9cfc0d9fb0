import { districtsOfGuide, replayGuides } from '../replayed-guide.ts';

replayGuides([{ file: 'docs/fleets.md', databases: districtsOfGuide }]);
