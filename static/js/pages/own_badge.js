// A worker's badge on their own phone: the screen stays on while it waits to be scanned. It works without this, too.

import { createAwake } from '../checkin/scanner/awake.js';

createAwake().begin();
